import { CodecError, concat, octets, struct } from '#base/codec/index.ts';
import { AES_BLOCK, type Aes, type AesProvider, equalOctets, scp03Kdf } from '#base/crypto/index.ts';
import { type CommandApdu, responseApdu, responseData, SW, statusWord } from '#protocol/apdu/index.ts';
import type { Protected } from './host-session.ts';
import { padded, unpadded } from './messaging.ts';
import { type NotProven, notProven } from './not-proven.ts';

// The patent's channel with static keys (R29, R30): one exchange, no handshake. It has NO forward secrecy: who learns the key
// later reads every exchange recorded before. It proves the support for one fresh challenge of the UICC, and to the support that
// the command was once made by the UICC, not that it is made now. Proprietary; all of it stands here.

/** Octets of the UICC's challenge. */
export const STATIC_CHALLENGE_LENGTH = 16;
const REQUEST_MAC_LENGTH = 8;
const RESPONSE_MAC_LENGTH = 16;
/** Most octets of payload: with padding and MAC it fits one short response. */
export const LONGEST_STATIC_PAYLOAD = 223;
const INS_INTERNAL_AUTHENTICATE = 0x88;
const OK_OCTETS = Uint8Array.of(SW.ok >> 8, SW.ok & 0xff);

const label = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));
/** Direction labels: no message of one direction is ever one of the other. */
const TO_SUPPORT = label('UICC->support');
const TO_UICC = label('support->UICC');
/** Derivation constants outside those of Amendment D 4.1.5, so that no key is one of SCP03. */
const DERIVATION = { requestMac: 0xa1, responseMac: 0xa2, responseEnc: 0xa3 } as const;

/** Keys of the static mode between one UICC and one storage support, one for each direction and purpose. Prepared once. */
export interface StaticModeKeys {
  readonly version: number;
  readonly uiccIdentity: Uint8Array;
  readonly requestMac: Aes;
  readonly responseMac: Aes;
  readonly responseEnc: Aes;
}

/**
 * Derives the keys of the static mode: SP 800-108 with CMAC as in Amendment D 4.1.5, label = direction, context = identity of
 * the UICC (its EF.ICCID, 10 octets). `master` is the shared static key of `version`.
 */
export function staticModeKeys(
  aes: AesProvider,
  master: Aes,
  version: number,
  uiccIdentity: Uint8Array,
): StaticModeKeys {
  const derive = (constant: number, direction: Uint8Array) =>
    aes.key(scp03Kdf(master, constant, 8 * master.keyLength, concat(direction, uiccIdentity)));
  return {
    version,
    uiccIdentity,
    requestMac: derive(DERIVATION.requestMac, TO_SUPPORT),
    responseMac: derive(DERIVATION.responseMac, TO_UICC),
    responseEnc: derive(DERIVATION.responseEnc, TO_UICC),
  };
}

/** Command data: the UICC's challenge and the MAC that shows it is the UICC's. */
export const staticRequest = struct({
  challenge: octets(STATIC_CHALLENGE_LENGTH),
  mac: octets(REQUEST_MAC_LENGTH),
});
function requestMac(keys: StaticModeKeys, challenge: Uint8Array): Uint8Array {
  return keys.requestMac.cmac(TO_SUPPORT, challenge, keys.uiccIdentity).subarray(0, REQUEST_MAC_LENGTH);
}

/** Each challenge enciphers one payload, so its encipherment is an IV that never repeats and cannot be foreseen. */
const initialVector = (keys: StaticModeKeys, challenge: Uint8Array) => keys.responseEnc.encryptBlock(challenge);

/** MAC over label, challenge, cipher text and status word, all 16 octets. */
function responseMac(keys: StaticModeKeys, challenge: Uint8Array, cipher: Uint8Array): Uint8Array {
  return keys.responseMac.cmac(TO_UICC, challenge, cipher, OK_OCTETS);
}

/** UICC: INTERNAL AUTHENTICATE `80 88 KVN 00` for a fresh challenge of 16 octets. Keep the challenge for `openStaticAnswer`. */
export function staticCommand(keys: StaticModeKeys, challenge: Uint8Array): CommandApdu {
  const data = staticRequest.encode({ challenge, mac: requestMac(keys, challenge) });
  return { cla: 0x80, ins: INS_INTERNAL_AUTHENTICATE, p1: keys.version, p2: 0x00, data, le: 256 };
}

/**
 * Storage support: the challenge of a command whose MAC verified, or the status word that refuses it: 6A86 parameters, 6A88
 * another key version, 6700 length, 6982 wrong MAC.
 */
export function verifyStaticCommand(keys: StaticModeKeys, command: CommandApdu): Uint8Array | number {
  if (command.ins !== INS_INTERNAL_AUTHENTICATE) return SW.instructionNotSupported;
  if (command.p2 !== 0) return SW.wrongParameters;
  if (command.p1 !== keys.version) return SW.referencedDataNotFound;
  if (command.data.length !== STATIC_CHALLENGE_LENGTH + REQUEST_MAC_LENGTH) return SW.wrongLength;
  const { challenge, mac } = staticRequest.decode(command.data);
  return equalOctets(requestMac(keys, challenge), mac) ? challenge : SW.securityStatusNotSatisfied;
}

/**
 * Storage support: the R-APDU for a verified challenge: payload enciphered (AES-CBC), then its MAC, then 9000. Throws
 * CodecError for a payload above 223 octets. Answer each verified command with one payload only.
 */
export function sealStaticAnswer(keys: StaticModeKeys, challenge: Uint8Array, payload: Uint8Array): Uint8Array {
  if (payload.length > LONGEST_STATIC_PAYLOAD)
    throw new CodecError('payload', 0, `expected at most ${LONGEST_STATIC_PAYLOAD} octets, got ${payload.length}`);
  const cipher = keys.responseEnc.cbcEncrypt(initialVector(keys, challenge), padded(payload));
  return responseApdu(SW.ok, concat(cipher, responseMac(keys, challenge, cipher)));
}

/** UICC: the payload in the answer to the command of this challenge. MAC first; any fault in it or under it is `wrongMac`. */
export function openStaticAnswer(
  keys: StaticModeKeys,
  challenge: Uint8Array,
  response: Uint8Array,
): Protected | NotProven {
  if (response.length < 2) return notProven('tooShort');
  const status = statusWord(response);
  if (status !== SW.ok) return notProven('errorStatusWord', status);
  const data = responseData(response);
  if (data.length === 0) return notProven('missingMac', status);
  const end = data.length - RESPONSE_MAC_LENGTH;
  if (end < AES_BLOCK) return notProven('tooShort', status);
  const cipher = data.subarray(0, end);
  const verified = equalOctets(responseMac(keys, challenge, cipher), data.subarray(end));
  if (!verified || end % AES_BLOCK !== 0) return notProven('wrongMac', status);
  const payload = unpadded(keys.responseEnc.cbcDecrypt(initialVector(keys, challenge), cipher));
  return payload === undefined
    ? notProven('wrongMac', status)
    : { kind: 'protected', data: payload, statusWord: status };
}
