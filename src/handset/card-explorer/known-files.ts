import { toHex } from '#base/codec/index.ts';
import { catalogue, type DedicatedFile, type ElementaryFile } from '#handset/uicc/index.ts';

/** A file by its place in the tree of a card: one that the tables of the standards know, or one that only a card has. */
export interface KnownFile {
  readonly name: string;
  readonly identifier: number;
  readonly isDirectory: boolean;
  readonly parent: KnownFile | undefined;
  readonly children: KnownFile[];
  /** AID of an ADF, whole or its beginning. */
  readonly aid: Uint8Array | undefined;
  /** The row of its table; undefined for a directory, and for a file that no table knows. */
  readonly row: ElementaryFile | undefined;
}

/** RID and application code: what of a 3GPP AID the standard sets (TS 101 220 annex E). */
const SET_BY_STANDARD = 7;

function known(table: DedicatedFile, parent: KnownFile | undefined): KnownFile {
  const { name, identifier, aid } = table;
  const node: KnownFile = {
    ...{ name, identifier, parent, isDirectory: true, children: [], row: undefined },
    aid: aid?.subarray(0, SET_BY_STANDARD),
  };
  for (const row of table.files)
    node.children.push({
      ...{ name: row.name, identifier: row.identifier, isDirectory: false, parent: node, children: [], row },
      aid: undefined,
    });
  for (const below of table.directories) node.children.push(known(below, node));
  return node;
}

/** The tree of all files that the tables know. */
export const MASTER_FILE: KnownFile = known(catalogue(), undefined);

/** A file that no table knows, where it was found. */
export const unknownFile = (identifier: number, isDirectory: boolean, parent: KnownFile | undefined): KnownFile => ({
  ...{ name: `${isDirectory ? 'DF' : 'EF'}.${hex4(identifier)}`, identifier, isDirectory, parent, children: [] },
  ...{ aid: undefined, row: undefined },
});

/** An application that no table knows. */
export const unknownApplication = (aid: Uint8Array): KnownFile => ({
  ...{ name: `ADF.${toHex(aid)}`, identifier: 0x7fff, isDirectory: true, parent: MASTER_FILE, children: [], aid },
  row: undefined,
});

/** A file identifier as people write it. */
export const hex4 = (identifier: number): string => identifier.toString(16).toUpperCase().padStart(4, '0');

/** All files below a directory, those of a directory before those of the next. */
export function* filesBelow(directory: KnownFile): Generator<KnownFile> {
  for (const child of directory.children) if (!child.isDirectory) yield child;
  for (const child of directory.children)
    if (child.isDirectory) {
      yield child;
      yield* filesBelow(child);
    }
}

/** The way from the MF, or from the application that a file is in, down to it. */
export function wayTo(file: KnownFile): readonly KnownFile[] {
  const way: KnownFile[] = [file];
  while (way[0]?.aid === undefined && way[0]?.parent !== undefined) way.unshift(way[0].parent);
  return way;
}

/** Path of a file, as people write it. */
export function pathOf(file: KnownFile): string {
  const names = [file.name];
  for (let at = file.parent; at !== undefined; at = at.parent) names.unshift(at.name);
  return names.join('/');
}

const isNamed = (file: KnownFile, name: string) =>
  file.name.toLowerCase() === name || hex4(file.identifier).toLowerCase() === name;

/**
 * The file that a person means, seen from a directory: `..`, a path with `/`, a name or an identifier of what is in the directory, the
 * directory itself, one above, an application, or a name that the tables have only once. The name may stand without EF., DF. or ADF.
 */
export function fileMeant(text: string, from: KnownFile): KnownFile | undefined {
  const parts = text.split('/').filter((part) => part !== '');
  let at = text.startsWith('/') ? MASTER_FILE : from;
  for (const part of parts) {
    const next = part === '..' ? (at.parent ?? at) : part === '.' ? at : stepTo(part.toLowerCase(), at);
    if (next === undefined) return undefined;
    at = next;
  }
  return parts.length === 0 && !text.startsWith('/') ? undefined : at;
}

function stepTo(name: string, from: KnownFile): KnownFile | undefined {
  const spellings = [name, `ef.${name}`, `df.${name}`, `adf.${name}`];
  const isMeant = (file: KnownFile) => spellings.some((spelling) => isNamed(file, spelling));
  // 7FFF is the application of the current directory, not one of the tables'.
  if (name === '7fff')
    for (let at: KnownFile | undefined = from; at !== undefined; at = at.parent) if (at.aid) return at;
  for (let at: KnownFile | undefined = from; at !== undefined; at = at.parent) {
    const found = at.children.find((child) => child.aid === undefined && isMeant(child));
    if (found !== undefined) return found;
    if (isMeant(at) && at.aid === undefined) return at;
  }
  const isCalled = ({ name: own }: KnownFile) => spellings.includes(own.toLowerCase());
  const everywhere = [...filesBelow(MASTER_FILE)].filter(isCalled);
  const application = everywhere.find(({ aid }) => aid !== undefined);
  return application ?? (everywhere.length === 1 ? everywhere[0] : undefined);
}
