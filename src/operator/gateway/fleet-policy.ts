import { Iccid, Imei } from '#base/identity/index.ts';
import { type Database, integer, nullable, oneOf, text } from '#operator/database/index.ts';
import { type KnownHandset, type Service, serviceUnder } from '#operator/policy/index.ts';
import { policyOf } from '#operator/subscriber/index.ts';
import { changedPolicy, type LockRules, policyAsChange } from '#protocol/imei-lock/index.ts';
import type { PolicyRequest, PolicyResult } from './policy-order.ts';

/** UICCs whose rules are these; an empty one means all. */
export type RuleSelection = Partial<LockRules>;

/** How many handsets are served how. */
export type ServiceCounts = Readonly<Record<Service, number>>;

/** A handset in use for which a change means something else than now. */
export interface AffectedHandset {
  readonly iccid: string;
  readonly imsi: string;
  /** Proved, or else claimed. */
  readonly imei: Imei | undefined;
  readonly before: Service;
  readonly after: Service;
  readonly reason: string;
}

/** What new rules would do, by what each UICC last reported. */
export interface PolicyPreview {
  /** UICCs that were looked at. */
  readonly looked: number;
  /** Of these selected, and of those with a rule that changes. */
  readonly selected: number;
  readonly changed: number;
  readonly before: ServiceCounts;
  readonly after: ServiceCounts;
  /** Of the changed: those that lose service, and those that get it. */
  readonly losing: number;
  readonly gaining: number;
  /** The first of them, those that lose service first. */
  readonly handsets: readonly AffectedHandset[];
}

/** UICCs ordered at once. */
export const MOST_ORDERED = 500;
const BATCH = 1000;
const MOST_SHOWN = 20;
const MOST_KINDS = 1000;

const ROW = {
  iccid: text,
  imsi: text,
  policy: text,
  result: nullable(oneOf('proved', 'provedOther', 'notProven', 'refuted')),
  reason: nullable(text),
  lockState: nullable(text),
  imei: nullable(integer),
};
type Row = { readonly [K in keyof typeof ROW]: ReturnType<(typeof ROW)[K]> };

/** Lets whatever else waits in this process go on. */
const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function isSelected(rules: LockRules, selection: RuleSelection): boolean {
  return Object.entries(selection).every(
    ([rule, value]) => value === undefined || rules[rule as keyof LockRules] === value,
  );
}

const knownOf = ({ result, reason, lockState }: Row): KnownHandset | undefined =>
  result === undefined
    ? undefined
    : // The columns hold what the report's own names were.
      { result, reason: reason as KnownHandset['reason'], lockState: lockState as KnownHandset['lockState'] };

const isServed = (service: Service): boolean => service === 'served' || service === 'grace';

function query(database: Database) {
  return database.query(
    `SELECT uicc.iccid, uicc.imsi, uicc.policy, state.result, state.reason, state.lock_state,
       coalesce(state.proved_imei, state.claimed_imei) AS imei
     FROM uicc LEFT JOIN uicc_state AS state ON state.iccid = uicc.iccid WHERE uicc.iccid > ? ORDER BY uicc.iccid LIMIT ?`,
    ROW,
  );
}

/** What a change of rules would mean for the handsets in use. Reads along the key, and lets other work go on in between. */
export async function previewPolicy(
  database: Database,
  selection: RuleSelection,
  rules: Partial<LockRules>,
): Promise<PolicyPreview> {
  const page = query(database);
  const change = policyAsChange(rules);
  const before = { served: 0, grace: 0, refused: 0, unknown: 0 };
  const after = { ...before };
  const [losing, gaining]: [AffectedHandset[], AffectedHandset[]] = [[], []];
  const counts = { looked: 0, selected: 0, changed: 0, losing: 0, gaining: 0 };
  const rulesOf = remembered((policy) => {
    const old = policyOf(policy);
    if (!isSelected(old, selection)) return undefined;
    const fresh = changedPolicy(old, change);
    return { old, fresh, isChanged: JSON.stringify(fresh) !== JSON.stringify(old) };
  });
  for (let last = ''; ; await breathe()) {
    const rows = page.all(last, BATCH);
    for (const row of rows) {
      counts.looked++;
      const rules = rulesOf(row.policy);
      if (rules === undefined) continue;
      const { old, fresh, isChanged } = rules;
      counts.selected++;
      if (isChanged) counts.changed++;
      const known = knownOf(row);
      const [was, is] = [serviceUnder(old, known), serviceUnder(fresh, known)];
      before[was]++;
      after[is]++;
      if (isServed(was) === isServed(is)) continue;
      const [affected, name] = isServed(was) ? ([losing, 'losing'] as const) : ([gaining, 'gaining'] as const);
      counts[name]++;
      if (affected.length < MOST_SHOWN) affected.push(affectedOf(row, was, is));
    }
    last = rows.at(-1)?.iccid ?? '';
    if (rows.length < BATCH) break;
  }
  return { ...counts, before, after, handsets: [...losing, ...gaining].slice(0, MOST_SHOWN) };
}

/** A fleet has few kinds of rules: what was found of one is kept, of the last MOST_KINDS. */
function remembered<T>(find: (policy: string) => T): (policy: string) => T {
  const found = new Map<string, { readonly is: T }>();
  return (policy) => {
    const known = found.get(policy) ?? { is: find(policy) };
    if (found.size >= MOST_KINDS) found.clear();
    found.set(policy, known);
    return known.is;
  };
}

const affectedOf = ({ iccid, imsi, imei, reason }: Row, before: Service, after: Service): AffectedHandset => ({
  ...{ iccid, imsi, before, after, reason: reason ?? '' },
  imei: imei === undefined ? undefined : Imei.fromNumber(imei),
});

/** Which part of a fleet: UICCs above `after`, and how many orders at most. */
export interface FleetPart {
  readonly after: string;
  readonly most?: number;
}

/** What became of a part of a fleet; `next`: where to go on, undefined at the end. */
export interface FleetResult {
  readonly queued: number;
  readonly unchanged: number;
  readonly next: string | undefined;
}

/** Orders new rules for the selected UICCs above `after`, at most MOST_ORDERED and `most` of them at once: call it again with `next`. Throws RangeError. */
export function orderForFleet(
  database: Database,
  selection: RuleSelection,
  request: Omit<PolicyRequest, 'iccid' | 'dryRun'>,
  { after, most = MOST_ORDERED }: FleetPart,
  order: (request: PolicyRequest) => PolicyResult,
): FleetResult {
  const rows = query(database).all(after, BATCH);
  let [queued, unchanged, last] = [0, 0, after];
  database.transaction(() => {
    for (const row of rows) {
      if (queued === Math.min(most, MOST_ORDERED)) return;
      last = row.iccid;
      if (!isSelected(policyOf(row.policy), selection)) continue;
      const result = order({ ...request, iccid: Iccid.parse(row.iccid) });
      if (result.kind === 'queued') queued++;
      else if (result.why === 'nothingChanges') unchanged++;
      else throw new RangeError(result.why);
    }
  });
  const isEnd = rows.length < BATCH && last === rows.at(-1)?.iccid;
  return { queued, unchanged, next: isEnd || rows.length === 0 ? undefined : last };
}
