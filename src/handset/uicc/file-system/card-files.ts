import { fromHex, NO_OCTETS, sameOctets } from '#base/codec/index.ts';
import type { CardMemory, Changes } from '#handset/card/index.ts';
import { MEMORY_KEY } from '../memory-key.ts';
import type { ReadProfile, UiccProfile } from '../profile.ts';
import { RECORD_OVERHEAD, type Reserve } from '../reserve.ts';
import {
  type AccessRule,
  accessRule,
  type Condition,
  conditionOf,
  conditionOfInstruction,
  holds,
} from './access-rule.ts';
import { CardStructure, FIRST_CREATED, isCreatedNumber } from './card-structure.ts';
import { blank, type ElementaryFile, filled, isOfRecords, STRUCTURE } from './elementary-file.ts';
import { ANY_ENVIRONMENT } from './file-control-parameters.ts';
import type { DirectoryNode, FileImage, FileNode } from './file-image.ts';
import type { FileSession } from './grants.ts';
import { isOwnNumber, OWN_KEYS } from './own-numbers.ts';

/** Start values that are the same on every card, records one after another. */
const shared = new WeakMap<ElementaryFile, readonly Uint8Array[]>();

function sharedStart(file: ElementaryFile): readonly Uint8Array[] | undefined {
  const { start, records } = file;
  if (typeof start === 'function') return undefined;
  let values = shared.get(file);
  if (values === undefined) {
    values = Array.from({ length: records }, (_, i) =>
      startRecord(file, typeof start === 'string' ? fromHex(start) : start[i]),
    );
    shared.set(file, values);
  }
  return values;
}

/** The start value that a profile gives, as whole records. */
function personalRecords(file: ElementaryFile, profile: UiccProfile): readonly Uint8Array[] {
  const made = typeof file.start === 'function' ? file.start(profile) : [];
  return (made instanceof Uint8Array ? [made] : made).map((record) => startRecord(file, record));
}

/** A start value as a whole record: filled up, or cut, when the file has another size than its table. */
function startRecord(file: ElementaryFile, issued: Uint8Array = NO_OCTETS): Uint8Array {
  if (file.structure === STRUCTURE.berTlv || issued.length === file.recordLength) return issued;
  const whole = filled(file.recordLength);
  whole.set(issued.subarray(0, file.recordLength));
  return whole;
}

const NO_RULE: AccessRule = [];

const isCreated = ({ number }: ElementaryFile) => isCreatedNumber(number);

/**
 * The files of one card: its tree, its contents, and who may use them. What was changed stands in the card memory, everything else is the
 * image's. A record is addressed by its place from 0; an EF without records is record 0.
 */
export class CardFiles {
  readonly structure: CardStructure;
  readonly #memory: CardMemory;
  readonly #profile: ReadProfile;
  readonly #reserve: Reserve;
  /** Start values that this card's profile gives, once they were asked for. */
  #personal: Map<ElementaryFile, readonly Uint8Array[]> | undefined;

  constructor(image: FileImage, memory: CardMemory, profile: ReadProfile, reserve: Reserve) {
    this.structure = new CardStructure(image, memory);
    this.#memory = memory;
    this.#profile = profile;
    this.#reserve = reserve;
  }

  // ---- contents ----

  /** Content of a record of a linear or cyclic EF (of a cyclic one, 0 is the newest), or of an EF without records. Never write into it. */
  read(file: ElementaryFile, record = 0): Uint8Array {
    if (isCreated(file)) return this.#readCreated(file, record);
    const place = file.structure === STRUCTURE.cyclic ? this.#place(file, record) : record;
    const stored = this.#memory.get(keyOf(file, place));
    if (stored === undefined) return this.#start(file, place);
    // A card from before its table grew keeps what it has, filled up.
    return stored.length === file.recordLength ? stored : startRecord(file, stored);
  }

  /**
   * Replaces a record of a linear EF, or an EF without records; the content has the right length. Back when it is safe; false, and nothing
   * changed, when the memory has no room for it beyond its reserve.
   */
  write(file: ElementaryFile, content: Uint8Array, record = 0): boolean {
    if (sameOctets(content, this.read(file, record))) return true;
    if (!isCreated(file)) return this.commit([[keyOf(file, record), content]]);
    if (!isOfRecords(file)) return this.commit([[contentKey(file), content]]);
    return this.#writeCreated(file, record, content);
  }

  /** Replaces octets of a transparent EF from `offset` on; false as `write`. */
  patch(file: ElementaryFile, octets: Uint8Array, offset: number): boolean {
    const content = this.read(file).slice();
    content.set(octets, offset);
    return this.write(file, content);
  }

  /** A new newest record of a cyclic EF in place of the oldest: both the record and its place change, or neither. False as `write`. */
  append(file: ElementaryFile, content: Uint8Array): boolean {
    const place = this.#place(file, file.records - 1);
    if (isCreated(file)) return this.#writeCreated(file, file.records - 1, content, place);
    return this.commit([
      [keyOf(file, place), content],
      [newestKey(file), Uint8Array.of(place)],
    ]);
  }

  /** All records of a file in order, of a cyclic one the newest first. */
  records(file: ElementaryFile): readonly Uint8Array[] {
    return Array.from({ length: file.records }, (_, record) => this.read(file, record));
  }

  /** Changes to the memory that leave the reserve alone; false, and nothing changed, when there is no room. */
  commit(changes: Changes): boolean {
    let growth = 0;
    for (const [key, content] of changes) {
      const stored = this.#memory.get(key);
      if (content === undefined) growth -= stored === undefined ? 0 : stored.length + RECORD_OVERHEAD;
      else growth += content.length + (stored === undefined ? RECORD_OVERHEAD : -stored.length);
    }
    if (!this.#reserve.leaves(growth)) return false;
    this.#memory.commit(changes);
    return true;
  }

  /** The EF at the end of a path, from the MF or another directory down, as it is now; undefined when there is none. */
  at(path: readonly number[], from: DirectoryNode = this.structure.image.master): ElementaryFile | undefined {
    let node: FileNode | DirectoryNode | undefined = from;
    for (const identifier of path)
      node = node?.kind === 'directory' ? this.structure.child(node, identifier) : undefined;
    return node?.kind === 'file' ? node.file : undefined;
  }

  /** Octets that files may still take. */
  get free(): number {
    return this.#reserve.room;
  }

  /** What the memory holds under a key. */
  stored(key: number): Uint8Array | undefined {
    return this.#memory.get(key);
  }

  /** True when the memory holds something under this key. */
  has(key: number): boolean {
    return this.#memory.get(key) !== undefined;
  }

  /** Place of the newest record of a cyclic EF, and from there of any other. */
  #place(file: ElementaryFile, record: number): number {
    const newest = this.#memory.get(isCreated(file) ? contentKey(file) : newestKey(file))?.[0] ?? 0;
    return (newest + record) % file.records;
  }

  #start(file: ElementaryFile, place: number): Uint8Array {
    const values = sharedStart(file);
    if (values !== undefined) return values[place] as Uint8Array;
    this.#personal ??= new Map();
    let own = this.#personal.get(file);
    if (own === undefined) {
      own = personalRecords(file, this.#profile());
      this.#personal.set(file, own);
    }
    return own[place] ?? blank(file);
  }

  // ---- contents of created files: all records in one, of a cyclic or linear one behind the place of the newest ----

  #readCreated(file: ElementaryFile, record: number): Uint8Array {
    const stored = this.#memory.get(contentKey(file));
    if (stored === undefined) return blank(file);
    if (!isOfRecords(file)) return stored;
    const from = 1 + this.#place(file, record) * file.recordLength;
    return stored.subarray(from, from + file.recordLength);
  }

  #writeCreated(file: ElementaryFile, record: number, content: Uint8Array, newest?: number): boolean {
    const { recordLength, records } = file;
    const stored = this.#memory.get(contentKey(file)) ?? filled(1 + records * recordLength, '00');
    const next = stored.slice();
    next.set(content, 1 + this.#place(file, record) * recordLength);
    if (newest !== undefined) next[0] = newest;
    return this.commit([[contentKey(file), next]]);
  }

  // ---- access ----

  /** Whether a session may use a file in this mode: what its EF.ARR says now, by record and security environment (TS 102 221 9.2). */
  allows(session: FileSession, node: FileNode | DirectoryNode, mode: number): boolean {
    return this.#grants(session, conditionOf(this.#rule(session, node), mode));
  }

  /** The same for an instruction that has no mode of its own. */
  allowsInstruction(session: FileSession, node: FileNode | DirectoryNode, instruction: number): boolean {
    return this.#grants(session, conditionOfInstruction(this.#rule(session, node), instruction));
  }

  /** The condition on a mode, for those who have to show it. */
  conditionFor(session: FileSession, node: FileNode | DirectoryNode, mode: number): Condition {
    return conditionOf(this.#rule(session, node), mode);
  }

  /** The condition on an instruction, for those who have to show it. */
  conditionForInstruction(session: FileSession, node: FileNode | DirectoryNode, instruction: number): Condition {
    return conditionOfInstruction(this.#rule(session, node), instruction);
  }

  #grants({ grants, selection }: FileSession, condition: Condition): boolean {
    if (condition.kind === 'always') return true;
    if (condition.kind === 'key') return grants.isVerified(condition.reference, selection.application);
    return holds(condition, (reference) => grants.isVerified(reference, selection.application));
  }

  #rule({ grants }: FileSession, { security }: FileNode | DirectoryNode): AccessRule {
    const { arr, rules, records, usual } = security;
    if (usual !== undefined && arr !== undefined && !this.structure.isChanged)
      return this.has(keyOf(arr.file, usual.record - 1))
        ? accessRule(this.read(arr.file, usual.record - 1))
        : usual.rule;
    const environment =
      rules.has(ANY_ENVIRONMENT) || records.has(ANY_ENVIRONMENT) ? ANY_ENVIRONMENT : grants.environment;
    const record = records.get(environment);
    if (arr === undefined || record === undefined) return rules.get(environment) ?? NO_RULE;
    const now = this.structure.current(arr);
    if (now === undefined || record < 1 || record > now.file.records) return NO_RULE;
    // A changed EF.ARR rules as it is now; the usual one, which nobody changed, was read when the image was made.
    if (!isCreated(now.file) && !this.has(keyOf(now.file, record - 1))) return rules.get(environment) ?? NO_RULE;
    return accessRule(this.read(now.file, record - 1));
  }
}

/** Where the content of a created file stands. */
export const contentKey = ({ number }: ElementaryFile): number => MEMORY_KEY.createdContent + number - FIRST_CREATED;

/** Where a record of a file of the image stands. */
export function keyOf(file: ElementaryFile, place: number): number {
  if (!isOfRecords(file)) return newestKey(file);
  const { number } = file;
  return isOwnNumber(number) ? number + OWN_KEYS + place : MEMORY_KEY.record + 256 * number + place;
}

/** Where the content of a file of the image without records stands, or the place of the newest record of a cyclic one. */
export const newestKey = ({ number }: ElementaryFile): number =>
  isOwnNumber(number) ? number : MEMORY_KEY.file + number;
