import type { CardReport, ProbedFile, ProbedService } from './probe.ts';
import { isimServiceName, usimServiceName } from './service-names.ts';

/** One thing that two cards have otherwise. */
export interface CardDifference {
  /** A file by its path, or a fact of the card. */
  readonly where: string;
  readonly what: string;
  readonly before: string;
  readonly now: string;
}

const NOTHING = '-';
const FACTS = ['kind', 'size', 'recordLength', 'records', 'shortIdentifier', 'lifeCycle', 'unread'] as const;
const NAMES: Readonly<Record<(typeof FACTS)[number], string>> = {
  kind: 'structure',
  size: 'size',
  recordLength: 'record length',
  records: 'records',
  shortIdentifier: 'short identifier',
  lifeCycle: 'life cycle',
  unread: 'reading',
};

const text = (value: unknown): string =>
  value === undefined ? NOTHING : typeof value === 'string' ? value : JSON.stringify(value);

function fileDifferences(before: ProbedFile, now: ProbedFile): readonly CardDifference[] {
  const where = now.path;
  const facts = FACTS.filter((name) => before[name] !== now[name]).map((name) => ({
    ...{ where, what: NAMES[name] },
    ...{ before: text(before[name]), now: text(now[name]) },
  }));
  return [...facts, ...accessDifferences(before, now), ...contentDifferences(before, now)];
}

function accessDifferences(
  { access: before }: ProbedFile,
  { path: where, access: now }: ProbedFile,
): readonly CardDifference[] {
  const modes = new Set([...Object.keys(before ?? {}), ...Object.keys(now ?? {})]);
  return [...modes]
    .filter((mode) => before?.[mode] !== now?.[mode])
    .map((mode) => ({ where, what: `may ${mode}`, before: text(before?.[mode]), now: text(now?.[mode]) }));
}

/** Records that differ: by their meaning where both have one, else by their octets. */
function contentDifferences(before: ProbedFile, now: ProbedFile): readonly CardDifference[] {
  if (before.content === undefined || now.content === undefined) return [];
  const count = Math.max(before.content.length, now.content.length);
  const isTransparent = now.kind === 'transparent';
  const differences: CardDifference[] = [];
  for (let i = 0; i < count; i++) {
    const [old, fresh] = [before.content[i], now.content[i]];
    if (old === fresh) continue;
    const meanings = [before.meaning?.[i] ?? undefined, now.meaning?.[i] ?? undefined];
    const isTold =
      meanings.every((one) => one !== undefined) && JSON.stringify(meanings[0]) !== JSON.stringify(meanings[1]);
    differences.push({
      where: now.path,
      what: isTransparent ? 'content' : `record ${i + 1}`,
      before: text(isTold ? meanings[0] : old),
      now: text(isTold ? meanings[1] : fresh),
    });
  }
  return differences;
}

/** Names of a list that the other does not have. */
const onlyIn = (these: readonly string[], those: readonly string[]) => these.filter((one) => !those.includes(one));

function listDifferences(where: string, before: readonly string[], now: readonly string[]): readonly CardDifference[] {
  return [
    ...onlyIn(before, now).map((what) => ({ where, what, before: 'there', now: NOTHING })),
    ...onlyIn(now, before).map((what) => ({ where, what, before: NOTHING, now: 'there' })),
  ];
}

/** By their numbers: another version may have named them otherwise. */
function serviceDifferences(
  where: string,
  name: (number: number) => string,
  ...[before, now]: readonly [readonly ProbedService[] | undefined, readonly ProbedService[] | undefined]
): readonly CardDifference[] {
  const named = (services: readonly ProbedService[] = []) => services.map(({ number }) => `${number} ${name(number)}`);
  return listDifferences(where, named(before), named(now));
}

/** What a card has otherwise than one that was probed before, file by file. */
export function differences(before: CardReport, now: CardReport): readonly CardDifference[] {
  const files = new Map(before.files.map((file) => [file.path, file]));
  const paths = (report: CardReport) => report.files.map(({ path }) => path);
  const applications = (report: CardReport) => report.applications.map(({ aid }) => aid);
  const atr = before.atr === now.atr ? [] : [{ where: 'card', what: 'ATR', before: before.atr, now: now.atr }];
  const changed = now.files.flatMap((file) => {
    const old = files.get(file.path);
    return old === undefined ? [] : fileDifferences(old, file);
  });
  return [
    ...atr,
    ...listDifferences('EF.DIR', applications(before), applications(now)),
    ...serviceDifferences('EF.UST', usimServiceName, before.services, now.services),
    ...serviceDifferences('EF.IST', isimServiceName, before.imsServices, now.imsServices),
    ...listDifferences('files', paths(before), paths(now)),
    ...changed,
  ];
}
