import {
  bitFlag,
  bitNames,
  bits,
  comprehensionTlvSet,
  map,
  octets,
  optional,
  required,
  u8,
} from '#base/codec/index.ts';
import { ALPHA, inTurn, plain, to } from './command-declaration.ts';
import { ITEMS, itemsIn, itemsOut, LIST_LOOK, LOOK, responseLength } from './display-element.ts';
import { DEVICE, duration, must, raw, TAG, textStringValue } from './element.ts';

const DISPLAY = to(DEVICE.display);
const TERMINAL = to(DEVICE.terminal);
const TEXT = required(must(TAG.textString), textStringValue);
const DURATION = optional(must(TAG.duration), duration);

const displayed = map(
  comprehensionTlvSet({
    text: TEXT,
    icon: LOOK.icon,
    immediate: optional(must(TAG.immediateResponse), octets(0)),
    duration: DURATION,
    textAttribute: LOOK.textAttribute,
    frame: LOOK.frame,
  }),
  ({ immediate, ...others }) => ({ ...others, immediateResponse: immediate !== undefined }),
  ({ immediateResponse, ...others }) => ({
    ...others,
    ...(immediateResponse && { immediate: new Uint8Array(0) }),
  }),
);

const menu = map(
  comprehensionTlvSet({
    alphaIdentifier: ALPHA,
    items: ITEMS,
    /** For each item the type of the command that selecting it brings (TS 102 223 8.24). */
    nextActions: optional(TAG.nextActions, raw),
    defaultItem: optional(must(TAG.itemIdentifier), u8),
    ...LIST_LOOK,
    frame: LOOK.frame,
  }),
  ({ items, ...others }) => ({ ...others, items: itemsIn(items) }),
  ({ items, ...others }) => ({ ...others, items: itemsOut(items) }),
);

const GATEWAY = inTurn(
  comprehensionTlvSet({
    browser: optional(TAG.browserIdentity, u8),
    url: required(TAG.url, raw),
    bearers: optional(TAG.bearers, raw),
    provisioningFile: optional(TAG.provisioningFile, raw),
    gateway: optional(TAG.textString, textStringValue),
    alphaIdentifier: optional(TAG.alphaIdentifier, raw),
    ...LOOK,
  }),
  comprehensionTlvSet({
    networkAccessName: optional(TAG.networkAccessName, raw),
    login: optional(TAG.textString, textStringValue),
  }),
  (tag) => tag === TAG.networkAccessName,
);

/** Commands that show something to the person, or ask (TS 102 223 6.6.1 to 6.6.9, 6.6.22, 6.6.26). */
export const DISPLAY_COMMANDS = {
  'DISPLAY TEXT': plain(
    'DISPLAY TEXT',
    DISPLAY,
    bits(1, {
      priority: bitNames(0, 1, { normal: 0, high: 1 }),
      cleared: bitNames(7, 1, { afterDelay: 0, byUser: 1 }),
    }),
    displayed,
  ),
  'GET INKEY': plain(
    'GET INKEY',
    TERMINAL,
    bits(1, {
      /** Any character of the alphabet; otherwise digits only, * # and +. */
      isAlphabet: bitFlag(0),
      isUcs2: bitFlag(1),
      isYesNo: bitFlag(2),
      /** The answer is given at the first key, without the person's confirmation. */
      isImmediate: bitFlag(3),
      hasHelp: bitFlag(7),
    }),
    comprehensionTlvSet({
      text: TEXT,
      icon: LOOK.icon,
      duration: DURATION,
      textAttribute: LOOK.textAttribute,
      frame: LOOK.frame,
    }),
  ),
  'GET INPUT': plain(
    'GET INPUT',
    TERMINAL,
    bits(1, {
      isAlphabet: bitFlag(0),
      isUcs2: bitFlag(1),
      isHidden: bitFlag(2),
      isPacked: bitFlag(3),
      hasHelp: bitFlag(7),
    }),
    comprehensionTlvSet({
      text: TEXT,
      length: required(must(TAG.responseLength), responseLength),
      defaultText: optional(TAG.defaultText, textStringValue),
      ...LOOK,
    }),
  ),
  'SELECT ITEM': plain(
    'SELECT ITEM',
    TERMINAL,
    bits(1, {
      presentation: bitNames(0, 2, { any: 0, data: 1, anyChosen: 2, navigation: 3 }),
      prefersSoftKey: bitFlag(2),
      hasHelp: bitFlag(7),
    }),
    menu,
  ),
  'SET UP MENU': plain('SET UP MENU', TERMINAL, bits(1, { prefersSoftKey: bitFlag(0), hasHelp: bitFlag(7) }), menu),
  'SET UP IDLE MODE TEXT': plain(
    'SET UP IDLE MODE TEXT',
    TERMINAL,
    bits(1, {}),
    comprehensionTlvSet({ text: TEXT, ...LOOK }),
  ),
  'PLAY TONE': plain(
    'PLAY TONE',
    to(DEVICE.earpiece),
    bits(1, { vibrates: bitFlag(0) }),
    comprehensionTlvSet({
      alphaIdentifier: ALPHA,
      tone: optional(must(TAG.tone), u8),
      duration: DURATION,
      ...LOOK,
    }),
  ),
  'LAUNCH BROWSER': plain(
    'LAUNCH BROWSER',
    TERMINAL,
    bits(1, { when: bitNames(0, 8, { notRunning: 0, inExisting: 2, closingExisting: 3 }) }),
    GATEWAY,
  ),
};
