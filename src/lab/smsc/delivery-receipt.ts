import { type Message, messageOf, stateNames, TAG } from '#protocol/smpp/index.ts';
import type { Ending } from './mailbox.ts';

/** esm_class of a deliver_sm that is an SMSC delivery receipt (SMPP 3.4 5.2.12). */
const RECEIPT = 0x04;
const ON_BOTH = 1;
const ON_FAILURE = 2;

/** Whether registered_delivery (SMPP 3.4 5.2.17) of a message asks for a receipt of this ending. */
export function wantsReceipt(registeredDelivery: number, ending: Ending): boolean {
  const wish = registeredDelivery & 3;
  return wish === ON_BOTH || (wish === ON_FAILURE && ending !== 'delivered');
}

/** YYMMDDhhmm, UTC. */
function minuteOf(ms: number): string {
  return new Date(ms).toISOString().replaceAll(/\D/g, '').slice(2, 12);
}

/**
 * The deliver_sm that says what became of a submit_sm: the text of SMPP 3.4 appendix B and the optional parameters that say the
 * same to a machine. Addresses are those of the message, turned around.
 */
export function deliveryReceipt(
  submitted: Message,
  messageId: string,
  ending: Ending,
  acceptedAt: number,
  now: number,
): Message {
  const { code, name } = stateNames(ending);
  const delivered = ending === 'delivered' ? '001' : '000';
  const dates = `submit date:${minuteOf(acceptedAt)} done date:${minuteOf(now)}`;
  const text = `id:${messageId} sub:001 dlvrd:${delivered} ${dates} stat:${name} err:000 text:`;
  const ascii = new TextEncoder();
  return messageOf({
    source_addr_ton: submitted.dest_addr_ton,
    source_addr_npi: submitted.dest_addr_npi,
    source_addr: submitted.destination_addr,
    dest_addr_ton: submitted.source_addr_ton,
    dest_addr_npi: submitted.source_addr_npi,
    destination_addr: submitted.source_addr,
    esm_class: RECEIPT,
    short_message: ascii.encode(text),
    optional_parameters: [
      { tag: TAG.receipted_message_id, value: ascii.encode(`${messageId}\0`) },
      { tag: TAG.message_state, value: Uint8Array.of(code) },
    ],
  });
}
