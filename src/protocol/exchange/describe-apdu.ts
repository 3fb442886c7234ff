import { sameOctets, toHex } from '#base/codec/index.ts';
import { Imei } from '#base/identity/index.ts';
import { isProtectedStatus, isSecureMessaging, logicalChannel, statusMeaning } from '#protocol/apdu/index.ts';
import { imeiProof, SUPPORT_DATA, supportIdentity } from '#protocol/imei-lock/index.ts';
import { initializeUpdateAnswer, unpadded } from '#protocol/secure-channel/index.ts';
import { means, type OctetMeaning, term } from './octet-meaning.ts';
import { type OctetNode, readTree, tried, withNode } from './octet-tree.ts';
import type { Sheets } from './sheet.ts';
import { berTree, CARD_TAGS } from './tlv-tree.ts';

/** Octets of a MAC in mode S8 (GPC Amendment D 1.2). */
const MAC = 8;
const HEADER = 4;
const hex2 = (octet: number) => octet.toString(16).toUpperCase().padStart(2, '0');

/** Where the parts of a command APDU stand; `dataTo` is before Le. */
export interface ApduLayout {
  readonly cla: number;
  readonly ins: number;
  readonly p1: number;
  readonly p2: number;
  readonly dataFrom: number;
  readonly dataTo: number;
  readonly to: number;
  readonly from: number;
  readonly lengthOctets: number;
}

/** Finds the parts of a command APDU between two indexes (ISO/IEC 7816-3 12.1); undefined when it is none. */
export function apduLayout(octets: Uint8Array, from: number, to: number): ApduLayout | undefined {
  const length = to - from;
  if (length < HEADER) return undefined;
  const [cla = 0, ins = 0, p1 = 0, p2 = 0, first = 0] = octets.subarray(from, to);
  const isExtended = first === 0 && length > HEADER + 3;
  const lengthOctets = length <= HEADER + 1 ? 0 : isExtended ? 3 : 1;
  const counted = isExtended ? ((octets[from + 5] as number) << 8) | (octets[from + 6] as number) : first;
  const dataFrom = from + HEADER + lengthOctets;
  const dataTo = lengthOctets === 0 ? dataFrom : Math.min(to, dataFrom + counted);
  return { cla, ins, p1, p2, dataFrom, dataTo, from, to, lengthOctets };
}

function classMeaning(cla: number): OctetMeaning {
  return [
    means((cla & 0x80) === 0 ? 'classInterindustry' : 'classProprietary'),
    means('channel', { channel: logicalChannel(cla) }),
    ...(isSecureMessaging(cla) ? [means('secureMessaging')] : []),
  ];
}

/** Names the data field of a command, with its index in the sheet. */
export type DataTree = (layout: ApduLayout, sheet: string) => readonly OctetNode[];

/** The tree of a command APDU between two indexes; `data` describes its data field. */
export function commandTree(
  octets: Uint8Array,
  from: number,
  to: number,
  name: OctetMeaning,
  data: (layout: ApduLayout) => readonly OctetNode[],
): readonly OctetNode[] {
  const layout = apduLayout(octets, from, to);
  if (layout === undefined) return [{ name: 'noCommand', from, to }];
  const { cla, ins, p1, p2, dataFrom, dataTo, lengthOctets } = layout;
  const one = (label: string, at: number, value: number, meaning?: OctetMeaning): OctetNode => ({
    ...{ name: label, from: from + at, to: from + at + 1, value: hex2(value) },
    ...(meaning !== undefined && { meaning }),
  });
  const nodes: OctetNode[] = [
    one('CLA', 0, cla, classMeaning(cla)),
    one('INS', 1, ins, name),
    one('P1', 2, p1),
    one('P2', 3, p2),
  ];
  if (lengthOctets > 0)
    nodes.push({
      name: 'Lc',
      from: from + HEADER,
      to: dataFrom,
      value: String(dataTo - dataFrom),
      meaning: means('octetsOfData'),
    });
  if (dataTo > dataFrom) {
    const children = data(layout);
    nodes.push({ name: 'data', from: dataFrom, to: dataTo, ...(children.length > 0 && { children }) });
  }
  if (dataTo < to) {
    const le = octets[to - 1] as number;
    nodes.push({
      name: 'Le',
      from: dataTo,
      to,
      value: hex2(le),
      meaning: means('octetsWanted', { octets: le === 0 ? 256 : le }),
    });
  }
  return nodes;
}

/** The tree of a response APDU between two indexes; `data` describes what stands before the status word. */
export function responseTree(
  octets: Uint8Array,
  from: number,
  to: number,
  data: (dataFrom: number, dataTo: number, statusWord: number) => readonly OctetNode[],
): readonly OctetNode[] {
  if (to - from < 2) return [{ name: 'noResponse', from, to }];
  const statusWord = ((octets[to - 2] as number) << 8) | (octets[to - 1] as number);
  const { said, clause } = statusMeaning(statusWord);
  const status = {
    name: 'SW1 SW2',
    from: to - 2,
    to,
    value: toHex(octets.subarray(to - 2, to)),
    meaning: [said, term(clause)],
  };
  if (to - from === 2) return [status];
  const children = data(from, to - 2, statusWord);
  return [{ name: 'data', from, to: to - 2, ...(children.length > 0 && { children }) }, status];
}

const plainIn = (sheets: Sheets, cipher: Uint8Array): Uint8Array | undefined => {
  const blocks = sheets.opened.plainOf(cipher);
  return blocks && unpadded(blocks);
};

/** Data under secure messaging: cipher text, then a MAC; its plain text stands in a sheet of its own when a card opened it. */
function sealed(
  sheets: Sheets,
  octets: Uint8Array,
  place: { readonly sheet: string; readonly from: number; readonly to: number },
  macName: 'C-MAC' | 'R-MAC',
  describePlain: (plain: Uint8Array) => readonly OctetNode[],
): readonly OctetNode[] {
  const { sheet, from, to } = place;
  const macFrom = to - MAC;
  if (macFrom < from) return [];
  const nodes: OctetNode[] = [];
  if (macFrom > from) {
    nodes.push({
      name: 'cipherText',
      from,
      to: macFrom,
      meaning: means('cipherOfSession'),
    });
    const plain = plainIn(sheets, octets.slice(from, macFrom));
    if (plain !== undefined && plain.length > 0)
      sheets.addPlain(macName === 'C-MAC' ? 'sheetPlainCommand' : 'sheetPlainResponse', plain, describePlain(plain), {
        sheet,
        from,
        to: macFrom,
      });
  }
  nodes.push({ name: macName, from: macFrom, to, value: toHex(octets.subarray(macFrom, to)) });
  return nodes;
}

/** The 14 digits of an IMEI's octets, with their check digit. */
export const imeiDigits = (octets: Uint8Array): string | undefined =>
  tried(() => Imei.fromOctets(octets).withCheckDigit);

/** The answer to GET DATA inside the channel: an IMEI or an identity. */
function proofTree(plain: Uint8Array, tag: number | undefined): readonly OctetNode[] {
  const read = tag === SUPPORT_DATA.identity ? readTree(supportIdentity, plain) : readTree(imeiProof, plain);
  if (read === undefined) return berTree(plain, 0, plain.length);
  return withNode(read.nodes, 'imei', (node) => {
    const digits = imeiDigits(plain.subarray(node.to - MAC, node.to));
    return digits === undefined ? node : { ...node, value: digits, meaning: means('supportImei') };
  });
}

const INITIALIZE_UPDATE = 0x50;
const EXTERNAL_AUTHENTICATE = 0x82;
const MUTUAL_AUTHENTICATE = 0x82;
/** What the control reference template of SCP11 calls its objects (GPC Amendment F). */
const AGREEMENT_TAGS = { ...CARD_TAGS, 128: 'keyType', 129: 'keyLength' };
const GET_DATA = 0xca;
const PUT_KEY = 0xd8;

/** Data of PUT KEY (GPC 2.3.1 11.8.2.3): a version, then the keys one after another. */
function keysTree(plain: Uint8Array): readonly OctetNode[] {
  return [
    { name: 'newKeyVersion', from: 0, to: 1 },
    {
      name: 'keys',
      from: 1,
      to: plain.length,
      meaning: means('keysInside'),
    },
  ];
}

/** The data field of a command to the storage support. */
export function supportData(
  sheets: Sheets,
  octets: Uint8Array,
  layout: ApduLayout,
  sheet: string,
): readonly OctetNode[] {
  const { cla, ins, dataFrom: from, dataTo: to } = layout;
  if (ins === INITIALIZE_UPDATE) return [{ name: 'hostChallenge', from, to, value: toHex(octets.subarray(from, to)) }];
  if (ins === EXTERNAL_AUTHENTICATE && isSecureMessaging(cla))
    return [
      {
        name: 'hostCryptogram',
        from,
        to: to - MAC,
        value: toHex(octets.subarray(from, to - MAC)),
        meaning: means('uiccHoldsKeys'),
      },
      { name: 'C-MAC', from: to - MAC, to, value: toHex(octets.subarray(to - MAC, to)) },
    ];
  if (isSecureMessaging(cla))
    return sealed(sheets, octets, { sheet, from, to }, 'C-MAC', (plain) =>
      ins === PUT_KEY ? keysTree(plain) : berTree(plain, 0, plain.length),
    );
  return berTree(octets, from, to, ins === MUTUAL_AUTHENTICATE ? AGREEMENT_TAGS : CARD_TAGS);
}

/** The data of the storage support's response to `command`, which may be unknown. */
export function supportAnswer(
  sheets: Sheets,
  octets: Uint8Array,
  place: { readonly sheet: string; readonly from: number; readonly to: number },
  command: Uint8Array | undefined,
  statusWord: number,
): readonly OctetNode[] {
  const asked = command && apduLayout(command, 0, command.length);
  const { sheet, from, to } = place;
  if (asked?.ins === INITIALIZE_UPDATE) {
    const read = readTree(initializeUpdateAnswer(MAC), octets.subarray(from, to), from);
    return read?.nodes ?? [];
  }
  if (asked === undefined || !isSecureMessaging(asked.cla) || !isProtectedStatus(statusWord))
    return berTree(octets, from, to);
  const tag = asked.ins === GET_DATA ? (asked.p1 << 8) | asked.p2 : undefined;
  const nodes = sealed(sheets, octets, place, 'R-MAC', (plain) => proofTree(plain, tag));
  return nodes.map((node) =>
    node.name === 'R-MAC' ? checkedMac(sheets, octets, node, { sheet, from }, statusWord) : node,
  );
}

/** Whether the MAC over these octets is the one that a holder of the session keys computes (GPC Amendment D 6.2.5). */
function checkedMac(
  sheets: Sheets,
  octets: Uint8Array,
  node: OctetNode,
  { sheet, from }: { readonly sheet: string; readonly from: number },
  statusWord: number,
): OctetNode {
  const received = octets.slice(node.from, node.to);
  const covered = [octets.subarray(from, node.from), Uint8Array.of(statusWord >> 8, statusWord & 0xff)];
  const computed = sheets.opened.macsOver(sheets.mark, ...covered).map((mac) => mac.slice(0, MAC));
  if (computed.some((mac) => sameOctets(mac, received))) return { ...node, meaning: means('macVerified') };
  const last = computed.at(-1);
  sheets.addBrokenSeal({ sheet, from: node.from, to: node.to, received, computed: last });
  return {
    ...node,
    meaning: last === undefined ? means('macNotChecked') : means('macFailed', { computed: toHex(last) }),
  };
}
