const FIRST_CAPACITY = 64 * 1024;

/** Answers being collected for one write. The octets are used again after `taken`; grows to what was needed once. */
export class OctetSink {
  octets = new Uint8Array(FIRST_CAPACITY);
  /** The same octets. */
  view = new DataView(this.octets.buffer);
  length = 0;

  /** Makes room for `count` octets behind `length`. */
  room(count: number): void {
    if (this.length + count <= this.octets.length) return;
    const larger = new Uint8Array(Math.max(2 * this.octets.length, this.length + count));
    larger.set(this.octets.subarray(0, this.length));
    this.octets = larger;
    this.view = new DataView(larger.buffer);
  }

  /** Appends octets. */
  put(octets: Uint8Array): void {
    this.room(octets.length);
    this.octets.set(octets, this.length);
    this.length += octets.length;
  }

  /** A copy of all that was collected; the sink is empty then. */
  taken(): Uint8Array {
    const copy = this.octets.slice(0, this.length);
    this.length = 0;
    return copy;
  }
}
