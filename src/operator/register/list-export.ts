import type { ListEntry } from './list-entry.ts';

/** `assay`: every column, can be imported again. `dirbs`: imei, block_date, reasons, as DIRBS-Core writes its black list. */
export type ExportFormat = 'assay' | 'dirbs';

const HEADERS: Readonly<Record<ExportFormat, string>> = {
  assay: 'imei,reporting_date,reasons,case_reference,expires,source,author',
  dirbs: 'imei,block_date,reasons',
};

/** A list as lines of CSV (RFC 4180, CRLF), the header first; IMEIs have 14 digits. */
export function* exportLines(entries: Iterable<ListEntry>, format: ExportFormat): Generator<string> {
  yield `${HEADERS[format]}\r\n`;
  for (const entry of entries) {
    const reasons = entry.note === '' ? entry.reason : entry.note;
    const day = isoDate(entry.addedAt).slice(0, 10).replaceAll('-', '');
    const fields =
      format === 'dirbs'
        ? [entry.imei.equipment, day, reasons]
        : [
            entry.imei.equipment,
            day,
            reasons,
            entry.caseReference,
            entry.expiresAt === undefined ? '' : isoDate(entry.expiresAt),
            entry.source,
            entry.author,
          ];
    yield `${fields.map(quoted).join(',')}\r\n`;
  }
}

const isoDate = (milliseconds: number) => new Date(milliseconds).toISOString();

/**
 * A field that means the same to every reader: quoted where a separator, quote or line end stands in it. A spreadsheet takes = + - @ for the
 * start of a formula, so such a text gets an apostrophe before it.
 */
function quoted(field: string): string {
  const harmless = /^[=+\-@\t\r]/.test(field) ? `'${field}` : field;
  return /[",;|\t\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""').replaceAll(/[\r\n]+/g, ' ')}"` : harmless;
}
