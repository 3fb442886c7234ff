import { berTlvSet, type Infer, listOf, optional, struct, u8, u16, u24 } from '#base/codec/index.ts';
import type { CardMemory } from '#handset/card/index.ts';
import { MEMORY_KEY } from '../memory-key.ts';
import { type ElementaryFile, isOfRecords } from './elementary-file.ts';
import { type CreatedFile, createdFile, LIFE_CYCLE, securityOf } from './file-control-parameters.ts';
import {
  type DirectoryNode,
  type FileImage,
  type FileNode,
  fileNode,
  openDirectory,
  securityBelow,
} from './file-image.ts';
import { isOwnNumber } from './own-numbers.ts';
import type { Selection } from './selection.ts';

/** Most files that commands may create on one card. */
export const MOST_CREATED = 200;
/** Numbers of created files and directories begin here: no table has them. */
export const FIRST_CREATED = 256;
/** True for the number of a file that a command created. */
export const isCreatedNumber = (number: number): boolean =>
  number >= FIRST_CREATED && number < FIRST_CREATED + MOST_CREATED;
/** Where the life cycle of a file of the image stands. */
export const lifeCycleKey = (number: number): number =>
  isOwnNumber(number) ? number + 1 : MEMORY_KEY.lifeCycle + number;
const CURRENT_APPLICATION = 0x7fff;

/** What a card has more, less or otherwise than its image. Without this record it is as its image. */
export const structureIndex = berTlvSet({
  /** Places of created files. */
  created: optional(0x80, listOf(u8, MOST_CREATED)),
  /** Files of the image that were deleted, by the number of their directory; a directory by its own identifier below its parent. */
  removed: optional(0x81, listOf(struct({ directory: u16, identifier: u16 }), 512)),
  /** EFs of the image in another size, in octets. */
  resized: optional(0x82, listOf(struct({ number: u8, size: u24 }), 256)),
  /** The same for EFs that a plan has and no table. */
  resizedOwn: optional(0x84, listOf(struct({ number: u16, size: u24 }), 256)),
  /** Directories that are not activated. */
  directories: optional(0x83, listOf(struct({ number: u16, state: u8 }), 256)),
});
/** What a card has more, less or otherwise than its image. */
export type StructureIndex = Infer<typeof structureIndex>;

/** Head of a created file: the number of its directory, its life cycle, its FCP as it is now. */
export const createdHead = struct({ parent: u16, lifeCycle: u8, parameters: createdFile });

/** The EF that the FCP of CREATE FILE describes, or undefined when it describes none. */
export function fileOf(
  number: number,
  { descriptor, identifier, size, shortIdentifier }: CreatedFile,
  security: Uint8Array,
) {
  if (descriptor.kind !== 'file' || size === undefined) return undefined;
  const { structure, recordLength } = descriptor;
  // Without the object the low five bits of the identifier are the short one (TS 102 221 11.1.1.4.8).
  const short = shortIdentifier === undefined ? identifier & 0x1f : (shortIdentifier[0] ?? 0) >> 3;
  const file: ElementaryFile = {
    number,
    name: '',
    identifier,
    shortIdentifier: short === 0 || short === 0x1f ? undefined : short,
    structure,
    recordLength: isOfRecords(descriptor) ? recordLength : size,
    records: isOfRecords(descriptor) ? Math.floor(size / recordLength) : 1,
    access: security,
    services: [],
    start: '',
    coding: undefined,
    clause: '',
  };
  return file;
}

/** What commands made of the tree of a card; most cards have none. */
class Overlay {
  /** By the number of the directory, then by identifier. */
  readonly children = new Map<number, Map<number, FileNode | DirectoryNode>>();
  /** Created files and directories. */
  readonly byNumber = new Map<number, FileNode | DirectoryNode>();
  readonly lifeCycles = new Map<number, number>();
  /** Nodes of the image that are of another size now. */
  readonly replaced = new Map<FileNode, FileNode>();
  readonly removed = new Set<FileNode | DirectoryNode>();
  readonly index: StructureIndex;

  constructor(index: StructureIndex) {
    this.index = index;
  }
}

/** The tree of one card: its image, and what commands made of it. */
export class CardStructure {
  readonly image: FileImage;
  readonly #memory: CardMemory;
  #changed: Overlay | undefined;
  #isTerminated = false;

  constructor(image: FileImage, memory: CardMemory) {
    this.image = image;
    this.#memory = memory;
    this.load();
  }

  /** True when the tree is not as its image. */
  get isChanged(): boolean {
    return this.#changed !== undefined;
  }

  /** What differs from the image; empty when nothing does. */
  get index(): StructureIndex {
    return this.#changed?.index ?? {};
  }

  /** True after TERMINATE CARD USAGE. */
  get isTerminated(): boolean {
    return this.#isTerminated;
  }

  /** Reads the memory again: after every commit that changed the structure. */
  load(): void {
    const stored = this.#memory.get(MEMORY_KEY.structure);
    if (stored === undefined) return;
    const overlay = new Overlay(structureIndex.decode(stored));
    this.#changed = overlay;
    const { created = [], removed = [], resized = [], resizedOwn = [], directories = [] } = overlay.index;
    for (const { directory, identifier } of removed) {
      const node = this.image.directories.get(directory)?.children.get(identifier);
      if (node !== undefined) overlay.removed.add(node);
      const application = this.image.directories.get(identifier);
      // An ADF is no child of the MF: it is named by its own number.
      if (directory === 0 && application !== undefined) overlay.removed.add(application);
    }
    for (const { number, size } of [...resized, ...resizedOwn]) this.#resize(overlay, number, size);
    for (const { number, state } of directories) overlay.lifeCycles.set(number, state);
    this.#isTerminated = this.lifeCycle(this.image.master) === LIFE_CYCLE.terminated;
    for (const place of created) this.#create(overlay, place);
  }

  #resize({ replaced }: Overlay, number: number, size: number): void {
    for (const node of this.image.files.get(number) ?? []) {
      const { file, directory, security } = node;
      const resized = isOfRecords(file)
        ? { ...file, records: Math.floor(size / file.recordLength) }
        : { ...file, recordLength: size };
      replaced.set(node, fileNode(resized, directory, security));
    }
  }

  /** Heads are written so that a directory comes before what stands in it. */
  #create({ children, byNumber, lifeCycles }: Overlay, place: number): void {
    const { parent, lifeCycle, parameters } = createdHead.decode(
      this.#memory.get(MEMORY_KEY.createdFile + place) as Uint8Array,
    );
    const number = FIRST_CREATED + place;
    const directory = this.image.directories.get(parent) ?? byNumber.get(parent);
    const octets = securityOf(parameters);
    if (directory?.kind !== 'directory' || octets === undefined) return;
    const security = securityBelow(octets, directory, (of, wanted) => this.child(of, wanted));
    const file = fileOf(number, parameters, octets);
    const { identifier, aid } = parameters;
    const node = file
      ? fileNode(file, directory, security)
      : openDirectory(number, { identifier, security: octets, ...(aid && { aid }) }, directory, security);
    byNumber.set(number, node);
    lifeCycles.set(number, lifeCycle);
    const siblings = children.get(directory.number) ?? new Map<number, FileNode | DirectoryNode>();
    children.set(directory.number, siblings.set(identifier, node));
  }

  /** The node as it is now: after a change of its size, after its deletion undefined. */
  current<N extends FileNode | DirectoryNode>(node: N): N | undefined {
    if (this.#changed === undefined) return node;
    const number = node.kind === 'file' ? node.file.number : node.number;
    // A number names one kind of node for ever.
    if (isCreatedNumber(number)) return this.#changed.byNumber.get(number) as N | undefined;
    const original = this.#original(node);
    for (let at: FileNode | DirectoryNode | undefined = original; at !== undefined; )
      if (this.#changed.removed.has(at)) return undefined;
      else at = at.kind === 'file' ? at.directory : at.parent;
    return (original.kind === 'file' ? (this.#changed.replaced.get(original) ?? original) : original) as N;
  }

  /** A file that a command created. */
  created(number: number): FileNode | DirectoryNode | undefined {
    return this.#changed?.byNumber.get(number);
  }

  /** The node of the image that a resized one stands for. */
  #original(node: FileNode | DirectoryNode): FileNode | DirectoryNode {
    if (node.kind === 'directory') return node;
    return node.directory.children.get(node.file.identifier) ?? node;
  }

  /** An EF or DF right below a directory. */
  child(directory: DirectoryNode, identifier: number): FileNode | DirectoryNode | undefined {
    const issued = directory.children.get(identifier);
    if (this.#changed === undefined) return issued;
    return (issued && this.current(issued)) ?? this.#createdIn(directory, identifier);
  }

  #createdIn(directory: DirectoryNode, identifier: number): FileNode | DirectoryNode | undefined {
    const node = this.#changed?.children.get(directory.number)?.get(identifier);
    return node?.kind === 'directory' && node.aid !== undefined ? undefined : node;
  }

  /** All EFs and DFs right below a directory, ADFs included. */
  childrenOf(directory: DirectoryNode): readonly (FileNode | DirectoryNode)[] {
    const { image } = this;
    const applications = directory === image.master ? image.applications : [];
    const issued = [...directory.children.values(), ...applications].flatMap((node) => this.current(node) ?? []);
    return [...issued, ...(this.#changed?.children.get(directory.number)?.values() ?? [])];
  }

  /** The EF of a short identifier in a directory. */
  byShortIdentifier(directory: DirectoryNode, identifier: number): FileNode | undefined {
    const issued = directory.byShortIdentifier[identifier];
    if (this.#changed === undefined) return issued;
    const now = issued && this.current(issued);
    if (now !== undefined) return now;
    for (const node of this.#changed?.children.get(directory.number)?.values() ?? [])
      if (node.kind === 'file' && node.file.shortIdentifier === identifier) return node;
    return undefined;
  }

  /** What SELECT by FID finds (TS 102 221 8.4.1): child, the DF itself, its parent, a sibling DF, the MF, the current application. */
  find({ directory, application }: Selection, identifier: number): FileNode | DirectoryNode | undefined {
    const child = this.child(directory, identifier);
    if (child !== undefined) return child;
    const { master } = this.image;
    if (identifier === master.identifier) return master;
    if (identifier === CURRENT_APPLICATION) return application && this.current(application);
    const { parent } = directory;
    if (directory.aid === undefined && directory.identifier === identifier) return directory;
    if (parent === undefined) return undefined;
    if (parent.aid === undefined && parent.identifier === identifier) return parent;
    const sibling = this.child(parent, identifier);
    return sibling?.kind === 'directory' ? sibling : undefined;
  }

  /** ADFs that are there. */
  applications(): readonly DirectoryNode[] {
    const { applications } = this.image;
    if (this.#changed === undefined) return applications;
    const created = [...this.#changed.byNumber.values()].flatMap((node) =>
      node.kind === 'directory' && node.aid !== undefined ? [node] : [],
    );
    return [...applications.flatMap((node) => this.current(node) ?? []), ...created];
  }

  /** The life cycle that rules the use of an EF: its own, or that of a directory above it which is not activated. */
  usableState(node: FileNode): number {
    const own = this.lifeCycle(node);
    if (this.#changed === undefined || own !== LIFE_CYCLE.activated) return own;
    for (let at: DirectoryNode | undefined = node.directory; at !== undefined; at = at.parent) {
      const state = this.lifeCycle(at);
      if (state !== LIFE_CYCLE.activated) return state;
    }
    return own;
  }

  /** The life cycle of a file (TS 102 221 11.1.1.4.9). */
  lifeCycle(node: FileNode | DirectoryNode): number {
    const number = node.kind === 'file' ? node.file.number : node.number;
    if (node.kind === 'directory' || isCreatedNumber(number))
      return this.#changed === undefined
        ? LIFE_CYCLE.activated
        : (this.#changed.lifeCycles.get(number) ?? LIFE_CYCLE.activated);
    const stored = this.#memory.get(lifeCycleKey(number));
    if (stored === undefined) return LIFE_CYCLE.activated;
    return stored[0] ?? LIFE_CYCLE.deactivated;
  }
}
