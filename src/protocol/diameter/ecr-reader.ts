// The reader of the hot path: the usual ME-Identity-Check-Request, straight from the octets of a chunk. What it takes, the declared grammar
// (command.ts) reads to the same values; whatever is unusual in any way it leaves to the grammar, so it judges nothing.
import { AVP_FLAG, padded } from './avp.ts';
import { LONGEST_IDENTITY } from './avp-type.ts';
import type { Echo } from './eca-writer.ts';
import { type EcrPlaces, EcrShape } from './ecr-shape.ts';
import { FLAG, HEADER_LENGTH, VERSION, viewOf } from './header.ts';

const M = AVP_FLAG.M;
const VM = AVP_FLAG.V | AVP_FLAG.M;
const SHORT = 8;
const LONG = 12;
const MOST_AVPS = 64;
/** Shapes of messages that are remembered, their length, and how many messages that fit none are read before another shape is. */
const SHAPES = 4;
const LONGEST_SHAPE = 1024;
const LEARN_EVERY = 16;

/** Bits of the AVPs that may occur once; those of REQUIRED must. */
const SEEN = {
  SESSION: 1,
  STATE: 2,
  HOST: 4,
  REALM: 8,
  DESTINATION_REALM: 16,
  TERMINAL: 32,
  USER: 64,
  VSAI: 128,
  DESTINATION_HOST: 256,
};
const REQUIRED = 1 | 2 | 4 | 8 | 16 | 32;

// Vendor-Id 10415 and Auth-Application-Id 16777252 (RFC 6733 6.11, TS 29.272 7.1.8), which peers send in either order.
const VENDOR_ID = [0, 0, 0x01, 0x0a, 0x40, 0, 0, 0x0c, 0, 0, 0x28, 0xaf];
const S13_ID = [0, 0, 0x01, 0x02, 0x40, 0, 0, 0x0c, 0x01, 0, 0, 0x24];
// Flags R (P and T may be set), command 324, application 16777252.
const COMMAND_S13 = [0, 0x01, 0x44, 0x01, 0, 0, 0x24];

const ascii = (text: string): readonly number[] => Array.from(text, (character) => character.charCodeAt(0));

function matches(octets: Uint8Array, at: number, expected: readonly number[]): boolean {
  for (let i = 0; i < expected.length; i++) if (octets[at + i] !== expected[i]) return false;
  return true;
}

function isIdentity(octets: Uint8Array, from: number, to: number): boolean {
  if (to === from || to - from > LONGEST_IDENTITY) return false;
  for (let i = from; i < to; i++) {
    const octet = octets[i] as number;
    if (octet < 0x21 || octet > 0x7e) return false;
  }
  return true;
}

function areDigits(octets: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) {
    const octet = octets[i] as number;
    if (octet < 0x30 || octet > 0x39) return false;
  }
  return true;
}

/** The codes of a text that is being made, one array for each length. */
const CODES: readonly number[][] = Array.from({ length: 17 }, (_, length) => Array.from({ length }, () => 0x30));

/** At most 16 digits between two indexes as text, made in one call: a text that grew digit by digit is walked slowly afterwards. */
function textOf(octets: Uint8Array, from: number, to: number): string {
  const codes = CODES[to - from] as number[];
  for (let i = 0; i < codes.length; i++) codes[i] = octets[from + i] as number;
  return String.fromCharCode(...codes);
}

function isAscii(octets: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if ((octets[i] as number) > 0x7f) return false;
  return true;
}

/** Reads usual ECRs. One object is used again and again: after `read` it holds where the parts of that message lie. */
export class EcrReader implements Echo, EcrPlaces {
  octets: Uint8Array = new Uint8Array(0);
  view = viewOf(this.octets);
  sessionStart = 0;
  sessionEnd = 0;
  /** Start and end of each Proxy-Info, without padding. */
  readonly proxyInfo: number[] = [];
  originHostStart = 0;
  originHostEnd = 0;
  imeiStart = 0;
  imeiEnd = 0;
  softwareVersionAt = -1;
  userStart = -1;
  userEnd = -1;
  private seen = 0;
  private readonly shapes: EcrShape[] = [];
  private strangers = 0;
  private readonly destinationHost: readonly number[];
  private readonly destinationRealm: readonly number[];

  /** `originHost` and `originRealm` are this node's: a message to anybody else is unusual. */
  constructor(originHost: string, originRealm: string) {
    this.destinationHost = ascii(originHost);
    this.destinationRealm = ascii(originRealm);
  }

  /** The digits of IMEI, 14 to 16. */
  get imei(): string {
    return textOf(this.octets, this.imeiStart, this.imeiEnd);
  }
  /** The first 14 digits of IMEI as a number. */
  get equipment(): number {
    let number = 0;
    for (let i = this.imeiStart; i < this.imeiStart + 14; i++) number = number * 10 + (this.octets[i] as number) - 0x30;
    return number;
  }
  /** The two digits of Software-Version. */
  get softwareVersion(): string | undefined {
    const at = this.softwareVersionAt;
    return at < 0 ? undefined : textOf(this.octets, at, at + 2);
  }
  /** The digits of User-Name. */
  get imsi(): string | undefined {
    return this.userStart < 0 ? undefined : textOf(this.octets, this.userStart, this.userEnd);
  }

  /** Whether the message between two indexes is a usual ECR. Its length has been checked; `octets` must stay as it is. */
  read(octets: Uint8Array, start: number, end: number): boolean {
    if (this.octets !== octets) {
      this.octets = octets;
      this.view = viewOf(octets);
    }
    this.proxyInfo.length = 0;
    for (let i = 0; i < this.shapes.length; i++) {
      const shape = this.shapes[i] as EcrShape;
      if (shape.fits(this.view, start, end)) return this.place(shape.places, start);
    }
    if (!this.readAvps(start, end)) return false;
    // A relay that brings requests of many shapes must not cost a new one for each.
    if (this.strangers++ % LEARN_EVERY === 0) this.learn(start, end);
    return true;
  }

  /** Takes the places of a message that fits a shape; false when a digit is none. */
  private place(places: Readonly<EcrPlaces>, start: number): boolean {
    const { octets } = this;
    const { softwareVersionAt, userStart } = places;
    this.sessionStart = start + places.sessionStart;
    this.sessionEnd = start + places.sessionEnd;
    this.originHostStart = start + places.originHostStart;
    this.originHostEnd = start + places.originHostEnd;
    this.imeiStart = start + places.imeiStart;
    this.imeiEnd = start + places.imeiEnd;
    this.softwareVersionAt = softwareVersionAt < 0 ? -1 : start + softwareVersionAt;
    this.userStart = userStart < 0 ? -1 : start + userStart;
    this.userEnd = start + places.userEnd;
    return (
      areDigits(octets, this.imeiStart, this.imeiEnd) &&
      (softwareVersionAt < 0 || areDigits(octets, this.softwareVersionAt, this.softwareVersionAt + 2)) &&
      (userStart < 0 || areDigits(octets, this.userStart, this.userEnd))
    );
  }

  /** Remembers the shape of the message that was read; one whose parts are its own each time has none. */
  private learn(start: number, end: number): void {
    if (this.proxyInfo.length > 0 || end - start > LONGEST_SHAPE) return;
    if (this.shapes.length === SHAPES) this.shapes.pop();
    this.shapes.unshift(new EcrShape(this.view, start, end, this));
  }

  private readAvps(start: number, end: number): boolean {
    const { octets } = this;
    const flags = octets[start + 4] as number;
    if (octets[start] !== VERSION || (flags & ~(FLAG.P | FLAG.T)) !== FLAG.R) return false;
    if (!matches(octets, start + 5, COMMAND_S13)) return false;
    this.seen = 0;
    this.softwareVersionAt = -1;
    this.userStart = -1;
    let left = MOST_AVPS;
    for (let at = start + HEADER_LENGTH; at < end; ) {
      if (left-- === 0 || end - at < SHORT || octets[at] !== 0 || octets[at + 1] !== 0 || octets[at + 5] !== 0)
        return false;
      const length = ((octets[at + 6] as number) << 8) | (octets[at + 7] as number);
      if (length < SHORT || length > end - at || !this.avp(at, at + length, at === start + HEADER_LENGTH)) return false;
      at += padded(length);
    }
    return (this.seen & REQUIRED) === REQUIRED;
  }

  /** One AVP of the message, header at `at`, data up to `to`. */
  private avp(at: number, to: number, isFirst: boolean): boolean {
    const { octets } = this;
    const code = ((octets[at + 2] as number) << 8) | (octets[at + 3] as number);
    if (code === 1401) return octets[at + 4] === VM && this.once(SEEN.TERMINAL) && this.terminalInformation(at, to);
    if (octets[at + 4] !== M) return false;
    const data = at + SHORT;
    switch (code) {
      case 263:
        this.sessionStart = at;
        this.sessionEnd = to;
        return isFirst && this.once(SEEN.SESSION) && to > data && isAscii(octets, data, to);
      case 277:
        return this.once(SEEN.STATE) && to - data === 4 && matches(octets, data, [0, 0, 0, 1]);
      case 264:
        this.originHostStart = data;
        this.originHostEnd = to;
        return this.once(SEEN.HOST) && isIdentity(octets, data, to);
      case 296:
        return this.once(SEEN.REALM) && isIdentity(octets, data, to);
      case 283:
        return this.once(SEEN.DESTINATION_REALM) && this.isExactly(data, to, this.destinationRealm);
      case 293:
        return this.once(SEEN.DESTINATION_HOST) && this.isExactly(data, to, this.destinationHost);
      case 1:
        this.userStart = data;
        this.userEnd = to;
        return this.once(SEEN.USER) && to - data >= 6 && to - data <= 15 && areDigits(octets, data, to);
      case 260:
        return this.once(SEEN.VSAI) && this.isS13(data, to);
      case 282:
        return isIdentity(octets, data, to);
      case 284:
        this.proxyInfo.push(at, to);
        return this.isProxyInfo(data, to);
      default:
        return false;
    }
  }

  private once(bit: number): boolean {
    const isNew = (this.seen & bit) === 0;
    this.seen |= bit;
    return isNew;
  }

  private isExactly(from: number, to: number, expected: readonly number[]): boolean {
    return to - from === expected.length && matches(this.octets, from, expected);
  }

  private isS13(from: number, to: number): boolean {
    if (to - from !== VENDOR_ID.length + S13_ID.length) return false;
    const second = from + VENDOR_ID.length;
    const isVendorFirst = matches(this.octets, from, VENDOR_ID) && matches(this.octets, second, S13_ID);
    return isVendorFirst || (matches(this.octets, from, S13_ID) && matches(this.octets, second, VENDOR_ID));
  }

  /** IMEI and, if it is there, Software-Version, each once (TS 29.272 7.3.3). */
  private terminalInformation(start: number, end: number): boolean {
    const { octets } = this;
    if (end - start < LONG || !this.is3gpp(start)) return false;
    let hasImei = false;
    for (let at = start + LONG; at < end; ) {
      const length = ((octets[at + 6] as number) << 8) | (octets[at + 7] as number);
      if (end - at < LONG || octets[at + 5] !== 0 || length < LONG || length > end - at) return false;
      if (octets[at] !== 0 || octets[at + 1] !== 0 || octets[at + 4] !== VM || !this.is3gpp(at)) return false;
      const code = ((octets[at + 2] as number) << 8) | (octets[at + 3] as number);
      const [data, to] = [at + LONG, at + length];
      if (code === 1402 && !hasImei && length >= LONG + 14 && length <= LONG + 16) {
        hasImei = true;
        this.imeiStart = data;
        this.imeiEnd = to;
      } else if (code === 1403 && this.softwareVersionAt < 0 && length === LONG + 2) this.softwareVersionAt = data;
      else return false;
      if (!areDigits(octets, data, to)) return false;
      at += padded(length);
    }
    return hasImei;
  }

  private is3gpp(at: number): boolean {
    const { octets } = this;
    return octets[at + 8] === 0 && octets[at + 9] === 0 && octets[at + 10] === 0x28 && octets[at + 11] === 0xaf;
  }

  /** Proxy-Host and Proxy-State, each once, in either order (RFC 6733 6.7.2). */
  private isProxyInfo(start: number, end: number): boolean {
    const { octets } = this;
    let seen = 0;
    for (let at = start; at < end; ) {
      if (end - at < SHORT || octets[at] !== 0 || octets[at + 1] !== 0 || octets[at + 4] !== M || octets[at + 5] !== 0)
        return false;
      const length = ((octets[at + 6] as number) << 8) | (octets[at + 7] as number);
      if (length < SHORT || length > end - at) return false;
      const code = ((octets[at + 2] as number) << 8) | (octets[at + 3] as number);
      const bit = code === 280 ? 1 : code === 33 ? 2 : 0;
      if (bit === 0 || (seen & bit) !== 0 || (bit === 1 && !isIdentity(octets, at + SHORT, at + length))) return false;
      seen |= bit;
      at += padded(length);
    }
    return seen === 3;
  }
}
