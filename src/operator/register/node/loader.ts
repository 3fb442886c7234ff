import type { Clock, Random } from '#base/port/index.ts';
import {
  type Change,
  type ChangeFeed,
  type Database,
  DatabaseError,
  flag,
  integer,
  nullable,
  oneOf,
  text,
} from '#operator/database/index.ts';
import { policyOf } from '#operator/subscriber/index.ts';
import {
  copyEquipmentIndex,
  createEquipmentIndex,
  type EquipmentIndex,
  readSnapshot,
  type SnapshotAnswer,
  type Tag,
  writeSnapshot,
} from '../equipment-index/index.ts';
import { IMSI_DEFAULTS_KEY, type ImsiDefaults } from '../imsi-defaults.ts';
import { LIST_REASONS, LISTS } from '../list-entry.ts';
import { IN_GROUP, numberGroups } from '../number-group.ts';
import { type KeptSettings, type RegisterSettings, SETTING_NAMES, settingsOf } from '../register-settings.ts';
import type { TacTable } from '../tac-table.ts';
import { FRESHNESS } from './freshness.ts';
import type { Contest, ImageChange, ImageParts, PlainPairRule } from './image.ts';
import type { PlainImsiDefaults } from './imsi-default-table.ts';
import { IndexCopies } from './index-copies.ts';
import { type KeptParts, type KeptPartsAnswer, readKeptParts, writeKeptParts } from './kept-parts.ts';
import { imsiNumber, type ProofStanding, ProofTable } from './proof-table.ts';
import { LIST_TAG, type ListedRange, type RangeTableHandle, rangeTable } from './range-table.ts';

/** Changes read from the feed at a time. */
const MOST_CHANGES = 1000;
/** Subscribers whose contested claims are in memory at most; of others a claim counts as made just now. */
const MOST_CONTESTS = 100_000;
/** Entries an index can grow to; address space is taken for them, memory only as they come. */
const MOST_ENTRIES = 250_000_000;
const SPARE_ENTRIES = 1_000_000;
/** IMEIs that a batch touched, read at a time. */
const TOUCHED_TOGETHER = 2000;
/** Entries of one tag handed to the index at a time, 8 MB: so many that each part of its memory is gone through for some hundreds at once. */
const LOAD_BATCH = 1 << 20;
const CONTESTS_EACH = 16;
/** Type allocation codes that 8 digits can name. */
const TACS = 100_000_000;

const LISTED_ROW = {
  imei: integer,
  list: oneOf(...LISTS),
  reason: oneOf(...LIST_REASONS),
  expiresAt: nullable(integer),
};
type ListedRow = {
  readonly imei: number;
  readonly list: (typeof LISTS)[number];
  readonly reason: (typeof LIST_REASONS)[number];
  readonly expiresAt: number | undefined;
};

/** What the loader reads. */
export interface LoaderSources {
  readonly database: Database;
  readonly feed: ChangeFeed;
  readonly settings: KeptSettings;
  readonly tacs: TacTable;
  readonly imsiDefaults: ImsiDefaults;
  readonly clock: Clock;
  readonly random: Random;
  /**
   * Where the snapshot of this node stands, with two files beside it (`.spared`, `.parts`) that hold all else it answers by; without,
   * everything is read from the database at every start.
   */
  readonly snapshotPath?: string;
  /** Kept when every thread has taken what it was told until now; without, memory that was replaced is not used again. */
  settled?(): Promise<void>;
}

/** Where a node's memory came from at its start. */
export interface LoadedFrom {
  readonly from: 'snapshot' | 'database';
  readonly because: string;
  /** Why the database did not answer. */
  readonly absence?: DatabaseError;
}

const sparedPath = (snapshotPath: string): string => `${snapshotPath}.spared`;
const partsPath = (snapshotPath: string): string => `${snapshotPath}.parts`;

/**
 * Keeps a register's memory what the database says: reads all once, then follows the change feed, one change at a time. It writes the shared
 * memory itself; what is replaced goes to `changed`, for every thread that answers from it.
 */
export class ImageLoader {
  readonly #sources: LoaderSources;
  readonly #changed: (change: ImageChange) => void;
  readonly #freshness = new Float64Array(new SharedArrayBuffer(2 * Float64Array.BYTES_PER_ELEMENT));
  #exact: EquipmentIndex;
  #spared: EquipmentIndex;
  #proved: EquipmentIndex;
  #proofs = ProofTable.forSubscribers(0);
  #ranges: RangeTableHandle = rangeTable([]);
  #pairs: readonly PlainPairRule[] = [];
  #tacs: SharedArrayBuffer | undefined;
  #imsiDefaults: PlainImsiDefaults = [];
  #contests: Map<string, readonly Contest[]> = new Map();
  #settings: KeptParts['settings'] = {};
  #sweptAt = 0;
  /** The change that the snapshot on the disk goes up to, and when it was known to be complete; undefined also when entries expired since. */
  #saved: { readonly sequence: number; readonly completeAt: number } | undefined;
  /** The database was away: it may have come back from a backup, or be another one. */
  #wasAway = false;
  #saving: Promise<void> | undefined;
  readonly #copies = new IndexCopies();
  readonly #reading;

  constructor(sources: LoaderSources, changed: (change: ImageChange) => void) {
    this.#sources = sources;
    this.#changed = changed;
    this.#reading = openReading(sources.database);
    [this.#exact, this.#spared, this.#proved] = [this.#index(), this.#index(), this.#index()];
  }

  /** Everything as it stands, for a thread that begins. */
  get parts(): ImageParts {
    return {
      exact: this.#exact.handle,
      spared: this.#spared.handle,
      proved: this.#proved.handle,
      proofs: this.#proofs.handle,
      ranges: this.#ranges,
      pairs: this.#pairs,
      contests: [...this.#contests],
      settings: this.settings,
      imsiDefaults: this.#imsiDefaults,
      tacs: this.#tacs,
      freshness: this.freshness,
    };
  }

  /** The settings in memory; the standard ones until they are loaded. */
  get settings(): RegisterSettings {
    return settingsOf((name) => this.#settings[name]);
  }

  /** As of ImageParts; there from the beginning. */
  get freshness(): SharedArrayBuffer {
    return this.#freshness.buffer;
  }

  /** IMEIs with an entry of their own, and the octets that all lists and proofs take. */
  get size(): { readonly entries: number; readonly octets: number } {
    const octets = [this.#exact, this.#spared, this.#proved].reduce((sum, index) => sum + index.memory(), 0);
    return { entries: this.#exact.size, octets: octets + this.#proofs.handle.memory.byteLength };
  }

  /** The newest change in memory. */
  get sequence(): number {
    return this.#freshness[FRESHNESS.sequence] as number;
  }

  /** When memory was last known to be complete, milliseconds since 1970; 0: never. */
  get completeAt(): number {
    return this.#freshness[FRESHNESS.completeAt] as number;
  }

  /** Reads everything anew. Answers come from what was there before until it is whole. */
  load(): void {
    const { feed, clock } = this.#sources;
    // Read before the tables: what changes meanwhile is seen again by the feed, and seeing it twice does no harm.
    const sequence = feed.newest();
    const now = clock.now();
    this.#loadEntries(now);
    this.#loadRest(now);
    this.#sweptAt = now;
    this.#freshness[FRESHNESS.sequence] = sequence;
    this.#freshness[FRESHNESS.completeAt] = now;
  }

  #loadRest(now: number): void {
    this.#loadProofs();
    this.#loadContests();
    this.#loadRanges(now);
    this.#loadPairs(now);
    this.#loadTacs();
    this.#loadImsiDefaults();
    this.#loadSettings();
  }

  /**
   * As `load`, but what takes longest, the entries of single IMEIs, comes from the snapshot of this node, and what changed since from the
   * feed. Loads all from the database when there is no snapshot, or it cannot be used; all from the snapshot when the database does not
   * answer: `absence` then says why. Gives where the entries came from, and why. Throws DatabaseError when there is neither.
   */
  async start(): Promise<LoadedFrom> {
    const { snapshotPath } = this.#sources;
    if (snapshotPath === undefined) {
      this.load();
      return { from: 'database', because: 'this node keeps no snapshot' };
    }
    const [exact, spared] = await Promise.all([
      readSnapshot(snapshotPath, { capacity: MOST_ENTRIES }),
      readSnapshot(sparedPath(snapshotPath), { capacity: MOST_ENTRIES }),
    ]);
    const kept = await readKeptParts(partsPath(snapshotPath));
    try {
      return this.#startWith(exact, spared, kept.kind === 'loaded' ? kept.parts.database : undefined);
    } catch (error) {
      if (!(error instanceof DatabaseError) || !error.temporary) throw error;
      const { kind, message } = this.#startWithout(snapshotPath, exact, spared, kept);
      if (kind === 'loaded') return { from: 'snapshot', because: message, absence: error };
      throw new DatabaseError(`${error.message}; nor can this node answer from a snapshot: ${message}`, {
        temporary: true,
        cause: error,
      });
    }
  }

  /** `keptOf`: the database that the snapshot is of; undefined: the file that says so cannot be read. */
  #startWith(exact: SnapshotAnswer, spared: SnapshotAnswer, keptOf: string | undefined): LoadedFrom {
    const { clock, database } = this.#sources;
    const isOfThisFeed = this.#isOfThisFeed(exact);
    // Numbers of changes alone could fit another database's.
    if (exact.kind === 'refused' || !isOfThisFeed || keptOf !== database.path) {
      this.load();
      const because =
        exact.kind === 'refused'
          ? exact.message
          : isOfThisFeed
            ? `the snapshot is of ${keptOf ?? 'a database that is not known'}`
            : 'the snapshot is older than the changes that are kept';
      return { from: 'database', because };
    }
    const now = clock.now();
    const hasSpared = spared.kind === 'loaded' && this.#isOfThisFeed(spared);
    // A change that is in one of the two already is made again in it, which does no harm.
    const sequence = hasSpared ? Math.min(exact.sequence, spared.sequence) : exact.sequence;
    this.#exact = exact.index;
    if (hasSpared) this.#spared = spared.index;
    else this.#loadSpared(now);
    this.#loadRest(now);
    this.#freshness[FRESHNESS.sequence] = sequence;
    // Entries that expired since it was written, at whatever time that was.
    this.#sweptAt = 0;
    // Without its other file it is written anew.
    this.#saved = hasSpared ? { sequence, completeAt: 0 } : undefined;
    this.follow();
    return { from: 'snapshot', because: `as of change ${sequence}` };
  }

  /** Whether what changed since a snapshot was written can be read. */
  #isOfThisFeed(answer: SnapshotAnswer): boolean {
    const { feed } = this.#sources;
    return answer.kind === 'loaded' && answer.sequence + 1 >= feed.oldest() && answer.sequence <= feed.newest();
  }

  /** Everything from what this node kept: the age of its lists goes on from there, and the feed from the oldest change that may be missing. */
  #startWithout(
    snapshotPath: string,
    exact: SnapshotAnswer,
    spared: SnapshotAnswer,
    kept: KeptPartsAnswer,
  ): { readonly kind: 'loaded' | 'refused'; readonly message: string } {
    if (exact.kind === 'refused') return exact;
    if (spared.kind === 'refused') return spared;
    if (kept.kind === 'refused') return kept;
    const { parts } = kept;
    if (parts.database !== this.#sources.database.path)
      return { kind: 'refused', message: `${snapshotPath} is of ${parts.database}` };
    const sequence = Math.min(exact.sequence, spared.sequence, parts.sequence);
    [this.#exact, this.#spared, this.#proofs, this.#proved] = [exact.index, spared.index, parts.proofs, this.#index()];
    for (const imei of parts.proofs.provedImeis()) this.#proved.set(imei, this.#proved.lookup(imei) === 0 ? 1 : 2);
    [this.#ranges, this.#pairs, this.#tacs, this.#settings] = [parts.ranges, parts.pairs, parts.tacs, parts.settings];
    [this.#contests, this.#imsiDefaults] = [new Map(parts.contests), parts.imsiDefaults];
    this.#freshness[FRESHNESS.sequence] = sequence;
    this.#freshness[FRESHNESS.completeAt] = parts.completeAt;
    this.#sweptAt = 0;
    this.#wasAway = true;
    return { kind: 'loaded', message: `as of change ${sequence}, ${new Date(parts.completeAt).toISOString()}` };
  }

  /** Writes the snapshot of this node, what is new in it since the last one; kept when it is safe. */
  async save(): Promise<void> {
    const { snapshotPath } = this.#sources;
    if (snapshotPath === undefined || this.completeAt === 0) return;
    // One at a time: the last one, when a node ends, has everything.
    await this.#saving?.catch(() => undefined);
    this.#saving = this.#write(snapshotPath);
    try {
      await this.#saving;
    } finally {
      this.#saving = undefined;
    }
  }

  async #write(snapshotPath: string): Promise<void> {
    const { sequence, completeAt } = this;
    const saved = this.#saved;
    // What expires from now on is not in it.
    this.#saved = { sequence, completeAt };
    try {
      if (saved?.sequence !== sequence) {
        await writeSnapshot(this.#spared, sparedPath(snapshotPath), { sequence });
        await writeSnapshot(this.#exact, snapshotPath, { sequence });
      }
      // How old the lists are is new also when nothing else is.
      if (saved?.completeAt !== completeAt)
        await writeKeptParts(partsPath(snapshotPath), {
          ...{ database: this.#sources.database.path, sequence, completeAt, settings: this.#settings },
          ...{ pairs: this.#pairs, contests: [...this.#contests], ranges: this.#ranges, tacs: this.#tacs },
          ...{ proofs: this.#proofs, imsiDefaults: this.#imsiDefaults },
        });
    } catch (error) {
      this.#saved = saved;
      throw error;
    }
  }

  /**
   * Takes in what changed since, and what expired. Gives how many changes that were. Throws DatabaseError while the database does not
   * answer: memory then stays as it is, and its age shows.
   */
  follow(): number {
    try {
      return this.#follow();
    } catch (error) {
      if (error instanceof DatabaseError) this.#wasAway = true;
      throw error;
    }
  }

  #follow(): number {
    const { feed, clock } = this.#sources;
    const now = clock.now();
    let taken = 0;
    if (this.#wasAway && feed.newest() < this.sequence) {
      // It came back with less than was known: from a backup.
      this.load();
      this.#wasAway = false;
      return taken;
    }
    for (;;) {
      const changes = feed.after(this.sequence, MOST_CHANGES);
      if (changes[0] === undefined) {
        // Nothing new, or the feed was pruned beyond what this memory knows.
        if (this.sequence + 1 < feed.oldest() && this.sequence < feed.newest()) this.load();
        break;
      }
      if (changes[0].sequence !== this.sequence + 1) {
        this.load();
        return taken + changes.length;
      }
      this.#take(changes, now);
      taken += changes.length;
      this.#freshness[FRESHNESS.sequence] = (changes.at(-1) as Change).sequence;
    }
    this.#expire(now);
    this.#freshness[FRESHNESS.completeAt] = now;
    this.#wasAway = false;
    return taken;
  }

  #take(changes: readonly Change[], now: number): void {
    const kinds = new Set(changes.map(({ kind }) => kind));
    for (const change of changes) {
      if (change.kind === 'imei') this.#takeEntries(change, now);
      else if (change.kind === 'subscriber') this.#takeSubscriber(change.key);
    }
    if (kinds.has('range')) this.#loadRanges(now);
    if (kinds.has('pair')) this.#loadPairs(now);
    if (changes.some(({ kind, key }) => kind === 'setting' && key === 'tac')) this.#loadTacs();
    if (changes.some(({ kind, key }) => kind === 'setting' && key === IMSI_DEFAULTS_KEY)) this.#loadImsiDefaults();
    if (kinds.has('setting')) this.#loadSettings();
  }

  #announce(change: ImageChange): void {
    this.#changed(change);
  }

  #index(): EquipmentIndex {
    return createEquipmentIndex({ capacity: MOST_ENTRIES, random: this.#sources.random });
  }

  // ---- entries of single IMEIs ----

  #loadEntries(now: number): void {
    const exact = this.#index();
    const spared = this.#index();
    const batches = new TagBatches(exact);
    for (const entries of byImei(this.#reading.allEntries.each())) {
      const { imei } = entries[0] as ListedRow;
      const { tag, sparedTag } = tagsOf(entries, now);
      batches.put(imei, tag);
      if (sparedTag !== 0) spared.set(imei, sparedTag);
    }
    batches.end();
    [this.#exact, this.#spared] = [exact, spared];
    this.#announce({ part: 'exact', value: exact.handle });
    this.#announce({ part: 'spared', value: spared.handle });
  }

  /** What is about copies, from the database. */
  #loadSpared(now: number): void {
    this.#spared = this.#index();
    for (const entries of byImei(this.#reading.duplicates.each())) {
      const { sparedTag } = tagsOf(entries, now);
      if (sparedTag !== 0) this.#spared.set((entries[0] as ListedRow).imei, sparedTag);
    }
  }

  /** One IMEI, or all that a batch touched: those in a new index that takes the place of the old one, so that a check sees all or none of it. */
  #takeEntries({ key, lastKey, batch }: Change, now: number): void {
    if (batch === undefined) {
      this.#takeEntry(Number(key), now);
      return;
    }
    const { added = 0, removed = 0, updated = 0 } = this.#reading.batchSize.first(batch) ?? {};
    let fresh = this.#copies.copy(this.#exact, added + removed + updated + SPARE_ENTRIES);
    for (const { numbers, places } of numberGroups(this.#touched(batch, Number(key), Number(lastKey)))) {
      const found = new Map<number, readonly ListedRow[]>();
      for (const entries of byImei(this.#reading.entriesOfMany.all(...places))) found.set(entries[0]!.imei, entries);
      for (const imei of numbers) fresh = this.#put(fresh, imei, found.get(imei) ?? [], now);
    }
    this.#replaceExact(fresh);
  }

  /** The IMEIs that a batch touched, in ascending order, whatever became of it. */
  *#touched(batch: number, first: number, last: number): Generator<number> {
    for (let from = first; ; ) {
      const page = this.#reading.batch.all(batch, from, last);
      for (const { imei } of page) yield imei;
      from = (page.at(-1)?.imei ?? last) + 1;
      if (from > last) return;
    }
  }

  #takeEntry(imei: number, now: number): void {
    const index = this.#put(this.#exact, imei, this.#reading.entriesOf.all(imei), now);
    if (index !== this.#exact) this.#replaceExact(index);
  }

  /** The index that has the entry of an IMEI then: a larger one when there was no room. */
  #put(index: EquipmentIndex, imei: number, entries: readonly ListedRow[], now: number): EquipmentIndex {
    const { tag, sparedTag } = tagsOf(entries, now);
    if (sparedTag !== this.#spared.lookup(imei)) this.#spared.set(imei, sparedTag);
    if (index.set(imei, tag) !== 'full') return index;
    const larger = copyEquipmentIndex(index, SPARE_ENTRIES);
    larger.set(imei, tag);
    return larger;
  }

  #replaceExact(index: EquipmentIndex): void {
    const { handle } = this.#exact;
    this.#exact = index;
    this.#announce({ part: 'exact', value: index.handle });
    // Who writes a snapshot reads on from what was replaced.
    if (this.#saving !== undefined) return;
    void this.#sources.settled?.().then(() => this.#copies.giveBack(handle));
  }

  #expire(now: number): void {
    const after = this.#sweptAt;
    if (now <= after) return;
    for (const { imei } of this.#reading.expired.all(after, now)) {
      this.#takeEntry(imei, now);
      this.#saved = undefined;
    }
    if (this.#reading.expiredRanges.first(after, now) !== undefined) this.#loadRanges(now);
    if (this.#reading.expiredPairs.first(after, now) !== undefined) this.#loadPairs(now);
    this.#sweptAt = now;
  }

  // ---- proofs ----

  #loadProofs(): void {
    const { subscribers } = this.#reading.counts.only();
    const proved = this.#index();
    this.#proofs = ProofTable.forSubscribers(subscribers);
    for (const row of this.#reading.allStandings.each()) {
      const standing = standingOf(row);
      this.#putStanding(row.imsi, standing);
      const { provedImei } = standing;
      if (provedImei !== undefined) proved.set(provedImei, proved.lookup(provedImei) === 0 ? 1 : 2);
    }
    this.#proved = proved;
    this.#announce({ part: 'proofs', value: this.#proofs.handle });
    this.#announce({ part: 'proved', value: this.#proved.handle });
  }

  #putStanding(imsi: string, standing: ProofStanding): void {
    const number = imsiNumber(imsi);
    if (this.#proofs.set(number, standing)) return;
    this.#proofs = this.#proofs.grown();
    this.#proofs.set(number, standing);
    this.#announce({ part: 'proofs', value: this.#proofs.handle });
  }

  #takeSubscriber(imsi: string): void {
    const row = this.#reading.standing.first(imsi);
    const before = this.#proofs.standing(imsiNumber(imsi))?.provedImei;
    const standing = row && standingOf(row);
    if (standing !== undefined) this.#putStanding(imsi, standing);
    for (const imei of new Set([before, standing?.provedImei]))
      if (imei !== undefined) this.#proved.set(imei, Math.min(2, this.#reading.provers.only(imei).number) as Tag);
    const contests = this.#reading.contestsOf.all(imsi, CONTESTS_EACH);
    if (contests.length === 0 && !this.#contests.has(imsi)) return;
    if (contests.length === 0) this.#contests.delete(imsi);
    else this.#contests.set(imsi, contests);
    this.#announce({ part: 'contests', value: [[imsi, contests]] });
  }

  #loadContests(): void {
    const before = this.#contests;
    const found = new Map<string, Contest[]>();
    for (const { imsi, ...contest } of this.#reading.allContests.all(MOST_CONTESTS)) {
      const contests = found.get(imsi) ?? [];
      found.set(imsi, contests);
      contests.push(contest);
    }
    this.#contests = found;
    const gone = [...before.keys()].filter((imsi) => !found.has(imsi)).map((imsi) => [imsi, []] as const);
    this.#announce({ part: 'contests', value: [...gone, ...found] });
  }

  // ---- ranges and pair rules ----

  #loadRanges(now: number): void {
    const ranges: ListedRange[] = [];
    for (const { firstImei, lastImei, list } of this.#reading.ranges.each(now))
      ranges.push({ first: firstImei, last: lastImei, list });
    this.#ranges = rangeTable(ranges);
    this.#announce({ part: 'ranges', value: this.#ranges });
  }

  #loadSettings(): void {
    const { settings } = this.#sources;
    this.#settings = Object.fromEntries(SETTING_NAMES.map((name) => [name, settings.value(name)]));
    this.#announce({ part: 'settings', value: this.settings });
  }

  #loadTacs(): void {
    let bits: Uint8Array | undefined;
    for (const { tac } of this.#sources.tacs.each()) {
      bits ??= new Uint8Array(new SharedArrayBuffer(TACS / 8));
      bits[tac >>> 3] = (bits[tac >>> 3] as number) | (1 << (tac & 7));
    }
    this.#tacs = bits?.buffer as SharedArrayBuffer | undefined;
    this.#announce({ part: 'tacs', value: this.#tacs });
  }

  #loadImsiDefaults(): void {
    this.#imsiDefaults = Array.from(this.#sources.imsiDefaults.each(), ({ prefix, answer }) => [prefix, answer]);
    this.#announce({ part: 'imsiDefaults', value: this.#imsiDefaults });
  }

  #loadPairs(now: number): void {
    const digits = (imei: number) => String(imei).padStart(14, '0');
    this.#pairs = this.#reading.pairs.all(now).map(({ firstImei, lastImei, ...rule }) => ({
      ...rule,
      first: digits(firstImei),
      last: digits(lastImei),
    }));
    this.#announce({ part: 'pairs', value: this.#pairs });
  }
}

const STANDING_ROW = {
  imsi: text,
  result: text,
  provedImei: nullable(integer),
  standingOrder: nullable(text),
  policy: nullable(text),
};

function standingOf(row: {
  readonly result: string;
  readonly provedImei: number | undefined;
  readonly standingOrder: string | undefined;
  readonly policy: string | undefined;
}): ProofStanding {
  const { result, provedImei, standingOrder, policy } = row;
  const isProof = result === 'proved' || result === 'provedOther';
  return {
    provedImei: isProof ? provedImei : undefined,
    isRefuted: result === 'refuted' && standingOrder !== 'unblock',
    isPairingLocked: policy !== undefined && policyOf(policy).pairing === 'locked',
  };
}

/** Entries on their way into an index, those of one tag together. */
class TagBatches {
  readonly #index: EquipmentIndex;
  readonly #batches = new Map<Exclude<Tag, 0>, { readonly numbers: Float64Array; count: number }>();

  constructor(index: EquipmentIndex) {
    this.#index = index;
  }

  put(imei: number, tag: Tag): void {
    if (tag === 0) return;
    let batch = this.#batches.get(tag);
    if (batch === undefined) {
      batch = { numbers: new Float64Array(LOAD_BATCH), count: 0 };
      this.#batches.set(tag, batch);
    }
    batch.numbers[batch.count++] = imei;
    if (batch.count < LOAD_BATCH) return;
    this.#index.load(batch.numbers, tag);
    batch.count = 0;
  }

  end(): void {
    for (const [tag, { numbers, count }] of this.#batches) this.#index.load(numbers.subarray(0, count), tag);
    this.#batches.clear();
  }
}

/** Rows in the order of their IMEIs, those of one IMEI together. */
function* byImei(rows: Iterable<ListedRow>): Generator<readonly ListedRow[]> {
  let open: ListedRow[] = [];
  for (const row of rows) {
    if (open[0] !== undefined && open[0].imei !== row.imei) {
      yield open;
      open = [];
    }
    open.push(row);
  }
  if (open.length > 0) yield open;
}

/** The tag of an IMEI from its entries, and the one it has for the handset that proves it when some are about copies (0: no such entry). */
function tagsOf(entries: readonly ListedRow[], now: number): { readonly tag: Tag; readonly sparedTag: Tag } {
  let tag: Tag = 0;
  let sparedTag: Tag = 0;
  let isSpared = false;
  for (const { list, reason, expiresAt } of entries) {
    if (expiresAt !== undefined && expiresAt <= now) continue;
    const own: Tag = LIST_TAG[list];
    const spares = reason === 'duplicate' && list !== 'white';
    isSpared ||= spares;
    tag = Math.max(tag, own) as Tag;
    sparedTag = Math.max(sparedTag, spares ? LIST_TAG.white : own) as Tag;
  }
  return { tag, sparedTag: isSpared ? sparedTag : 0 };
}

/** The first IMEIs from ?2 to ?3 that the batch ?1 touched. */
const touchedBy = (database: Database) => {
  // What is settled of one that was undone stands below zero. Each of the three gives its first ones: the first of all are among them.
  const places = [
    ['list_entry', '?1'],
    ['list_history', '?1'],
    ['list_history', '-CAST(?1 AS BIGINT)'],
  ] as const;
  const parts = places.map(
    ([table, batch], at) =>
      `SELECT imei FROM (SELECT imei FROM ${table} WHERE batch = ${batch} AND imei BETWEEN ?2 AND ?3 ORDER BY imei LIMIT ${TOUCHED_TOGETHER}) AS part${at}`,
  );
  return database.query(`${parts.join(' UNION ')} ORDER BY imei LIMIT ${TOUCHED_TOGETHER}`, { imei: integer });
};

function openReading(database: Database) {
  const isContested = "(contested_at IS NOT NULL OR level = 'refuted')";
  const contest =
    "imei, coalesce(contested_at, last_at) AS since, CASE WHEN level = 'refuted' THEN 1 ELSE 0 END AS is_refuted";
  const contestRow = { imei: integer, since: integer, isRefuted: flag };
  // Of a UICC that was issued elsewhere no policy is known.
  const standings = `SELECT uicc_state.imsi, result, proved_imei, standing_order, uicc.policy
    FROM uicc_state LEFT JOIN uicc ON uicc.iccid = uicc_state.iccid`;
  const isProof = "result IN ('proved', 'provedOther')";
  return {
    duplicates: database.query(
      "SELECT imei, list, reason, expires_at FROM listed WHERE imei IN (SELECT imei FROM list_entry WHERE reason = 'duplicate') ORDER BY imei",
      LISTED_ROW,
    ),
    allEntries: database.query('SELECT imei, list, reason, expires_at FROM listed ORDER BY imei', LISTED_ROW),
    entriesOf: database.query('SELECT imei, list, reason, expires_at FROM listed WHERE imei = ?', LISTED_ROW),
    entriesOfMany: database.query(
      `SELECT imei, list, reason, expires_at FROM listed WHERE imei ${IN_GROUP} ORDER BY imei`,
      LISTED_ROW,
    ),
    batchSize: database.query('SELECT added, removed, updated FROM list_batch WHERE id = ?', {
      ...{ added: integer, removed: integer, updated: integer },
    }),
    batch: touchedBy(database),
    expired: database.query('SELECT DISTINCT imei FROM list_entry WHERE expires_at > ? AND expires_at <= ?', {
      imei: integer,
    }),
    expiredRanges: database.query('SELECT id FROM range_entry WHERE expires_at > ? AND expires_at <= ? LIMIT 1', {
      id: integer,
    }),
    expiredPairs: database.query('SELECT id FROM pair_rule WHERE expires_at > ? AND expires_at <= ? LIMIT 1', {
      id: integer,
    }),
    counts: database.query('SELECT count(*) AS subscribers FROM uicc_state', { subscribers: integer }),
    allStandings: database.query(standings, STANDING_ROW),
    standing: database.query(`${standings} WHERE uicc_state.imsi = ?`, STANDING_ROW),
    provers: database.query(`SELECT count(*) AS number FROM uicc_state WHERE proved_imei = ? AND ${isProof}`, {
      number: integer,
    }),
    allContests: database.query(
      `SELECT imsi, ${contest} FROM observation WHERE ${isContested} ORDER BY last_at DESC LIMIT ?`,
      { imsi: text, ...contestRow },
    ),
    contestsOf: database.query(
      `SELECT ${contest} FROM observation WHERE imsi = ? AND ${isContested} ORDER BY last_at DESC LIMIT ?`,
      contestRow,
    ),
    ...openRuleReading(database),
  };
}

function openRuleReading(database: Database) {
  return {
    ranges: database.query(
      'SELECT first_imei, last_imei, list FROM range_entry WHERE expires_at IS NULL OR expires_at > ? ORDER BY id',
      { firstImei: integer, lastImei: integer, list: oneOf(...LISTS) },
    ),
    pairs: database.query(
      'SELECT kind, first_imei, last_imei, first_imsi, last_imsi FROM pair_rule WHERE expires_at IS NULL OR expires_at > ? ORDER BY id',
      { kind: oneOf('allow', 'lock'), firstImei: integer, lastImei: integer, firstImsi: text, lastImsi: text },
    ),
  };
}
