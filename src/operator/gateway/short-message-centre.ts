import type { Msisdn } from '#base/identity/index.ts';
import { type Esme, type Message, messageOctets, messageOf, type SubmitResult, TAG } from '#protocol/smpp/index.ts';
import { DATA_CODING, PROTOCOL_IDENTIFIER } from '#protocol/sms/index.ts';

/** A short message of 8-bit user data with its header, to a (U)SIM. */
export interface OutgoingShortMessage {
  readonly source: Msisdn;
  readonly destination: Msisdn;
  /** At most 140 octets, the user data header included. */
  readonly userData: Uint8Array;
}

/** The way to the SMSC. */
export interface ShortMessageCentre {
  /** Sends one message; never rejects. */
  submit(message: OutgoingShortMessage): Promise<SubmitResult>;
}

/** esm_class: user data header present (SMPP 3.4 5.2.12). */
const UDHI = 0x40;
/** Bits of esm_class that name a delivery receipt and other messages of the SMSC's own. */
const MESSAGE_TYPE = 0x3c;
/** The message type of an SMSC delivery receipt. */
const RECEIPT = 0x04;
/** registered_delivery: a receipt, however it ended (SMPP 3.4 5.2.17). */
const RECEIPT_WANTED = 1;
/** message_state: DELIVERED (SMPP 3.4 5.2.28). */
const DELIVERED = 2;
/** TON and NPI of E.164 numbers; a short code has neither. */
const INTERNATIONAL = { ton: 1, npi: 1 };
const UNKNOWN = { ton: 0, npi: 0 };
const LONGEST_SHORT_CODE = 8;

const kindOf = ({ digits }: Msisdn) => (digits.length <= LONGEST_SHORT_CODE ? UNKNOWN : INTERNATIONAL);

/** The SMSC behind an ESME (facts/ota.md 5.2). */
export function esmeCentre(esme: Pick<Esme, 'submit'>): ShortMessageCentre {
  return {
    submit({ source, destination, userData }) {
      const [from, to] = [kindOf(source), kindOf(destination)];
      const message = messageOf({
        source_addr_ton: from.ton,
        source_addr_npi: from.npi,
        source_addr: source.digits,
        dest_addr_ton: to.ton,
        dest_addr_npi: to.npi,
        destination_addr: destination.digits,
        esm_class: UDHI,
        protocol_id: PROTOCOL_IDENTIFIER.usimDataDownload,
        data_coding: DATA_CODING.classTwo8Bit,
        registered_delivery: RECEIPT_WANTED,
        short_message: userData,
      });
      return esme.submit(message);
    },
  };
}

/** Who sent which user data; undefined for what cannot be a secured packet (a receipt, a message without a header). */
export function incomingOf(message: Message): { readonly source: string; readonly userData: Uint8Array } | undefined {
  if ((message.esm_class & UDHI) === 0 || (message.esm_class & MESSAGE_TYPE) !== 0) return undefined;
  return { source: message.source_addr.replace(/^\+/, ''), userData: messageOctets(message) };
}

/** The SMSC's name of a message that a receipt says was delivered; undefined for all that is no such receipt. */
export function deliveredMessage(message: Message): string | undefined {
  if ((message.esm_class & MESSAGE_TYPE) !== RECEIPT) return undefined;
  const parameter = (tag: number) => message.optional_parameters.find((one) => one.tag === tag)?.value;
  const state = parameter(TAG.message_state);
  // SMSCs that send no optional parameters say the same in the text of appendix B.
  const words = new TextDecoder('latin1').decode(messageOctets(message));
  if (state === undefined ? !/\bstat:DELIVRD\b/.test(words) : state[0] !== DELIVERED) return undefined;
  const name = parameter(TAG.receipted_message_id);
  return name === undefined
    ? /\bid:(\S+)/.exec(words)?.[1]
    : new TextDecoder('latin1').decode(name).replace(/\0.*$/s, '');
}
