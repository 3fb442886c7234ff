import type { Command } from 'commander';
import { Imei } from '#base/identity/index.ts';
import { RefusalError } from '#base/sentence/index.ts';
import type { Gateway } from '#operator/gateway/index.ts';
import type {
  EntryChange,
  FileChange,
  ListChange,
  ListName,
  ProposedChange,
  Register,
  UndoNumbers,
  UserProposal,
} from '#operator/register/index.ts';
import { REGISTER_REFUSALS, rulesText, withoutSecret } from '#operator/register/index.ts';
import { numberArgument } from './argument.ts';
import { withOperator } from './data-directory.ts';
import { EXIT, Failure, refusing, wrongInput } from './failure.ts';
import type { Io } from './io.ts';
import { type CommonOptions, group, leaf } from './leaf.ts';
import { columns, isoTime, plain, say, sayJson, shortTime } from './print.ts';
import { progressOf } from './progress.ts';
import { rangeName } from './range.ts';

/** What an order to a fleet needs. */
interface Rooms {
  readonly approvals: Register['approvals'];
  readonly gateway: Gateway;
}

interface DecideOptions extends CommonOptions {
  readonly approver: string;
  readonly reason: string;
}

/** How the second person says yes to a file: it is not kept, so he brings it again. */
export function approvingImport(
  id: number,
  file: { readonly list: ListName; readonly source: string; readonly isFull: boolean; readonly isMapped: boolean },
): string {
  const { list, source, isFull, isMapped } = file;
  const said = `--list ${list}${isFull ? ' --full' : ''} --source '${plain(source)}'${isMapped ? ' --map …' : ''}`;
  return `assay list import FILE ${said} --approve ${id} --author …`;
}

const approvingFile = (id: number, { list, source, kind, mapping }: FileChange): string =>
  approvingImport(id, { list, source, isFull: kind === 'full', isMapped: mapping !== undefined });

/** A change in words. */
function changeWords(change: ListChange): string {
  switch (change.about) {
    case 'file': {
      const { name, list, source, kind, added, removed, updated, subscribersHit } = change;
      const numbers = `${added} added, ${removed} removed, ${updated} changed, ${subscribersHit} handsets in use cut off`;
      return `import ${name} (${kind}) into the ${list} list of ${source}: ${numbers}`;
    }
    case 'undo': {
      const { batch, name, list, source } = change;
      return `undo import ${batch} (${name}) of the ${list} list of ${source}: ${undoWords(change)}`;
    }
    case 'imsiDefault': {
      if (change.change === 'remove') return `take away the default of subscribers ${change.prefix}…`;
      return `set the default of subscribers ${change.prefix}… to ${change.answer}`;
    }
    case 'erasure':
      return `erase what is kept about ${change.identity} ${change.digits}`;
    case 'maker':
      return `withdraw the root of maker ${change.identifier}`;
    case 'setting':
      return `set ${change.name} from ${change.before} to ${change.value}`;
    case 'user':
      return userWords(change);
    case 'token':
      return `make the token ${change.name}: ${change.role} until ${shortTime(change.expiresAt)}`;
    case 'fleet': {
      const { select, rules, changed, losing, gaining } = change;
      const whom = rulesText(select) === '' ? 'all UICCs' : `UICCs of ${rulesText(select)}`;
      return `order ${rulesText(rules)} for ${whom}: ${changed} change, ${losing} lose service, ${gaining} get it`;
    }
    case 'imei':
      return entryWords(change, Imei.parse(change.imei).withCheckDigit);
    case 'range':
      return entryWords(change, bounds(change));
    case 'pair': {
      const { firstImsi, lastImsi } = change;
      const imsis = firstImsi === lastImsi ? firstImsi : `${firstImsi}-${lastImsi}`;
      return `${change.change} ${change.kind}: ${bounds(change)} with ${imsis}, of ${change.source}${caseWords(change)}`;
    }
  }
}

/** What becomes of a user. */
function userWords({ change, name, role, roleBefore, isEnabled, isPasswordNew }: UserProposal): string {
  if (change === 'add') return `make the user ${name}: ${role}`;
  const words = [
    ...(role !== undefined && role !== roleBefore ? [`${role} instead of ${roleBefore}`] : []),
    ...(isEnabled === undefined ? [] : [isEnabled ? 'may sign in' : 'may not sign in']),
    ...(isPasswordNew ? ['another password'] : []),
  ];
  return `change the user ${name}: ${words.join(', ')}`;
}

/** What an undoing does, in one line. */
export function undoWords(numbers: UndoNumbers): string {
  const { leaving, returning, restored, rules, subscribersHit, subscribersFreed } = numbers;
  const entries = `${leaving} go, ${returning} come back, ${restored} become what they were, ${rules} ranges and pairs`;
  return `${entries}; ${subscribersHit} handsets in use cut off, ${subscribersFreed} freed`;
}

const bounds = ({ first, last }: { readonly first: string; readonly last: string }): string =>
  rangeName({ first: Imei.parse(first), last: Imei.parse(last) });

function entryWords(change: EntryChange & { readonly about: 'imei' | 'range' }, subject: string): string {
  const where = `the ${change.list} list of ${change.source}`;
  if (change.change === 'remove') return `take ${subject} off ${where}`;
  return `put ${subject} on ${where}: ${change.reason}${caseWords(change)}`;
}

/** Case, note and end of what would be made. */
function caseWords(change: EntryChange): string {
  if (change.change === 'remove' || change.about === 'imsiDefault') return '';
  const { note, caseReference, expiresAt } = change;
  const until = expiresAt === undefined ? '' : `until ${shortTime(expiresAt)}`;
  const words = [caseReference, note, until].filter((word) => word !== '');
  return words.length === 0 ? '' : ` (${words.join(', ')})`;
}

const json = ({ at, decidedAt, change, ...proposed }: ProposedChange) => ({
  ...proposed,
  change: change.about === 'user' || change.about === 'token' ? withoutSecret(change) : change,
  at: isoTime(at),
  decidedAt: decidedAt === undefined ? undefined : isoTime(decidedAt),
});

function listCommand(io: Io): Command {
  return leaf(io, 'list', 'changes that wait for a second person, the oldest first', [
    'assay approval list',
    'assay approval list --all --limit 20',
  ])
    .option('--all', 'also what was decided or has expired, the newest first', false)
    .option('--limit <number>', 'most changes', numberArgument(1, 1000), 50)
    .action((options: CommonOptions & { readonly all: boolean; readonly limit: number }) =>
      withOperator(io, options, ({ register: { approvals } }) => {
        const found = options.all ? approvals.newest(options.limit) : approvals.waiting(options.limit);
        if (options.json) return sayJson(io, { changes: found.map(json) });
        if (found.length === 0) return say(io, options.all ? 'no changes' : 'no change waits');
        const rows = found.map(({ id, at, author, reason, change, state, decidedBy = '' }) => [
          ...[String(id), shortTime(at), author, changeWords(change), reason],
          ...(options.all ? [state, decidedBy] : []),
        ]);
        const heading = ['number', 'since', 'proposed by', 'change', 'why', ...(options.all ? ['state', 'by'] : [])];
        return say(io, ...columns([heading, ...rows]));
      }),
    );
}

const idArgument = numberArgument(1, Number.MAX_SAFE_INTEGER);

/** Looks at what an order to a fleet would do now. Throws Failure when it is more than was shown. */
async function lookAgain(
  { approvals, gateway }: Rooms,
  proposed: ProposedChange | undefined,
  by: string,
): Promise<void> {
  if (proposed?.change.about !== 'fleet') return;
  const { change, id } = proposed;
  const { selected, changed, losing, gaining } = await gateway.previewPolicy(change.select, change.rules);
  if (refusing(() => approvals.lookedAgain(id, { selected, changed, losing, gaining }, by))) return;
  const numbers = { shown: change.changed, shownLosing: change.losing, changed, losing };
  const { message } = new RefusalError(REGISTER_REFUSALS.say('fleetGrew', numbers), `change ${id}`);
  throw new Failure(EXIT.no, message);
}

/** Carries out an approved order to a fleet; how many orders. */
async function ordered(io: Io, { approvals, gateway }: Rooms, id: number, changed: number): Promise<number> {
  const progress = progressOf(io, 'ordering', 'UICCs');
  let queued = 0;
  for (let after: string | undefined = ''; after !== undefined; ) {
    const above: string = after;
    const part = refusing(() =>
      approvals.carryOut(id, ({ select, rules, author, reason, caseReference }, most) =>
        gateway.policyForFleet(select, { change: rules, author, reason, caseReference }, { after: above, most }),
      ),
    );
    queued += part?.queued ?? 0;
    after = part?.next;
    progress.at(queued, changed);
    await new Promise((resolve) => setImmediate(resolve));
  }
  progress.end();
  return queued;
}

function approveCommand(io: Io): Command {
  return leaf(
    io,
    'approve',
    'agree to a change as the second person: it is made at once, in the name of who proposed it',
    ['assay approval approve 7 --approver grace --reason "case file seen"'],
  )
    .argument('<number>', "number of the change, see 'assay approval list'", idArgument)
    .option('--approver <name>', 'who agrees; not who proposed it', io.userName)
    .option('--reason <text>', 'why', '')
    .action((id: number, { approver, reason, ...options }: DecideOptions) =>
      withOperator(io, options, async ({ register: { approvals, settleImports }, gateway }) => {
        // What a process that died has left is taken back before anything else is.
        await settleImports();
        const proposed = approvals.find(id);
        if (proposed?.state === 'waiting' && proposed.change.about === 'file')
          throw wrongInput(`change ${id} is a file: look at it, then ${approvingFile(id, proposed.change)}`);
        await lookAgain({ approvals, gateway }, proposed, approver);
        const { changed } = refusing(() => approvals.decide(id, { approver, verdict: 'approve', reason }));
        await settleImports();
        if (proposed?.change.about === 'fleet') {
          const queued = await ordered(io, { approvals, gateway }, id, proposed.change.changed);
          if (options.json) return sayJson(io, { approved: id, changed, queued });
          return say(io, `change ${id} is approved: ${queued} orders are queued`);
        }
        if (options.json) return sayJson(io, { approved: id, changed });
        return say(
          io,
          changed ? `change ${id} is approved and made` : `change ${id} is approved; there was nothing to remove`,
        );
      }),
    );
}

function rejectCommand(io: Io): Command {
  return leaf(io, 'reject', 'say no to a change as the second person: it is never made', [
    'assay approval reject 7 --approver grace --reason "no case number"',
  ])
    .argument('<number>', "number of the change, see 'assay approval list'", idArgument)
    .option('--approver <name>', 'who says no; not who proposed it', io.userName)
    .requiredOption('--reason <text>', 'why')
    .action((id: number, { approver, reason, ...options }: DecideOptions) =>
      withOperator(io, options, ({ register: { approvals } }) => {
        if (reason.trim() === '') throw wrongInput('--reason: expected a reason, got nothing');
        refusing(() => approvals.decide(id, { approver, verdict: 'reject', reason }));
        if (options.json) return sayJson(io, { rejected: id });
        return say(io, `change ${id} is rejected`);
      }),
    );
}

/** `assay approval`: changes that two persons make (setting `approval`). */
export const approvalCommand = (io: Io): Command =>
  group('approval', 'changes that wait for a second person: list, approve, reject', [
    listCommand(io),
    approveCommand(io),
    rejectCommand(io),
  ]);
