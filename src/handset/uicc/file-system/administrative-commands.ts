import { CodecError, concat, NO_OCTETS } from '#base/codec/index.ts';
import type { Changes } from '#handset/card/index.ts';
import { type CommandApdu, responseApdu, SW } from '#protocol/apdu/index.ts';
import { MEMORY_KEY } from '../memory-key.ts';
import { DIRECTORY_MODE, FILE_MODE, INSTRUCTION } from './access-rule.ts';
import { type CardFiles, contentKey, keyOf, newestKey } from './card-files.ts';
import {
  createdHead,
  FIRST_CREATED,
  fileOf,
  isCreatedNumber,
  lifeCycleKey,
  MOST_CREATED,
  type StructureIndex,
  structureIndex,
} from './card-structure.ts';
import { blank, type ElementaryFile, isOfRecords, STRUCTURE } from './elementary-file.ts';
import { type FileCommands, identifierAt } from './file-commands.ts';
import {
  type CreatedFile,
  createdFile,
  createdProprietary,
  LIFE_CYCLE,
  resizedFile,
  securityOf,
} from './file-control-parameters.ts';
import type { DirectoryNode, FileNode } from './file-image.ts';
import type { FileSession } from './grants.ts';
import { isOwnNumber } from './own-numbers.ts';

/** Identifiers that name something else, or nothing (TS 102 221 8.6, ISO/IEC 7816-4 7.4.1). */
const RESERVED_IDENTIFIERS = [0x0000, 0x3f00, 0x3fff, 0x7fff, 0xffff];
/** READ BINARY reaches so far (15 bits of offset). */
const LARGEST_FILE = 0x8000;
const MOST_RECORDS = 254;
const LONGEST_RECORD = 255;
const BY = { identifier: 0x00, pathFromMaster: 0x08, path: 0x09 } as const;
/** Creation and initialisation are states that a file can be born in (TS 102 221 11.1.1.4.9). */
const STATES_AT_BIRTH = [0x01, 0x03, LIFE_CYCLE.activated] as const;

const sw = (statusWord: number) => responseApdu(statusWord);
const OK = sw(SW.ok);
type AnyNode = FileNode | DirectoryNode;
type MutableChanges = [key: number, value: Uint8Array | undefined][];

/** Administrative commands of one card (TS 102 222 6, TS 102 221 11.1.14, 11.1.15). Each is one commit, and gives an R-APDU. */
export class AdministrativeCommands {
  readonly #files: CardFiles;
  readonly #commands: FileCommands;

  constructor(commands: FileCommands) {
    this.#commands = commands;
    this.#files = commands.files;
  }

  /** CREATE FILE below the current DF (TS 102 222 6.3): the file is there with all its octets, and selected. */
  create(session: FileSession, { p1, p2, data }: CommandApdu): Uint8Array {
    if (p1 !== 0 || p2 !== 0) return sw(SW.wrongParameters);
    const parameters = decoded(createdFile, data);
    if (parameters === undefined) return sw(SW.wrongData);
    const { structure } = this.#files;
    const directory = structure.current(session.selection.directory);
    if (directory === undefined) return sw(SW.conditionsOfUseNotSatisfied);
    const isDirectory = parameters.descriptor.kind === 'directory';
    const mode = isDirectory ? DIRECTORY_MODE.createDirectory : DIRECTORY_MODE.createFile;
    if (!this.#files.allows(session, directory, mode)) return sw(SW.securityStatusNotSatisfied);
    const { created = [], ...index } = structure.index;
    const place = freePlace(created);
    if (place === undefined) return sw(SW.notEnoughMemory);
    const file = describedFile(FIRST_CREATED + place, parameters);
    const content = file === undefined || file === 'directory' ? NO_OCTETS : firstContent(file, parameters);
    if (file === undefined || content === undefined) return sw(SW.wrongData);
    const clash = this.#clash(directory, parameters, file);
    if (clash !== 0) return sw(clash);
    const lifeCycle = STATES_AT_BIRTH.find((state) => state === parameters.lifeCycle) ?? LIFE_CYCLE.activated;
    // What it is filled with is said once, and is in its content.
    const { proprietary: _, ...kept } = parameters;
    const changes: MutableChanges = [
      indexChange({ ...index, created: [...created, place] }),
      [MEMORY_KEY.createdFile + place, createdHead.encode({ parent: directory.number, lifeCycle, parameters: kept })],
    ];
    if (file !== 'directory') changes.push([contentKey(file), content]);
    return this.#changed(changes, () => {
      const node = structure.created(FIRST_CREATED + place);
      if (node !== undefined) session.selection.select(node);
    });
  }

  /** Why a file may not stand in this directory; 0 when it may. */
  #clash(directory: DirectoryNode, { identifier, aid }: CreatedFile, file: ElementaryFile | 'directory'): number {
    const { structure } = this.#files;
    const { master } = structure.image;
    if (RESERVED_IDENTIFIERS.includes(identifier)) return SW.wrongData;
    // An ADF stands below the MF, and has a name that no other begins with.
    if (aid !== undefined && (directory !== master || file !== 'directory')) return SW.wrongData;
    const name = aid?.toString();
    if (structure.applications().some((other) => other.aid?.toString() === name)) return SW.nameAlreadyExists;
    if (structure.child(directory, identifier) !== undefined) return SW.fileAlreadyExists;
    const short = file === 'directory' ? undefined : file.shortIdentifier;
    const isTaken = short !== undefined && structure.byShortIdentifier(directory, short) !== undefined;
    return isTaken ? SW.fileAlreadyExists : 0;
  }

  /** DELETE FILE (TS 102 222 6.4): a child of the current DF, or the current DF itself, with all below it. */
  delete(session: FileSession, { p1, p2, data }: CommandApdu): Uint8Array {
    if (p1 !== 0 || p2 !== 0) return sw(SW.wrongParameters);
    if (data.length !== 2) return sw(SW.wrongLength);
    const node = this.#childOrSelf(session, identifierAt(data, 0));
    if (node === undefined) return sw(SW.fileNotFound);
    const parent = parentOf(node);
    if (parent === undefined) return sw(SW.conditionsOfUseNotSatisfied);
    if (!this.#files.allows(session, node, FILE_MODE.delete)) return sw(SW.securityStatusNotSatisfied);
    const changes: MutableChanges = [];
    let index = this.#files.structure.index;
    for (const gone of this.#subtree(node)) {
      changes.push(...this.#emptied(gone));
      index = withoutCreated(index, numberOf(gone) - FIRST_CREATED);
    }
    if (!isCreatedNumber(numberOf(node))) index = withRemoved(index, node, parent);
    changes.unshift(indexChange(index));
    return this.#changed(changes, () => session.selection.select(parent));
  }

  #childOrSelf({ selection }: FileSession, identifier: number): AnyNode | undefined {
    const { structure } = this.#files;
    const { directory } = selection;
    const child = structure.child(directory, identifier);
    if (child !== undefined || directory.identifier !== identifier) return child;
    return structure.current(directory);
  }

  #subtree(node: AnyNode): readonly AnyNode[] {
    if (node.kind === 'file') return [node];
    return [node, ...this.#files.structure.childrenOf(node).flatMap((child) => this.#subtree(child))];
  }

  /** What a file that goes leaves in the memory, unless another file means the same content. */
  #emptied(node: AnyNode): MutableChanges {
    const keys: number[] = [];
    const place = numberOf(node) - FIRST_CREATED;
    if (isCreatedNumber(numberOf(node))) keys.push(MEMORY_KEY.createdFile + place, MEMORY_KEY.createdContent + place);
    else if (node.kind === 'file' && !this.#isShared(node)) {
      const { file } = node;
      keys.push(lifeCycleKey(file.number), newestKey(file));
      if (isOfRecords(file)) for (let i = 0; i < file.records; i++) keys.push(keyOf(file, i));
    }
    return keys.filter((key) => this.#files.has(key)).map((key) => [key, undefined]);
  }

  #isShared({ file }: FileNode): boolean {
    const { structure } = this.#files;
    const nodes = structure.image.files.get(file.number) ?? [];
    return nodes.filter((node) => structure.current(node) !== undefined).length > 1;
  }

  /** RESIZE FILE (TS 102 222 6.10): octets are added or lost at the end; of a cyclic EF the oldest records. */
  resize(session: FileSession, { p1, p2, data }: CommandApdu): Uint8Array {
    if (p1 !== 0 || p2 !== 0) return sw(SW.wrongParameters);
    const wanted = decoded(resizedFile, data);
    if (wanted === undefined) return sw(SW.wrongData);
    const node = this.#childOrSelf(session, wanted.identifier);
    if (node === undefined) return sw(SW.fileNotFound);
    if (!this.#files.allowsInstruction(session, node, INSTRUCTION.resize)) return sw(SW.securityStatusNotSatisfied);
    if (node.kind === 'directory') return sw(SW.functionNotSupported);
    const { file } = node;
    const { size } = wanted;
    if (size === undefined || !isPossibleSize(file, size)) return sw(SW.wrongData);
    const records = isOfRecords(file) ? size / file.recordLength : 1;
    const resized = { ...file, records, recordLength: isOfRecords(file) ? file.recordLength : size };
    // Keys of its records end where those of the next file begin.
    if (isOwnNumber(file.number) && records > file.records) return sw(SW.notEnoughMemory);
    if (file.structure === STRUCTURE.berTlv && this.#files.read(file).length > size) return sw(SW.notEnoughMemory);
    const changes = isCreatedNumber(numberOf(node))
      ? this.#resizedCreated(file, resized)
      : this.#resizedIssued(file, resized);
    return this.#changed(changes, () => session.selection.select(this.#files.structure.current(node) ?? node));
  }

  #resizedCreated(file: ElementaryFile, resized: ElementaryFile): MutableChanges {
    const place = file.number - FIRST_CREATED;
    const head = this.#head(place);
    const parameters = { ...head.parameters, size: resized.recordLength * resized.records };
    const content = isOfRecords(file)
      ? concat(Uint8Array.of(0), ...this.#keptRecords(file, resized))
      : keptOctets(file, resized, this.#files.read(file));
    return [
      [MEMORY_KEY.createdFile + place, createdHead.encode({ ...head, parameters })],
      [contentKey(file), content],
    ];
  }

  #resizedIssued(file: ElementaryFile, resized: ElementaryFile): MutableChanges {
    const { index } = this.#files.structure;
    const { number } = file;
    const size = resized.recordLength * resized.records;
    const member = isOwnNumber(number) ? 'resizedOwn' : 'resized';
    const others = (index[member] ?? []).filter((other) => other.number !== number);
    const changes: MutableChanges = [indexChange({ ...index, [member]: [...others, { number, size }] })];
    if (!isOfRecords(file)) {
      changes.push([keyOf(file, 0), keptOctets(file, resized, this.#files.read(file))]);
      return changes;
    }
    const records = this.#keptRecords(file, resized);
    for (const [place, record] of records.entries()) changes.push([keyOf(file, place), record]);
    for (let place = records.length; place < file.records; place++)
      if (this.#files.has(keyOf(file, place))) changes.push([keyOf(file, place), undefined]);
    if (this.#files.has(newestKey(file))) changes.push([newestKey(file), undefined]);
    return changes;
  }

  #keptRecords(file: ElementaryFile, resized: ElementaryFile): readonly Uint8Array[] {
    const records = this.#files.records(file);
    return Array.from({ length: resized.records }, (_, i) => records[i]?.slice() ?? blank(resized));
  }

  #head(place: number) {
    // The place is that of a file that is there.
    return createdHead.decode(this.#files.stored(MEMORY_KEY.createdFile + place) as Uint8Array);
  }

  // ---- life cycle ----

  /** DEACTIVATE FILE (TS 102 221 11.1.14): the current EF or DF, or one by identifier or path. */
  deactivate(session: FileSession, command: CommandApdu): Uint8Array {
    return this.#setLifeCycle(session, command, FILE_MODE.deactivate, LIFE_CYCLE.deactivated);
  }

  /** ACTIVATE FILE (TS 102 221 11.1.15). */
  activate(session: FileSession, command: CommandApdu): Uint8Array {
    return this.#setLifeCycle(session, command, FILE_MODE.activate, LIFE_CYCLE.activated);
  }

  /** TERMINATE EF or TERMINATE DF (TS 102 222 6.7, 6.8): there is no way back. */
  terminate(session: FileSession, command: CommandApdu, kind: AnyNode['kind']): Uint8Array {
    return this.#setLifeCycle(session, command, FILE_MODE.terminate, LIFE_CYCLE.terminated, kind);
  }

  /** TERMINATE CARD USAGE (TS 102 222 6.9): the MF is terminated, and no command is served any more. */
  terminateCard(session: FileSession, { p1, p2 }: CommandApdu): Uint8Array {
    if (p1 !== 0 || p2 !== 0) return sw(SW.wrongParameters);
    const { master } = this.#files.structure.image;
    if (!this.#files.allows(session, master, DIRECTORY_MODE.terminate)) return sw(SW.securityStatusNotSatisfied);
    return this.#changed(this.#lifeCycleChange(master, LIFE_CYCLE.terminated));
  }

  #setLifeCycle(
    session: FileSession,
    command: CommandApdu,
    mode: number,
    state: number,
    kind?: AnyNode['kind'],
  ): Uint8Array {
    const node = this.#named(session, command);
    if (typeof node === 'number') return sw(node);
    if (kind !== undefined && node.kind !== kind) return sw(SW.incompatibleWithFileStructure);
    const { structure } = this.#files;
    if (node === structure.image.master) return sw(SW.conditionsOfUseNotSatisfied);
    if (!this.#files.allows(session, node, mode)) return sw(SW.securityStatusNotSatisfied);
    const now = structure.lifeCycle(node);
    if (now === LIFE_CYCLE.terminated && state !== now) return sw(SW.conditionsOfUseNotSatisfied);
    if (now === state) {
      session.selection.select(node);
      return OK;
    }
    return this.#changed(this.#lifeCycleChange(node, state), () => session.selection.select(node));
  }

  /** The file that a command of the life cycle names, or the status word that says why there is none. */
  #named({ selection }: FileSession, { p1, p2, data }: CommandApdu): AnyNode | number {
    if (p2 !== 0) return SW.wrongParameters;
    const { structure } = this.#files;
    if (data.length === 0 && p1 === BY.identifier)
      return selection.file === undefined
        ? (structure.current(selection.directory) ?? SW.fileNotFound)
        : this.#commands.currentFile(selection);
    if (data.length === 0 || data.length % 2 !== 0) return SW.wrongLength;
    switch (p1) {
      case BY.identifier:
        return data.length === 2
          ? (structure.find(selection, identifierAt(data, 0)) ?? SW.fileNotFound)
          : SW.wrongLength;
      case BY.pathFromMaster:
        return this.#commands.atPath(selection, data) ?? SW.fileNotFound;
      case BY.path:
        return this.#commands.follow(selection.directory, data, 0) ?? SW.fileNotFound;
      default:
        return SW.wrongParameters;
    }
  }

  #lifeCycleChange(node: AnyNode, state: number): MutableChanges {
    const number = numberOf(node);
    if (isCreatedNumber(number)) {
      const place = number - FIRST_CREATED;
      return [[MEMORY_KEY.createdFile + place, createdHead.encode({ ...this.#head(place), lifeCycle: state })]];
    }
    if (node.kind === 'file') {
      // Deactivated is an empty record, as cards in the field have it.
      const stored = state === LIFE_CYCLE.deactivated ? NO_OCTETS : Uint8Array.of(state);
      return [[lifeCycleKey(number), state === LIFE_CYCLE.activated ? undefined : stored]];
    }
    const { directories = [], ...index } = this.#files.structure.index;
    const others = directories.filter((other) => other.number !== number);
    const changed = state === LIFE_CYCLE.activated ? others : [...others, { number, state }];
    return [indexChange({ ...index, directories: changed })];
  }

  #changed(changes: Changes, then?: () => void): Uint8Array {
    if (!this.#files.commit(changes)) return sw(SW.notEnoughMemory);
    this.#files.structure.load();
    then?.();
    return OK;
  }
}

const numberOf = (node: AnyNode): number => (node.kind === 'file' ? node.file.number : node.number);
const parentOf = (node: AnyNode): DirectoryNode | undefined => (node.kind === 'file' ? node.directory : node.parent);
const indexChange = (index: StructureIndex): MutableChanges[number] => [
  MEMORY_KEY.structure,
  structureIndex.encode(index),
];

function decoded<T>(format: { decode(octets: Uint8Array): T }, octets: Uint8Array): T | undefined {
  try {
    return format.decode(octets);
  } catch (error) {
    if (error instanceof CodecError) return undefined;
    throw error;
  }
}

function freePlace(created: readonly number[]): number | undefined {
  for (let place = 0; place < MOST_CREATED; place++) if (!created.includes(place)) return place;
  return undefined;
}

const withoutCreated = (index: StructureIndex, place: number): StructureIndex =>
  place < 0 ? index : { ...index, created: (index.created ?? []).filter((other) => other !== place) };

/** An ADF is no child of the MF: it goes by its own number. */
function withRemoved(index: StructureIndex, node: AnyNode, parent: DirectoryNode): StructureIndex {
  const isApplication = node.kind === 'directory' && node.aid !== undefined;
  const identifier = node.kind === 'file' ? node.file.identifier : node.identifier;
  const entry = isApplication ? { directory: 0, identifier: node.number } : { directory: parent.number, identifier };
  return { ...index, removed: [...(index.removed ?? []), entry] };
}

/** The EF that CREATE FILE describes, or that it describes a directory; undefined when it makes no sense. */
function describedFile(number: number, parameters: CreatedFile): ElementaryFile | 'directory' | undefined {
  const security = securityOf(parameters);
  if (security === undefined) return undefined;
  if (parameters.descriptor.kind === 'directory') return 'directory';
  const file = fileOf(number, parameters, security);
  return file !== undefined && isPossibleSize(file, parameters.size ?? 0) ? file : undefined;
}

function isPossibleSize(file: ElementaryFile, size: number): boolean {
  if (!isOfRecords(file)) return size >= 1 && size <= LARGEST_FILE;
  const { recordLength } = file;
  const records = size / recordLength;
  return recordLength <= LONGEST_RECORD && Number.isInteger(records) && records >= 1 && records <= MOST_RECORDS;
}

/**
 * The octets of a created file before anybody wrote: the place of the newest record, and FF, or its pattern in each record anew. Undefined
 * for two patterns, for octets that are none, and for one of a BER-TLV file, which begins without data objects.
 */
function firstContent(file: ElementaryFile, { proprietary = NO_OCTETS }: CreatedFile): Uint8Array | undefined {
  const patterns = decoded(createdProprietary, proprietary);
  if (patterns === undefined) return undefined;
  const { filling, repeated } = patterns;
  const pattern = filling ?? repeated;
  if (filling !== undefined && repeated !== undefined) return undefined;
  if (file.structure === STRUCTURE.berTlv) return pattern === undefined ? blank(file) : undefined;
  const record = new Uint8Array(file.recordLength).fill(0xff);
  if (pattern !== undefined)
    for (let at = 0; at < record.length; at++)
      record[at] = pattern[repeated === undefined ? Math.min(at, pattern.length - 1) : at % pattern.length] as number;
  if (!isOfRecords(file)) return record;
  return concat(Uint8Array.of(0), ...Array.from({ length: file.records }, () => record));
}

function keptOctets({ structure }: ElementaryFile, resized: ElementaryFile, content: Uint8Array): Uint8Array {
  if (structure === STRUCTURE.berTlv) return content.slice();
  const kept = blank(resized);
  kept.set(content.subarray(0, resized.recordLength));
  return kept;
}
