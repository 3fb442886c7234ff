import { fromHex } from '#base/codec/index.ts';

// What a UICC must answer, written from TS 102 221 and not from the card: selection on 20 channels, contents by offset, record and short
// identifier, access conditions, the life cycle of files, PINs, the transport. Where several things are wrong with a command any of their status words will do.

/** What must hold for a file to be read or updated. */
export type Access = 'always' | 'pin' | 'pin2' | 'adm' | 'pin2OrAdm' | 'never';
/** A file that the model knows: where it stands, who may do what. */
export interface KnownFile {
  readonly directory: Directory;
  readonly identifier: string;
  readonly read: Access;
  readonly update: Access;
  /** Short identifier, of a file that has one. */
  readonly short?: number;
  /** INCREASE, of a cyclic file. */
  readonly increase?: Access;
  /** Who deactivates and activates it; ADM1 when not said. */
  readonly manage?: Access;
}
/** What a card says of it: how it is built, and what is in it at first. */
export interface FileFacts extends KnownFile {
  readonly structure: 'transparent' | 'linear' | 'cyclic';
  /** Octets of the file, or of a record. */
  readonly length: number;
  readonly records: readonly Uint8Array[];
}
export type Directory = 'MF' | 'USIM' | '7F10';

/** What a card may answer: an error of these, success with this data, or nothing that the model knows of. */
export type Expected =
  | { readonly kind: 'error'; readonly words: readonly number[] }
  | {
      readonly kind: 'success';
      readonly data: Uint8Array | ((data: Uint8Array) => boolean);
      /** In place of 9000 and 91XX. */
      readonly warning?: number;
    }
  | { readonly kind: 'unknown' };

const OK: Expected = { kind: 'success', data: new Uint8Array(0) };
const UNKNOWN: Expected = { kind: 'unknown' };
const error = (...words: readonly number[]): Expected => ({ kind: 'error', words });
const success = (data: Uint8Array | ((data: Uint8Array) => boolean)): Expected => ({ kind: 'success', data });

/** A C-APDU as it was sent. */
export interface Sent {
  readonly octets: Uint8Array;
  readonly cla: number;
  readonly ins: number;
  readonly p1: number;
  readonly p2: number;
  readonly data: Uint8Array;
  readonly le: number | undefined;
}

/** Reads a short C-APDU; undefined for octets that are none, or an extended one. */
export function sent(octets: Uint8Array): Sent | undefined {
  if (octets.length < 4) return undefined;
  const [cla = 0, ins = 0, p1 = 0, p2 = 0, p3 = 0] = octets;
  const header = { octets, cla, ins, p1, p2 };
  if (octets.length === 4) return { ...header, data: new Uint8Array(0), le: undefined };
  if (octets.length === 5) return { ...header, data: new Uint8Array(0), le: p3 || 256 };
  if (p3 === 0 || (octets.length !== 5 + p3 && octets.length !== 6 + p3)) return undefined;
  const le = octets.length === 6 + p3 ? octets[5 + p3] || 256 : undefined;
  return { ...header, data: octets.slice(5, 5 + p3), le };
}

/** What a class says: the channel, whether it is one of the card's own, and whether the command is secured. */
interface ClassFacts {
  readonly number: number;
  readonly isOwn: boolean;
  readonly isSecured: boolean;
}

/** What a class says (TS 102 221 10.1.1, ISO/IEC 7816-4 5.4.1); 'none' for what is no class, undefined for chaining. */
function channelOf(cla: number): ClassFacts | 'none' | undefined {
  if ((cla & 0x60) === 0x20 || cla === 0xff) return 'none';
  if ((cla & 0x10) !== 0) return undefined;
  const isOwn = cla >= 0x80;
  if ((cla & 0x40) === 0) return { number: cla & 3, isOwn, isSecured: (cla & 0x0c) !== 0 };
  return { number: 4 + (cla & 15), isOwn, isSecured: (cla & 0x20) !== 0 };
}

interface Channel {
  hasApplication: boolean;
  directory: Directory;
  file: FileFacts | undefined;
  /** The current record, 0 for none; undefined when nobody knows. */
  record: number | undefined;
  /** What was selected that the model does not know: all above it is known still. */
  strange: Strange;
}
/** Nothing, an EF, a directory, an application. */
type Strange = 0 | 1 | 2 | 3;
const fresh = (): Channel => ({ hasApplication: false, directory: 'MF', file: undefined, record: 0, strange: 0 });

interface Pin {
  value: string;
  tries: number;
  readonly most: number;
  isEnabled: boolean;
  isVerified: boolean;
  readonly unblockCode: string | undefined;
  unblockTries: number;
}

const INS_CHANNEL = 0x70;
const PIN_INS = { verify: 0x20, change: 0x24, disable: 0x26, enable: 0x28, unblock: 0x2c } as const;
const USIM_AID = 'a0000000871002';
/** Instructions that change something on the card. */
const CHANGING: ReadonlySet<number> = new Set([
  ...[0xd6, 0xdc, 0x32, 0xdb, 0x04, 0x44, 0xe0, 0xe4, 0xd4, 0xe6, 0xe8, 0xfe, 0x76, INS_CHANNEL],
  ...Object.values(PIN_INS),
]);
const SELECTING: ReadonlySet<number> = new Set([0xa4, 0xb0, 0xb2, 0xa2, 0xd6, 0xdc, 0x32, 0x04, 0x44, 0xe8]);
/** Commands of the life cycle of an EF, and the state they bring (TS 102 221 11.1.14, 11.1.15, TS 102 222 6.7). */
const LIFE_CYCLE_INS: Readonly<Record<number, LifeCycle>> = {
  4: 'deactivated',
  68: 'activated',
  232: 'terminated',
};
type LifeCycle = 'activated' | 'deactivated' | 'terminated';
const hex = (octets: Uint8Array) => Buffer.from(octets).toString('hex');

/** Codes of the card that the model stands beside, in hexadecimal. */
export interface Codes {
  readonly pin1: string;
  readonly unblock1: string;
  readonly pin2: string;
  readonly unblock2: string;
  readonly adm: string;
}

/** The model of one card. */
export class UiccModel {
  readonly #files: readonly FileFacts[];
  readonly #contents = new Map<FileFacts, Uint8Array[]>();
  readonly #pins: Map<number, Pin>;
  /** Files that are not activated. */
  readonly #states = new Map<FileFacts, LifeCycle>();
  #channels: (Channel | undefined)[] = [fresh()];
  #personality: 'uicc' | 'sim' | undefined;
  /** Class without its chaining bit, and instruction, of a command whose data goes on in the next one. */
  #chain: number | undefined;
  protocol: 'T=0' | 'T=1' | 'both' = 'both';
  /** The application refuses AUTHENTICATE. */
  isLocked = false;
  /** A change happened that the model cannot follow: from here on nothing is expected. */
  isLost = false;

  readonly #isOfHome: (rand: Uint8Array, autn: Uint8Array) => boolean;

  /** `isOfHome`: whether the home network made an AUTN for a RAND. */
  constructor(
    files: readonly FileFacts[],
    isOfHome: (rand: Uint8Array, autn: Uint8Array) => boolean,
    { pin1, unblock1, pin2, unblock2, adm }: Codes,
  ) {
    this.#files = files;
    this.#isOfHome = isOfHome;
    for (const file of files) this.#contents.set(file, [...file.records]);
    const pin = (value: string, most: number, unblockCode?: string): Pin => ({
      ...{ value, tries: most, most, isEnabled: true, isVerified: false, unblockCode },
      unblockTries: unblockCode === undefined ? 0 : 10,
    });
    this.#pins = new Map([
      [0x01, pin(pin1, 3, unblock1)],
      [0x81, pin(pin2, 3, unblock2)],
      [0x0a, pin(adm, 10)],
    ]);
  }

  /** True while what only the PIN opens must not be told. */
  get isPinWanted(): boolean {
    return !this.isLost && !this.#isGranted('pin');
  }

  reset(protocol: UiccModel['protocol']): void {
    this.protocol = protocol;
    this.#channels = [fresh()];
    this.#personality = undefined;
    this.#chain = undefined;
    for (const pin of this.#pins.values()) pin.isVerified = false;
  }

  /** What the card must answer before its transport, and what is so afterwards. */
  expect(octets: Uint8Array): Expected {
    const wanted = octets[0] === 0xa0 ? 'sim' : 'uicc';
    this.#personality ??= wanted;
    if (this.#personality !== wanted) return error(0x6e00);
    const chain = this.#chain;
    this.#chain = undefined;
    const command = sent(octets);
    if (command === undefined) return UNKNOWN;
    const header = ((command.cla & ~0x10) << 8) | command.ins;
    if (wanted === 'uicc' && (command.cla & 0x10) !== 0) this.#chain = header;
    // Its data begins with what came before it: what becomes of it is open (ISO/IEC 7816-4 5.3.3).
    if (chain === header) return UNKNOWN;
    return wanted === 'sim' ? this.#sim(command) : this.#uicc(command);
  }

  /** The card answered something that was not foreseen. */
  surprised(octets: Uint8Array, statusWord: number): void {
    const ins = octets[1] ?? 0;
    const isDone = [0x90, 0x91, 0x61, 0x62, 0x63, 0x9f, 0x6c].includes(statusWord >> 8) || statusWord >> 8 === 0x98;
    if (isDone && CHANGING.has(ins)) this.isLost = true;
    const at = channelOf((octets[0] ?? 0) & ~0x10);
    const channel = this.#channels[typeof at === 'object' ? at.number : 0];
    if (channel === undefined || !SELECTING.has(ins)) return;
    const level: Strange = ins !== 0xa4 ? 1 : octets[2] === 0x04 ? 3 : 2;
    if (isDone || level === 1) channel.strange = Math.max(channel.strange, level) as Strange;
  }

  #uicc(command: Sent): Expected {
    const { ins, data } = command;
    const at = channelOf(command.cla);
    if (at === 'none') return error(0x6e00);
    if (at === undefined) return UNKNOWN;
    const channel = this.#channels[at.number];
    if (at.isSecured) return channel === undefined || channel.strange < 3 ? secured(channel) : UNKNOWN;
    if (ins === 0xc0) return data.length === 0 ? error(0x6985) : UNKNOWN;
    if (channel === undefined) return error(0x6881);
    if (ins === 0xf2) return at.isOwn ? this.#status(command, channel) : error(0x6e00, 0x6700);
    if (at.isOwn) {
      if (ins === 0x32) return this.#increase(command, channel);
      return [0xa4, 0xb0, 0xd6, 0x20, 0x88, 0xa2, 0x04, 0x44].includes(ins) ? error(0x6e00, 0x6700) : UNKNOWN;
    }
    switch (ins) {
      case INS_CHANNEL:
        return this.#manageChannel(command, at.number, channel);
      case 0xa4:
        return this.#select(command, channel);
      case 0xb0:
        return this.#readBinary(command, channel);
      case 0xd6:
        return this.#updateBinary(command, channel);
      case 0xb2:
        return this.#readRecord(command, channel);
      case 0xdc:
        return this.#updateRecord(command, channel);
      case 0xa2:
        return this.#searchRecord(command, channel);
      case 0x32:
        return error(0x6e00, 0x6700);
      case 0x04:
      case 0x44:
      case 0xe8:
        return this.#lifeCycle(command, channel);
      case 0x88:
        return this.#authenticate(command, channel);
      default:
        return (Object.values(PIN_INS) as number[]).includes(ins) ? this.#pinCommand(command) : UNKNOWN;
    }
  }

  // ---- channels: TS 102 221 11.1.17 ----

  #manageChannel({ p1, p2, data, le }: Sent, from: number, current: Channel): Expected {
    if (data.length > 0) return UNKNOWN;
    if (p1 === 0x00 && p2 === 0x00) {
      if (le === undefined && this.protocol !== 'T=0') return error(0x6700);
      const free = Array.from({ length: 19 }, (_, i) => i + 1).find((number) => this.#channels[number] === undefined);
      if (free === undefined) return error(0x6a81);
      // Its DF and application, but no EF.
      this.#channels[free] = from === 0 ? fresh() : { ...current, file: undefined, record: 0 };
      return success(Uint8Array.of(free));
    }
    if (p1 !== 0x80) return UNKNOWN;
    const closed = p2 === 0 ? from : p2;
    if (closed === 0 || closed > 19) return error(0x6a86, 0x6b00);
    if (this.#channels[closed] === undefined) return error(0x6881);
    this.#channels[closed] = undefined;
    return OK;
  }

  // ---- selection: TS 102 221 8.4, 11.1.1 ----

  #select({ p1, p2, data }: Sent, channel: Channel): Expected {
    if (p2 !== 0x04 && p2 !== 0x0c) return UNKNOWN;
    if (p1 === 0x04) {
      if (!hex(data).startsWith(USIM_AID) || data.length > 7) return UNKNOWN;
      Object.assign(channel, { ...fresh(), hasApplication: true, directory: 'USIM' });
      return this.#selected(p2);
    }
    if (p1 !== 0x00 || channel.strange === 3) return UNKNOWN;
    if (data.length !== 2) return error(0x6700);
    const identifier = hex(data).toUpperCase();
    if (channel.strange === 2 && identifier !== '3F00') return UNKNOWN;
    const directory = this.#directoryOf(identifier, channel);
    if (directory === 'none') return error(0x6a82);
    if (directory !== undefined) {
      Object.assign(channel, { directory, file: undefined, record: 0, strange: 0 });
      return this.#selected(p2);
    }
    const known = this.#files.filter((file) => file.identifier === identifier);
    const file = known.find((one) => one.directory === channel.directory);
    if (file === undefined) return known.length > 0 || identifier === 'FFFE' ? error(0x6a82) : UNKNOWN;
    Object.assign(channel, { file, record: 0, strange: 0 });
    return this.#selected(p2, file);
  }

  #directoryOf(identifier: string, { hasApplication }: Channel): Directory | 'none' | undefined {
    if (identifier === '3F00') return 'MF';
    if (identifier === '7F10') return '7F10';
    if (identifier !== '7FFF') return undefined;
    return hasApplication ? 'USIM' : 'none';
  }

  /** A file that is not activated is selected with a warning (TS 102 221 10.2.1.2). */
  #selected(p2: number, file?: FileFacts): Expected {
    const warning = { activated: undefined, deactivated: 0x6283, terminated: 0x6285 }[this.#stateOf(file)];
    const isFcp = (data: Uint8Array) => data[0] === 0x62 && data[1] === data.length - 2;
    if (warning === undefined) return p2 === 0x0c ? OK : success(isFcp);
    return p2 === 0x0c ? error(warning) : { kind: 'success', data: isFcp, warning };
  }

  #stateOf(file: FileFacts | undefined): LifeCycle {
    return (file && this.#states.get(file)) ?? 'activated';
  }

  /**
   * The EF of a short identifier becomes the current one, and has no current record (TS 102 221 11.1.3, 11.1.5). Undefined when the model
   * does not know whose it is.
   */
  #byShortIdentifier(short: number, channel: Channel): FileFacts | undefined {
    if (channel.strange > 1) return undefined;
    const file = this.#files.find((one) => one.directory === channel.directory && one.short === short);
    if (file !== undefined) Object.assign(channel, { file, record: 0, strange: 0 });
    return file;
  }

  /** The EF of READ and UPDATE BINARY and INCREASE; 'unknown' when the model cannot say. */
  #binaryFile(p1: number, channel: Channel): FileFacts | undefined | 'unknown' {
    if (p1 >= 0x80) return this.#byShortIdentifier(p1 & 0x1f, channel) ?? 'unknown';
    return channel.strange > 0 ? 'unknown' : channel.file;
  }

  /** The EF of a record command. */
  #recordFile(p2: number, channel: Channel): FileFacts | undefined | 'unknown' {
    if (p2 >> 3 > 0) return this.#byShortIdentifier(p2 >> 3, channel) ?? 'unknown';
    return channel.strange > 0 ? 'unknown' : channel.file;
  }

  #status({ p1, p2, data }: Sent, channel: Channel): Expected {
    if (data.length > 0) return error(0x6700);
    if (p1 > 2 || ![0x00, 0x01, 0x0c].includes(p2)) return error(0x6a86, 0x6b00);
    if (p2 === 0x0c) return OK;
    if (p2 === 0x00) return success((fcp) => fcp[0] === 0x62);
    if (channel.strange === 3) return UNKNOWN;
    return channel.hasApplication ? success((name) => name[0] === 0x84) : error(0x6a88);
  }

  // ---- contents: TS 102 221 11.1.3 to 11.1.6, 9.2 ----

  #isGranted(access: Access): boolean {
    if (access === 'always' || access === 'never') return access === 'always';
    if (access === 'pin2OrAdm') return this.#isGranted('pin2') || this.#isGranted('adm');
    const pin = this.#pins.get({ pin: 0x01, pin2: 0x81, adm: 0x0a }[access]) as Pin;
    return !pin.isEnabled || pin.isVerified;
  }

  /** What keeps a command from a file; empty when nothing does. */
  #refusals(file: FileFacts | undefined, mode: 'read' | 'update', isRecord: boolean): readonly number[] {
    if (file === undefined) return [0x6986];
    const refusals: number[] = [];
    if ((file.structure === 'transparent') === isRecord) refusals.push(0x6981);
    if (!this.#isGranted(file[mode])) refusals.push(0x6982);
    return [...refusals, ...this.#unusable(file)];
  }

  /** Why the life cycle of a file keeps everyone from its content. */
  #unusable(file: FileFacts): readonly number[] {
    return { activated: [], deactivated: [0x6984], terminated: [0x6985] }[this.#stateOf(file)];
  }

  #readBinary({ p1, p2, data, le = 256 }: Sent, channel: Channel): Expected {
    if (data.length > 0) return error(0x6700);
    if (p1 >= 0xa0) return error(0x6a86, 0x6b00);
    const file = this.#binaryFile(p1, channel);
    if (file === 'unknown') return UNKNOWN;
    const refusals = this.#refusals(file, 'read', false);
    const content = file && this.#contents.get(file)?.[0];
    if (refusals.length > 0 || file === undefined || content === undefined) return error(...refusals);
    const offset = (p1 >= 0x80 ? 0 : p1 * 256) + p2;
    if (offset >= content.length) return error(0x6b00);
    const left = content.length - offset;
    return le > left && le !== 256
      ? error(0x6c00 | left)
      : success(content.subarray(offset, offset + Math.min(le, left)));
  }

  #updateBinary({ p1, p2, data }: Sent, channel: Channel): Expected {
    if (data.length === 0) return error(0x6700);
    if (p1 >= 0xa0) return error(0x6a86, 0x6b00);
    const file = this.#binaryFile(p1, channel);
    if (file === 'unknown') return UNKNOWN;
    const refusals = this.#refusals(file, 'update', false);
    const content = file && this.#contents.get(file)?.[0];
    if (refusals.length > 0 || file === undefined || content === undefined) return error(...refusals);
    const offset = (p1 >= 0x80 ? 0 : p1 * 256) + p2;
    if (offset + data.length > content.length) return error(0x6b00, 0x6700, 0x6a84);
    const next = content.slice();
    next.set(data, offset);
    this.#contents.set(file, [next]);
    return OK;
  }

  #readRecord({ p1, p2, data, le = 256 }: Sent, channel: Channel): Expected {
    if (data.length > 0) return error(0x6700);
    const file = this.#recordFile(p2, channel);
    if (file === 'unknown') return UNKNOWN;
    const refusals = this.#refusals(file, 'read', true);
    const records = file && this.#contents.get(file);
    if (refusals.length > 0 || file === undefined || records === undefined) return error(...refusals);
    const wrongs = le !== file.length && le !== 256 ? [0x6c00 | file.length] : [];
    // A wrong Le is told, and then put right: where that moves the pointer, it moves.
    const at = pointedAt(p1, p2 & 7, channel, file, records.length);
    if (at === 'unknown') return UNKNOWN;
    const record = at === undefined ? undefined : records[at - 1];
    if (record === undefined) return error(0x6a83, 0x6a86, 0x6b00, ...wrongs);
    return wrongs.length > 0 ? error(...wrongs) : success(record);
  }

  #updateRecord({ p1, p2, data }: Sent, channel: Channel): Expected {
    if (data.length === 0) return error(0x6700);
    const file = this.#recordFile(p2, channel);
    if (file === 'unknown') return UNKNOWN;
    const refusals = this.#refusals(file, 'update', true);
    const records = file && this.#contents.get(file);
    if (refusals.length > 0 || file === undefined || records === undefined) return error(...refusals);
    const wrongs = data.length !== file.length ? [0x6700] : [];
    if (file.structure === 'cyclic') {
      if ((p2 & 7) !== 0x03 || p1 !== 0) return error(0x6a86, 0x6b00, 0x6981, ...wrongs);
      if (wrongs.length > 0) return error(...wrongs);
      this.#contents.set(file, [data, ...records.slice(0, -1)]);
      channel.record = 1;
      return OK;
    }
    if (wrongs.length > 0) return error(...wrongs, 0x6a83, 0x6a86, 0x6b00);
    const at = pointedAt(p1, p2 & 7, channel, file, records.length);
    if (at === 'unknown') return UNKNOWN;
    if (at === undefined || records[at - 1] === undefined) return error(0x6a83, 0x6a86, 0x6b00);
    this.#contents.set(file, records.with(at - 1, data));
    return OK;
  }

  /** SEARCH RECORD, simple (TS 102 221 11.1.7). */
  #searchRecord({ p1, p2, data }: Sent, channel: Channel): Expected {
    if (data.length === 0) return error(0x6700);
    const file = this.#recordFile(p2, channel);
    const mode = p2 & 7;
    if (file === 'unknown') return UNKNOWN;
    const refusals = this.#refusals(file, 'read', true);
    const records = file && this.#contents.get(file);
    if (refusals.length > 0 || file === undefined || records === undefined) return error(...refusals);
    if (mode < 4) return error(0x6a86, 0x6b00);
    if (mode > 5 || (p1 === 0 && channel.record === undefined)) return UNKNOWN;
    const isForward = mode === 4;
    const first = p1 || channel.record || (isForward ? 1 : records.length);
    const wrongs = data.length > file.length ? [0x6700] : [];
    if (first > records.length) return error(0x6a83, 0x6282, ...wrongs);
    if (wrongs.length > 0) return error(...wrongs);
    const order = records.map((_, i) => i + 1).filter((number) => (isForward ? number >= first : number <= first));
    const found = (isForward ? order : order.reverse()).filter((number) =>
      Buffer.from(records[number - 1] as Uint8Array).includes(Buffer.from(data)),
    );
    if (found[0] === undefined) return error(0x6282);
    channel.record = found[0];
    return success(Uint8Array.from(found));
  }

  /** INCREASE (TS 102 221 11.1.8): the newest record and a number; the sum and the number are told. */
  #increase({ p1, p2, data }: Sent, channel: Channel): Expected {
    if (data.length === 0) return error(0x6700);
    if (p2 !== 0) return error(0x6a86, 0x6b00);
    if ((p1 & 0x60) !== 0 || (p1 < 0x80 && p1 !== 0)) return UNKNOWN;
    const file = this.#binaryFile(p1, channel);
    if (file === 'unknown') return UNKNOWN;
    if (file === undefined) return error(0x6986);
    const refusals = [...this.#unusable(file)];
    if (file.structure !== 'cyclic') refusals.push(0x6981);
    if (!this.#isGranted(file.increase ?? 'never')) refusals.push(0x6982);
    if (data.length > Math.min(file.length, 127)) refusals.push(0x6700);
    const records = this.#contents.get(file);
    if (refusals.length > 0 || records === undefined) return error(...refusals);
    const sum = BigInt(`0x${hex(records[0] as Uint8Array)}`) + BigInt(`0x${hex(data)}`);
    if (sum >= 1n << BigInt(8 * file.length)) return error(0x9850);
    const next = fromHex(sum.toString(16).padStart(2 * file.length, '0'));
    this.#contents.set(file, [next, ...records.slice(0, -1)]);
    channel.record = 1;
    return success(fromHex(hex(next) + hex(data)));
  }

  // ---- life cycle of the current EF: TS 102 221 11.1.14, 11.1.15, TS 102 222 6.7 ----

  #lifeCycle({ ins, p1, p2, data }: Sent, channel: Channel): Expected {
    const { file } = channel;
    if (p1 !== 0 || p2 !== 0 || data.length > 0 || file === undefined || channel.strange > 0) return UNKNOWN;
    const wanted = LIFE_CYCLE_INS[ins] as LifeCycle;
    const state = this.#stateOf(file);
    const refusals: number[] = [];
    if (!this.#isGranted(wanted === 'terminated' ? 'adm' : (file.manage ?? 'adm'))) refusals.push(0x6982);
    if (state === 'terminated' && wanted !== state) refusals.push(0x6985);
    if (refusals.length > 0) return error(...refusals);
    this.#states.set(file, wanted);
    // Whether the current record stays is not said.
    channel.record = undefined;
    return OK;
  }

  // ---- AUTHENTICATE: TS 31.102 7.1.2 ----

  #authenticate({ p1, p2, data }: Sent, channel: Channel): Expected {
    if (p1 !== 0 || p2 !== 0x81 || data.length !== 34 || data[0] !== 16 || data[17] !== 16) return UNKNOWN;
    const refusals: number[] = [];
    if (!channel.hasApplication) refusals.push(0x6985);
    if (this.isLocked) refusals.push(0x6985);
    if (!this.#isGranted('pin')) refusals.push(0x6982);
    if (channel.strange === 3) return UNKNOWN;
    if (refusals.length > 0) return error(...refusals);
    if (!this.#isOfHome(data.slice(1, 17), data.slice(18, 34))) return error(0x9862);
    return success((answer) => answer[0] === 0xdb || answer[0] === 0xdc);
  }

  // ---- PINs: TS 102 221 9.5, 11.1.9 to 11.1.13 ----

  #pinCommand({ ins, p1, p2, data }: Sent): Expected {
    const pin = this.#pins.get(p2);
    if (p1 !== 0 || pin === undefined) return UNKNOWN;
    if (ins === PIN_INS.unblock) return unblock(pin, data);
    if (ins === PIN_INS.verify && data.length === 0) return error(0x63c0 | pin.tries);
    if (data.length !== (ins === PIN_INS.change ? 16 : 8)) return error(0x6700);
    const refusals: number[] = [];
    if (ins === PIN_INS.disable || ins === PIN_INS.enable) {
      if (p2 !== 0x01) refusals.push(0x6985, 0x6a81, 0x6a88);
      if (pin.isEnabled === (ins === PIN_INS.enable)) refusals.push(0x6984);
    } else if (!pin.isEnabled) refusals.push(0x6984);
    if (pin.tries === 0) refusals.push(0x6983);
    if (refusals.length > 0) return error(...refusals);
    if (hex(data.subarray(0, 8)) !== pin.value) {
      pin.tries--;
      pin.isVerified = false;
      return error(pin.tries === 0 ? 0x6983 : 0x63c0 | pin.tries, ...(pin.tries === 0 ? [0x63c0] : []));
    }
    Object.assign(pin, { tries: pin.most, isVerified: true });
    if (ins === PIN_INS.change) pin.value = hex(data.subarray(8));
    if (ins === PIN_INS.disable || ins === PIN_INS.enable) pin.isEnabled = ins === PIN_INS.enable;
    return OK;
  }

  // ---- class A0: TS 51.011 8.9 to 8.13, 9.4 ----

  #sim({ ins, p1, p2, data }: Sent): Expected {
    const isUnblock = ins === PIN_INS.unblock;
    if (!(Object.values(PIN_INS) as number[]).includes(ins) || p1 !== 0) return UNKNOWN;
    const reference = p2 === 0x02 ? 0x81 : p2 === (isUnblock ? 0x00 : 0x01) ? 0x01 : undefined;
    if (reference === undefined || data.length !== (isUnblock || ins === PIN_INS.change ? 16 : 8)) return UNKNOWN;
    const as3g = this.#pinCommand({ ...{ octets: data, cla: 0, p1, data, le: undefined }, ins, p2: reference });
    if (as3g.kind !== 'error') return as3g;
    return error(...as3g.words.map((word) => SIM_WORDS[word] ?? (word >> 4 === 0x63c ? 0x9804 : word)));
  }
}

/** No secure channel is ever open with the UICC; of a channel that is closed either may be said. */
const secured = (channel: Channel | undefined): Expected =>
  channel === undefined ? error(0x6881, 0x6985) : error(0x6882);

/**
 * The record that P1 and a mode mean, which the modes next and previous make the current one; undefined for none (TS 102 221 11.1.5.2). With
 * no current record the next one is the first and the previous one the last; a cyclic file has no end.
 */
function pointedAt(
  p1: number,
  mode: number,
  channel: Channel,
  { structure }: FileFacts,
  count: number,
): number | undefined | 'unknown' {
  if (mode < 2 || mode > 4) return undefined;
  if (mode !== 4 && p1 !== 0) return undefined;
  if (mode === 4 && p1 !== 0) return p1;
  const { record } = channel;
  if (record === undefined) return 'unknown';
  if (mode === 4) return record === 0 ? undefined : record;
  const next = mode === 2 ? record + 1 : (record || count + 1) - 1;
  const isOver = next < 1 || next > count;
  if (isOver && structure !== 'cyclic') return undefined;
  channel.record = isOver ? (next < 1 ? count : 1) : next;
  return channel.record;
}

/** What 2G says for a status word of PIN commands (TS 51.011 9.4.5). */
const SIM_WORDS: Readonly<Record<number, number>> = { 27011: 0x9840, 27012: 0x9808, 27013: 0x9808 };

function unblock(pin: Pin, data: Uint8Array): Expected {
  if (data.length === 0) return error(0x63c0 | pin.unblockTries);
  if (data.length !== 16) return error(0x6700);
  if (pin.unblockTries === 0) return error(0x6983);
  if (hex(data.subarray(0, 8)) !== pin.unblockCode) {
    pin.unblockTries--;
    return error(pin.unblockTries === 0 ? 0x6983 : 0x63c0 | pin.unblockTries);
  }
  Object.assign(pin, { value: hex(data.subarray(8)), tries: pin.most, isEnabled: true, isVerified: true });
  pin.unblockTries = 10;
  return OK;
}

/** The files that the model knows, with their conditions (TS 102 221 13, TS 31.102 4.2, 4.4.2). */
export const KNOWN_FILES: readonly KnownFile[] = [
  { directory: 'MF', identifier: '2FE2', short: 0x02, read: 'always', update: 'never' },
  { directory: 'MF', identifier: '2F05', short: 0x05, read: 'always', update: 'pin' },
  { directory: 'MF', identifier: '2F00', short: 0x1e, read: 'always', update: 'adm' },
  { directory: 'USIM', identifier: '6F07', short: 0x07, read: 'pin', update: 'adm' },
  { directory: 'USIM', identifier: '6F08', short: 0x08, read: 'pin', update: 'pin' },
  { directory: 'USIM', identifier: '6F31', short: 0x12, read: 'pin', update: 'adm' },
  { directory: 'USIM', identifier: '6F46', read: 'always', update: 'adm' },
  { directory: 'USIM', identifier: '6F7E', short: 0x0b, read: 'pin', update: 'pin' },
  { directory: 'USIM', identifier: '6FAD', short: 0x03, read: 'always', update: 'adm' },
  { directory: 'USIM', identifier: '6FB7', short: 0x01, read: 'always', update: 'adm' },
  { directory: 'USIM', identifier: '6F39', read: 'pin', update: 'pin2', increase: 'pin' },
  { directory: '7F10', identifier: '6F3A', read: 'pin', update: 'pin', manage: 'pin2OrAdm' },
];
export const SELECT_USIM = fromHex(`00A4040C07${USIM_AID}`);
