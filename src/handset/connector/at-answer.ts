import { fromHex } from '#base/codec/index.ts';

/** Longest line of a modem: an R-APDU of 256 octets in hexadecimal, with what stands around it. */
const LONGEST_LINE = 2048;
/** Most lines of one answer. */
const MOST_LINES = 64;

/** How a command ended: OK, a refusal with the modem's own words, or the modem was silent or babbled. */
export type AtResult =
  | { readonly kind: 'ok'; readonly lines: readonly string[] }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'silent'; readonly reason: string };

/** Final result codes other than OK (V.250 5.7.1, TS 27.007 9.1, TS 27.005 3.2.5). */
const REFUSAL = /^(ERROR|NO CARRIER|NO DIALTONE|BUSY|NO ANSWER|COMMAND NOT SUPPORT|\+CM[ES] ERROR: ?.{0,80})$/;

/** Errors that a person can do something about (TS 27.007 9.2). */
const ERRORS: ReadonlyMap<string, string> = new Map([
  ['3', 'not allowed'],
  ['4', 'not supported'],
  ['10', 'no SIM in the modem'],
  ['11', 'the SIM asks for its PIN'],
  ['12', 'the SIM asks for its PUK'],
  ['13', 'the SIM failed'],
  ['14', 'the SIM is busy'],
  ['15', 'the SIM is a wrong one'],
  ['16', 'the password is wrong'],
  ['17', 'the SIM asks for its PIN2'],
  ['18', 'the SIM asks for its PUK2'],
  ['22', 'not found'],
  ['50', 'parameters that are wrong'],
  ['100', 'an error without a name'],
]);

/** A refusal in words. */
function reasonOf(line: string): string {
  const number = /^\+CME ERROR: ?(\d+)$/.exec(line)?.[1];
  const words = number === undefined ? undefined : ERRORS.get(number);
  return words === undefined ? line : `${line} (${words})`;
}

/**
 * Cuts what a modem sends into lines and finds the answer to one command among them: echo, empty lines and lines that the modem sends by
 * itself (RING, +CREG: …) are passed over. Holds at most one line, and the lines of one answer.
 */
export class AtReader {
  #line = '';
  #lines: string[] = [];
  #prefix = '';
  #done: ((result: AtResult) => void) | undefined;

  /** Waits for the answer to a command: its lines begin with `prefix` (`+CSIM:`), or are all lines when it is empty. */
  expect(prefix: string, done: (result: AtResult) => void): void {
    this.#prefix = prefix;
    this.#lines = [];
    this.#done = done;
  }

  /** The answer does not come any more; what comes late is passed over. */
  giveUp(): void {
    this.#done = undefined;
  }

  /** The line ended: an answer that is waited for does not come. */
  end(reason: string): void {
    this.#finish({ kind: 'silent', reason });
  }

  /** Takes received octets, in pieces of any size. */
  push(octets: Uint8Array): void {
    for (const octet of octets) {
      if (octet === 0x0d || octet === 0x0a) this.#endLine();
      else if (this.#line.length < LONGEST_LINE) this.#line += String.fromCharCode(octet & 0x7f);
      else {
        this.#finish({ kind: 'silent', reason: `the modem sent a line of more than ${LONGEST_LINE} characters` });
        return;
      }
    }
  }

  #endLine(): void {
    const line = this.#line.trim();
    this.#line = '';
    if (this.#done === undefined || line === '') return;
    if (line === 'OK') this.#finish({ kind: 'ok', lines: this.#lines });
    else if (REFUSAL.test(line)) this.#finish({ kind: 'refused', reason: reasonOf(line) });
    else if (/^AT/i.test(line) || !line.startsWith(this.#prefix)) return;
    else if (this.#lines.length === MOST_LINES)
      this.#finish({ kind: 'silent', reason: `the modem sent more than ${MOST_LINES} lines` });
    else this.#lines.push(line);
  }

  #finish(result: AtResult): void {
    const done = this.#done;
    this.#done = undefined;
    this.#line = '';
    done?.(result);
  }
}

const HEX = /^(?:[0-9A-F]{2})*$/i;

/** Octets of a string of TS 27.007 in hexadecimal; undefined when it is none. */
function octetsOf(text: string): Uint8Array | undefined {
  return HEX.test(text) ? fromHex(text) : undefined;
}

/** The R-APDU of `+CSIM: <length>,"<response>"` or `+CGLA: …` (TS 27.007 8.17, 8.43); undefined when there is none, or its length lies. */
export function apduIn(lines: readonly string[]): Uint8Array | undefined {
  const [, length, text] = /^\+C(?:SIM|GLA): ?(\d{1,4}) ?, ?"?([0-9A-F]*)"?$/i.exec(lines.at(-1) ?? '') ?? [];
  if (text === undefined || Number(length) !== text.length) return undefined;
  const octets = octetsOf(text);
  return octets === undefined || octets.length < 2 ? undefined : octets;
}

/** The R-APDU of `+CRSM: <sw1>,<sw2>[,"<response>"]` (TS 27.007 8.18). */
export function restrictedAnswerIn(lines: readonly string[]): Uint8Array | undefined {
  const found = /^\+CRSM: ?(\d{1,3}) ?, ?(\d{1,3})(?: ?, ?"?([0-9A-F]*)"?)?$/i.exec(lines.at(-1) ?? '');
  const data = found === null ? undefined : octetsOf(found[3] ?? '');
  const [sw1, sw2] = [Number(found?.[1]), Number(found?.[2])];
  if (data === undefined || !(sw1 < 256) || !(sw2 < 256)) return undefined;
  return Uint8Array.of(...data, sw1, sw2);
}

/** What a pattern finds in the first line that it fits: a modem may have said something by itself before. */
function firstIn(lines: readonly string[], pattern: RegExp): string | undefined {
  for (const line of lines) {
    const found = pattern.exec(line)?.[1];
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The session of `+CCHO: <id>` or a bare number (TS 27.007 8.45). */
export function sessionIn(lines: readonly string[]): number | undefined {
  const found = firstIn(lines, /^(?:\+CCHO: ?)?(\d{1,9})$/);
  return found === undefined ? undefined : Number(found);
}

/** The IMEI of a bare number or `+CGSN: "…"` (TS 27.007 5.4). */
export const serialNumberIn = (lines: readonly string[]): string | undefined =>
  firstIn(lines, /^(?:\+CGSN: ?)?"?(\d{14,16})"?$/);
