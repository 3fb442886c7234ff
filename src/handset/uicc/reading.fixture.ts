import { toHex } from '#base/codec/index.ts';
import { type Card, statusWord } from '#protocol/apdu/index.ts';
import { ADM } from './uicc.fixture.ts';

// Reads a UICC whole, as who holds its administrative code can. No part of the product.

const hex = (value: number, digits = 2) => value.toString(16).padStart(digits, '0');
/** Directories, by their paths from the MF, and the first identifier of the 256 that files in them may have. */
const PLACES = [
  ['', 0x2f00],
  ['7F10', 0x6f00],
  ['7F105F3A', 0x4f00],
  ['7F105F3B', 0x4f00],
  ['7FFF', 0x6f00],
  ['7FFF5FC0', 0x4f00],
] as const;
/** Key references whose tries anyone may ask for. */
const REFERENCES = [0x01, 0x02, 0x0a, 0x0b, 0x11, 0x81];

/** Every file with its control parameters and content, and the tries left of every PIN. It verifies ADM1. */
export function readWhole(card: Card, pin?: string): string {
  const send = (command: string) => {
    const response = card.transmit(Uint8Array.from(Buffer.from(command, 'hex')));
    const sw = statusWord(response);
    if (sw >> 8 !== 0x61) return toHex(response);
    return toHex(card.transmit(Uint8Array.of(0x00, 0xc0, 0x00, 0x00, sw & 0xff)));
  };
  const found = REFERENCES.map(
    (reference) => `${hex(reference)} ${send(`002000${hex(reference)}`)} ${send(`002C00${hex(reference)}`)}`,
  );
  send('00A4040C07A0000000871002');
  send(`0020000A08${toHex(ADM)}`);
  if (pin !== undefined) send(`0020000108${Buffer.from(pin).toString('hex').padEnd(16, 'f')}`);
  for (const [path, first] of PLACES)
    for (let identifier = first; identifier < first + 0x100; identifier++) {
      const name = path + hex(identifier, 4);
      const parameters = send(`00A40804${hex(name.length / 2)}${name}00`);
      if (parameters === '6A82') continue;
      found.push(`${name} ${parameters}`, ...contents(send));
    }
  return found.join('\n');
}

/** What is in the file that is selected: its octets, its records, or its data objects. */
function contents(send: (command: string) => string): readonly string[] {
  const octets = send('00B0000000');
  if (octets !== '6981') return [octets];
  const records: string[] = [];
  for (let record = 1; record < 0xff; record++) {
    const content = send(`00B2${hex(record)}0400`);
    if (content === '6981') return [send('80CB0080018000'), send('80CB008002 9F2100'.replace(' ', ''))];
    if (content === '6A83') break;
    records.push(content);
  }
  return records;
}
