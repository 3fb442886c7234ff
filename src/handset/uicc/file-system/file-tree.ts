import { concat } from '#base/codec/index.ts';
import { responseApdu, SW } from '#protocol/apdu/index.ts';
import { DIRECTORY_RULE } from './access-rule.ts';
import type { DedicatedFile, ElementaryFile } from './elementary-file.ts';
import { directoryFcp, fileFcp } from './file-control-parameters.ts';
import { MASTER_FILE } from './ts-102-221.ts';

/** An EF in the tree, with its R-APDU of SELECT ready: it is the same for every card. */
export interface FileNode {
  readonly kind: 'file';
  readonly file: ElementaryFile;
  readonly directory: DirectoryNode;
  readonly fcp: Uint8Array;
}

/** A DF in the tree. Its FCP tells whether PIN1 is enabled, so there are two. */
export interface DirectoryNode {
  readonly kind: 'directory';
  readonly identifier: number;
  readonly aid: Uint8Array | undefined;
  readonly parent: DirectoryNode | undefined;
  readonly fcpPinEnabled: Uint8Array;
  readonly fcpPinDisabled: Uint8Array;
  /** DF name TLV for STATUS; undefined for a DF without name. */
  readonly name: Uint8Array | undefined;
  /** Children by identifier. */
  readonly children: ReadonlyMap<number, FileNode | DirectoryNode>;
  /** All that SELECT by FID finds from here (TS 102 221 8.4.1), but for 7FFF. */
  readonly reachable: ReadonlyMap<number, FileNode | DirectoryNode>;
  /** EFs by short identifier 1 to 30. */
  readonly byShortIdentifier: readonly (FileNode | undefined)[];
}

const SHORT_IDENTIFIERS = 31;
/** EF.ARR of the MF and of the USIM. */
const ARR = { master: 0x2f06, usim: 0x6f06 } as const;
const MASTER = 0x3f00;
/** UICC characteristics (clock may stop), and TERMINAL CAPABILITY is understood (TS 102 221 11.1.1.4.6). */
const PROPRIETARY = Uint8Array.of(0x80, 0x01, 0x71, 0x87, 0x01, 0x01);
const PIN_ENABLED = 0x80;
/** PIN status template (TS 102 221 11.1.1.4.10, ISO/IEC 7816-4): PIN1 only. */
const pinStatus = (status: number) => Uint8Array.of(0x90, 0x01, status, 0x83, 0x01, 0x01);

function buildDirectory(table: DedicatedFile, parent: DirectoryNode | undefined): DirectoryNode {
  const { identifier, aid } = table;
  const arr = parent === undefined ? ARR.master : ARR.usim;
  const fcp = (status: number) =>
    responseApdu(
      SW.ok,
      directoryFcp({
        identifier,
        ...(aid && { aid }),
        ...(identifier === MASTER && { proprietary: PROPRIETARY }),
        // A DF is ruled where it stands: an ADF by the EF.ARR of the MF, a DF below it by that of the ADF.
        access: { file: parent?.parent === undefined ? ARR.master : ARR.usim, record: DIRECTORY_RULE },
        pinStatus: pinStatus(status),
      }),
    );
  const children = new Map<number, FileNode | DirectoryNode>();
  const byShortIdentifier: (FileNode | undefined)[] = new Array(SHORT_IDENTIFIERS).fill(undefined);
  const reachable = new Map<number, FileNode | DirectoryNode>();
  const directory: DirectoryNode = {
    kind: 'directory',
    identifier,
    aid,
    parent,
    fcpPinEnabled: fcp(PIN_ENABLED),
    fcpPinDisabled: fcp(0),
    name: aid && responseApdu(SW.ok, concat(Uint8Array.of(0x84, aid.length), aid)),
    children,
    reachable,
    byShortIdentifier,
  };
  for (const file of table.files) {
    const access = { file: arr, record: file.access.record };
    const node: FileNode = { kind: 'file', file, directory, fcp: responseApdu(SW.ok, fileFcp(file, access)) };
    children.set(file.identifier, node);
    if (file.shortIdentifier !== undefined) byShortIdentifier[file.shortIdentifier] = node;
  }
  for (const child of table.directories) {
    const node = buildDirectory(child, directory);
    // An ADF has no identifier to be selected by: only its AID, or 7FFF.
    if (node.aid === undefined) children.set(child.identifier, node);
    else applications.push(node);
  }
  fillReachable(directory, reachable);
  return directory;
}

/** Children, sibling DFs, parent, itself, MF: what is set last wins, so the nearest come last (TS 102 221 8.4.1). */
function fillReachable(directory: DirectoryNode, reachable: Map<number, FileNode | DirectoryNode>): void {
  const { parent } = directory;
  if (parent !== undefined && parent.aid === undefined) reachable.set(parent.identifier, parent);
  if (directory.aid === undefined) reachable.set(directory.identifier, directory);
  let master = directory;
  while (master.parent !== undefined) master = master.parent;
  reachable.set(MASTER, master);
  for (const [identifier, node] of directory.children) reachable.set(identifier, node);
}

const applications: DirectoryNode[] = [];

/** The MF: the one tree of files that all cards share. */
export const MASTER_NODE: DirectoryNode = buildDirectory(MASTER_FILE, undefined);

/** The applications, in the order of EF.DIR. */
export const APPLICATION_NODES: readonly DirectoryNode[] = applications;

/** Sibling DFs of a DF below an ADF, by identifier: those of its parent (TS 102 221 8.4.1). */
export function siblingDirectory(directory: DirectoryNode, identifier: number): DirectoryNode | undefined {
  const sibling = directory.parent?.children.get(identifier);
  return sibling?.kind === 'directory' ? sibling : undefined;
}
