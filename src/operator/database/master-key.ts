import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { concat, NO_OCTETS, toHex } from '#base/codec/index.ts';
import { type Aes, keyCheckValue, nodeAes, sp800108CounterCmac } from '#base/crypto/index.ts';
import type { Random } from '#base/port/index.ts';
import { DatabaseError } from './database-error.ts';
import { unwrapKey, wrapKey } from './key-wrap.ts';
import { synchronise } from './synchronise.ts';

const FILE_NAME = 'master.key';
const KEY_OCTETS = 32;
/** Others may do nothing with the file. */
const OTHERS = 0o077;

/** The one secret of a data directory. Every other key is derived from it or wrapped under a derived one. */
export interface MasterKey {
  /** Says which master key this is, and nothing about it. */
  readonly checkValue: string;
  /**
   * A key of `length` octets for one purpose and one owner (SP 800-108 4.1 in counter mode, AES-256-CMAC, label | 00 | context | L).
   * The same inputs give the same key on every call.
   */
  derive(purpose: string, context: Uint8Array, length: 8 | 16 | 32): Uint8Array;
  /** A secret, encrypted and authenticated for one purpose and owner (AES key wrap with padding, RFC 5649); same in, same out. */
  wrap(purpose: string, context: Uint8Array, secret: Uint8Array): Uint8Array;
  /** The secret back. Throws DatabaseError when it was wrapped for another purpose or owner, or changed. */
  unwrap(purpose: string, context: Uint8Array, wrapped: Uint8Array): Uint8Array;
}

/** True when the directory has one. */
export const hasMasterKey = (directory: string): boolean => existsSync(join(directory, FILE_NAME));

/**
 * The master key of a data directory, from the file master.key (mode 0600). It is made, whole or not at all, when it is missing and
 * `isExpected` is false. Throws DatabaseError: missing although data exist, readable by others, wrong length.
 */
export function openMasterKey(directory: string, random: Random, isExpected: boolean): MasterKey {
  const path = join(directory, FILE_NAME);
  if (!existsSync(path)) {
    if (isExpected)
      throw new DatabaseError(
        `${path}: missing, and the data beside it cannot be read without it; restore it from its backup`,
      );
    create(path, random);
  }
  return masterKeyOf(read(path));
}

/** Another process may do the same at the same time: the first link wins, everybody reads the winner's key. */
function create(path: string, random: Random): void {
  const draft = `${path}.${toHex(random.octets(8))}.${process.pid}`;
  const key = random.octets(KEY_OCTETS);
  const file = openSync(draft, 'wx', 0o600);
  try {
    writeSync(file, key, 0, KEY_OCTETS, 0);
    fsyncSync(file);
  } finally {
    closeSync(file);
    key.fill(0);
  }
  try {
    linkSync(draft, path);
  } catch (error) {
    if (!existsSync(path)) throw error;
  } finally {
    unlinkSync(draft);
  }
  synchronise(join(path, '..'));
}

/** The key, ready for use; its octets stay inside node:crypto's KeyObject. */
function read(path: string): Aes {
  if (process.platform !== 'win32' && (statSync(path).mode & OTHERS) !== 0)
    throw new DatabaseError(`${path}: others may read it; run chmod 600 on it, and think of who has`);
  const octets = readFileSync(path);
  if (octets.length !== KEY_OCTETS)
    throw new DatabaseError(`${path}: expected ${KEY_OCTETS} octets, got ${octets.length}; restore it from its backup`);
  const key = nodeAes.key(octets);
  octets.fill(0);
  return key;
}

const label = new TextEncoder();

function masterKeyOf(key: Aes): MasterKey {
  const derive = (purpose: string, context: Uint8Array, length: number) => {
    const bits = length * 8;
    const fixed = concat(label.encode(purpose), Uint8Array.of(0), context, Uint8Array.of(bits >> 8, bits & 0xff));
    return sp800108CounterCmac(key, NO_OCTETS, fixed, bits);
  };
  const derived = (purpose: string, context: Uint8Array) => {
    const octets = derive(purpose, context, KEY_OCTETS);
    const made = nodeAes.key(octets);
    octets.fill(0);
    return made;
  };
  return {
    checkValue: toHex(keyCheckValue(derived('check', NO_OCTETS))),
    derive,
    wrap: (purpose, context, secret) => wrapKey(derived(`wrap ${purpose}`, context), secret),
    unwrap(purpose, context, wrapped) {
      const secret = unwrapKey(derived(`wrap ${purpose}`, context), wrapped);
      if (secret !== undefined) return secret;
      throw new DatabaseError(
        `a wrapped secret (${purpose}) was changed or belongs to another owner; restore a backup`,
      );
    },
  };
}
