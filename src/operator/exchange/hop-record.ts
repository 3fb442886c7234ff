import { NO_OCTETS } from '#base/codec/index.ts';
import type { Imei } from '#base/identity/index.ts';
import type { TraceRecord } from '#base/trace/index.ts';
import { HOP_DETAILS } from '#protocol/exchange/index.ts';
import type { Report } from '#protocol/imei-lock/index.ts';

/** A hop without when and whose. */
export type BareHop = Omit<TraceRecord, 'at' | 'handset'>;
type SaidDetail = ReturnType<typeof HOP_DETAILS.say>;

/** A detail by its code, and in words. */
export const detailOf = (said: SaidDetail) => ({ detail: HOP_DETAILS.words(said), said });

/** Clauses of SMPP 3.4 by command. */
const SMPP_CLAUSES: Readonly<Record<string, string>> = {
  submit_sm: 'SMPP 3.4 4.4.1',
  submit_sm_resp: 'SMPP 3.4 4.4.2',
  deliver_sm: 'SMPP 3.4 4.6.1',
  deliver_sm_resp: 'SMPP 3.4 4.6.2',
};

/** A PDU between service centre and operator. */
export function pduHop(command: string, octets: Uint8Array, direction: 'in' | 'out', said?: SaidDetail): BareHop {
  const clause = SMPP_CLAUSES[command];
  return {
    ...(direction === 'in'
      ? ({ from: 'SMSC', to: 'operator (5)' } as const)
      : ({ from: 'operator (5)', to: 'SMSC' } as const)),
    ...{ protocol: 'smpp', octets, name: command },
    ...(clause !== undefined && { clause }),
    ...(said && detailOf(said)),
  };
}

/** A secured packet that came: a report (103) or a proof of receipt (104). */
export const packetInHop = (name: 'report' | 'proof of receipt', octets: Uint8Array, said?: SaidDetail): BareHop => ({
  ...{ from: 'UICC (31)', to: 'operator (5)', protocol: 'ota', octets, name, clause: 'TS 102 225 5' },
  step: name === 'report' ? 103 : 104,
  ...(said && detailOf(said)),
});

const CLAUSE_OF_PROOF = {
  scp11a: 'GPC 2.3.1 Amendment F',
  scp03: 'GPC 2.3.1 Amendment D',
  static: 'docs/protocol.md',
} as const;

function supportSaid({ result, reason, evidence = 'static' }: Report): SaidDetail {
  switch (result) {
    case 'proved':
      return HOP_DETAILS.say('supportProved', { evidence });
    case 'provedOther':
      return HOP_DETAILS.say('otherSupportProved', { evidence });
    case 'notProven':
      return HOP_DETAILS.say('supportNotProved', { proofReason: reason });
    case 'refuted':
      return HOP_DETAILS.say('supportRefuted', { proofReason: reason });
  }
}

/** Steps 101 and 102 as far as a report tells of them: in the UICC, where the operator saw nothing. */
export function reportedHops(report: Report): readonly BareHop[] {
  const inside = { from: 'UICC (31)', to: 'UICC (31)', protocol: 'local' } as const;
  const { evidence, support, provedImei } = report;
  const hops: BareHop[] = [
    {
      ...inside,
      ...{ octets: support ?? NO_OCTETS, name: 'storage support, as reported', step: 101 },
      ...(evidence && { clause: CLAUSE_OF_PROOF[evidence] }),
      ...detailOf(supportSaid(report)),
    },
  ];
  if (provedImei !== undefined)
    hops.push({
      ...inside,
      ...{ octets: provedImei, name: 'IMEI, as reported', step: 102, clause: 'TS 24.008 10.5.1.4' },
      ...detailOf(HOP_DETAILS.say('provedImei')),
    });
  return hops;
}

/** The register is asked about an IMEI: by the network, or by the operator about a report. */
export const questionHop = (from: 'network' | 'operator (5)', imei: Imei): BareHop => ({
  ...{
    from,
    to: 'register (7)',
    protocol: 'local',
    octets: imei.toOctets(),
    name: 'CHECK IMEI',
    clause: 'TS 22.016 5',
  },
});

/** What the register says. */
export const verdictHop = (
  to: 'network' | 'operator (5)',
  status: 'permitted' | 'tracking' | 'prohibited',
): BareHop => ({
  ...{ from: 'register (7)', to, protocol: 'local', octets: NO_OCTETS, name: 'verdict', clause: 'TS 29.511' },
  ...detailOf(HOP_DETAILS.say(status)),
});

/** A packet to a UICC: an order to its lock, or a script of remote management. */
export const packetOutHop = (order: string, isScript: boolean, octets: Uint8Array): BareHop => ({
  ...{ from: 'operator (5)', to: 'UICC (31)', protocol: 'ota', octets, step: 104, clause: 'TS 102 225 5' },
  name: isScript ? 'remote management' : `answer: ${order}`,
});
