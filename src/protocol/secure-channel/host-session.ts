import { CodecError, partOf } from '#base/codec/index.ts';
import { type Aes, equalsPart } from '#base/crypto/index.ts';
import {
  type CommandApdu,
  classForMac,
  encodeCommand,
  isProtectedStatus,
  LONGEST_RESPONSE_DATA,
  logicalChannel,
  onChannel,
} from '#protocol/apdu/index.ts';
import { Messaging, type MessagingOptions } from './messaging.ts';
import { type NotProven, type NotProvenReason, notProven } from './not-proven.ts';
import {
  C_MAC,
  type MacLength,
  R_ENC,
  R_MAC,
  SecureChannelError,
  type SecurityLevel,
  type SessionKeys,
} from './session.ts';

/** An answer whose R-MAC verified: these data and this status word are the card's, made for this very command. */
export interface Protected {
  readonly kind: 'protected';
  readonly data: Uint8Array;
  readonly statusWord: number;
}

/** An answer in a session whose level has no R-MAC: anybody on the way may have made it. Never a proof. */
export interface Unprotected {
  readonly kind: 'unprotected';
  readonly data: Uint8Array;
  readonly statusWord: number;
}

const HEADER = 5;

/**
 * The off-card entity's end of an open session (here: the UICC). `wrap` a command, send it, `unwrap` its answer, one at a
 * time. Anything but a verified answer ends the session for good (GPC Amendment D 5.6, 6.2).
 */
export class HostSession {
  readonly kind = 'session';
  readonly #messaging: Messaging;
  #state: 'ready' | 'waiting' | 'closed' = 'ready';

  /** `chaining` is the first MAC chaining value: the C-MAC of EXTERNAL AUTHENTICATE (SCP03), the receipt (SCP11). */
  constructor(
    keys: SessionKeys,
    level: SecurityLevel,
    macLength: MacLength,
    chaining: Uint8Array,
    options?: MessagingOptions,
  ) {
    this.#messaging = new Messaging(keys, level, macLength, chaining, options);
  }

  /** False once anything went wrong, or after `close`. */
  get open(): boolean {
    return this.#state !== 'closed';
  }
  /** What the session protects. */
  get level(): SecurityLevel {
    return this.#messaging.level;
  }
  /** The key that enciphers keys for PUT KEY. */
  get dek(): Aes | undefined {
    return this.#messaging.keys.dek;
  }
  /** Most octets of plain data in one command. */
  get longestCommandData(): number {
    return this.#messaging.longestCommandData;
  }

  /** Ends the session: nothing can be wrapped any more. */
  close(): void {
    this.#state = 'closed';
  }

  /**
   * The C-APDU of a command under this session: C-ENC, then C-MAC (GPC Amendment D 6.2.4, 6.2.6). `command.cla` is the
   * class without protection (00, 80), with its logical channel. Throws SecureChannelError when the session has ended or the
   * last answer is outstanding, CodecError when the data does not fit (`longestCommandData`); the session is then as before.
   */
  wrap(command: CommandApdu): Uint8Array {
    if (this.#state !== 'ready')
      throw new SecureChannelError(
        this.#state === 'closed'
          ? 'the session has ended: open a new one'
          : 'an answer is outstanding: unwrap it, or close',
      );
    const messaging = this.#messaging;
    const { cla, data: plain, le } = command;
    if (plain.length > messaging.longestCommandData)
      throw new CodecError(
        'Lc',
        HEADER - 1,
        `expected at most ${messaging.longestCommandData} octets under this session, got ${plain.length}`,
      );
    if (messaging.exhausted) throw new SecureChannelError('the session has served its last command: open a new one');
    this.#state = 'waiting';
    if ((messaging.level & C_MAC) === 0) return encodeCommand(command);
    messaging.countCommand(plain.length);
    const data = messaging.enciphersCommand(plain.length) ? messaging.encipherCommand(plain) : plain;
    const macClass = classForMac(cla);
    const mac = messaging.commandMac(macClass, command, data);
    messaging.chain(mac);
    const { macLength } = messaging;
    const end = HEADER + data.length;
    const octets = new Uint8Array(end + macLength + (le === undefined ? 0 : 1));
    // The channel is put in after the MAC: it is not covered (6.2.4).
    octets[0] = onChannel(macClass, logicalChannel(cla));
    octets[1] = command.ins;
    octets[2] = command.p1;
    octets[3] = command.p2;
    octets[4] = data.length + macLength;
    octets.set(data, HEADER);
    for (let i = 0; i < macLength; i++) octets[end + i] = mac[i] as number;
    if (le !== undefined) octets[end + macLength] = le === LONGEST_RESPONSE_DATA ? 0 : le;
    return octets;
  }

  /**
   * The answer to the last wrapped command. The R-MAC is demanded on every 9000, 62XX and 63XX, also without data (6.2.5);
   * it is checked before anything is deciphered. Any `notProven` ends the session. Throws SecureChannelError when no answer
   * is outstanding: a second answer to one command is never looked at.
   */
  unwrap(response: Uint8Array): Protected | Unprotected | NotProven {
    if (this.#state !== 'waiting') throw new SecureChannelError('no answer is outstanding: wrap a command first');
    this.#state = 'ready';
    const messaging = this.#messaging;
    const end = response.length - 2;
    if (end < 0) return this.#end('tooShort');
    const statusWord = ((response[end] as number) << 8) | (response[end + 1] as number);
    if ((messaging.level & R_MAC) === 0) return { kind: 'unprotected', data: response.slice(0, end), statusWord };
    if (!isProtectedStatus(statusWord)) return this.#end('errorStatusWord', statusWord);
    if (end === 0) return this.#end('missingMac', statusWord);
    const dataEnd = end - messaging.macLength;
    if (dataEnd < 0) return this.#end('tooShort', statusWord);
    const sent = partOf(response, 0, dataEnd);
    const mac = messaging.responseMac(sent, statusWord);
    if (!equalsPart(mac, response, dataEnd, messaging.macLength)) return this.#end('wrongMac', statusWord);
    if ((messaging.level & R_ENC) === 0 || dataEnd === 0) return { kind: 'protected', data: sent.slice(), statusWord };
    const data = messaging.decipherResponse(sent);
    return data === undefined ? this.#end('wrongMac', statusWord) : { kind: 'protected', data, statusWord };
  }

  #end(reason: NotProvenReason, statusWord?: number): NotProven {
    this.#state = 'closed';
    return notProven(reason, statusWord);
  }
}
