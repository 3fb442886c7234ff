import { toHex } from '#base/codec/index.ts';
import { acknowledgement, answer, report } from '#protocol/imei-lock/index.ts';
import { declaredNasMessage, relayMessage } from '#protocol/nas/index.ts';
import { type CommandHeader, compactResponse, decodeCommandHeader, POR_STATUS } from '#protocol/ota/index.ts';
import { commandStatusName, pdu } from '#protocol/smpp/index.ts';
import { addressText, type SmsAddress, smsDeliver, smsSubmit, userDataHeader } from '#protocol/sms/index.ts';
import { imeiDigits } from './describe-apdu.ts';
import { codeMeaning, means, type OctetMeaning, term } from './octet-meaning.ts';
import { type OctetNode, readTree, shifted, tried, withNode } from './octet-tree.ts';
import type { Sheets } from './sheet.ts';
import { berTree } from './tlv-tree.ts';

/** A stretch of a sheet. */
export interface Place {
  readonly sheet: string;
  readonly from: number;
  readonly to: number;
}

const hexOf = (octets: Uint8Array, from: number, to: number) => toHex(octets.subarray(from, to));
const IMEI_OCTETS = 8;
const COUNTER_OCTETS = 5;
const CHECK_OCTETS = 8;
const COMMAND_PACKET = 0x70;
const RESPONSE_PACKET = 0x71;

// ---- the lock's payload: what report, answer and proof of receipt say

function named(nodes: readonly OctetNode[], octets: Uint8Array): readonly OctetNode[] {
  const imeis = ['provedImei', 'claimedImei'] as const;
  const withText = withNode(nodes, 'text', (node) => ({
    ...node,
    value: new TextDecoder('latin1').decode(octets.subarray(node.from + 2, node.to)),
  }));
  return imeis.reduce<readonly OctetNode[]>(
    (tree, name) =>
      withNode(tree, name, (node) => {
        const digits = imeiDigits(octets.subarray(node.to - IMEI_OCTETS, node.to));
        return digits === undefined ? node : { ...node, value: digits };
      }),
    withText,
  );
}

/** The content of a command packet of the IMEI lock: `E1` report or `E2` answer (docs/protocol.md). */
function payloadTree(octets: Uint8Array, shift: number): readonly OctetNode[] {
  const read = readTree(report, octets) ?? readTree(answer, octets);
  const nodes = read === undefined ? berTree(octets, 0, octets.length) : named(read.nodes, octets);
  return shifted(nodes, shift);
}

/** The content of a response packet: TS 102 226 5.2.1.1, with the lock's acknowledgement `E3` as response data. */
function receiptTree(octets: Uint8Array, shift: number): readonly OctetNode[] {
  const read = readTree(compactResponse, octets, shift);
  if (read === undefined) return [];
  return withNode(read.nodes, 'data', (node) => {
    const data = octets.slice(node.from - shift);
    const children = readTree(acknowledgement, data, node.from)?.nodes ?? [];
    return children.length > 0 ? { ...node, children } : node;
  });
}

// ---- TS 102 225: what the gateway and the UICC seal for each other

const STATUS_CODE = new Map<number, string>(Object.entries(POR_STATUS).map(([name, code]) => [code, name]));

function bodyTree(plain: Uint8Array, hasStatus: boolean): readonly OctetNode[] {
  const counters = hasStatus ? 7 : 6;
  const dataFrom = counters + CHECK_OCTETS;
  const padding = plain[COUNTER_OCTETS] ?? 0;
  const dataTo = Math.max(dataFrom, plain.length - padding);
  const data = plain.slice(dataFrom, dataTo);
  const payload = hasStatus ? receiptTree(data, dataFrom) : payloadTree(data, dataFrom);
  const status = plain[6] ?? 0;
  return [
    {
      name: 'CNTR',
      from: 0,
      to: COUNTER_OCTETS,
      value: hexOf(plain, 0, COUNTER_OCTETS),
      meaning: means('counterOfPacket'),
    },
    {
      name: 'PCNTR',
      from: COUNTER_OCTETS,
      to: COUNTER_OCTETS + 1,
      value: String(padding),
      meaning: means('octetsOfPadding'),
    },
    ...(hasStatus
      ? [
          {
            name: 'status',
            from: 6,
            to: 7,
            value: hexOf(plain, 6, 7),
            meaning: codeMeaning('por', STATUS_CODE.get(status)),
          },
        ]
      : []),
    {
      name: 'CC',
      from: counters,
      to: dataFrom,
      value: hexOf(plain, counters, dataFrom),
      meaning: means('checksum'),
    },
    ...(dataTo > dataFrom
      ? [{ name: 'securedData', from: dataFrom, to: dataTo, ...(payload.length > 0 && { children: payload }) }]
      : []),
    ...(dataTo < plain.length ? [{ name: 'padding', from: dataTo, to: plain.length }] : []),
  ];
}

/** How a command packet is protected, and which proof of receipt it asks for (TS 102 225 5.1.1). */
function protectionMeaning(
  { integrity, ciphered, counter }: CommandHeader['protection'],
  { when }: CommandHeader['proof'],
): OctetMeaning {
  return [
    means('integrity', { integrity }),
    means(ciphered ? 'ciphered' : 'notCiphered'),
    means(`counter-${counter}`),
    means(`proof-${when}`),
  ];
}

/** The header of a command packet, from CPL on. */
function commandHeaderTree(octets: Uint8Array, from: number, to: number): readonly OctetNode[] {
  const header = tried(() => decodeCommandHeader(octets.slice(from, to)));
  const { protection, proof, cipher, check } = header ?? {};
  const at = (name: string, begin: number, length: number, meaning?: OctetMeaning): OctetNode => ({
    ...{
      name,
      from: from + begin,
      to: from + begin + length,
      value: hexOf(octets, from + begin, from + begin + length),
    },
    ...(meaning !== undefined && { meaning }),
  });
  return [
    at('CPL', 0, 2, means('commandPacketLength')),
    at('CHL', 2, 1, means('commandHeaderLength')),
    at('SPI', 3, 2, protection && proof && protectionMeaning(protection, proof)),
    at('KIc', 5, 1, cipher && means('algorithm', { algorithm: cipher.algorithm, set: cipher.keySet })),
    at('KID', 6, 1, check && means('algorithm', { algorithm: check.algorithm, set: check.keySet })),
    at('TAR', 7, 3, means('applicationItIsFor')),
  ];
}

/** A secured packet between two indexes: its header, and its body in a sheet of its own when a card opened it (TS 102 225 5). */
export function packetTree(
  sheets: Sheets,
  octets: Uint8Array,
  place: Place,
  kind: 'command' | 'response',
): readonly OctetNode[] {
  const { sheet, from, to } = place;
  const isResponse = kind === 'response';
  const bodyFrom = from + (isResponse ? 6 : 10);
  if (to <= bodyFrom) return [{ name: 'shortPacket', from, to }];
  const header = isResponse
    ? [
        {
          name: 'RPL',
          from,
          to: from + 2,
          value: hexOf(octets, from, from + 2),
          meaning: means('responsePacketLength'),
        },
        {
          name: 'RHL',
          from: from + 2,
          to: from + 3,
          value: hexOf(octets, from + 2, from + 3),
          meaning: means('responseHeaderLength'),
        },
        {
          name: 'TAR',
          from: from + 3,
          to: bodyFrom,
          value: hexOf(octets, from + 3, bodyFrom),
          meaning: means('applicationThatAnswers'),
        },
      ]
    : commandHeaderTree(octets, from, to);
  const { opened } = sheets;
  const plain = opened.plainOf(octets.slice(bodyFrom, to)) ?? opened.bodyOf?.(octets.slice(from, to), kind);
  if (plain !== undefined)
    sheets.addPlain('sheetPlainPacket', plain, bodyTree(plain, isResponse), {
      sheet,
      from: bodyFrom,
      to,
    });
  return [...header, { name: 'cipheredBody', from: bodyFrom, to, meaning: means('cipherOfPacket') }];
}

// ---- TS 23.040: short messages

/** User data with its header between two indexes. */
export function userDataTree(sheets: Sheets, octets: Uint8Array, { sheet, from, to }: Place): readonly OctetNode[] {
  const length = (octets[from] ?? 0) + 1;
  const headerTo = Math.min(to, from + length);
  const elements = tried(() => userDataHeader.decode(octets.slice(from, headerTo))) ?? [];
  const isCommand = elements.some(({ identifier }) => identifier === COMMAND_PACKET);
  const isResponse = elements.some(({ identifier }) => identifier === RESPONSE_PACKET);
  const header: OctetNode = {
    ...{ name: 'userDataHeader', from, to: headerTo, value: hexOf(octets, from, headerTo) },
    ...((isCommand || isResponse) && {
      meaning: means(isCommand ? 'commandFollows' : 'responseFollows'),
    }),
  };
  const isFirst = isCommand || isResponse;
  const children = isFirst
    ? packetTree(sheets, octets, { sheet, from: headerTo, to }, isCommand ? 'command' : 'response')
    : [];
  return [
    header,
    {
      name: isFirst ? 'securedPacket' : 'partOfMessage',
      from: headerTo,
      to,
      ...(children.length > 0 && { children }),
    },
  ];
}

/** A TPDU between two indexes; `up` is from handset to service centre. */
export function tpduTree(
  sheets: Sheets,
  octets: Uint8Array,
  place: Place,
  direction: 'up' | 'down',
): readonly OctetNode[] {
  const { sheet, from, to } = place;
  const part = octets.slice(from, to);
  const read = direction === 'up' ? readTree(smsSubmit, part, from) : readTree(smsDeliver, part, from);
  if (read === undefined) return [];
  const address =
    (read.value as { destination?: SmsAddress; originator?: SmsAddress }).destination ??
    (read.value as { originator?: SmsAddress }).originator;
  const withAddress = withNode(read.nodes, 'address', (node) => ({
    ...node,
    name: direction === 'up' ? 'TP-DA' : 'TP-OA',
    ...(address && { value: addressText(address) }),
  }));
  return withNode(withAddress, 'TP-UD', (node) => {
    const { hasHeader, octets: data } = read.value.userData;
    const dataFrom = node.to - data.length;
    const children: OctetNode[] = [{ name: 'TP-UDL', from: node.from, to: dataFrom, value: String(data.length) }];
    if (hasHeader) children.push(...userDataTree(sheets, octets, { sheet, from: dataFrom, to: node.to }));
    return { ...node, children };
  });
}

// ---- SMPP

/** A whole PDU. */
export function smppTree(sheets: Sheets, octets: Uint8Array, sheet: string): readonly OctetNode[] {
  const read = readTree(pdu, octets);
  if (read === undefined) return [];
  const { body, status } = read.value;
  const values = body as Readonly<Record<string, unknown>>;
  const isUserData = typeof values['esm_class'] === 'number' && (values['esm_class'] & 0x40) !== 0;
  const nodes = read.nodes.map((node) => {
    const value = values[node.name];
    const isShown = typeof value === 'number' || (typeof value === 'string' && value !== '');
    return isShown ? { ...node, value: String(value) } : node;
  });
  const withStatus = withNode(nodes, 'command_status', (node) => ({ ...node, value: commandStatusName(status) }));
  return withNode(withStatus, 'short_message', (node) => {
    const from = node.from + 1;
    const children = isUserData ? userDataTree(sheets, octets, { sheet, from, to: node.to }) : [];
    return { ...node, value: hexOf(octets, from, node.to), ...(children.length > 0 && { children }) };
  });
}

// ---- layer 3

/** A layer 3 message, and the short message in it. */
export function nasTree(
  sheets: Sheets,
  octets: Uint8Array,
  sheet: string,
  direction: 'up' | 'down',
): readonly OctetNode[] {
  const read = readTree(declaredNasMessage, octets);
  if (read === undefined) return [];
  const nodes = withNode(read.nodes, 'identity', (node) => identityNode(octets, node));
  return withNode(nodes, 'rpdu', (node) => {
    const from = node.from + 1;
    const relayed = readTree(relayMessage, octets.slice(from, node.to), from);
    if (relayed === undefined) return node;
    const children = withNode(relayed.nodes, 'tpdu', (tpdu) => {
      const inside = tpduTree(sheets, octets, { sheet, from: tpdu.from + 1, to: tpdu.to }, direction);
      return inside.length > 0 ? { ...tpdu, children: inside } : tpdu;
    });
    return { ...node, children };
  });
}

const IDENTITY_NAME: Readonly<Record<number, string>> = { 1: 'IMSI', 2: 'IMEI', 3: 'IMEISV' };

/** A mobile identity (TS 24.008 10.5.1.4): digits swapped, the type in the low bits of the first octet. */
function identityNode(octets: Uint8Array, node: OctetNode): OctetNode {
  const [first = 0, ...others] = octets.subarray(node.from + 1, node.to);
  const digits = [first >> 4, ...others.flatMap((octet) => [octet & 15, octet >> 4])].filter((digit) => digit < 10);
  const identity = IDENTITY_NAME[first & 7];
  return { ...node, value: digits.join(''), meaning: identity === undefined ? means('noIdentity') : term(identity) };
}
