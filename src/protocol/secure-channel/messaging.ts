import { partOf } from '#base/codec/index.ts';
import { AES_BLOCK, type Aes } from '#base/crypto/index.ts';
import type { CommandApdu } from '#protocol/apdu/index.ts';
import { C_ENC, type MacLength, R_ENC, type SecurityLevel, type SessionKeys } from './session.ts';

/** Most commands in one session; then it has to be opened anew. Far above any use, far below a repeated counter. */
export const MOST_COMMANDS = 0xffff;

const PADDING = 0x80;
const RESPONSE_BIT = 0x80;
/** Octets of a data field, both ways: 256 in a response is left out, as Amendment D counts. */
const DATA_FIELD = 255;

/** Differences of real cards from GPC Amendment D, all off by default. */
export interface MessagingOptions {
  /** Pad and encipher an empty data field too: YubiKey does, Amendment D 6.2.6 does not. */
  readonly padEmptyData?: boolean;
  /** Raise the encryption counter only with commands that have data: a fault of some cards. */
  readonly counterOnlyWithData?: boolean;
}

// Working memory, rewritten by each use: every computation here runs to its end before another begins.
const counterBlock = new Uint8Array(AES_BLOCK);
const vector = new Uint8Array(AES_BLOCK);
const header = new Uint8Array(5);
const statusWordOctets = new Uint8Array(2);
const responseMacOctets = new Uint8Array(AES_BLOCK);

/** CMAC over chaining value, header and data of a command: the C-MAC and the next chaining value (GPC Amendment D 6.2.4). */
export function commandMac(
  mac: Aes,
  chaining: Uint8Array,
  macClass: number,
  ins: number,
  p1: number,
  p2: number,
  data: Uint8Array,
  macLength: MacLength,
): Uint8Array {
  header[0] = macClass;
  header[1] = ins;
  header[2] = p1;
  header[3] = p2;
  header[4] = data.length + macLength;
  return mac.cmac(chaining, header, data);
}

/** Everything that both ends of a session compute alike: GPC Amendment D 6.2.3 to 6.2.7. Holds the state of one session. */
export class Messaging {
  readonly level: SecurityLevel;
  readonly macLength: MacLength;
  readonly keys: SessionKeys;
  readonly #padEmptyData: boolean;
  readonly #counterOnlyWithData: boolean;
  /** MAC chaining value: the whole CMAC of the last command (6.2.3). */
  #chaining: Uint8Array;
  #counter = 0;

  constructor(
    keys: SessionKeys,
    level: SecurityLevel,
    macLength: MacLength,
    chaining: Uint8Array,
    options: MessagingOptions = {},
  ) {
    this.keys = keys;
    this.level = level;
    this.macLength = macLength;
    this.#chaining = chaining;
    this.#padEmptyData = options.padEmptyData === true;
    this.#counterOnlyWithData = options.counterOnlyWithData === true;
  }

  /** True when no further command may be sent in this session. */
  get exhausted(): boolean {
    return this.#counter === MOST_COMMANDS;
  }

  /** Octets of plain data that fit one short command: 239 with C-ENC in S8, 223 in S16. */
  get longestCommandData(): number {
    return longest(DATA_FIELD - this.macLength, (this.level & C_ENC) !== 0);
  }

  /** Octets of plain data that fit one short response: 239 with R-ENC in S8, 223 in S16. */
  get longestResponseData(): number {
    return longest(DATA_FIELD - this.macLength, (this.level & R_ENC) !== 0);
  }

  /** Encryption counter for a command that begins, with this many octets of data (6.2.6). */
  countCommand(dataLength: number): void {
    if (dataLength > 0 || !this.#counterOnlyWithData) this.#counter++;
  }

  /** True when the data field of a command is enciphered. */
  enciphersCommand(dataLength: number): boolean {
    return (this.level & C_ENC) !== 0 && (dataLength > 0 || this.#padEmptyData);
  }

  /** Command data enciphered, ICV = AES(S-ENC, counter) (6.2.6). */
  encipherCommand(plain: Uint8Array): Uint8Array {
    return this.keys.enc.cbcEncrypt(this.#initialVector(0), padded(plain));
  }

  /** Command data deciphered; undefined when length or padding is wrong. Only after its C-MAC verified. */
  decipherCommand(cipher: Uint8Array): Uint8Array | undefined {
    return this.#decipher(cipher, 0);
  }

  /** Response data enciphered, ICV = AES(S-ENC, 80 and counter) (6.2.7). */
  encipherResponse(plain: Uint8Array): Uint8Array {
    return this.keys.enc.cbcEncrypt(this.#initialVector(RESPONSE_BIT), padded(plain));
  }

  /** Response data deciphered; undefined when length or padding is wrong. Only after its R-MAC verified. */
  decipherResponse(cipher: Uint8Array): Uint8Array | undefined {
    return this.#decipher(cipher, RESPONSE_BIT);
  }

  /** Whole CMAC of a command, `data` as sent. Covers class (as `classForMac`), INS, P1, P2, Lc with the MAC; not Le (6.2.4). */
  commandMac(macClass: number, command: CommandApdu, data: Uint8Array): Uint8Array {
    const { ins, p1, p2 } = command;
    return commandMac(this.keys.mac, this.#chaining, macClass, ins, p1, p2, data, this.macLength);
  }

  /** Makes a command's MAC the next chaining value: when sent by the host, when verified by the card. */
  chain(commandMac: Uint8Array): void {
    this.#chaining = commandMac;
  }

  /** Whole CMAC of a response: chaining value of its command, data as sent, SW1 SW2 (6.2.5). It is not chained on, and good until the next. */
  responseMac(data: Uint8Array, statusWord: number): Uint8Array {
    statusWordOctets[0] = statusWord >> 8;
    statusWordOctets[1] = statusWord;
    return this.keys.rmac.cmac(this.#chaining, data, statusWordOctets, undefined, responseMacOctets);
  }

  #initialVector(firstOctet: number): Uint8Array {
    counterBlock[0] = firstOctet;
    counterBlock[14] = this.#counter >> 8;
    counterBlock[15] = this.#counter;
    return this.keys.enc.encryptBlock(counterBlock, vector);
  }

  #decipher(cipher: Uint8Array, firstOctet: number): Uint8Array | undefined {
    if (cipher.length === 0 || cipher.length % AES_BLOCK !== 0) return undefined;
    return unpadded(this.keys.enc.cbcDecrypt(this.#initialVector(firstOctet), cipher));
  }
}

function longest(room: number, enciphered: boolean): number {
  return enciphered ? room - (room % AES_BLOCK) - 1 : room;
}

/** Data, 80, and 00 up to a whole number of blocks (ISO/IEC 9797-1 padding method 2). */
export function padded(plain: Uint8Array): Uint8Array {
  const blocks = new Uint8Array(plain.length - (plain.length % AES_BLOCK) + AES_BLOCK);
  blocks.set(plain);
  blocks[plain.length] = PADDING;
  return blocks;
}

/**
 * The data before the padding, only to be read (`partOf`); undefined when the octets do not end in 80 00…. More 00 than a block needs are
 * taken: published cards send them, the MAC stands over them, and they read in one way only.
 */
export function unpadded(blocks: Uint8Array): Uint8Array | undefined {
  let end = blocks.length - 1;
  while (end > 0 && blocks[end] === 0) end--;
  return blocks[end] === PADDING ? partOf(blocks, 0, end) : undefined;
}
