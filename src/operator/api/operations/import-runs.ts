import Type from 'typebox';
import { RefusalError, refusalAbout } from '#base/sentence/index.ts';
import { type ImportRun, LISTS, type Register, RUN_OUTCOMES } from '#operator/register/index.ts';
import type { EventStreams, Followed } from '../event-stream.ts';
import { type Operation, operation } from '../operation.ts';
import { ProblemError } from '../problem.ts';
import { RESOURCE } from '../refusals.ts';
import { Count, closed, Limit, list, names, Reason, rowsOf, Text, Time } from '../schema.ts';
import type { ApiSources } from '../sources.ts';
import { optionalTime, time } from '../view.ts';
import { streamOperation } from './events.ts';

/** What the API calls what an import does. */
const PHASE = { reading: 'receiving', comparing: 'checking', writing: 'writing' } as const;

/** A file under way, or one that was lately. */
export const ImportRunOf = closed({
  run: Type.Integer({ minimum: 1, description: 'its number; that of its batch, if it writes one, is another' }),
  version: { ...Count, description: 'rises with every change of any of them' },
  at: Time,
  list: names(LISTS),
  source: Text,
  author: Text,
  name: Text,
  isDryRun: Type.Boolean({ description: 'it only shows its effect' }),
  phase: names(Object.values(PHASE), 'what it does, or did last'),
  done: { ...Count, description: 'lines read, or entries compared or written' },
  of: Type.Optional({ ...Count, description: 'of so many; missing where that is not known' }),
  octets: { ...Count, description: 'octets of the file read so far' },
  batch: Type.Optional({ ...Count, description: 'the import that it writes; it counts when the run is `applied`' }),
  state: names(
    ['running', ...RUN_OUTCOMES],
    'running: under way; cutOff: its process died, or was not heard of for 15 s. Only `applied` has changed anything.',
  ),
  endedAt: Type.Optional(Time),
  cancelledBy: Type.Optional(Text),
  cancelReason: Type.Optional(Text),
});

/** The same as it is shown. */
export const importRunView = ({ at, phase, outcome, endedAt, ...run }: ImportRun) => ({
  ...run,
  at: time(at),
  phase: PHASE[phase],
  state: outcome ?? ('running' as const),
  endedAt: optionalTime(endedAt),
});

/** What every follower of imports sees. */
const importsFollowed = ({ register: { importRuns } }: ApiSources): Followed => ({
  newest: () => importRuns.version(),
  after: (version, most) =>
    importRuns
      .changedAfter(version, most)
      .map((run) => ({ id: run.version, kind: 'importRun', data: importRunView(run) })),
});

function found({ importRuns }: Register, run: number): ImportRun {
  const one = importRuns.find(run);
  if (one !== undefined) return one;
  throw new ProblemError('no-such-resource', RESOURCE.say('importRunUnknown'));
}

const Run = closed({ run: Type.Integer({ minimum: 1 }) });

/** Files under way: how far they are, and their end by a person. */
export const importRunOperations = (streams: EventStreams): readonly Operation[] => [
  operation({
    id: 'getImportRuns',
    method: 'GET',
    path: '/api/v1/import-runs',
    tag: 'lists',
    summary: 'Files under way and those that were lately, the newest first, dry runs too.',
    description:
      'Whoever reads or writes them: this service or a command. `version` is where their stream goes on from.',
    permission: 'imports.read',
    query: closed({ limit: Type.Optional(Limit) }),
    answer: closed({ runs: list(ImportRunOf), version: Count }),
    run({ sources: { register }, query }) {
      const version = register.importRuns.version();
      return { runs: register.importRuns.newest(rowsOf(query.limit)).map(importRunView), version };
    },
  }),
  streamOperation(
    streams,
    {
      id: 'followImportRuns',
      path: '/api/v1/import-runs/stream',
      tag: 'lists',
      summary: 'How far files under way are, as server-sent events.',
      description:
        'Each event has the version as `id`, `importRun` as `event` and the run as it is now as `data`: what changed twice meanwhile is told once. A reader that comes back with Last-Event-ID (or `after`) hears how all stand that changed since.',
      permission: 'imports.read',
    },
    importsFollowed,
  ),
  operation({
    id: 'getImportRun',
    method: 'GET',
    path: '/api/v1/import-runs/:run',
    tag: 'lists',
    summary: 'One file under way, or one that was lately.',
    permission: 'imports.read',
    params: Run,
    answer: closed({ run: ImportRunOf }),
    problems: ['no-such-resource'],
    run: ({ sources: { register }, params }) => ({ run: importRunView(found(register, params.run)) }),
  }),
  operation({
    id: 'cancelImport',
    method: 'POST',
    path: '/api/v1/import-runs/:run/cancel',
    tag: 'lists',
    summary:
      'Ends an import under way, whoever began it: nothing of it counts. One that counts already is to be undone.',
    permission: 'imports.upload',
    params: Run,
    body: closed({ reason: Reason }),
    answer: closed({ run: ImportRunOf }),
    problems: ['conflict', 'no-such-resource'],
    async run({ sources: { register }, params: { run }, author, body: { reason } }) {
      found(register, run);
      try {
        register.importRuns.cancel({ run, author, reason });
      } catch (error) {
        if (!(error instanceof RefusalError)) throw error;
        throw new ProblemError('conflict', refusalAbout(error.refusal, error.about ?? ''));
      }
      await register.settleImports();
      return { run: importRunView(found(register, run)) };
    },
  }),
];
