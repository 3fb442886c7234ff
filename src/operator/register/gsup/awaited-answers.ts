/** Longer than an MSC waits for an answer (T3270 of osmo-msc is 12 s by default). */
const LONGEST_MS = 15_000;
const MOST_AWAITED = 256;

interface Awaited {
  readonly imsi: string;
  readonly isOurs: boolean;
  readonly at: number;
}

/**
 * Which Check-IMEI answers of the HLR belong to requests that were answered here already, and must not reach the client a second time. The
 * HLR answers requests of one IMSI in their order. Holds at most 256, none longer than 15 s.
 */
export class AwaitedAnswers {
  private list: Awaited[] = [];

  /** Notes that a request of ours goes to the HLR. False when there is no room: then it must not go. `at` is in milliseconds. */
  ours(imsi: string, at: number): boolean {
    return this.add(imsi, true, at);
  }

  /** Notes that a request of the client goes to the HLR, so that its answer is not taken for one of ours. */
  clients(imsi: string, at: number): void {
    this.add(imsi, false, at);
  }

  /** An answer for `imsi` came: true when it is ours, and to be swallowed. */
  answered(imsi: string, at: number): boolean {
    this.forget(at);
    const index = this.list.findIndex((one) => one.imsi === imsi);
    return index >= 0 && this.list.splice(index, 1)[0]?.isOurs === true;
  }

  private add(imsi: string, isOurs: boolean, at: number): boolean {
    this.forget(at);
    if (this.list.length >= MOST_AWAITED) return false;
    this.list.push({ imsi, isOurs, at });
    return true;
  }

  private forget(at: number): void {
    const kept = this.list.findIndex((one) => at - one.at <= LONGEST_MS);
    this.list.splice(0, kept < 0 ? this.list.length : kept);
  }
}
