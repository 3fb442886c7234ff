import type { Procedure } from '#handset/connector/index.ts';
import { OperatingSystem } from '../operating-system.ts';

/** A protected answer has at least a MAC of 8 octets before its status word. */
const SHORTEST_PROTECTED = 10;
const SECURED = 0x04;

/**
 * T04 os-reorders-apdus: sends protected commands twice and answers with what the storage support said earlier, hoping that an old answer
 * is believed once more.
 */
export class ReordersApdus extends OperatingSystem {
  #earlier: Uint8Array | undefined;

  protected override *relay(reader: number, apdu: Uint8Array): Procedure<Uint8Array> {
    const response = yield* super.relay(reader, apdu);
    if (((apdu[0] as number) & SECURED) === 0 || response.length < SHORTEST_PROTECTED) return response;
    const second = yield* super.relay(reader, apdu);
    const answer = this.#earlier ?? second;
    this.#earlier = response;
    return answer;
  }
}
