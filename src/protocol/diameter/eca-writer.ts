import { avp, padded } from './avp.ts';
import { ECA, ERROR_ANSWER } from './command.ts';
import { APPLICATION, COMMAND, EQUIPMENT_STATUS, NO_STATE_MAINTAINED, VENDOR_3GPP } from './dictionary.ts';
import { FLAG, HEADER_LENGTH, messageOctets } from './header.ts';
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

/** The parts of a request that its answer repeats: indexes into `octets`, ends without padding (RFC 6733 6.2). */
export interface Echo {
  readonly octets: Uint8Array;
  readonly sessionStart: number;
  readonly sessionEnd: number;
  /** Start and end of each Proxy-Info. */
  readonly proxyInfo: readonly number[];
}

/** The part of an answer that is the same every time: header with the ids of nobody, and the AVPs behind Session-Id. */
interface Template {
  readonly header: Uint8Array;
  readonly tail: Uint8Array;
}

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
  return { header: octets.slice(0, HEADER_LENGTH), tail: octets.slice(HEADER_LENGTH + ABSENT_SESSION) };
}

/** Writes ME-Identity-Check-Answers (TS 29.272 7.2.20) from templates made once. */
export class EcaWriter {
  private readonly templates: readonly Template[];

  constructor(node: LocalNode) {
    this.templates = ME_IDENTITY_OUTCOMES.map((outcome) => template(node, outcome));
  }

  /** Appends the answer to the request whose header lies at `start`; `outcome` is an index of ME_IDENTITY_OUTCOMES. */
  write(sink: OctetSink, request: Uint8Array, start: number, echo: Echo, outcome: number): void {
    const { header, tail } = this.templates[outcome] as Template;
    const { proxyInfo } = echo;
    let length = HEADER_LENGTH + padded(echo.sessionEnd - echo.sessionStart) + tail.length;
    for (let i = 0; i < proxyInfo.length; i += 2)
      length += padded((proxyInfo[i + 1] as number) - (proxyInfo[i] as number));
    sink.room(length);
    const { octets } = sink;
    const from = sink.length;
    for (let i = 0; i < 12; i++) octets[from + i] = header[i] as number;
    for (let i = 12; i < HEADER_LENGTH; i++) octets[from + i] = request[start + i] as number; // the two identifiers
    octets[from + 1] = length >> 16;
    octets[from + 2] = length >> 8;
    octets[from + 3] = length;
    octets[from + 4] = (header[4] as number) | ((request[start + 4] as number) & FLAG.P);
    let at = copied(echo.octets, echo.sessionStart, echo.sessionEnd, octets, from + HEADER_LENGTH);
    octets.set(tail, at);
    at += tail.length;
    for (let i = 0; i < proxyInfo.length; i += 2)
      at = copied(echo.octets, proxyInfo[i] as number, proxyInfo[i + 1] as number, octets, at);
    sink.length = at;
  }
}

/** Copies an AVP and pads it with zeros, whatever its padding was; gives the index behind it. */
function copied(source: Uint8Array, start: number, end: number, target: Uint8Array, at: number): number {
  let to = at;
  for (let i = start; i < end; i++) target[to++] = source[i] as number;
  const last = at + padded(end - start);
  while (to < last) target[to++] = 0;
  return last;
}
