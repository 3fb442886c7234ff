import { digest } from '#base/crypto/index.ts';
import { IdentityError, Imei } from '#base/identity/index.ts';
import type { Answer, Order, PolicyChange, Report, SentRoots } from '#protocol/imei-lock/index.ts';
import { calendarDate } from '#protocol/secure-channel/index.ts';
import { textOctets } from './person-text.ts';

/** What goes into an answer besides the order. */
export interface AnswerFacts {
  /** Milliseconds since 1970: a UICC has no clock of its own. */
  readonly at: number;
  /** Shown to the person; empty shows nothing. */
  readonly text: string;
  /** Authentications for which permit or track holds; 0: until something changes. */
  readonly validAuthentications?: number;
  readonly policy?: PolicyChange;
  /** Serial number of a certificate that is no longer to be believed. */
  readonly revoked?: Uint8Array;
  /** With `setRoots`: the makers to believe. */
  readonly trust?: SentRoots;
}

const DIGEST_OCTETS = 8;

/** The answer to one report: its nonce and the digest of the IMEI it was judged by, so that it cannot be used for another. */
export function answerTo(report: Report, order: Order, facts: AnswerFacts): Answer {
  const imei = report.provedImei ?? report.claimedImei ?? new Uint8Array(0);
  return {
    ...orderCommand(order, facts),
    nonce: report.nonce,
    imeiDigest: digest('sha256', imei).slice(0, DIGEST_OCTETS),
  };
}

/** A command of its own, for no report in particular: block, stopKeys, unblock, rePair, reportNow, setPolicy, setRoots. */
export function orderCommand(order: Order, facts: AnswerFacts): Answer {
  const { at, text, validAuthentications, policy, revoked, trust } = facts;
  const octets = textOctets(text);
  return {
    version: 'one',
    direction: 'answer',
    order,
    date: calendarDate(at),
    ...(octets && { text: octets }),
    ...(validAuthentications !== undefined && { validAuthentications }),
    ...(policy && { policy }),
    ...(revoked && { revoked }),
    ...(trust && { trust }),
  };
}

/** The IMEI in 8 octets of a report; undefined when they are none (a handset may claim anything). */
export function imeiOf(octets: Uint8Array | undefined): Imei | undefined {
  if (octets === undefined) return undefined;
  try {
    return Imei.fromOctets(octets);
  } catch (error) {
    if (error instanceof IdentityError) return undefined;
    throw error;
  }
}
