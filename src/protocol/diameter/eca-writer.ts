import { avp, padded } from './avp.ts';
import { ECA, ERROR_ANSWER } from './command.ts';
import { APPLICATION, COMMAND, EQUIPMENT_STATUS, NO_STATE_MAINTAINED, VENDOR_3GPP } from './dictionary.ts';
import { FLAG, HEADER_LENGTH, messageOctets, viewOf } from './header.ts';
import type { LocalNode } from './local-node.ts';
import type { OctetSink } from './octet-sink.ts';
import { EQUIPMENT_UNKNOWN, RESULT } from './result-code.ts';

/** What an ME-Identity-Check comes to, each with one answer (TS 29.272 6.2.1.3, 7.4.3.4; RFC 6733 7.1). */
export const ME_IDENTITY_OUTCOMES = [
  'whitelisted',
  'blacklisted',
  'greylisted',
  'equipment unknown',
  'too busy',
  'unable to comply',
] as const;
/** What an ME-Identity-Check comes to. */
export type MeIdentityOutcome = (typeof ME_IDENTITY_OUTCOMES)[number];

/** The parts of a request that its answer repeats: places in `view`, ends without padding (RFC 6733 6.2). */
export interface Echo {
  readonly view: DataView;
  readonly sessionStart: number;
  readonly sessionEnd: number;
  /** Start and end of each Proxy-Info. */
  readonly proxyInfo: readonly number[];
}

/** The parts of an answer that are the same every time: in the header, and the AVPs behind Session-Id. */
interface Template {
  readonly version: number;
  readonly flagsAndCommand: number;
  readonly application: number;
  readonly tail: DataView;
}

/** Places in a header (RFC 6733 3). */
const PLACE = { version: 0, flags: 4, application: 8, hopByHop: 12, endToEnd: 16 } as const;

const ABSENT_SESSION = avp.encode({ code: 263, flags: 0x40, vendor: 0, data: Uint8Array.of(0x2d) }).length;

function template(node: LocalNode, outcome: MeIdentityOutcome): Template {
  const origin = { 'Session-Id': '-', 'Origin-Host': node.originHost, 'Origin-Realm': node.originRealm };
  const answer = { ...origin, 'Auth-Session-State': NO_STATE_MAINTAINED } as const;
  const success = { ...answer, 'Result-Code': RESULT.SUCCESS };
  const bodies: Readonly<Record<MeIdentityOutcome, () => Uint8Array>> = {
    whitelisted: () => ECA.write({ ...success, 'Equipment-Status': EQUIPMENT_STATUS.WHITELISTED }),
    blacklisted: () => ECA.write({ ...success, 'Equipment-Status': EQUIPMENT_STATUS.BLACKLISTED }),
    greylisted: () => ECA.write({ ...success, 'Equipment-Status': EQUIPMENT_STATUS.GREYLISTED }),
    'equipment unknown': () => {
      const result = { 'Vendor-Id': VENDOR_3GPP, 'Experimental-Result-Code': EQUIPMENT_UNKNOWN };
      return ECA.write({ ...answer, 'Experimental-Result': result });
    },
    'too busy': () => ERROR_ANSWER.write({ ...origin, 'Result-Code': RESULT.TOO_BUSY }),
    'unable to comply': () => ECA.write({ ...answer, 'Result-Code': RESULT.UNABLE_TO_COMPLY }),
  };
  const head = { command: COMMAND.ME_IDENTITY_CHECK, application: APPLICATION.S13, hopByHop: 0, endToEnd: 0 };
  const octets = messageOctets({ ...head, flags: outcome === 'too busy' ? FLAG.E : 0 }, bodies[outcome]());
  const view = viewOf(octets);
  return {
    version: view.getUint8(PLACE.version) << 24,
    flagsAndCommand: view.getUint32(PLACE.flags),
    application: view.getUint32(PLACE.application),
    tail: viewOf(octets.subarray(HEADER_LENGTH + ABSENT_SESSION)),
  };
}

/** Writes ME-Identity-Check-Answers (TS 29.272 7.2.20) from templates made once. */
export class EcaWriter {
  private readonly templates: readonly Template[];

  constructor(node: LocalNode) {
    this.templates = ME_IDENTITY_OUTCOMES.map((outcome) => template(node, outcome));
  }

  /** Appends the answer to the request whose header lies at `start`; `outcome` is an index of ME_IDENTITY_OUTCOMES. */
  write(sink: OctetSink, request: DataView, start: number, echo: Echo, outcome: number): void {
    const { version, flagsAndCommand, application, tail } = this.templates[outcome] as Template;
    const { view, sessionStart, sessionEnd, proxyInfo } = echo;
    let length = HEADER_LENGTH + padded(sessionEnd - sessionStart) + tail.byteLength;
    for (let i = 0; i < proxyInfo.length; i += 2)
      length += padded((proxyInfo[i + 1] as number) - (proxyInfo[i] as number));
    sink.room(length);
    const answer = sink.view;
    const from = sink.length;
    const isProxiable = request.getUint8(start + PLACE.flags) & FLAG.P;
    answer.setUint32(from, version | length);
    answer.setUint32(from + PLACE.flags, flagsAndCommand | (isProxiable << 24));
    answer.setUint32(from + PLACE.application, application);
    answer.setUint32(from + PLACE.hopByHop, request.getUint32(start + PLACE.hopByHop));
    answer.setUint32(from + PLACE.endToEnd, request.getUint32(start + PLACE.endToEnd));
    let at = copied(view, sessionStart, sessionEnd, answer, from + HEADER_LENGTH);
    at = copied(tail, 0, tail.byteLength, answer, at);
    for (let i = 0; i < proxyInfo.length; i += 2)
      at = copied(view, proxyInfo[i] as number, proxyInfo[i + 1] as number, answer, at);
    sink.length = at;
  }
}

/** Copies an AVP and pads it with zeros, whatever its padding was; gives the place behind it. */
function copied(source: DataView, start: number, end: number, target: DataView, at: number): number {
  let from = start;
  let to = at;
  for (; end - from >= 4; from += 4, to += 4) target.setInt32(to, source.getInt32(from));
  if (from === end) return to;
  target.setInt32(to, 0);
  for (let i = 0; from + i < end; i++) target.setUint8(to + i, source.getUint8(from + i));
  return to + 4;
}
