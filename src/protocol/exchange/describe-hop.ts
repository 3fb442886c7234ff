import { toHex } from '#base/codec/index.ts';
import { answerToReset, type StatusMeaning, statusMeaning, statusWord } from '#protocol/apdu/index.ts';
import { COMMAND_TYPE, GENERAL_RESULT, TOOLKIT_TAG } from '#protocol/usat/index.ts';
import { type ApduLayout, commandTree, imeiDigits, responseTree, supportAnswer, supportData } from './describe-apdu.ts';
import { nasTree, type Place, packetTree, smppTree, tpduTree, userDataTree } from './describe-message.ts';
import { type Carried, carriedResponse, type Hop } from './exchange-log.ts';
import { type HopMeaning, hopMeaning } from './hop-meaning.ts';
import { codeMeaning, means, term } from './octet-meaning.ts';
import { type OctetNode, readTree } from './octet-tree.ts';
import { type BrokenSeal, type OctetSheet, type OpenedOctets, Sheets } from './sheet.ts';
import { berTree, type ToolkitObject, toolkitObjects } from './tlv-tree.ts';

/** What the operating system changed on the way. */
export interface Alteration {
  readonly sheet: string;
  /** Octets that differ from those given to it, as stretches in the sheet. */
  readonly ranges: readonly { readonly from: number; readonly to: number }[];
  /** What it was given, where the sheet has what it passed on from `at` on. */
  readonly given: Uint8Array;
  readonly at: number;
}

/** All there is to say about a hop. */
export interface HopDescription {
  readonly sheets: readonly OctetSheet[];
  readonly meaning: HopMeaning;
  readonly status: (StatusMeaning & { readonly statusWord: number }) | undefined;
  readonly alteration: Alteration | undefined;
  readonly brokenSeals: readonly BrokenSeal[];
}

const INS = {
  authenticate: 0x88,
  fetch: 0x12,
  terminalResponse: 0x14,
  envelope: 0xc2,
  select: 0xa4,
  status: 0xf2,
} as const;

/** Describes a hop: its octets, what they say by the declared formats, and what seals hide as far as the laboratory's cards opened them. */
export function describeHop(hop: Hop, opened: OpenedOctets): HopDescription {
  const { record } = hop;
  const sheets = new Sheets(opened, hop.mark);
  const direction = record.from === 'operating system (4)' || record.to === 'SMSC' ? 'up' : 'down';
  switch (record.protocol) {
    case 'apdu':
      describeApdu(sheets, hop);
      break;
    case 'atr':
      sheets.add('octets', 'sheetReset', record.octets, () => readTree(answerToReset, record.octets)?.nodes ?? []);
      break;
    case 'nas':
      sheets.add('octets', 'sheetLayer3', record.octets, (sheet) => nasTree(sheets, record.octets, sheet, direction));
      break;
    case 'sms':
      sheets.add('octets', 'TPDU', record.octets, (sheet) =>
        tpduTree(sheets, record.octets, whole(sheet, record.octets), record.name === 'SMS-SUBMIT' ? 'up' : 'down'),
      );
      break;
    case 'ota':
      sheets.add('octets', 'securedPacket', record.octets, (sheet) =>
        packetTree(
          sheets,
          record.octets,
          whole(sheet, record.octets),
          record.name === 'proof of receipt' ? 'response' : 'command',
        ),
      );
      break;
    case 'smpp':
      sheets.add('octets', 'PDU', record.octets, (sheet) => smppTree(sheets, record.octets, sheet));
      break;
    default:
      if (record.octets.length > 0)
        sheets.add('octets', record.to === 'register (7)' ? 'sheetImei' : 'sheetUserData', record.octets, (sheet) =>
          record.to === 'register (7)'
            ? questionTree(record.octets)
            : userDataTree(sheets, record.octets, whole(sheet, record.octets)),
        );
  }
  const { response } = record;
  const hasStatus = record.protocol === 'apdu' && response !== undefined && response.length >= 2;
  return {
    sheets: sheets.all,
    meaning: hopMeaning(record),
    status: hasStatus ? { statusWord: statusWord(response), ...statusMeaning(statusWord(response)) } : undefined,
    alteration: hop.isAltered && hop.carried ? alterationOf(hop, hop.carried) : undefined,
    brokenSeals: sheets.brokenSeals,
  };
}

const whole = (sheet: string, octets: Uint8Array): Place => ({ sheet, from: 0, to: octets.length });

/** The question to a register: an IMEI as TS 24.008 10.5.1.4 codes it. */
function questionTree(octets: Uint8Array): readonly OctetNode[] {
  const digits = imeiDigits(octets);
  return digits === undefined
    ? []
    : [{ name: 'imei', from: 0, to: octets.length, value: digits, meaning: means('toldImei') }];
}

function describeApdu(sheets: Sheets, { record, carried }: Hop): void {
  const { octets, response = new Uint8Array(0) } = record;
  const isOfSupport = record.to === 'storage support (2)' || record.from === 'storage support (2)';
  const name = record.name.replace(/^TERMINAL RESPONSE: .*/, 'TERMINAL RESPONSE');
  sheets.add('octets', 'sheetCommand', octets, (sheet) =>
    commandTree(octets, 0, octets.length, term(octets[1] === INS.fetch ? 'FETCH' : name), (layout) =>
      isOfSupport ? supportData(sheets, octets, layout, sheet) : uiccData(sheets, octets, layout, sheet, carried),
    ),
  );
  if (response.length === 0) return;
  sheets.add('response', 'sheetResponse', response, (sheet) =>
    responseTree(response, 0, response.length, (from, to, sw) =>
      isOfSupport
        ? supportAnswer(sheets, response, { sheet, from, to }, octets, sw)
        : uiccAnswer(sheets, octets, response, { sheet, from, to }),
    ),
  );
}

// ---- the UICC's interface

function uiccData(
  sheets: Sheets,
  octets: Uint8Array,
  { ins, dataFrom, dataTo }: ApduLayout,
  sheet: string,
  carried: Carried | undefined,
): readonly OctetNode[] {
  const place = { sheet, from: dataFrom, to: dataTo };
  if (ins === INS.terminalResponse) return objectsTree(sheets, octets, place, 'up', carried?.command);
  if (ins === INS.envelope) return templateTree(sheets, octets, place, 'down');
  if (ins === INS.authenticate) return challengeTree(octets, dataFrom, dataTo);
  return ins === INS.select
    ? [{ name: 'fileOrApplication', from: dataFrom, to: dataTo, value: toHex(octets.subarray(dataFrom, dataTo)) }]
    : [];
}

function uiccAnswer(sheets: Sheets, command: Uint8Array, octets: Uint8Array, place: Place): readonly OctetNode[] {
  switch (command[1]) {
    case INS.fetch:
      return templateTree(sheets, octets, place, 'up');
    case INS.authenticate:
    case INS.select:
    case INS.status:
      return berTree(octets, place.from, place.to);
    default:
      return [];
  }
}

/** RAND and AUTN, each behind its length (TS 31.102 7.1.2.1). */
function challengeTree(octets: Uint8Array, from: number, to: number): readonly OctetNode[] {
  const nodes: OctetNode[] = [];
  let at = from;
  for (const name of ['RAND', 'AUTN']) {
    const next = at + 1 + (octets[at] ?? 0);
    if (at >= to || next > to) break;
    nodes.push({ name, from: at, to: next, value: toHex(octets.subarray(at + 1, next)) });
    at = next;
  }
  return nodes;
}

const TEMPLATE_NAME: Readonly<Record<number, string>> = {
  208: 'proactiveCommand',
  209: 'smsPpDownload',
  212: 'callControl',
  214: 'eventDownload',
};

/** A proactive command or an envelope: a template with COMPREHENSION-TLV objects (TS 102 223 6.6, 7). */
function templateTree(
  sheets: Sheets,
  octets: Uint8Array,
  place: Place,
  direction: 'up' | 'down',
): readonly OctetNode[] {
  const [template] = berTree(octets, place.from, place.to, {}, Number.POSITIVE_INFINITY);
  if (template === undefined) return [];
  const tag = octets[template.from] ?? 0;
  const valueFrom = template.from + ((octets[template.from + 1] ?? 0) === 0x81 ? 3 : 2);
  const children = objectsTree(sheets, octets, { ...place, from: valueFrom, to: template.to }, direction, undefined);
  return [{ ...template, name: TEMPLATE_NAME[tag] ?? template.name, children }];
}

const TYPE_NAME = new Map<number, string>(Object.entries(COMMAND_TYPE).map(([name, code]) => [code, name]));
const RESULT_CODE = new Map<number, string>(Object.entries(GENERAL_RESULT).map(([name, code]) => [code, name]));

/** The two devices of a command or response (TS 102 223 8.7), an octet each. */
const devicesTree = (octets: Uint8Array, from: number, to: number): readonly OctetNode[] =>
  ['sourceDevice', 'destinationDevice'].slice(0, to - from).map((name, at) => ({
    ...{ name, from: from + at, to: from + at + 1 },
    meaning: codeMeaning('device', octets[from + at]),
  }));

function objectsTree(
  sheets: Sheets,
  octets: Uint8Array,
  place: Place,
  direction: 'up' | 'down',
  asked: Uint8Array | undefined,
): readonly OctetNode[] {
  return toolkitObjects(octets, place.from, place.to).map((object) => ({
    ...object.node,
    ...objectContent(sheets, octets, object, { place, direction, asked }),
  }));
}

/** What an object says: the APDU and the short message in it as trees, codes as names. */
function objectContent(
  sheets: Sheets,
  octets: Uint8Array,
  { tag, valueFrom: from, valueTo: to }: ToolkitObject,
  about: { readonly place: Place; readonly direction: 'up' | 'down'; readonly asked: Uint8Array | undefined },
): Partial<OctetNode> {
  const { sheet } = about.place;
  switch (tag) {
    case TOOLKIT_TAG.commandDetails:
      return { meaning: term(TYPE_NAME.get(octets[from + 1] ?? 0) ?? '?') };
    case TOOLKIT_TAG.deviceIdentities:
      return { children: devicesTree(octets, from, to) };
    case TOOLKIT_TAG.result:
      return { meaning: codeMeaning('general', RESULT_CODE.get(octets[from] ?? 0)) };
    case TOOLKIT_TAG.imei: {
      const digits = imeiDigits(octets.slice(from, to));
      return digits === undefined ? {} : { value: digits, meaning: means('saidImei') };
    }
    case TOOLKIT_TAG.commandApdu:
      return {
        children: commandTree(octets, from, to, means('forSupport'), (layout) =>
          supportData(sheets, octets, layout, sheet),
        ),
      };
    case TOOLKIT_TAG.responseApdu:
      return {
        children: responseTree(octets, from, to, (dataFrom, dataTo, sw) =>
          supportAnswer(sheets, octets, { sheet, from: dataFrom, to: dataTo }, about.asked, sw),
        ),
      };
    case TOOLKIT_TAG.smsTpdu: {
      const children = tpduTree(sheets, octets, { sheet, from, to }, about.direction);
      return children.length > 0 ? { children } : {};
    }
    default:
      return {};
  }
}

/** Which octets of a carried response are not those that the storage support gave. */
function alterationOf({ record }: Hop, { response: given }: Carried): Alteration | undefined {
  const place = carriedResponse(record);
  if (place === undefined) return undefined;
  const ranges: { from: number; to: number }[] = [];
  for (let at = place.from; at < place.to; at++) {
    if (record.octets[at] === given[at - place.from]) continue;
    const last = ranges.at(-1);
    if (last?.to === at) last.to = at + 1;
    else ranges.push({ from: at, to: at + 1 });
  }
  return { sheet: 'octets', ranges, given, at: place.from };
}
