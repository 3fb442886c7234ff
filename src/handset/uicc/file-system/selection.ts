import type { DirectoryNode, FileNode } from './file-tree.ts';
import { MASTER_NODE } from './file-tree.ts';

/** What is selected on a logical channel: DF, EF, record pointer, application (TS 102 221 8.4). */
export class Selection {
  directory: DirectoryNode = MASTER_NODE;
  file: FileNode | undefined;
  /** Current record from 1; 0 when there is none. */
  record = 0;
  application: DirectoryNode | undefined;

  /** As after reset: the MF. */
  reset(): void {
    this.directory = MASTER_NODE;
    this.file = undefined;
    this.record = 0;
    this.application = undefined;
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
