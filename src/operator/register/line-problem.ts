import { type Said, sentences } from '#base/sentence/index.ts';

const AS_TEXT = 'format the column as text and export again';

/** What can be wrong with one line of a list file: what was expected, what came, what to do. The codes are for programs and do not change. */
export const LINE_PROBLEMS = sentences({
  // RFC 4180
  lineLong: 'expected at most {most} characters',
  fieldsMany: 'expected at most {most} fields',
  quoteOpen: 'expected a closing quote for the one at character {at}',
  quoteFollowed: "expected '{separator}' or the end after the quote closed at character {at}",
  // TS 23.003 6.2: IMEI
  imeiMissing: 'expected an IMEI, got nothing',
  imeiRounded: `expected 14 to 16 digits, got a number a spreadsheet rounded; ${AS_TEXT}`,
  imeiHexadecimal: 'expected decimal digits, got a MEID (hexadecimal); this list holds IMEIs only',
  imeiSign: "expected 14 to 16 digits, got '{sign}' at place {place}",
  imeiShort: `expected 14 to 16 digits, got {count}; leading zeros lost? ${AS_TEXT}`,
  imeiLength: 'expected 14 to 16 digits, got {count}',
  checkDigit: 'expected check digit {expected} (or 0, spare), got {got}; look for a mistyped digit',
  checkDigitAfterZeros:
    'expected check digit {expected} after the leading zeros were put back, got {got}; look for a mistyped digit',
  rangeBackwards: 'expected one not below the first, got a lower one; exchange them',
  // TAC, IMSI, MSISDN
  tacMissing: 'expected a TAC of 8 digits, got nothing',
  tacShort: `expected a TAC of 8 digits, got {count} digits; leading zeros lost? ${AS_TEXT}`,
  tacLength: 'expected a TAC of 8 digits, got {count} digits',
  tacSign: "expected a TAC of 8 digits, got '{sign}' at place {place}",
  imsiMissing: 'expected an IMSI of 6 to 15 digits, got nothing',
  imsiLength: 'expected an IMSI of 6 to 15 digits, got {count} digits',
  imsiSign: "expected an IMSI of 6 to 15 digits, got '{sign}' at place {place}",
  imsisBackwards: 'expected as many digits as the first IMSI has, and not below it',
  msisdnLength: 'expected an MSISDN of 3 to 15 digits, or nothing; got {count} digits',
  msisdnSign: "expected an MSISDN of 3 to 15 digits, or nothing; got '{sign}' at place {place}",
  // Words of a row
  aboutUnknown: "expected {words} or nothing, got '{got}'",
  changeUnknown: "expected add, remove or update, got '{got}'",
  listUnknown: "expected black, grey or white, got '{got}'",
  dateUnknown: "expected a date {pattern} from 2000 on, or nothing; got '{got}'",
  dayUnknown: "expected a date YYYYMMDD or YYYY-MM-DD from 2000 on, or nothing; got '{got}'",
  momentUnknown: "expected a date YYYY-MM-DDThh:mm:ssZ, or nothing; got '{got}'",
  // Records of other registers
  textIsNumber: 'expected text in quotes, got a number, which loses leading zeros',
  textIsOther: 'expected text in quotes, got a {type}',
  statusUnknown: "expected {words}, got '{got}'",
  statusMissing: 'expected {words}, got nothing of the kind',
  gpsiAlone: 'expected a supi for it, got none; pairs are by IMSI here',
  pairNotPermitted:
    'expected permitted (white) for a handset with one subscriber, got {list}; list the handset, and allow the pairs that are right',
  codeUnknown: 'expected 0 (white), 1 (black) or 2 (grey), got something else',
  modeUnknown: 'expected 0 (exact) or 1 (pattern), got something else',
  // Patterns of PyHSS
  patternLong: 'expected a pattern of at most {most} characters',
  patternNoPrefix:
    'expected a prefix, got a pattern that is no plain prefix; write it as prefixes (^35342009), TACs or ranges',
  patternFalling: "expected a rising class of digits, got '{got}'",
  patternGaps: "expected neighbouring digits in '{got}'; write a pattern for each",
  patternCount: "expected a rising number of digits, got '{got}'",
  patternForAll: 'expected a prefix of at least {least} digits, got {count}: it matches all handsets',
  patternNoImei: 'expected a pattern for 14 to 16 digits, got one that matches no IMEI',
  patternLateClass: 'expected at most 14 digits before a class of digits',
  patternNoImsi: 'expected a pattern for 15 digits; give a shorter IMSI without a pattern (regex_mode 0)',
  // RFC 8259
  recordDeep: 'expected at most {most} braces within one another',
  recordQuote: 'expected a closing quote on the same line',
  recordLong: 'expected at most {most} octets',
  recordUnreadable:
    'expected a record in JSON, got something that cannot be read; look for a missing quote, comma or brace',
  recordNoObject: 'expected a record in braces',
  // The import
  rulesMany: 'expected at most {most} lines about ranges and pairs',
  // The table of allocated TACs
  tacValue: "expected a TAC of 8 digits, got '{got}'",
});

/** What can be wrong with one line. */
export type LineProblemCode = (typeof LINE_PROBLEMS.codes)[number];
/** What is wrong with one line, as it is said. */
export type LineProblem = Said<LineProblemCode>;
/** Says what is wrong with one line. */
export const lineProblem: typeof LINE_PROBLEMS.say = LINE_PROBLEMS.say;

/** What is wrong with a value, and in which column (or member of a record) it stands, where it has one. */
export interface Problem {
  readonly problem: LineProblem;
  readonly column?: string;
}

/** The same in English, the column first. */
export const problemWords = ({ problem, column }: Problem): string =>
  `${column === undefined ? '' : `${column}: `}${LINE_PROBLEMS.words(problem)}`;

/** The same of a value that stands in this column. */
export const inColumn = (column: string, { problem }: Problem): Problem => ({ problem, column });
