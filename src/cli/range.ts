import { type Command, InvalidArgumentError, Option } from 'commander';
import { IdentityError, Imei, Tac } from '#base/identity/index.ts';
import {
  type ImeiRange,
  LIST_REASONS,
  LISTS,
  type ListName,
  type ListReason,
  OWN_SOURCE,
  type RangeEntry,
  rangeOfTac,
  tacOfRange,
} from '#operator/register/index.ts';
import { dayArgument, numberArgument } from './argument.ts';
import { withOperator } from './data-directory.ts';
import { EXIT, wrongInput } from './failure.ts';
import type { Io } from './io.ts';
import { type CommonOptions, group, leaf } from './leaf.ts';
import { columns, isoTime, say, sayJson, shortTime } from './print.ts';
import { proposing } from './proposing.ts';

interface RangeOptions extends CommonOptions {
  readonly list: ListName;
  readonly source: string;
  readonly author: string;
}
interface AddOptions extends RangeOptions {
  readonly reason: ListReason;
  readonly note: string;
  readonly case: string;
  readonly expires?: number;
}

const EQUIPMENT_DIGITS = 14;

/** A TAC of 8 digits, one IMEI, or `FIRST-LAST` of 14 digits each. */
export function rangeArgument(text: string): ImeiRange {
  try {
    if (/^\d{8}$/.test(text)) return rangeOfTac(Tac.parse(text));
    const [first = '', last = first] = text.split('-', 2);
    if (first.length < EQUIPMENT_DIGITS || last.length < EQUIPMENT_DIGITS)
      throw new InvalidArgumentError('expected a TAC of 8 digits, or FIRST-LAST of 14 digits each');
    return { first: Imei.parse(first), last: Imei.parse(last) };
  } catch (error) {
    if (error instanceof IdentityError) throw new InvalidArgumentError(error.message);
    throw error;
  }
}

/** A range in words, as short as it can be said. */
export function rangeName(range: ImeiRange): string {
  const { first, last } = range;
  if (first.equals(last)) return first.equipment;
  return tacOfRange(range)?.digits ?? `${first.equipment}-${last.equipment}`;
}

/** Bounds as a change of the lists says them. */
const written = ({ first, last }: ImeiRange) => ({ first: first.equipment, last: last.equipment });

const listOption = () =>
  new Option('--list <list>', 'black (Prohibited), grey (Tracking) or white (Permitted)')
    .choices(LISTS)
    .makeOptionMandatory();

/** An entry as `--json` shows it. */
export const rangeJson = ({ first, last, addedAt, expiresAt, ...entry }: RangeEntry) => ({
  ...{ first: first.equipment, last: last.equipment, tac: tacOfRange({ first, last })?.digits, ...entry },
  addedAt: isoTime(addedAt),
  expiresAt: expiresAt === undefined ? undefined : isoTime(expiresAt),
});

/** Entries as lines under a heading. */
export function rangeLines(entries: readonly RangeEntry[]): readonly string[] {
  const rows = entries.map(({ id, list, reason, note, caseReference, source, addedAt, ...range }) => [
    ...[String(id), rangeName(range), list, note === '' ? reason : `${reason} (${note})`, caseReference, source],
    shortTime(addedAt),
  ]);
  return columns([['number', 'range', 'list', 'reason', 'case', 'source', 'since'], ...rows]);
}

function addCommand(io: Io): Command {
  return leaf(io, 'add', 'put all IMEIs of a TAC, or of any range, on a list', [
    'assay range add 35342009 --list black --reason malformed --case TAC-7 --note "never allocated"',
    'assay range add 35342009100000-35342009199999 --list grey --reason other --expires 2027-01-31',
  ])
    .argument('<range>', 'TAC of 8 digits, or FIRST-LAST of 14 digits each', rangeArgument)
    .addOption(listOption())
    .addOption(new Option('--reason <reason>', 'why').choices(LIST_REASONS).makeOptionMandatory())
    .option('--note <text>', 'the reason in your own words', '')
    .option('--case <reference>', 'case or complaint number', '')
    .option('--expires <day>', 'last day it counts, YYYY-MM-DD (UTC); without it until removed', dayArgument)
    .option('--source <name>', 'whose entry it is', OWN_SOURCE)
    .option('--author <name>', 'who decides', io.userName)
    .action((range: ImeiRange, options: AddOptions) =>
      withOperator(io, options, async ({ register }) => {
        const { list, reason, note, source, expires } = options;
        const added = await proposing(
          io,
          register,
          {
            ...{ about: 'range', change: 'add', ...written(range) },
            ...{ list, reason, note, source, caseReference: options.case },
            ...(expires !== undefined && { expiresAt: expires }),
          },
          { ...options, why: note },
        );
        if (added === undefined) return;
        if (options.json) return sayJson(io, { entries: register.ranges.about(range.first).map(rangeJson) });
        return say(io, `${rangeName(range)} is on the ${list} list of ${source}`);
      }),
    );
}

function removeCommand(io: Io): Command {
  return leaf(io, 'remove', 'take a range off a list; status 1 when that source had not put it there', [
    'assay range remove 35342009 --list black --reason "the maker has shown its allocation"',
  ])
    .argument('<range>', 'TAC of 8 digits, or FIRST-LAST of 14 digits each', rangeArgument)
    .addOption(listOption())
    .requiredOption('--reason <text>', 'why')
    .option('--source <name>', 'whose entry it is', OWN_SOURCE)
    .option('--author <name>', 'who decides', io.userName)
    .action((range: ImeiRange, options: RangeOptions & { readonly reason: string }) =>
      withOperator(io, options, async ({ register }) => {
        const { list, reason, source } = options;
        if (reason.trim() === '') throw wrongInput('--reason: expected a reason, got nothing');
        const removed = await proposing(
          io,
          register,
          { about: 'range', change: 'remove', ...written(range), list, source },
          { ...options, why: reason },
        );
        if (removed === undefined) return;
        if (!removed) io.exitCode = EXIT.no;
        if (options.json) return sayJson(io, { removed });
        return say(io, `${rangeName(range)} ${removed ? 'is off' : 'was not on'} the ${list} list of ${source}`);
      }),
    );
}

function showCommand(io: Io): Command {
  return leaf(io, 'show', 'the ranges on lists, or those that hold one IMEI, the narrowest first', [
    'assay range show',
    'assay range show 35342009100001',
  ])
    .argument('[imei]', '14 digits', rangeArgument)
    .option(
      '--after <number>',
      'go on behind the entry with this number',
      numberArgument(0, Number.MAX_SAFE_INTEGER),
      0,
    )
    .option('--limit <number>', 'most entries', numberArgument(1, 1000), 50)
    .action(
      (imei: ImeiRange | undefined, options: CommonOptions & { readonly after: number; readonly limit: number }) =>
        withOperator(io, options, async ({ register: { ranges } }) => {
          const { after, limit } = options;
          const entries = imei === undefined ? ranges.page(after, limit) : ranges.about(imei.first);
          const next = imei === undefined && entries.length === limit ? entries.at(-1)?.id : undefined;
          if (options.json) return sayJson(io, { entries: entries.map(rangeJson), next });
          if (entries.length === 0) return say(io, 'no entries');
          const lines = rangeLines(entries);
          return say(io, ...lines, ...(next === undefined ? [] : [`more: --after ${next}`]));
        }),
    );
}

/** `assay range`: entries about type allocation codes and ranges. */
export const rangeCommand = (io: Io): Command =>
  group('range', 'list entries about whole TACs and ranges of IMEIs: add, remove, show', [
    addCommand(io),
    removeCommand(io),
    showCommand(io),
  ]);
