import {
  bitFlag,
  bitNames,
  bits,
  CodecError,
  comprehensionTlvSet,
  many,
  map,
  optional,
  required,
  u8,
  u16,
} from '#base/codec/index.ts';
import { bearerDescription, otherAddress, transportLevel } from './channel-element.ts';
import { ALPHA, inTurn, NO_OBJECTS, NO_QUALIFIER, plain, TO_CHANNEL, to } from './command-declaration.ts';
import { LOOK } from './display-element.ts';
import { DEVICE, duration, must, raw, someRaw, TAG, textStringValue } from './element.ts';

const NETWORK = to(DEVICE.network);
const TERMINAL = to(DEVICE.terminal);

/** When SET UP CALL calls (TS 102 223 8.6); `Redial`: again and again for the duration, when the called one is busy. */
const CALL_WHEN = {
  notBusy: 0,
  notBusyRedial: 1,
  holdingOthers: 2,
  holdingOthersRedial: 3,
  disconnectingOthers: 4,
  disconnectingOthersRedial: 5,
} as const;

/** What is shown while calling. Text attributes come together: the confirmation's, then the call's (TS 102 223 6.6.12). */
const whileCalling = map(
  comprehensionTlvSet({
    callAlphaIdentifier: ALPHA,
    callIcon: LOOK.icon,
    textAttributes: many(must(TAG.textAttribute), raw),
    frame: LOOK.frame,
  }),
  ({ textAttributes: [textAttribute, callTextAttribute, ...more], ...others }) => {
    if (more.length > 0) throw new CodecError('text attribute', 0, `expected at most 2, got ${more.length + 2}`);
    return { ...others, ...(textAttribute && { textAttribute }), ...(callTextAttribute && { callTextAttribute }) };
  },
  ({ textAttribute, callTextAttribute, ...others }) => ({
    ...others,
    textAttributes: [textAttribute, callTextAttribute].filter((attribute) => attribute !== undefined),
  }),
);

/** What the person confirms, and whom to call; then what is shown while calling (TS 102 223 6.6.12). */
const calling = inTurn(
  comprehensionTlvSet({
    alphaIdentifier: ALPHA,
    address: required(must(TAG.address), someRaw),
    capability: optional(must(TAG.capabilityConfiguration), raw),
    subaddress: optional(must(TAG.subaddress), raw),
    duration: optional(must(TAG.duration), duration),
    icon: LOOK.icon,
  }),
  whileCalling,
  (tag, before) =>
    tag === TAG.textAttribute || tag === TAG.frame || (tag === TAG.alphaIdentifier && before.has(TAG.address)),
);

/**
 * Bearer and the terminal's side of it; then the protocol on it and the other side (TS 102 223 6.6.27). The tests of TS 102 384 send all of it
 * without comprehension flags.
 */
const channel = inTurn(
  comprehensionTlvSet({
    alphaIdentifier: optional(TAG.alphaIdentifier, raw),
    icon: LOOK.icon,
    bearer: optional(TAG.bearerDescription, bearerDescription),
    bufferSize: required(TAG.bufferSize, u16),
    /** Access point or data network name, in the labels of TS 23.003 9. */
    networkAccessName: optional(TAG.networkAccessName, raw),
    localAddress: optional(TAG.otherAddress, otherAddress),
    /** Login and password, none or both. */
    credentials: many(TAG.textString, textStringValue),
  }),
  comprehensionTlvSet({
    /** Absent: octets without a protocol of the terminal's. */
    transport: optional(TAG.transport, transportLevel),
    remoteAddress: optional(TAG.otherAddress, otherAddress),
    textAttribute: LOOK.textAttribute,
    frame: LOOK.frame,
  }),
  (tag) => tag === TAG.transport || tag === TAG.textAttribute || tag === TAG.frame,
);

/** Commands that send something to the network, or open a way to it (TS 102 223 6.6.9 to 6.6.12, 6.6.24 to 6.6.31). */
export const NETWORK_COMMANDS = {
  'SEND SHORT MESSAGE': plain(
    'SEND SHORT MESSAGE',
    NETWORK,
    /** The terminal packs the text of the TPDU to 7 bit; false for secured packets. */
    bits(1, { packing: bitFlag(0) }),
    comprehensionTlvSet({
      alphaIdentifier: ALPHA,
      /** TON/NPI and swapped digits of the service centre (TS 102 223 8.1); absent: the terminal's own. */
      address: optional(must(TAG.address), someRaw),
      /** The SMS-SUBMIT. */
      tpdu: required(must(TAG.smsTpdu), someRaw),
      ...LOOK,
    }),
  ),
  'SET UP CALL': plain('SET UP CALL', NETWORK, bits(1, { when: bitNames(0, 8, CALL_WHEN) }), calling),
  'SEND SS': plain(
    'SEND SS',
    NETWORK,
    NO_QUALIFIER,
    comprehensionTlvSet({
      alphaIdentifier: ALPHA,
      /** TON/NPI and swapped digits of the string as dialled. */
      supplementaryService: required(must(TAG.supplementaryService), someRaw),
      ...LOOK,
    }),
  ),
  'SEND USSD': plain(
    'SEND USSD',
    NETWORK,
    NO_QUALIFIER,
    comprehensionTlvSet({
      alphaIdentifier: ALPHA,
      /** Data coding scheme of TS 23.038 5, then the text: `textOf` reads it. */
      ussd: required(must(TAG.ussd), textStringValue),
      ...LOOK,
    }),
  ),
  'SEND DTMF': plain(
    'SEND DTMF',
    NETWORK,
    NO_QUALIFIER,
    /** Swapped digits; C is a pause (TS 102 223 8.44). */
    comprehensionTlvSet({ alphaIdentifier: ALPHA, dtmf: required(must(TAG.dtmf), someRaw), ...LOOK }),
  ),
  'OPEN CHANNEL': plain(
    'OPEN CHANNEL',
    TERMINAL,
    bits(1, { isImmediate: bitFlag(0), reconnects: bitFlag(1), isInBackground: bitFlag(2) }),
    channel,
  ),
  'CLOSE CHANNEL': plain(
    'CLOSE CHANNEL',
    TO_CHANNEL,
    /** In server mode: the port goes back to listening instead of being closed. */
    bits(1, { keepsListening: bitFlag(0) }),
    comprehensionTlvSet({ alphaIdentifier: ALPHA, ...LOOK }),
  ),
  'RECEIVE DATA': plain(
    'RECEIVE DATA',
    TO_CHANNEL,
    NO_QUALIFIER,
    comprehensionTlvSet({
      alphaIdentifier: ALPHA,
      icon: LOOK.icon,
      length: required(must(TAG.channelDataLength), u8),
      textAttribute: LOOK.textAttribute,
      frame: LOOK.frame,
    }),
  ),
  'SEND DATA': plain(
    'SEND DATA',
    TO_CHANNEL,
    /** Sent at once; otherwise kept in the buffer until a command says so. */
    bits(1, { isImmediate: bitFlag(0) }),
    comprehensionTlvSet({
      alphaIdentifier: ALPHA,
      icon: LOOK.icon,
      data: required(must(TAG.channelData), raw),
      textAttribute: LOOK.textAttribute,
      frame: LOOK.frame,
    }),
  ),
  'GET CHANNEL STATUS': plain('GET CHANNEL STATUS', TERMINAL, NO_QUALIFIER, NO_OBJECTS),
};
