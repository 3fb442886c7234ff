import { aesSiv } from '#base/crypto/index.ts';
import type { MasterKey } from '#operator/database/index.ts';
import { ProblemError } from './problem.ts';
import { VALUE } from './refusals.ts';

const PURPOSE = 'place in a list';
const octets = (text: string) => new TextEncoder().encode(text);

/** A sealed place as it is written. */
export const CURSOR_PATTERN = '^[A-Za-z0-9_-]{22,200}$';

/**
 * Places in lists that are in the order of an identity. They say where to go on, and nobody may read digits out of them that are masked, nor
 * make one of digits of his own and see what comes behind it: they are sealed under a key of this operator (AES-SIV, RFC 5297).
 */
export interface Cursors {
  /** A place of a list, for whoever reads on. */
  seal(list: string, place: string): string;
  /** The place back. Throws ProblemError for what was not sealed here for this list. */
  open(list: string, sealed: string, at: string): string;
}

/** Cursors under this master key: every process of an operator opens what another has sealed. */
export function openCursors(masterKey: Pick<MasterKey, 'derive'>): Cursors {
  const key = new Uint8Array([1, 2].flatMap((half) => [...masterKey.derive(PURPOSE, new Uint8Array([half]), 32)]));
  const siv = aesSiv(key);
  return {
    seal: (list, place) => Buffer.from(siv.seal(octets(place), octets(list))).toString('base64url'),
    open(list, sealed, at) {
      const found = siv.open(new Uint8Array(Buffer.from(sealed, 'base64url')), octets(list));
      if (found !== undefined) return new TextDecoder().decode(found);
      throw new ProblemError('invalid-value', { ...VALUE.say('strangePlace'), at });
    },
  };
}
