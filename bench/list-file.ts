import { chance, equipmentNumbers } from './equipment-numbers.ts';

const CHUNK_OCTETS = 64 * 1024;
const DAYS = 1000;
const FIRST_DAY = Date.UTC(2024, 0, 1);
const DAY = 24 * 3_600_000;
const REASONS = ['STOLEN', 'LOST', 'Reported stolen', 'duplicate', 'other'] as const;

/** A black list in the form of DIRBS: different IMEIs of 5,000 TACs in chance order, a thousand dates, five reasons. */
export interface ListFile {
  /** In ascending order. */
  readonly numbers: Float64Array;
  /** The file, made as it is read; the same octets each time. */
  chunks(): Generator<Uint8Array>;
  /** Milliseconds that making the chunks took so far: not the reader's. */
  readonly spent: number;
}

function shuffled(numbers: Float64Array): Float64Array {
  const next = chance(11);
  const mixed = numbers.slice();
  for (let i = mixed.length - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1));
    [mixed[i], mixed[j]] = [mixed[j]!, mixed[i]!];
  }
  return mixed;
}

/** A list file of `count` lines. */
export function listFile(count: number): ListFile {
  const numbers = equipmentNumbers(count);
  const order = shuffled(numbers);
  const next = chance(13);
  const rests = Array.from({ length: DAYS * REASONS.length }, (_, i) => {
    const day = new Date(FIRST_DAY + (i % DAYS) * DAY).toISOString().slice(0, 10).replaceAll('-', '');
    return `,${day},${REASONS[Math.floor(i / DAYS)]}\r\n`;
  });
  let spent = 0;
  return {
    numbers,
    get spent() {
      return spent;
    },
    *chunks() {
      let text = 'imei,block_date,reasons\r\n';
      let begun = performance.now();
      for (const number of order) {
        // Half of the cases are stolen handsets.
        text += String(number).padStart(14, '0') + rests[Math.floor(next() * (next() < 0.5 ? DAYS : rests.length))];
        if (text.length < CHUNK_OCTETS) continue;
        const chunk = Buffer.from(text, 'latin1');
        spent += performance.now() - begun;
        yield chunk;
        begun = performance.now();
        text = '';
      }
      spent += performance.now() - begun;
      yield Buffer.from(text, 'latin1');
    },
  };
}
