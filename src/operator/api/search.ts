import { fromHex } from '#base/codec/index.ts';
import { Imei } from '#base/identity/index.ts';
import type { Standing } from '#operator/evidence/index.ts';
import { LISTS } from '#operator/register/index.ts';
import type { Subscriber } from '#operator/subscriber/index.ts';
import type { LookUp } from './look-up.ts';
import type { ApiSources } from './sources.ts';

/** Digits that have to be given at least: fewer would find too many. */
export const FEWEST_DIGITS = 6;
/** Hits of one search at most. */
export const MOST_HITS = 20;

const IMEI_DIGITS = 14;
const TAC_DIGITS = 8;
const SUPPORT_HEX = 16;
/** By what a UICC was found. */
export const MATCHES = ['iccid', 'imsi', 'msisdn', 'support', 'formerSupport', 'imei'] as const;
/** By what a UICC was found. */
export type Match = (typeof MATCHES)[number];

/** What a search found. */
export type Hit =
  | {
      readonly kind: 'uicc';
      readonly match: Match;
      readonly subscriber: Subscriber;
      readonly standing: Standing | undefined;
    }
  | { readonly kind: 'equipment'; readonly imei: Imei; readonly isKnown: boolean };

/** What was written, read as all that it may be. */
export interface ReadQuery {
  /** Digits without what people write between them; undefined when there is anything else. */
  readonly digits: string | undefined;
  /** True when it can only be a telephone number. */
  readonly isInternational: boolean;
  /** Hexadecimal digits. */
  readonly hex: string | undefined;
  /** 15 digits whose last one is not the check digit of an IMEI. */
  readonly isCheckDigitWrong: boolean;
}

/** Reads what somebody wrote or pasted: with spaces, hyphens, dots, brackets, `+`, `imei-`, `imsi-`. */
export function readQuery(written: string): ReadQuery {
  const plain = written.trim().replace(/^(?:imeisv|imei|imsi|msisdn|iccid|tel)[-: ]*/i, '');
  const bare = plain.replaceAll(/[\s.\-()/]/g, '');
  const isInternational = bare.startsWith('+');
  const number = isInternational ? bare.slice(1) : bare;
  const digits = /^\d+$/.test(number) ? number : undefined;
  const hex = !isInternational && /^[0-9A-Fa-f]+$/.test(bare) ? bare.toUpperCase() : undefined;
  const isCheckDigitWrong = digits?.length === 15 && Imei.parse(digits.slice(0, IMEI_DIGITS)).withCheckDigit !== digits;
  return { digits, isInternational, hex, isCheckDigitWrong };
}

/** All that begins with, or is, what was written; each look-up goes along an index. */
export function search(sources: ApiSources, query: ReadQuery, may: LookUp): readonly Hit[] {
  const { digits, hex, isInternational } = query;
  const found: Hit[] = [];
  if (digits !== undefined && digits.length >= FEWEST_DIGITS) {
    if (!isInternational) found.push(...byCard(sources, digits));
    if (may.subscribers !== 'none')
      found.push(...bySubscriber(sources, digits, isInternational, may.subscribers === 'whole'));
    if (!isInternational) found.push(...byImei(sources, digits, may.equipment === 'beginning'));
  }
  if (hex !== undefined && hex.length >= FEWEST_DIGITS && hex.length <= SUPPORT_HEX)
    found.push(...bySupport(sources, hex));
  return found.length === 0 ? unknownImei(query) : once(found).slice(0, MOST_HITS);
}

/** A UICC that is found by two ways is one hit; the first way stands. */
function once(hits: readonly Hit[]): readonly Hit[] {
  const seen = new Map<string, Hit>();
  for (const hit of hits) {
    const key = hit.kind === 'uicc' ? hit.subscriber.iccid.digits : hit.imei.equipment;
    if (!seen.has(key)) seen.set(key, hit);
  }
  return [...seen.values()];
}

const uicc = ({ evidence }: ApiSources, subscriber: Subscriber, match: Match): Hit => ({
  ...{ kind: 'uicc', match, subscriber },
  standing: evidence.standingOf(subscriber.iccid.digits),
});

function standing({ subscribers }: ApiSources, found: Standing, match: Match): readonly Hit[] {
  const subscriber = subscribers.byIccid(found.iccid);
  return subscriber === undefined ? [] : [{ kind: 'uicc', match, subscriber, standing: found }];
}

const byCard = (sources: ApiSources, digits: string): readonly Hit[] =>
  sources.subscribers.beginning('iccid', digits, MOST_HITS).map((one) => uicc(sources, one, 'iccid'));

function bySubscriber(
  sources: ApiSources,
  digits: string,
  isInternational: boolean,
  isByAllDigits: boolean,
): readonly Hit[] {
  const { subscribers } = sources;
  const found = (identity: 'imsi' | 'msisdn', beginning: string) =>
    subscribers
      .beginning(identity, beginning, MOST_HITS)
      .filter((one) => !isByAllDigits || one[identity].digits === beginning)
      .map((one) => uicc(sources, one, identity));
  const numbers = [digits.replace(/^00/, ''), ...(isInternational ? [] : nationalNumbers(sources, digits))];
  const called = numbers.flatMap((one) => (one.length < FEWEST_DIGITS ? [] : found('msisdn', one)));
  return [...(isInternational ? [] : found('imsi', digits)), ...called];
}

/** A national number as it would be written in full: with the first one to three digits of the numbers that this operator has. */
function nationalNumbers({ subscribers }: ApiSources, digits: string): readonly string[] {
  const sample = subscribers.page('', 1)[0]?.msisdn.digits ?? '';
  const national = digits.replace(/^0/, '');
  return [1, 2, 3].map((length) => sample.slice(0, length) + national);
}

function byImei(sources: ApiSources, digits: string, isByAnyDigits: boolean): readonly Hit[] {
  if (digits.length > IMEI_DIGITS + 2) return [];
  const { evidence, register } = sources;
  const prefix = digits.slice(0, isByAnyDigits || digits.length >= IMEI_DIGITS ? IMEI_DIGITS : TAC_DIGITS);
  const [first, last] = [Imei.parse(prefix.padEnd(IMEI_DIGITS, '0')), Imei.parse(prefix.padEnd(IMEI_DIGITS, '9'))];
  const provers = evidence.search.provers(first, last, MOST_HITS).flatMap((one) => standing(sources, one, 'imei'));
  evidence.flush();
  const seen = evidence.search.seenImeis(first, last, MOST_HITS);
  const within = { first: first.number, last: last.number };
  const listed = LISTS.flatMap(
    (list) => register.lists.search.page({ list, ...within }, { above: -1 }, MOST_HITS).entries,
  ).map(({ imei }) => imei);
  const numbers = [...new Set([...seen, ...listed].map(({ number }) => number))].toSorted((a, b) => a - b);
  const known = numbers.map((number): Hit => ({ kind: 'equipment', imei: Imei.fromNumber(number), isKnown: true }));
  return [...known, ...provers];
}

/** An IMEI that nobody was seen with: what the register would say of it can be looked at all the same. */
function unknownImei({ digits, isInternational, isCheckDigitWrong }: ReadQuery): readonly Hit[] {
  const isImei = digits !== undefined && digits.length >= IMEI_DIGITS && digits.length <= IMEI_DIGITS + 2;
  if (!isImei || isInternational || isCheckDigitWrong) return [];
  return [{ kind: 'equipment', imei: Imei.parse(digits.slice(0, IMEI_DIGITS)), isKnown: false }];
}

function bySupport(sources: ApiSources, hex: string): readonly Hit[] {
  const { evidence, subscribers } = sources;

  const bound = (filler: '0' | 'F') => fromHex(hex.padEnd(SUPPORT_HEX, filler));
  const [first, last] = [bound('0'), bound('F')];
  const now = evidence.search.ofSupports(first, last, MOST_HITS).flatMap((one) => standing(sources, one, 'support'));
  const before = evidence.search.metSupports(first, last, MOST_HITS).flatMap((iccid) => {
    const subscriber = subscribers.byIccid(iccid);
    return subscriber === undefined ? [] : [uicc(sources, subscriber, 'formerSupport')];
  });
  return [...now, ...before];
}
