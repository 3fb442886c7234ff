import { CodecError } from '#base/codec/index.ts';
import type { Imsi } from '#base/identity/index.ts';
import type { Procedure } from '#handset/connector/index.ts';
import { type NasMessage, type RelayMessage, relayMessage } from '#protocol/nas/index.ts';
import { shortMessageService } from './mobility.ts';
import type { Terminal } from './terminal.ts';
import { exchange } from './transaction.ts';

/** The relay message in CP-DATA from the network; undefined when it is none. */
export function relayedIn(message: NasMessage): RelayMessage | undefined {
  if (message.name !== 'cpDataDownlink') return undefined;
  try {
    return relayMessage.decode(message.rpdu);
  } catch (error) {
    if (error instanceof CodecError) return undefined;
    throw error;
  }
}

/**
 * Sends an SMS-SUBMIT to a service centre (RP address: TON/NPI and swapped digits) and waits for its acknowledgement (TS 24.011 5, 6).
 * `reference` is 0 to 255. False: no service, or the service centre refused.
 */
export function* submitShortMessage(
  terminal: Terminal,
  imsi: Imsi,
  serviceCentre: Uint8Array,
  tpdu: Uint8Array,
  reference: number,
): Procedure<boolean> {
  if (!(yield* shortMessageService(terminal, imsi))) return false;
  const rpdu = relayMessage.encode({ name: 'dataUplink', reference, destination: serviceCentre, tpdu });
  let isAccepted = false;
  for (const heard of yield* exchange({ name: 'cpDataUplink', rpdu })) {
    const relayed = relayedIn(heard);
    if (relayed?.name === 'ackDownlink' && relayed.reference === reference) isAccepted = true;
    else if (relayed?.name === 'dataDownlink') terminal.later(heard);
  }
  if (isAccepted) for (const heard of yield* exchange({ name: 'cpAck' })) terminal.later(heard);
  return isAccepted;
}

/** Acknowledges a delivered short message, with the TPDU of the delivery report when there is one; what comes back is for later. */
export function* acknowledgeShortMessage(terminal: Terminal, reference: number, report?: Uint8Array): Procedure<void> {
  const rpdu = relayMessage.encode(
    report ? { name: 'ackUplink', reference, tpdu: report } : { name: 'ackUplink', reference },
  );
  for (const heard of yield* exchange({ name: 'cpDataUplink', rpdu })) terminal.later(heard);
}

/** Refuses a delivered short message with a cause of TS 24.011 8.2.5.4. */
export function* refuseShortMessage(terminal: Terminal, reference: number, cause: number): Procedure<void> {
  const rpdu = relayMessage.encode({ name: 'errorUplink', reference, cause: Uint8Array.of(cause) });
  for (const heard of yield* exchange({ name: 'cpDataUplink', rpdu })) terminal.later(heard);
}
