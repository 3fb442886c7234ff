import { berTlvs, CodecError, concat, NO_OCTETS, sameOctets } from '#base/codec/index.ts';
import type { CardDoor } from '#handset/connector/index.ts';
import { encodeCommand, onChannel, responseData, SW, statusWord } from '#protocol/apdu/index.ts';
import { type FileFacts, fileFacts } from './file-facts.ts';
import { fileMeant, type KnownFile, MASTER_FILE, unknownApplication, unknownFile, wayTo } from './known-files.ts';

/** The card did not answer. Says why, when that is known. */
export class MuteCardError extends Error {
  override readonly name = 'MuteCardError';
}

/** An R-APDU, apart. */
export interface Reply {
  readonly statusWord: number;
  readonly data: Uint8Array;
}

/** Normal end, or a warning that brings data all the same. */
export const isDone = ({ statusWord: sw }: Reply): boolean => sw === SW.ok || sw >> 8 === 0x91 || sw >> 8 === 0x62;

/** Octets that one command reads or updates. */
const CHUNK = 255;
/** Largest content that is read of one file. */
const MOST_OCTETS = 65_535;
const MOST_APPLICATIONS = 32;
const BY = { identifier: 0x00, aid: 0x04 } as const;
const FCP_WANTED = 0x04;
/** Short identifier of EF.DIR, and the tags of its records (TS 102 221 13.1). */
const TAG = { application: 0x61, aid: 0x4f } as const;
const EF_DIR = 0x2f00;

/** Who sees every exchange, for a trace. */
export type Watch = (command: Uint8Array, response: Uint8Array) => void;

/** Where one is in the files of a channel. */
interface Place {
  readonly directory: KnownFile;
  readonly file: KnownFile | undefined;
  readonly facts: FileFacts | undefined;
}
const AT_MASTER_FILE: Place = { directory: MASTER_FILE, file: undefined, facts: undefined };

/** One card in use: where one is in its files, on which logical channel, and the commands of TS 102 221 with their answers. */
export class CardSession {
  readonly #door: CardDoor;
  readonly #trouble: () => string | undefined;
  readonly #watch: Watch;
  /** AIDs in EF.DIR as far as they were read. */
  #applications: readonly Uint8Array[] = [];
  #directory: KnownFile = MASTER_FILE;
  #file: KnownFile | undefined;
  #facts: FileFacts | undefined;
  #channel = 0;
  #resets = 0;
  readonly #places = new Map<number, Place>();

  /** `trouble` tells why a card is mute. */
  constructor(door: CardDoor, trouble: () => string | undefined = () => undefined, watch: Watch = () => {}) {
    this.#door = door;
    this.#trouble = trouble;
    this.#watch = watch;
  }

  /** The current directory. */
  get directory(): KnownFile {
    return this.#directory;
  }
  /** The current EF; undefined right after a directory was selected. */
  get file(): KnownFile | undefined {
    return this.#file;
  }
  /** What the last SELECT told. */
  get facts(): FileFacts | undefined {
    return this.#facts;
  }
  /** The logical channel that commands go to. */
  get channel(): number {
    return this.#channel;
  }
  /** Every channel has a place of its own in the files; a new one begins at the MF. */
  set channel(channel: number) {
    this.#places.set(this.#channel, { directory: this.#directory, file: this.#file, facts: this.#facts });
    this.#channel = channel;
    const { directory, file, facts } = this.#places.get(channel) ?? AT_MASTER_FILE;
    this.#directory = directory;
    this.#file = file;
    this.#facts = facts;
  }
  /** How often the card was reset: what was open before is gone. */
  get resets(): number {
    return this.#resets;
  }
  /** AIDs that EF.DIR lists, after `applications` was asked. */
  get knownApplications(): readonly Uint8Array[] {
    return this.#applications;
  }

  /** Resets the card; its answer to reset. */
  async reset(): Promise<Uint8Array> {
    const atr = await this.#door.reset();
    this.#places.clear();
    this.#resets += 1;
    this.#channel = 0;
    this.#directory = MASTER_FILE;
    this.#file = undefined;
    this.#facts = undefined;
    if (atr.length === 0) throw this.#mute();
    return atr;
  }

  #mute(): MuteCardError {
    return new MuteCardError(this.#trouble() ?? 'the card does not answer: reset it, or put it in again');
  }

  /** A channel was closed: opened again, it begins at the MF. */
  forgetChannel(channel: number): void {
    this.#places.delete(channel);
  }

  /** Octets as they are, on whatever channel they say. */
  async sendRaw(command: Uint8Array): Promise<Reply> {
    const response = await this.#door.transmit(command);
    if (response.length < 2) throw this.#mute();
    this.#watch(command, response);
    return { statusWord: statusWord(response), data: responseData(response).slice() };
  }

  /** A command on the current channel. `le` 256 asks for all there is. */
  send(cla: number, ins: number, p1: number, p2: number, data: Uint8Array = NO_OCTETS, le?: number): Promise<Reply> {
    const command = { cla: onChannel(cla, this.#channel), ins, p1, p2, data, ...(le !== undefined && { le }) };
    return this.sendRaw(encodeCommand(command));
  }

  /** What a text means where one is now: a name, an identifier, a path, an AID, also of what no table knows. */
  meant(text: string): KnownFile | undefined {
    const found = fileMeant(text, this.#directory);
    if (found !== undefined) return found;
    if (/^[0-9a-f]{4}$/i.test(text)) {
      const identifier = Number.parseInt(text, 16);
      return unknownFile(identifier, [0x3f, 0x5f, 0x7f].includes(identifier >> 8), this.#directory);
    }
    return /^([0-9a-f]{2}){5,16}$/i.test(text) ? applicationOf(Uint8Array.from(Buffer.from(text, 'hex'))) : undefined;
  }

  /** Selects a file from wherever one is. The last reply: of the file itself, or of the directory on the way that was refused. */
  async select(file: KnownFile): Promise<Reply> {
    if (file.parent === this.#directory && file.aid === undefined) return this.#selectOne(file);
    let reply: Reply = { statusWord: SW.ok, data: NO_OCTETS };
    for (const step of wayTo(file)) {
      reply = await this.#selectOne(step);
      if (!isDone(reply)) return reply;
    }
    return reply;
  }

  async #selectOne(file: KnownFile): Promise<Reply> {
    const { aid, identifier, isDirectory } = file;
    const name = aid === undefined ? Uint8Array.of(identifier >> 8, identifier) : this.#wholeAid(aid);
    const reply = await this.send(0x00, 0xa4, aid === undefined ? BY.identifier : BY.aid, FCP_WANTED, name, 256);
    if (!isDone(reply)) return reply;
    this.#facts = fileFacts(reply.data);
    if (isDirectory || this.#facts?.kind === 'directory') {
      this.#directory = isDirectory ? file : { ...file, isDirectory: true };
      this.#file = undefined;
    } else this.#file = file;
    return reply;
  }

  /** The AID of EF.DIR that begins so: some cards want the whole. */
  #wholeAid(aid: Uint8Array): Uint8Array {
    return this.#applications.find((whole) => sameOctets(whole.subarray(0, aid.length), aid)) ?? aid;
  }

  /** The applications of EF.DIR, as their records have them. */
  async applications(): Promise<readonly Uint8Array[]> {
    const reply = await this.select(directoryFile());
    if (!isDone(reply)) return [];
    const records = (await this.readRecords()).records.slice(0, MOST_APPLICATIONS);
    this.#applications = records.flatMap((record) => aidIn(record) ?? []);
    return records;
  }

  /** Reads a transparent EF: all of it, or so many octets from an offset. What was read until a refusal, and the last reply. */
  async readBinary(
    offset = 0,
    length = (this.#facts?.size ?? 256) - offset,
  ): Promise<{ data: Uint8Array; reply: Reply }> {
    const parts: Uint8Array[] = [];
    let reply: Reply = { statusWord: SW.ok, data: NO_OCTETS };
    const end = Math.min(offset + length, MOST_OCTETS);
    for (let at = offset; at < end; ) {
      reply = await this.send(0x00, 0xb0, (at >> 8) & 0x7f, at & 0xff, NO_OCTETS, Math.min(CHUNK, end - at));
      if (!isDone(reply) || reply.data.length === 0) break;
      parts.push(reply.data);
      at += reply.data.length;
    }
    return { data: concat(...parts), reply };
  }

  /** One record, by its number. */
  readRecord(record: number): Promise<Reply> {
    return this.send(0x00, 0xb2, record, 0x04, NO_OCTETS, this.#facts?.recordLength ?? 256);
  }

  /** All records until one is refused, and the last reply. */
  async readRecords(): Promise<{ records: readonly Uint8Array[]; reply: Reply }> {
    const records: Uint8Array[] = [];
    let reply: Reply = { statusWord: SW.ok, data: NO_OCTETS };
    const most = this.#facts?.records ?? 254;
    for (let number = 1; number <= most; number++) {
      reply = await this.readRecord(number);
      if (!isDone(reply)) break;
      records.push(reply.data);
    }
    return { records, reply: records.length > 0 ? { ...reply, statusWord: SW.ok } : reply };
  }

  /** Updates a transparent EF from an offset, in as many commands as it takes. The last reply. */
  async updateBinary(offset: number, content: Uint8Array): Promise<Reply> {
    let reply: Reply = { statusWord: SW.ok, data: NO_OCTETS };
    for (let at = 0; at < content.length; at += CHUNK) {
      const place = offset + at;
      reply = await this.send(0x00, 0xd6, (place >> 8) & 0x7f, place & 0xff, content.slice(at, at + CHUNK));
      if (!isDone(reply)) break;
    }
    return reply;
  }

  /** Updates one record. */
  updateRecord(record: number, content: Uint8Array): Promise<Reply> {
    return this.send(0x00, 0xdc, record, 0x04, content);
  }

  /** Asks for the tries that are left of a PIN or key; none is lost by it (TS 102 221 11.1.9). */
  triesOf(reference: number): Promise<Reply> {
    return this.send(0x00, 0x20, 0x00, reference);
  }
}

function directoryFile(): KnownFile {
  const found = MASTER_FILE.children.find(({ identifier }) => identifier === EF_DIR);
  return found ?? unknownFile(EF_DIR, false, MASTER_FILE);
}

/** The application of an AID: that of the tables whose standard part it begins with. */
export function applicationOf(aid: Uint8Array): KnownFile {
  const isOf = (file: KnownFile) => file.aid !== undefined && sameOctets(aid.subarray(0, file.aid.length), file.aid);
  const found = MASTER_FILE.children.find(isOf);
  return found === undefined ? unknownApplication(aid) : { ...found, aid };
}

/** The AID in a record of EF.DIR. */
export function aidIn(record: Uint8Array): Uint8Array | undefined {
  let end = record.length;
  while (end > 0 && record[end - 1] === 0xff) end--;
  try {
    const template = berTlvs(record.subarray(0, end)).find(({ tag }) => tag === TAG.application);
    return (
      template &&
      berTlvs(template.value)
        .find(({ tag }) => tag === TAG.aid)
        ?.value.slice()
    );
  } catch (error) {
    if (error instanceof CodecError) return undefined;
    throw error;
  }
}
