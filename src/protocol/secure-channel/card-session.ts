import { CodecError, NO_OCTETS, partOf } from '#base/codec/index.ts';
import { type Aes, equalsPart } from '#base/crypto/index.ts';
import {
  type CommandApdu,
  classForMac,
  isProtectedStatus,
  isSecureMessaging,
  logicalChannel,
  onChannel,
  responseApdu,
  SW,
} from '#protocol/apdu/index.ts';
import { Messaging, type MessagingOptions } from './messaging.ts';
import {
  C_ENC,
  C_MAC,
  type MacLength,
  R_ENC,
  R_MAC,
  SecureChannelError,
  type SecurityLevel,
  type SessionKeys,
} from './session.ts';

/**
 * The card's end of an open session (here: the storage support). `unwrap` each command, process it, `wrap` its answer.
 * The first command that misses the level or whose C-MAC is wrong aborts the session; it then refuses everything until a new
 * handshake, SELECT, channel close or reset replaces it (GPC Amendment D 5.6). A session belongs to one logical channel.
 */
export class CardSession {
  readonly kind = 'session';
  readonly #messaging: Messaging;
  #state: 'ready' | 'answering' | 'aborted' = 'ready';
  #peerProven: boolean;

  /** `peerProven` tells whether the handshake alone proved the host: yes in SCP03, in SCP11a only its first C-MAC does. */
  constructor(
    keys: SessionKeys,
    level: SecurityLevel,
    macLength: MacLength,
    chaining: Uint8Array,
    options: MessagingOptions & { readonly peerProven?: boolean } = {},
  ) {
    this.#messaging = new Messaging(keys, level, macLength, chaining, options);
    this.#peerProven = options.peerProven === true;
  }

  /** False once aborted. */
  get open(): boolean {
    return this.#state !== 'aborted';
  }
  /** True once the host has shown that it holds the keys: only then may anything secret be answered. */
  get peerProven(): boolean {
    return this.#peerProven;
  }
  /** What the session protects. */
  get level(): SecurityLevel {
    return this.#messaging.level;
  }
  /** The key under which PUT KEY brings keys. */
  get dek(): Aes | undefined {
    return this.#messaging.keys.dek;
  }
  /** Most octets of plain data in one answer. */
  get longestResponseData(): number {
    return this.#messaging.longestResponseData;
  }

  /** Aborts the session: everything is refused from now on. */
  abort(): void {
    this.#state = 'aborted';
  }

  /**
   * The plain command (class without secure messaging) of a protected one, or the status word to answer bare: 6982 when the
   * level is missed, the C-MAC or the padding is wrong, or the session is already aborted.
   */
  unwrap(command: CommandApdu): CommandApdu | number {
    if (this.#state === 'aborted') return SW.securityStatusNotSatisfied;
    this.#state = 'answering';
    const messaging = this.#messaging;
    const { cla } = command;
    if ((messaging.level & C_MAC) === 0) return isSecureMessaging(cla) ? this.#refuse() : command;
    const channel = logicalChannel(cla);
    // Exactly the class the MAC stands for: it covers neither the chaining bit nor the other forms of secure messaging.
    const macClass = classForMac(cla);
    if (cla !== onChannel(macClass, channel)) return this.#refuse();
    const end = command.data.length - messaging.macLength;
    if (end < 0 || command.data.length > 0xff || messaging.exhausted) return this.#refuse();
    const sent = end === 0 ? NO_OCTETS : partOf(command.data, 0, end);
    const mac = messaging.commandMac(macClass, command, sent);
    if (!equalsPart(mac, command.data, end, messaging.macLength)) return this.#refuse();
    messaging.chain(mac);
    messaging.countCommand(end);
    this.#peerProven = true;
    const data = end === 0 ? NO_OCTETS : (messaging.level & C_ENC) === 0 ? sent : messaging.decipherCommand(sent);
    if (data === undefined) return this.#refuse();
    const { ins, p1, p2, le } = command;
    const plainClass = onChannel(macClass & 0x80, channel);
    return le === undefined ? { cla: plainClass, ins, p1, p2, data } : { cla: plainClass, ins, p1, p2, data, le };
  }

  /**
   * The R-APDU of an answer: R-ENC, then R-MAC on 9000, 62XX, 63XX; every other status word goes bare and without data
   * (6.2.5, 6.2.7). Throws SecureChannelError when no command is being answered, CodecError when the data does not fit
   * (`longestResponseData`).
   */
  wrap(statusWord: number, plain: Uint8Array = NO_OCTETS): Uint8Array {
    if (this.#state !== 'answering') throw new SecureChannelError('no command is being answered: unwrap one first');
    const messaging = this.#messaging;
    if (plain.length > messaging.longestResponseData)
      throw new CodecError(
        'response data',
        0,
        `expected at most ${messaging.longestResponseData} octets under this session, got ${plain.length}`,
      );
    this.#state = 'ready';
    if ((messaging.level & R_MAC) === 0) return responseApdu(statusWord, plain);
    if (!isProtectedStatus(statusWord)) return responseApdu(statusWord);
    const enciphered = (messaging.level & R_ENC) !== 0 && plain.length > 0;
    const data = enciphered ? messaging.encipherResponse(plain) : plain;
    const mac = messaging.responseMac(data, statusWord);
    const end = data.length + messaging.macLength;
    const octets = new Uint8Array(end + 2);
    octets.set(data);
    for (let i = data.length, j = 0; i < end; i++, j++) octets[i] = mac[j] as number;
    octets[end] = statusWord >> 8;
    octets[end + 1] = statusWord;
    return octets;
  }

  #refuse(): number {
    this.#state = 'aborted';
    return SW.securityStatusNotSatisfied;
  }
}
