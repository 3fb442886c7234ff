import { toHex } from '#base/codec/index.ts';
import { OCTET_MEANINGS, type OctetMeaning } from './octet-meaning.ts';
import type { OctetNode } from './octet-tree.ts';

/** What holders of keys enciphered, deciphered and checked, so that a page can show what a relay cannot see. No key is in it. */
export interface OpenedOctets {
  /** The plain octets of a cipher text, as a card of a laboratory enciphered or deciphered them; undefined when none did. */
  plainOf(cipher: Uint8Array): Uint8Array | undefined;
  /** The plain body of a secured packet that no card opened, where somebody here has its keys: counted from CNTR on. */
  bodyOf?(packet: Uint8Array, kind: 'command' | 'response'): Uint8Array | undefined;
  /** MACs computed so far: a moment, for `macsOver`. */
  readonly mark: number;
  /** The whole MACs that were computed up to that moment over octets that end so, newest last. */
  macsOver(mark: number, ...covered: readonly Uint8Array[]): readonly Uint8Array[];
}

/** An octet string of a hop, and what stands in it. */
export interface OctetSheet {
  /** `octets` and `response` are as they travelled; `plain1`, `plain2` … are what a seal in another sheet hides. */
  readonly id: string;
  /** A standard’s name, or the code of one that describes (`OCTET_NAMES`). */
  readonly title: string;
  readonly octets: Uint8Array;
  readonly nodes: readonly OctetNode[];
  /** Where the sealed octets stand that these are the plain text of. */
  readonly plainOf?: { readonly sheet: string; readonly from: number; readonly to: number };
}

/** A seal that did not hold: what was received, and what the holder of the key computes over the received octets. */
export interface BrokenSeal {
  /** Sheet and octets of the MAC as it came. */
  readonly sheet: string;
  readonly from: number;
  readonly to: number;
  readonly received: Uint8Array;
  /** Undefined when no card of the laboratory computed one: it never came so far. */
  readonly computed: Uint8Array | undefined;
}

/** Longest value that is shown beside its octets. */
const LONGEST_SHOWN = 32;

/** What codecs say in errors where a field has no name of its own, as names of `OCTET_NAMES`. */
const CODEC_NAMES: Readonly<Record<string, string>> = {
  'protocol discriminator and message type': 'messageType',
  'RP message type': 'relayMessageType',
};

/** What the value of a payload's element means, where it is one of a few. */
function valueMeaning({ name, value }: OctetNode): OctetMeaning | undefined {
  const code = `${name}-${value}`;
  return value !== undefined && OCTET_MEANINGS.has(code) ? { code, values: {} } : undefined;
}

/** Elements as people read them: octets where nothing else says what stands there, and what the codes of payloads mean. */
function shown(nodes: readonly OctetNode[], octets: Uint8Array): readonly OctetNode[] {
  return nodes.map((node) => {
    const { from, to, children, value } = node;
    const name = CODEC_NAMES[node.name] ?? node.name;
    const short = children === undefined && to - from <= LONGEST_SHOWN ? toHex(octets.subarray(from, to)) : undefined;
    const text = value ?? short;
    const meaning = node.meaning ?? valueMeaning(node);
    return {
      ...{ ...node, name },
      ...(text !== undefined && { value: text }),
      ...(meaning && { meaning }),
      ...(children && { children: shown(children, octets) }),
    };
  });
}

/** Collects the sheets of one hop while its octets are described. */
export class Sheets {
  readonly opened: OpenedOctets;
  /** When the hop was: what was computed later says nothing about it. */
  readonly mark: number;
  readonly #sheets: OctetSheet[] = [];
  readonly #brokenSeals: BrokenSeal[] = [];
  #plains = 0;

  constructor(opened: OpenedOctets, mark: number) {
    this.opened = opened;
    this.mark = mark;
  }

  get all(): readonly OctetSheet[] {
    return this.#sheets;
  }
  get brokenSeals(): readonly BrokenSeal[] {
    return this.#brokenSeals;
  }

  /** Octets as they travelled; `describe` is told the sheet's id. Plain texts that it finds stand behind this sheet. */
  add(id: string, title: string, octets: Uint8Array, describe: (sheet: string) => readonly OctetNode[]): void {
    const at = this.#sheets.length;
    const nodes = describe(id);
    this.#sheets.splice(at, 0, { id, title, octets, nodes: shown(nodes, octets) });
  }

  /** The plain text of sealed octets. */
  addPlain(
    title: string,
    octets: Uint8Array,
    nodes: readonly OctetNode[],
    plainOf: { readonly sheet: string; readonly from: number; readonly to: number },
  ): void {
    // A command and the response that carries it may hide the same octets.
    const isThere = this.#sheets.some(
      (sheet) => sheet.plainOf?.from === plainOf.from && sheet.plainOf.sheet === plainOf.sheet,
    );
    if (!isThere)
      this.#sheets.push({ id: `plain${++this.#plains}`, title, octets, nodes: shown(nodes, octets), plainOf });
  }

  /** Notes a seal that did not hold. */
  addBrokenSeal(seal: BrokenSeal): void {
    this.#brokenSeals.push(seal);
  }
}
