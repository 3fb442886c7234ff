import type { Said } from '#base/sentence/index.ts';

/** Network and last three digits: enough to tell two apart, not to use. */
export function maskedIdentity(digits: string): string {
  return digits.length < 11 ? `${digits.slice(0, 3)}…` : `${digits.slice(0, 5)}…${digits.slice(-3)}`;
}

const TAC_DIGITS = 8;
/** Digits of the serial number that stay. */
const SERIAL_DIGITS = 2;
const IMEI_DIGITS = 14;

/** Type of handset and the last digits of its serial number, with the check digit when it was there. */
export const maskedImei = (digits: string): string =>
  `${digits.slice(0, TAC_DIGITS)}…${digits.slice(IMEI_DIGITS - SERIAL_DIGITS)}`;

/** What is shown whole. */
export interface ShownWhole {
  /** IMSIs and MSISDNs. */
  readonly subscribers: boolean;
  /** IMEIs beside what somebody did with them. */
  readonly equipment: boolean;
  /** Why somebody asked for whole ones. */
  readonly reason?: string;
}

/** How personal identities are shown to one caller; counts the subscribers it showed whole, because that is to be audited. */
export class Identities {
  readonly #whole: ShownWhole;
  #shown = new Set<string>();
  #isLookedUp = false;

  constructor(whole: ShownWhole) {
    this.#whole = whole;
  }

  /** True when IMSIs and MSISDNs are shown whole. */
  get areWhole(): boolean {
    return this.#whole.subscribers;
  }

  /** Why somebody asked for whole ones. */
  get reason(): string | undefined {
    return this.#whole.reason;
  }

  /** Something was looked up by what is masked otherwise: that is recorded, also when nothing was found. */
  lookedUp(): void {
    this.#isLookedUp = true;
  }

  /** True when it is to be recorded that identities were shown, or looked up. */
  get isToBeRecorded(): boolean {
    return this.#isLookedUp || this.#shown.size > 0;
  }

  /** Different identities shown whole so far. */
  get shown(): number {
    return this.#shown.size;
  }

  /** An IMSI or MSISDN, or masked. */
  show(digits: string): string {
    if (!this.#whole.subscribers) return maskedIdentity(digits);
    this.#shown.add(digits);
    return digits;
  }

  /** The same; undefined for undefined. */
  optional(digits: string | undefined): string | undefined {
    return digits === undefined ? undefined : this.show(digits);
  }

  /** An IMEI of 14 or 15 digits, or masked; undefined for undefined. */
  imei<T extends string | undefined>(digits: T): T | string {
    return digits === undefined || this.#whole.equipment ? digits : maskedImei(digits);
  }

  /** Sentences whose values may be or have IMEIs: what `words` would do with them is done with each value. */
  said<C extends string>(said: readonly Said<C>[]): Said<C>[] {
    const shown = (value: string | number): string | number => {
      const words = this.words(String(value));
      return words === String(value) ? value : words;
    };
    return said.map(({ code, values }) => ({
      code,
      values: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, shown(value)])),
    }));
  }

  /** Words that may have IMEIs in them. */
  words(text: string): string {
    return this.#whole.equipment ? text : text.replaceAll(/\b\d{14,16}\b/g, maskedImei);
  }
}
