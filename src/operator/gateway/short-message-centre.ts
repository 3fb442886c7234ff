import type { Msisdn } from '#base/identity/index.ts';
import {
  type Esme,
  isOfCentre,
  type Message,
  messageOctets,
  messageOf,
  relativeTime,
  type SubmitResult,
} from '#protocol/smpp/index.ts';
import { DATA_CODING, PROTOCOL_IDENTIFIER } from '#protocol/sms/index.ts';

/** A short message of 8-bit user data with its header, to a (U)SIM. */
export interface OutgoingShortMessage {
  readonly source: Msisdn;
  readonly destination: Msisdn;
  /** At most 140 octets, the user data header included. */
  readonly userData: Uint8Array;
  /** How long the SMSC is to keep it for a handset that has no service. */
  readonly validityMilliseconds: number;
}

/** The way to the SMSC. */
export interface ShortMessageCentre {
  /** Sends one message; never rejects. */
  submit(message: OutgoingShortMessage): Promise<SubmitResult>;
}

/** esm_class: user data header present (SMPP 3.4 5.2.12). */
const UDHI = 0x40;
/** registered_delivery: a receipt, however it ended (SMPP 3.4 5.2.17). */
const RECEIPT_WANTED = 1;
/** TON and NPI of E.164 numbers; a short code has neither. */
const INTERNATIONAL = { ton: 1, npi: 1 };
const UNKNOWN = { ton: 0, npi: 0 };
const LONGEST_SHORT_CODE = 8;

const kindOf = ({ digits }: Msisdn) => (digits.length <= LONGEST_SHORT_CODE ? UNKNOWN : INTERNATIONAL);

/** The SMSC behind an ESME (facts/ota.md 5.2). */
export function esmeCentre(esme: Pick<Esme, 'submit'>): ShortMessageCentre {
  return {
    submit({ source, destination, userData, validityMilliseconds }) {
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
        validity_period: relativeTime(validityMilliseconds),
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
  if ((message.esm_class & UDHI) === 0 || isOfCentre(message)) return undefined;
  return { source: message.source_addr.replace(/^\+/, ''), userData: messageOctets(message) };
}
