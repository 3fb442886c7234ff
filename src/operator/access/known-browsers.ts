import { concat, fromHex, toHex } from '#base/codec/index.ts';
import { digest, equalOctets } from '#base/crypto/index.ts';
import type { Random } from '#base/port/index.ts';
import type { MasterKey } from '#operator/database/index.ts';
import type { UserRow } from './user.ts';

const NONCE_OCTETS = 8;
const PROOF_OCTETS = 16;
/** People who share a browser and are known in it. */
const MOST_MARKS = 4;
const MARK = new RegExp(`^[0-9A-F]{${2 * (NONCE_OCTETS + PROOF_OCTETS)}}$`);
const PURPOSE = 'known browser';

/**
 * Browsers with which somebody has signed in (OWASP, "Slow Down Online Guessing Attacks with Device Cookies"). A mark opens nothing: it only
 * says that this browser is not a stranger's, so that strangers who guess elsewhere cannot make its owner wait. Marks are kept by the browser
 * alone, and end with the password they were made under.
 */
export interface KnownBrowsers {
  /** The nonce of the mark that this user left in a browser; undefined when it has none of this user. */
  find(marks: string | undefined, user: Pick<UserRow, 'id' | 'password'>): string | undefined;
  /** What the browser keeps from now on: a new mark of this user before those of others. */
  marked(marks: string | undefined, user: Pick<UserRow, 'id' | 'password'>): string;
}

/** The browsers known under this master key. */
export function openKnownBrowsers({
  masterKey,
  random,
}: {
  readonly masterKey: Pick<MasterKey, 'derive'>;
  readonly random: Random;
}): KnownBrowsers {
  const proofOf = (nonce: Uint8Array, { id, password = '' }: Pick<UserRow, 'id' | 'password'>) =>
    masterKey.derive(PURPOSE, concat(nonce, digest('sha256', new TextEncoder().encode(`${id} ${password}`))), 16);
  const isOf = (mark: string, user: Pick<UserRow, 'id' | 'password'>) => {
    const octets = fromHex(mark);
    return equalOctets(octets.slice(NONCE_OCTETS), proofOf(octets.slice(0, NONCE_OCTETS), user));
  };
  const read = (marks = '') =>
    marks
      .split('.')
      .slice(0, MOST_MARKS)
      .filter((mark) => MARK.test(mark));
  return {
    find: (marks, user) =>
      read(marks)
        .find((mark) => isOf(mark, user))
        ?.slice(0, 2 * NONCE_OCTETS),
    marked(marks, user) {
      const nonce = random.octets(NONCE_OCTETS);
      const others = read(marks).filter((mark) => !isOf(mark, user));
      return [toHex(concat(nonce, proofOf(nonce, user))), ...others].slice(0, MOST_MARKS).join('.');
    },
  };
}
