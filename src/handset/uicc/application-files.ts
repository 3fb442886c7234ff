import { NO_OCTETS } from '#base/codec/index.ts';
import type { Changes } from '#handset/card/index.ts';
import { type ElementaryFile, filled } from './file-system/elementary-file.ts';
import type { CardFiles } from './file-system/index.ts';

/** A file of an application that the card itself reads or writes: identifiers from the ADF down. */
export type ApplicationPath = readonly number[];

/** Files of an application for the card's own use, whatever a terminal may do with them. An operator's card may be without some. */
export interface ApplicationFiles {
  /** Content of a transparent EF, or of a record of a linear one, from 0; nothing when the card has no such file. Never write into it. */
  read(path: ApplicationPath, record?: number): Uint8Array;
  /** Replaces it, filled up with FF; false, and nothing changed, when the card has no room, or not for content of that length. */
  write(path: ApplicationPath, content: Uint8Array, record?: number): boolean;
  /** Records of a linear EF. */
  records(path: ApplicationPath): number;
  /** Changes what the card keeps beside its files; false, and nothing changed, when that would use up the room of what is vital. */
  keep(changes: Changes): boolean;
}

/** The same, and where they stand. */
export interface ApplicationTree extends ApplicationFiles {
  /** The EF as it is now; undefined when the card has it not, or not any more. */
  at(path: ApplicationPath): ElementaryFile | undefined;
}

/** Octets of RID and application code: the rest of an AID is the issuer's (TS 101 220 annex E). */
const APPLICATION_CODE = 7;

/** True when an AID is that of an application of this kind, whatever octets its issuer chose. */
export function isOfKind(aid: Uint8Array, kind: Uint8Array): boolean {
  for (let i = 0; i < APPLICATION_CODE; i++) if (aid[i] !== kind[i]) return false;
  return true;
}

/** The files of the card's first application of a kind: an AID, of which RID and application code count. */
export const applicationFiles = (files: CardFiles, kind: Uint8Array): ApplicationTree =>
  new CardApplicationFiles(files, kind);

class CardApplicationFiles implements ApplicationTree {
  readonly #files: CardFiles;
  readonly #kind: Uint8Array;

  constructor(files: CardFiles, kind: Uint8Array) {
    this.#files = files;
    this.#kind = kind;
  }

  at(path: ApplicationPath): ElementaryFile | undefined {
    const applications = this.#files.structure.applications();
    const application = applications.find(({ aid }) => aid !== undefined && isOfKind(aid, this.#kind));
    return application && this.#files.at(path, application);
  }

  read(path: ApplicationPath, record = 0): Uint8Array {
    const file = this.at(path);
    return file !== undefined && record < file.records ? this.#files.read(file, record) : NO_OCTETS;
  }

  write(path: ApplicationPath, content: Uint8Array, record = 0): boolean {
    const file = this.at(path);
    if (file === undefined || content.length > file.recordLength || record >= file.records) return false;
    const whole = filled(file.recordLength);
    whole.set(content);
    return this.#files.write(file, whole, record);
  }

  records(path: ApplicationPath): number {
    return this.at(path)?.records ?? 0;
  }

  keep(changes: Changes): boolean {
    return this.#files.commit(changes);
  }
}
