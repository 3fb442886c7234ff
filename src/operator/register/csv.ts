/** A character-separated file that is none: nothing of it is used. */
export class MalformedFile extends Error {
  override readonly name = 'MalformedFile';
}

/** One line of a file: its number (from 1) and its fields, or why it has none. */
export type CsvLine =
  | { readonly number: number; readonly fields: readonly string[] }
  | { readonly number: number; readonly problem: string };

/** Characters of one line; longer ones are bad lines. */
export const LONGEST_LINE = 4096;
/** Fields of one line. */
export const MOST_FIELDS = 64;

const QUOTE = '"';

/**
 * The fields of one line (RFC 4180, but a quoted field ends with its line: an unclosed quote spoils one line, not the file).
 * Returns a text, what is wrong, when the quotes do not fit.
 */
export function fieldsOf(line: string, separator: string): readonly string[] | string {
  if (!line.includes(QUOTE)) {
    const plain = line.split(separator, MOST_FIELDS + 1);
    return plain.length > MOST_FIELDS ? `expected at most ${MOST_FIELDS} fields` : plain;
  }
  const fields: string[] = [];
  for (let at = 0; at <= line.length; at++) {
    if (fields.length === MOST_FIELDS) return `expected at most ${MOST_FIELDS} fields`;
    const field = line[at] === QUOTE ? quotedField(line, at) : plainField(line, at, separator);
    if (typeof field === 'string') return field;
    if (field.end < line.length && line[field.end] !== separator)
      return `expected '${separator}' or the end after the quote closed at character ${field.end}`;
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

function quotedField(line: string, start: number): Field | string {
  let value = '';
  for (let at = start + 1; ; ) {
    const close = line.indexOf(QUOTE, at);
    if (close < 0) return `expected a closing quote for the one at character ${start + 1}`;
    value += line.slice(at, close);
    if (line[close + 1] !== QUOTE) return { value, end: close + 1 };
    value += QUOTE;
    at = close + 2;
  }
}

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

/**
 * The lines of a UTF-8 text as it arrives, each with its number; a byte order mark is dropped; CRLF, LF and CR end a line; empty lines are
 * skipped. Throws MalformedFile for what is no UTF-8 text.
 */
export async function* linesOf(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<{ readonly number: number; readonly text: string }> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let number = 0;
  let pending = '';
  let skipLineFeed = false;
  for await (const chunk of chunks) {
    let text = pending + decoded(decoder, chunk, number + 1);
    if (text === '') continue;
    if (skipLineFeed && text.startsWith('\n')) text = text.slice(1);
    skipLineFeed = false;
    let start = 0;
    for (let end = lineEnd(text, start); end >= 0; end = lineEnd(text, start)) {
      number++;
      if (end > start) yield { number, text: text.slice(start, end) };
      start = end + 1;
      if (text[end] !== '\r') continue;
      if (start === text.length) skipLineFeed = true;
      else if (text[start] === '\n') start++;
    }
    // Of a line without end no more is kept than is needed to call it too long.
    pending = text.slice(start, start + LONGEST_LINE + 1);
  }
  pending += decoded(decoder, undefined, number + 1);
  if (pending !== '') yield { number: number + 1, text: pending };
}

function lineEnd(text: string, start: number): number {
  const lineFeed = text.indexOf('\n', start);
  const part = lineFeed < 0 ? text : text.slice(0, lineFeed);
  const carriageReturn = part.indexOf('\r', start);
  return carriageReturn < 0 ? lineFeed : carriageReturn;
}

function decoded(decoder: InstanceType<typeof TextDecoder>, chunk: Uint8Array | undefined, line: number): string {
  let text: string;
  try {
    text = chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
  } catch {
    throw new MalformedFile(
      `after line ${line - 1}: expected UTF-8 text, got other octets; save the file as "CSV UTF-8"`,
    );
  }
  if (text.includes('\0'))
    throw new MalformedFile(
      `after line ${line - 1}: expected text, got octets 00: not a CSV file (packed, or saved as UTF-16?)`,
    );
  return text;
}
