import { type Command, InvalidArgumentError } from 'commander';
import type { Audit, AuditFault } from '#operator/audit/index.ts';
import { numberArgument } from './argument.ts';
import { withOperator } from './data-directory.ts';
import { EXIT } from './failure.ts';
import type { Io } from './io.ts';
import { type CommonOptions, group, leaf } from './leaf.ts';
import { columns, isoTime, say, sayJson, shortTime } from './print.ts';
import { progressOf } from './progress.ts';

interface Head {
  readonly id: number;
  readonly chain: string;
}

function headArgument(text: string): Head {
  const found = /^(\d{1,15}):([0-9a-f]{32})$/i.exec(text);
  if (found === null) throw new InvalidArgumentError("expected NUMBER:CHAIN, as 'assay audit verify' printed it");
  return { id: Number(found[1]), chain: String(found[2]).toUpperCase() };
}

/** The first fault of the chain, looked for with the eyes of who waits. */
function verified(io: Io, audit: Audit, head: Head | undefined, entries: number): AuditFault | undefined {
  const progress = progressOf(io, 'verifying', 'entries');
  const steps = audit.verification(head);
  for (;;) {
    const step = steps.next();
    if (step.done !== true) {
      progress.at(step.value, entries);
      continue;
    }
    progress.end();
    return step.value;
  }
}

function verifyCommand(io: Io): Command {
  return leaf(io, 'verify', 'check the chain of the log; status 1 when an entry was changed, removed or inserted', [
    'assay audit verify',
    'assay audit verify --head 12:5F2A…   (32 digits, noted elsewhere before: proves that the log was not cut)',
  ])
    .option('--head <number:chain>', 'a head that was noted before: the log must still contain it', headArgument)
    .action((options: CommonOptions & { readonly head?: Head }) =>
      withOperator(
        io,
        options,
        ({ audit }) => {
          const head = audit.head();
          const fault = verified(io, audit, options.head, head.id);
          if (fault !== undefined) io.exitCode = EXIT.no;
          if (options.json) return sayJson(io, { whole: fault === undefined, entries: head.id, head, fault });
          if (fault !== undefined) return say(io, `broken at entry ${fault.id}: ${fault.problem}`);
          return say(io, `whole: ${head.id} entries`, `head: ${head.id}:${head.chain}`);
        },
        true,
      ),
    );
}

function showCommand(io: Io): Command {
  return leaf(io, 'show', 'the newest entries of the log, newest first', ['assay audit show --limit 20'])
    .option('--limit <number>', 'most entries', numberArgument(1, 1000), 50)
    .action((options: CommonOptions & { readonly limit: number }) =>
      withOperator(io, options, ({ audit }) => {
        const entries = audit.newest(options.limit);
        if (options.json)
          return sayJson(io, { entries: entries.map((entry) => ({ ...entry, at: isoTime(entry.at) })) });
        const rows = entries.map(({ id, at, kind, author, subject, detail }) => [
          ...[String(id), shortTime(at), kind, author, subject],
          detail === undefined ? '(erased)' : JSON.stringify(detail),
        ]);
        return say(io, ...columns([['entry', 'time (UTC)', 'kind', 'author', 'subject', 'detail'], ...rows]));
      }),
    );
}

/** `assay audit`: the operator's log. */
export function auditCommand(io: Io): Command {
  return group('audit', 'the log of who ordered, listed and judged what', [verifyCommand(io), showCommand(io)]);
}
