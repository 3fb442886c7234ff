import { encodePlainField } from './hpack-encoder.ts';

/** The `date` field (RFC 9110 6.6.1), coded once a second for all connections. */
export class DateField {
  #second = Number.NaN;
  /** The field, coded without a dynamic table. */
  octets: Uint8Array = new Uint8Array(0);
  /** Changes when `octets` does. */
  generation = 0;

  /** Makes it the date of `nowMs`, milliseconds since 1970. */
  set(nowMs: number): void {
    const second = Math.floor(nowMs / 1000);
    if (second === this.#second) return;
    this.#second = second;
    this.octets = encodePlainField('date', new Date(second * 1000).toUTCString());
    this.generation++;
  }
}
