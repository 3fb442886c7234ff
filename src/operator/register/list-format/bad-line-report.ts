import { csvField } from '../csv.ts';
import { type BadLine, LINE_SHOWN } from './list-line.ts';

/** Lines of one piece of the report. */
const LINES_PER_PIECE = 256;

/**
 * The report of an import as CSV (RFC 4180, UTF-8): `line,problem,text`, a line for each bad line; good lines are passed over. It holds one
 * piece of itself at a time, however many there are.
 */
export async function* badLineReport(
  lines: AsyncIterable<BadLine | { readonly number: number }> | Iterable<BadLine | { readonly number: number }>,
): AsyncGenerator<string> {
  let piece = 'line,problem,text\r\n';
  let count = 0;
  for await (const line of lines) {
    if (!('problem' in line)) continue;
    piece += `${line.number},${csvField(line.problem)},${csvField(line.line.slice(0, LINE_SHOWN))}\r\n`;
    count++;
    if (count % LINES_PER_PIECE !== 0) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}
