import type { Imei } from '#base/identity/index.ts';
import type { Clock } from '#base/port/index.ts';
import { AUDIT_SUBJECTS, type Audit } from '#operator/audit/index.ts';
import { type Database, integer, oneOf } from '#operator/database/index.ts';
import {
  FINDING_KINDS,
  FINDING_SEVERITY,
  FINDING_STATES,
  type Finding,
  type FindingKind,
  type FindingState,
  findingQuery,
  type Severity,
} from './finding.ts';

const MOST_ROWS = 1000;

/** Behind which alarm a page begins: newest first, so those that happened before it. */
export interface AlarmPlace {
  readonly lastAt: number;
  readonly id: number;
}

/** Which alarms; without a member, all. */
export interface AlarmFilter {
  readonly states?: readonly FindingState[];
  readonly kinds?: readonly FindingKind[];
  readonly severities?: readonly Severity[];
  readonly assignee?: string;
}

/** What a person does about an alarm. `assign` with an empty assignee gives it to nobody. */
export type AlarmAct =
  | { readonly act: 'acknowledge' | 'close' | 'reopen' }
  | { readonly act: 'assign'; readonly assignee: string };

/** How many alarms there are. */
export interface AlarmCount {
  readonly kind: FindingKind;
  readonly state: FindingState;
  readonly number: number;
}

/** Findings as an inbox: what is open, who looks into it, what is done with. */
export interface Alarms {
  /** The next alarms, those that happened last first, whatever their number. */
  page(filter: AlarmFilter, after: AlarmPlace | undefined, most: number): readonly Finding[];
  byId(id: number): Finding | undefined;
  /** Those about one subscriber or IMEI that are not closed, newest first. */
  about(subject: { readonly imsi?: string; readonly imei?: Imei }, most: number): readonly Finding[];
  /** Findings about one subscriber or IMEI with an id below `before`, newest first, closed ones too. */
  history(subject: { readonly imsi?: string; readonly imei?: Imei }, before: number, most: number): readonly Finding[];
  /** Alarms that are not closed, by kind and state. */
  counts(): readonly AlarmCount[];
  /** Changes one, with a reason; audited. Undefined when there is none of this number; `isChanged` false when it was so already. */
  decide(
    id: number,
    what: AlarmAct & { readonly author: string; readonly reason: string },
  ): { readonly isChanged: boolean; readonly alarm: Finding } | undefined;
}

const NEXT_STATE = { acknowledge: 'acknowledged', close: 'closed', reopen: 'open' } as const;
/** What each act makes of an alarm in these states; in another state it changes nothing. */
const FROM: Readonly<Record<keyof typeof NEXT_STATE, readonly FindingState[]>> = {
  acknowledge: ['open'],
  close: ['open', 'acknowledged'],
  reopen: ['acknowledged', 'closed'],
};

/** The inbox over the findings of this database. */
export function openAlarms(options: { database: Database; audit: Audit; clock: Clock }): Alarms {
  const { database, audit, clock } = options;
  const order = 'ORDER BY last_at DESC, id DESC LIMIT ?';
  const ofKind = findingQuery(database, `WHERE state = ? AND kind = ? AND (last_at, id) < (?, ?) ${order}`);
  const ofAssignee = findingQuery(database, `WHERE assignee = ? AND (last_at, id) < (?, ?) ${order}`);
  const byId = findingQuery(database, 'WHERE id = ?');
  const ofImsi = findingQuery(database, 'WHERE imsi = ? AND id < ? ORDER BY id DESC LIMIT ?');
  const ofImei = findingQuery(database, 'WHERE imei = ? AND id < ? ORDER BY id DESC LIMIT ?');
  const counted = database.query(
    "SELECT kind, state, count(*) AS number FROM finding WHERE state IN ('open', 'acknowledged') GROUP BY state, kind",
    { kind: oneOf(...FINDING_KINDS), state: oneOf(...FINDING_STATES), number: integer },
  );
  const setState = database.command(
    'UPDATE finding SET state = ?, note = ?, changed_at = ?, changed_by = ? WHERE id = ?',
  );
  const setAssignee = database.command('UPDATE finding SET assignee = ?, changed_at = ?, changed_by = ? WHERE id = ?');

  const history: Alarms['history'] = ({ imsi, imei }, before, most) => {
    const rows = Math.min(most, MOST_ROWS);
    const found = [
      ...(imsi === undefined ? [] : ofImsi.all(imsi, before, rows)),
      ...(imei === undefined ? [] : ofImei.all(imei.number, before, rows)),
    ];
    const once = new Map(found.map((one) => [one.id, one]));
    return [...once.values()].toSorted((a, b) => b.id - a.id).slice(0, rows);
  };

  return {
    page(filter, after, most) {
      const rows = Math.min(most, MOST_ROWS);
      const { lastAt, id } = after ?? { lastAt: Number.MAX_SAFE_INTEGER, id: Number.MAX_SAFE_INTEGER };
      const { states = FINDING_STATES, assignee } = filter;
      const kinds = kindsOf(filter);
      if (assignee !== undefined)
        return pageOf(states, kinds, rows, (most, at) => ofAssignee.all(assignee, at.lastAt, at.id, most), {
          lastAt,
          id,
        });
      // A range of the index for each state and kind: the newest of all are among the newest of each.
      const found = states.flatMap((state) => kinds.flatMap((kind) => ofKind.all(state, kind, lastAt, id, rows)));
      return found.toSorted(newestFirst).slice(0, rows);
    },
    byId: (id) => byId.first(id),
    about: (subject, most) =>
      history(subject, Number.MAX_SAFE_INTEGER, MOST_ROWS)
        .filter(({ state }) => state !== 'closed')
        .slice(0, most),
    history,
    counts: () => counted.all(),
    decide: (id, { author, reason, ...what }) =>
      database.transaction(() => {
        const before = byId.first(id);
        if (before === undefined) return undefined;
        const isChanged =
          what.act === 'assign' ? what.assignee !== (before.assignee ?? '') : FROM[what.act].includes(before.state);
        if (!isChanged) return { isChanged, alarm: before };
        const now = clock.now();
        if (what.act === 'assign') setAssignee.run(what.assignee === '' ? undefined : what.assignee, now, author, id);
        else setState.run(NEXT_STATE[what.act], reason, now, author, id);
        const detail = { ...what, number: id, finding: before.kind, reason };
        audit.append({
          kind: 'alarm',
          author,
          subject: before.imei?.equipment ?? before.imsi ?? AUDIT_SUBJECTS.say('alarm', { number: id }),
          detail,
        });
        return { isChanged, alarm: byId.first(id) ?? before };
      }),
  };
}

const kindsOf = ({ kinds = FINDING_KINDS, severities }: AlarmFilter): readonly FindingKind[] =>
  severities === undefined ? kinds : kinds.filter((kind) => severities.includes(FINDING_SEVERITY[kind]));

const newestFirst = (one: Finding, other: Finding): number => other.lastAt - one.lastAt || other.id - one.id;

/** Rows of one person that fit the rest of the filter: what one person has is read on until there are enough. */
function pageOf(
  states: readonly FindingState[],
  kinds: readonly FindingKind[],
  rows: number,
  read: (most: number, after: AlarmPlace) => readonly Finding[],
  after: AlarmPlace,
): readonly Finding[] {
  const found: Finding[] = [];
  for (let at = after; found.length < rows; ) {
    const page = read(MOST_ROWS, at);
    found.push(...page.filter(({ state, kind }) => states.includes(state) && kinds.includes(kind)));
    const last = page.at(-1);
    if (last === undefined || page.length < MOST_ROWS) break;
    at = last;
  }
  return found.slice(0, rows);
}
