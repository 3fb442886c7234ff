import { RefusalError } from '#base/sentence/index.ts';
import { type Database, integer, nullable } from '#operator/database/index.ts';
import type { FileApprovals } from '../approval.ts';
import { MalformedFile } from '../csv.ts';
import { IMPORT_REFUSALS, type ImportRefusal } from '../import-refusal.ts';
import type { FileChange } from '../list-change.ts';
import { LISTS, type ListName } from '../list-entry.ts';
import type { Chunks } from '../list-format/index.ts';
import { type Approved, approvedBy, checkTexts } from '../lists.ts';
import { IN_GROUP, numberGroups } from '../number-group.ts';
import type { NewPairRule } from '../pair-rules.ts';
import { type NewRangeEntry, rangeOfTac } from '../ranges.ts';
import { REGISTER_REFUSALS } from '../refusals.ts';
import { type BatchPorts, clearAbandoned, feedKey, noteProofs, type RemovedRule } from './batch.ts';
import { ChangedMeanwhile } from './changed-meanwhile.ts';
import { ACTION, compare, type Difference, hitHandsets } from './comparison.ts';
import { deltaGap, withNamedChange } from './dirbs-delta.ts';
import {
  DEFAULT_CHANGE_LIMIT,
  DEFAULT_SUBSCRIBER_LIMIT,
  type ImportEffect,
  type ImportOptions,
  type ImportProgress,
  type ImportResult,
} from './options.ts';
import { checkSameFile, fileChangeOf, hashing, meantOptions, prohibitingIn } from './proposed-file.ts';
import { type RuleLine, Staging } from './staging.ts';

/** What an import works on, and who says whether it needs a second person. */
export interface ImportPorts extends BatchPorts {
  readonly approvals: FileApprovals;
}

/** Entries compared between two looks at what else there is to do. */
const COMPARED_TOGETHER = 20_000;
const PROGRESS_MILLISECONDS = 200;
/** A full list that loses more than this part of its entries is taken for a broken file, unless the caller sets a limit (facts/eir.md 8.3). */
const LARGEST_SHRINK = 0.25;

/** Lets whatever else waits in this process go on. */
const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * Reads a list file as it arrives, shows its effect, and unless that is too large (or only a dry run) writes it. Bad lines are reported and
 * skipped; a file that is no list changes nothing. Checks see nothing of it until all is written, and then all at once; when the process is
 * killed meanwhile, the next import takes back what stands of it. Where a second person is asked for, it is proposed instead of written; an
 * approval is written when it is the same file. Throws RangeError for texts too long, while another import is written, and for an approval
 * that cannot be one.
 */
export async function importList(ports: ImportPorts, chunks: Chunks, asGiven: ImportOptions): Promise<ImportResult> {
  const given = withNamedChange(asGiven);
  const { source, author, name, caseReference = '' } = given;
  checkTexts({ source, author, name, caseReference });
  const { options, proposed } = meantOptions(ports.approvals, given);
  const octetsOf = hashing(chunks);
  const staging = new Staging(options);
  const tell = teller(ports, options);
  try {
    await staging.read(octetsOf.chunks, ({ done, octets }) => tell('reading', done, undefined, octets));
    const sha256 = octetsOf.sha256();
    if (proposed !== undefined) checkSameFile(proposed, sha256);
    // What a dead process left is taken back before anything is compared with it.
    if (options.dryRun !== true) clearAbandoned(ports);
    const standing = standingBatches(ports.database, source);
    const meanwhile = new ChangedMeanwhile(ports.feed);
    const differences = await differencesOf(ports, staging, options, tell);
    const effect = effectOf(ports, staging, differences, options);
    if (options.dryRun === true) return { outcome: 'dryRun', effect };
    const said = deltaGap(ports.database, options) ?? tooMuch(effect, options);
    if (said !== undefined) return { outcome: 'refused', effect, problem: IMPORT_REFUSALS.words(said), said };
    const prohibiting = prohibitingIn(differences, staging.rules, options);
    const id = askFirst(ports, fileChangeOf(options, sha256, effect, prohibiting), options);
    if (id !== undefined) return { outcome: 'waiting', effect, id };
    const batch = await write(ports, { staging, differences, effect, standing, meanwhile }, options, tell);
    return { outcome: 'applied', effect, batch };
  } catch (error) {
    if (error instanceof MalformedFile) return { outcome: 'malformed', problem: error.message, refusal: error.refusal };
    throw error;
  } finally {
    staging.close();
  }
}

/** The number under which the import has to wait. Throws RangeError for an approval that came too late. */
function askFirst(
  { approvals }: ImportPorts,
  change: FileChange,
  { approval, author }: ImportOptions,
): number | undefined {
  if (approval === undefined) return approvals.proposeFile(change, author);
  approvals.proposedFile(approval);
  return undefined;
}

/** Changes with every import of a source that is written or undone: what was compared before is then no longer so. */
function standingBatches(database: Database, source: string): string {
  const { newest, number } = database
    .query("SELECT max(id) AS newest, count(*) AS number FROM list_batch WHERE source = ? AND state = 'done'", {
      newest: nullable(integer),
      number: integer,
    })
    .only(source);
  return `${newest} ${number}`;
}

type Tell = (phase: ImportProgress['phase'], done: number, of: number | undefined, octets?: number) => void;

/** Tells of progress a few times a second. */
function teller({ clock }: BatchPorts, { onProgress }: ImportOptions): Tell {
  const begun = clock.now();
  let read = 0;
  let toldAt = Number.NEGATIVE_INFINITY;
  return (phase, done, of, octets) => {
    read = octets ?? read;
    const now = clock.now();
    if (now - toldAt < PROGRESS_MILLISECONDS && done !== of) return;
    toldAt = now;
    onProgress?.({ phase, done, of, octets: read, elapsedMilliseconds: now - begun });
  };
}

async function differencesOf(
  { database }: BatchPorts,
  staging: Staging,
  { list: standard, source, kind }: ImportOptions,
  tell: Tell,
): Promise<readonly Difference[]> {
  const isFull = kind === 'full';
  const lists = LISTS.filter((list) => list === standard || staging.imeis.has(list));
  const differences: Difference[] = [];
  for (const list of lists) {
    const comparing = compare(database, staging, { list, source, isFull });
    const of = staging.imeis.get(list)?.length ?? 0;
    let next = comparing.next();
    for (let compared = 1; next.done !== true; compared++, next = comparing.next()) {
      if (compared % COMPARED_TOGETHER !== 0) continue;
      tell('comparing', next.value, of);
    }
    differences.push(next.value);
    await breathe();
  }
  return differences;
}

function effectOf(
  { database, clock }: BatchPorts,
  staging: Staging,
  differences: readonly Difference[],
  { source }: ImportOptions,
): ImportEffect {
  const numbers = [0, 0, 0, 0, 0];
  for (const { actions, missing } of differences) {
    for (const action of actions) numbers[action]!++;
    numbers[ACTION.removed]! += missing.length;
  }
  const [alreadyThere = 0, addedImeis = 0, updated = 0, removedImeis = 0, notThere = 0] = numbers;
  const isRemoval = (line: RuleLine) => line.change === 'remove';
  const removedRules = staging.rules.filter(isRemoval).length;
  const black = differences.find(({ list }) => list === 'black');
  const hit = black && hitHandsets(database, black, clock.now());
  const before = database
    .query('SELECT count(*) AS number FROM list_entry WHERE source = ? AND list IN (?, ?, ?)', { number: integer })
    .only(source, ...threeLists(differences)).number;
  return {
    ...staging.counts,
    ...{ alreadyThere, updated, notThere },
    added: addedImeis + staging.rules.length - removedRules,
    removed: removedImeis + removedRules,
    rules: staging.rules.length,
    badLines: staging.badLines,
    problems: staging.problems.counts(),
    normalisations: staging.normalisations.counts(),
    subscribersHit: hit?.subscribers ?? 0,
    hitHandsets: hit?.first ?? [],
    before,
    after: before + addedImeis - removedImeis,
  };
}

function threeLists(differences: readonly Difference[]): readonly [ListName, ListName, ListName] {
  const [first = 'black', second = first, third = second] = differences.map(({ list }) => list);
  return [first, second, third];
}

function tooMuch(effect: ImportEffect, options: ImportOptions): ImportRefusal | undefined {
  const changes = effect.added + effect.removed + effect.updated;
  const most = options.changeLimit ?? DEFAULT_CHANGE_LIMIT;
  if (changes > most) return IMPORT_REFUSALS.say('changesMany', { changes, most });
  if (options.changeLimit === undefined && options.kind === 'full' && effect.removed > effect.before * LARGEST_SHRINK)
    return IMPORT_REFUSALS.say('shrinks', { removed: effect.removed, before: effect.before });
  const hits = options.subscriberLimit ?? DEFAULT_SUBSCRIBER_LIMIT;
  if (effect.subscribersHit > hits) return IMPORT_REFUSALS.say('hitsMany', { hits: effect.subscribersHit, most: hits });
  return undefined;
}

async function write(
  ports: ImportPorts,
  compared: {
    readonly staging: Staging;
    readonly differences: readonly Difference[];
    readonly effect: ImportEffect;
    readonly standing: string;
    readonly meanwhile: ChangedMeanwhile;
  },
  options: ImportOptions,
  tell: Tell,
): Promise<number> {
  const { staging, differences, effect, standing, meanwhile } = compared;
  const { database, audit, clock } = ports;
  const { list, source, author, name } = options;
  const second = options.approval === undefined ? {} : { approvedBy: options.approval.approver };
  const now = clock.now();
  const batch = database.transaction(() => {
    clearAbandoned(ports);
    if (standingBatches(database, source) !== standing)
      throw new RefusalError(REGISTER_REFUSALS.say('importedMeanwhile', { source }));
    const { id } = database
      .query(
        `INSERT INTO list_batch (at, touched_at, list, source, author, name, state, bad) VALUES (?, ?, ?, ?, ?, ?, 'running', ?) RETURNING id`,
        { id: integer },
      )
      .only(now, now, list, source, author, name, effect.bad);
    audit.append({
      kind: 'list',
      author,
      subject: name,
      detail: { change: 'import begun', batch: id, list, source, ...second },
    });
    return id;
  });
  const of = effect.added + effect.removed + effect.updated;
  let done = 0;
  for (const difference of differences)
    for (const rows of blocksOf(difference, database.rowsTogether)) {
      writeBlock(ports, staging, difference.list, rows, { batch, now, source, author, meanwhile });
      done += rows.length;
      tell('writing', done, of);
      await breathe();
    }
  database.transaction(() => finish(ports, staging, differences, effect, options, batch));
  return batch;
}

interface BlockRow {
  readonly imei: number;
  readonly action: number;
  readonly word: number;
}

/** What has to be written, in ascending order, so many rows at a time. */
function* blocksOf({ staged, actions, missing }: Difference, together: number): Generator<readonly BlockRow[]> {
  let block: BlockRow[] = [];
  for (let at = 0; at < staged.length; at++) {
    const action = actions[at] as number;
    if (action === ACTION.alreadyThere || action === ACTION.notThere) continue;
    block.push({ imei: staged.key(at), action, word: staged.word(at) });
    if (block.length < together) continue;
    yield block;
    block = [];
  }
  for (let at = 0; at < missing.length; at++) {
    block.push({ imei: missing.key(at), action: ACTION.removed, word: 0 });
    if (block.length < together) continue;
    yield block;
    block = [];
  }
  if (block.length > 0) yield block;
}

const COLUMNS = [
  'imei',
  'list',
  'source',
  'reason',
  'note',
  'case_reference',
  'author',
  'added_at',
  'expires_at',
  'batch',
];

function writeBlock(
  { database, clock }: BatchPorts,
  staging: Staging,
  list: ListName,
  rows: readonly BlockRow[],
  {
    batch,
    now,
    source,
    author,
    meanwhile,
  }: {
    readonly batch: number;
    readonly now: number;
    readonly source: string;
    readonly author: string;
    readonly meanwhile: ChangedMeanwhile;
  },
): void {
  const touch = database.command('UPDATE list_batch SET touched_at = ? WHERE id = ?');
  database.transaction(() => {
    // What was not there when it was compared may have come since.
    const changed = meanwhile.imeis();
    keepAndTake(
      database,
      rows.filter(({ imei, action }) => action !== ACTION.added || changed.has(imei)).map(({ imei }) => imei),
      { batch, list, source },
    );
    const entries = rows
      .filter(({ action }) => action !== ACTION.removed)
      .map(({ imei, word }) => {
        const { reason, note, caseReference, expiresAt } = staging.facts.get(word >>> 1);
        return [imei, list, source, reason, note, caseReference, author, now, expiresAt, batch];
      });
    database.copyIn('list_entry', COLUMNS, entries, ['imei', 'list', 'source']);
    touch.run(clock.now(), batch);
  });
}

/** Takes entries of these IMEIs away, and keeps them for the batch's undoing: what replaces them is then added as what is new. */
function keepAndTake(
  database: Database,
  imeis: readonly number[],
  { batch, list, source }: { readonly batch: number; readonly list: ListName; readonly source: string },
): void {
  if (imeis.length === 0) return;
  const these = `list = ? AND source = ? AND imei ${IN_GROUP}`;
  const keep = database.command(
    `INSERT INTO list_history (batch, imei, list, source, reason, note, case_reference, author, added_at, expires_at, entry_batch)
     SELECT CAST(? AS BIGINT), imei, list, source, reason, note, case_reference, author, added_at, expires_at, batch
     FROM list_entry WHERE ${these}`,
  );
  const take = database.command(`DELETE FROM list_entry WHERE ${these}`);
  for (const { places } of numberGroups(imeis)) {
    keep.run(batch, list, source, ...places);
    take.run(list, source, ...places);
  }
}

/** The last transaction, by which the batch counts: ranges and pairs, orders to think over, the feed, the log. */
function finish(
  ports: ImportPorts,
  staging: Staging,
  differences: readonly Difference[],
  { added, removed, updated, bad }: ImportEffect,
  { list, source, author, name, approval }: ImportOptions,
  batch: number,
): void {
  const { database, audit, feed, approvals } = ports;
  if (approval !== undefined) approvals.fileWritten(approval);
  const second = approval === undefined ? {} : { approvedBy: approval.approver };
  const removedRules = staging.rules.flatMap((line) =>
    applyRule(ports, staging, line, { list, source, author, batch, ...second }),
  );
  noteProofs(database, batch);
  database
    .command(
      "UPDATE list_batch SET state = 'done', added = ?, removed = ?, updated = ?, removed_rules = ? WHERE id = ?",
    )
    .run(added, removed, updated, JSON.stringify(removedRules), batch);
  if (differences.some(({ staged, missing }) => staged.length + missing.length > 0))
    feed.note({ kind: 'imei', key: feedKey(0), lastKey: feedKey(99_999_999_999_999), batch });
  const detail = { change: 'imported', batch, list, source, added, removed, updated, bad, ...second };
  audit.append({ kind: 'list', author, subject: name, detail });
}

/** Makes or takes back one range entry or pair rule; gives what was taken away. */
function applyRule(
  { ranges, pairRules }: BatchPorts,
  staging: Staging,
  line: RuleLine,
  by: { readonly list: ListName; readonly source: string; readonly author: string; readonly batch: number } & Approved,
): readonly RemovedRule[] {
  const { list, source, author, batch } = by;
  const { reason, note, caseReference, expiresAt } = staging.factsOf(line);
  const facts = { note, caseReference, source, author, ...(expiresAt !== undefined && { expiresAt }) };
  const bounds = line.about === 'tac' ? rangeOfTac(line.tac) : { first: line.first, last: line.last };
  const written = { first: bounds.first.equipment, last: bounds.last.equipment };
  if (line.about === 'pair') {
    const kind = line.kind === 'lock' ? 'lock' : 'allow';
    const rule: NewPairRule = {
      ...facts,
      ...approvedBy(by),
      ...bounds,
      kind,
      firstImsi: line.firstImsi,
      lastImsi: line.lastImsi,
      batch,
    };
    const imsis = { firstImsi: line.firstImsi.digits, lastImsi: line.lastImsi.digits };
    if (line.change !== 'remove') pairRules.add(rule);
    else if (pairRules.remove({ ...rule, reason: `batch ${batch}` }))
      return [{ about: 'pair', kind, ...written, ...imsis, ...facts }];
    return [];
  }
  const entry: NewRangeEntry = { ...facts, ...approvedBy(by), ...bounds, list: line.list ?? list, reason, batch };
  if (line.change !== 'remove') ranges.add(entry);
  else if (ranges.remove({ ...entry, reason: `batch ${batch}` }))
    return [{ about: 'range', ...written, list: entry.list, reason, ...facts }];
  return [];
}
