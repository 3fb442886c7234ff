import { type FileProblem, type FileRefusal, fileProblem, refusalWords } from './file-problem.ts';
import { type LineProblem, lineProblem, type Problem } from './line-problem.ts';

/** A file that is no list, or stops being one: nothing of it is used. */
export class MalformedFile extends Error {
  override readonly name = 'MalformedFile';
  readonly refusal: FileRefusal;
  /** `line`: what is wrong with the line that `said` names, where that is why. */
  constructor(said: FileProblem, line?: Problem) {
    super(refusalWords({ said, line }));
    this.refusal = { said, line };
  }
}

/** Characters of one line; longer ones are bad lines. */
export const LONGEST_LINE = 4096;
/** Fields of one line. */
export const MOST_FIELDS = 64;

const QUOTE = '"';

/**
 * The fields of one line (RFC 4180, but a quoted field ends with its line: an unclosed quote spoils one line, not the file).
 * Returns what is wrong when the quotes do not fit.
 */
export function fieldsOf(line: string, separator: string): readonly string[] | LineProblem {
  if (!line.includes(QUOTE)) {
    const plain = line.split(separator, MOST_FIELDS + 1);
    return plain.length > MOST_FIELDS ? lineProblem('fieldsMany', { most: MOST_FIELDS }) : plain;
  }
  const fields: string[] = [];
  for (let at = 0; at <= line.length; at++) {
    if (fields.length === MOST_FIELDS) return lineProblem('fieldsMany', { most: MOST_FIELDS });
    const field = line[at] === QUOTE ? quotedField(line, at) : plainField(line, at, separator);
    if ('code' in field) return field;
    if (field.end < line.length && line[field.end] !== separator)
      return lineProblem('quoteFollowed', { separator, at: field.end });
    fields.push(field.value);
    at = field.end;
  }
  return fields;
}

interface Field {
  readonly value: string;
  /** Index of the separator after it. */
  readonly end: number;
}

function plainField(line: string, start: number, separator: string): Field {
  const found = line.indexOf(separator, start);
  const end = found < 0 ? line.length : found;
  return { value: line.slice(start, end), end };
}

function quotedField(line: string, start: number): Field | LineProblem {
  let value = '';
  for (let at = start + 1; ; ) {
    const close = line.indexOf(QUOTE, at);
    if (close < 0) return lineProblem('quoteOpen', { at: start + 1 });
    value += line.slice(at, close);
    if (line[close + 1] !== QUOTE) return { value, end: close + 1 };
    value += QUOTE;
    at = close + 2;
  }
}

/**
 * A field that means the same to every reader: quoted where a separator, quote or line end stands in it, control characters as spaces. A
 * spreadsheet takes = + - @ for the start of a formula, so such a text gets an apostrophe before it; plainText takes it off again.
 */
export function csvField(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not reach the file.
  const oneLine = /[\0-\x1f\x7f]/.test(text) ? text.replaceAll(/[\0-\x1f\x7f]+/g, ' ') : text;
  const harmless = /^'*[=+\-@]/.test(oneLine) ? `'${oneLine}` : oneLine;
  return /[",;|]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** The text of a field without the apostrophe that csvField, or a spreadsheet, put before a formula. */
export const plainText = (field: string): string => (/^'+[=+\-@]/.test(field) ? field.slice(1) : field);

/** The separator a first line uses: the most frequent of comma, semicolon, tab and bar; comma when there is none. */
export function separatorOf(line: string): string {
  let best = ',';
  let most = 0;
  for (const candidate of [',', ';', '\t', '|']) {
    const count = line.split(candidate).length - 1;
    if (count > most) [best, most] = [candidate, count];
  }
  return best;
}

/** A line of so many octets has more than LONGEST_LINE characters (UTF-8 needs at most 3 for one of them). */
const TOO_MANY_OCTETS = 3 * LONGEST_LINE + 1;
/** Octets kept of a line; 3 more, for a byte order mark may be taken off. */
const KEPT_OCTETS = TOO_MANY_OCTETS + 3;
/** Octets cut at a time, so that what comes of them stays small however large a chunk is. */
const PIECE_OCTETS = 65_536;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

/** Where a line stands: `octets` from `start` to before `end`; good until the next line. Lines count from 1. */
export type OnLine = (octets: Uint8Array, start: number, end: number, number: number) => void;

/**
 * Cuts octets at LF, CR and CRLF, mixed or not; calls back for each line that is not empty, without a byte order mark before the first. Of a
 * line without end no more is kept than is needed to call it too long. Octets 00 are MalformedFile.
 */
export class LineCutter {
  readonly #onLine: OnLine;
  readonly #carried = new Uint8Array(KEPT_OCTETS);
  #carriedLength = 0;
  #number = 1;
  #afterCarriageReturn = false;

  constructor(onLine: OnLine) {
    this.#onLine = onLine;
  }

  /** Takes the next octets. Throws MalformedFile. */
  push(octets: Uint8Array): void {
    let start = 0;
    for (let at = 0; at < octets.length; at++) {
      const octet = octets[at] as number;
      if (octet > CARRIAGE_RETURN) continue;
      if (octet === LINE_FEED && this.#afterCarriageReturn && at === start) {
        start = at + 1;
        this.#afterCarriageReturn = false;
        continue;
      }
      if (octet === 0) throw notText(this.#number);
      if (octet !== LINE_FEED && octet !== CARRIAGE_RETURN) continue;
      this.#end(octets, start, at);
      this.#afterCarriageReturn = octet === CARRIAGE_RETURN;
      start = at + 1;
    }
    if (start === octets.length) return;
    this.#afterCarriageReturn = false;
    this.#carry(octets, start, octets.length);
  }

  /** The last line, when no line end stands after it. */
  finish(): void {
    if (this.#carriedLength > 0) this.#end(this.#carried, 0, 0);
  }

  #end(octets: Uint8Array, start: number, end: number): void {
    if (this.#carriedLength === 0) this.#emit(octets, start, end);
    else {
      this.#carry(octets, start, end);
      this.#emit(this.#carried, 0, this.#carriedLength);
      this.#carriedLength = 0;
    }
    this.#number++;
  }

  #carry(octets: Uint8Array, start: number, end: number): void {
    const kept = octets.subarray(start, Math.min(end, start + KEPT_OCTETS - this.#carriedLength));
    this.#carried.set(kept, this.#carriedLength);
    this.#carriedLength += kept.length;
  }

  #emit(octets: Uint8Array, start: number, end: number): void {
    const isMarked =
      this.#number === 1 && octets[start] === 0xef && octets[start + 1] === 0xbb && octets[start + 2] === 0xbf;
    const from = isMarked && end - start >= 3 ? start + 3 : start;
    if (end > from) this.#onLine(octets, from, Math.min(end, from + TOO_MANY_OCTETS), this.#number);
  }
}

const notText = (line: number) => new MalformedFile(fileProblem('zerosAfterLine', { line: line - 1 }));

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const lenient = new TextDecoder('utf-8', { ignoreBOM: true });

/** The text of a line; a longer one is cut, perhaps within a character. Throws MalformedFile for what is no UTF-8. */
export function lineText(octets: Uint8Array, start: number, end: number, number: number): string {
  const line = octets.subarray(start, end);
  if (line.length >= TOO_MANY_OCTETS) return lenient.decode(line);
  try {
    return strict.decode(line);
  } catch {
    throw new MalformedFile(fileProblem('notUtf8AfterLine', { line: number - 1 }));
  }
}

/** Chunks in pieces of at most 64 KiB. */
export async function* piecesOf(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks)
    for (let at = 0; at < chunk.length; at += PIECE_OCTETS) yield chunk.subarray(at, at + PIECE_OCTETS);
}

/**
 * The lines of a UTF-8 text as it arrives, each with its number; a byte order mark is dropped; CRLF, LF and CR end a line; empty lines are
 * skipped. Throws MalformedFile for what is no UTF-8 text.
 */
export async function* linesOf(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<{ readonly number: number; readonly text: string }> {
  let lines: { readonly number: number; readonly text: string }[] = [];
  const cutter = new LineCutter((octets, start, end, number) => {
    lines.push({ number, text: lineText(octets, start, end, number) });
  });
  for await (const piece of piecesOf(chunks)) {
    cutter.push(piece);
    yield* lines;
    lines = [];
  }
  cutter.finish();
  yield* lines;
}
