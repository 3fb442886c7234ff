import { Argument, type Command } from 'commander';
import { SUBJECT_IDENTITIES, type SubjectIdentity } from '#operator/privacy/index.ts';
import { numberArgument } from './argument.ts';
import { type ConfirmationOptions, confirm, withConfirmation } from './confirmation.ts';
import { withOperator } from './data-directory.ts';
import { refusing } from './failure.ts';
import type { Io } from './io.ts';
import { type CommonOptions, group, leaf } from './leaf.ts';
import { columns, isoTime, say, sayJson, shortTime } from './print.ts';

interface SubjectOptions extends CommonOptions {
  readonly reason: string;
  readonly author: string;
}

const named = (io: Io, command: Command): Command =>
  command
    .addArgument(new Argument('<identity>', 'by what it is named').choices(SUBJECT_IDENTITIES))
    .argument('<digits>', 'of the IMSI, MSISDN, ICCID or IMEI')
    .requiredOption('--reason <text>', 'why, for the audit log')
    .option('--author <name>', 'who does it', io.userName);

function exportCommand(io: Io): Command {
  const command = leaf(io, 'export', 'write all that is kept about a subscriber or handset, as JSON', [
    'assay subject export imsi 001010000000020 --reason "request of the subscriber" > subject.json',
  ]);
  return named(io, command).action((identity: SubjectIdentity, digits: string, options: SubjectOptions) =>
    withOperator(io, options, async ({ privacy }) => {
      const subject = privacy.subject(identity, digits);
      for (const piece of privacy.export(subject, options.author, options.reason)) await io.write(piece);
    }),
  );
}

function eraseCommand(io: Io): Command {
  const command = leaf(io, 'erase', 'propose to erase what is kept about one; a second person has to approve it', [
    'assay subject erase imsi 001010000000020 --reason "request of the subscriber"',
    'assay approval approve 7 --approver grace   (the other person)',
  ]);
  return withConfirmation(named(io, command)).action(
    async (identity: SubjectIdentity, digits: string, options: SubjectOptions & ConfirmationOptions) => {
      await confirm(
        io,
        options,
        `What is kept about ${identity} ${digits} will be erased when a second person agrees.`,
      );
      await withOperator(io, options, async ({ privacy, register }) => {
        const change = { about: 'erasure', ...privacy.subject(identity, digits) } as const;
        const proposal = refusing(() => register.propose(change, options.author, options.reason));
        const id = proposal.outcome === 'waiting' ? proposal.id : undefined;
        if (options.json) return sayJson(io, { waiting: id });
        return say(io, `change ${id} waits for a second person: assay approval approve ${id} --approver NAME`);
      });
    },
  );
}

function erasuresCommand(io: Io): Command {
  return leaf(io, 'erasures', 'erasures that two people agreed to, the newest first', ['assay subject erasures'])
    .option('--limit <number>', 'most erasures', numberArgument(1, 1000), 50)
    .action((options: CommonOptions & { readonly limit: number }) =>
      withOperator(io, options, ({ privacy }) => {
        const found = privacy.erasures(options.limit);
        const time = (at: number | undefined) => (at === undefined ? undefined : isoTime(at));
        if (options.json)
          return sayJson(io, {
            erasures: found.map((one) => ({ ...one, at: time(one.at), doneAt: time(one.doneAt) })),
          });
        if (found.length === 0) return say(io, 'nothing was erased');
        const rows = found.map(({ id, at, subject, author, approvedBy, doneAt, erased }) => [
          ...[String(id), shortTime(at), subject, author, approvedBy],
          ...[doneAt === undefined ? 'goes on' : shortTime(doneAt), String(erased)],
        ]);
        return say(io, ...columns([['number', 'time (UTC)', 'subject', 'by', 'and by', 'done', 'erased'], ...rows]));
      }),
    );
}

/** `assay subject`: what is kept about one subscriber or handset. */
export const subjectCommand = (io: Io): Command =>
  group('subject', 'what is kept about one subscriber or handset: export, erase, erasures', [
    exportCommand(io),
    eraseCommand(io),
    erasuresCommand(io),
  ]);
