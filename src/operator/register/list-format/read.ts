import { LineCutter, lineText, MalformedFile, piecesOf } from '../csv.ts';
import { fileProblem } from '../file-problem.ts';
import { type ColumnMapping, openMapped } from './column-mapping.ts';
import { type FirstLine, fieldsIn, firstLineOf, namesShown, openRows, plainName } from './header.ts';
import { JsonCutter, jsonObject } from './json-elements.ts';
import { type BadLine, badLine, LINE_SHOWN, type ListLine } from './list-line.ts';
import { open5gsRecord } from './open5gs.ts';
import { PlainLines } from './plain-line.ts';
import { pyhssRecord } from './pyhss.ts';
import type { RecordReader } from './record.ts';
import { type FileOptions, ROW_FORMATS, type RowFormat, type RowLayout } from './row-layout.ts';
import { rowLine } from './row-line.ts';

/** Formats of other registers: JSON (an array, or values one after the other) and CSV with a header. */
export const RECORD_FORMATS = ['open5gs', 'open5gs-csv', 'pyhss', 'pyhss-csv'] as const;
/** A format of another register. */
export type RecordFormat = (typeof RECORD_FORMATS)[number];
/** Every format that needs no mapping. */
export const LIST_FORMATS = [...ROW_FORMATS, ...RECORD_FORMATS] as const;
/** A format that needs no mapping. */
export type ListFormat = RowFormat | RecordFormat;

/** The format of a file, and what a person says about it. */
export type ReadOptions = FileOptions &
  ({ readonly format: ListFormat } | { readonly format: 'mapped'; readonly mapping: ColumnMapping });

/** A file as it arrives. */
export type Chunks = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** Every line in order, good or bad. */
export type AnyLine = ListLine | BadLine;

/** The lines of a list file in order. Throws MalformedFile when it is no file of this format, or is cut off. */
export async function* listLines(chunks: Chunks, options: ReadOptions): AsyncGenerator<AnyLine> {
  for await (const batch of listLineBatches(chunks, options)) yield* batch;
}

/** The same lines by the piece of at most 64 KiB they came in, for whoever has millions: several times faster. Throws as listLines. */
export async function* listLineBatches(chunks: Chunks, options: ReadOptions): AsyncGenerator<readonly AnyLine[]> {
  let batch: AnyLine[] = [];
  const reader = readerOf(options, (line) => {
    batch.push(line);
  });
  for await (const piece of piecesOf(chunks)) {
    reader.push(piece);
    if (batch.length === 0) continue;
    yield batch;
    batch = [];
  }
  reader.finish();
  if (batch.length > 0) yield batch;
}

/** Takes a file piece by piece and gives its lines to whom it was made for. */
interface FileReader {
  push(octets: Uint8Array): void;
  finish(): void;
}

type OnLine = (line: AnyLine) => void;

function readerOf(options: ReadOptions, onLine: OnLine): FileReader {
  switch (options.format) {
    case 'open5gs':
      return jsonReader(open5gsRecord, options, onLine);
    case 'pyhss':
      return jsonReader(pyhssRecord, options, onLine);
    case 'open5gs-csv':
      return recordRows(open5gsRecord, ['pei'], options, onLine);
    case 'pyhss-csv':
      return recordRows(pyhssRecord, ['imei', 'match_response_code'], options, onLine);
    default:
      return rowReader(options, onLine);
  }
}

function rowReader(options: ReadOptions, onLine: OnLine): FileReader {
  let layout: RowLayout | undefined;
  let plain: PlainLines | undefined;
  const cutter = new LineCutter((octets, start, end, number) => {
    const known = plain?.read(octets, start, end, number);
    if (known !== undefined) return onLine(known);
    const text = lineText(octets, start, end, number);
    if (layout === undefined) {
      const opened = openLayout(options, number, text);
      layout = opened.layout;
      plain = PlainLines.of(layout);
      if (opened.hasHeader) return;
    }
    const fields = fieldsIn(text, layout.separator);
    if ('code' in fields) return onLine(badLine(number, { problem: fields }, text));
    const line = rowLine(number, fields, layout);
    if (line === undefined) return;
    if ('problem' in line) return onLine(badLine(number, line, text));
    plain?.remember(octets, end, fields, line);
    onLine(line);
  });
  return {
    push: (octets) => cutter.push(octets),
    finish: () => {
      cutter.finish();
      if (layout === undefined) throw new MalformedFile(fileProblem('emptyRows'));
    },
  };
}

function openLayout(options: ReadOptions, number: number, text: string) {
  if (options.format === 'mapped')
    return openMapped(options.mapping, firstLineOf(number, text, options.mapping.separator), options);
  return openRows(options.format as RowFormat, firstLineOf(number, text), options);
}

/** Rows with the names of a record's values in the header. */
function recordRows(read: RecordReader, needed: readonly string[], options: FileOptions, onLine: OnLine): FileReader {
  let header: (FirstLine & { readonly places: ReadonlyMap<string, number> }) | undefined;
  const cutter = new LineCutter((octets, start, end, number) => {
    const text = lineText(octets, start, end, number);
    if (header === undefined) {
      header = namedColumns(firstLineOf(number, text), needed);
      return;
    }
    const fields = fieldsIn(text, header.separator);
    if ('code' in fields) return onLine(badLine(number, { problem: fields }, text));
    const { places } = header;
    const line = read(number, (name) => fields[places.get(name) ?? -1]?.trim() || undefined, options);
    onLine('problem' in line ? badLine(number, line, text) : line);
  });
  return {
    push: (octets) => cutter.push(octets),
    finish: () => {
      cutter.finish();
      if (header === undefined) throw new MalformedFile(fileProblem('emptyRows'));
    },
  };
}

function namedColumns(first: FirstLine, needed: readonly string[]) {
  const names = first.fields.map(plainName);
  for (const name of needed)
    if (names.filter((found) => found === name).length !== 1)
      throw new MalformedFile(
        fileProblem('columnNotOnce', { line: first.number, column: name, columns: namesShown(first.fields) }),
      );
  return { ...first, places: new Map(names.map((name, place) => [name, place])) };
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function jsonReader(read: RecordReader, options: FileOptions, onLine: OnLine): FileReader {
  const cutter = new JsonCutter((number, octets, problem) => {
    if (problem !== undefined) return onLine(badLine(number, { problem }, shown(octets)));
    const text = decoded(octets, number);
    const found = jsonObject(text);
    if ('problem' in found) return onLine(badLine(number, found, shown(octets)));
    const { members } = found;
    const line = read(number, (name) => (Object.hasOwn(members, name) ? members[name] : undefined), options);
    onLine('problem' in line ? badLine(number, line, shown(octets)) : line);
  });
  return { push: (octets) => cutter.push(octets), finish: () => cutter.finish() };
}

function decoded(octets: Uint8Array, number: number): string {
  try {
    return utf8.decode(octets);
  } catch {
    throw new MalformedFile(fileProblem('notUtf8AfterElement', { element: number - 1 }));
  }
}

/** The beginning of an element, perhaps cut within a character; a text of its own, that keeps nothing of the element alive. */
const shown = (octets: Uint8Array): string => new TextDecoder().decode(octets.subarray(0, 4 * LINE_SHOWN));
