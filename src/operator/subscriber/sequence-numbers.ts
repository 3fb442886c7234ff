import { type Database, integer } from '#operator/database/index.ts';

/** Bits of IND in SQN = SEQ | IND (TS 33.102 C.1.1.1, C.3.2). */
const IND_BITS = 5;
const INDICES = 2 ** IND_BITS;
/** SEQ has 43 bits. */
const SEQ_LIMIT = 2 ** (48 - IND_BITS);
/** Numbers taken from the database at once: so many may be lost when the process dies, none is used twice. */
const BLOCK = 32;
/** Subscribers whose block is kept in memory. */
const MOST_BLOCKS = 100_000;

interface Block {
  next: number;
  readonly end: number;
}

/** Sequence numbers of every subscriber: each higher than all before, also after a crash and with several processes. */
export class SequenceNumbers {
  readonly #database: Database;
  readonly #blocks = new Map<string, Block>();
  readonly #ceiling;
  readonly #raise;

  constructor(database: Database) {
    this.#database = database;
    this.#ceiling = database.query('SELECT sequence_ceiling FROM uicc WHERE iccid = ?', { sequenceCeiling: integer });
    this.#raise = database.command('UPDATE uicc SET sequence_ceiling = ? WHERE iccid = ? AND sequence_ceiling < ?');
  }

  /** The next SQN (48 bits) of a UICC. SEQ and IND both rise by one each time. Throws RangeError when they are used up. */
  next(iccid: string): number {
    const block = this.#block(iccid);
    const sequence = block.next++;
    return sequence * INDICES + (sequence % INDICES);
  }

  /** Goes on above what the USIM has seen (TS 33.102 C.3.4); never goes back. */
  raiseAbove(iccid: string, sqnOfUsim: number): void {
    const least = Math.floor(sqnOfUsim / INDICES) + 1;
    if (this.#block(iccid).next >= least) return;
    this.#raise.run(least, iccid, least);
    this.#blocks.delete(iccid);
  }

  #block(iccid: string): Block {
    const known = this.#blocks.get(iccid);
    // Another process that took numbers has raised the ceiling: what is left of this block would be lower than its numbers.
    if (known !== undefined && known.next < known.end && this.#ceiling.only(iccid).sequenceCeiling === known.end)
      return known;
    const start = this.#database.transaction(() => {
      const { sequenceCeiling } = this.#ceiling.only(iccid);
      if (sequenceCeiling + BLOCK > SEQ_LIMIT)
        throw new RangeError('the sequence numbers of this UICC are used up; replace it');
      this.#raise.run(sequenceCeiling + BLOCK, iccid, sequenceCeiling + BLOCK);
      return sequenceCeiling;
    });
    // SQN 0 is what a new USIM holds: the first one given out is higher.
    const block = { next: Math.max(start, 1), end: start + BLOCK };
    if (this.#blocks.size >= MOST_BLOCKS) this.#blocks.clear();
    this.#blocks.set(iccid, block);
    return block;
  }
}
