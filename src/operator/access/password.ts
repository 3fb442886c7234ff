import { equalOctets, type ScryptCost, scrypt } from '#base/crypto/index.ts';
import type { Random } from '#base/port/index.ts';
import { DatabaseError } from '#operator/database/index.ts';
import { AccessError } from './access-error.ts';
import { plainName } from './author-name.ts';
import { ACCESS_REFUSALS } from './refusals.ts';

/** Characters that a password has at least. */
export const SHORTEST_PASSWORD = 12;
/** Octets in UTF-8 that a password has at most. */
export const LONGEST_PASSWORD_OCTETS = 256;

/** 32 MiB and three rounds: some 0.25 s of one core of 2026. Raised, passwords are kept anew when their owners next sign in. */
export const STANDARD_SCRYPT: ScryptCost = { logCost: 15, blockSize: 8, parallelism: 3 };

const SALT_OCTETS = 16;
const KEY_OCTETS = 32;
/** Passwords worked on at the same time, and that wait for it. */
const AT_ONCE = 2;
const MOST_WAITING = 32;

/** The same password typed on another keyboard has the same octets (RFC 8265 4.2: Normalization Form C). */
const octetsOf = (password: string): Uint8Array => new TextEncoder().encode(password.normalize('NFC'));

/** Throws AccessError for a password that nobody may choose. */
export function checkPassword(password: string, name: string): void {
  const isLong = octetsOf(password).length > LONGEST_PASSWORD_OCTETS;
  if (isLong || [...password.normalize('NFC')].length < SHORTEST_PASSWORD || plainName(password) === plainName(name))
    throw new AccessError(
      'invalid',
      'password',
      ACCESS_REFUSALS.say('badPassword', { shortest: SHORTEST_PASSWORD, longest: LONGEST_PASSWORD_OCTETS }),
    );
}

interface Kept extends ScryptCost {
  readonly salt: Uint8Array;
  readonly key: Uint8Array;
}

const KEPT = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{22})\$([A-Za-z0-9+/]{43})$/;
const base64 = (octets: Uint8Array) => Buffer.from(octets).toString('base64').replaceAll('=', '');
const octetsIn = (text = '') => new Uint8Array(Buffer.from(text, 'base64'));

/** How a password is kept: `$scrypt$ln=15,r=8,p=3$salt$key`, so that one kept with other costs can still be judged. */
const written = ({ logCost, blockSize, parallelism, salt, key }: Kept): string =>
  `$scrypt$ln=${logCost},r=${blockSize},p=${parallelism}$${base64(salt)}$${base64(key)}`;

function read(text: string): Kept {
  const [, logCost, blockSize, parallelism, salt, key] = KEPT.exec(text) ?? [];
  if (key === undefined)
    throw new DatabaseError(
      'a kept password: expected $scrypt$ln=…,r=…,p=…$salt$key, got another text; give a new one',
    );
  return {
    ...{ logCost: Number(logCost), blockSize: Number(blockSize), parallelism: Number(parallelism) },
    ...{ salt: octetsIn(salt), key: octetsIn(key) },
  };
}

/** What is said of a password that somebody presents. */
export interface PasswordVerdict {
  readonly isRight: boolean;
  /** It is kept with other costs than new ones are. */
  readonly isOutdated: boolean;
}

/** How passwords are kept and judged. Both reject with AccessError `busy` when too many wait already. */
export interface Passwords {
  /** What is kept of a password. */
  keep(password: string): Promise<string>;
  /** Whether this password is the kept one. Without a kept one it is wrong, after the same work. */
  judge(password: string, kept: string | undefined): Promise<PasswordVerdict>;
}

/** Lets few at a time work, the others wait in their order. */
function turns() {
  let working = 0;
  const waiting: (() => void)[] = [];
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (working >= AT_ONCE) {
      if (waiting.length >= MOST_WAITING)
        throw new AccessError('busy', 'password', ACCESS_REFUSALS.say('tooManyPasswords', { most: MOST_WAITING }));
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else working++;
    try {
      return await work();
    } finally {
      // A turn is handed on, or given back.
      const next = waiting.shift();
      if (next === undefined) working--;
      else next();
    }
  };
}

/** Passwords kept at these costs. */
export function openPasswords({ random, cost }: { readonly random: Random; readonly cost: ScryptCost }): Passwords {
  const inTurn = turns();
  const derive = (password: string, salt: Uint8Array, of: ScryptCost) =>
    inTurn(() => scrypt(octetsOf(password), salt, of, KEY_OCTETS));
  return {
    async keep(password) {
      const salt = random.octets(SALT_OCTETS);
      return written({ ...cost, salt, key: await derive(password, salt, cost) });
    },
    async judge(password, text) {
      // Longer ones are nobody's, and hashing them would be work for free.
      const given = octetsOf(password).length > LONGEST_PASSWORD_OCTETS ? '' : password;
      const kept = text === undefined ? undefined : read(text);
      const key = await derive(given, kept?.salt ?? new Uint8Array(SALT_OCTETS), kept ?? cost);
      const isRight = given === password && kept !== undefined && equalOctets(key, kept.key);
      return { isRight, isOutdated: kept !== undefined && costText(kept) !== costText(cost) };
    },
  };
}

const costText = ({ logCost, blockSize, parallelism }: ScryptCost) => `${logCost} ${blockSize} ${parallelism}`;
