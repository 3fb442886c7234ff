import type { Said } from '#base/sentence/index.ts';
import { csvField } from '../csv.ts';
import { type BadLine, LINE_SHOWN } from './list-line.ts';

/** The first row of a report of bad lines. */
export const BAD_LINE_HEADING = 'line,problem,text,code\r\n';

/** What a row of the report says: a bad line, or with the number 0 why the file could not be read further. */
export type ReportRow = Pick<BadLine, 'number' | 'problem' | 'line'> & { readonly said: Said };

/** One row of a report of bad lines. */
export const badLineRow = ({ number, problem, line, said }: ReportRow): string =>
  `${number},${csvField(problem)},${csvField(line.slice(0, LINE_SHOWN))},${said.code}\r\n`;

/** Lines of one piece of the report. */
const LINES_PER_PIECE = 256;

/**
 * The report of an import as CSV (RFC 4180, UTF-8): `line,problem,text,code`, a line for each bad line; good lines are passed over. It holds one
 * piece of itself at a time, however many there are.
 */
export async function* badLineReport(
  lines: AsyncIterable<BadLine | { readonly number: number }> | Iterable<BadLine | { readonly number: number }>,
): AsyncGenerator<string> {
  let piece = BAD_LINE_HEADING;
  let count = 0;
  for await (const line of lines) {
    if (!('problem' in line)) continue;
    piece += badLineRow(line);
    count++;
    if (count % LINES_PER_PIECE !== 0) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}
