import type { DirectoryNode, FileNode } from './file-image.ts';

/** A data object on its way to or from a BER-TLV EF in several blocks (TS 102 221 11.3). */
export interface Transfer {
  readonly node: FileNode;
  readonly direction: 'retrieve' | 'set';
  /** All octets to be retrieved, or those that came so far. */
  readonly octets: Uint8Array;
  /** Where the last block began, and where the next one begins. */
  readonly last: number;
  readonly next: number;
}

/** What is selected on a logical channel: DF, EF, record pointer, application (TS 102 221 8.4). */
export class Selection {
  readonly #master: DirectoryNode;
  directory: DirectoryNode;
  file: FileNode | undefined;
  /** Current record from 1; 0 when there is none. */
  record = 0;
  application: DirectoryNode | undefined;
  /** Ends with any other command on the channel. */
  transfer: Transfer | undefined;

  constructor(master: DirectoryNode) {
    this.#master = master;
    this.directory = master;
  }

  /** As after reset: the MF. */
  reset(): void {
    this.directory = this.#master;
    this.file = undefined;
    this.record = 0;
    this.application = undefined;
    this.transfer = undefined;
  }

  /** As another channel, from which this one was opened (TS 102 221 11.1.17): its DF and application, no EF. */
  follow(other: Selection): void {
    this.reset();
    this.directory = other.directory;
    this.application = other.application;
  }

  /** Makes a file the current one. */
  select(node: FileNode | DirectoryNode): void {
    this.record = 0;
    if (node.kind === 'file') {
      this.file = node;
      this.directory = node.directory;
    } else {
      this.file = undefined;
      this.directory = node;
      if (node.aid !== undefined) this.application = node;
    }
  }
}
