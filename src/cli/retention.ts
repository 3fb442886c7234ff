import type { Command } from 'commander';
import { RETENTION_RULES, type RetentionName } from '#operator/privacy/index.ts';
import { withOperator } from './data-directory.ts';
import type { Io } from './io.ts';
import { type CommonOptions, group, leaf } from './leaf.ts';
import { columns, isoTime, say, sayJson } from './print.ts';

const NAMES = Object.keys(RETENTION_RULES) as readonly RetentionName[];

function showCommand(io: Io): Command {
  return leaf(io, 'show', "how long what is kept; 'assay register set' changes it", [
    'assay retention show',
    'assay register set retention.reports 180 --reason "data protection officer"',
  ]).action((options: CommonOptions) =>
    withOperator(io, options, ({ privacy }) => {
      const rules = NAMES.map((name) => ({ name, days: privacy.days(name), what: RETENTION_RULES[name].what }));
      const last = privacy.lastRun();
      if (options.json) return sayJson(io, { rules, lastRun: last && { ...last, at: isoTime(last.at) } });
      const rows = rules.map(({ name, days, what }) => [name, String(days), what]);
      const ran = last === undefined ? 'it has not run yet' : `it ran last at ${isoTime(last.at)}`;
      return say(io, ...columns([['setting', 'days', 'what'], ...rows]), ran);
    }),
  );
}

function runCommand(io: Io): Command {
  return leaf(io, 'run', 'erase now what is older than kept, and what two people agreed to erase', [
    'assay retention run',
  ]).action((options: CommonOptions) =>
    withOperator(io, options, ({ privacy }) => {
      const { erased } = privacy.run();
      if (options.json) return sayJson(io, { erased });
      return say(io, ...columns(NAMES.map((name) => [name, String(erased[name])])));
    }),
  );
}

/** `assay retention`: how long personal data are kept. */
export const retentionCommand = (io: Io): Command =>
  group('retention', 'how long personal data are kept: show, run', [showCommand(io), runCommand(io)]);
