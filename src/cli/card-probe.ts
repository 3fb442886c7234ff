import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { toHex } from '#base/codec/index.ts';
import type { Iccid } from '#base/identity/index.ts';
import {
  type CardDifference,
  type CardReport,
  CardSession,
  differences,
  type ProbedCommand,
  type ProbedFile,
  probe,
  probeToolkit,
} from '#handset/card-explorer/index.ts';
import { NAMELESS_ATR } from '#handset/connector/index.ts';
import { sampleCards } from '#lab/workshop/index.ts';
import { iccidArgument } from './argument.ts';
import {
  type CardPlace,
  type OpenCard,
  openPlace,
  PLACES,
  type PlaceOptions,
  placeArgument,
  withPlaceOptions,
} from './card-place.ts';
import { workshopOf } from './data-directory.ts';
import { EXIT, wrongInput } from './failure.ts';
import type { Io } from './io.ts';
import { type CommonOptions, leaf } from './leaf.ts';
import { columns, facts, plain, say, sayJson } from './print.ts';
import { progressOf } from './progress.ts';

/** Options of the commands that look at one UICC. */
export interface UiccPlaceOptions extends CommonOptions, PlaceOptions {
  readonly uicc?: CardPlace<Iccid>;
}

interface ProbeOptions extends UiccPlaceOptions {
  readonly reveal: boolean;
  readonly files: boolean;
  readonly toolkit: boolean;
  readonly compare?: string;
}

/** Adds `--uicc` and how a card in a reader is taken into use. */
export function withUiccPlace(command: Command): Command {
  return withPlaceOptions(
    command.option(
      '--uicc <card>',
      `the UICC: one of ours by its ICCID, or ${PLACES}; default: a sample card in memory`,
      placeArgument(iccidArgument),
    ),
  );
}

/** The UICC that was asked for; the sample card without. */
export async function openUicc(io: Io, options: UiccPlaceOptions): Promise<OpenCard> {
  if (options.uicc === undefined) return { door: sampleCards(io).uicc, close: () => {} };
  return openPlace(io, options.uicc, options, (iccid) => workshopOf(io, options).openUicc(iccid));
}

/** `assay card probe`. */
export function probeCommand(io: Io): Command {
  const command = leaf(
    io,
    'probe',
    'what a UICC is and can do: ATR, applications, services, PINs, files with their rules; or what it has otherwise than another (status 1)',
    [
      'assay card probe',
      "assay card probe --uicc 'pcsc:Omnikey' --files",
      "assay card probe --uicc 'pcsc:Omnikey' --json > works.json      # the card that works in phone B",
      "assay card probe --uicc 'pcsc:Omnikey' --compare works.json     # the card that does not: what it has otherwise",
      'assay card probe --uicc modem:/dev/ttyUSB2',
      "assay card probe --uicc 'pcsc:Omnikey' --toolkit",
    ],
  )
    .option('--files', 'every file with its structure and rules', false)
    .option(
      '--toolkit',
      'boot it as a handset does, and list the proactive commands that it sends: the card counts a power-on, in a handset without a card reader',
      false,
    )
    .option('--compare <file>', "what this card has otherwise than one whose 'probe --json' is in the file")
    .option('--reveal', 'tell IMSI, numbers, keys and messages as they are', false);
  return withUiccPlace(command).action((options: ProbeOptions) => probeCard(io, options));
}

/** Reads what `probe --json` wrote. */
function reportIn(path: string): CardReport {
  let found: unknown;
  try {
    found = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError)
      throw wrongInput(`${path}: expected what 'assay card probe --json' wrote: ${error.message}`);
    throw error;
  }
  if (!isReport(found)) throw wrongInput(`${path}: expected what 'assay card probe --json' wrote`);
  return found;
}

function isReport(value: unknown): value is CardReport {
  if (typeof value !== 'object' || value === null) return false;
  const { atr, applications, services, files } = value as Partial<Record<keyof CardReport, unknown>>;
  const areFiles =
    Array.isArray(files) &&
    files.every((file) => typeof file === 'object' && file !== null && typeof file.path === 'string');
  return typeof atr === 'string' && Array.isArray(applications) && Array.isArray(services) && areFiles;
}

async function probeCard(io: Io, options: ProbeOptions): Promise<void> {
  const before = options.compare === undefined ? undefined : reportIn(options.compare);
  const card = await openUicc(io, options);
  try {
    const progress = progressOf(io, 'probing', 'files');
    const session = new CardSession(card.door, () => card.slot?.trouble);
    const report = await probe(session, {
      isRevealing: options.reveal,
      progress: (done, of) => progress.at(done, of),
    }).finally(() => progress.end());
    if (before !== undefined) {
      await tellDifferences(io, differences(before, report), options);
      return;
    }
    const toolkit = options.toolkit ? await probeToolkit(session) : undefined;
    if (options.json) return await sayJson(io, { ...report, ...(toolkit && { toolkit }) });
    await tell(io, report, card.slot?.place, options);
    if (toolkit !== undefined) await tellToolkit(io, toolkit);
  } finally {
    await card.close();
  }
}

async function tellDifferences(
  io: Io,
  found: readonly CardDifference[],
  { json, compare }: ProbeOptions,
): Promise<void> {
  io.exitCode = found.length === 0 ? EXIT.ok : EXIT.no;
  if (json) return sayJson(io, found);
  if (found.length === 0) return say(io, `Nothing is otherwise than in ${compare}.`);
  const rows = found.map(({ where, what, before, now }) => [where, what, shortened(before), shortened(now)]);
  await say(
    io,
    ...columns([['where', 'what', 'before', 'now'], ...rows]),
    '',
    found.length === 1 ? '1 difference.' : `${found.length} differences.`,
  );
}

const LONGEST_CELL = 60;
const shortened = (text: string): string =>
  text.length <= LONGEST_CELL ? text : `${text.slice(0, LONGEST_CELL - 1)}…`;

async function tell(
  io: Io,
  report: CardReport,
  place: string | undefined,
  { files, reveal }: ProbeOptions,
): Promise<void> {
  const { iccid, imsi, issuerDomain } = report;
  const isNameless = report.atr === toHex(NAMELESS_ATR);
  await say(
    io,
    ...facts({
      reader: place,
      ATR: isNameless ? 'not shown by the modem' : report.atr,
      protocols: isNameless ? undefined : report.atrMeaning?.protocols.join(', '),
      ICCID: iccid,
      IMSI: imsi && `${imsi}${reveal ? '' : ' (--reveal tells it)'}`,
      'issuer domain': issuerDomain && issuerWords(issuerDomain),
    }),
  );
  await section(
    io,
    'Applications',
    report.applications.map(({ name, aid, label }) => [name, aid, label ?? '']),
  );
  await section(
    io,
    'PINs',
    report.pins.map(({ name, reference, state }) => [name, hex2(reference), state]),
  );
  await section(
    io,
    'Services of EF.UST',
    report.services.map(({ number, name }) => [String(number), name]),
  );
  await section(
    io,
    'Services of EF.IST',
    (report.imsServices ?? []).map(({ number, name }) => [String(number), name]),
  );
  await tellFiles(io, report.files, files);
}

async function tellToolkit(io: Io, commands: readonly ProbedCommand[]): Promise<void> {
  const rows = commands.map(({ name, answer, meaning, octets }) => [
    name,
    answer,
    shortened(meaning === undefined ? octets : JSON.stringify(meaning)),
  ]);
  if (rows.length === 0) await say(io, '', 'Toolkit: the card sent no proactive command.');
  else await section(io, 'Toolkit: proactive commands, and what they were answered', rows);
}

function issuerWords({ aid, version, secureChannels }: NonNullable<CardReport['issuerDomain']>): string {
  const what = [version === undefined ? [] : [`GlobalPlatform ${version}`], secureChannels].flat();
  return what.length === 0 ? aid : `${aid}: ${what.join(', ')}`;
}

const hex2 = (value: number) => value.toString(16).toUpperCase().padStart(2, '0');

async function section(io: Io, title: string, rows: readonly (readonly string[])[]): Promise<void> {
  if (rows.length > 0) await say(io, '', title, ...columns(rows).map((line) => `  ${line}`));
}

async function tellFiles(io: Io, files: readonly ProbedFile[], isFull: boolean): Promise<void> {
  const efs = files.filter(({ kind }) => kind !== 'directory');
  if (!isFull) {
    const directories = files.filter(({ kind }) => kind === 'directory');
    const counts = directories.map(({ path }) => ({
      path,
      count: efs.filter((file) => file.path.slice(0, file.path.lastIndexOf('/')) === path).length,
    }));
    // Where a modem shows files alone, a DF without any was not seen.
    const seen = counts.filter(
      ({ count, path }) => count > 0 || directories.some((one) => one.path.startsWith(`${path}/`)),
    );
    await section(
      io,
      'Files (--files shows each)',
      seen.map(({ path, count }) => [path, `${count} EFs`]),
    );
    return;
  }
  const rows = files.map((file) => [
    `${'  '.repeat(file.path.split('/').length - 1)}${file.path.slice(file.path.lastIndexOf('/') + 1)}`,
    file.identifier,
    structureWords(file),
    file.access === undefined
      ? ''
      : Object.entries(file.access)
          .filter(([mode]) => mode === 'read' || mode === 'update')
          .map(([mode, who]) => `${mode}: ${who}`)
          .join(', '),
    file.lifeCycle === 'activated' ? '' : file.lifeCycle,
    file.unread === undefined ? '' : plain(file.unread),
  ]);
  await section(io, 'Files', [['file', 'FID', 'structure', 'access', '', ''], ...rows]);
}

function structureWords({ kind, size, recordLength, records, shortIdentifier }: ProbedFile): string {
  const sfi = shortIdentifier === undefined ? '' : `, SFI ${hex2(shortIdentifier)}`;
  if (kind === 'directory') return 'DF';
  if (recordLength !== undefined) return `${kind} ${records} x ${recordLength}${sfi}`;
  return `${kind}${size === undefined ? '' : ` ${size}`}${sfi}`;
}
