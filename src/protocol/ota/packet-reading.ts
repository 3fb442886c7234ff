import { CodecError } from '#base/codec/index.ts';
import { type Aes, crc16, crc32, type TripleDesKey } from '#base/crypto/index.ts';
import { decodeCommandHeader } from './command-header.ts';
import {
  aesDecipher,
  type BodyReading,
  COMMAND_LAYOUT,
  openBody,
  type PacketContent,
  RESPONSE_LAYOUT,
} from './packet-body.ts';
import { decodeResponseHeader } from './response-packet.ts';

/**
 * What a packet is read with, old ones too: AES, triple DES, a CRC. Single DES and ECB have no key type here, so
 * packets under them cannot be read. What a packet does not use may be left out.
 */
export interface ReadingKeys {
  readonly cipher?: Aes | TripleDesKey;
  readonly check?: Aes | TripleDesKey | 'CRC-16' | 'CRC-32';
}

const DES_BLOCK = 8;
const ZEROS = new Uint8Array(DES_BLOCK);
const CRC = { 'CRC-16': crc16, 'CRC-32': crc32 };

const isAes = (key: Aes | TripleDesKey): key is Aes => 'cmac' in key;

function readingWith({ cipher, check }: ReadingKeys): BodyReading {
  const missing = (what: string) => new CodecError(what, 0, 'expected a key to read the packet with, got none');
  return {
    decipher(body) {
      if (cipher === undefined) throw missing('KIc');
      if (isAes(cipher)) return aesDecipher(cipher, body);
      return body.length % DES_BLOCK === 0 ? cipher.cbcDecrypt(ZEROS, body) : undefined;
    },
    check(before, header, counters, data) {
      if (check === undefined) throw missing('KID');
      if (typeof check === 'string') return CRC[check](before, header, counters, data);
      return isAes(check) ? check.cmac(before, header, counters, data) : check.cbcMac(before, header, counters, data);
    },
  };
}

/**
 * The content of a command packet, whatever its protection: for traces and to look at what others send, **never to
 * execute**, as no policy and no counter is looked at. Undefined when its check is wrong. Throws CodecError when
 * lengths do not fit, when a key is missing, or when the cipher is none that can be read (single DES, ECB, known
 * implicitly).
 */
export function readCommand(packet: Uint8Array, keys: ReadingKeys): PacketContent | undefined {
  const { protection, cipher, checkLength } = decodeCommandHeader(packet);
  if (
    protection.ciphered &&
    cipher.algorithm !== 'AES' &&
    cipher.algorithm !== '3DES-2' &&
    cipher.algorithm !== '3DES-3'
  )
    throw new CodecError(
      'KIc',
      5,
      `expected AES or triple DES in CBC, got ${cipher.algorithm}: it cannot be read here`,
    );
  return openBody(packet, COMMAND_LAYOUT, checkLength, protection.ciphered, readingWith(keys));
}

/** The content of a response packet, in the same way; the packet itself does not say whether it is ciphered. */
export function readResponse(packet: Uint8Array, isCiphered: boolean, keys: ReadingKeys): PacketContent | undefined {
  return openBody(packet, RESPONSE_LAYOUT, decodeResponseHeader(packet).checkLength, isCiphered, readingWith(keys));
}
