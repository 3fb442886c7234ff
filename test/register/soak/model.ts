import type { ListName } from '#operator/register/index.ts';
import {
  type Bounds,
  type Change,
  type Dump,
  type Fact,
  FILE,
  type FileChange,
  factKey,
  type ImsiBounds,
  SETTINGS,
} from './change.ts';
import { Timeline, type Version } from './timeline.ts';

/** How long an answer may go on as if a change had not been made, after that was acknowledged. */
export const LAG_MILLISECONDS = 1000;

/** A question to a front. */
export interface Question {
  readonly front: 'n5g-eir' | 's13' | 'gsup';
  /** 14 digits. */
  readonly imei: string;
  readonly imsi: string | undefined;
}

/** What an answer may be, whatever the front calls it. */
export type Answer = 'permitted' | 'tracking' | 'prohibited' | 'unknown';

/** A change that was given away and of which nothing is known yet. */
export interface OpenChange {
  readonly change: Change;
  /** The facts that it changes, each with what it is before and after. */
  readonly writes: readonly (Write & { readonly version: Version<Fact> })[];
  /** How many entries the register will count. */
  readonly changed: number;
}

interface Write {
  readonly key: string;
  readonly before: Fact | undefined;
  readonly after: Fact | undefined;
}

interface Batch {
  readonly writes: readonly Write[];
  isUndone: boolean;
}

const TAG = { white: 1, grey: 2, black: 3 } as const;
const ANSWER_OF_TAG = { 1: 'permitted', 2: 'tracking', 3: 'prohibited' } as const;
/** Bits of what pair rules come to. */
const PAIR = { allowed: 1, hasHandsetLock: 2, handsetFits: 4, hasSubscriberLock: 8, subscriberFits: 16 } as const;

const isWithin = (digits: string, first: string, last: string) => digits >= first && digits <= last;

/** What the register must say, kept beside it: every fact over time, and the rules of docs/register.md as far as lists, pairs and settings go. */
export class Model {
  readonly #facts = new Map<string, Timeline<Fact>>();
  readonly #entries = new Map<string, { readonly list: ListName; readonly facts: Timeline<Fact> }[]>();
  readonly #ranges: (Bounds & { readonly list: ListName; readonly facts: Timeline<Fact> })[] = [];
  readonly #pairs: (Bounds & ImsiBounds & { readonly isLock: boolean; readonly facts: Timeline<Fact> })[] = [];
  readonly #batches = new Map<string, Batch>();
  readonly #fileKeys = new Set<string>();
  /** When the database was away: nothing expires in a node's memory meanwhile. */
  #awayFrom = Number.POSITIVE_INFINITY;
  #awayUntil = Number.NEGATIVE_INFINITY;

  constructor() {
    for (const [name, { standard }] of Object.entries(SETTINGS))
      this.#facts.set(factKey.setting(name as keyof typeof SETTINGS), new Timeline<Fact>({ mark: standard }));
  }

  /** Files that were imported and not undone, the newest first. */
  get undoable(): readonly string[] {
    return [...this.#batches].flatMap(([name, { isUndone }]) => (isUndone ? [] : name)).toReversed();
  }

  /** What stands about one fact, as far as it was acknowledged. */
  current(key: string): Fact | undefined {
    return this.#facts.get(key)?.current;
  }

  /** Keys of all that stands and begins with a word. */
  standing(kind: 'entry' | 'range' | 'pair'): readonly string[] {
    return [...this.#facts].flatMap(([key, facts]) => (key.startsWith(kind) && facts.current !== undefined ? key : []));
  }

  /** When any setting last changed. */
  get settingsChangedAt(): number {
    return Math.max(...Object.keys(SETTINGS).map((name) => this.#setting(name as keyof typeof SETTINGS).changedAt));
  }

  /** What file entries of an IMEI may be between two times: listed, not listed, or both. */
  mayBeFiled(imei: string, from: number, until: number): readonly boolean[] {
    const facts = this.#facts.get(factKey.entry(imei, FILE.list, FILE.source));
    return [...new Set((facts?.possible(from, until) ?? [undefined]).map((fact) => fact !== undefined))];
  }

  databaseGone(at: number): void {
    this.#awayFrom = at;
    this.#awayUntil = Number.POSITIVE_INFINITY;
  }

  databaseBack(at: number): void {
    this.#awayUntil = at;
  }

  /**
   * How long the database was away at the last time, in milliseconds, as far as it holds a node up that answers now: until it is back nothing
   * can be read of it, then within LAG_MILLISECONDS all.
   */
  away(asked: number, answered: number): number {
    if (this.#awayFrom > answered || this.#awayUntil + LAG_MILLISECONDS < asked) return 0;
    return Math.min(this.#awayUntil, answered) - this.#awayFrom;
  }

  /** A change is given to the process that makes it. */
  begin(change: Change, at: number): OpenChange {
    const writes = this.#writesOf(change);
    const changed = change.does === 'undo' ? undone(change.name, writes) : writes.length;
    return {
      change,
      changed,
      writes: writes.map((write) => ({ ...write, version: this.#factsOf(write.key).begin(write.after, at) })),
    };
  }

  acknowledge({ change, writes }: OpenChange, at: number): void {
    for (const { key, version } of writes) this.#factsOf(key).acknowledge(version, at);
    if (change.does === 'import') this.#batches.set(change.name, { writes, isUndone: false });
    const batch = change.does === 'undo' && this.#batches.get(change.name);
    if (batch) batch.isUndone = true;
  }

  /** It was not made, and nothing of it ever was. */
  withdraw({ writes }: OpenChange): void {
    for (const { key, version } of writes) this.#factsOf(key).withdraw(version);
  }

  /**
   * What stands is read: decides what became of the changes nobody heard of, each of which must be made as a whole or not at all, and
   * compares all else. Gives what is wrong, in words.
   */
  settle(open: readonly OpenChange[], dump: Dump, at: number): readonly string[] {
    const found = new Map(dump.facts.map(([key, fact]) => [key, textOf(fact)]));
    const problems: string[] = [];
    for (const one of open) {
      const after = one.writes.filter((write) => found.get(write.key) === textOf(write.after)).length;
      const before = one.writes.filter((write) => found.get(write.key) === textOf(write.before)).length;
      if (after === one.writes.length) this.acknowledge(one, at);
      else {
        this.withdraw(one);
        if (before !== one.writes.length)
          problems.push(`${nameOf(one.change)} is made in part: ${after} of ${one.writes.length}`);
      }
    }
    for (const [key, facts] of this.#facts) {
      const expected = textOf(facts.current);
      if (found.get(key) !== expected) problems.push(`${key}: expected ${expected}, found ${found.get(key)}`);
      found.delete(key);
    }
    for (const [key, fact] of found) problems.push(`${key}: expected nothing, found ${fact}`);
    return problems;
  }

  /** Every answer that is right for a question asked at `asked` and answered at `answered`, with this much lag. */
  answers(question: Question, asked: number, answered: number, lag = LAG_MILLISECONDS): ReadonlySet<Answer> {
    const seen = { from: asked - lag, until: answered };
    const right = new Set<Answer>();
    for (const mode of this.#values('mode', seen))
      for (const unknown of this.#values(`unknown.${question.front}`, seen))
        for (const tag of this.#tags(question, seen))
          for (const range of this.#rangeTags(question, seen))
            for (const pair of this.#pairBits(question, seen))
              right.add(answerOf(mode, unknown as Answer, tag, range, pair));
    return right;
  }

  #factsOf(key: string): Timeline<Fact> {
    const found = this.#facts.get(key);
    if (found !== undefined) return found;
    const facts = new Timeline<Fact>(undefined);
    this.#facts.set(key, facts);
    const [kind, first = '', last = '', ...more] = key.split(' ');
    if (kind === 'entry') {
      const entries = this.#entries.get(first) ?? [];
      entries.push({ list: last as ListName, facts });
      this.#entries.set(first, entries);
      if (last === FILE.list && more[0] === FILE.source) this.#fileKeys.add(key);
    } else if (kind === 'range') this.#ranges.push({ first, last, list: more[0] as ListName, facts });
    else if (kind === 'pair') {
      const [firstImsi = '', lastImsi = '', rule] = more;
      this.#pairs.push({ first, last, firstImsi, lastImsi, isLock: rule === 'lock', facts });
    }
    return facts;
  }

  #writesOf(change: Change): readonly Write[] {
    const write = (key: string, after?: Fact): readonly Write[] => [{ key, before: this.current(key), after }];
    switch (change.does) {
      case 'add':
        return write(factKey.entry(change.imei, change.list, change.source), factOf(change));
      case 'remove':
        return write(factKey.entry(change.imei, change.list, change.source));
      case 'add range':
        return write(factKey.range(change, change.list), factOf(change));
      case 'remove range':
        return write(factKey.range(change, change.list));
      case 'add pair':
        return write(factKey.pair(change, change.kind), factOf(change));
      case 'remove pair':
        return write(factKey.pair(change, change.kind));
      case 'set':
        return write(factKey.setting(change.name), { mark: change.value });
      case 'import':
        return this.#fileWrites(change);
      case 'undo':
        return this.#undoWrites(change.name);
    }
  }

  /** Lines about what stands already, word for word, change nothing. */
  #fileWrites({ name, kind, imeis, mark }: FileChange): readonly Write[] {
    const keys = new Set(imeis.map((imei) => factKey.entry(imei, FILE.list, FILE.source)));
    const missing = kind === 'full' ? [...this.#fileKeys].filter((key) => !keys.has(key)) : [];
    const after = kind === 'remove' ? undefined : { mark, batch: name };
    const isSame = (fact: Fact | undefined) => fact?.batch !== undefined && fact.mark === mark;
    return [
      ...[...keys]
        .map((key) => ({ key, before: this.current(key), after }))
        .filter(({ before }) => (after === undefined ? before !== undefined : !isSame(before))),
      ...missing
        .map((key) => ({ key, before: this.current(key), after: undefined }))
        .filter(({ before }) => before !== undefined),
    ];
  }

  /** What the file added goes, what it removed or replaced returns; what others changed since stays. */
  #undoWrites(name: string): readonly Write[] {
    return (this.#batches.get(name)?.writes ?? []).flatMap(({ key, before }) => {
      const now = this.current(key);
      if (now !== undefined && now.batch !== name) return [];
      return now === undefined && before === undefined ? [] : [{ key, before: now, after: before }];
    });
  }

  #setting(name: keyof typeof SETTINGS): Timeline<Fact> {
    return this.#factsOf(factKey.setting(name));
  }

  #values(name: keyof typeof SETTINGS, { from, until }: Seen): ReadonlySet<string> {
    return new Set(
      this.#setting(name)
        .possible(from, until)
        .map((fact) => fact?.mark ?? ''),
    );
  }

  /** Whether a fact may have stood, may not have, or both. */
  #stands(facts: Timeline<Fact>, { from, until }: Seen): readonly boolean[] {
    const wasAway = this.#awayFrom <= until && this.#awayUntil + LAG_MILLISECONDS >= from;
    const late = wasAway ? Math.min(from, this.#awayFrom - LAG_MILLISECONDS) : from;
    const may = new Set<boolean>();
    for (const fact of facts.possible(from, until)) {
      const { expiresAt } = fact ?? {};
      if (fact !== undefined && (expiresAt === undefined || expiresAt > late)) may.add(true);
      if (fact === undefined || (expiresAt !== undefined && expiresAt <= until)) may.add(false);
    }
    return [...may];
  }

  #tags({ imei }: Question, seen: Seen): ReadonlySet<number> {
    let tags = new Set([0]);
    for (const { list, facts } of this.#entries.get(imei) ?? [])
      tags = grown(tags, this.#stands(facts, seen), (tag) => Math.max(tag, TAG[list]));
    return tags;
  }

  /** The narrowest range decides, among those of one width the most severe list. */
  #rangeTags({ imei }: Question, seen: Seen): ReadonlySet<number> {
    const none = Number.POSITIVE_INFINITY;
    let best = new Set([none]);
    for (const { first, last, list, facts } of this.#ranges) {
      if (!isWithin(imei, first, last)) continue;
      const rank = (Number(last) - Number(first)) * 4 + (TAG.black - TAG[list]);
      best = grown(best, this.#stands(facts, seen), (before) => Math.min(before, rank));
    }
    return new Set([...best].map((rank) => (rank === none ? 0 : TAG.black - (rank % 4))));
  }

  #pairBits({ imei, imsi }: Question, seen: Seen): ReadonlySet<number> {
    let bits = new Set([0]);
    if (imsi === undefined) return bits;
    for (const { first, last, firstImsi, lastImsi, isLock, facts } of this.#pairs) {
      const hasImei = isWithin(imei, first, last);
      const hasImsi = isWithin(imsi, firstImsi, lastImsi);
      if (!hasImei && !hasImsi) continue;
      const both = hasImei && hasImsi;
      const own = isLock
        ? (hasImei ? PAIR.hasHandsetLock : 0) |
          (hasImsi ? PAIR.hasSubscriberLock : 0) |
          (both ? PAIR.handsetFits | PAIR.subscriberFits : 0)
        : both
          ? PAIR.allowed
          : 0;
      bits = grown(bits, this.#stands(facts, seen), (before) => before | own);
    }
    return bits;
  }
}

interface Seen {
  readonly from: number;
  readonly until: number;
}

const textOf = (fact: Fact | undefined): string | undefined =>
  fact && `${fact.mark}, ${fact.expiresAt ?? 'for ever'}, ${fact.batch ?? 'by itself'}`;

const factOf = ({ mark, expiresAt }: { readonly mark: string; readonly expiresAt?: number }): Fact => ({
  mark,
  ...(expiresAt !== undefined && { expiresAt }),
});

/** A change in a few words. */
export const nameOf = (change: Change): string =>
  'name' in change ? `${change.does} ${change.name}` : `${change.does} ${'mark' in change ? change.mark : ''}`;

/** An entry that goes and one that comes back are two changes. */
const undone = (name: string, writes: readonly Write[]): number =>
  writes.reduce((sum, { before, after }) => sum + Number(before?.batch === name) + Number(after !== undefined), 0);

/** What states become when something may stand, may not, or both. */
function grown(states: ReadonlySet<number>, stands: readonly boolean[], by: (state: number) => number): Set<number> {
  const next = new Set<number>();
  for (const state of states) for (const isSo of stands) next.add(isSo ? by(state) : state);
  return next;
}

/** docs/register.md, "Which rule decides", without proofs and copies: there are none in this run. */
function answerOf(mode: string, unknown: Answer, tag: number, range: number, pair: number): Answer {
  if (mode === 'off') return 'permitted';
  const isLocked =
    ((pair & PAIR.hasHandsetLock) !== 0 && (pair & PAIR.handsetFits) === 0) ||
    ((pair & PAIR.hasSubscriberLock) !== 0 && (pair & PAIR.subscriberFits) === 0);
  const listed = (tag || range) as 0 | 1 | 2 | 3;
  const byLists = (pair & PAIR.allowed) !== 0 ? 'permitted' : listed === 0 ? unknown : ANSWER_OF_TAG[listed];
  const answer = isLocked ? 'prohibited' : byLists;
  return mode === 'track' && answer === 'prohibited' ? 'tracking' : answer;
}
