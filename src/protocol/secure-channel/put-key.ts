import {
  CodecError,
  concat,
  constant,
  type Infer,
  lengthPrefixed,
  map,
  octets,
  rest,
  struct,
  u8,
} from '#base/codec/index.ts';
import { AES_BLOCK, type Aes, type AesProvider, equalOctets, keyCheckValue } from '#base/crypto/index.ts';
import type { Random } from '#base/port/index.ts';
import { type CommandApdu, SW } from '#protocol/apdu/index.ts';
import type { StaticKeyOctets } from './scp03.ts';

const INS_PUT_KEY = 0xd8;
/** P2: several keys, the first with key identifier 01 (GPC 2.3.1 11.8). */
const FIRST_OF_SEVERAL = 0x81;
const KEY_TYPE_AES = Uint8Array.of(0x88);
const IV = new Uint8Array(AES_BLOCK);

const cipherLength = (keyLength: number) => (keyLength === 16 ? 16 : 32);

/** Length of the key, and the key under Key-DEK; 24 octets are filled up to 32 with any (GPC Amendment D 7.2.2). */
const keyBlock = map(
  struct({ keyLength: u8, cipher: rest(16, 32) }),
  (block, reader) => {
    const { keyLength, cipher } = block;
    if (keyLength !== 16 && keyLength !== 24 && keyLength !== 32)
      throw reader.error(`expected a key of 10, 18 or 20 octets (hexadecimal), got ${keyLength.toString(16)}`);
    if (cipher.length !== cipherLength(keyLength))
      throw reader.error(`expected ${cipherLength(keyLength)} octets of cipher text, got ${cipher.length}`);
    return block;
  },
  (block) => block,
);

const keyField = struct({
  type: constant(KEY_TYPE_AES),
  key: lengthPrefixed(u8, keyBlock),
  checkValue: lengthPrefixed(u8, octets(3)),
});

/** Data field of PUT KEY for an SCP03 key set: new version, Key-ENC, Key-MAC, Key-DEK (GPC Amendment D 7.2, GPC 2.3.1 11.8). */
export const putKeyData = struct({ version: u8, enc: keyField, mac: keyField, dek: keyField });
type KeyField = Infer<typeof keyField>;

/**
 * PUT KEY for a whole key set, to be wrapped in a session. `dek` is the key of the session or set that enciphers
 * (`HostSession.dek`); `oldVersion` is the version replaced, 0 to add one. Throws CryptoError for a wrong key length.
 */
export function putKey(
  aes: AesProvider,
  dek: Aes,
  oldVersion: number,
  keys: StaticKeyOctets,
  random: Random,
): CommandApdu {
  const field = (key: Uint8Array): KeyField => {
    const checkValue = keyCheckValue(aes.key(key));
    const filler = random.octets(cipherLength(key.length) - key.length);
    return { key: { keyLength: key.length, cipher: dek.cbcEncrypt(IV, concat(key, filler)) }, checkValue };
  };
  const { version, enc, mac, dek: newDek } = keys;
  const data = putKeyData.encode({ version, enc: field(enc), mac: field(mac), dek: field(newDek) });
  return { cla: 0x80, ins: INS_PUT_KEY, p1: oldVersion, p2: FIRST_OF_SEVERAL, data, le: 256 };
}

/** Data of the answer to PUT KEY: version and the three key check values. A host compares it with what the card sent. */
export function putKeyAnswer(aes: AesProvider, keys: StaticKeyOctets): Uint8Array {
  const checkValue = (key: Uint8Array) => keyCheckValue(aes.key(key));
  return concat(Uint8Array.of(keys.version), checkValue(keys.enc), checkValue(keys.mac), checkValue(keys.dek));
}

/** A key set that came by PUT KEY, its check values verified. `oldVersion` 0 adds a set; the sequence counter restarts at 0. */
export interface ReceivedKeys {
  readonly kind: 'keys';
  readonly oldVersion: number;
  readonly keys: StaticKeyOctets;
}

/**
 * The key set in an unwrapped PUT KEY command, or the status word that refuses it: 6A86 parameters, 6A80 data, 6982 a key
 * check value that is not the key's. What follows (6A88, 6A84, storing, the answer) is the card's.
 */
export function receivePutKey(aes: AesProvider, dek: Aes, command: CommandApdu): ReceivedKeys | number {
  if (command.ins !== INS_PUT_KEY) return SW.instructionNotSupported;
  if (command.p2 !== FIRST_OF_SEVERAL) return SW.wrongParameters;
  try {
    const { version, enc, mac, dek: newDek } = putKeyData.decode(command.data);
    const { keyLength } = enc.key;
    if (version < 1 || version > 0x7f) return SW.wrongData;
    if (mac.key.keyLength !== keyLength || newDek.key.keyLength !== keyLength) return SW.wrongData;
    const open = (field: KeyField) => dek.cbcDecrypt(IV, field.key.cipher).slice(0, keyLength);
    const keys = { version, enc: open(enc), mac: open(mac), dek: open(newDek) };
    const sent = concat(Uint8Array.of(version), enc.checkValue, mac.checkValue, newDek.checkValue);
    if (!equalOctets(putKeyAnswer(aes, keys), sent)) return SW.securityStatusNotSatisfied;
    return { kind: 'keys', oldVersion: command.p1, keys };
  } catch (error) {
    if (error instanceof CodecError) return SW.wrongData;
    throw error;
  }
}
