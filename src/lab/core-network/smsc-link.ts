import type { Imsi, Msisdn } from '#base/identity/index.ts';
import type { Smsc, Verdict } from '#lab/smsc/index.ts';
import type { Delivery, ShortMessages, ShortMessagesNow } from './ports.ts';

/** RP cause "unidentified subscriber" (TS 24.011 8.2.5.4). */
const UNIDENTIFIED_SUBSCRIBER = 0x1c;
/** RP cause of a handset that is busy or full: it may take the message later (TS 24.011 8.2.5.4). */
const MEMORY_EXCEEDED = 0x16;

/** The lab's SMSC as a network's way to the service centre. `msisdnOf` gives a subscriber's number, as a home network would. */
export function viaSmsc(
  smsc: Pick<Smsc, 'attach' | 'submit'>,
  msisdnOf: (imsi: Imsi) => Msisdn | undefined,
): ShortMessages & ShortMessagesNow {
  const leave = new Map<string, () => void>();
  return {
    submit(from, tpdu) {
      const number = msisdnOf(from);
      return number === undefined ? { accepted: false, cause: UNIDENTIFIED_SUBSCRIBER } : smsc.submit(number, tpdu);
    },
    attached(imsi, deliver) {
      const number = msisdnOf(imsi);
      if (number === undefined) return;
      const receive = (tpdu: Uint8Array) =>
        new Promise<Verdict>((resolve) => deliver(tpdu, (delivery) => resolve(verdictOf(delivery))));
      leave.set(imsi.digits, smsc.attach(number, receive));
    },
    detached(imsi) {
      leave.get(imsi.digits)?.();
      leave.delete(imsi.digits);
    },
  };
}

function verdictOf(delivery: Delivery): Verdict {
  if (delivery.kind === 'delivered') return 'delivered';
  return delivery.kind === 'refused' && delivery.cause !== MEMORY_EXCEEDED ? 'permanent' : 'temporary';
}
