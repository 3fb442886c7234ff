import { berTlvs, CodecError, type Tlv } from '#base/codec/index.ts';

/** Structure of a file by its descriptor (TS 102 221 11.1.1.4.3). */
export type FileKind = 'directory' | 'transparent' | 'linear' | 'cyclic' | 'berTlv' | 'unknown';

/** State of a PIN as the FCP of a DF tells it (TS 102 221 11.1.1.4.10). */
export interface PinFact {
  readonly reference: number;
  readonly isEnabled: boolean;
}

/** What SELECT or STATUS told of a file. What the card left out is undefined. */
export interface FileFacts {
  readonly kind: FileKind;
  readonly identifier: number | undefined;
  readonly aid: Uint8Array | undefined;
  readonly size: number | undefined;
  readonly recordLength: number | undefined;
  readonly records: number | undefined;
  readonly shortIdentifier: number | undefined;
  readonly lifeCycle: number | undefined;
  /** Value of 8B, 8C or AB with its tag. */
  readonly security: { readonly tag: number; readonly value: Uint8Array } | undefined;
  readonly pins: readonly PinFact[];
}

const TEMPLATE = 0x62;
const KINDS: ReadonlyMap<number, FileKind> = new Map([
  [0x01, 'transparent'],
  [0x02, 'linear'],
  [0x06, 'cyclic'],
  [0x38, 'directory'],
  [0x39, 'berTlv'],
]);
/** Everything of the first descriptor octet but "shareable". */
const KIND_BITS = 0x3f;
const SECURITY_TAGS: readonly number[] = [0x8b, 0x8c, 0xab];

const numberIn = (octets: Uint8Array | undefined): number | undefined =>
  octets === undefined || octets.length === 0 || octets.length > 4
    ? undefined
    : octets.reduce((value, octet) => value * 256 + octet, 0);

/** The PINs of a PIN status template: PS_DO 90 with a bit for each, then their key references 83. */
function pinsIn(template: Uint8Array | undefined): readonly PinFact[] {
  if (template === undefined) return [];
  const objects = berTlvs(template);
  const bits = objects.find(({ tag }) => tag === 0x90)?.value ?? [];
  const references = objects.filter(({ tag, value }) => tag === 0x83 && value.length === 1);
  return references.map(({ value }, i) => ({
    reference: value[0] as number,
    isEnabled: (((bits[i >> 3] ?? 0) >> (7 - (i & 7))) & 1) === 1,
  }));
}

function shortIdentifierIn(value: Uint8Array | undefined, identifier: number | undefined): number | undefined {
  // Without the object the low five bits of the identifier are the short one (TS 102 221 11.1.1.4.8).
  const short = value === undefined ? (identifier ?? 0) & 0x1f : (value[0] ?? 0) >> 3;
  return short === 0 || short === 0x1f ? undefined : short;
}

function factsIn(objects: readonly Tlv[]): FileFacts {
  const value = (tag: number) => objects.find((one) => one.tag === tag)?.value;
  const descriptor = value(0x82);
  const kind = KINDS.get((descriptor?.[0] ?? 0) & KIND_BITS) ?? 'unknown';
  const isFile = kind !== 'directory' && kind !== 'unknown';
  const identifier = numberIn(value(0x83));
  const hasRecords = (kind === 'linear' || kind === 'cyclic') && descriptor !== undefined && descriptor.length >= 4;
  const security = objects.find(({ tag }) => SECURITY_TAGS.includes(tag));
  return {
    kind,
    identifier,
    aid: value(0x84),
    size: numberIn(value(0x80)),
    recordLength: hasRecords ? numberIn(descriptor.subarray(2, 4)) : undefined,
    records: hasRecords ? descriptor[4] : undefined,
    shortIdentifier: isFile ? shortIdentifierIn(value(0x88), identifier) : undefined,
    lifeCycle: value(0x8a)?.[0],
    security: security && { tag: security.tag, value: security.value },
    pins: pinsIn(value(0xc6)),
  };
}

/** The file in an FCP template (TS 102 221 11.1.1.3); undefined when the octets are none. */
export function fileFacts(fcp: Uint8Array): FileFacts | undefined {
  try {
    const template = berTlvs(fcp).find(({ tag }) => tag === TEMPLATE);
    return template && factsIn(berTlvs(template.value));
  } catch (error) {
    if (error instanceof CodecError) return undefined;
    throw error;
  }
}

/** A life cycle in words (TS 102 221 11.1.1.4.9). */
export function lifeCycleWords(state: number | undefined): string {
  if (state === undefined) return 'not told';
  if (state >= 0x0c) return 'terminated';
  if (state === 0x01) return 'being created';
  if (state === 0x03) return 'initialisation';
  return (state & 0x05) === 0x05 ? 'activated' : (state & 0x04) !== 0 ? 'deactivated' : `state ${state.toString(16)}`;
}
