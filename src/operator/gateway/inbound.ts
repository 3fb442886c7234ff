import { CodecError, sameOctets } from '#base/codec/index.ts';
import type { Clock } from '#base/port/index.ts';
import type { Subscriber, Subscribers } from '#operator/subscriber/index.ts';
import {
  type Acknowledgement,
  acknowledgement,
  IMEI_LOCK_TAR,
  OTA_KEY_SET,
  type Report,
  report,
} from '#protocol/imei-lock/index.ts';
import {
  compactResponse,
  decodeResponseHeader,
  MINIMUM_SECURITY_LEVEL,
  type OpenedResponse,
  openCommand,
  openResponse,
  POR_STATUS,
  PROOF_BY_SUBMIT,
  type SecuredPacket,
  securedPacketOf,
} from '#protocol/ota/index.ts';
import { LONGEST_USER_DATA, NO_OPEN_MESSAGES, ofOctets, type Reassembly, reassemble } from '#protocol/sms/index.ts';
import { type RateLimit, RateLimiter } from './rate-limit.ts';

/** Why a message was put aside; each is counted, none is answered. */
export type Ignored =
  | 'too many messages'
  | 'unknown sender'
  | 'not a secured packet'
  | 'malformed'
  | 'waits for segments'
  | 'not authentic';

/** A message as far as it can be taken without changing anything. */
export type Received =
  | { readonly kind: 'ignored'; readonly why: Ignored; readonly subscriber?: undefined }
  /** A part of a packet: it says nothing yet. */
  | { readonly kind: 'ignored'; readonly why: 'waits for segments'; readonly subscriber: Subscriber }
  | { readonly kind: 'packet'; readonly subscriber: Subscriber; readonly packet: SecuredPacket };

/** Senders with a message begun. */
const MOST_SENDERS = 10_000;

/** From the user data of a short message to a packet of a known UICC: rate limit, look-up, reassembly. No key is touched. */
export class Inbox {
  readonly #subscribers: Subscribers;
  readonly #clock: Clock;
  readonly #limiter: RateLimiter;
  readonly #open = new Map<string, Reassembly>();

  constructor(subscribers: Subscribers, clock: Clock, limit: RateLimit) {
    this.#subscribers = subscribers;
    this.#clock = clock;
    this.#limiter = new RateLimiter(limit);
  }

  take(source: string, userData: Uint8Array): Received {
    const now = this.#clock.now();
    if (!this.#limiter.allows(source, now)) return ignored('too many messages');
    const subscriber = this.#subscribers.byMsisdn(source);
    if (subscriber === undefined) return ignored('unknown sender');
    if (userData.length > LONGEST_USER_DATA) return ignored('malformed');
    try {
      const packet = this.#packet(source, now, userData);
      if (packet === undefined) return ignored('not a secured packet');
      if (packet === 'waits') return { kind: 'ignored', why: 'waits for segments', subscriber };
      return { kind: 'packet', subscriber, packet };
    } catch (error) {
      if (error instanceof CodecError) return ignored('malformed');
      throw error;
    }
  }

  #packet(sender: string, nowMs: number, octets: Uint8Array): SecuredPacket | 'waits' | undefined {
    const before = this.#open.get(sender) ?? NO_OPEN_MESSAGES;
    const { state, outcome } = reassemble(before, { sender, nowMs, userData: ofOctets(octets, true) });
    if (state.length === 0) this.#open.delete(sender);
    else {
      if (this.#open.size >= MOST_SENDERS && !this.#open.has(sender)) this.#open.clear();
      this.#open.set(sender, state);
    }
    return outcome.kind === 'complete' ? securedPacketOf(outcome) : 'waits';
  }
}

const ignored = (why: Ignored): Received => ({ kind: 'ignored', why });

/** A report packet, opened. `replayed`: the keys are right and the counter is not new. */
export type OpenedReport =
  | { readonly kind: 'report'; readonly counter: number; readonly report: Report; readonly octets: Uint8Array }
  | { readonly kind: 'unreadable'; readonly counter: number; readonly problem: string }
  | { readonly kind: 'replayed'; readonly counter: number }
  | { readonly kind: 'not authentic' };

/** Opens a report under the UICC's report keys; an authentic one has its counter taken: call it inside the transaction. Throws CodecError. */
export function openReport(packet: Uint8Array, subscriber: Subscriber, subscribers: Subscribers): OpenedReport {
  const { iccid } = subscriber;
  const opened = openCommand(packet, {
    keys: (keySet) => (keySet === OTA_KEY_SET.report ? subscribers.otaKeys(iccid, 'report') : undefined),
    minimumLevel: (tar) => (tar.every((octet, at) => octet === IMEI_LOCK_TAR[at]) ? MINIMUM_SECURITY_LEVEL : undefined),
    counters: {
      last: () => subscribers.lastReportCounter(iccid),
      store: (_keySet, counter) => {
        subscribers.acceptReportCounter(iccid, counter);
      },
    },
  });
  if (opened.kind === 'refused') {
    if (!opened.authentic) return { kind: 'not authentic' };
    if (opened.status === POR_STATUS.counterLow) return { kind: 'replayed', counter: opened.counter };
    return { kind: 'unreadable', counter: opened.counter, problem: `refused with status ${opened.status}` };
  }
  const { counter, data } = opened;
  try {
    return { kind: 'report', counter, report: report.decode(data), octets: data.slice() };
  } catch (error) {
    if (error instanceof CodecError) return { kind: 'unreadable', counter, problem: error.message };
    throw error;
  }
}

/** A proof of receipt, opened. Only `authentic` says anything. */
export interface OpenedProof {
  readonly counter: number;
  readonly status: number;
  /** What the UICC made of the order; undefined when it was refused or cannot be read. */
  readonly acknowledgement: Acknowledgement | undefined;
}

/** A proof of receipt of remote management, opened. */
export interface ScriptProof {
  readonly counter: number;
  readonly status: number;
  readonly response: Uint8Array;
  /** The key set under which it is authentic: the UICC held it when it wrote this. */
  readonly generation: number;
}

/** Opens a proof of receipt under the sets that the UICC may hold; undefined when it is of the IMEI lock, or not authentic. Throws CodecError. */
export function openScriptProof(
  packet: Uint8Array,
  subscriber: Subscriber,
  subscribers: Subscribers,
): ScriptProof | undefined {
  const { tar } = decodeResponseHeader(packet);
  if (sameOctets(tar, IMEI_LOCK_TAR) || !subscriber.isManaged) return undefined;
  for (const set of subscribers.packetKeys.candidates(subscriber.iccid)) {
    if (set === undefined) continue;
    const opened = openResponse(packet, { tar, proof: PROOF_BY_SUBMIT }, set.keys);
    if (opened.kind !== 'authentic') continue;
    const { counter, status, data } = opened;
    return { counter, status, response: data.slice(), generation: set.generation };
  }
  return undefined;
}

/** Opens a proof of receipt under the UICC's answer keys; undefined when it is not authentic. Throws CodecError. */
export function openProof(
  packet: Uint8Array,
  subscriber: Subscriber,
  subscribers: Subscribers,
): OpenedProof | undefined {
  const expected = { tar: IMEI_LOCK_TAR, proof: PROOF_BY_SUBMIT };
  const opened: OpenedResponse = openResponse(packet, expected, subscribers.otaKeys(subscriber.iccid, 'answer'));
  if (opened.kind !== 'authentic') return undefined;
  const { counter, status, data } = opened;
  return { counter, status, acknowledgement: status === POR_STATUS.ok ? acknowledgementOf(data) : undefined };
}

function acknowledgementOf(data: Uint8Array): Acknowledgement | undefined {
  try {
    return acknowledgement.decode(compactResponse.decode(data).data);
  } catch (error) {
    if (error instanceof CodecError) return undefined;
    throw error;
  }
}
