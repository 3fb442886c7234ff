import { berTlvs, comprehensionTlvs, type Tlv, toHex } from '#base/codec/index.ts';
import { TOOLKIT_TAG } from '#protocol/usat/index.ts';
import { type OctetNode, tried } from './octet-tree.ts';

const CONSTRUCTED = 0x20;
/** What is nested deeper is shown as octets. */
const DEEPEST = 8;

const hexTag = (tag: number) =>
  tag
    .toString(16)
    .toUpperCase()
    .padStart(tag > 0xff ? 4 : 2, '0');

/** Whether a tag's first octet says that data objects stand inside (ISO/IEC 7816-4 5.2.2.1). */
function isConstructed(tag: number): boolean {
  const first = tag > 0xffff ? tag >> 16 : tag > 0xff ? tag >> 8 : tag;
  return (first & CONSTRUCTED) !== 0;
}

/** Names of tags, where they have one. */
export type TagNames = Readonly<Record<number, string>>;

/** Objects named by GlobalPlatform and TS 102 221 where this house reads or writes them. */
export const CARD_TAGS: TagNames = {
  66: 'CA identifier',
  79: 'application identifier',
  80: 'application label',
  83: 'discretionary data',
  97: 'application template',
  98: 'FCP template',
  102: 'card data',
  111: 'FCI template',
  115: 'discretionary data',
  128: 'file size',
  129: 'total file size',
  130: 'file descriptor',
  131: 'file identifier',
  132: 'DF name (AID)',
  133: 'proprietary information',
  136: 'short file identifier',
  138: 'life cycle status',
  139: 'security attributes (EF.ARR)',
  140: 'security attributes (compact)',
  144: 'SCP identifier and parameters',
  147: 'serial number',
  149: 'key usage',
  165: 'proprietary information',
  166: 'control reference template',
  176: 'public point',
  198: 'PIN status template',
  219: 'authentication response: RES',
  220: 'synchronisation failure: AUTS',
  224: 'key information template',
  240: 'curve',
  24352: 'subject identifier',
  24356: 'expiration date',
  24357: 'effective date',
  24375: 'signature',
  24393: 'ephemeral public key',
  32545: 'certificate',
  32585: 'public key',
  40816: 'life cycle state',
  48929: 'certificate store',
  134: 'receipt',
};

/** BER-TLV data objects between two indexes, constructed ones with what is inside. None when the octets are none. */
export function berTree(
  octets: Uint8Array,
  from: number,
  to: number,
  names = CARD_TAGS,
  depth = 0,
): readonly OctetNode[] {
  const found = tried(() => berTlvs(octets.subarray(from, to)));
  return (found ?? []).map((tlv) => {
    const inside = isConstructed(tlv.tag) && depth < DEEPEST;
    const children = inside ? berTree(octets, from + tlv.end - tlv.value.length, from + tlv.end, names, depth + 1) : [];
    return nodeOf(tlv, from, names[tlv.tag], children);
  });
}

function nodeOf(tlv: Tlv, from: number, name: string | undefined, children: readonly OctetNode[]): OctetNode {
  return {
    name: name === undefined ? `tag ${hexTag(tlv.tag)}` : `${hexTag(tlv.tag)} ${name}`,
    from: from + tlv.start,
    to: from + tlv.end,
    ...(children.length > 0 ? { children } : { value: toHex(tlv.value) }),
  };
}

const TOOLKIT_NAMES = new Map<number, string>(
  Object.entries(TOOLKIT_TAG).map(([name, tag]) => [tag, name.replaceAll(/([A-Z]+)/g, ' $1').toLowerCase()]),
);

/** One COMPREHENSION-TLV data object of a command or response: what it is, and where its value stands. */
export interface ToolkitObject {
  readonly tag: number;
  readonly node: OctetNode;
  readonly valueFrom: number;
  readonly valueTo: number;
}

/** COMPREHENSION-TLV data objects between two indexes (TS 101 220 7.1). None when the octets are none. */
export function toolkitObjects(octets: Uint8Array, from: number, to: number): readonly ToolkitObject[] {
  const found = tried(() => comprehensionTlvs(octets.subarray(from, to)));
  return (found ?? []).map((tlv) => ({
    tag: tlv.tag,
    node: nodeOf(tlv, from, TOOLKIT_NAMES.get(tlv.tag) ?? undefined, []),
    valueFrom: from + tlv.end - tlv.value.length,
    valueTo: from + tlv.end,
  }));
}
