import { TAG } from './parameter.ts';
import { type Message, messageOctets } from './pdu.ts';

/** What becomes of a short message (message_state, SMPP 3.4 5.2.28), by the number and by the word in the text of a receipt (appendix B). */
const STATES = [
  ['enroute', 1, 'ENROUTE'],
  ['delivered', 2, 'DELIVRD'],
  ['expired', 3, 'EXPIRED'],
  ['deleted', 4, 'DELETED'],
  ['undeliverable', 5, 'UNDELIV'],
  ['accepted', 6, 'ACCEPTD'],
  ['unknown', 7, 'UNKNOWN'],
  ['rejected', 8, 'REJECTD'],
] as const;
/** What became of a short message. */
export type MessageState = (typeof STATES)[number][0];
/** What can become of a short message. */
export const MESSAGE_STATES: readonly MessageState[] = STATES.map(([state]) => state);

/** What a delivery receipt says: of which message, by the SMSC's name for it, and what became of it. */
export interface Receipt {
  readonly message: string;
  readonly state: MessageState;
}

/** Bits of esm_class that name a delivery receipt and other messages of the SMSC's own (SMPP 3.4 5.2.12). */
const MESSAGE_TYPE = 0x3c;
const RECEIPT = 0x04;

/** Number and word of a state, for whoever writes receipts. */
export function stateNames(state: MessageState): { readonly code: number; readonly name: string } {
  const [, code, name] = STATES.find(([one]) => one === state) as (typeof STATES)[number];
  return { code, name };
}

/** True for a message that the SMSC sends for itself: a receipt, an acknowledgement. */
export const isOfCentre = ({ esm_class }: Pick<Message, 'esm_class'>): boolean => (esm_class & MESSAGE_TYPE) !== 0;

/** What a message says as a delivery receipt; undefined for all that is none. */
export function receiptOf(message: Message): Receipt | undefined {
  if ((message.esm_class & MESSAGE_TYPE) !== RECEIPT) return undefined;
  const parameter = (tag: number) => message.optional_parameters.find((one) => one.tag === tag)?.value;
  // SMSCs that send no optional parameters say the same in the text of appendix B.
  const words = new TextDecoder('latin1').decode(messageOctets(message));
  const number = parameter(TAG.message_state)?.[0];
  const word = /\bstat:(\w+)/.exec(words)?.[1];
  const found = STATES.find(([, code, name]) => (number === undefined ? name === word : code === number));
  const named = parameter(TAG.receipted_message_id);
  const name =
    named === undefined ? /\bid:(\S+)/.exec(words)?.[1] : new TextDecoder('latin1').decode(named).replace(/\0.*$/s, '');
  return found === undefined || name === undefined ? undefined : { message: name, state: found[0] };
}
