import { type Command, InvalidArgumentError, Option } from 'commander';
import { CodecError, fromHex, NO_OCTETS, toHex } from '#base/codec/index.ts';
import type { Iccid } from '#base/identity/index.ts';
import { SCRIPT_REFUSALS } from '#operator/gateway/index.ts';
import type { Operator } from '#operator/index.ts';
import { type CommandApdu, encodeCommand, SW } from '#protocol/apdu/index.ts';
import { REMOTE_MANAGEMENT_TAR } from '#protocol/card-management/index.ts';
import { type RemoteFormat, type RemoteResponse, readRemoteResponse } from '#protocol/ota/index.ts';
import { hexArgument, numberArgument } from './argument.ts';
import { type ConfirmationOptions, confirm, withConfirmation } from './confirmation.ts';
import { withOperator } from './data-directory.ts';
import { EXIT, wrongInput } from './failure.ts';
import type { Io } from './io.ts';
import { type CommonOptions, group, leaf } from './leaf.ts';
import { outcomeOf, type UiccOptions, uiccOf, withUicc } from './ota-target.ts';
import { say, sayJson } from './print.ts';

interface RemoteOptions extends CommonOptions, UiccOptions {
  readonly reason: string;
  readonly case?: string;
  readonly author?: string;
  readonly wait: number;
}
interface ScriptOptions extends RemoteOptions, ConfirmationOptions {
  readonly tar: Uint8Array;
  readonly apdu: readonly Uint8Array[];
  readonly format: 'expanded' | 'indefinite' | 'compact';
}
interface FileOptions extends RemoteOptions {
  readonly of: keyof typeof FILES_OF;
  readonly file: readonly Uint8Array[];
  readonly record?: number;
  readonly offset: number;
  readonly content?: Uint8Array;
}
type UpdateOptions = FileOptions & ConfirmationOptions;

const FORMATS = { expanded: 'definite', indefinite: 'indefinite', compact: 'compact' } as const satisfies Record<
  string,
  RemoteFormat
>;
const FILES_OF = { shared: REMOTE_MANAGEMENT_TAR.sharedFiles[0], usim: REMOTE_MANAGEMENT_TAR.usimFiles[0] };
const TAR_LENGTH = 3;
/** Octets of a short command's data. */
const LONGEST_CONTENT = 255;
const LONGEST_WAIT = 86_400;
const USUAL_WAIT = 30;

/** What a status word of an answer says, for people. */
const MEANINGS: Readonly<Record<number, string>> = {
  [SW.ok]: 'done',
  [SW.selectedFileDeactivated]: 'the file is deactivated',
  [SW.moreDataAvailable]: 'the answer was cut off, what follows was not done',
  [SW.wrongLength]: 'wrong length',
  [SW.incompatibleWithFileStructure]: 'not for a file of this kind',
  [SW.securityStatusNotSatisfied]: 'not allowed from afar',
  [SW.referencedDataInvalidated]: 'the file is deactivated',
  [SW.conditionsOfUseNotSatisfied]: 'not now, or not for this object',
  [SW.commandNotAllowed]: 'no file is selected',
  [SW.wrongData]: 'wrong data',
  [SW.functionNotSupported]: 'not offered by this card',
  [SW.fileNotFound]: 'no such file',
  [SW.recordNotFound]: 'no such record',
  [SW.notEnoughMemory]: 'the card is full',
  [SW.wrongParameters]: 'wrong parameters',
  [SW.referencedDataNotFound]: 'no such object',
  [SW.instructionNotSupported]: 'no such command',
};

/** Hexadecimal commands or file identifiers, separated by commas, added to those before. */
function hexList(least: number, most: number): (text: string, before?: readonly Uint8Array[]) => readonly Uint8Array[] {
  return (text, before = []) => {
    const parts = text.split(/[,/]/).filter((part) => part !== '');
    for (const part of parts)
      if (!/^([0-9a-f]{2})+$/i.test(part) || part.length < 2 * least || part.length > 2 * most)
        throw new InvalidArgumentError(
          `expected ${least} to ${most} octets in hexadecimal, got "${part.slice(0, 20)}"`,
        );
    return [...before, ...parts.map(fromHex)];
  };
}

const contentOctets = hexList(1, LONGEST_CONTENT);

/** The octets that are written: all in one. */
function contentArgument(text: string): Uint8Array {
  const [content, ...more] = contentOctets(text);
  if (content !== undefined && more.length === 0) return content;
  throw new InvalidArgumentError(`expected 1 to ${LONGEST_CONTENT} octets in hexadecimal, in one piece`);
}

const withReason = (command: Command): Command =>
  withUicc(command)
    .requiredOption('--reason <text>', 'why; it stands in the log')
    .option('--case <reference>', 'case number')
    .option('--author <name>', 'who orders; default the user')
    .option(
      '--wait <seconds>',
      'wait so long for the answer; 0: only queue it',
      numberArgument(0, LONGEST_WAIT),
      USUAL_WAIT,
    );

/** `assay ota script`: commands of the operator's own to a UICC. */
export function scriptCommand(io: Io): Command {
  const command = withReason(
    leaf(io, 'script', "commands for a UICC's remote management (TS 102 226); 'assay operator serve' sends them", [
      'assay ota script --imsi 001010000000020 --tar B00001 --apdu 00A40004026F4600,00B0000000 --reason "what is its name"',
      'assay ota script --imsi 001010000000020 --tar 000000 --apdu 80F28002024F0000 --reason "life cycle"',
    ]),
  )
    .requiredOption(
      '--tar <tar>',
      '000000 card management, B00000 shared files, B00001 files of the USIM, or of a security domain',
      hexArgument(TAR_LENGTH),
    )
    .requiredOption(
      '--apdu <commands>',
      'C-APDUs in hexadecimal, separated by commas; may be given again',
      hexList(4, 261),
    )
    .addOption(
      new Option('--format <format>', 'expanded: an answer for each command; compact: of the last one only')
        .choices(Object.keys(FORMATS))
        .default('expanded'),
    );
  return withConfirmation(command).action((options: ScriptOptions) => sendScript(io, options));
}

/** `assay ota file`: one file of a UICC. */
export function fileCommand(io: Io): Command {
  const common = (command: Command): Command =>
    withReason(command)
      .addOption(
        new Option('--of <files>', 'files of the USIM, or those that all applications share')
          .choices(Object.keys(FILES_OF))
          .default('usim'),
      )
      .requiredOption('--file <path>', 'identifiers from there, as in 6F46 or 5FC0/4F01', hexList(2, 2))
      .option('--record <number>', 'of a file of records', numberArgument(1, 254))
      .option('--offset <octets>', 'of a transparent file', numberArgument(0, 0x7fff), 0);
  const read = common(
    leaf(io, 'read', 'read a file, or one of its records', [
      'assay ota file read --imsi 001010000000020 --file 6F46 --reason "what is its name"',
      'assay ota file read --imsi 001010000000020 --of shared --file 2F00 --record 1 --reason "which applications"',
    ]),
  ).action((options: FileOptions) => readFile(io, options));
  const order = common(
    leaf(io, 'update', 'write octets of a file, or one of its records', [
      'assay ota file update --imsi 001010000000020 --file 6F46 --content 004173736179 --reason "new name"',
    ]),
  ).requiredOption('--content <octets>', 'in hexadecimal, 1 to 255 octets', contentArgument);
  const update = withConfirmation(order).action((options: UpdateOptions) => updateFile(io, options));
  return group('file', 'files of UICCs over the air', [read, update]);
}

async function sendScript(io: Io, options: ScriptOptions): Promise<void> {
  const asking = (iccid: Iccid) =>
    confirm(io, options, `${options.apdu.length} commands will be executed by the UICC ${iccid}.`);
  const found = await run(io, options, options.tar, options.apdu, FORMATS[options.format], asking);
  if (options.json) await sayJson(io, found.shown);
  else await say(io, ...linesOf(found));
  if (!isDone(found)) io.exitCode = EXIT.no;
}

const command = (ins: number, p1: number, p2: number, more: Partial<CommandApdu>): Uint8Array =>
  encodeCommand({ cla: 0x00, ins, p1, p2, data: NO_OCTETS, ...more });
const ABSOLUTE = 0x04;
const NO_DATA = 0x0c;
const FROM_HERE = 0x09;

const selectionOf = ({ file }: FileOptions): Uint8Array =>
  command(0xa4, FROM_HERE, NO_DATA, { data: fromHex(file.map(toHex).join('')) });

async function readFile(io: Io, options: FileOptions): Promise<void> {
  const { record, offset } = options;
  const reading =
    record === undefined
      ? command(0xb0, offset >> 8, offset & 0xff, { le: 256 })
      : command(0xb2, record, ABSOLUTE, { le: 256 });
  await oneFile(io, options, reading);
}

async function updateFile(io: Io, options: UpdateOptions): Promise<void> {
  const { record, offset, content = NO_OCTETS } = options;
  const writing =
    record === undefined
      ? command(0xd6, offset >> 8, offset & 0xff, { data: content })
      : command(0xdc, record, ABSOLUTE, { data: content });
  const asking = (iccid: Iccid) => confirm(io, options, `A file of the UICC ${iccid} will be written over.`);
  await oneFile(io, options, writing, asking);
}

/** SELECT and one command; what the second answered. */
async function oneFile(io: Io, options: FileOptions, act: Uint8Array, asking?: Asking): Promise<void> {
  const found = await run(
    io,
    options,
    FILES_OF[options.of] ?? NO_OCTETS,
    [selectionOf(options), act],
    'definite',
    asking,
  );
  const content = isDone(found) ? found.shown.answers.at(-1)?.data : undefined;
  if (options.json) await sayJson(io, { ...found.shown, content });
  else if (content !== undefined) await say(io, content === '' ? 'done' : content);
  else await say(io, ...linesOf(found));
  if (!isDone(found)) io.exitCode = EXIT.no;
}

/** One R-APDU, as people and programs read it. */
interface Answered {
  readonly status: string;
  readonly meaning: string;
  readonly data: string;
}

interface Found {
  readonly isWaited: boolean;
  readonly commands: number;
  readonly shown: {
    readonly iccid: string;
    readonly order: number;
    readonly state: string;
    readonly outcome: string;
    readonly executed: number | undefined;
    readonly answers: readonly Answered[];
    readonly trouble: string | undefined;
  };
}

/** Asks the person before something is sent to this UICC. */
type Asking = (iccid: Iccid) => Promise<void>;

async function run(
  io: Io,
  options: RemoteOptions,
  tar: Uint8Array,
  commands: readonly Uint8Array[],
  format: RemoteFormat,
  asking?: Asking,
): Promise<Found> {
  const { reason, author = io.userName, wait } = options;
  return withOperator(io, options, async (operator) => {
    const iccid = uiccOf(operator, options);
    await asking?.(iccid);
    const caseReference = options.case ?? '';
    const result = operator.gateway.script({ iccid, tar, commands, format, author, reason, caseReference });
    if (result.kind === 'refused') throw wrongInput(SCRIPT_REFUSALS[result.why]);
    if (wait > 0) await outcomeOf(io, operator, result.order, wait);
    return foundIn(operator, result.order, commands.length, wait > 0);
  });
}

function foundIn({ gateway }: Operator, id: number, commands: number, isWaited: boolean): Found {
  const order = gateway.outbox.byId(id);
  const answer = order?.response && readAnswer(order.response);
  const answers = typeof answer === 'object' ? answersOf(answer) : [];
  return {
    isWaited,
    commands,
    shown: {
      iccid: order?.iccid ?? '',
      order: id,
      state: order?.state ?? 'gone',
      outcome: order?.outcome ?? '',
      executed: typeof answer === 'object' ? answer.executed : undefined,
      answers,
      trouble: troubleOf(answer),
    },
  };
}

function readAnswer(octets: Uint8Array): RemoteResponse | 'unreadable' {
  try {
    return readRemoteResponse(octets);
  } catch (error) {
    if (error instanceof CodecError) return 'unreadable';
    throw error;
  }
}

const answersOf = (response: RemoteResponse): readonly Answered[] =>
  (response.format === 'compact' ? [response.last] : response.responses).map((octets) => {
    const status = ((octets.at(-2) ?? 0) << 8) | (octets.at(-1) ?? 0);
    return { status: toHex(octets.subarray(-2)), meaning: meaningOf(status), data: toHex(octets.subarray(0, -2)) };
  });

function meaningOf(status: number): string {
  if (status >> 8 === 0x61) return 'done; GET RESPONSE gives its data';
  if (status >> 4 === 0x63c) return `${status & 0xf} tries left`;
  return MEANINGS[status] ?? 'see TS 102 221 10.2';
}

function troubleOf(answer: RemoteResponse | 'unreadable' | undefined): string | undefined {
  if (answer === 'unreadable') return 'the answer cannot be read';
  if (answer === undefined || answer.format === 'compact') return undefined;
  if (answer.refused !== undefined) return `the card does not offer ${answer.refused}`;
  return answer.fault && `the card found a fault in the script: ${answer.fault}`;
}

/** Acknowledged, every command executed, and the last of them well; a script that was only queued counts as done. */
function isDone({ isWaited, commands, shown }: Found): boolean {
  if (!isWaited) return true;
  const last = shown.answers.at(-1)?.status ?? '';
  const isGood = /^(9|61|62(?!F1))/.test(last);
  return shown.state === 'acknowledged' && shown.trouble === undefined && shown.executed === commands && isGood;
}

function linesOf({ isWaited, shown }: Found): readonly string[] {
  const { order, iccid, state, outcome, answers, trouble } = shown;
  const head = `Script ${order} to ${iccid}: ${isWaited ? state : 'queued'}${outcome === '' ? '' : ` (${outcome})`}`;
  const lines = answers.map(
    ({ status, meaning, data }, at) =>
      `${String(at + 1).padStart(3)}  ${status}  ${meaning}${data === '' ? '' : `  ${data}`}`,
  );
  return [head, ...lines, ...(trouble === undefined ? [] : [trouble])];
}
