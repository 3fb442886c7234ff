import { type CommandApdu, LONGEST_RESPONSE_DATA, responseApdu, SW } from '#protocol/apdu/index.ts';
import type { Pins } from '../pin.ts';
import { STRUCTURE } from './elementary-file.ts';
import type { FileContents } from './file-contents.ts';
import { APPLICATION_NODES, type DirectoryNode, type FileNode, MASTER_NODE, siblingDirectory } from './file-tree.ts';
import type { Selection } from './selection.ts';

const MASTER = 0x3f00;
const CURRENT_APPLICATION = 0x7fff;
const SELECT_BY = { identifier: 0x00, child: 0x01, parent: 0x03, aid: 0x04, pathFromMaster: 0x08, path: 0x09 } as const;
/** P2 of SELECT: what to return (b3-5), session control of an application (b6-7), occurrence (b1-2). */
const RETURN = { bits: 0x1c, whatever: 0x00, fcp: 0x04, nothing: 0x0c } as const;
const SESSION = { bits: 0x60, activate: 0x00, terminate: 0x40 } as const;
const OCCURRENCE_NEXT = 0x02;
const STATUS_RETURN = { fcp: 0x00, name: 0x01, nothing: 0x0c } as const;
const SHORT_IDENTIFIER_FLAG = 0x80;
const SHORT_IDENTIFIER_BITS = 0x1f;
const MODE = { next: 2, previous: 3, absolute: 4 } as const;
const SEARCH = { forward: 4, backward: 5 } as const;

const sw = (statusWord: number) => responseApdu(statusWord);
const OK = sw(SW.ok);

/** The commands about files of one card (TS 102 221 11.1), on the selection of a logical channel. Each gives an R-APDU. */
export class FileCommands {
  readonly #contents: FileContents;
  readonly #pins: Pick<Pins, 'isPinEnabled' | 'satisfies'>;

  constructor(contents: FileContents, pins: Pick<Pins, 'isPinEnabled' | 'satisfies'>) {
    this.#contents = contents;
    this.#pins = pins;
  }

  /** SELECT by AID, whole or its beginning; no AID at all selects the MF. One application, so first is last (TS 102 221 8.5.1). */
  selectApplication(selection: Selection, { p2, data }: CommandApdu): Uint8Array {
    if (data.length === 0) return this.#selected(selection, MASTER_NODE, p2);
    const application = APPLICATION_NODES.find(({ aid }) => aid !== undefined && standsIn(data, aid, 0));
    const isOther = (p2 & OCCURRENCE_NEXT) !== 0 && selection.application === application;
    if (application === undefined || isOther) return sw(SW.fileNotFound);
    if ((p2 & SESSION.bits) === SESSION.activate) return this.#selected(selection, application, p2);
    if ((p2 & SESSION.bits) !== SESSION.terminate) return sw(SW.wrongParameters);
    selection.reset();
    return OK;
  }

  /** SELECT by identifier, path or parent (TS 102 221 11.1.1). */
  select(selection: Selection, { p1, p2, data }: CommandApdu): Uint8Array {
    if (data.length % 2 !== 0 || (data.length === 0) !== (p1 === SELECT_BY.parent)) return sw(SW.wrongLength);
    switch (p1) {
      case SELECT_BY.identifier:
        return data.length === 2
          ? this.#selected(selection, byIdentifier(selection, identifierAt(data, 0)), p2)
          : sw(SW.wrongLength);
      case SELECT_BY.child: {
        const child = selection.directory.children.get(identifierAt(data, 0));
        return this.#selected(selection, child?.kind === 'directory' ? child : undefined, p2);
      }
      case SELECT_BY.parent:
        return this.#selected(selection, selection.directory.parent, p2);
      case SELECT_BY.pathFromMaster:
        return this.#selected(selection, pathFromMaster(selection, data), p2);
      case SELECT_BY.path:
        return this.#selected(selection, follow(selection.directory, data, 0), p2);
      default:
        return sw(SW.wrongParameters);
    }
  }

  #selected(selection: Selection, node: FileNode | DirectoryNode | undefined, p2: number): Uint8Array {
    const wanted = p2 & RETURN.bits;
    if (wanted !== RETURN.fcp && wanted !== RETURN.nothing && wanted !== RETURN.whatever) return sw(SW.wrongParameters);
    if (node === undefined) return sw(SW.fileNotFound);
    selection.select(node);
    if (node.kind === 'file' && this.#contents.isDeactivated(node.file)) return deactivated(node, wanted);
    return wanted === RETURN.nothing ? OK : this.#fcp(node).slice();
  }

  /** The prepared R-APDU. */
  #fcp(node: FileNode | DirectoryNode): Uint8Array {
    if (node.kind === 'file') return node.fcp;
    return this.#pins.isPinEnabled ? node.fcpPinEnabled : node.fcpPinDisabled;
  }

  /** STATUS (TS 102 221 11.1.2). */
  status(selection: Selection, { p1, p2 }: CommandApdu): Uint8Array {
    if (p1 > 2) return sw(SW.wrongParameters);
    if (p2 === STATUS_RETURN.nothing) return OK;
    if (p2 === STATUS_RETURN.fcp) return this.#fcp(selection.directory).slice();
    if (p2 !== STATUS_RETURN.name) return sw(SW.wrongParameters);
    return selection.application?.name?.slice() ?? sw(SW.referencedDataNotFound);
  }

  /** READ BINARY (TS 102 221 11.1.3): up to the end of the file when Le is 00. */
  readBinary(selection: Selection, command: CommandApdu): Uint8Array {
    const node = binaryFile(selection, command);
    if (typeof node === 'number') return sw(node);
    const refusal = this.#refusal(node, 'read', true);
    if (refusal !== 0) return sw(refusal);
    const offset = offsetOf(command);
    const left = node.file.recordLength - offset;
    const { le = LONGEST_RESPONSE_DATA } = command;
    if (left <= 0) return sw(SW.wrongOffset);
    if (le > left && le !== LONGEST_RESPONSE_DATA) return sw(SW.wrongLe | left);
    return answer(this.#contents.read(node.file), offset, Math.min(le, left));
  }

  /** UPDATE BINARY (TS 102 221 11.1.4). */
  updateBinary(selection: Selection, command: CommandApdu): Uint8Array {
    const node = binaryFile(selection, command);
    if (typeof node === 'number') return sw(node);
    const refusal = this.#refusal(node, 'update', true);
    if (refusal !== 0) return sw(refusal);
    const offset = offsetOf(command);
    const { data } = command;
    if (data.length > LONGEST_RESPONSE_DATA) return sw(SW.wrongLength);
    if (offset + data.length > node.file.recordLength) return sw(SW.wrongOffset);
    return this.#contents.patch(node.file, data, offset) ? OK : sw(SW.notEnoughMemory);
  }

  /** READ RECORD (TS 102 221 11.1.5). */
  readRecord(selection: Selection, command: CommandApdu): Uint8Array {
    const node = recordFile(selection, command.p2);
    if (typeof node === 'number') return sw(node);
    const refusal = this.#refusal(node, 'read', false);
    if (refusal !== 0) return sw(refusal);
    const { recordLength } = node.file;
    const { le = LONGEST_RESPONSE_DATA } = command;
    if (le !== recordLength && le !== LONGEST_RESPONSE_DATA) return sw(SW.wrongLe | recordLength);
    const record = recordNumber(selection, node, command);
    if (record === 0) return sw(SW.recordNotFound);
    return answer(this.#contents.read(node.file, record - 1), 0, recordLength);
  }

  /** UPDATE RECORD (TS 102 221 11.1.6): a cyclic EF takes mode "previous" only, which replaces its oldest record. */
  updateRecord(selection: Selection, command: CommandApdu): Uint8Array {
    const node = recordFile(selection, command.p2);
    if (typeof node === 'number') return sw(node);
    const refusal = this.#refusal(node, 'update', false);
    if (refusal !== 0) return sw(refusal);
    const { file } = node;
    const { data } = command;
    if (data.length !== file.recordLength) return sw(SW.wrongLength);
    if (file.structure === STRUCTURE.cyclic) {
      if ((command.p2 & 7) !== MODE.previous || command.p1 !== 0) return sw(SW.wrongParameters);
      if (!this.#contents.append(file, data.slice())) return sw(SW.notEnoughMemory);
      selection.record = 1;
      return OK;
    }
    const record = recordNumber(selection, node, command);
    if (record === 0) return sw(SW.recordNotFound);
    return this.#contents.write(file, data.slice(), record - 1) ? OK : sw(SW.notEnoughMemory);
  }

  /** SEARCH RECORD, simple, forward and backward (TS 102 221 11.1.7): the numbers of the records that hold these octets. */
  searchRecord(selection: Selection, command: CommandApdu): Uint8Array {
    const { p1, p2, data } = command;
    const node = recordFile(selection, p2);
    if (typeof node === 'number') return sw(node);
    const refusal = this.#refusal(node, 'read', false);
    if (refusal !== 0) return sw(refusal);
    const { file } = node;
    const isForward = (p2 & 7) === SEARCH.forward;
    if (!isForward && (p2 & 7) !== SEARCH.backward) return sw(SW.wrongParameters);
    if (data.length > file.recordLength) return sw(SW.wrongLength);
    const first = p1 || selection.record || (isForward ? 1 : file.records);
    if (first > file.records) return sw(SW.recordNotFound);
    const found: number[] = [];
    for (let record = first; record >= 1 && record <= file.records; record += isForward ? 1 : -1)
      if (holds(this.#contents.read(file, record - 1), data)) found.push(record);
    if (found[0] === undefined) return sw(SW.endOfFile);
    selection.record = found[0];
    return responseApdu(SW.ok, Uint8Array.from(found));
  }

  /** DEACTIVATE FILE or ACTIVATE FILE of the current EF, or of one by identifier (TS 102 221 11.1.14, 11.1.15). */
  setDeactivated(selection: Selection, { p1, p2, data }: CommandApdu, isDeactivated: boolean): Uint8Array {
    if (p1 !== 0 || p2 !== 0) return sw(SW.wrongParameters);
    if (data.length !== 0 && data.length !== 2) return sw(SW.wrongLength);
    const node = data.length === 0 ? selection.file : byIdentifier(selection, identifierAt(data, 0));
    if (node === undefined) return sw(data.length === 0 ? SW.commandNotAllowed : SW.fileNotFound);
    if (node.kind !== 'file') return sw(SW.incompatibleWithFileStructure);
    if (!this.#pins.satisfies(node.file.access.deactivate)) return sw(SW.securityStatusNotSatisfied);
    selection.select(node);
    this.#contents.setDeactivated(node.file, isDeactivated);
    return OK;
  }

  /** Why a file may not be used: structure, access rule, deactivation, in this order. 0 when it may. */
  #refusal({ file }: FileNode, use: 'read' | 'update', isBinary: boolean): number {
    if ((file.structure === STRUCTURE.transparent) !== isBinary) return SW.incompatibleWithFileStructure;
    if (!this.#pins.satisfies(file.access[use])) return SW.securityStatusNotSatisfied;
    return this.#contents.isDeactivated(file) ? SW.referencedDataInvalidated : 0;
  }
}

const identifierAt = (data: Uint8Array, at: number): number => ((data[at] as number) << 8) | (data[at + 1] as number);

/** True when `part` stands in `whole` at index `at`. */
function standsIn(part: Uint8Array, whole: Uint8Array, at: number): boolean {
  if (at + part.length > whole.length) return false;
  for (let i = 0; i < part.length; i++) if (part[i] !== whole[at + i]) return false;
  return true;
}

/** SELECT by FID from the current DF (TS 102 221 8.4.1). */
function byIdentifier(selection: Selection, identifier: number): FileNode | DirectoryNode | undefined {
  if (identifier === CURRENT_APPLICATION) return selection.application;
  const { directory } = selection;
  return directory.reachable.get(identifier) ?? siblingDirectory(directory, identifier);
}

function pathFromMaster(selection: Selection, path: Uint8Array): FileNode | DirectoryNode | undefined {
  const first = identifierAt(path, 0);
  if (first === CURRENT_APPLICATION) return selection.application && follow(selection.application, path, 2);
  // The path does not name the MF, but clients that do are understood.
  return follow(MASTER_NODE, path, first === MASTER ? 2 : 0);
}

function follow(from: DirectoryNode, path: Uint8Array, at: number): FileNode | DirectoryNode | undefined {
  let node: FileNode | DirectoryNode | undefined = from;
  for (let i = at; i < path.length && node !== undefined; i += 2)
    node = node.kind === 'directory' ? node.children.get(identifierAt(path, i)) : undefined;
  return node;
}

/** SELECT of a deactivated EF: 6283, and its FCP says so (life cycle 04). */
function deactivated(node: FileNode, wanted: number): Uint8Array {
  if (wanted === RETURN.nothing) return sw(SW.selectedFileDeactivated);
  const fcp = node.fcp.slice();
  for (let i = 2; i < fcp.length - 2; i += 2 + (fcp[i + 1] as number)) if (fcp[i] === 0x8a) fcp[i + 2] = 0x04;
  fcp[fcp.length - 2] = SW.selectedFileDeactivated >> 8;
  fcp[fcp.length - 1] = SW.selectedFileDeactivated & 0xff;
  return fcp;
}

/** The EF of READ and UPDATE BINARY: current, or by short identifier, which makes it current. A number is the refusal. */
function binaryFile(selection: Selection, { p1 }: CommandApdu): FileNode | number {
  if ((p1 & SHORT_IDENTIFIER_FLAG) === 0) return selection.file ?? SW.commandNotAllowed;
  if ((p1 & ~(SHORT_IDENTIFIER_FLAG | SHORT_IDENTIFIER_BITS)) !== 0) return SW.wrongParameters;
  return byShortIdentifier(selection, p1 & SHORT_IDENTIFIER_BITS);
}

/** The EF of a record command, in the same way; short identifier 0 is the current EF. */
function recordFile(selection: Selection, p2: number): FileNode | number {
  const identifier = p2 >> 3;
  return identifier === 0 ? (selection.file ?? SW.commandNotAllowed) : byShortIdentifier(selection, identifier);
}

function byShortIdentifier(selection: Selection, identifier: number): FileNode | number {
  const node = selection.directory.byShortIdentifier[identifier];
  if (node === undefined) return SW.fileNotFound;
  if (selection.file !== node) selection.select(node);
  return node;
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

function holds(record: Uint8Array, pattern: Uint8Array): boolean {
  for (let at = 0; at + pattern.length <= record.length; at++) if (standsIn(pattern, record, at)) return true;
  return false;
}

function answer(content: Uint8Array, offset: number, length: number): Uint8Array {
  const response = new Uint8Array(length + 2);
  for (let i = 0; i < length; i++) response[i] = content[offset + i] as number;
  response[length] = SW.ok >> 8;
  return response;
}
