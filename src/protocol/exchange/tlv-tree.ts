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

/** Names of tags by their code in `OCTET_NAMES`, where they have one. */
export type TagNames = Readonly<Record<number, string>>;

/** Objects named by GlobalPlatform and TS 102 221 where this house reads or writes them. */
export const CARD_TAGS: TagNames = {
  66: 'caIdentifier',
  79: 'applicationIdentifier',
  80: 'applicationLabel',
  83: 'discretionaryData',
  97: 'applicationTemplate',
  98: 'fcpTemplate',
  102: 'cardData',
  111: 'fciTemplate',
  115: 'discretionaryData',
  128: 'fileSize',
  129: 'totalFileSize',
  130: 'fileDescriptor',
  131: 'fileIdentifier',
  132: 'dfName',
  133: 'proprietaryInformation',
  136: 'shortFileIdentifier',
  138: 'lifeCycleStatus',
  139: 'securityAttributesByRule',
  140: 'securityAttributesCompact',
  144: 'scpIdentifier',
  147: 'serialNumber',
  149: 'keyUsage',
  165: 'proprietaryInformation',
  166: 'controlReferenceTemplate',
  176: 'publicPoint',
  198: 'pinStatusTemplate',
  219: 'authenticationResponse',
  220: 'synchronisationFailure',
  224: 'keyInformationTemplate',
  240: 'curve',
  24352: 'subjectIdentifier',
  24356: 'expirationDate',
  24357: 'effectiveDate',
  24375: 'signature',
  24393: 'ephemeralPublicKey',
  32545: 'certificate',
  32585: 'publicKey',
  40816: 'lifeCycleState',
  48929: 'certificateStore',
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
    name: name ?? 'dataObject',
    tag: hexTag(tlv.tag),
    from: from + tlv.start,
    to: from + tlv.end,
    ...(children.length > 0 ? { children } : { value: toHex(tlv.value) }),
  };
}

const TOOLKIT_NAMES = new Map<number, string>(Object.entries(TOOLKIT_TAG).map(([name, tag]) => [tag, name]));

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
