import { plainName } from './author-name.ts';

const SECOND = 1000;
const DAY = 24 * 3600 * SECOND;
/** Names and addresses remembered; the one unused longest is forgotten first. */
const MOST_REMEMBERED = 20_000;

/** After how many attempts without success pauses begin, and how long one becomes at most, in seconds. */
interface Patience {
  readonly free: number;
  readonly longest: number;
}

/** One person who mistypes, one address that tries many names, one name tried from many addresses. The last is kept short: it must lock nobody out. */
const OF_PAIR: Patience = { free: 3, longest: 900 };
const OF_ADDRESS: Patience = { free: 20, longest: 900 };
const OF_NAME: Patience = { free: 10, longest: 30 };
/** A browser that this person has signed in with before: what strangers try elsewhere does not make it wait. */
const OF_BROWSER: Patience = { free: 5, longest: 900 };

/** Who tries to sign in. */
export interface Attempt {
  readonly name: string;
  readonly address: string;
  /** By what a browser, or a session, is known to be of this person: it is then counted apart, by this alone. */
  readonly browser?: string | undefined;
}

interface Tries {
  readonly count: number;
  readonly at: number;
}

/** How often names and addresses tried to sign in without success, in bounded memory. Attempts are counted before they are judged. */
export class SignInAttempts {
  readonly #tries = new Map<string, Tries>();

  /** Begins an attempt at `now` milliseconds and returns 0, or the seconds to wait; then nothing is begun. */
  begin(attempt: Attempt, now: number): number {
    const all = keysOf(attempt);
    const wait = Math.max(...all.map(([key, patience]) => this.#waitOf(key, patience, now)));
    if (wait > 0) return wait;
    for (const [key] of all) this.#put(key, { count: this.#triesOf(key, now).count + 1, at: now });
    return 0;
  }

  /** Attempts without success of this browser, or of this name from this address, until now. */
  failures(attempt: Attempt, now: number): number {
    const [[key]] = keysOf(attempt);
    return this.#triesOf(key, now).count;
  }

  /**
   * The attempt was right. A known browser is free again, and nothing else: what strangers tried stays counted. Of others the name is free
   * again, and the address has one failure less.
   */
  succeeded(attempt: Attempt): void {
    const [[own], ...others] = keysOf(attempt);
    this.#tries.delete(own);
    if (others.length === 0) return;
    this.#tries.delete(nameKey(attempt.name));
    const key = addressKey(attempt.address);
    const tries = this.#tries.get(key);
    if (tries !== undefined) this.#put(key, { ...tries, count: tries.count - 1 });
  }

  #triesOf(key: string, now: number): Tries {
    const found = this.#tries.get(key);
    return found === undefined || Math.abs(now - found.at) > DAY ? { count: 0, at: now } : found;
  }

  /** Each attempt beyond the free ones doubles the pause since the last. */
  #waitOf(key: string, { free, longest }: Patience, now: number): number {
    const { count, at } = this.#triesOf(key, now);
    if (count < free) return 0;
    const pause = Math.min(longest, 2 ** Math.min(count - free, 20));
    return Math.max(0, Math.ceil((at + pause * SECOND - now) / SECOND));
  }

  #put(key: string, tries: Tries): void {
    this.#tries.delete(key);
    const [oldest] = this.#tries.keys();
    if (this.#tries.size >= MOST_REMEMBERED && oldest !== undefined) this.#tries.delete(oldest);
    this.#tries.set(key, tries);
  }
}

const nameKey = (name: string) => `name ${plainName(name)}`;
const addressKey = (address: string) => `address ${address}`;
const pairKey = (name: string, address: string) => `pair ${address} ${plainName(name)}`;
type Counted = readonly [key: string, patience: Patience];
const keysOf = ({ name, address, browser }: Attempt): readonly [Counted, ...Counted[]] =>
  browser !== undefined
    ? [[`browser ${browser}`, OF_BROWSER]]
    : [
        [pairKey(name, address), OF_PAIR],
        [addressKey(address), OF_ADDRESS],
        [nameKey(name), OF_NAME],
      ];
