import { CodecError, NO_OCTETS, toHex } from '#base/codec/index.ts';
import { type CommandApdu, decodeCommand, logicalChannel, responseApdu, SW } from '#protocol/apdu/index.ts';
import { restrictedAnswerIn } from './at-answer.ts';

/** Instructions that AT+CRSM carries (TS 27.007 8.18). */
const INS = { readBinary: 0xb0, readRecord: 0xb2, updateBinary: 0xd6, updateRecord: 0xdc, status: 0xf2 } as const;
const CARRIED: ReadonlySet<number> = new Set(Object.values(INS));
const SELECT = 0xa4;
const GET_RESPONSE = 192;
const MASTER_FILE = 0x3f00;
/** The current application. */
const CURRENT_APPLICATION = '3F007FFF';
const NO_FCP = 0x0c;
const BY = { identifier: 0x00, aid: 0x04, pathFromMaster: 0x08, pathFromHere: 0x09 } as const;
/** RID of 3GPP and the application code of the USIM, the only application whose files a modem's AT+CRSM reaches. */
const USIM = 'A0000000871002';
const SHORT_IDENTIFIER = 0x80;

/** What a command needs: nothing of the modem, or an order to it and the R-APDU in its answer. */
type Asked =
  | { readonly kind: 'known'; readonly response: Uint8Array }
  | { readonly kind: 'order'; readonly order: string; responseIn(lines: readonly string[]): Uint8Array | undefined };

const known = (statusWord: number): Asked => ({ kind: 'known', response: responseApdu(statusWord) });

/**
 * A card seen through AT+CRSM, which has no current file: this keeps what was selected and names it in every order. Commands that it cannot
 * carry are refused as a card refuses an instruction that it does not have; files by short identifier are not found.
 */
export class RestrictedAccess {
  #directory = '3F00';
  #file: number | undefined;

  /** What to ask the modem for this command. */
  orderFor(octets: Uint8Array): Asked {
    let command: CommandApdu;
    try {
      command = decodeCommand(octets);
    } catch (error) {
      if (error instanceof CodecError) return known(SW.wrongLength);
      throw error;
    }
    if (logicalChannel(command.cla) !== 0) return known(SW.channelNotSupported);
    if (command.ins === SELECT) return this.#select(command);
    if (!CARRIED.has(command.ins)) return known(SW.instructionNotSupported);
    return this.#carried(command);
  }

  #carried({ ins, p1, p2, data, le }: CommandApdu): Asked {
    if (ins === INS.status) return this.#order(ins, undefined, p1, p2, (le ?? 0) & 0xff);
    const isByShortIdentifier =
      ins === INS.readBinary || ins === INS.updateBinary ? (p1 & SHORT_IDENTIFIER) !== 0 : p2 >> 3 !== 0;
    if (isByShortIdentifier) return known(SW.fileNotFound);
    if (this.#file === undefined) return known(SW.commandNotAllowed);
    return this.#order(ins, this.#file, p1, p2, data.length > 0 ? data.length : (le ?? 0) & 0xff, data);
  }

  /** An order on a file in the current directory. A length of 0 is all there is. */
  #order(
    ins: number,
    file: number | undefined,
    p1: number,
    p2: number,
    p3: number,
    data: Uint8Array = NO_OCTETS,
  ): Asked {
    const path = file === undefined || this.#directory === '3F00' ? '' : `,"${this.#directory}"`;
    const parameters = file === undefined ? '' : `,${file},${p1},${p2},${p3}`;
    const content = data.length === 0 && path === '' ? '' : `,"${toHex(data)}"`;
    const order = `AT+CRSM=${ins}${parameters}${file === undefined ? '' : content}${path}`;
    return { kind: 'order', order, responseIn: restrictedAnswerIn };
  }

  #select({ p1, p2, data }: CommandApdu): Asked {
    if (p1 === BY.aid) {
      if (!toHex(data).startsWith(USIM)) return known(SW.fileNotFound);
      this.#directory = CURRENT_APPLICATION;
      this.#file = undefined;
      return known(SW.ok);
    }
    const isPath = p1 === BY.pathFromMaster || p1 === BY.pathFromHere;
    if ((p1 !== BY.identifier && !isPath) || data.length === 0 || data.length % 2 !== 0)
      return known(SW.wrongParameters);
    const identifiers = Array.from(
      { length: data.length / 2 },
      (_, i) => ((data[2 * i] ?? 0) << 8) | (data[2 * i + 1] ?? 0),
    );
    let directory = p1 === BY.pathFromMaster ? '3F00' : this.#directory;
    for (const identifier of identifiers.slice(0, -1)) directory = below(directory, identifier);
    const last = identifiers.at(-1) as number;
    if (isDirectory(last)) {
      this.#directory = below(directory, last);
      this.#file = undefined;
      return known(SW.ok);
    }
    this.#directory = directory;
    this.#file = last;
    return (p2 & NO_FCP) === NO_FCP ? known(SW.ok) : this.#order(GET_RESPONSE, last, 0, 0, 0);
  }
}

/** First octets of identifiers of DFs (TS 102 221 8.1). */
const DIRECTORIES: ReadonlySet<number> = new Set([0x3f, 0x5f, 0x7f]);
const isDirectory = (identifier: number): boolean => DIRECTORIES.has(identifier >> 8);

const hex4 = (identifier: number) => identifier.toString(16).toUpperCase().padStart(4, '0');

/** The path of a directory seen from another: the MF and 7FFF begin anew, a DF of the first level follows the MF. */
function below(directory: string, identifier: number): string {
  if (identifier === MASTER_FILE) return '3F00';
  const isFirstLevel = identifier >> 8 === 0x7f;
  return `${isFirstLevel ? '3F00' : directory}${hex4(identifier)}`;
}
