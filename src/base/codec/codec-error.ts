/**
 * Octets that do not follow their declared format. `position` counts from the start of the octets given to `decode`;
 * `field` is the standard's name of the element that failed. Never carries the octets themselves: they may be secret.
 */
export class CodecError extends Error {
  override readonly name = 'CodecError';
  readonly field: string;
  readonly position: number;
  constructor(field: string, position: number, problem: string) {
    super(`${field} at octet ${position}: ${problem}`);
    this.field = field;
    this.position = position;
  }
}
