import { CodecError, toHex } from '#base/codec/index.ts';
import { type CommandApdu, decodeCommand, responseData, statusWord } from '#protocol/apdu/index.ts';
import { STORAGE_SUPPORT_AID, SUPPORT_DATA } from '#protocol/imei-lock/index.ts';
import { decodeTpdu, type SmsTpdu } from '#protocol/sms/index.ts';
import {
  COMMAND_TYPE,
  decodeEnvelope,
  decodeProactiveCommand,
  decodeTerminalResponse,
  GENERAL_RESULT,
  type ProactiveCommand,
  textOf,
} from '#protocol/usat/index.ts';

/** What a hop is called, where it is specified, which step of the patent it belongs to, and what is worth knowing about it. */
export interface HopName {
  readonly name: string;
  readonly clause: string;
  readonly step?: 101 | 102 | 103 | 104;
  readonly detail?: string;
  /** Housekeeping of every power-on: left out of a short ladder. */
  readonly isRoutine?: boolean;
}

const hex = (value: number, digits: number) => value.toString(16).toUpperCase().padStart(digits, '0');

/** Names of TS 102 221 11 and TS 31.102 7 by instruction. */
const UICC_COMMAND: Readonly<Record<number, readonly [name: string, clause: string]>> = {
  164: ['SELECT', 'TS 102 221 11.1.1'],
  242: ['STATUS', 'TS 102 221 11.1.2'],
  176: ['READ BINARY', 'TS 102 221 11.1.3'],
  214: ['UPDATE BINARY', 'TS 102 221 11.1.4'],
  178: ['READ RECORD', 'TS 102 221 11.1.5'],
  220: ['UPDATE RECORD', 'TS 102 221 11.1.6'],
  32: ['VERIFY PIN', 'TS 102 221 11.1.9'],
  136: ['AUTHENTICATE', 'TS 31.102 7.1.2'],
  112: ['MANAGE CHANNEL', 'TS 102 221 11.1.17'],
  192: ['GET RESPONSE', 'TS 102 221 7.3.1'],
  16: ['TERMINAL PROFILE', 'TS 102 221 11.2.1'],
  194: ['ENVELOPE', 'TS 102 221 11.2.2'],
  18: ['FETCH', 'TS 102 221 11.2.3'],
  20: ['TERMINAL RESPONSE', 'TS 102 221 11.2.4'],
};
const ROUTINE: ReadonlySet<number> = new Set([0xa4, 0xf2, 0xb0, 0xd6, 0xb2, 0xdc, 0xc0, 0x20]);

/** Clauses of TS 102 223 by command. */
const PROACTIVE_CLAUSE: Readonly<Partial<Record<ProactiveCommand['type'], string>>> = {
  'DISPLAY TEXT': '6.4.1',
  'MORE TIME': '6.4.4',
  'POLL INTERVAL': '6.4.6',
  REFRESH: '6.4.7',
  'SEND SHORT MESSAGE': '6.4.10',
  'SET UP CALL': '6.4.13',
  'POLLING OFF': '6.4.14',
  'PROVIDE LOCAL INFORMATION': '6.4.15',
  'SET UP EVENT LIST': '6.4.16',
  'PERFORM CARD APDU': '6.4.17',
  'POWER OFF CARD': '6.4.18',
  'POWER ON CARD': '6.4.19',
  'GET READER STATUS': '6.4.20',
};
const TYPE_NAME = new Map<number, string>(Object.entries(COMMAND_TYPE).map(([name, code]) => [code, name]));
const RESULT_NAME = new Map<number, string>(Object.entries(GENERAL_RESULT).map(([name, code]) => [code, name]));

/** What came, or undefined when the octets are none: a ladder shows attacks too. */
function tried<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof CodecError) return undefined;
    throw error;
  }
}

const statusText = (response: Uint8Array) => (response.length < 2 ? 'no answer' : hex(statusWord(response), 4));

/** Names one exchange on the UICC's interface. `from` says who speaks: FETCH brings a command of the UICC. */
export function uiccHop(
  command: Uint8Array,
  response: Uint8Array,
): HopName & { readonly from: 'UICC (31)' | 'operating system (4)' } {
  const apdu = tried(() => decodeCommand(command));
  if (apdu === undefined)
    return {
      from: 'operating system (4)',
      name: 'no command',
      clause: 'ISO/IEC 7816-3 12.1',
      detail: statusText(response),
    };
  if (apdu.ins === 0x12 && response.length > 2) return { from: 'UICC (31)', ...proactiveHop(responseData(response)) };
  if (apdu.ins === 0x14) return { from: 'operating system (4)', ...terminalResponseHop(apdu) };
  if (apdu.ins === 0xc2) return { from: 'operating system (4)', ...envelopeHop(apdu, response) };
  const [name, clause] = UICC_COMMAND[apdu.ins] ?? [`INS ${hex(apdu.ins, 2)}`, 'TS 102 221 10.1'];
  const isRefused = response.length < 2 || statusWord(response) >> 12 === 6;
  return {
    from: 'operating system (4)',
    name,
    clause,
    detail: statusText(response),
    isRoutine: ROUTINE.has(apdu.ins) && !isRefused,
  };
}

function proactiveHop(octets: Uint8Array): HopName {
  const command = tried(() => decodeProactiveCommand(octets));
  if (command === undefined) return { name: 'proactive command', clause: 'TS 102 223 6.6', detail: 'not readable' };
  const clause = `TS 102 223 ${PROACTIVE_CLAUSE[command.type] ?? '6.4'}`;
  switch (command.type) {
    case 'PERFORM CARD APDU': {
      const inner = supportHop(command.apdu, undefined);
      return { name: `${command.type}: ${inner.name}`, clause, ...(inner.step && { step: inner.step }) };
    }
    case 'POWER ON CARD':
      return { name: command.type, clause, step: 101, detail: `reader ${command.reader}` };
    case 'PROVIDE LOCAL INFORMATION':
      return { name: `${command.type} (${command.information})`, clause, step: 102 };
    case 'SEND SHORT MESSAGE':
      return shortMessageHop(
        command.type,
        clause,
        tried(() => decodeTpdu(command.tpdu, 'RP-DATA from MS')),
      );
    case 'DISPLAY TEXT':
      return { name: command.type, clause, detail: `"${tried(() => textOf(command.text)) ?? 'not readable'}"` };
    default:
      return { name: command.type, clause };
  }
}

/** Command packets (70) from the UICC are reports; response packets (71) acknowledge an answer. */
function shortMessageHop(name: string, clause: string, tpdu: SmsTpdu | undefined): HopName {
  if (tpdu?.type !== 'SMS-SUBMIT' && tpdu?.type !== 'SMS-DELIVER') return { name, clause };
  const { octets, hasHeader } = tpdu.userData;
  const isReport = hasHeader && octets[1] === 0x70 && tpdu.type === 'SMS-SUBMIT';
  const isProof = hasHeader && octets[1] === 0x71;
  const isAnswer = hasHeader && octets[1] === 0x70 && tpdu.type === 'SMS-DELIVER';
  const detail = isReport
    ? `secured packet, ${octets.length} octets: the report`
    : isProof
      ? 'secured packet: proof of receipt'
      : isAnswer
        ? `secured packet, ${octets.length} octets: the answer`
        : undefined;
  return {
    name,
    clause,
    ...(isReport ? { step: 103 as const } : isProof || isAnswer ? { step: 104 as const } : {}),
    ...(detail && { detail }),
  };
}

function terminalResponseHop({ data }: CommandApdu): HopName {
  const response = tried(() => decodeTerminalResponse(data));
  const clause = 'TS 102 223 6.8';
  if (response === undefined) return { name: 'TERMINAL RESPONSE', clause, detail: 'not readable' };
  const type = TYPE_NAME.get(response.details.type) ?? hex(response.details.type, 2);
  const result = RESULT_NAME.get(response.general) ?? hex(response.general, 2);
  const imei = response.imei === undefined ? '' : `, claims ${digitsOf(response.imei)}`;
  const isRoutine = response.general === GENERAL_RESULT.performed && response.imei === undefined;
  return {
    name: `TERMINAL RESPONSE: ${type}`,
    clause,
    detail: result + imei,
    isRoutine,
    ...(imei && { step: 102 as const }),
  };
}

/** 14 digits of a mobile identity, without judging it. */
function digitsOf(octets: Uint8Array): string {
  const text = toHex(octets);
  let digits = text[0] ?? '';
  for (let i = 2; i + 1 < text.length; i += 2) digits += `${text[i + 1]}${text[i]}`;
  return digits.slice(0, 14);
}

function envelopeHop({ data }: CommandApdu, response: Uint8Array): HopName {
  const envelope = tried(() => decodeEnvelope(data));
  const detail = statusText(response);
  if (envelope === undefined) return { name: 'ENVELOPE', clause: 'TS 102 223 7', detail };
  if (envelope.type === 'SMS-PP DOWNLOAD') {
    const tpdu = tried(() => decodeTpdu(envelope.tpdu, 'RP-DATA from SC'));
    return shortMessageHop('ENVELOPE: SMS-PP DOWNLOAD', 'TS 31.111 7.1.1', tpdu);
  }
  if (envelope.type === 'CALL CONTROL') {
    const isRefused = response.length < 2 || statusWord(response) >> 12 === 6;
    const decision = isRefused ? detail : response[0] === 0x01 && response.length > 2 ? 'not allowed' : 'allowed';
    return { name: 'ENVELOPE: CALL CONTROL', clause: 'TS 31.111 7.3.1', detail: decision };
  }
  return { name: `ENVELOPE: ${envelope.type}`, clause: 'TS 102 223 7', detail };
}

/** GlobalPlatform commands on the storage support's interface, by class with or without security, and instruction. */
const SUPPORT_COMMAND: Readonly<Record<string, readonly [name: string, clause: string, step: 101 | 102]>> = {
  '00A4': ['SELECT storage support', 'GPC 2.3.1 11.9', 101],
  '8050': ['INITIALIZE UPDATE', 'GPC Amd D 7.1.1', 101],
  '8482': ['EXTERNAL AUTHENTICATE', 'GPC Amd D 7.1.2', 101],
  '802A': ['PSO (UICC certificate)', 'GPC Amd F 6.5', 101],
  '902A': ['PSO (UICC certificate)', 'GPC Amd F 6.5', 101],
  '8082': ['MUTUAL AUTHENTICATE', 'GPC Amd F 6.6', 101],
  '8088': ['INTERNAL AUTHENTICATE (static key)', 'docs/protocol.md', 101],
  '84D8': ['PUT KEY (pairing keys)', 'GPC Amd D 7.2', 101],
  '00C0': ['GET RESPONSE', 'ISO/IEC 7816-4 11.8', 101],
};
const DATA_NAME = new Map<number, string>([
  [SUPPORT_DATA.imei, 'IMEI'],
  [SUPPORT_DATA.secondImei, 'second IMEI'],
  [SUPPORT_DATA.imeiSv, 'IMEISV'],
  [SUPPORT_DATA.identity, 'identity'],
]);
const CERTIFICATES = 0xbf21;

/** Names one exchange on the storage support's interface; `response` undefined before it is there. */
export function supportHop(command: Uint8Array, response: Uint8Array | undefined): HopName {
  const apdu = tried(() => decodeCommand(command));
  const detail = response === undefined ? {} : { detail: statusText(response) };
  if (apdu === undefined) return { name: 'no command', clause: 'ISO/IEC 7816-3 12.1', ...detail };
  const tag = (apdu.p1 << 8) | apdu.p2;
  if (apdu.ins === 0xca && tag === CERTIFICATES)
    return { name: 'GET DATA (certificate)', clause: 'GPC Amd F 6.3', step: 101, ...detail };
  if (apdu.ins === 0xca) {
    const what = DATA_NAME.get(tag) ?? hex(tag, 4);
    const how = apdu.cla === 0x84 ? ', protected' : '';
    return { name: `GET DATA (${what}${how})`, clause: 'GPC 2.3.1 11.3', step: 102, ...detail };
  }
  const key = hex(apdu.cla, 2) + hex(apdu.ins, 2);
  const isOther = apdu.ins === 0xa4 && toHex(apdu.data) !== toHex(STORAGE_SUPPORT_AID);
  const known = isOther ? undefined : SUPPORT_COMMAND[key];
  if (known === undefined)
    return { name: `CLA ${hex(apdu.cla, 2)} INS ${hex(apdu.ins, 2)}`, clause: 'GPC 2.3.1 11', ...detail };
  return { name: known[0], clause: known[1], step: known[2], ...detail };
}
