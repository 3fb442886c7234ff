/** Header fields by their lower-case name; several fields of one name may come as a list (as node:http2 gives them). */
export type SbiHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** The one value of a field; undefined when it is absent or came several times. */
export function headerValue(headers: SbiHeaders, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : undefined;
}

const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec';
/** Characters of `Mon, 23 Nov 2026 21:36:38.185 GMT`. */
const TIMESTAMP_LENGTH = 33;
const EVERY_SEPARATOR = /^[A-Z][a-z]{2}, .{2} .{3} .{4} .{2}:.{2}:.{2}\..{3} GMT$/;

/** `length` digits as a number; NaN when one of them is none. */
function digits(text: string, from: number, length: number): number {
  let value = 0;
  for (let at = from; at < from + length; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (!(digit >= 0 && digit <= 9)) return Number.NaN;
    value = 10 * value + digit;
  }
  return value;
}

/**
 * Milliseconds since 1970 of a 3gpp-Sbi-Sender-Timestamp, `Day, DD Mon YYYY HH:MM:SS.mmm GMT` (TS 29.500 5.2.3.3.2); undefined for any
 * other text. The name of the day is not compared with the date.
 */
export function parseSenderTimestamp(text: string): number | undefined {
  if (text.length !== TIMESTAMP_LENGTH || !EVERY_SEPARATOR.test(text)) return undefined;
  const [day, year] = [digits(text, 5, 2), digits(text, 12, 4)];
  const [hours, minutes, seconds] = [digits(text, 17, 2), digits(text, 20, 2), digits(text, 23, 2)];
  const milliseconds = digits(text, 26, 3);
  const month = MONTHS.indexOf(text.slice(8, 11));
  // Second 60 is a leap second.
  if (month < 0 || month % 3 !== 0 || !(hours < 24 && minutes < 60 && seconds <= 60)) return undefined;
  const midnight = Date.UTC(year, month / 3, day);
  if (!(day >= 1) || Number.isNaN(midnight) || Number.isNaN(milliseconds)) return undefined;
  // 31 February would be a day of March.
  if (day > 28 && new Date(midnight).getUTCDate() !== day) return undefined;
  return midnight + ((hours * 60 + minutes) * 60 + seconds) * 1000 + milliseconds;
}

/** A whole number of 1 to `most` digits; undefined for any other text. */
function wholeNumber(text: string, most: number): number | undefined {
  if (text.length === 0 || text.length > most) return undefined;
  const value = digits(text, 0, text.length);
  return Number.isNaN(value) ? undefined : value;
}

/** Milliseconds of a 3gpp-Sbi-Max-Rsp-Time: 1 to 5 digits (TS 29.500 5.2.3.3.3); undefined for any other text. */
export function parseMaxRspTime(text: string): number | undefined {
  return wholeNumber(text, 5);
}

/** A 3gpp-Sbi-Message-Priority: 0, the most important, to 31 (TS 29.500 5.2.3.2.2); undefined for any other text. */
export function parseMessagePriority(text: string): number | undefined {
  const value = wholeNumber(text, 2);
  return value !== undefined && value <= 31 && (text.length === 1 || !text.startsWith('0')) ? value : undefined;
}

/** When nobody waits for the answer any more, and how far the sender's clock may be off. */
export interface Patience {
  /** Milliseconds a request is still answered after the sender stopped waiting: for clocks that differ. */
  readonly clockToleranceMs: number;
  /** A sender whose clock differs by more than this has a wrong clock: its requests are answered. Milliseconds. */
  readonly believableMs: number;
}

/** Whether the sender of a request stopped waiting before `nowMs` (TS 29.500 6.11.2). Fields that cannot be read say nothing. */
export function isTooLate(headers: SbiHeaders, nowMs: number, { clockToleranceMs, believableMs }: Patience): boolean {
  const sentText = headerValue(headers, '3gpp-sbi-sender-timestamp');
  const waitsText = headerValue(headers, '3gpp-sbi-max-rsp-time');
  if (sentText === undefined || waitsText === undefined) return false;
  const [sent, waits] = [parseSenderTimestamp(sentText), parseMaxRspTime(waitsText)];
  if (sent === undefined || waits === undefined) return false;
  const ageMs = nowMs - sent;
  return ageMs > waits + clockToleranceMs && ageMs <= believableMs;
}

/** Texts of `accept` that are remembered, and their length: strangers write them. */
const MOST_REMEMBERED = 64;
const LONGEST_REMEMBERED = 256;
const OUR_MEDIA = ['application/json', 'application/*', '*/*'];

/** The quality of a media range's parameters (RFC 9110 12.4.2); 1 when it has none. */
function quality(parameters: readonly string[]): number {
  const weight = parameters.map((text) => text.trim().toLowerCase()).find((text) => text.startsWith('q='));
  const value = weight === undefined ? 1 : Number(weight.slice(2));
  return value >= 0 && value <= 1 ? value : 1;
}

/** Whether an `accept` field admits application/json (RFC 9110 12.5.1): the most specific range that fits decides. */
export function admitsJson(accept: string): boolean {
  let best: { readonly rank: number; readonly isAdmitted: boolean } = { rank: OUR_MEDIA.length, isAdmitted: false };
  for (const range of accept.split(',')) {
    const [media = '', ...parameters] = range.split(';');
    const rank = OUR_MEDIA.indexOf(media.trim().toLowerCase());
    if (rank >= 0 && rank < best.rank) best = { rank, isAdmitted: quality(parameters) > 0 };
  }
  return best.isAdmitted;
}

/** `admitsJson` with a memory: an AMF sends the same text each time. */
export function acceptJudge(): (accept: string) => boolean {
  const remembered = new Map<string, boolean>();
  return (accept) => {
    const known = remembered.get(accept);
    if (known !== undefined) return known;
    const said = admitsJson(accept);
    if (remembered.size < MOST_REMEMBERED && accept.length <= LONGEST_REMEMBERED) remembered.set(accept, said);
    return said;
  };
}

/** Whom a request is about, for a trace: personal data. */
export interface Correlation {
  /** `imsi`, `msisdn`, `imei` and so on. */
  readonly type: string;
  readonly value: string;
}

const MOST_CORRELATIONS = 16;
const LONGEST_CORRELATION = 1024;

/** The items of a 3gpp-Sbi-Correlation-Info, `type-value` with `;` between (TS 29.500 5.2.3.2.15); none for a text that has another form. */
export function parseCorrelationInfo(text: string): readonly Correlation[] {
  if (text.length > LONGEST_CORRELATION) return [];
  const items = text.split(';', MOST_CORRELATIONS + 1).map((item) => /^([a-z]+)-(.+)$/.exec(item.trim()));
  if (items.length > MOST_CORRELATIONS || items.includes(null)) return [];
  return items.flatMap((item) => (item === null ? [] : [{ type: item[1] ?? '', value: item[2] ?? '' }]));
}

/** The NF type a `user-agent` begins with, `AMF` of `AMF-1234`; `other` when there is none. A claim of the peer, good for counters only. */
export function nfTypeOf(userAgent: string | undefined): string {
  return /^([A-Z0-9_]{2,24})(?![A-Za-z0-9_])/.exec(userAgent ?? '')?.[1] ?? 'other';
}
