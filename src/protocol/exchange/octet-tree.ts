import { CodecError, type Format, Reader } from '#base/codec/index.ts';
import type { OctetMeaning } from './octet-meaning.ts';

/** A part of an octet string, with what stands there: indexes count from the string's first octet, `to` is behind the last one. */
export interface OctetNode {
  /** The standard's name of the element, or the code of a name that describes it (`OCTET_NAMES`). */
  readonly name: string;
  /** The tag of a data object, in hexadecimal. */
  readonly tag?: string;
  readonly from: number;
  readonly to: number;
  /** Its value, where that says more than its octets. */
  readonly value?: string;
  /** What the value means here. */
  readonly meaning?: OctetMeaning;
  readonly children?: readonly OctetNode[];
}

interface Frame {
  readonly children: Building[];
  /** Where the next element begins: behind the last one. */
  boundary: number;
  /** The element that is being read. */
  open: Building | undefined;
}

interface Building {
  readonly name: string;
  readonly from: number;
  /** Where its name was said. */
  readonly namedAt: number;
  to: number;
  children: readonly Building[];
}

/** A reader that remembers which octets each named element of a declared format was read from. */
class WatchingReader extends Reader {
  #frames: Frame[] = [{ children: [], boundary: 0, open: undefined }];
  #name = 'octets';

  constructor(octets: Uint8Array) {
    super(octets);
    Object.defineProperty(this, 'field', { get: () => this.#name, set: (name: string) => this.#begin(name) });
  }

  get #frame(): Frame {
    return this.#frames.at(-1) as Frame;
  }

  #begin(name: string): void {
    this.#name = name;
    const frame = this.#frame;
    if (frame.open !== undefined) {
      // What was named there before is missing: an optional element, for one.
      if (frame.open.namedAt !== this.position) this.#close(this.position);
    }
    frame.open = { name, from: frame.boundary, namedAt: this.position, to: this.position, children: [] };
  }

  #close(at: number): void {
    const frame = this.#frame;
    if (frame.open !== undefined && at > frame.open.from) frame.children.push({ ...frame.open, to: at });
    frame.open = undefined;
    frame.boundary = at;
  }

  override within<T>(length: number, read: (reader: Reader) => T): T {
    this.#frames.push({ children: [], boundary: this.position, open: undefined });
    const value = super.within(length, read);
    this.#close(this.position);
    const { children } = this.#frames.pop() as Frame;
    const { open } = this.#frame;
    if (open === undefined) this.#frame.children.push(...children);
    else open.children = children;
    if (open !== undefined) this.#close(this.position);
    return value;
  }

  /** The elements of all that was read. */
  tree(): readonly Building[] {
    this.#close(this.position);
    return (this.#frames[0] as Frame).children;
  }
}

const scalar = (value: unknown): string | undefined =>
  ['string', 'number', 'boolean', 'bigint'].includes(typeof value) ? String(value) : undefined;

function nodesOf(built: readonly Building[], value: unknown, shift: number): readonly OctetNode[] {
  return built.map(({ name, from, to, children }) => {
    const member = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
    const text = scalar(member);
    return {
      ...{ name, from: from + shift, to: to + shift },
      ...(text !== undefined && text !== '' && { value: text }),
      ...(children.length > 0 && { children: nodesOf(children, member, shift) }),
    };
  });
}

/** What a declared format read, and the elements it read it from. */
export interface ReadTree<T> {
  readonly value: T;
  readonly nodes: readonly OctetNode[];
}

/**
 * Reads octets by a declared format and tells which octets each element came from, moved by `shift`; undefined when they are not of that
 * format: a trace shows attacks too.
 */
export function readTree<T>(format: Format<T>, octets: Uint8Array, shift = 0): ReadTree<T> | undefined {
  const reader = new WatchingReader(octets);
  const value = tried(() => {
    const read = format.read(reader);
    reader.finish();
    return read;
  });
  return value === undefined ? undefined : { value, nodes: nodesOf(reader.tree(), value, shift) };
}

/** What `read` gives; undefined when the octets are not what it wants. */
export function tried<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof CodecError) return undefined;
    throw error;
  }
}

/** The same nodes, `by` octets further behind. */
export function shifted(nodes: readonly OctetNode[], by: number): readonly OctetNode[] {
  return nodes.map((node) => ({
    ...node,
    from: node.from + by,
    to: node.to + by,
    ...(node.children && { children: shifted(node.children, by) }),
  }));
}

/** The nodes with each one that has this name changed by `change`; its children are looked at as well. */
export function withNode(
  nodes: readonly OctetNode[],
  name: string,
  change: (node: OctetNode) => OctetNode,
): readonly OctetNode[] {
  return nodes.map((node) => {
    const children = node.children && { children: withNode(node.children, name, change) };
    return node.name === name ? change({ ...node, ...children }) : { ...node, ...children };
  });
}
