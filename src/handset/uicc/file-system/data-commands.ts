import { berTlv, berTlvs, CodecError, concat, NO_OCTETS, Reader } from '#base/codec/index.ts';
import { type CommandApdu, LONGEST_RESPONSE_DATA, responseApdu, SW } from '#protocol/apdu/index.ts';
import { FILE_MODE } from './access-rule.ts';
import type { CardFiles } from './card-files.ts';
import { STRUCTURE } from './elementary-file.ts';
import type { FileCommands, Found } from './file-commands.ts';
import type { FileNode } from './file-image.ts';
import type { FileSession } from './grants.ts';
import type { Selection } from './selection.ts';

/** Blocks by the first bits of P2 (TS 102 221 11.3.1.1); the last five are a short identifier. */
const BLOCK = { bits: 0xe0, first: 0x80, next: 0x00, previous: 0x40 } as const;
const SHORT_IDENTIFIER_BITS = 0x1f;
const LONGEST_TAG = 3;
/** RETRIEVE DATA with this tag gives the tags of all data objects (TS 102 221 11.3.1). */
const TAG_LIST = 0x5c;
const MORE_TAG_OCTETS = 0x1f;
/** Data objects of one EF. */
const MOST_OBJECTS = 255;
/** Largest data object, header included. */
const LARGEST_OBJECT = 0x8000;

const sw = (statusWord: number) => responseApdu(statusWord);

/** RETRIEVE DATA and SET DATA on BER-TLV EFs of one card, in as many blocks as a data object needs (TS 102 221 11.3). */
export class DataCommands {
  readonly #files: CardFiles;
  readonly #commands: FileCommands;

  constructor(commands: FileCommands) {
    this.#commands = commands;
    this.#files = commands.files;
  }

  /** RETRIEVE DATA: the data object of a tag, 62F1 while more of it follows. */
  retrieve(session: FileSession, { p1, p2, data, le = LONGEST_RESPONSE_DATA }: CommandApdu): Uint8Array {
    if (p1 !== 0) return sw(SW.wrongParameters);
    const { selection } = session;
    const block = p2 & BLOCK.bits;
    if (block === BLOCK.first) return this.#retrieveFirst(session, p2, data, le);
    const { transfer } = selection;
    if (block !== BLOCK.next && block !== BLOCK.previous) return sw(SW.wrongParameters);
    if (transfer?.direction !== 'retrieve') return sw(SW.conditionsOfUseNotSatisfied);
    return part(selection, transfer.node, transfer.octets, block === BLOCK.next ? transfer.next : transfer.last, le);
  }

  #retrieveFirst(session: FileSession, p2: number, tag: Uint8Array, le: number): Uint8Array {
    const { selection } = session;
    selection.transfer = undefined;
    const node = this.#dataFile(selection, p2);
    if (typeof node === 'number') return sw(node);
    const refusal = this.#commands.refusal(session, node, FILE_MODE.read, isBerTlv(node));
    if (refusal !== 0) return sw(refusal);
    if (!isTag(tag)) return sw(SW.wrongData);
    const objects = objectsOf(this.#files.read(node.file));
    const isForList = tag.length === 1 && tag[0] === TAG_LIST;
    const object = isForList ? tagList(objects) : objects.find((one) => hasTag(one, tag));
    return object === undefined ? sw(SW.referencedDataNotFound) : part(selection, node, object, 0, le);
  }

  /** SET DATA: stores a data object, or removes it when only its tag comes; 63F1 while more of it is expected. */
  set(session: FileSession, { p1, p2, data }: CommandApdu): Uint8Array {
    if (p1 !== 0) return sw(SW.wrongParameters);
    const { selection } = session;
    const { transfer } = selection;
    const block = p2 & BLOCK.bits;
    selection.transfer = undefined;
    if (block === BLOCK.first) {
      const node = this.#dataFile(selection, p2);
      if (typeof node === 'number') return sw(node);
      const refusal = this.#commands.refusal(session, node, FILE_MODE.update, isBerTlv(node));
      return refusal === 0 ? this.#take(selection, node, data.slice()) : sw(refusal);
    }
    if (block !== BLOCK.next) return sw(SW.wrongParameters);
    if (transfer?.direction !== 'set') return sw(SW.conditionsOfUseNotSatisfied);
    return this.#take(selection, transfer.node, concat(transfer.octets, data));
  }

  /** What came so far: a whole object is stored, a part waits for the rest. */
  #take(selection: Selection, node: FileNode, octets: Uint8Array): Uint8Array {
    if (isTag(octets)) return this.#store(node, octets, NO_OCTETS);
    const length = lengthOfObject(octets);
    if (length === undefined || octets.length > length) return sw(SW.wrongData);
    if (length > node.file.recordLength) return sw(SW.notEnoughMemory);
    if (octets.length === length) return this.#store(node, octets.subarray(0, tagLength(octets)), octets);
    selection.transfer = { node, direction: 'set', octets, last: 0, next: octets.length };
    return sw(SW.moreDataExpected);
  }

  #store(node: FileNode, tag: Uint8Array, object: Uint8Array): Uint8Array {
    const objects = objectsOf(this.#files.read(node.file));
    const others = objects.filter((one) => !hasTag(one, tag));
    if (object.length === 0 && others.length === objects.length) return sw(SW.referencedDataNotFound);
    const content = concat(...others, object);
    if (others.length >= MOST_OBJECTS) return sw(SW.notEnoughMemory);
    const hasRoom = content.length <= node.file.recordLength && this.#files.write(node.file, content);
    return sw(hasRoom ? SW.ok : SW.notEnoughMemory);
  }

  #dataFile(selection: Selection, p2: number): Found {
    const identifier = p2 & SHORT_IDENTIFIER_BITS;
    return identifier === 0
      ? this.#commands.currentFile(selection)
      : this.#commands.byShortIdentifier(selection, identifier);
  }
}

const tagList = (objects: readonly Uint8Array[]) =>
  berTlv(TAG_LIST, ...objects.map((object) => object.subarray(0, tagLength(object))));

const isBerTlv = ({ file }: FileNode) => file.structure === STRUCTURE.berTlv;

/** The next block of an object, and what is left of it. */
function part(selection: Selection, node: FileNode, octets: Uint8Array, from: number, le: number): Uint8Array {
  const to = Math.min(octets.length, from + le);
  selection.transfer = { node, direction: 'retrieve', octets, last: from, next: to };
  return responseApdu(to < octets.length ? SW.moreDataAvailable : SW.ok, octets.subarray(from, to));
}

/** The data objects of a BER-TLV EF. Only whole ones are ever written; octets of a plan that are no objects are none. */
function objectsOf(content: Uint8Array): readonly Uint8Array[] {
  try {
    return berTlvs(content).map(({ start, end }) => content.slice(start, end));
  } catch (error) {
    if (error instanceof CodecError) return [];
    throw error;
  }
}

/** Octets of the tag that begins here. */
function tagLength(octets: Uint8Array): number {
  if (((octets[0] ?? 0) & MORE_TAG_OCTETS) !== MORE_TAG_OCTETS) return 1;
  return ((octets[1] ?? 0) & 0x80) === 0 ? 2 : LONGEST_TAG;
}

/** True when the octets are a tag and nothing else. */
const isTag = (octets: Uint8Array) => octets.length > 0 && tagLength(octets) === octets.length;

const hasTag = (object: Uint8Array, tag: Uint8Array) =>
  tagLength(object) === tag.length && tag.every((octet, i) => object[i] === octet);

/** Octets of the data object that begins here, header included; undefined when its header is none, or too large. */
function lengthOfObject(octets: Uint8Array): number | undefined {
  const reader = new Reader(octets, tagLength(octets));
  try {
    const first = reader.u8();
    const value = first < 0x80 ? first : first <= 0x83 && first > 0x80 ? reader.uint(first & 3) : LARGEST_OBJECT;
    const length = reader.position + value;
    return length <= LARGEST_OBJECT ? length : undefined;
  } catch (error) {
    if (error instanceof CodecError) return undefined;
    throw error;
  }
}
