import { type CommandApdu, LONGEST_RESPONSE_DATA, responseApdu, SW } from '#protocol/apdu/index.ts';
import { FILE_MODE, INSTRUCTION } from './access-rule.ts';
import type { CardFiles } from './card-files.ts';
import { isOfRecords, STRUCTURE } from './elementary-file.ts';
import { fileFcp, LIFE_CYCLE } from './file-control-parameters.ts';
import type { DirectoryNode, FileNode, PinStatus } from './file-image.ts';
import type { FileSession } from './grants.ts';
import { findRecords, type RecordSearch, readSearch } from './search.ts';
import type { Selection } from './selection.ts';

const CURRENT_APPLICATION = 0x7fff;
const SELECT_BY = { identifier: 0x00, child: 0x01, parent: 0x03, aid: 0x04, pathFromMaster: 0x08, path: 0x09 } as const;
/** P2 of SELECT: what to return (b3-5), session control of an application (b6-7), occurrence (b1-2). */
const RETURN = { bits: 0x1c, whatever: 0x00, fcp: 0x04, nothing: 0x0c } as const;
const SESSION = { bits: 0x60, activate: 0x00, terminate: 0x40 } as const;
const OCCURRENCE = 0x03;
const STATUS_RETURN = { fcp: 0x00, name: 0x01, nothing: 0x0c } as const;
const SHORT_IDENTIFIER_FLAG = 0x80;
const SHORT_IDENTIFIER_BITS = 0x1f;
const MODE = { next: 2, previous: 3, absolute: 4 } as const;
/** INCREASE adds a number of at most so many octets (TS 102 221 11.1.8). */
const LONGEST_INCREASE = 127;

const sw = (statusWord: number) => responseApdu(statusWord);
const OK = sw(SW.ok);

/** An EF that a command names, or the status word that says why there is none. */
export type Found = FileNode | number;

/** The commands about files of one card (TS 102 221 11.1), for whoever has a session. Each gives an R-APDU. */
export class FileCommands {
  readonly files: CardFiles;
  readonly #pins: PinStatus;

  constructor(files: CardFiles, pins: PinStatus) {
    this.files = files;
    this.#pins = pins;
  }

  /** SELECT by AID, whole or its beginning: the first, last, next or previous such (TS 102 221 8.5.1); no AID at all selects the MF. */
  selectApplication({ selection }: FileSession, { p2, data }: CommandApdu): Uint8Array {
    const { structure } = this.files;
    if (data.length === 0) return this.#selected(selection, structure.image.master, p2);
    const application = occurrence(
      structure.applications().filter(({ aid }) => aid !== undefined && standsIn(data, aid, 0)),
      selection.application,
      p2 & OCCURRENCE,
    );
    if (application === undefined) return sw(SW.fileNotFound);
    if ((p2 & SESSION.bits) === SESSION.activate) return this.#selected(selection, application, p2);
    if ((p2 & SESSION.bits) !== SESSION.terminate) return sw(SW.wrongParameters);
    selection.reset();
    return OK;
  }

  /** SELECT by identifier, path or parent (TS 102 221 11.1.1). */
  select({ selection }: FileSession, { p1, p2, data }: CommandApdu): Uint8Array {
    if (data.length % 2 !== 0 || (data.length === 0) !== (p1 === SELECT_BY.parent)) return sw(SW.wrongLength);
    const { structure } = this.files;
    switch (p1) {
      case SELECT_BY.identifier:
        return data.length === 2
          ? this.#selected(selection, structure.find(selection, identifierAt(data, 0)), p2)
          : sw(SW.wrongLength);
      case SELECT_BY.child: {
        const child = structure.child(selection.directory, identifierAt(data, 0));
        return this.#selected(selection, child?.kind === 'directory' ? child : undefined, p2);
      }
      case SELECT_BY.parent:
        return this.#selected(selection, selection.directory.parent, p2);
      case SELECT_BY.pathFromMaster:
        return this.#selected(selection, this.atPath(selection, data), p2);
      case SELECT_BY.path:
        return this.#selected(selection, this.follow(selection.directory, data, 0), p2);
      default:
        return sw(SW.wrongParameters);
    }
  }

  /** What a path from the MF leads to; it may begin with 7FFF, and clients that name the MF are understood. */
  atPath(selection: Selection, path: Uint8Array): FileNode | DirectoryNode | undefined {
    const first = identifierAt(path, 0);
    if (first === CURRENT_APPLICATION) return selection.application && this.follow(selection.application, path, 2);
    const { master } = this.files.structure.image;
    return this.follow(master, path, first === master.identifier ? 2 : 0);
  }

  /** What a path from a directory leads to. */
  follow(from: DirectoryNode, path: Uint8Array, at: number): FileNode | DirectoryNode | undefined {
    let node: FileNode | DirectoryNode | undefined = from;
    for (let i = at; i < path.length && node !== undefined; i += 2)
      node = node.kind === 'directory' ? this.files.structure.child(node, identifierAt(path, i)) : undefined;
    return node;
  }

  #selected(selection: Selection, found: FileNode | DirectoryNode | undefined, p2: number): Uint8Array {
    const wanted = p2 & RETURN.bits;
    if (wanted !== RETURN.fcp && wanted !== RETURN.nothing && wanted !== RETURN.whatever) return sw(SW.wrongParameters);
    const { structure } = this.files;
    const node = found && structure.current(found);
    if (node === undefined) return sw(SW.fileNotFound);
    selection.select(node);
    const state = structure.lifeCycle(node);
    if (state !== LIFE_CYCLE.deactivated && state !== LIFE_CYCLE.terminated)
      return wanted === RETURN.nothing ? OK : this.fcp(node).slice();
    const warning = state === LIFE_CYCLE.terminated ? SW.selectedFileTerminated : SW.selectedFileDeactivated;
    return wanted === RETURN.nothing ? sw(warning) : responseApdu(warning, this.fcp(node).subarray(0, -2));
  }

  /** The R-APDU with the FCP of a file as it is now; not to be written into. */
  fcp(node: FileNode | DirectoryNode): Uint8Array {
    const state = this.files.structure.lifeCycle(node);
    if (node.kind === 'directory') return node.fcp(state, this.#pins);
    if (state === LIFE_CYCLE.activated) return node.fcp;
    return responseApdu(SW.ok, fileFcp(node.file, node.security.octets, state));
  }

  /** STATUS (TS 102 221 11.1.2). */
  status({ selection }: FileSession, { p1, p2 }: CommandApdu): Uint8Array {
    if (p1 > 2) return sw(SW.wrongParameters);
    if (p2 === STATUS_RETURN.nothing) return OK;
    if (p2 === STATUS_RETURN.fcp) return this.fcp(selection.directory).slice();
    if (p2 !== STATUS_RETURN.name) return sw(SW.wrongParameters);
    return selection.application?.name?.slice() ?? sw(SW.referencedDataNotFound);
  }

  /** READ BINARY (TS 102 221 11.1.3): up to the end of the file when Le is 00. */
  readBinary(session: FileSession, command: CommandApdu): Uint8Array {
    const node = this.#binaryFile(session.selection, command);
    if (typeof node === 'number') return sw(node);
    const refusal = this.refusal(session, node, FILE_MODE.read, isTransparent(node));
    if (refusal !== 0) return sw(refusal);
    const offset = offsetOf(command);
    const left = node.file.recordLength - offset;
    const { le = LONGEST_RESPONSE_DATA } = command;
    if (left <= 0) return sw(SW.wrongOffset);
    if (le > left && le !== LONGEST_RESPONSE_DATA) return sw(SW.wrongLe | left);
    return answer(this.files.read(node.file), offset, Math.min(le, left));
  }

  /** UPDATE BINARY (TS 102 221 11.1.4). */
  updateBinary(session: FileSession, command: CommandApdu): Uint8Array {
    const node = this.#binaryFile(session.selection, command);
    if (typeof node === 'number') return sw(node);
    const refusal = this.refusal(session, node, FILE_MODE.update, isTransparent(node));
    if (refusal !== 0) return sw(refusal);
    const offset = offsetOf(command);
    const { data } = command;
    if (data.length > LONGEST_RESPONSE_DATA) return sw(SW.wrongLength);
    if (offset + data.length > node.file.recordLength) return sw(SW.wrongOffset);
    return this.files.patch(node.file, data, offset) ? OK : sw(SW.notEnoughMemory);
  }

  /** READ RECORD (TS 102 221 11.1.5). */
  readRecord(session: FileSession, command: CommandApdu): Uint8Array {
    const node = this.recordFile(session.selection, command.p2);
    if (typeof node === 'number') return sw(node);
    const refusal = this.refusal(session, node, FILE_MODE.read, isOfRecords(node.file));
    if (refusal !== 0) return sw(refusal);
    const { recordLength } = node.file;
    const { le = LONGEST_RESPONSE_DATA } = command;
    if (le !== recordLength && le !== LONGEST_RESPONSE_DATA) return sw(SW.wrongLe | recordLength);
    const record = recordNumber(session.selection, node, command);
    if (record === 0) return sw(SW.recordNotFound);
    return answer(this.files.read(node.file, record - 1), 0, recordLength);
  }

  /** UPDATE RECORD (TS 102 221 11.1.6): a cyclic EF takes mode "previous" only, which replaces its oldest record. */
  updateRecord(session: FileSession, command: CommandApdu): Uint8Array {
    const { selection } = session;
    const node = this.recordFile(selection, command.p2);
    if (typeof node === 'number') return sw(node);
    const refusal = this.refusal(session, node, FILE_MODE.update, isOfRecords(node.file));
    if (refusal !== 0) return sw(refusal);
    const { file } = node;
    const { data } = command;
    if (data.length !== file.recordLength) return sw(SW.wrongLength);
    if (file.structure === STRUCTURE.cyclic) {
      if ((command.p2 & 7) !== MODE.previous || command.p1 !== 0) return sw(SW.wrongParameters);
      if (!this.files.append(file, data.slice())) return sw(SW.notEnoughMemory);
      selection.record = 1;
      return OK;
    }
    const record = recordNumber(selection, node, command);
    if (record === 0) return sw(SW.recordNotFound);
    return this.files.write(file, data.slice(), record - 1) ? OK : sw(SW.notEnoughMemory);
  }

  /** SEARCH RECORD, simple or enhanced (TS 102 221 11.1.7): the numbers of the records that hold these octets. */
  searchRecord(session: FileSession, command: CommandApdu): Uint8Array {
    const { selection } = session;
    const node = this.recordFile(selection, command.p2);
    if (typeof node === 'number') return sw(node);
    const refusal = this.refusal(session, node, FILE_MODE.read, isOfRecords(node.file));
    if (refusal !== 0) return sw(refusal);
    const search: RecordSearch | number = readSearch(command, node.file, selection.record);
    if (typeof search === 'number') return sw(search);
    const found = findRecords(this.files.records(node.file), search);
    if (found[0] === undefined) return sw(SW.endOfFile);
    selection.record = found[0];
    return responseApdu(SW.ok, Uint8Array.from(found));
  }

  /** INCREASE (TS 102 221 11.1.8): the newest record of a cyclic EF plus a number becomes its new newest record. */
  increase(session: FileSession, command: CommandApdu): Uint8Array {
    const { p1, p2, data } = command;
    if (p2 !== 0) return sw(SW.wrongParameters);
    const node = this.#binaryFile(session.selection, { p1: p1 & ~0x60 });
    if (typeof node === 'number') return sw(node);
    const { file } = node;
    if (file.structure !== STRUCTURE.cyclic) return sw(SW.incompatibleWithFileStructure);
    if (!this.files.allowsInstruction(session, node, INSTRUCTION.increase)) return sw(SW.securityStatusNotSatisfied);
    const unusable = this.#unusable(node);
    if (unusable !== 0) return sw(unusable);
    if (data.length > Math.min(file.recordLength, LONGEST_INCREASE)) return sw(SW.wrongLength);
    const sum = added(this.files.read(file), data);
    if (sum === undefined) return sw(SW.increaseAtMaximum);
    if (!this.files.append(file, sum)) return sw(SW.notEnoughMemory);
    session.selection.record = 1;
    const response = new Uint8Array(sum.length + data.length);
    response.set(sum);
    response.set(data, sum.length);
    return responseApdu(SW.ok, response);
  }

  // ---- which EF, and whether it may be used ----

  /** Why an EF may not be used: structure, access rule, life cycle, in this order. 0 when it may. */
  refusal(session: FileSession, node: FileNode, mode: number, hasStructure: boolean): number {
    if (!hasStructure) return SW.incompatibleWithFileStructure;
    return this.files.allows(session, node, mode) ? this.#unusable(node) : SW.securityStatusNotSatisfied;
  }

  /** Why the life cycle of an EF keeps everyone from it. 0 when it does not. */
  #unusable(node: FileNode): number {
    const state = this.files.structure.usableState(node);
    if (state === LIFE_CYCLE.deactivated) return SW.referencedDataInvalidated;
    return state === LIFE_CYCLE.terminated ? SW.conditionsOfUseNotSatisfied : 0;
  }

  /** The EF of READ and UPDATE BINARY: current, or by short identifier, which makes it current. */
  #binaryFile(selection: Selection, { p1 }: Pick<CommandApdu, 'p1'>): Found {
    if ((p1 & SHORT_IDENTIFIER_FLAG) === 0) return this.currentFile(selection);
    if ((p1 & ~(SHORT_IDENTIFIER_FLAG | SHORT_IDENTIFIER_BITS)) !== 0) return SW.wrongParameters;
    return this.byShortIdentifier(selection, p1 & SHORT_IDENTIFIER_BITS);
  }

  /** The EF of a record command, in the same way; short identifier 0 is the current EF. */
  recordFile(selection: Selection, p2: number): Found {
    const identifier = p2 >> 3;
    return identifier === 0 ? this.currentFile(selection) : this.byShortIdentifier(selection, identifier);
  }

  /** The selected EF, as it is now. */
  currentFile(selection: Selection): Found {
    const { file } = selection;
    return (file && this.files.structure.current(file)) ?? SW.commandNotAllowed;
  }

  /** The EF of a short identifier in the current DF, which becomes the current EF with no current record (TS 102 221 11.1.3, 11.1.5). */
  byShortIdentifier(selection: Selection, identifier: number): Found {
    const node = this.files.structure.byShortIdentifier(selection.directory, identifier);
    if (node === undefined) return SW.fileNotFound;
    selection.select(node);
    return node;
  }
}

/** The first, last, next or previous of several, seen from the current one. */
function occurrence<T>(matching: readonly T[], current: T | undefined, which: number): T | undefined {
  if (which === 0) return matching[0];
  const at = current === undefined ? -1 : matching.indexOf(current);
  return matching[[0, matching.length - 1, at + 1, (at < 0 ? matching.length : at) - 1][which] as number];
}

const isTransparent = ({ file }: FileNode) => file.structure === STRUCTURE.transparent;

/** The identifier that stands in octets. */
export const identifierAt = (data: Uint8Array, at: number): number =>
  ((data[at] as number) << 8) | (data[at + 1] as number);

/** True when `part` stands in `whole` at index `at`. */
function standsIn(part: Uint8Array, whole: Uint8Array, at: number): boolean {
  if (at + part.length > whole.length) return false;
  for (let i = 0; i < part.length; i++) if (part[i] !== whole[at + i]) return false;
  return true;
}

const offsetOf = ({ p1, p2 }: CommandApdu): number => ((p1 & SHORT_IDENTIFIER_FLAG) === 0 ? (p1 << 8) | p2 : p2);

/** The record that P1 and the mode mean, which becomes the current one except in absolute mode; 0 when there is none. */
function recordNumber(selection: Selection, { file }: FileNode, { p1, p2 }: CommandApdu): number {
  const { record } = selection;
  const { records } = file;
  const mode = p2 & 7;
  if (mode === MODE.absolute) {
    const wanted = p1 === 0 ? record : p1;
    return wanted <= records ? wanted : 0;
  }
  if (p1 !== 0 || (mode !== MODE.next && mode !== MODE.previous)) return 0;
  const step = mode === MODE.next ? record + 1 : (record === 0 ? records + 1 : record) - 1;
  const isOver = step < 1 || step > records;
  if (isOver && file.structure !== STRUCTURE.cyclic) return 0;
  selection.record = isOver ? (step < 1 ? records : 1) : step;
  return selection.record;
}

/** The sum of two numbers in as many octets as the first; undefined when it does not fit. */
function added(value: Uint8Array, more: Uint8Array): Uint8Array | undefined {
  const sum = value.slice();
  let carry = 0;
  for (let i = 0; i < sum.length; i++) {
    const at = sum.length - 1 - i;
    const digit = (sum[at] as number) + (more[more.length - 1 - i] ?? 0) + carry;
    sum[at] = digit;
    carry = digit >> 8;
  }
  return carry === 0 ? sum : undefined;
}

function answer(content: Uint8Array, offset: number, length: number): Uint8Array {
  const response = new Uint8Array(length + 2);
  for (let i = 0; i < length; i++) response[i] = content[offset + i] as number;
  response[length] = SW.ok >> 8;
  return response;
}
