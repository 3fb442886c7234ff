import type { OperatorEvent } from './event.ts';

/** How identities are shown to a receiver. */
export const IDENTITIES = ['masked', 'whole'] as const;
/** How identities are shown to a receiver. */
export type IdentityView = (typeof IDENTITIES)[number];

/** Network and last three digits: enough to tell two apart, not to use. */
const maskedImsi = (imsi: string): string =>
  imsi.length < 11 ? `${imsi.slice(0, 3)}…` : `${imsi.slice(0, 5)}…${imsi.slice(-3)}`;
/** The type of the handset and the last two digits. */
const maskedImei = (equipment: string): string => `${equipment.slice(0, 8)}…${equipment.slice(-2)}`;

const iso = (at: number): string => new Date(at).toISOString();
const encoder = new TextEncoder();

/** The body of a test, which is about nobody. */
export const testBody = (at: number): Uint8Array =>
  encoder.encode(JSON.stringify({ type: 'test', timestamp: iso(at), data: {} }));

/** The body of a delivery: `type`, `timestamp` and `data` of Standard Webhooks 1.0.0, and the number of the event. JSON in UTF-8. */
export function bodyOf(event: OperatorEvent, view: IdentityView): Uint8Array {
  const imsi = (digits: string) => (view === 'whole' ? digits : maskedImsi(digits));
  const imei = (equipment: string) => (view === 'whole' ? equipment : maskedImei(equipment));
  const { kind: type, sequence, at } = event;
  return encoder.encode(JSON.stringify({ type, timestamp: iso(at), sequence, data: dataOf(event, imsi, imei) }));
}

function dataOf(event: OperatorEvent, imsi: (digits: string) => string, imei: (equipment: string) => string) {
  if (event.kind === 'imeiChanged') {
    const { from, to, by, level, equipmentStatus } = event;
    return { imsi: imsi(event.imsi), from: imei(from.equipment), to: imei(to.equipment), by, level, equipmentStatus };
  }
  const { cause, subscribers, conflicts, genuine, argument } = event;
  return {
    imei: imei(event.imei.equipment),
    ...{ cause, subscribers, conflicts },
    genuine: genuine === undefined ? undefined : imsi(genuine),
    argument,
  };
}
