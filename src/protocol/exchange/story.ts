import type { TraceRecord } from '#base/trace/index.ts';
import { uiccHop } from './apdu-name.ts';

/** Messages that carry others, and housekeeping: a short ladder leaves them out. */
const CARRIERS: ReadonlySet<string> = new Set([
  'CP-DATA',
  'CP-ACK',
  'CM SERVICE REQUEST',
  'CM SERVICE ACCEPT',
  'CALL PROCEEDING',
  'CONNECT ACKNOWLEDGE',
  'RELEASE',
  'RELEASE COMPLETE',
  'SEND AUTHENTICATION INFO',
  'MO FORWARD SHORT MESSAGE',
  'IMSI DETACH INDICATION',
  'enquire_link',
]);

/** True for the hops that tell the story: proofs, packets, decisions, refusals; not the files a handset reads at each power-on. */
export function tellsTheStory(record: TraceRecord): boolean {
  if (record.protocol === 'atr' || CARRIERS.has(record.name) || record.name.endsWith('_resp')) return false;
  if (record.protocol !== 'apdu' || record.from === 'storage support (2)' || record.to === 'storage support (2)')
    return true;
  return uiccHop(record.octets, record.response ?? record.octets).isRoutine !== true;
}
