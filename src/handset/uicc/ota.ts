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
  type SecurityLevel,
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
import { GENERAL_RESULT, resultClass, type TerminalResponse } from '#protocol/usat/index.ts';
import type { ReportEnd, ToolkitApplication } from './application.ts';
import type { CardManagement } from './card-management/index.ts';
import { MEMORY_KEY } from './memory-key.ts';
import type { ReadProfile } from './profile.ts';
import type { ProactiveQueue } from './toolkit/index.ts';

/** Class 2: data for the UICC (TS 23.038 4). */
const FOR_UICC = 2;
/** Header of a response packet in the user data of SMS-DELIVER-REPORT (TS 31.115 5). */
const RESPONSE_HEADER = Uint8Array.of(0x02, 0x71, 0x00);
/** Longest user data of SMS-DELIVER-REPORT that TS 31.111 7.1.1.2 lets the UICC give in one response. */
const LONGEST_IN_REPORT = 128;
const counter = uint(5);
/** RP causes that pass: network out of order, temporary failure, congestion, resources unavailable (TS 24.011 8.2.5.4). */
const PASSING_RP_CAUSES: ReadonlySet<number> = new Set([38, 41, 42, 47]);
/** A number this long is a short code, which has no country: its type is unknown, not international. */
const LONGEST_SHORT_CODE = 8;

/** Key sets that came with the card for the IMEI lock; all others belong to security domains. */
const isOfLock = (keySet: number): boolean => keySet === OTA_KEY_SET.answer || keySet === OTA_KEY_SET.report;

interface UnsentReport {
  readonly data: Uint8Array;
  readonly packet: Uint8Array;
  readonly counter: number;
}

type Opened = Exclude<OpenedCommand, { readonly authentic: false }>;

/** The over-the-air endpoint of one UICC (TS 102 225, TS 31.115): secured packets in, proofs of receipt and reports out. */
export class OtaEndpoint {
  readonly #memory: CardMemory;
  readonly #profile: ReadProfile;
  readonly #aes: AesProvider;
  readonly #queue: ProactiveQueue;
  readonly #management: CardManagement;
  readonly #application: ToolkitApplication | undefined;
  readonly #receiver: CommandReceiver;
  readonly #keys = new Map<number, OtaKeys>();
  #open: Reassembly = NO_OPEN_MESSAGES;
  #reference = 0;
  /** The last report, while the terminal could not send it. */
  #unsent: UnsentReport | undefined;

  constructor(
    parts: {
      readonly memory: CardMemory;
      readonly profile: ReadProfile;
      readonly aes: AesProvider;
      readonly queue: ProactiveQueue;
      readonly management: CardManagement;
    },
    application: ToolkitApplication | undefined,
  ) {
    this.#memory = parts.memory;
    this.#profile = parts.profile;
    this.#aes = parts.aes;
    this.#queue = parts.queue;
    this.#management = parts.management;
    this.#application = application;
    this.#receiver = {
      // Reports go out under their own keys; nothing comes in under them (facts/ota.md 8 rule 5).
      keys: (keySet, tar) => (keySet === OTA_KEY_SET.report ? undefined : this.#keysOf(keySet, tar)),
      minimumLevel: (tar, keySet) => this.#minimumLevel(tar, keySet),
      counters: {
        last: (keySet, tar) =>
          isOfLock(keySet) ? this.#lastCounter(keySet) : this.#management.lastCounter(keySet, tar),
        store: (keySet, counter, tar) =>
          isOfLock(keySet) ? this.#store(keySet, counter) : this.#management.storeCounter(keySet, counter, tar),
      },
    };
  }

  /** The application answers under its own key set alone, and remote management under the others alone. */
  #minimumLevel(tar: Uint8Array, keySet: number): SecurityLevel | undefined {
    if (!isOfLock(keySet)) return this.#management.minimumLevel(tar);
    return this.#application !== undefined && sameOctets(tar, this.#application.tar)
      ? MINIMUM_SECURITY_LEVEL
      : undefined;
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
    if (opened.kind === 'refused' && !opened.authentic) return NO_OCTETS;
    const { keySet, tar } = opened;
    // Whatever the command does to keys, its proof is under those it came under.
    const keys = this.#keysOf(keySet, tar);
    if (keys === undefined) return NO_OCTETS;
    if (opened.kind === 'refused') return this.#prove(opened, keys, opened.status, NO_OCTETS);
    return this.#prove(opened, keys, POR_STATUS.ok, this.#done(keySet, tar, opened.data.slice()));
  }

  /** Does what an accepted packet asks; the data of its proof of receipt. */
  #done(keySet: number, tar: Uint8Array, command: Uint8Array): Uint8Array {
    // Its TAR is known under this key set, so there is an application.
    return isOfLock(keySet)
      ? (this.#application?.secured(command) ?? NO_OCTETS)
      : this.#management.execute(keySet, tar, command);
  }

  /** The proof of receipt, in the way the command asked for. */
  #prove({ tar, counter, proof }: Opened, keys: OtaKeys, status: PorStatus, data: Uint8Array): Uint8Array {
    if (!wantsProof(proof, status)) return NO_OCTETS;
    const packet = securedResponse({ tar, counter, proof, status }, keys, data);
    if (!proof.bySubmit && RESPONSE_HEADER.length + packet.length <= LONGEST_IN_REPORT)
      return concat(RESPONSE_HEADER, packet);
    // No room, no proof: the operator asks again.
    this.#send({ kind: 'response', packet }, counter, () => {});
    return NO_OCTETS;
  }

  /**
   * Sends data to the operator as a command packet under the report keys. False when the toolkit has no room or the counter is used up;
   * otherwise `ended` hears what became of all of it.
   */
  report(data: Uint8Array, tar: Uint8Array, ended: (end: ReportEnd) => void): boolean {
    const unsent = this.#unsent;
    // The same data is the same packet: one report has one counter, so that the operator sees by a gap that one was withheld.
    if (unsent !== undefined && sameOctets(unsent.data, data)) return this.#sendReport(unsent, ended);
    const keySet = OTA_KEY_SET.report;
    const next = this.#lastCounter(keySet) + 1;
    if (next > COUNTER_LIMIT || this.#queue.room === 0) return false;
    // Stored before anything leaves the card: a counter is never used twice, not even after a power cut.
    this.#store(keySet, next);
    const message = { tar, counter: next, counterMode: 'higher', keySet, proof: NO_PROOF } as const;
    const packet = securedCommand(message, this.#lockKeys(keySet), data);
    return this.#sendReport({ data, packet, counter: next }, ended);
  }

  #sendReport(report: UnsentReport, ended: (end: ReportEnd) => void): boolean {
    return this.#send({ kind: 'command', packet: report.packet }, report.counter, (end) => {
      this.#unsent = end === 'notNow' ? report : undefined;
      ended(end);
    });
  }

  /** One SEND SHORT MESSAGE for each segment, all of them or none. The packet's counter gives the concatenation reference. */
  #send(secured: SecuredPacket, counterOfPacket: number, ended: (end: ReportEnd) => void): boolean {
    const segments = packetToSegments(secured, counterOfPacket % 256);
    if (segments.length > this.#queue.room) return false;
    let left = segments.length;
    let worst: ReportEnd = 'sent';
    const answered = (response: TerminalResponse | undefined) => {
      const end = endOf(response);
      if (end === 'refused' || worst === 'sent') worst = end;
      left--;
      if (left === 0) ended(worst);
    };
    const address = diallingNumber.encode(internationalAddress(this.#profile().serviceCentre.digits));
    for (const segment of segments) {
      const tpdu = this.#submit(segment);
      this.#queue.issue({ type: 'SEND SHORT MESSAGE', packing: false, address, tpdu }, answered);
    }
    return true;
  }

  /** SMS-SUBMIT to the operator. Always there: who sent a command is no authenticated fact, so no proof goes to its sender. */
  #submit(userData: UserData): Uint8Array {
    this.#reference = (this.#reference + 1) & 0xff;
    const { digits } = this.#profile().operatorAddress;
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

  #keysOf(keySet: number, tar: Uint8Array): OtaKeys | undefined {
    return isOfLock(keySet) ? this.#lockKeys(keySet) : this.#management.keys(keySet, tar);
  }

  #lockKeys(keySet: number): OtaKeys {
    let keys = this.#keys.get(keySet);
    if (keys === undefined) {
      const { reportKeys, answerKeys } = this.#profile();
      const { kic, kid } = keySet === OTA_KEY_SET.report ? reportKeys : answerKeys;
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

/** What the terminal's word about one short message means for it; no word, or none that can be read, is not its last. */
function endOf(response: TerminalResponse | undefined): ReportEnd {
  if (response === undefined) return 'notNow';
  const { general, additional } = response;
  switch (resultClass(general)) {
    case 'done':
      return 'sent';
    case 'tryAgainLater':
      return 'notNow';
    case 'doNotRepeat': {
      const [cause = 0] = additional;
      return general === GENERAL_RESULT.smsRpError && PASSING_RP_CAUSES.has(cause & 0x7f) ? 'notNow' : 'refused';
    }
  }
}
