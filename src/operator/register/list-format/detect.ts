import { MalformedFile, separatorOf } from '../csv.ts';
import { type FileRefusal, fileProblem } from '../file-problem.ts';
import { FORMAT_GUESSES, type FormatGuess } from './format-guess.ts';
import { beginsWithNumber, firstLineOf, namesShown, placesOf, plainName } from './header.ts';
import type { ListFormat } from './read.ts';
import type { Places } from './row-layout.ts';

/** Octets from the start of a file that are enough to tell its format. */
export const DETECT_OCTETS = 8192;

/** The format of a file and why it is that. */
export interface DetectedFormat {
  readonly format: ListFormat;
  readonly why: FormatGuess;
}

/** First octets of files that are no lists. */
const FOREIGN: readonly (readonly [readonly number[], 'zip' | 'gzip' | 'spreadsheet' | 'pdf' | 'utf16'])[] = [
  [[0x50, 0x4b, 0x03, 0x04], 'zip'],
  [[0x1f, 0x8b], 'gzip'],
  [[0xd0, 0xcf, 0x11, 0xe0], 'spreadsheet'],
  [[0x25, 0x50, 0x44, 0x46], 'pdf'],
  [[0xff, 0xfe], 'utf16'],
  [[0xfe, 0xff], 'utf16'],
];

const guess = (format: ListFormat, why: (typeof FORMAT_GUESSES.codes)[number]): DetectedFormat => ({
  format,
  why: FORMAT_GUESSES.say(why),
});

/**
 * The format of a file by its first octets (DETECT_OCTETS of them, or all), or why it is none. It reads the header or the first record only;
 * whether the file is right, reading it shows.
 */
export function detectFormat(firstOctets: Uint8Array): DetectedFormat | FileRefusal {
  const octets = firstOctets.subarray(0, DETECT_OCTETS);
  const foreign = FOREIGN.find(([magic]) => magic.every((octet, at) => octets[at] === octet));
  if (foreign !== undefined) return { said: fileProblem(foreign[1]) };
  if (octets.includes(0)) return { said: fileProblem('zeros') };
  // Without `fatal`: the last character may be cut. A byte order mark is dropped.
  const text = new TextDecoder().decode(octets).trimStart();
  if (text === '') return { said: fileProblem('empty') };
  if (/^[[{]/.test(text)) return ofJson(text);
  if (text.startsWith('<')) return { said: fileProblem('markup') };
  return ofRows(text.split(/\r\n|\n|\r/, 1)[0] ?? '');
}

/** By the names in the first records. */
function ofJson(text: string): DetectedFormat | FileRefusal {
  const names = new Set([...text.matchAll(/"([^"\\]{1,40})"\s*:/g)].map(([, name]) => name));
  if (names.has('pei')) return guess('open5gs', 'pei');
  if (names.has('match_response_code') || names.has('regex_mode')) return guess('pyhss', 'responseCode');
  const got = [...names].slice(0, 10).map((name) => `"${name}"`);
  return {
    said: got.length === 0 ? fileProblem('recordsNone') : fileProblem('recordsUnknown', { names: got.join(', ') }),
  };
}

function ofRows(line: string): DetectedFormat | FileRefusal {
  try {
    const first = firstLineOf(1, line, separatorOf(line));
    const places = placesOf(first);
    const names = first.fields.map(plainName);
    if (Object.keys(places).length > 0 || names.includes('match_response_code'))
      return ofHeader(names, places) ?? unknownColumns(first.fields);
    return withoutHeader(first.fields) ?? unknownColumns(first.fields);
  } catch (error) {
    if (error instanceof MalformedFile) return error.refusal;
    throw error;
  }
}

const unknownColumns = (fields: readonly string[]): FileRefusal => ({
  said: fileProblem('columnsUnknown', { columns: namesShown(fields) }),
});

function ofHeader(names: readonly string[], places: Places): DetectedFormat | FileRefusal | undefined {
  const has = (...columns: readonly (keyof Places)[]) => columns.every((column) => places[column] !== undefined);
  if (names.includes('match_response_code')) return guess('pyhss-csv', 'responseCodeColumn');
  if (names.includes('pei') && (has('status') || names.includes('equipment_status')))
    return guess('open5gs-csv', 'peiColumn');
  if (has('about')) return guess('csv', 'aboutColumn');
  if (has('tac') && !has('imei')) return ofTacs(names);
  if (!has('imei')) return undefined;
  if (has('imsi', 'reported', 'reason')) return guess('dirbs-notifications', 'notifications');
  if (has('imsi')) return ofPairs(names, places);
  if (names.includes('block_date')) return guess('dirbs-black-list', 'blackList');
  if (names.includes('reporting_date') && has('status')) return guess('dirbs-stolen', 'stolenList');
  const isBare = names.every((name) => name === 'imei' || name === 'change_type');
  if (isBare) return guess('dirbs-barred', 'barredList');
  return guess('csv', 'imeiColumn');
}

/** With other columns it is a list of what was allocated, which nobody may take for a list of what is barred. */
function ofTacs(names: readonly string[]): DetectedFormat | FileRefusal {
  if (names.every((name) => name === 'tac' || name === 'change_type')) return guess('dirbs-barred-tac', 'tacColumn');
  return { said: fileProblem('tacsBesideOthers') };
}

/** An operator's dump has an IMSI beside each IMEI too, and says nothing about what is allowed. */
function ofPairs(names: readonly string[], places: Places): DetectedFormat | FileRefusal {
  if (!names.every((name) => ['imei', 'imsi', 'msisdn', 'change_type'].includes(name)))
    return { said: fileProblem('pairsBesideOthers') };
  return places.change === undefined ? guess('dirbs-exceptions', 'exceptions') : guess('dirbs-pairing', 'pairing');
}

function withoutHeader(fields: readonly string[]): DetectedFormat | undefined {
  const [first = '', second = '', third = ''] = fields.map((field) => field.trim());
  if (/^\d{8}$/.test(first) && (fields.length === 1 || /^(add|remove)$/i.test(second)))
    return guess('dirbs-barred-tac', 'tacFirst');
  if (!beginsWithNumber(first, 'csv')) return undefined;
  if (/^\d{14,15}$/.test(second) && fields.length > 1) return guess('dirbs-exceptions', 'pairFirst');
  if (/^20\d{6}$/.test(second) || (second === '' && /^(blacklist|pending)$/i.test(third)))
    return guess('dirbs-stolen', 'dateSecond');
  if (fields.length === 2 && /^(add|remove)$/i.test(second)) return guess('dirbs-barred', 'changeSecond');
  return guess('csv', 'imeiFirst');
}
