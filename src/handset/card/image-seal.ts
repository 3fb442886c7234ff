import { fromHex, type Infer, octets, struct, u32 } from '#base/codec/index.ts';
import { type AesSiv, equalOctets, SIV_OCTETS } from '#base/crypto/index.ts';
import type { NonVolatile } from '#base/port/index.ts';
import { CardMemoryError } from './memory.ts';
import { BODY, LENGTH, type MemoryState, type NewestState, type TransactionSeal, WHERE } from './transaction-seal.ts';

/** The state as it is remembered: 24 octets, sealed under the card's key. */
const remembered = struct({ generation: u32, end: u32, check: octets(SIV_OCTETS) });
type Remembered = Infer<typeof remembered>;

/** Associated data of a remembered state: eight octets FF, where a transaction has its generation and place. */
const OF_STATE = fromHex('FFFFFFFFFFFFFFFF');
const SLOT = SIV_OCTETS + 24;
/** Octets of the medium for the newest state: two slots, written in turn, so that a torn write leaves the other. */
export const NEWEST_STATE_OCTETS = 2 * SLOT;

/** What an image is sealed with; both lie outside it. */
export interface ImageSealParts {
  /** Under a key of this card alone. */
  readonly siv: AesSiv;
  /** NEWEST_STATE_OCTETS for the newest state: whoever could put back an old image must not be able to put back this as well. */
  readonly newest: NonVolatile;
}

/**
 * The seal of a card's image at rest: every transaction enciphered and authenticated with its place (AES-SIV, RFC 5297), and the newest state
 * remembered outside, so that an image that was damaged, exchanged, or put back to an older state is refused when it is opened. What shows:
 * how many octets each transaction has.
 */
export function imageSeal({ siv, newest }: ImageSealParts): TransactionSeal {
  return {
    version: 2,
    octets: SIV_OCTETS,
    close(work, end) {
      const sealed = siv.seal(work.subarray(BODY, end), work.subarray(0, BODY));
      work.set(sealed.subarray(SIV_OCTETS), BODY);
      work.set(sealed.subarray(0, SIV_OCTETS), end);
    },
    open(where, transaction) {
      const end = transaction.length - SIV_OCTETS;
      const associated = new Uint8Array(BODY);
      associated.set(where);
      associated.set(transaction.subarray(0, LENGTH), WHERE);
      const sealed = new Uint8Array(transaction.length - LENGTH);
      sealed.set(transaction.subarray(end));
      sealed.set(transaction.subarray(LENGTH, end), SIV_OCTETS);
      return siv.open(sealed, associated);
    },
    newest: newestState(newest, siv),
  };
}

function newestState(medium: NonVolatile, siv: AesSiv): NewestState {
  let last: Remembered | undefined;
  let slot = 0;
  const settled = ({ generation, end, check = new Uint8Array(SIV_OCTETS) }: MemoryState) => {
    slot = 1 - slot;
    last = { generation, end, check };
    medium.write(slot * SLOT, siv.seal(remembered.encode(last), OF_STATE));
    medium.flush();
  };
  return {
    settled,
    found(state, hasMore) {
      [last, slot] = newestOf(medium, siv);
      const problem = whyNot(state, hasMore, last);
      if (problem !== undefined)
        throw new CardMemoryError(
          `card memory: ${problem}: put back the newest image with its newest state, or make the card anew`,
        );
      // A change was safe and power failed before it was remembered.
      if (last === undefined ? state.generation > 0 : isBefore(last, state)) settled(state);
    },
  };
}

/** What is remembered, and in which slot it stands. Throws CardMemoryError when something is written there that this key did not write. */
function newestOf(medium: NonVolatile, siv: AesSiv): [Remembered | undefined, number] {
  const slots = [0, 1].map((number) => medium.read(number * SLOT, SLOT));
  const states = slots.map((octetsOfSlot) => {
    const opened = siv.open(octetsOfSlot, OF_STATE);
    return opened && remembered.decode(opened);
  });
  const [first, second] = states;
  if (first && second) return isBefore(first, second) ? [second, 1] : [first, 0];
  if (first) return [first, 0];
  if (second) return [second, 1];
  if (slots.every((octetsOfSlot) => octetsOfSlot.every((octet) => octet === 0xff))) return [undefined, 0];
  throw new CardMemoryError(
    "card memory: expected its newest state as its key wrote it, found other octets: the key is another card's, or they were changed",
  );
}

const isBefore = (a: { generation: number; end: number }, b: { generation: number; end: number }): boolean =>
  a.generation < b.generation || (a.generation === b.generation && a.end < b.end);

/** Why an image that stands so is not the card's newest; undefined when it is. */
function whyNot(state: MemoryState, hasMore: boolean, last: Remembered | undefined): string | undefined {
  const { generation, end, check = new Uint8Array(SIV_OCTETS) } = state;
  const found = `state ${generation}.${end}`;
  if (last === undefined)
    return generation === 0 ? undefined : `${found}, and no newest state is remembered to compare it with`;
  const expected = `expected state ${last.generation}.${last.end} or a later one, found ${found}`;
  if (isBefore(state, last))
    return hasMore ? `${expected} and octets that cannot be read: it is damaged` : `${expected}: it is an older image`;
  // A header is not sealed, and a bank begins with a transaction that is: without it anyone may have written the header.
  if (state.check === undefined && isBefore(last, state))
    return `${expected} with nothing that its key wrote: it is damaged`;
  const isSame = generation === last.generation && end === last.end;
  return isSame && !equalOctets(check, last.check) ? `${expected}, which has another history` : undefined;
}
