import { type Said, sentences } from '#base/sentence/index.ts';
import type { TraceRecord } from '#base/trace/index.ts';

/** Names of hops that describe; all others are the standards’ own terms. `{carrier}` is the command that carries it, or nothing. */
export const HOP_NAMES = sentences({
  reset: 'reset: ATR',
  noCommand: 'no command',
  noMessage: 'no message',
  proactiveCommand: 'proactive command',
  selectSupport: '{carrier}SELECT storage support',
  uiccCertificate: '{carrier}PSO (UICC certificate)',
  staticKey: '{carrier}INTERNAL AUTHENTICATE (static key)',
  pairingKeys: '{carrier}PUT KEY (pairing keys)',
  certificate: '{carrier}GET DATA (certificate)',
  imei: '{carrier}GET DATA (IMEI)',
  imeiProtected: '{carrier}GET DATA (IMEI, protected)',
  secondImeiProtected: '{carrier}GET DATA (second IMEI, protected)',
  imeiSvProtected: '{carrier}GET DATA (IMEISV, protected)',
  identityProtected: '{carrier}GET DATA (identity, protected)',
  claimedImei: 'PROVIDE LOCAL INFORMATION (imei)',
  report: 'report',
  answerPermit: 'answer: permit',
  answerTrack: 'answer: track',
  answerBlock: 'answer: block',
  answerStopKeys: 'answer: stopKeys',
  answerUnblock: 'answer: unblock',
  answerRePair: 'answer: rePair',
  answerReportNow: 'answer: reportNow',
  answerSetPolicy: 'answer: setPolicy',
  answerSetRoots: 'answer: setRoots',
  proofOfReceipt: 'proof of receipt',
  remoteManagement: 'remote management',
  dropped: 'DROPPED short message',
  replayed: 'REPLAYED short message',
  display: 'display',
  supportAsReported: 'storage support, as reported',
  imeiAsReported: 'IMEI, as reported',
  verdict: 'verdict',
  deliveryReceipt: 'delivery receipt',
});

/** Code of such a name. */
export type HopNameCode = (typeof HOP_NAMES.codes)[number];

const CARRIER = 'PERFORM CARD APDU: ';
const CODES = new Map(
  HOP_NAMES.codes.map((code) => [HOP_NAMES.words({ code, values: { carrier: '' } }), code] as const),
);

/** The name of a hop by its code; undefined when it is a standard’s own term. */
export function hopName({ name }: Pick<TraceRecord, 'name'>): Said<HopNameCode> | undefined {
  const carrier = name.startsWith(CARRIER) ? CARRIER : '';
  const code = CODES.get(name.slice(carrier.length));
  if (code === undefined) return undefined;
  return { code, values: HOP_NAMES.words({ code, values: {} }).includes('{carrier}') ? { carrier } : {} };
}
