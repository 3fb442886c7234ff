import Type from 'typebox';
import { concat } from '#base/codec/index.ts';
import {
  BATCH_STATES,
  DETECT_OCTETS,
  type FileProposal,
  FORMAT_GUESSES,
  LIST_FORMATS,
  LISTS,
  MAPPED_COLUMNS,
  type MappedColumn,
  proposeFile,
  type Register,
  refusalWords,
} from '#operator/register/index.ts';
import { FileRefusalOf, fileRefusalView } from '../file-refusal.ts';
import { operation } from '../operation.ts';
import { ProblemError } from '../problem.ts';
import { proposedUndo, WAITS, Waiting } from '../proposal.ts';
import { RESOURCE } from '../refusals.ts';
import { Author, Count, closed, Limit, list, names, Reason, rowsOf, SaidAs, saidView, Text, Time } from '../schema.ts';
import { streamedBody } from '../streamed-body.ts';
import { UndoEffectOf, undoEffectView } from '../undo-answer.ts';
import { importView } from '../view.ts';
import { answerOf, Effect, IMPORT_WAITS, REPORT, refusedImport, reported } from './import-answer.ts';
import { ImportQuery, mayApprove, mayRaise, optionsOf } from './import-request.ts';
import { ImportRunOf, importRunView } from './import-runs.ts';

type Columns = Record<MappedColumn, typeof Count>;

const ImportOf = closed({
  batch: Count,
  at: Time,
  list: names(LISTS),
  source: Text,
  author: Author,
  name: Text,
  state: names(
    BATCH_STATES,
    'running: being written; undoing: being taken back; cancelled: by a person before it counted; cutOff: what wrote it died or failed. Only `done` counts.',
  ),
  added: Count,
  removed: Count,
  updated: Count,
  bad: Count,
});

const STANDS_NOT = {
  running: 'importRunning',
  undoing: 'importUndone',
  undone: 'importUndone',
  cancelled: 'importCancelled',
  cutOff: 'importCutOff',
} as const;

/** One that stands. Throws ProblemError. */
function standing(register: Register, batch: number): void {
  const { state } = imported(register, batch);
  if (state !== 'done') throw new ProblemError('conflict', RESOURCE.say(STANDS_NOT[state]));
}

function imported(register: Register, batch: number) {
  const found = register.import(batch);
  if (found !== undefined) return found;
  throw new ProblemError('no-such-resource', RESOURCE.say('importUnknown'));
}

const proposalView = ({ why, problem, ...rest }: FileProposal) => ({
  ...rest,
  why: why === undefined ? '' : FORMAT_GUESSES.words(why),
  problem: problem === undefined ? '' : refusalWords(problem),
  ...(why !== undefined && { whySaid: saidView(why) }),
  ...(problem !== undefined && { refusal: fileRefusalView(problem) }),
});

/** Files of list entries. */
export const importOperations = [
  operation({
    id: 'getImports',
    method: 'GET',
    path: '/api/v1/imports',
    tag: 'lists',
    summary: 'Imported files, the newest first.',
    permission: 'imports.read',
    query: closed({ limit: Type.Optional(Limit) }),
    answer: closed({ imports: list(ImportOf) }),
    run: ({ sources: { register }, query }) => ({ imports: register.imports(rowsOf(query.limit)).map(importView) }),
  }),
  operation({
    id: 'getImport',
    method: 'GET',
    path: '/api/v1/imports/:batch',
    tag: 'lists',
    summary: 'One imported file.',
    permission: 'imports.read',
    params: closed({ batch: Type.Integer({ minimum: 1 }) }),
    answer: closed({
      import: ImportOf,
      run: Type.Optional({
        ...ImportRunOf,
        description: 'how far it is, or how it ended; missing for one of long ago',
      }),
    }),
    problems: ['no-such-resource'],
    run({ sources: { register }, params }) {
      const found = importView(imported(register, params.batch));
      const run = register.importRuns.ofBatch(params.batch);
      return { import: found, run: run && importRunView(run) };
    },
  }),
  operation({
    id: 'importList',
    method: 'POST',
    path: '/api/v1/imports',
    tag: 'lists',
    summary: 'Reads a list file as it comes, and applies it or shows its effect.',
    description:
      'A file that changes more than the limits allow changes nothing and answers 409 with its effect. Bad lines are skipped and reported.',
    permission: 'imports.upload',
    showsIdentities: true,
    query: ImportQuery,
    streamed: { types: ['text/csv', 'text/plain'], description: 'the file, UTF-8' },
    answer: closed({
      outcome: names(['applied', 'dryRun']),
      effect: Effect,
      batch: Type.Optional(Type.Integer({ description: 'number of the import, to undo it by; missing for a dry run' })),
    }),
    others: [IMPORT_WAITS, REPORT],
    problems: ['change-refused', 'conflict', 'unusable-file', 'too-slow', 'unavailable'],
    async run(call) {
      mayRaise(call);
      mayApprove(call);
      const { register, scheduler } = call.sources;
      const options = optionsOf(call);
      const release = call.takeUpload();
      try {
        const file = streamedBody(call.request, scheduler, call.limits);
        if (call.query.report === 'full') return await reported(call, file, options);
        return answerOf(await register.importList(file, options), call);
      } catch (error) {
        throw refusedImport(error, call.query.approve !== undefined);
      } finally {
        release();
      }
    },
  }),
  operation({
    id: 'proposeImport',
    method: 'POST',
    path: '/api/v1/imports/proposal',
    tag: 'lists',
    summary:
      'What the beginning of a list file says about it: its format, its columns, its first lines. Nothing is kept.',
    permission: 'imports.upload',
    streamed: { types: ['text/csv', 'text/plain'], description: `the first ${DETECT_OCTETS} octets of the file` },
    answer: closed({
      format: Type.Optional(names(LIST_FORMATS, 'missing: it names none, say which column is which')),
      why: { ...Text, description: 'why it is that format; empty where there is none' },
      whySaid: Type.Optional(SaidAs(FORMAT_GUESSES.codes)),
      problem: { ...Text, description: 'what was expected where there is no format; else empty' },
      refusal: Type.Optional(FileRefusalOf),
      hasHeader: Type.Boolean({ description: 'the first line names the columns' }),
      rows: list(list(Text)),
      columns: Type.Partial(closed(Object.fromEntries(MAPPED_COLUMNS.map((name) => [name, Count])) as Columns), {
        description: 'which column, from 1, seems to be what',
      }),
    }),
    problems: ['too-slow', 'too-large'],
    async run(call) {
      const { scheduler } = call.sources;
      const pieces: Uint8Array[] = [];
      const limits = { ...call.limits, uploadOctets: DETECT_OCTETS };
      for await (const piece of streamedBody(call.request, scheduler, limits)) pieces.push(piece);
      return proposalView(proposeFile(concat(...pieces)));
    },
  }),
  operation({
    id: 'getUndoEffect',
    method: 'GET',
    path: '/api/v1/imports/:batch/undo',
    tag: 'lists',
    summary: 'What taking this import back would do, and which handsets in use it would cut off. Nothing is changed.',
    permission: 'imports.read',
    showsIdentities: true,
    params: closed({ batch: Type.Integer({ minimum: 1 }) }),
    answer: closed({ effect: UndoEffectOf }),
    problems: ['conflict', 'no-such-resource'],
    async run({ sources: { register }, params: { batch }, identities }) {
      standing(register, batch);
      return { effect: undoEffectView(await register.undoEffect(batch), identities) };
    },
  }),
  operation({
    id: 'undoImport',
    method: 'POST',
    path: '/api/v1/imports/:batch/undo',
    tag: 'lists',
    summary: 'Takes an import back: what it added goes, what it removed or replaced returns.',
    permission: 'imports.undo',
    showsIdentities: true,
    params: closed({ batch: Type.Integer({ minimum: 1 }) }),
    body: closed({ reason: Reason }),
    answer: closed({ changed: Count, effect: UndoEffectOf, import: ImportOf }),
    others: [{ ...WAITS, answer: closed({ waiting: Waiting, effect: UndoEffectOf, text: Text }) }],
    problems: ['conflict', 'no-such-resource'],
    async run(call) {
      const { register } = call.sources;
      const { batch } = call.params;
      standing(register, batch);
      const proposal = await proposedUndo(call, batch, call.body.reason);
      const effect = undoEffectView(proposal.effect, call.identities);
      if ('waiting' in proposal) return { ...proposal, effect };
      return { changed: proposal.changed, effect, import: importView(imported(register, batch)) };
    },
  }),
] as const;
