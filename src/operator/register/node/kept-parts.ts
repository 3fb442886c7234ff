import { octets as octetsOf, sameOctets, struct, u16, u32 } from '#base/codec/index.ts';
import {
  BYTE_ORDER,
  CHECK,
  checked,
  fill,
  isWhole,
  openIfThere,
  writeWholeFile,
} from '../equipment-index/whole-file.ts';
import type { ImageParts } from './image.ts';
import { ProofTable } from './proof-table.ts';

// What answers are made of besides the entries of single IMEIs, in a file beside their snapshot: with both a node answers without its database.
// The file: the header with its CRC-32; a text (JSON) that holds what is small and the lengths of the memories; the memories one after another.
// Text and memories are cut into pieces of 1 MiB, each with its own CRC-32. Numbers in memories are in the processor's own order.

/** Parts that have files of their own, can be made of the others, or are kept in another form. */
type PartsElsewhere = 'exact' | 'spared' | 'proved' | 'proofs' | 'settings' | 'freshness';

/** What a node knew, and when: every part of an image that stands nowhere else. */
export interface KeptParts extends Omit<ImageParts, PartsElsewhere> {
  /** Where the database is that this was read from: another one's must not be taken for it. */
  readonly database: string;
  /** The newest change in it, and when it was known to be complete (milliseconds since 1970). */
  readonly sequence: number;
  readonly completeAt: number;
  /** Settings of the register by name, as they are kept. */
  readonly settings: Readonly<Record<string, string>>;
  readonly proofs: ProofTable;
}

/** Kept parts that were read, or why not. */
export type KeptPartsAnswer =
  | { readonly kind: 'loaded'; readonly parts: KeptParts }
  | { readonly kind: 'refused'; readonly message: string };

const MAGIC = new TextEncoder().encode('ASSAYNOD');
const VERSION = 1;
const header = struct({ magic: octetsOf(8), version: u16, byteOrder: octetsOf(4), textOctets: u32 });
const HEADER = 18;
/** Octets of a piece. */
const PIECE = 1 << 20;
const LONGEST_TEXT = 256 << 20;
/** Proofs of a thousand million subscribers, and 100 million codes as bits. */
const LARGEST_MEMORY = 64 * 2 ** 30;
const TACS_OCTETS = 12_500_000;

/** The small things as they stand in the text, with the lengths of the four memories; 0 for codes that nobody has loaded. */
type KeptText = Omit<KeptParts, 'ranges' | 'proofs' | 'tacs'> & { readonly memories: readonly number[] };

/** Writes the parts, whole or not at all. Memory may change meanwhile: what changed after `sequence` is then in it or not. */
export async function writeKeptParts(path: string, parts: KeptParts): Promise<void> {
  const { ranges, proofs, tacs, ...small } = parts;
  const memories = [ranges.bounds, ranges.tags, proofs.handle.memory, tacs ?? new SharedArrayBuffer(0)];
  const kept: KeptText = { ...small, memories: memories.map(({ byteLength }) => byteLength) };
  const text = new TextEncoder().encode(JSON.stringify(kept));
  if (text.length > LONGEST_TEXT)
    throw new RangeError(`pair rules and contests: expected at most ${LONGEST_TEXT} octets, got ${text.length}`);
  await writeWholeFile(path, async (file) => {
    const head = { magic: MAGIC, version: VERSION, byteOrder: BYTE_ORDER, textOctets: text.length };
    await file.writeFile(checked(header.encode(head)));
    for (const memory of [text, ...memories.map((shared) => new Uint8Array(shared))])
      for (let at = 0; at < memory.length; at += PIECE) await file.writeFile(checked(memory.slice(at, at + PIECE)));
  });
}

/** The parts of a file, or why they cannot be used. Rejects with the file system's error when the file is there and cannot be read. */
export async function readKeptParts(path: string): Promise<KeptPartsAnswer> {
  const refused = (problem: string): KeptPartsAnswer => ({ kind: 'refused', message: `${path}: ${problem}` });
  const file = await openIfThere(path);
  if (file === undefined) return refused('there is no such file');
  try {
    const head = new Uint8Array(HEADER + CHECK);
    if (!(await fill(file, head)) || !isWhole(head)) return refused('it has no whole header');
    const { magic, version, byteOrder, textOctets } = header.decode(head.subarray(0, HEADER));
    if (!sameOctets(magic, MAGIC) || version !== VERSION)
      return refused(`expected version ${VERSION} of a node's parts`);
    if (!sameOctets(byteOrder, BYTE_ORDER)) return refused('written by a processor of another byte order');
    const { size } = await file.stat();
    const rest = size - HEADER - CHECK;
    if (textOctets > LONGEST_TEXT || pieced(textOctets) > rest) return refused('it ends too early');
    const text = new Uint8Array(textOctets);
    if (!(await take(file, text))) return refused('its text has changed');
    const kept = JSON.parse(new TextDecoder().decode(text)) as KeptText;
    const problem = whyImpossible(kept.memories, rest - pieced(textOctets));
    if (problem !== undefined) return refused(problem);
    const memories: SharedArrayBuffer[] = [];
    for (const length of kept.memories) {
      const memory = new SharedArrayBuffer(length);
      if (!(await take(file, new Uint8Array(memory)))) return refused('one of its memories has changed');
      memories.push(memory);
    }
    return loaded(kept, memories) ?? refused('its proofs are no table');
  } finally {
    await file.close();
  }
}

/** Octets that a text or memory of this length takes in the file. */
const pieced = (length: number): number => length + Math.ceil(length / PIECE) * CHECK;

/** Lengths that no writer has written. */
function whyImpossible(lengths: readonly number[], left: number): string | undefined {
  const [bounds = -1, tags = -1, proofs = -1, tacs = -1] = lengths;
  const isPossible =
    lengths.length === 4 &&
    lengths.every((length) => Number.isSafeInteger(length) && length >= 0 && length <= LARGEST_MEMORY) &&
    bounds === Math.max(1, tags) * 2 * Float64Array.BYTES_PER_ELEMENT &&
    proofs > 0 &&
    (tacs === 0 || tacs === TACS_OCTETS);
  if (!isPossible) return 'its memories have lengths that no node has';
  return lengths.reduce((sum, length) => sum + pieced(length), 0) === left ? undefined : 'it is too short or too long';
}

function loaded(
  { memories: _lengths, ...small }: KeptText,
  [bounds, tags, memory, tacs]: readonly SharedArrayBuffer[],
): KeptPartsAnswer | undefined {
  const proofs = memory && ProofTable.fromCopy(memory);
  if (bounds === undefined || tags === undefined || proofs === undefined) return undefined;
  const codes = tacs === undefined || tacs.byteLength === 0 ? undefined : tacs;
  return { kind: 'loaded', parts: { ...small, ranges: { bounds, tags }, proofs, tacs: codes } };
}

/** Fills octets from pieces. False: the file ends before, or a piece does not agree with its CRC-32. */
async function take(file: Parameters<typeof fill>[0], octets: Uint8Array): Promise<boolean> {
  for (let at = 0; at < octets.length; at += PIECE) {
    const length = Math.min(PIECE, octets.length - at);
    const piece = new Uint8Array(length + CHECK);
    if (!(await fill(file, piece)) || !isWhole(piece)) return false;
    octets.set(piece.subarray(0, length), at);
  }
  return true;
}
