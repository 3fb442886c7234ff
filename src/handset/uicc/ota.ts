import { CodecError, concat, NO_OCTETS, sameOctets, uint } from '#base/codec/index.ts';
import type { AesProvider } from '#base/crypto/index.ts';
import type { CardMemory } from '#handset/card/index.ts';
import { OTA_KEY_SET } from '#protocol/imei-lock/index.ts';
import {
  COUNTER_LIMIT,
  type CommandReceiver,
  MINIMUM_SECURITY_LEVEL,
  NO_PROOF,
  type OpenedCommand,
  type OtaKeys,
  openCommand,
  POR_STATUS,
  type PorStatus,
  packetToSegments,
  type SecuredPacket,
  securedCommand,
  securedPacketOf,
  securedResponse,
  wantsProof,
} from '#protocol/ota/index.ts';
import {
  DATA_CODING,
  diallingNumber,
  ISDN_PLAN,
  internationalAddress,
  messageClassOf,
  NO_OPEN_MESSAGES,
  PROTOCOL_IDENTIFIER,
  type Reassembly,
  reassemble,
  type SmsDeliver,
  smsDeliver,
  smsSubmit,
  type UserData,
} from '#protocol/sms/index.ts';
import { resultClass, type TerminalResponse } from '#protocol/usat/index.ts';
import type { ToolkitApplication } from './application.ts';
import { MEMORY_KEY } from './memory-key.ts';
import type { UiccProfile } from './profile.ts';
import type { ProactiveQueue } from './toolkit/index.ts';

/** Class 2: data for the UICC (TS 23.038 4). */
const FOR_UICC = 2;
/** Header of a response packet in the user data of SMS-DELIVER-REPORT (TS 31.115 5). */
const RESPONSE_HEADER = Uint8Array.of(0x02, 0x71, 0x00);
/** Longest user data of SMS-DELIVER-REPORT that TS 31.111 7.1.1.2 lets the UICC give in one response. */
const LONGEST_IN_REPORT = 128;
const counter = uint(5);
/** A number this long is a short code, which has no country: its type is unknown, not international. */
const LONGEST_SHORT_CODE = 8;

type Opened = Exclude<OpenedCommand, { readonly authentic: false }>;

/** The over-the-air endpoint of one UICC (TS 102 225, TS 31.115): secured packets in, proofs of receipt and reports out. */
export class OtaEndpoint {
  readonly #memory: CardMemory;
  readonly #profile: UiccProfile;
  readonly #aes: AesProvider;
  readonly #queue: ProactiveQueue;
  readonly #application: ToolkitApplication | undefined;
  readonly #receiver: CommandReceiver;
  readonly #keys = new Map<number, OtaKeys>();
  #open: Reassembly = NO_OPEN_MESSAGES;
  #reference = 0;

  constructor(
    parts: {
      readonly memory: CardMemory;
      readonly profile: UiccProfile;
      readonly aes: AesProvider;
      readonly queue: ProactiveQueue;
    },
    application: ToolkitApplication | undefined,
  ) {
    this.#memory = parts.memory;
    this.#profile = parts.profile;
    this.#aes = parts.aes;
    this.#queue = parts.queue;
    this.#application = application;
    this.#receiver = {
      // Reports go out under their own keys; nothing comes in under them (facts/ota.md 8 rule 5).
      keys: (keySet) => (keySet === OTA_KEY_SET.answer ? this.#keysOf(keySet) : undefined),
      minimumLevel: (tar) =>
        application !== undefined && sameOctets(tar, application.tar) ? MINIMUM_SECURITY_LEVEL : undefined,
      counters: {
        last: (keySet) => this.#lastCounter(keySet),
        store: (keySet, counter) => this.#store(keySet, counter),
      },
    };
  }

  /** Power-on: messages begun are forgotten. */
  reset(): void {
    this.#open = NO_OPEN_MESSAGES;
  }

  /**
   * SMS-PP data download: one SMS-DELIVER. What the UICC answers at once: a proof of receipt for the SMS-DELIVER-REPORT, or nothing. A
   * message that is not for the UICC, cannot be read or is a forgery gets silence, whatever its fault.
   */
  download(tpdu: Uint8Array): Uint8Array {
    try {
      const packet = this.#packetIn(smsDeliver.decode(tpdu));
      return packet === undefined ? NO_OCTETS : this.#execute(openCommand(packet, this.#receiver));
    } catch (error) {
      if (error instanceof CodecError) return NO_OCTETS;
      throw error;
    }
  }

  /** The command packet that is complete with this message. */
  #packetIn(delivered: SmsDeliver): Uint8Array | undefined {
    const { protocolIdentifier, dataCoding, originator, userData } = delivered;
    const isForUicc =
      protocolIdentifier === PROTOCOL_IDENTIFIER.usimDataDownload && messageClassOf(dataCoding) === FOR_UICC;
    if (!isForUicc) return undefined;
    // A card has no clock: the number of open messages and of their octets bounds them, and a reset ends them.
    const { state, outcome } = reassemble(this.#open, { sender: originator.value, nowMs: 0, userData });
    this.#open = state;
    if (outcome.kind !== 'complete') return undefined;
    const secured = securedPacketOf(outcome);
    return secured?.kind === 'command' ? secured.packet : undefined;
  }

  #execute(opened: OpenedCommand): Uint8Array {
    if (opened.kind === 'refused') return opened.authentic ? this.#prove(opened, opened.status, NO_OCTETS) : NO_OCTETS;
    // Its TAR is known, so there is an application.
    const data = this.#application?.secured(opened.data.slice()) ?? NO_OCTETS;
    return this.#prove(opened, POR_STATUS.ok, data);
  }

  /** The proof of receipt, in the way the command asked for. */
  #prove({ tar, counter, proof, keySet }: Opened, status: PorStatus, data: Uint8Array): Uint8Array {
    if (!wantsProof(proof, status)) return NO_OCTETS;
    const packet = securedResponse({ tar, counter, proof, status }, this.#keysOf(keySet), data);
    if (!proof.bySubmit && RESPONSE_HEADER.length + packet.length <= LONGEST_IN_REPORT)
      return concat(RESPONSE_HEADER, packet);
    // No room, no proof: the operator asks again.
    this.#send({ kind: 'response', packet }, counter, () => {});
    return NO_OCTETS;
  }

  /**
   * Sends data to the operator as a command packet under the report keys. False when the toolkit has no room or the counter is used up;
   * otherwise `sent` hears whether the terminal took all of it.
   */
  report(data: Uint8Array, tar: Uint8Array, sent: (accepted: boolean) => void): boolean {
    const keySet = OTA_KEY_SET.report;
    const next = this.#lastCounter(keySet) + 1;
    if (next > COUNTER_LIMIT || this.#queue.room === 0) return false;
    // Stored before anything leaves the card: a counter is never used twice, not even after a power cut.
    this.#store(keySet, next);
    const message = { tar, counter: next, counterMode: 'higher', keySet, proof: NO_PROOF } as const;
    const packet = securedCommand(message, this.#keysOf(keySet), data);
    return this.#send({ kind: 'command', packet }, next, sent);
  }

  /** One SEND SHORT MESSAGE for each segment, all of them or none. The packet's counter gives the concatenation reference. */
  #send(secured: SecuredPacket, counterOfPacket: number, sent: (accepted: boolean) => void): boolean {
    const segments = packetToSegments(secured, counterOfPacket % 256);
    if (segments.length > this.#queue.room) return false;
    let left = segments.length;
    let isAccepted = true;
    const answered = (response: TerminalResponse | undefined) => {
      isAccepted &&= response !== undefined && resultClass(response.general) === 'done';
      left--;
      if (left === 0) sent(isAccepted);
    };
    const address = diallingNumber.encode(internationalAddress(this.#profile.serviceCentre.digits));
    for (const segment of segments) {
      const tpdu = this.#submit(segment);
      this.#queue.issue({ type: 'SEND SHORT MESSAGE', packing: false, address, tpdu }, answered);
    }
    return true;
  }

  /** SMS-SUBMIT to the operator. Always there: who sent a command is no authenticated fact, so no proof goes to its sender. */
  #submit(userData: UserData): Uint8Array {
    this.#reference = (this.#reference + 1) & 0xff;
    const { digits } = this.#profile.operatorAddress;
    const isShortCode = digits.length <= LONGEST_SHORT_CODE;
    return smsSubmit.encode({
      type: 'SMS-SUBMIT',
      rejectDuplicates: false,
      statusReport: false,
      replyPath: false,
      reference: this.#reference,
      destination: isShortCode
        ? { typeOfNumber: 'unknown', numberingPlan: ISDN_PLAN, value: digits }
        : internationalAddress(digits),
      protocolIdentifier: PROTOCOL_IDENTIFIER.usimDataDownload,
      dataCoding: DATA_CODING.classTwo8Bit,
      validity: { format: 'none' },
      userData,
    });
  }

  #keysOf(keySet: number): OtaKeys {
    let keys = this.#keys.get(keySet);
    if (keys === undefined) {
      const { kic, kid } = keySet === OTA_KEY_SET.report ? this.#profile.reportKeys : this.#profile.answerKeys;
      keys = { cipher: this.#aes.key(kic), check: this.#aes.key(kid) };
      this.#keys.set(keySet, keys);
    }
    return keys;
  }

  #lastCounter(keySet: number): number {
    const stored = this.#memory.get(MEMORY_KEY.otaCounter + keySet);
    return stored === undefined ? 0 : counter.decode(stored);
  }

  #store(keySet: number, value: number): void {
    this.#memory.commit([[MEMORY_KEY.otaCounter + keySet, counter.encode(value)]]);
  }
}
