import { NO_OCTETS } from '#base/codec/index.ts';
import type { Imsi, Msisdn } from '#base/identity/index.ts';
import type { Clock } from '#base/port/index.ts';
import type { Deliver, ShortMessagesNow } from '#lab/core-network/index.ts';
import { esmeCentre, incomingOf, type ShortMessageCentre } from '#operator/gateway/index.ts';
import { type Message, messageOctets, messageOf } from '#protocol/smpp/index.ts';
import { ofOctets, smsDeliver, smsSubmit, timestampOf } from '#protocol/sms/index.ts';

/** esm_class: the user data begins with a header (SMPP 3.4 5.2.12). */
const UDHI = 0x40;

/** What the service centre asks of those around it. */
export interface PostPorts {
  readonly clock: Clock;
  numberOf(imsi: Imsi): Msisdn | undefined;
  /** A message for the operator's gateway. */
  toOperator(source: string, userData: Uint8Array): void;
}

/**
 * A service centre without a wire, so that a replay needs no socket and no waiting: TPDUs on the handsets' side, SMPP messages on the
 * operator's. What is for a handset that is not there waits.
 */
export class Post {
  readonly #ports: PostPorts;
  readonly #present = new Map<string, Deliver>();
  readonly #waiting = new Map<string, Uint8Array[]>();
  /** Messages taken in, either way. */
  taken = 0;
  /** Every SMS-SUBMIT that came from the air, as it came. */
  readonly submitted: Uint8Array[] = [];

  constructor(ports: PostPorts) {
    this.#ports = ports;
  }

  /** The operator's way to it. */
  readonly ofOperator: ShortMessageCentre = esmeCentre({
    submit: async (message: Message) => {
      this.taken++;
      this.#keep(message.destination_addr, this.#deliverOf(message));
      return { outcome: 'accepted', messageId: String(this.taken) };
    },
  });

  /** The networks' way to it. */
  readonly ofNetwork: ShortMessagesNow = {
    submit: (from, tpdu) => {
      this.taken++;
      this.submitted.push(tpdu.slice());
      const { destination, protocolIdentifier, dataCoding, userData } = smsSubmit.decode(tpdu);
      const incoming = incomingOf(
        messageOf({
          source_addr: this.#ports.numberOf(from)?.digits ?? '',
          destination_addr: destination.value,
          esm_class: userData.hasHeader ? UDHI : 0,
          protocol_id: protocolIdentifier,
          data_coding: dataCoding,
          short_message: userData.octets,
        }),
      );
      if (incoming !== undefined) this.#ports.toOperator(incoming.source, incoming.userData);
      return { accepted: true };
    },
    attached: (imsi, deliver) => {
      const number = this.#ports.numberOf(imsi)?.digits ?? '';
      this.#present.set(number, deliver);
      for (const tpdu of this.take(number)) this.#keep(number, tpdu);
    },
    detached: (imsi) => {
      this.#present.delete(this.#ports.numberOf(imsi)?.digits ?? '');
    },
  };

  /** Takes out what waits for a number: SMS-DELIVER TPDUs, oldest first. */
  take(number: string): readonly Uint8Array[] {
    const waiting = this.#waiting.get(number) ?? [];
    this.#waiting.delete(number);
    return waiting;
  }

  #keep(number: string, tpdu: Uint8Array): void {
    const wait = () => this.#waiting.set(number, [...(this.#waiting.get(number) ?? []), tpdu]);
    const deliver = this.#present.get(number);
    if (deliver === undefined) wait();
    else
      deliver(tpdu, ({ kind }) => {
        if (kind === 'unanswered' || kind === 'absent') wait();
      });
  }

  #deliverOf(message: Message): Uint8Array {
    return smsDeliver.encode({
      type: 'SMS-DELIVER',
      moreMessages: false,
      loopPrevention: false,
      statusReport: false,
      replyPath: false,
      originator: { typeOfNumber: 'unknown', numberingPlan: message.source_addr_npi, value: message.source_addr },
      protocolIdentifier: message.protocol_id,
      dataCoding: message.data_coding,
      timestamp: timestampOf(this.#ports.clock.now()),
      userData: ofOctets(messageOctets(message) ?? NO_OCTETS, (message.esm_class & UDHI) !== 0),
    });
  }
}
