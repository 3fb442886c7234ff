import type { DedicatedFile, ElementaryFile } from './file-system/elementary-file.ts';
import { filled } from './file-system/elementary-file.ts';
import type { FileContents } from './file-system/index.ts';
import { ADF_USIM } from './file-system/ts-31-102.ts';

/** A file of the USIM that the card itself reads or writes: identifiers from the ADF down. */
export type UsimPath = readonly number[];

/** Files of the USIM for the card's own use, whatever a terminal may do with them. */
export interface UsimFiles {
  /** Content of a transparent EF, or of a record of a linear one, from 0. Never write into it. */
  read(path: UsimPath, record?: number): Uint8Array;
  /** Replaces it, filled up with FF; false, and nothing changed, when the card has no room or the content is longer than the file. */
  write(path: UsimPath, content: Uint8Array, record?: number): boolean;
  /** Records of a linear EF. */
  records(path: UsimPath): number;
}

function fileAt(path: UsimPath): ElementaryFile {
  let directory: DedicatedFile | undefined = ADF_USIM;
  for (const identifier of path.slice(0, -1))
    directory = directory?.directories.find((candidate) => candidate.identifier === identifier);
  const file = directory?.files.find(({ identifier }) => identifier === path.at(-1));
  if (file === undefined) throw new RangeError(`USIM: expected a file of its tables, got ${path.join('/')}`);
  return file;
}

/** The files of a card. */
export function usimFiles(contents: FileContents): UsimFiles {
  return {
    read: (path, record = 0) => contents.read(fileAt(path), record),
    write(path, content, record = 0) {
      const file = fileAt(path);
      if (content.length > file.recordLength) return false;
      const whole = filled(file.recordLength);
      whole.set(content);
      return contents.write(file, whole, record);
    },
    records: (path) => fileAt(path).records,
  };
}
