import { concat } from '#base/codec/index.ts';
import { echoOf, errorAnswer } from './answer.ts';
import { AnswerCache } from './answer-cache.ts';
import { type Avp, AvpFault, avp, avpHeaderLength, readAvps } from './avp.ts';
import { ECR, type MeIdentityCheckRequest } from './command.ts';
import { COMMAND } from './dictionary.ts';
import { EcaWriter, type Echo, ME_IDENTITY_OUTCOMES, type MeIdentityOutcome } from './eca-writer.ts';
import { EcrReader } from './ecr-reader.ts';
import { FLAG, HEADER_LENGTH, type Header, headerAt, viewOf } from './header.ts';
import { type LocalNode, sameIdentity } from './local-node.ts';
import type { OctetSink } from './octet-sink.ts';
import { RESULT } from './result-code.ts';

/** What an MME or SGSN asks (TS 29.272 6.2.1.1). Digits have been checked. */
export interface MeIdentityCheck {
  /** 14 to 16 digits. */
  readonly imei: string;
  /** Two digits. */
  readonly softwareVersion: string | undefined;
  /** User-Name: 6 to 15 digits. */
  readonly imsi: string | undefined;
  /** Who asks, as the request says: behind a relay another one than the peer of the connection. */
  readonly originHost: string;
}

/** What a peer may do that a standard peer need not. */
export interface S13Peer {
  /** Its DiameterIdentity. */
  readonly originHost: string;
  /** Requests to other hosts and realms are taken too. */
  readonly isLenient: boolean;
}

/** What S13 needs. */
export interface S13Options {
  readonly node: LocalNode;
  /** Answers at once. */
  check(request: MeIdentityCheck, peer: S13Peer): MeIdentityOutcome;
  /** Most AVPs of one message; default 256. */
  readonly mostAvps?: number;
  /** Most answers kept for requests that come again, a power of two; default 65,536. */
  readonly answersKept?: number;
}

/** How many requests came to what. */
export interface S13Counts {
  /** Requests answered from the octets, without the grammar. */
  usual: number;
  /** Requests read by the grammar. */
  unusual: number;
  /** Requests that had been answered before. */
  repeated: number;
  /** Requests refused, of the unusual ones. */
  refused: number;
}

const INDEX = Object.fromEntries(ME_IDENTITY_OUTCOMES.map((outcome, index) => [outcome, index])) as Readonly<
  Record<MeIdentityOutcome, number>
>;
/** Outcomes that hold for a while; the others a repeated request need not get again. */
const LAST_KEPT = INDEX['equipment unknown'];
/** Place of the End-to-End Identifier in a header (RFC 6733 3). */
const END_TO_END = 16;
const DEFAULT_MOST_AVPS = 256;
const MOST_DEPTH = 4;

/** The application S13 and S13' (TS 29.272 6.2): answers ECRs, each once and whole, in the order they come. */
export class S13 {
  readonly counts: S13Counts = { usual: 0, unusual: 0, repeated: 0, refused: 0 };
  private readonly options: S13Options;
  private readonly reader: EcrReader;
  private readonly writer: EcaWriter;
  private readonly cache: AnswerCache;

  constructor(options: S13Options) {
    this.options = options;
    this.reader = new EcrReader(options.node.originHost, options.node.originRealm);
    this.writer = new EcaWriter(options.node);
    this.cache = new AnswerCache(options.answersKept);
  }

  /** Answers a usual ECR; false, with nothing done, for any other message. `now` is seconds since 1970. */
  answerUsual(octets: Uint8Array, start: number, end: number, peer: S13Peer, now: number, sink: OctetSink): boolean {
    const { reader } = this;
    if (!reader.read(octets, start, end)) return false;
    this.counts.usual++;
    const host = this.cache.hostAt(octets, reader.originHostStart, reader.originHostEnd);
    const { equipment } = reader;
    const endToEnd = reader.view.getUint32(start + END_TO_END);
    let outcome = -1;
    if (((octets[start + 4] as number) & FLAG.T) !== 0) outcome = this.cache.find(host, endToEnd, equipment, now);
    if (outcome >= 0) this.counts.repeated++;
    else {
      const { imei, softwareVersion, imsi } = reader;
      outcome = INDEX[this.options.check({ imei, softwareVersion, imsi, originHost: host.text }, peer)];
      if (outcome <= LAST_KEPT) this.cache.keep(host, endToEnd, equipment, now, outcome);
    }
    this.writer.write(sink, reader.view, start, reader, outcome);
    return true;
  }

  /** Answers any request of this application, by the grammar. Its header has been judged. */
  answer(octets: Uint8Array, start: number, end: number, peer: S13Peer, now: number, sink: OctetSink): void {
    this.counts.unusual++;
    const header = headerAt(octets, start);
    const avps: Avp[] = [];
    const budget = { avps: this.options.mostAvps ?? DEFAULT_MOST_AVPS, depth: MOST_DEPTH };
    const fault =
      header.command === COMMAND.ME_IDENTITY_CHECK
        ? readAvps(octets, start + HEADER_LENGTH, end, budget, avps)
        : new AvpFault(RESULT.COMMAND_UNSUPPORTED, undefined, `command ${header.command} is not known in S13`);
    const request = fault ?? ECR.read(avps, budget);
    const refusal = request instanceof AvpFault ? request : this.destinationFault(request, peer);
    if (refusal !== undefined) {
      this.counts.refused++;
      // What the answer repeats has not been read yet.
      if (header.command !== COMMAND.ME_IDENTITY_CHECK) readAvps(octets, start + HEADER_LENGTH, end, budget, avps);
      sink.put(errorAnswer(this.options.node, header, refusal, echoOf(avps)));
    } else if (!(request instanceof AvpFault))
      this.writer.write(sink, viewOf(octets), start, echoFor(avps), this.outcomeOf(request, header, peer, now));
  }

  /** RFC 6733 6.1.4, 6.1.6: what is for others would have to be sent on, and this node sends nothing on. */
  private destinationFault(request: MeIdentityCheckRequest, peer: S13Peer): AvpFault | undefined {
    if (peer.isLenient) return undefined;
    const { originHost, originRealm } = this.options.node;
    const host = request['Destination-Host'];
    if (!sameIdentity(request['Destination-Realm'], originRealm))
      return new AvpFault(RESULT.REALM_NOT_SERVED, undefined, `expected Destination-Realm ${originRealm}`);
    if (host !== undefined && !sameIdentity(host, originHost))
      return new AvpFault(RESULT.UNABLE_TO_DELIVER, undefined, `expected Destination-Host ${originHost}`);
    return undefined;
  }

  private outcomeOf(request: MeIdentityCheckRequest, header: Header, peer: S13Peer, now: number): number {
    const { IMEI: imei, 'Software-Version': softwareVersion } = request['Terminal-Information'];
    const originHost = request['Origin-Host'];
    const octets = Uint8Array.from(originHost, (character) => character.charCodeAt(0));
    const host = this.cache.hostAt(octets, 0, octets.length);
    const equipment = Number(imei.slice(0, 14));
    const before = (header.flags & FLAG.T) === 0 ? -1 : this.cache.find(host, header.endToEnd, equipment, now);
    if (before >= 0) {
      this.counts.repeated++;
      return before;
    }
    const outcome = INDEX[this.options.check({ imei, softwareVersion, imsi: request['User-Name'], originHost }, peer)];
    if (outcome <= LAST_KEPT) this.cache.keep(host, header.endToEnd, equipment, now, outcome);
    return outcome;
  }
}

/** Session-Id and Proxy-Info of a request that the grammar read, as the writer repeats them. */
function echoFor(avps: readonly Avp[]): Echo {
  const { session, proxyInfo } = echoOf(avps);
  const parts = [...(session === undefined ? [] : [session]), ...proxyInfo];
  const encoded = parts.map((part) => avp.encode(part));
  const ends: number[] = [];
  let at = 0;
  for (const [i, { flags, data }] of parts.entries()) {
    ends.push(at, at + avpHeaderLength(flags) + data.length);
    at += (encoded[i] as Uint8Array).length;
  }
  const [sessionStart = 0, sessionEnd = 0, ...rest] = ends;
  return { view: viewOf(concat(...encoded)), sessionStart, sessionEnd, proxyInfo: rest };
}
