import { csvField } from '../csv.ts';
import { type BadLine, LINE_SHOWN } from './list-line.ts';

/** The first row of a report of bad lines. */
export const BAD_LINE_HEADING = 'line,problem,text\r\n';

/** One row of a report of bad lines. */
export const badLineRow = ({ number, problem, line }: BadLine): string =>
  `${number},${csvField(problem)},${csvField(line.slice(0, LINE_SHOWN))}\r\n`;

/** Lines of one piece of the report. */
const LINES_PER_PIECE = 256;

/**
 * The report of an import as CSV (RFC 4180, UTF-8): `line,problem,text`, a line for each bad line; good lines are passed over. It holds one
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
