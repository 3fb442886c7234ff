import { Argument, type Command, InvalidArgumentError } from 'commander';
import type { Imsi } from '#base/identity/index.ts';
import { type ImeiRange, type ImsiRange, OWN_SOURCE, PAIR_RULES, type PairRuleKind } from '#operator/register/index.ts';
import { dayArgument, imsiArgument, numberArgument } from './argument.ts';
import { withOperator } from './data-directory.ts';
import { EXIT, wrongInput } from './failure.ts';
import type { Io } from './io.ts';
import { type CommonOptions, group, leaf } from './leaf.ts';
import { columns, isoTime, say, sayJson, shortTime } from './print.ts';
import { proposing } from './proposing.ts';
import { rangeArgument, rangeName } from './range.ts';

interface RuleOptions extends CommonOptions {
  readonly source: string;
  readonly author: string;
}

/** One IMSI, or `FIRST-LAST` of the same length. */
function subscribersArgument(text: string): ImsiRange {
  const [first = '', last = first, more] = text.split('-', 3);
  if (more !== undefined) throw new InvalidArgumentError('expected one IMSI, or FIRST-LAST');
  return { firstImsi: imsiArgument(first), lastImsi: imsiArgument(last) };
}

const subscribersName = ({ firstImsi, lastImsi }: { readonly firstImsi: Imsi; readonly lastImsi: Imsi }) =>
  firstImsi.digits === lastImsi.digits ? firstImsi.digits : `${firstImsi}-${lastImsi}`;

/** Bounds as a change of the lists says them. */
const written = ({ first, last }: ImeiRange, { firstImsi, lastImsi }: ImsiRange) => ({
  first: first.equipment,
  last: last.equipment,
  firstImsi: firstImsi.digits,
  lastImsi: lastImsi.digits,
});

const kindArgument = () =>
  new Argument(
    '<kind>',
    'allow: these subscribers may use these handsets whatever a list says; lock: they belong together, and to nobody else',
  ).choices(PAIR_RULES);

function addCommand(io: Io): Command {
  return leaf(io, 'add', 'allow subscribers to use handsets that a list names, or lock a fleet together', [
    'assay pair add allow 35342009123450 262011234567890 --note "recovered by its owner" --case A-7',
    'assay pair add lock 35342009 262010000000000-262010000009999 --note "meters of plant 3"',
  ])
    .addArgument(kindArgument())
    .argument('<handsets>', 'an IMEI, a TAC of 8 digits, or FIRST-LAST', rangeArgument)
    .argument('<subscribers>', 'an IMSI, or FIRST-LAST of the same length', subscribersArgument)
    .option('--note <text>', 'why, in your own words', '')
    .option('--case <reference>', 'case or complaint number', '')
    .option('--expires <day>', 'last day it counts, YYYY-MM-DD (UTC); without it until removed', dayArgument)
    .option('--source <name>', 'whose rule it is', OWN_SOURCE)
    .option('--author <name>', 'who decides', io.userName)
    .action(
      (
        kind: PairRuleKind,
        handsets: ImeiRange,
        subscribers: ImsiRange,
        options: RuleOptions & { readonly note: string; readonly case: string; readonly expires?: number },
      ) =>
        withOperator(io, options, async ({ register }) => {
          const { note, source, expires } = options;
          const added = await proposing(
            io,
            register,
            {
              ...{ about: 'pair', change: 'add', kind, ...written(handsets, subscribers) },
              ...{ note, source, caseReference: options.case },
              ...(expires !== undefined && { expiresAt: expires }),
            },
            { ...options, why: note },
          );
          if (added === undefined) return;
          if (options.json) return sayJson(io, { rules: register.pairRules.count() });
          return say(io, `${kind}: ${rangeName(handsets)} with ${subscribersName(subscribers)}`);
        }),
    );
}

function removeCommand(io: Io): Command {
  return leaf(io, 'remove', 'take such a rule back; status 1 when that source had not made it', [
    'assay pair remove allow 35342009123450 262011234567890 --reason "sold"',
  ])
    .addArgument(kindArgument())
    .argument('<handsets>', 'as when it was made', rangeArgument)
    .argument('<subscribers>', 'as when it was made', subscribersArgument)
    .requiredOption('--reason <text>', 'why')
    .option('--source <name>', 'whose rule it is', OWN_SOURCE)
    .option('--author <name>', 'who decides', io.userName)
    .action(
      (
        kind: PairRuleKind,
        handsets: ImeiRange,
        subscribers: ImsiRange,
        options: RuleOptions & { readonly reason: string },
      ) =>
        withOperator(io, options, async ({ register }) => {
          const { reason, source } = options;
          if (reason.trim() === '') throw wrongInput('--reason: expected a reason, got nothing');
          const removed = await proposing(
            io,
            register,
            { about: 'pair', change: 'remove', kind, source, ...written(handsets, subscribers) },
            { ...options, why: reason },
          );
          if (removed === undefined) return;
          if (!removed) io.exitCode = EXIT.no;
          if (options.json) return sayJson(io, { removed });
          return say(io, removed ? 'the rule is gone' : `${source} has made no such rule`);
        }),
    );
}

function showCommand(io: Io): Command {
  return leaf(io, 'show', 'the rules about handset and subscriber together', ['assay pair show'])
    .option('--after <number>', 'go on behind the rule with this number', numberArgument(0, Number.MAX_SAFE_INTEGER), 0)
    .option('--limit <number>', 'most rules', numberArgument(1, 1000), 50)
    .action((options: CommonOptions & { readonly after: number; readonly limit: number }) =>
      withOperator(io, options, async ({ register: { pairRules } }) => {
        const rules = pairRules.page(options.after, options.limit);
        const next = rules.length === options.limit ? rules.at(-1)?.id : undefined;
        if (options.json)
          return sayJson(io, {
            rules: rules.map(({ first, last, firstImsi, lastImsi, addedAt, expiresAt, ...rule }) => ({
              ...{ ...rule, first: first.equipment, last: last.equipment },
              ...{ firstImsi: firstImsi.digits, lastImsi: lastImsi.digits, addedAt: isoTime(addedAt) },
              expiresAt: expiresAt === undefined ? undefined : isoTime(expiresAt),
            })),
            next,
          });
        if (rules.length === 0) return say(io, 'no rules');
        const rows = rules.map((rule) => [
          ...[String(rule.id), rule.kind, rangeName(rule), subscribersName(rule), rule.note, rule.caseReference],
          ...[rule.source, shortTime(rule.addedAt)],
        ]);
        const heading = ['number', 'kind', 'handsets', 'subscribers', 'note', 'case', 'source', 'since'];
        return say(io, ...columns([heading, ...rows]), ...(next === undefined ? [] : [`more: --after ${next}`]));
      }),
    );
}

/** `assay pair`: rules about handset and subscriber together. */
export const pairCommand = (io: Io): Command =>
  group('pair', 'rules about handset and subscriber together: allowed pairs, and fleets locked to their handsets', [
    addCommand(io),
    removeCommand(io),
    showCommand(io),
  ]);
