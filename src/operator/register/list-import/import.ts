import { RefusalError } from '#base/sentence/index.ts';
import { AUDIT_SUBJECTS, type ProgramAuthor } from '#operator/audit/index.ts';
import { type Database, DatabaseError, integer, nullable } from '#operator/database/index.ts';
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
import { type BatchPorts, endAbandoned, endBatch, feedKey, isUnsettled, type RemovedRule } from './batch.ts';
import { breathe } from './breathe.ts';
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
import { Pace } from './pace.ts';
import { checkSameFile, fileChangeOf, hashing, meantOptions, prohibitingIn } from './proposed-file.ts';
import { ImportCancelled, OwnRun } from './runs.ts';
import { settleAbandoned, settleBatches } from './settling.ts';
import { type RuleLine, Staging } from './staging.ts';

/** What an import works on, and who says whether it needs a second person. */
export interface ImportPorts extends BatchPorts {
  readonly approvals: FileApprovals;
}

const PROGRESS_MILLISECONDS = 200;
/** A full list that loses more than this part of its entries is taken for a broken file, unless the caller sets a limit (facts/eir.md 8.3). */
const LARGEST_SHRINK = 0.25;

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
  const { list, dryRun = false } = options;
  const run = new OwnRun(ports, { list, source, author: options.author, name: options.name, isDryRun: dryRun });
  try {
    const result = await imported({ ...ports, run }, chunks, options, proposed);
    // What has changed something said so in that transaction.
    if (result.outcome !== 'applied' && result.outcome !== 'waiting')
      ports.database.transaction(() => {
        run.check();
        run.end(result.outcome);
      });
    return result;
  } catch (error) {
    const isCancelled = error instanceof ImportCancelled;
    endRun(run, isCancelled ? 'cancelled' : 'failed');
    if (isCancelled) return { outcome: 'cancelled', by: error.by, reason: error.reason };
    throw error;
  }
}

/** Ends a run that failed; a database that is gone leaves it to be found dead. */
function endRun(run: OwnRun, outcome: 'cancelled' | 'failed'): void {
  try {
    run.end(outcome);
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
  }
}

type RunPorts = ImportPorts & { readonly run: OwnRun };

async function imported(
  ports: RunPorts,
  chunks: Chunks,
  options: ImportOptions,
  proposed: FileChange | undefined,
): Promise<ImportResult> {
  const { source } = options;
  const watched = ports.run.watched(chunks);
  const octetsOf = hashing(watched);
  const staging = new Staging(options);
  const tell = teller(ports, options);
  try {
    await staging.read(octetsOf.chunks, ({ done, octets }) => tell('reading', done, undefined, octets));
    const sha256 = octetsOf.sha256();
    if (proposed !== undefined) checkSameFile(proposed, sha256);
    // What a dead process left is taken back before anything is compared with it.
    if (options.dryRun !== true) await settleAbandoned(ports);
    const standing = standingBatches(ports.database, source);
    const meanwhile = new ChangedMeanwhile(ports.feed);
    const differences = await differencesOf(ports, staging, options, tell);
    const effect = await effectOf(ports, staging, differences);
    if (options.dryRun === true) return { outcome: 'dryRun', effect };
    const said = deltaGap(ports.database, options) ?? tooMuch(effect, options);
    if (said !== undefined) return { outcome: 'refused', effect, problem: IMPORT_REFUSALS.words(said), said };
    const prohibiting = prohibitingIn(differences, staging.rules, options);
    const change = fileChangeOf(options, sha256, effect, prohibiting);
    const id = ports.database.transaction(() => askFirst(ports, change, options));
    if (id !== undefined) return { outcome: 'waiting', effect, id };
    const batch = await write(ports, { staging, differences, effect, standing, meanwhile }, options, tell);
    return { outcome: 'applied', effect, batch };
  } catch (error) {
    if (error instanceof MalformedFile) return { outcome: 'malformed', problem: error.message, refusal: error.refusal };
    throw error;
  } finally {
    // Whoever stops in the middle of a file lets its sender know: nobody waits for the rest.
    await watched.return(undefined);
    staging.close();
  }
}

/** The number under which the import has to wait. Joins a transaction. Throws RangeError for an approval that came too late. */
function askFirst(
  { approvals, run }: RunPorts,
  change: FileChange,
  { approval, author }: ImportOptions,
): number | undefined {
  run.check();
  if (approval === undefined) {
    const id = approvals.proposeFile(change, author);
    if (id !== undefined) run.end('waiting');
    return id;
  }
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

/** Tells of progress a few times a second. What it calls throws ImportCancelled when somebody wants the import to end. */
function teller({ clock, run }: RunPorts, { onProgress }: ImportOptions): Tell {
  const begun = clock.now();
  let read = 0;
  let toldAt = Number.NEGATIVE_INFINITY;
  return (phase, done, of, octets) => {
    read = octets ?? read;
    run.tell({ phase, done, of, octets: read });
    const now = clock.now();
    if (now - toldAt < PROGRESS_MILLISECONDS && done !== of) return;
    toldAt = now;
    onProgress?.({ phase, done, of, octets: read, elapsedMilliseconds: now - begun });
  };
}

async function differencesOf(
  ports: BatchPorts,
  staging: Staging,
  { list: standard, source, kind }: ImportOptions,
  tell: Tell,
): Promise<readonly Difference[]> {
  const isFull = kind === 'full';
  const lists = LISTS.filter((list) => list === standard || staging.imeis.has(list));
  const differences: Difference[] = [];
  for (const list of lists) {
    const of = staging.imeis.get(list)?.length ?? 0;
    const told = (compared: number) => tell('comparing', compared, of);
    differences.push(await compare(ports, staging, { list, source, isFull }, told));
    await breathe();
  }
  return differences;
}

async function effectOf(
  { database, clock }: BatchPorts,
  staging: Staging,
  differences: readonly Difference[],
): Promise<ImportEffect> {
  const numbers = [0, 0, 0, 0, 0];
  for (const { actions, missing } of differences) {
    for (const action of actions) numbers[action]!++;
    numbers[ACTION.removed]! += missing.length;
  }
  const [alreadyThere = 0, addedImeis = 0, updated = 0, removedImeis = 0, notThere = 0] = numbers;
  const isRemoval = (line: RuleLine) => line.change === 'remove';
  const removedRules = staging.rules.filter(isRemoval).length;
  const black = differences.find(({ list }) => list === 'black');
  const hit = black && (await hitHandsets(database, black, clock.now()));
  const before = differences.reduce((sum, difference) => sum + difference.before, 0);
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

/** What was compared, and is to be written. */
interface Compared {
  readonly staging: Staging;
  readonly differences: readonly Difference[];
  readonly effect: ImportEffect;
  readonly standing: string;
  readonly meanwhile: ChangedMeanwhile;
}

async function write(ports: RunPorts, compared: Compared, options: ImportOptions, tell: Tell): Promise<number> {
  const { staging, differences, effect, meanwhile } = compared;
  const { database, clock } = ports;
  const { source, author } = options;
  const now = clock.now();
  const batch = await begin(ports, compared, options, now);
  try {
    const of = effect.added + effect.removed + effect.updated;
    let done = 0;
    const pace = new Pace(clock, database.rowsTogether);
    for (const difference of differences)
      for (const rows of blocksOf(difference, pace)) {
        const by = { batch, now, source, author, meanwhile };
        pace.step(() => writeBlock(ports, staging, difference.list, rows, by));
        done += rows.length;
        tell('writing', done, of);
        await breathe();
      }
    database.transaction(() => finish(ports, staging, differences, effect, options, batch));
  } catch (error) {
    await giveUp(ports, batch, error);
    throw error;
  }
  await settleBatches(ports);
  return batch;
}

/** The batch, begun: there is no other one of which anything stands that does not count. */
async function begin(
  ports: RunPorts,
  { effect, standing }: Compared,
  { list, source, author, name, approval }: ImportOptions,
  now: number,
): Promise<number> {
  const { database, audit } = ports;
  const second = approval === undefined ? {} : { approvedBy: approval.approver };
  for (;;) {
    await settleAbandoned(ports, { afterEach: () => ports.run.live() });
    const batch = database.transaction(() => {
      endAbandoned(ports);
      if (isUnsettled(database)) return undefined;
      if (standingBatches(database, source) !== standing)
        throw new RefusalError(REGISTER_REFUSALS.say('importedMeanwhile', { source }));
      const { id } = database
        .query(
          `INSERT INTO list_batch (at, touched_at, list, source, author, name, state, bad) VALUES (?, ?, ?, ?, ?, ?, 'running', ?) RETURNING id`,
          { id: integer },
        )
        .only(now, now, list, source, author, name, effect.bad);
      const detail = { change: 'import begun', batch: id, list, source, ...second };
      audit.append({ kind: 'list', author, subject: name, detail });
      ports.run.writes(id);
      return id;
    });
    if (batch !== undefined) return batch;
  }
}

/** Takes back what was written of a batch that cannot be whole any more; a database that is gone leaves that to whoever comes next. */
async function giveUp(ports: BatchPorts, batch: number, because: unknown): Promise<void> {
  const { database, audit } = ports;
  try {
    database.transaction(() => {
      if (!isBeingWritten(database, batch)) return;
      endBatch(ports, batch, 'cutOff', 0);
      const detail = { change: 'taken back, it could not be finished', why: (because as Error).message };
      audit.append({
        kind: 'list',
        author: 'register' satisfies ProgramAuthor,
        subject: AUDIT_SUBJECTS.say('batch', { batch }),
        detail,
      });
    });
    await settleBatches(ports);
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
  }
}

const isBeingWritten = (database: Database, batch: number): boolean =>
  database
    .query("SELECT id FROM list_batch WHERE id = ? AND state = 'running' AND ended IS NULL", { id: integer })
    .first(batch) !== undefined;

/** Says that a batch lives. Throws RangeError when somebody has ended it meanwhile. */
function touch({ database, clock }: BatchPorts, batch: number): void {
  const touched = database
    .command("UPDATE list_batch SET touched_at = ? WHERE id = ? AND state = 'running' AND ended IS NULL")
    .run(clock.now(), batch).changes;
  if (touched === 0) throw new RefusalError(REGISTER_REFUSALS.say('importTakenBack'), `batch ${batch}`);
}

interface BlockRow {
  readonly imei: number;
  readonly action: number;
  readonly word: number;
}

/** What has to be written, in ascending order, as many rows at a time as there is time for. */
function* blocksOf({ staged, actions, missing }: Difference, pace: Pace): Generator<readonly BlockRow[]> {
  let block: BlockRow[] = [];
  for (let at = 0; at < staged.length; at++) {
    const action = actions[at] as number;
    if (action === ACTION.alreadyThere || action === ACTION.notThere) continue;
    block.push({ imei: staged.key(at), action, word: staged.word(at) });
    if (block.length < pace.rows) continue;
    yield block;
    block = [];
  }
  for (let at = 0; at < missing.length; at++) {
    block.push({ imei: missing.key(at), action: ACTION.removed, word: 0 });
    if (block.length < pace.rows) continue;
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
  ports: RunPorts,
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
  const { database } = ports;
  database.transaction(() => {
    ports.run.check();
    touch(ports, batch);
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

/** The last transaction, by which the batch counts: ranges and pairs, the feed, the log. Orders to think over are then for `settleBatches`. */
function finish(
  ports: RunPorts,
  staging: Staging,
  differences: readonly Difference[],
  { added, removed, updated, bad }: ImportEffect,
  { list, source, author, name, approval }: ImportOptions,
  batch: number,
): void {
  const { database, audit, feed, approvals, run } = ports;
  run.check();
  touch(ports, batch);
  if (approval !== undefined) approvals.fileWritten(approval);
  const second = approval === undefined ? {} : { approvedBy: approval.approver };
  const removedRules = staging.rules.flatMap((line) =>
    applyRule(ports, staging, line, { list, source, author, batch, ...second }),
  );
  database
    .command(
      "UPDATE list_batch SET state = 'done', added = ?, removed = ?, updated = ?, removed_rules = ?, noted_to = -1 WHERE id = ?",
    )
    .run(added, removed, updated, JSON.stringify(removedRules), batch);
  if (differences.some(({ staged, missing }) => staged.length + missing.length > 0))
    feed.note({ kind: 'imei', key: feedKey(0), lastKey: feedKey(99_999_999_999_999), batch });
  run.end('applied');
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
