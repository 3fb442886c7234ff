import { NO_OCTETS } from '#base/codec/index.ts';
import { type CommandRow, commandTable } from '#handset/card/index.ts';
import {
  type CommandApdu,
  LONGEST_RESPONSE_DATA,
  responseApdu,
  responseData,
  SW,
  statusWord,
} from '#protocol/apdu/index.ts';
import { FILE_MODE, KEY } from './file-system/access-rule.ts';
import { STRUCTURE } from './file-system/elementary-file.ts';
import { gsmDirectory, gsmFile } from './file-system/gsm-structure.ts';
import {
  type AdministrativeCommands,
  type FileCommands,
  findRecords,
  type Grants,
  Selection,
} from './file-system/index.ts';
import type { Pins } from './pin.ts';
import type { Toolkit } from './toolkit/index.ts';

/** Status words of 2G (TS 51.011 9.4). */
const GSM_SW = {
  dataReady: 0x9f00,
  memoryProblem: 0x9240,
  noFileSelected: 0x9400,
  outOfRange: 0x9402,
  notFound: 0x9404,
  inconsistent: 0x9408,
  noCode: 0x9802,
  accessDenied: 0x9804,
  codeContradiction: 0x9808,
  invalidated: 0x9810,
  blocked: 0x9840,
  wrongLength: 0x6700,
  wrongParameters: 0x6b00,
} as const;

const DF_GSM = 0x7f20;
/** 7FFF and an ADF are no files of 2G. */
const CURRENT_APPLICATION = 0x7fff;
const CHV = { first: 0x01, second: 0x02, unblockFirst: 0x00 } as const;
const CHV_LENGTH = 8;
const RAND = 16;
const INCREASE_LENGTH = 3;
const HIGHEST_OFFSET = 0x7f;
const RECORD_MODES: readonly number[] = [0x02, 0x03, 0x04];
/** P2 of SEEK (TS 51.011 8.7): where it begins and which way; 10 asks for the record number. */
const SEEK = { backward: 0x01, fromNext: 0x02, place: 0x0f, asksNumber: 0x10, longest: 16 } as const;

const sw = (status: number) => responseApdu(status);
const OK = sw(SW.ok);

/** What a 2G terminal's commands are served with. */
export interface GsmParts {
  readonly files: FileCommands;
  readonly pins: Pins;
  readonly toolkit: Toolkit;
  /** What was verified for who sends. */
  readonly grants: Grants;
  /** Serves a PIN command of the UICC. */
  code(command: CommandApdu): Uint8Array;
  administrative(): AdministrativeCommands;
  /** SRES and Kc, or undefined when the card refuses to authenticate: whatever refuses AUTHENTICATE refuses this. */
  authenticate(rand: Uint8Array): Uint8Array | undefined;
  /** STATUS polled. */
  polled(): void;
}

/** Status words of the UICC as 2G says them. */
function gsmStatus(status: number): number {
  switch (status) {
    case SW.commandNotAllowed:
      return GSM_SW.noFileSelected;
    case SW.wrongOffset:
    case SW.recordNotFound:
      return GSM_SW.outOfRange;
    case SW.fileNotFound:
    case SW.endOfFile:
      return GSM_SW.notFound;
    case SW.incompatibleWithFileStructure:
      return GSM_SW.inconsistent;
    case SW.securityStatusNotSatisfied:
      return GSM_SW.accessDenied;
    case SW.referencedDataInvalidated:
      return GSM_SW.invalidated;
    case SW.notEnoughMemory:
    case SW.memoryProblem:
      return GSM_SW.memoryProblem;
    case SW.wrongParameters:
      return GSM_SW.wrongParameters;
    default:
      return otherStatus(status);
  }
}

/** Words with a number in them, and those that 2G has not. */
function otherStatus(status: number): number {
  const sw1 = status & 0xff00;
  if (sw1 === SW.wrongLe || sw1 === SW.wrongLength) return GSM_SW.wrongLength | (status & 0xff);
  return sw1 === 0x6900 || sw1 === 0x6a00 ? GSM_SW.inconsistent : status;
}

/** Status words of PIN commands as 2G says them. */
function codeStatus(status: number): number {
  if ((status & 0xfff0) === SW.triesLeft) return status === SW.triesLeft ? GSM_SW.blocked : GSM_SW.accessDenied;
  switch (status) {
    case SW.authenticationMethodBlocked:
      return GSM_SW.blocked;
    case SW.referencedDataInvalidated:
    case SW.conditionsOfUseNotSatisfied:
      return GSM_SW.codeContradiction;
    case SW.referencedDataNotFound:
      return GSM_SW.noCode;
    default:
      return gsmStatus(status);
  }
}

type Row = CommandRow<GsmCommands, Uint8Array>;
const row = (name: string, ins: number, data: Row['data'], serve: Row['serve']): Row => ({
  name,
  ins,
  class: 'both',
  data,
  serve,
});

/** The commands of a SIM (TS 51.011 9.2), all in class A0. */
const ROWS: readonly Row[] = [
  row('SELECT', 0xa4, 'any', (command, gsm) => gsm.select(command)),
  row('STATUS', 0xf2, 'none', (command, gsm) => gsm.status(command)),
  row('READ BINARY', 0xb0, 'none', (command, gsm) => gsm.binary(command)),
  row('UPDATE BINARY', 0xd6, 'some', (command, gsm) => gsm.binary(command)),
  row('READ RECORD', 0xb2, 'none', (command, gsm) => gsm.record(command)),
  row('UPDATE RECORD', 0xdc, 'some', (command, gsm) => gsm.record(command)),
  row('SEEK', 0xa2, 'some', (command, gsm) => gsm.seek(command)),
  row('INCREASE', 0x32, 'any', (command, gsm) => gsm.increase(command)),
  row('VERIFY CHV', 0x20, 'any', (command, gsm) => gsm.code(command)),
  row('CHANGE CHV', 0x24, 'any', (command, gsm) => gsm.code(command)),
  row('DISABLE CHV', 0x26, 'any', (command, gsm) => gsm.code(command)),
  row('ENABLE CHV', 0x28, 'any', (command, gsm) => gsm.code(command)),
  row('UNBLOCK CHV', 0x2c, 'any', (command, gsm) => gsm.code(command)),
  row('INVALIDATE', 0x04, 'none', (command, gsm) => gsm.invalidate(command)),
  row('REHABILITATE', 0x44, 'none', (command, gsm) => gsm.invalidate(command)),
  row('RUN GSM ALGORITHM', 0x88, 'any', (command, gsm) => gsm.runAlgorithm(command)),
  row('SLEEP', 0xfa, 'none', (command) => withoutLength(command) ?? OK),
  row('TERMINAL PROFILE', 0x10, 'some', (command, gsm) => gsm.toolkit((toolkit) => toolkit.terminalProfile(command))),
  row('ENVELOPE', 0xc2, 'some', (command, gsm) => gsm.toolkit((toolkit) => toolkit.envelope(command))),
  row('FETCH', 0x12, 'none', (command, gsm) => gsm.fetch(command)),
  row('TERMINAL RESPONSE', 0x14, 'some', (command, gsm) => gsm.toolkit((toolkit) => toolkit.terminalResponse(command))),
];
/** Names of the commands of a SIM. */
export const GSM_COMMANDS: readonly string[] = ROWS.map(({ name }) => name);
const gsmCommand = commandTable<GsmCommands, Uint8Array>(ROWS, (status) => sw(gsmStatus(status)));
const GET_RESPONSE = 0xc0;

/** The UICC as a SIM: what it answers a terminal that speaks the class A0 of 2G (TS 51.011 8, 9). */
export class GsmCommands {
  readonly #parts: GsmParts;
  readonly #selection: Selection;
  /** Data that GET RESPONSE fetches; void as soon as another command comes. */
  #waiting = NO_OCTETS;

  constructor(parts: GsmParts) {
    this.#parts = parts;
    this.#selection = new Selection(parts.files.files.structure.image.master);
  }

  /** As after reset. */
  reset(): void {
    this.#selection.reset();
    this.#waiting = NO_OCTETS;
  }

  /** Serves a command of class A0: the response as T=0 wants it, with as many octets as P3 says. */
  process(command: CommandApdu): Uint8Array {
    return this.#parts.toolkit.announce(wholly(this.serve(command), command));
  }

  /** The same for scripts from afar: no word of proactive commands that wait, and P3 00 is all there is (TS 102 226 5.1). */
  serve(command: CommandApdu): Uint8Array {
    const waiting = this.#waiting;
    this.#waiting = NO_OCTETS;
    return command.ins === GET_RESPONSE ? exactly(waiting, command.le) : gsmCommand(command, this);
  }

  #session() {
    return { selection: this.#selection, grants: this.#parts.grants };
  }

  /** Keeps data for GET RESPONSE: 9FXX. */
  #ready(data: Uint8Array): Uint8Array {
    this.#waiting = data;
    return sw(GSM_SW.dataReady | (data.length & 0xff));
  }

  /** SELECT (8.1): by identifier, what 2G knows. */
  select({ p1, p2, data }: CommandApdu): Uint8Array {
    if (p1 !== 0 || p2 !== 0) return sw(GSM_SW.wrongParameters);
    if (data.length !== 2) return sw(GSM_SW.wrongLength | 2);
    const { files } = this.#parts.files;
    const identifier = ((data[0] as number) << 8) | (data[1] as number);
    const node = identifier === CURRENT_APPLICATION ? undefined : files.structure.find(this.#selection, identifier);
    if (node === undefined) return sw(GSM_SW.notFound);
    const told =
      node.kind === 'file' ? gsmFile(files, this.#session(), node) : gsmDirectory(files, node, this.#parts.pins);
    if (told === undefined) return sw(GSM_SW.notFound);
    this.#selection.select(node);
    return this.#ready(told);
  }

  /** STATUS (8.2): the current directory. */
  status({ p1, p2, le }: CommandApdu): Uint8Array {
    if (p1 !== 0 || p2 !== 0) return sw(GSM_SW.wrongParameters);
    this.#parts.polled();
    const { files, pins } = this.#parts;
    return exactly(gsmDirectory(files.files, this.#selection.directory, pins), le);
  }

  /** READ BINARY and UPDATE BINARY (8.3, 8.4): 2G has no short identifiers. */
  binary(command: CommandApdu): Uint8Array {
    if (command.p1 > HIGHEST_OFFSET) return sw(GSM_SW.wrongParameters);
    const { files } = this.#parts;
    return plain(
      command.data.length > 0
        ? files.updateBinary(this.#session(), command)
        : files.readBinary(this.#session(), command),
    );
  }

  /** READ RECORD and UPDATE RECORD (8.5, 8.6). */
  record(command: CommandApdu): Uint8Array {
    if (!RECORD_MODES.includes(command.p2)) return sw(GSM_SW.wrongParameters);
    const { files } = this.#parts;
    return plain(
      command.data.length > 0
        ? files.updateRecord(this.#session(), command)
        : files.readRecord(this.#session(), command),
    );
  }

  /** SEEK (8.7): the record that begins with a pattern becomes the current one; type 2 asks for its number. */
  seek({ p1, p2, data }: CommandApdu): Uint8Array {
    const place = p2 & SEEK.place;
    if (p1 !== 0 || place > 3 || (p2 & ~SEEK.place & ~SEEK.asksNumber) !== 0) return sw(GSM_SW.wrongParameters);
    const { files } = this.#parts;
    const node = files.currentFile(this.#selection);
    if (typeof node === 'number') return sw(gsmStatus(node));
    const { file } = node;
    const refusal = files.refusal(this.#session(), node, FILE_MODE.read, file.structure === STRUCTURE.linear);
    if (refusal !== 0) return sw(gsmStatus(refusal));
    if (data.length > Math.min(SEEK.longest, file.recordLength)) return sw(GSM_SW.wrongLength);
    const isForward = (place & SEEK.backward) === 0;
    const { record } = this.#selection;
    const neighbour = isForward ? record + 1 : (record || file.records + 1) - 1;
    const first = (place & SEEK.fromNext) !== 0 ? neighbour : isForward ? 1 : file.records;
    const records = files.files.records(file).map((content) => content.subarray(0, data.length));
    const [found] = findRecords(records, { pattern: data, first, isForward, from: { offset: 0 } });
    if (found === undefined) return sw(GSM_SW.notFound);
    this.#selection.record = found;
    return (p2 & SEEK.asksNumber) === 0 ? OK : this.#ready(Uint8Array.of(found));
  }

  /** INCREASE (8.8). */
  increase(command: CommandApdu): Uint8Array {
    if (command.p1 !== 0 || command.p2 !== 0) return sw(GSM_SW.wrongParameters);
    if (command.data.length !== INCREASE_LENGTH) return sw(GSM_SW.wrongLength | INCREASE_LENGTH);
    const response = this.#parts.files.increase(this.#session(), command);
    return response.length > 2 ? this.#ready(responseData(response).slice()) : sw(gsmStatus(statusWord(response)));
  }

  /** VERIFY, CHANGE, DISABLE, ENABLE and UNBLOCK CHV (8.9 to 8.13): CHV1 is PIN1, CHV2 the second PIN of the USIM. */
  code(command: CommandApdu): Uint8Array {
    const { ins, p1, p2, data } = command;
    if (p1 !== 0) return sw(GSM_SW.wrongParameters);
    const isUnblock = ins === 0x2c;
    const first = isUnblock ? CHV.unblockFirst : CHV.first;
    const reference = p2 === first ? KEY.pin1 : p2 === CHV.second ? KEY.pin2 : p2 >= KEY.adm1 ? p2 : undefined;
    if (reference === undefined) return sw(GSM_SW.wrongParameters);
    const length = isUnblock || ins === 0x24 ? 2 * CHV_LENGTH : CHV_LENGTH;
    if (data.length !== length) return sw(GSM_SW.wrongLength | length);
    return sw(codeStatus(statusWord(this.#parts.code({ ...command, p2: reference }))));
  }

  /** INVALIDATE and REHABILITATE (8.14, 8.15) of the current EF. */
  invalidate(command: CommandApdu): Uint8Array {
    const { ins, p1, p2 } = command;
    if (p1 !== 0 || p2 !== 0) return sw(GSM_SW.wrongParameters);
    const refusal = withoutLength(command);
    if (refusal !== undefined) return refusal;
    if (this.#selection.file === undefined) return sw(GSM_SW.noFileSelected);
    const administrative = this.#parts.administrative();
    const response =
      ins === 0x04
        ? administrative.deactivate(this.#session(), command)
        : administrative.activate(this.#session(), command);
    return sw(gsmStatus(statusWord(response)));
  }

  /** RUN GSM ALGORITHM (8.16): in DF.GSM, after CHV1, unless the card refuses to authenticate. */
  runAlgorithm({ p1, p2, data }: CommandApdu): Uint8Array {
    if (p1 !== 0 || p2 !== 0) return sw(GSM_SW.wrongParameters);
    if (data.length !== RAND) return sw(GSM_SW.wrongLength | RAND);
    if (this.#selection.directory.identifier !== DF_GSM) return sw(GSM_SW.inconsistent);
    if (!this.#parts.pins.isVerified(KEY.pin1, undefined)) return sw(GSM_SW.accessDenied);
    const keys = this.#parts.authenticate(data.slice());
    return keys === undefined ? sw(GSM_SW.accessDenied) : this.#ready(keys);
  }

  /** TERMINAL PROFILE, ENVELOPE, TERMINAL RESPONSE: data of an answer waits for GET RESPONSE. */
  toolkit(serve: (toolkit: Toolkit) => Uint8Array): Uint8Array {
    const response = serve(this.#parts.toolkit);
    return response.length > 2 ? this.#ready(responseData(response).slice()) : ofToolkit(response);
  }

  /** FETCH (TS 51.014 6.6): the length must be that of the command that waits, which otherwise waits on. */
  fetch(command: CommandApdu): Uint8Array {
    const { toolkit } = this.#parts;
    const { pending } = toolkit;
    if (pending > 0 && pending !== wantedBy(command)) return sw(GSM_SW.wrongLength | (pending & 0xff));
    return ofToolkit(toolkit.fetch(command));
  }
}

/** A UICC's response with the status word of 2G. */
function plain(response: Uint8Array): Uint8Array {
  const status = statusWord(response);
  return status === SW.ok ? response : sw(gsmStatus(status));
}

/** The same of the toolkit's commands, which have no status words about files (TS 51.011 9.4.7): what is out of place is a technical problem. */
function ofToolkit(response: Uint8Array): Uint8Array {
  const status = statusWord(response);
  const isOutOfPlace = status === SW.conditionsOfUseNotSatisfied || status === SW.wrongData;
  return isOutOfPlace ? sw(SW.noDiagnosis) : plain(response);
}

/** Octets that P3 asks for: 00 is 256 (TS 51.011 9.2), and a command that came without it had 00 on the line. */
const wantedBy = ({ le = LONGEST_RESPONSE_DATA }: Pick<CommandApdu, 'le'>): number => le;

/** A response with exactly the octets that P3 asks for, or 67XX: how many there are (TS 51.011 9.4.6). */
function wholly(response: Uint8Array, command: CommandApdu): Uint8Array {
  const there = response.length - 2;
  return there === 0 || there === wantedBy(command) ? response : sw(GSM_SW.wrongLength | (there & 0xff));
}

/** Why a command without data either way is refused: its P3 is not 00. */
function withoutLength(command: CommandApdu): Uint8Array | undefined {
  return wantedBy(command) === LONGEST_RESPONSE_DATA ? undefined : sw(GSM_SW.wrongLength);
}

/** The first octets of data, as many as P3 says, or all for 00; 67XX when there are fewer. */
function exactly(data: Uint8Array, length = LONGEST_RESPONSE_DATA): Uint8Array {
  if (data.length === 0) return sw(SW.noDiagnosis);
  if (length > data.length && length !== LONGEST_RESPONSE_DATA) return sw(GSM_SW.wrongLength | data.length);
  return responseApdu(SW.ok, data.subarray(0, length));
}
