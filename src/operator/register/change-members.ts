import { IdentityError, Imsi } from '#base/identity/index.ts';
import { checkTexts } from './lists.ts';

/** Members of a value that came from outside, each read as what it has to be. All throw RangeError. */
export class Members {
  readonly #value: Readonly<Record<string, unknown>>;
  constructor(value: Readonly<Record<string, unknown>>) {
    this.#value = value;
  }

  #get(name: string): unknown {
    return Object.hasOwn(this.#value, name) ? this.#value[name] : undefined;
  }

  has(name: string): boolean {
    return this.#get(name) !== undefined;
  }

  oneOf<T extends string | number>(name: string, values: readonly T[]): T {
    const found = values.find((one) => one === this.#get(name));
    if (found === undefined) throw new RangeError(`${name}: expected one of ${values.join(', ')}`);
    return found;
  }

  text(name: string, longest?: number): string {
    const value = this.#get(name);
    if (typeof value !== 'string') throw new RangeError(`${name}: expected a text, got ${typeof value}`);
    if (longest === undefined) checkTexts({ [name]: value });
    else if (value.length > longest)
      throw new RangeError(`${name}: expected at most ${longest} characters, got ${value.length}`);
    return value;
  }

  flag(name: string): boolean {
    const value = this.#get(name);
    if (typeof value !== 'boolean') throw new RangeError(`${name}: expected true or false, got ${typeof value}`);
    return value;
  }

  /** A value inside, with members of its own. */
  inside(name: string): Members {
    const value = this.#get(name);
    if (typeof value !== 'object' || value === null) throw new RangeError(`${name}: expected an object`);
    return new Members(value as Readonly<Record<string, unknown>>);
  }

  /** Hexadecimal digits, upper case, of so many octets at most. */
  hex(name: string, most: number): string {
    const value = this.text(name, 2 * most);
    if (!/^([0-9A-F]{2})+$/.test(value)) throw new RangeError(`${name}: expected octets in hexadecimal`);
    return value;
  }

  source(): string {
    return this.text('source');
  }

  count(name: string): number {
    const value = this.#get(name);
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
      throw new RangeError(`${name}: expected a whole number from 0 on`);
    return value;
  }

  imei(name: string): string {
    const digits = this.text(name);
    if (!/^\d{14}$/.test(digits)) throw new RangeError(`${name}: expected the 14 digits of an IMEI`);
    return digits;
  }

  imsi(name: string): string {
    const digits = this.text(name);
    try {
      return Imsi.parse(digits).digits;
    } catch (error) {
      throw error instanceof IdentityError ? new RangeError(`${name}: ${error.message}`) : error;
    }
  }
}
