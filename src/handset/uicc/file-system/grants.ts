import type { DirectoryNode } from './file-image.ts';
import type { Selection } from './selection.ts';

/** Says what has been verified for whoever sends commands: a terminal by its PINs, an operator by what over-the-air keys grant. */
export interface Grants {
  /** True when the key reference counts as verified; a second PIN (81 to 88) is that of `application`. */
  isVerified(reference: number, application: DirectoryNode | undefined): boolean;
  /** The security environment in force (TS 102 221 9.4). */
  readonly environment: number;
}

/**
 * Who sends file commands: what is selected, and what was verified. A logical channel has one; remote file management makes its own, bound
 * to no channel (TS 102 226 8.2.1).
 */
export interface FileSession {
  readonly selection: Selection;
  readonly grants: Grants;
}
