import { CodecError } from '#base/codec/index.ts';
import { AES_BLOCK } from '#base/crypto/index.ts';
import {
  BARE_HEADER,
  COMMAND_HEADER_LENGTH,
  type CommandHeader,
  decodeCommandHeader,
  PACKET_CHECK_LENGTH,
  TAR_LENGTH,
} from './command-header.ts';
import { COUNTER_LIMIT, type CounterStore, counterStatus } from './counter.ts';
import { aesReading, COMMAND_LAYOUT, type OtaKeys, openBody, sealBody, writeCounter } from './packet-body.ts';
import { POR_STATUS, type PorStatus } from './por-status.ts';
import {
  AES_CODE,
  isWritable,
  MINIMUM_SECURITY_LEVEL,
  NO_PROOF,
  proofOctet,
  protectionOctet,
  reachesLevel,
  type SecurityLevel,
  type WritableProof,
} from './security-parameters.ts';

/**
 * A command packet to be written: always with checksum, ciphering and a counter that the receiver checks (level 16 or
 * 1E), always AES. `keySet` 1 to 15 stands in KIc and KID; `counter` 1 to COUNTER_LIMIT, never used before under this
 * key set.
 */
export interface CommandMessage {
  readonly tar: Uint8Array;
  readonly counter: number;
  readonly counterMode: 'higher' | 'exactlyOneHigher';
  readonly keySet: number;
  readonly proof: WritableProof;
}

/** CNTR, PCNTR and checksum. */
const BEFORE_DATA = COMMAND_LAYOUT.counters + PACKET_CHECK_LENGTH;
const LONGEST_PACKET = 0xffff + 2;

const unfit = (expected: string): CodecError => new CodecError('command packet', 0, `expected ${expected}`);

function checkMessage({ tar, counter, keySet, proof }: CommandMessage, length: number): void {
  if (tar.length !== TAR_LENGTH) throw unfit(`a TAR of 3 octets, got ${tar.length}`);
  if (!Number.isInteger(counter) || counter < 1 || counter > COUNTER_LIMIT)
    throw unfit(`a counter 1 to ${COUNTER_LIMIT}, got ${counter}: give the UICC new keys when they are used up`);
  if (!Number.isInteger(keySet) || keySet < 1 || keySet > 15) throw unfit(`a key set 1 to 15, got ${keySet}`);
  if (!isWritable(proof)) throw unfit('a proof with checksum, or a bare one');
  if (length > LONGEST_PACKET) throw unfit(`at most ${LONGEST_PACKET} octets, got ${length}`);
}

const paddingOf = (data: number): number => -(BEFORE_DATA + data) & (AES_BLOCK - 1);

/** Octets of the command packet with so many octets of data. */
export const commandPacketLength = (data: number): number =>
  COMMAND_HEADER_LENGTH + BEFORE_DATA + data + paddingOf(data);

/**
 * The command packet, from CPL on: checksum over the plain text, then ciphered from CNTR on (TS 102 225 5.1). Throws
 * CodecError for values that do not fit.
 */
export function securedCommand(message: CommandMessage, keys: OtaKeys, data: Uint8Array): Uint8Array {
  const padding = paddingOf(data.length);
  const length = commandPacketLength(data.length);
  checkMessage(message, length);
  const packet = new Uint8Array(length);
  packet[0] = (length - 2) >> 8;
  packet[1] = length - 2;
  packet[2] = BARE_HEADER + PACKET_CHECK_LENGTH;
  packet[3] = PROTECTION[message.counterMode];
  packet[4] = proofOctet(message.proof);
  packet[5] = (message.keySet << 4) | AES_CODE;
  packet[6] = packet[5];
  packet.set(message.tar, 7);
  writeCounter(packet, COMMAND_LAYOUT.body, message.counter);
  packet[COMMAND_LAYOUT.body + 5] = padding;
  packet.set(data, COMMAND_HEADER_LENGTH + BEFORE_DATA);
  sealBody(packet, COMMAND_LAYOUT, true, keys);
  return packet;
}

const PROTECTION = {
  higher: protectionOctet({ integrity: 'CC', ciphered: true, counter: 'higher' }),
  exactlyOneHigher: protectionOctet({ integrity: 'CC', ciphered: true, counter: 'exactlyOneHigher' }),
};

/** What a receiver of command packets has: keys, applications, counters. */
export interface CommandReceiver {
  /** The keys of a key set 1 to 15, of whom the application of this TAR belongs to; undefined when there is none. */
  keys(keySet: number, tar: Uint8Array): OtaKeys | undefined;
  /** The least security level of an application; undefined when nobody has the TAR under this key set. It cannot be below 16. */
  minimumLevel(tar: Uint8Array, keySet: number): SecurityLevel | undefined;
  readonly counters: CounterStore;
}

/** What became of a command packet. */
export type OpenedCommand =
  /**
   * Authentic, new, allowed: its counter is stored already, so execute it now and answer as `proof` asks. `data` is a
   * view.
   */
  | {
      readonly kind: 'accepted';
      readonly tar: Uint8Array;
      readonly keySet: number;
      readonly counter: number;
      readonly proof: WritableProof;
      readonly data: Uint8Array;
    }
  /** Authentic but not to be executed (counter, TAR, level): may be answered as `proof` asks, protected. */
  | {
      readonly kind: 'refused';
      readonly authentic: true;
      readonly status: PorStatus;
      readonly tar: Uint8Array;
      readonly keySet: number;
      readonly counter: number;
      readonly proof: WritableProof;
    }
  /**
   * Not authentic, or not good enough to look: silence, or `unprotectedRefusal`. Whatever the cause of a failed check,
   * it looks the same.
   */
  | { readonly kind: 'refused'; readonly authentic: false; readonly status: PorStatus; readonly tar: Uint8Array };

/**
 * AES in both places under one key set, a checksum of full length, level 16, a proof that can be given: otherwise no
 * key is touched.
 */
function isGoodEnough({ protection, proof, cipher, check, checkLength }: CommandHeader): boolean {
  return (
    reachesLevel(protection, MINIMUM_SECURITY_LEVEL) &&
    cipher.algorithm === 'AES' &&
    check.algorithm === 'AES' &&
    checkLength === PACKET_CHECK_LENGTH &&
    (proof.when === 'never' || isWritable(proof))
  );
}

/** What an authentic packet gets for its TAR, its level and its counter. */
function statusOf(receiver: CommandReceiver, { tar, protection, check }: CommandHeader, counter: number): PorStatus {
  const level = receiver.minimumLevel(tar, check.keySet);
  if (level === undefined) return POR_STATUS.tarUnknown;
  if (!reachesLevel(protection, level)) return POR_STATUS.insufficientSecurityLevel;
  return counterStatus(protection.counter, counter, receiver.counters.last(check.keySet, tar));
}

/**
 * Opens a command packet, from CPL on: level, then checksum, then TAR, then counter (TS 102 225 5.1, 6.2). An accepted
 * packet's counter is stored before this returns. Throws CodecError only when lengths do not fit, which anyone can see
 * without a key.
 */
export function openCommand(packet: Uint8Array, receiver: CommandReceiver): OpenedCommand {
  const header = decodeCommandHeader(packet);
  const { tar } = header;
  if (!isGoodEnough(header))
    return { kind: 'refused', authentic: false, status: POR_STATUS.insufficientSecurityLevel, tar };
  const keySet = header.check.keySet;
  const keys = header.cipher.keySet === keySet ? receiver.keys(keySet, tar) : undefined;
  const content = keys && openBody(packet, COMMAND_LAYOUT, PACKET_CHECK_LENGTH, true, aesReading(keys));
  if (content === undefined) return { kind: 'refused', authentic: false, status: POR_STATUS.checkFailed, tar };
  const { counter, data } = content;
  const proof = isWritable(header.proof) ? header.proof : NO_PROOF;
  const status = statusOf(receiver, header, counter);
  if (status !== POR_STATUS.ok) return { kind: 'refused', authentic: true, status, tar, keySet, counter, proof };
  receiver.counters.store(keySet, counter, tar);
  return { kind: 'accepted', tar, keySet, counter, proof, data };
}
