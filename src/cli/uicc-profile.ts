import { readFileSync, statSync } from 'node:fs';
import type { Command } from 'commander';
import { parse, YAMLError } from 'yaml';
import { Iccid, Imsi, Msisdn } from '#base/identity/index.ts';
import { plannedTables } from '#handset/uicc/index.ts';
import {
  type CardDocument,
  documentFrom,
  EXAMPLE_PROFILE,
  orderOf,
  personalisationFrom,
  profileOf,
  withoutSecrets,
} from '#lab/card-profile/index.ts';
import { LAB_NUMBERS, trustMaker } from '#lab/loopback/index.ts';
import { WorkshopError } from '#lab/workshop/index.ts';
import { iccidArgument } from './argument.ts';
import { withOperator, workshopOf } from './data-directory.ts';
import { wrongInput } from './failure.ts';
import type { Io } from './io.ts';
import { type CommonOptions, group, leaf } from './leaf.ts';
import { facts, say, sayJson } from './print.ts';

/** Octets of a document; the largest card fills a small part of it. */
const LARGEST_DOCUMENT = 1_048_576;
/** Anchors of YAML that stand for others: a few octets must not become a million. */
const MOST_ALIASES = 20;

/** A document from a file: YAML when its name says so, JSON otherwise. */
function read(file: string): unknown {
  const { size } = statSync(file);
  if (size > LARGEST_DOCUMENT)
    throw wrongInput(`${file}: expected a profile of at most ${LARGEST_DOCUMENT} octets, got ${size}`);
  const text = readFileSync(file, 'utf8');
  try {
    return /\.ya?ml$/i.test(file) ? parse(text, { maxAliasCount: MOST_ALIASES }) : JSON.parse(text);
  } catch (error) {
    if (error instanceof YAMLError || error instanceof SyntaxError || error instanceof ReferenceError)
      throw wrongInput(`${file}: expected JSON, or YAML in a file .yaml: ${error.message.split('\n', 1)[0]}`);
    throw error;
  }
}

/** The profile in a file, and whether its files make a card. */
export function profileFile(file: string): CardDocument {
  const document = documentFrom(read(file));
  const { files, ims } = document.card;
  if (files) plannedTables(files, ims !== undefined);
  return document;
}

/** Whose card it is. */
export interface CardIdentity {
  readonly iccid: Iccid;
  readonly imsi: Imsi;
  readonly msisdn: Msisdn;
}

const ISSUED_DIGITS = 18;
const raised = (digits: string, by: number) => String(BigInt(digits) + BigInt(by)).padStart(digits.length, '0');

/** Identities that follow each other from the first on. */
export function running({ iccid, imsi, msisdn }: CardIdentity, count: number): readonly CardIdentity[] {
  return Array.from({ length: count }, (_, i) =>
    i === 0
      ? { iccid, imsi, msisdn }
      : {
          iccid: Iccid.issue(raised(iccid.digits.slice(0, ISSUED_DIGITS), i)),
          imsi: Imsi.parse(raised(imsi.digits, i)),
          msisdn: Msisdn.parse(raised(msisdn.digits, i)),
        },
  );
}

/** Issues cards of a profile and writes them: paths of their files. None is issued when one is there already. */
export function personaliseByProfile(
  io: Io,
  options: CommonOptions,
  document: CardDocument,
  cards: readonly CardIdentity[],
): Promise<readonly string[]> {
  const workshop = workshopOf(io, options);
  const there = new Set(workshop.uiccs());
  const taken = cards.find(({ iccid }) => there.has(iccid.digits));
  if (taken !== undefined)
    throw new WorkshopError(`${taken.iccid.digits}: expected no such UICC, got one: choose another ICCID`);
  return withOperator(io, options, (operator) => {
    trustMaker(operator, workshop);
    const orders = cards.map((card) => orderOf(document, { ...card, author: io.userName, ...LAB_NUMBERS }));
    const issued = operator.subscribers.issueCards(orders);
    return issued.map((card) => workshop.personalise(personalisationFrom(document, card)));
  });
}

interface ShowOptions extends CommonOptions {
  readonly secrets: boolean;
}

/** `assay uicc profile`: cards as documents. */
export function profileCommand(io: Io): Command {
  const example = leaf(io, 'example', 'print a profile that shows every kind of member', [
    'assay uicc profile example > card.json',
  ]).action(() => io.write(EXAMPLE_PROFILE));
  const check = leaf(io, 'check', 'read a profile and say what card it makes; nothing is written', [
    'assay uicc profile check card.json',
  ])
    .argument('<file>', 'JSON, or YAML in a file .yaml')
    .action((file: string, options: CommonOptions) => checkProfile(io, file, options));
  const show = leaf(io, 'show', 'the profile that makes a card like this one', [
    'assay uicc profile show 8988211000000000201',
    'assay uicc profile show 8988211000000000201 --secrets > again.json',
  ])
    .argument('<iccid>', 'the UICC', iccidArgument)
    .option('--secrets', 'with keys and codes; the log keeps who asked', false)
    .action((iccid: Iccid, options: ShowOptions) => showProfile(io, iccid, options));
  return group('profile', 'profiles of cards as documents (docs/profile.md)', [example, check, show]);
}

function checkProfile(io: Io, file: string, options: CommonOptions): Promise<void> {
  const { iccid, imsi, msisdn, card, order } = profileFile(file);
  const { files } = card;
  const found = {
    iccid: iccid?.digits,
    imsi: imsi?.digits,
    msisdn: msisdn?.digits,
    algorithm: typeof order.algorithm === 'object' ? order.algorithm.kind : order.algorithm,
    files:
      files === undefined ? 'of the standard card' : `${files.files?.length ?? 0} other than the ${files.base} ones`,
    directories: files?.directories?.length,
    removed: files?.removed?.length,
  };
  return options.json ? sayJson(io, found) : say(io, ...facts(found));
}

async function showProfile(io: Io, iccid: Iccid, options: ShowOptions): Promise<void> {
  const found = workshopOf(io, options).personalisationOf(iccid);
  const document = profileOf(found);
  if (options.secrets)
    await withOperator(io, options, ({ audit }) =>
      audit.append({ kind: 'read', author: io.userName, subject: iccid.digits, detail: { profile: 'secrets' } }),
    );
  const shown = options.secrets ? document : withoutSecrets(document);
  return options.json ? sayJson(io, shown) : io.write(`${JSON.stringify(shown, undefined, 2)}\n`);
}
