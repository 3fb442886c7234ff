/** Network and last three digits: enough to tell two apart, not to use. */
export function maskedIdentity(digits: string): string {
  return digits.length < 11 ? `${digits.slice(0, 3)}…` : `${digits.slice(0, 5)}…${digits.slice(-3)}`;
}

/** How IMSIs and MSISDNs are shown to one caller; counts those it showed whole, because that is to be audited. */
export class Identities {
  readonly #whole: boolean;
  #shown = new Set<string>();

  constructor(whole: boolean) {
    this.#whole = whole;
  }

  /** Different identities shown whole so far. */
  get shown(): number {
    return this.#shown.size;
  }

  /** The digits, or masked. */
  show(digits: string): string {
    if (!this.#whole) return maskedIdentity(digits);
    this.#shown.add(digits);
    return digits;
  }

  /** The same; undefined for undefined. */
  optional(digits: string | undefined): string | undefined {
    return digits === undefined ? undefined : this.show(digits);
  }
}
