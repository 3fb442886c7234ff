import { MalformedFile, separatorOf } from '../csv.ts';
import { beginsWithNumber, firstLineOf, namesShown, placesOf, plainName } from './header.ts';
import type { Problem } from './list-line.ts';
import type { ListFormat } from './read.ts';
import type { Places } from './row-layout.ts';

/** Octets from the start of a file that are enough to tell its format. */
export const DETECT_OCTETS = 8192;

/** The format of a file and why it is that, in words for people. */
export interface DetectedFormat {
  readonly format: ListFormat;
  readonly why: string;
}

/** First octets of files that are no lists, and what to do. */
const FOREIGN: readonly (readonly [readonly number[], string])[] = [
  [[0x50, 0x4b, 0x03, 0x04], 'a ZIP archive or a spreadsheet (.xlsx): unpack it, or save it as "CSV UTF-8"'],
  [[0x1f, 0x8b], 'a gzip archive: unpack it'],
  [[0xd0, 0xcf, 0x11, 0xe0], 'a spreadsheet (.xls): save it as "CSV UTF-8"'],
  [[0x25, 0x50, 0x44, 0x46], 'a PDF: ask for the list as CSV'],
  [[0xff, 0xfe], 'UTF-16 text: save it as "CSV UTF-8"'],
  [[0xfe, 0xff], 'UTF-16 text: save it as "CSV UTF-8"'],
];

/**
 * The format of a file by its first octets (DETECT_OCTETS of them, or all), or why it is none. It reads the header or the first record only;
 * whether the file is right, reading it shows.
 */
export function detectFormat(firstOctets: Uint8Array): DetectedFormat | Problem {
  const octets = firstOctets.subarray(0, DETECT_OCTETS);
  const foreign = FOREIGN.find(([magic]) => magic.every((octet, at) => octets[at] === octet));
  if (foreign !== undefined) return { problem: `expected a list as CSV or JSON, got ${foreign[1]}` };
  if (octets.includes(0)) return { problem: 'expected text, got octets 00 (packed, or saved as UTF-16?)' };
  // Without `fatal`: the last character may be cut. A byte order mark is dropped.
  const text = new TextDecoder().decode(octets).trimStart();
  if (text === '') return { problem: 'expected a list, got an empty file' };
  if (/^[[{]/.test(text)) return ofJson(text);
  if (text.startsWith('<')) return { problem: 'expected a list as CSV or JSON, got XML or HTML' };
  return ofRows(text.split(/\r\n|\n|\r/, 1)[0] ?? '');
}

/** By the names in the first records. */
function ofJson(text: string): DetectedFormat | Problem {
  const names = new Set([...text.matchAll(/"([^"\\]{1,40})"\s*:/g)].map(([, name]) => name));
  if (names.has('pei')) return { format: 'open5gs', why: `the JSON records have a "pei", as those of Open5GS` };
  if (names.has('match_response_code') || names.has('regex_mode'))
    return { format: 'pyhss', why: 'the JSON records have a "match_response_code", as those of PyHSS' };
  const got = [...names].slice(0, 10).map((name) => `"${name}"`);
  return {
    problem: `expected JSON records with "pei" (Open5GS) or "match_response_code" (PyHSS), got ${got.length === 0 ? 'no record' : got.join(', ')}`,
  };
}

function ofRows(line: string): DetectedFormat | Problem {
  try {
    const first = firstLineOf(1, line, separatorOf(line));
    const places = placesOf(first);
    const names = first.fields.map(plainName);
    if (Object.keys(places).length > 0 || names.includes('match_response_code'))
      return ofHeader(names, places) ?? unknownColumns(first.fields);
    return withoutHeader(first.fields) ?? unknownColumns(first.fields);
  } catch (error) {
    if (error instanceof MalformedFile) return { problem: error.message };
    throw error;
  }
}

const unknownColumns = (fields: readonly string[]): Problem => ({
  problem: `expected a list with a column 'imei' or 'tac', or IMEIs first; got the columns ${namesShown(fields)}; say which column is which`,
});

function ofHeader(names: readonly string[], places: Places): DetectedFormat | Problem | undefined {
  const has = (...columns: readonly (keyof Places)[]) => columns.every((column) => places[column] !== undefined);
  if (names.includes('match_response_code'))
    return { format: 'pyhss-csv', why: "there is a column 'match_response_code', as in the table of PyHSS" };
  if (names.includes('pei') && (has('status') || names.includes('equipment_status')))
    return { format: 'open5gs-csv', why: "there are the columns 'pei' and a status, as in the records of Open5GS" };
  if (has('about')) return { format: 'csv', why: "there is a column 'about', as in our own exports" };
  if (has('tac') && !has('imei')) return ofTacs(names);
  if (!has('imei')) return undefined;
  if (has('imsi', 'reported', 'reason'))
    return {
      format: 'dirbs-notifications',
      why: "there are the columns 'imsi', 'block_date' and 'reasons' of DIRBS notifications",
    };
  if (has('imsi')) return ofPairs(names, places);
  if (names.includes('block_date'))
    return { format: 'dirbs-black-list', why: "there is a column 'block_date' of the DIRBS black list" };
  if (names.includes('reporting_date') && has('status'))
    return {
      format: 'dirbs-stolen',
      why: "there are the columns 'reporting_date' and 'status' of the DIRBS stolen list",
    };
  const isBare = names.every((name) => name === 'imei' || name === 'change_type');
  if (isBare)
    return {
      format: 'dirbs-barred',
      why: "there is a column 'imei' and nothing else but a change, as in the DIRBS barred list",
    };
  return { format: 'csv', why: 'there is a column with IMEIs; other columns are read where their names are known' };
}

/** With other columns it is a list of what was allocated, which nobody may take for a list of what is barred. */
function ofTacs(names: readonly string[]): DetectedFormat | Problem {
  if (names.every((name) => name === 'tac' || name === 'change_type'))
    return { format: 'dirbs-barred-tac', why: "there is a column 'tac', as in the DIRBS list of barred TACs" };
  return {
    problem:
      "expected 'tac' alone or with 'change_type', got other columns beside it, as in the GSMA list of allocated TACs; if they are to be listed, say which column is which",
  };
}

/** An operator's dump has an IMSI beside each IMEI too, and says nothing about what is allowed. */
function ofPairs(names: readonly string[], places: Places): DetectedFormat | Problem {
  if (!names.every((name) => ['imei', 'imsi', 'msisdn', 'change_type'].includes(name)))
    return {
      problem:
        "expected IMEIs, or pairs of 'imei' and 'imsi', got both with other columns; choose 'csv' to list the IMEIs, or say which column is which to make pairs",
    };
  return places.change === undefined
    ? {
        format: 'dirbs-exceptions',
        why: "there are the columns 'imei' and 'imsi' of the DIRBS exceptions (a pairing list is read alike)",
      }
    : {
        format: 'dirbs-pairing',
        why: "there are the columns 'imei', 'imsi' and 'change_type' of the DIRBS pairing list",
      };
}

function withoutHeader(fields: readonly string[]): DetectedFormat | undefined {
  const [first = '', second = '', third = ''] = fields.map((field) => field.trim());
  if (/^\d{8}$/.test(first) && (fields.length === 1 || /^(add|remove)$/i.test(second)))
    return { format: 'dirbs-barred-tac', why: 'there is no header, and a TAC of 8 digits first' };
  if (!beginsWithNumber(first, 'csv')) return undefined;
  if (/^\d{14,15}$/.test(second) && fields.length > 1)
    return { format: 'dirbs-exceptions', why: 'there is no header, and an IMEI and an IMSI first' };
  if (/^20\d{6}$/.test(second) || (second === '' && /^(blacklist|pending)$/i.test(third)))
    return {
      format: 'dirbs-stolen',
      why: 'there is no header, and an IMEI and a date first, as in the DIRBS stolen list',
    };
  if (fields.length === 2 && /^(add|remove)$/i.test(second))
    return {
      format: 'dirbs-barred',
      why: 'there is no header, and an IMEI and a change first, as in the DIRBS barred list',
    };
  return { format: 'csv', why: 'there is no header, and an IMEI first; other columns are not read' };
}
