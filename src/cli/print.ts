import type { Io } from './io.ts';

/** A text from outside (a list, a card) on one line, without characters that would steer a terminal or turn its direction. */
export function plain(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\u{fffd}');
}

/** Prints lines. */
export function say(io: Io, ...lines: readonly string[]): Promise<void> {
  return io.write(lines.map((line) => `${line}\n`).join(''));
}

/** Prints one JSON document; octets are to be hexadecimal by then, undefined members are left out. */
export function sayJson(io: Io, value: unknown): Promise<void> {
  return io.write(`${JSON.stringify(value, undefined, io.isColoured ? 2 : undefined)}\n`);
}

/** Rows as lines, each column as wide as its longest cell, two spaces between. Cells are made `plain`. */
export function columns(rows: readonly (readonly string[])[]): readonly string[] {
  const cells = rows.map((row) => row.map(plain));
  const widths: number[] = [];
  for (const row of cells)
    row.forEach((cell, i) => {
      widths[i] = Math.max(widths[i] ?? 0, cell.length);
    });
  return cells.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** Names and values, one pair on a line, aligned; pairs whose value is undefined are left out. */
export function facts(pairs: Readonly<Record<string, string | number | boolean | undefined>>): readonly string[] {
  return columns(
    Object.entries(pairs).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );
}

/** Milliseconds since 1970 as ISO 8601 in UTC, to the second for people. */
export const isoTime = (milliseconds: number): string => new Date(milliseconds).toISOString();
/** The same for people: `2026-11-24 12:00:00`. */
export const shortTime = (milliseconds: number): string => isoTime(milliseconds).slice(0, 19).replace('T', ' ');
