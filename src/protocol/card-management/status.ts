import { berTlv, berTlvSet, concat, type Infer, optional, required, rest } from '#base/codec/index.ts';

/** Data of GET STATUS (GPC 2.3.1 11.4.2.3): the beginning of an AID, and the tags that are wanted. */
export const statusSearch = berTlvSet({ aid: required(0x4f, rest(0, 16)), tags: optional(0x5c, rest(1, 32)) });
/** Data of GET STATUS. */
export type StatusSearch = Infer<typeof statusSearch>;

/** What the registry of a card says of one application, security domain or load file. */
export interface RegistryLine {
  readonly aid: Uint8Array;
  readonly lifeCycle: number;
  /** Three octets; a load file has none. */
  readonly privileges?: Uint8Array;
  /** The load file it was made from. */
  readonly loadFile?: Uint8Array;
  /** The security domain it belongs to. */
  readonly domain?: Uint8Array;
  /** Modules of a load file. */
  readonly modules?: readonly Uint8Array[];
}

const TAG = { aid: 0x4f, lifeCycle: 0x9f70, privileges: 0xc5, loadFile: 0xc4, domain: 0xcc, module: 0x84 } as const;
const LONG_TAG = 0x1f;

/** The tags of a tag list 5C, one or two octets each. */
function tagsOf(list: Uint8Array): ReadonlySet<number> {
  const tags = new Set<number>();
  for (let i = 0; i < list.length; i++) {
    const first = list[i] as number;
    const isLong = (first & LONG_TAG) === LONG_TAG && i + 1 < list.length;
    tags.add(isLong ? (first << 8) | (list[++i] as number) : first);
  }
  return tags;
}

/** A line as E3 with the data objects that a tag list names, or all of them (GPC 2.3.1 table 11-36). */
function taggedLine(line: RegistryLine, wanted: Uint8Array | undefined): Uint8Array {
  const tags = wanted && tagsOf(wanted);
  const parts: Uint8Array[] = [];
  const add = (tag: number, value: Uint8Array | undefined) => {
    if (value !== undefined && (tags === undefined || tags.has(tag))) parts.push(berTlv(tag, value));
  };
  add(TAG.aid, line.aid);
  add(TAG.lifeCycle, Uint8Array.of(line.lifeCycle));
  add(TAG.privileges, line.privileges);
  add(TAG.loadFile, line.loadFile);
  for (const module of line.modules ?? []) add(TAG.module, module);
  add(TAG.domain, line.domain);
  return berTlv(0xe3, ...parts);
}

const lengthValue = (value: Uint8Array): Uint8Array => concat(Uint8Array.of(value.length), value);

/** A line in the deprecated form without tags (GPC 2.3.1 table 11-34): first octet of the privileges, then modules. */
function bareLine({ aid, lifeCycle, privileges, modules }: RegistryLine): Uint8Array {
  const head = concat(lengthValue(aid), Uint8Array.of(lifeCycle, privileges?.[0] ?? 0));
  if (modules === undefined) return head;
  return concat(head, Uint8Array.of(modules.length), ...modules.map(lengthValue));
}

/** A line of the answer to GET STATUS, in the form its P2 asks for. */
export function statusLine(line: RegistryLine, form: 'tagged' | 'bare', tags?: Uint8Array): Uint8Array {
  return form === 'tagged' ? taggedLine(line, tags) : bareLine(line);
}
