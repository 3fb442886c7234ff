import { MalformedFile } from '../csv.ts';
import { fileProblem } from '../file-problem.ts';
import { type LineProblem, lineProblem, type Problem } from '../line-problem.ts';

/** Octets of one element; longer ones are bad. */
export const LONGEST_ELEMENT = 65_536;
/** Braces and brackets within one another in one element. */
const DEEPEST = 16;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const LINE_FEED = 0x0a;

/** An element and its number from 1: its octets (good until the next), or why it cannot be read. */
export type OnElement = (number: number, octets: Uint8Array, problem: LineProblem | undefined) => void;

/**
 * Cuts JSON as it arrives (RFC 8259) into the elements of the array it is, or into its values one after the other (JSON lines). At most one
 * element of 64 KiB is held. Elements are cut by their braces and quotes only; whether they are JSON, JSON.parse says.
 */
export class JsonCutter {
  readonly #onElement: OnElement;
  readonly #kept = new Uint8Array(LONGEST_ELEMENT);
  #length = 0;
  #number = 1;
  #depth = 0;
  #inString = false;
  #isEscaped = false;
  #inScalar = false;
  #problem: LineProblem | undefined;
  /** Undefined before the first sign. */
  #shape: 'array' | 'values' | 'closed' | undefined;

  constructor(onElement: OnElement) {
    this.#onElement = onElement;
  }

  /** Takes the next octets. Throws MalformedFile. */
  push(octets: Uint8Array): void {
    for (let at = 0; at < octets.length; at++) {
      const octet = octets[at] as number;
      if (octet === 0) throw new MalformedFile(fileProblem('zerosAfterElement', { element: this.#number - 1 }));
      if (this.#inString) this.#withinString(octet);
      else if (this.#depth > 0) this.#withinElement(octet);
      else this.#between(octet);
    }
  }

  /** Ends the file. Throws MalformedFile when it was cut off. */
  finish(): void {
    if (this.#inScalar) this.#end();
    if (this.#depth > 0 || this.#inString)
      throw new MalformedFile(fileProblem('elementCut', { element: this.#number }));
    if (this.#shape === 'array') throw new MalformedFile(fileProblem('arrayCut', { element: this.#number - 1 }));
    if (this.#shape === undefined) throw new MalformedFile(fileProblem('emptyRecords'));
  }

  #between(octet: number): void {
    if (isSpace(octet) || octet === COMMA || octet === CLOSE_BRACKET) {
      if (this.#inScalar) this.#end();
      if (octet === CLOSE_BRACKET) this.#close();
      return;
    }
    if (this.#shape === 'closed') throw new MalformedFile(fileProblem('afterArray', { element: this.#number - 1 }));
    if (this.#shape === undefined) {
      this.#shape = octet === OPEN_BRACKET ? 'array' : 'values';
      if (octet === OPEN_BRACKET) return;
    }
    if (this.#inScalar && (octet === OPEN_BRACE || octet === OPEN_BRACKET || octet === QUOTE)) this.#end();
    this.#keep(octet);
    if (octet === OPEN_BRACE || octet === OPEN_BRACKET) this.#depth = 1;
    else if (octet === QUOTE) this.#inString = true;
    else this.#inScalar = true;
  }

  #close(): void {
    if (this.#shape === 'array') this.#shape = 'closed';
    else throw new MalformedFile(fileProblem('strayBracket', { element: this.#number - 1 }));
  }

  #withinElement(octet: number): void {
    this.#keep(octet);
    if (octet === QUOTE) this.#inString = true;
    else if (octet === OPEN_BRACE || octet === OPEN_BRACKET) {
      this.#depth++;
      if (this.#depth > DEEPEST) this.#problem ??= lineProblem('recordDeep', { most: DEEPEST });
    } else if (octet === CLOSE_BRACE || octet === CLOSE_BRACKET) {
      this.#depth--;
      if (this.#depth === 0) this.#end();
    }
  }

  #withinString(octet: number): void {
    // A string cannot hold a line end: this one lost its quote, and what follows is the next element.
    if (octet === LINE_FEED) {
      this.#problem ??= lineProblem('recordQuote');
      this.#end();
      return;
    }
    this.#keep(octet);
    if (this.#isEscaped) this.#isEscaped = false;
    else if (octet === BACKSLASH) this.#isEscaped = true;
    else if (octet === QUOTE) {
      this.#inString = false;
      if (this.#depth === 0) this.#end();
    }
  }

  #keep(octet: number): void {
    if (this.#length < LONGEST_ELEMENT) this.#kept[this.#length++] = octet;
    else this.#problem ??= lineProblem('recordLong', { most: LONGEST_ELEMENT });
  }

  #end(): void {
    this.#onElement(this.#number++, this.#kept.subarray(0, this.#length), this.#problem);
    this.#length = 0;
    this.#depth = 0;
    this.#inString = false;
    this.#isEscaped = false;
    this.#inScalar = false;
    this.#problem = undefined;
  }
}

const isSpace = (octet: number): boolean => octet === 0x20 || (octet >= 0x09 && octet <= 0x0d);

/** An object of JSON, or what is wrong. Throws MalformedFile for what is no UTF-8. */
export function jsonObject(text: string): { readonly members: Readonly<Record<string, unknown>> } | Problem {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { problem: lineProblem('recordUnreadable') };
  }
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject
    ? { members: value as Readonly<Record<string, unknown>> }
    : { problem: lineProblem('recordNoObject') };
}
