import { berTlvs, CodecError, concat, fromHex, NO_OCTETS, toHex } from '#base/codec/index.ts';
import { keyCheckValue, tableAes } from '#base/crypto/index.ts';
import type { SecurityLevel } from '#protocol/secure-channel/index.ts';
import type { DomainFailure } from './domain-channel.ts';
import { isDone, type Reply } from './session.ts';
import { hexLines, octetsOf, type ShellCommand, type ShellContext, ShellError, told } from './shell-command.ts';
import { tlvLines } from './tlv-lines.ts';

/** Data objects of GET DATA by the names that pySim-shell has for them (GPC 2.3.1 11.3.3). */
const DATA_OBJECTS: Readonly<Record<string, number>> = {
  issuer_identification_number: 0x42,
  card_image_number: 0x45,
  card_data: 0x66,
  card_capability_information: 0x67,
  list_of_applications: 0x2f00,
  key_information: 0xe0,
  sequence_counter_of_default_kvn: 0xc1,
  confirmation_counter: 0xc2,
  current_security_level: 0xd3,
  extended_card_resources_info: 0xff21,
  security_domain_manager_url: 0x5f50,
  card_production_life_cycle: 0x9f7f,
};
/** P1 of GET STATUS (GPC 2.3.1 table 11-32). */
const SUBSETS: Readonly<Record<string, number>> = {
  isd: 0x80,
  applications: 0x40,
  files: 0x20,
  files_and_modules: 0x10,
};
const TAGGED = 0x02;
const NEXT = 0x01;
const MORE_FOLLOWS = 0x6310;
/** Parts of one answer: a card that goes on for ever is left. */
const MOST_PARTS = 64;
const LEVELS: readonly SecurityLevel[] = [0x01, 0x03, 0x11, 0x13, 0x33];
const LINE = { tag: 0xe3, aid: 0x4f, state: 0x9f70, privileges: 0xc5, module: 0x84, domain: 0xcc } as const;
const KEY_INFORMATION = { object: 0xe0, key: 0xc0 } as const;

const isFailure = (reply: Reply | DomainFailure): reply is DomainFailure => 'reason' in reply;

async function failed({ say, domain }: ShellContext, { reason }: DomainFailure): Promise<boolean> {
  domain.close();
  await say(`the secure channel is over: ${reason}`);
  return false;
}

function tagMeant(text: string | undefined): number {
  const known = text === undefined ? undefined : DATA_OBJECTS[text.toLowerCase()];
  if (known !== undefined) return known;
  if (text === undefined || !/^(?:0x)?[0-9a-f]{1,4}$/i.test(text))
    throw new ShellError(
      `which object: expected a tag of up to two octets, or one of ${Object.keys(DATA_OBJECTS).join(', ')}`,
    );
  return Number.parseInt(text.replace(/^0x/i, ''), 16);
}

async function getData(context: ShellContext, [text]: readonly string[]): Promise<boolean> {
  const tag = tagMeant(text);
  const reply = await context.domain.send(0xca, tag >> 8, tag & 0xff, undefined, 256);
  if (isFailure(reply)) return failed(context, reply);
  if (!isDone(reply)) return told(context, reply);
  const keys = tag === KEY_INFORMATION.object ? keyLines(reply.data) : [];
  await context.say(...(keys.length > 0 ? keys : [...hexLines(reply.data), ...tlvLines(reply.data)]));
  return true;
}

/** A key information template in words (GPC 2.3.1 table 11-28). */
function keyLines(data: Uint8Array): readonly string[] {
  const templates = objectsIn(data).filter(({ tag }) => tag === KEY_INFORMATION.object);
  return templates
    .flatMap(({ value }) => objectsIn(value))
    .filter(({ tag, value }) => tag === KEY_INFORMATION.key && value.length >= 4)
    .map(({ value }) => {
      const [identifier = 0, version = 0, type = 0, length = 0] = value;
      return `key version ${hex2(version)}, identifier ${hex2(identifier)}: ${KEY_TYPES[type] ?? `type ${hex2(type)}`}, ${length} octets`;
    });
}

/** GPC 2.3.1 table 11-16. */
const KEY_TYPES: Readonly<Record<number, string>> = { 128: 'DES', 130: 'triple DES CBC', 133: 'TLS PSK', 136: 'AES' };
const hex2 = (value: number) => value.toString(16).toUpperCase().padStart(2, '0');

function objectsIn(octets: Uint8Array): readonly { readonly tag: number; readonly value: Uint8Array }[] {
  try {
    return berTlvs(octets);
  } catch (error) {
    if (error instanceof CodecError) return [];
    throw error;
  }
}

async function getStatus(context: ShellContext, [text = 'applications']: readonly string[]): Promise<boolean> {
  const subset = SUBSETS[text];
  if (subset === undefined) throw new ShellError(`of what: expected one of ${Object.keys(SUBSETS).join(', ')}`);
  const parts: Uint8Array[] = [];
  let reply = await context.domain.send(0xf2, subset, TAGGED, fromHex('4F00'), 256);
  for (let count = 1; !isFailure(reply) && count < MOST_PARTS; count++) {
    parts.push(reply.data);
    if (reply.statusWord !== MORE_FOLLOWS) break;
    reply = await context.domain.send(0xf2, subset, TAGGED | NEXT, fromHex('4F00'), 256);
  }
  if (isFailure(reply)) return failed(context, reply);
  if (!isDone(reply)) return told(context, reply);
  await context.say(...registryLines(concat(...parts), subset === SUBSETS['isd']));
  return true;
}

/** The registry in words (GPC 2.3.1 table 11-36). */
function registryLines(data: Uint8Array, isIssuer: boolean): readonly string[] {
  const lines = objectsIn(data).filter(({ tag }) => tag === LINE.tag);
  if (lines.length === 0) return hexLines(data);
  return lines.flatMap(({ value }) => {
    const objects = objectsIn(value);
    const of = (tag: number) => objects.find((one) => one.tag === tag)?.value;
    const state = of(LINE.state)?.[0];
    const privileges = of(LINE.privileges);
    const domain = of(LINE.domain);
    const head = [
      toHex(of(LINE.aid) ?? new Uint8Array(0)),
      state === undefined ? [] : [stateWords(state, isIssuer)],
      privileges === undefined ? [] : [`privileges ${toHex(privileges)}`],
      domain === undefined ? [] : [`of ${toHex(domain)}`],
    ].flat();
    const modules = objects.filter(({ tag }) => tag === LINE.module).map((one) => `  module ${toHex(one.value)}`);
    return [head.join('  '), ...modules];
  });
}

const CARD_STATES: Readonly<Record<number, string>> = {
  1: 'OP_READY',
  7: 'INITIALIZED',
  15: 'SECURED',
  127: 'CARD_LOCKED',
  255: 'TERMINATED',
};
const STATES: Readonly<Record<number, string>> = { 1: 'LOADED', 3: 'INSTALLED', 7: 'SELECTABLE', 15: 'PERSONALIZED' };

function stateWords(state: number, isIssuer: boolean): string {
  if (isIssuer) return CARD_STATES[state] ?? hex2(state);
  const words = STATES[state & 0x7f] ?? hex2(state);
  return (state & 0x80) === 0 ? words : `${words}, locked`;
}

const KEY_NAMES = ['ENC', 'MAC', 'DEK'] as const;

interface Keys {
  readonly enc: Uint8Array;
  readonly mac: Uint8Array;
  readonly dek: Uint8Array;
}

/** Three keys: those that stand in the line, or asked for without echo; `twice`: a key that was mistyped would lock its owner out. */
async function keysOf(context: ShellContext, given: readonly string[], asked: 'once' | 'twice'): Promise<Keys> {
  const keys: Uint8Array[] = [];
  for (const [i, name] of KEY_NAMES.entries()) {
    const text = given[i] ?? (await context.secret(`key ${name} (hexadecimal): `));
    const octets = octetsOf(text?.trim(), `key ${name}`);
    if (![16, 24, 32].includes(octets.length)) throw new ShellError(`key ${name}: expected 16, 24 or 32 octets`);
    const again = given[i] === undefined && asked === 'twice' ? await context.secret(`key ${name} once more: `) : text;
    if (again?.trim().toUpperCase() !== text?.trim().toUpperCase())
      throw new ShellError(`key ${name}: expected the same key once more, got another`);
    keys.push(octets);
  }
  const [enc, mac, dek] = keys as [Uint8Array, Uint8Array, Uint8Array];
  return { enc, mac, dek };
}

function forget({ enc, mac, dek }: Keys): void {
  for (const key of [enc, mac, dek]) key.fill(0);
}

function versionOf(text: string | undefined, what: string): number {
  if (text === undefined || !/^[0-9a-f]{1,2}$/i.test(text) || Number.parseInt(text, 16) > 0x7f)
    throw new ShellError(`${what}: expected 01 to 7F in hexadecimal`);
  return Number.parseInt(text, 16);
}

async function putKeys(context: ShellContext, words: readonly string[]): Promise<boolean> {
  const [version, word, old] = words;
  const isReplacing = word === 'replace';
  const number = versionOf(version, 'key version');
  const oldVersion = isReplacing ? versionOf(old, 'version of the keys to replace') : 0;
  if (!context.domain.isOpen) throw new ShellError('expected a secure channel, got none: establish_scp03 first');
  const keys = await keysOf(context, words.slice(isReplacing ? 3 : 1), 'twice');
  const checks = [keys.enc, keys.mac, keys.dek].map((key) => toHex(keyCheckValue(tableAes.key(key))));
  const reply = await context.domain.putKeys({ version: number, ...keys }, oldVersion);
  forget(keys);
  if (isFailure(reply)) return failed(context, reply);
  if (!isDone(reply)) return told(context, reply);
  await context.say(`key version ${hex2(number)} is on the card: check values ${checks.join(' ')}`);
  return true;
}

/** Words that end a line whose effect nothing takes back. */
const FOR_EVER = 'for ever';
/** P1 of SET STATUS (GPC 2.3.1 table 11-86). */
const STATUS_OF = { card: 0x80, application: 0x40 } as const;
const LOCKED = 0x80;
/** From these the issuer finds back. */
const PASSING_STATES: ReadonlySet<string> = new Set(['CARD_LOCKED', 'locked', 'unlocked']);

async function setStatus(
  context: ShellContext,
  [what = '', state = '', ...words]: readonly string[],
): Promise<boolean> {
  const isCard = what === 'card';
  const states: Readonly<Record<string, number>> = isCard
    ? { INITIALIZED: 7, SECURED: 15, CARD_LOCKED: 127, TERMINATED: 255 }
    : { locked: LOCKED, unlocked: 0, PERSONALIZED: 15 };
  const target = isCard ? NO_OCTETS : octetsOf(what, 'card, or the AID of an application or security domain');
  const value = Object.hasOwn(states, state) ? states[state] : undefined;
  if (value === undefined) throw new ShellError(`which state: expected one of ${Object.keys(states).join(', ')}`);
  if (!PASSING_STATES.has(state) && words.join(' ') !== FOR_EVER)
    throw new ShellError(`${state} cannot be taken back: end the line with the words '${FOR_EVER}' when it is meant`);
  const reply = await context.domain.send(0xf0, isCard ? STATUS_OF.card : STATUS_OF.application, value, target);
  return isFailure(reply) ? failed(context, reply) : told(context, reply);
}

async function establish(context: ShellContext, words: readonly string[]): Promise<boolean> {
  const [version, level = '3', ...given] = words;
  const number = version === undefined ? 0 : Number.parseInt(version, 16);
  if (Number.isNaN(number) || number > 0x7f) throw new ShellError('key version: expected 00 to 7F in hexadecimal');
  const securityLevel = LEVELS.find((one) => one === Number.parseInt(level, 16));
  if (securityLevel === undefined) throw new ShellError('level: expected 1, 3, 11, 13 or 33');
  const keys = await keysOf(context, given, 'once');
  const failure = await context.domain.open({ version: number, ...keys }, securityLevel);
  forget(keys);
  if (failure !== undefined) {
    await context.say(
      `no secure channel: ${failure.reason}. Wrong keys are counted by the card: ask 'get_data key_information' first`,
    );
    return false;
  }
  await context.say(`SCP03, level ${hex2(securityLevel)}: commands to this security domain are secured now`);
  return true;
}

async function storeData(context: ShellContext, [hex]: readonly string[]): Promise<boolean> {
  const data = octetsOf(hex, 'data');
  const block = 200;
  let reply: Reply | DomainFailure | undefined;
  for (let at = 0, number = 0; at < data.length; at += block, number++) {
    const isLast = at + block >= data.length;
    reply = await context.domain.send(0xe2, isLast ? 0x90 : 0x10, number, data.slice(at, at + block));
    if (isFailure(reply)) return failed(context, reply);
    if (!isDone(reply)) break;
  }
  return reply === undefined || isFailure(reply) ? false : told(context, reply);
}

/** Commands to a security domain, after it was selected by its AID (GPC 2.3.1 11, Amendment D). */
export const DOMAIN_COMMANDS: readonly ShellCommand[] = [
  {
    ...{ name: 'get_data', parameters: 'NAME|TAG', does: 'a data object of a security domain (GPC 2.3.1 11.3)' },
    choices: Object.keys(DATA_OBJECTS),
    run: getData,
  },
  {
    ...{ name: 'establish_scp03', parameters: '[VERSION [LEVEL [ENC MAC DEK]]]', isSecret: true },
    does: 'open SCP03 with the domain that is selected; keys are asked for without echo. LEVEL: 1, 3 (usual), 11, 13, 33',
    run: establish,
  },
  {
    ...{ name: 'release_scp', parameters: '', does: 'end the secure channel' },
    async run(context) {
      context.domain.close();
      return true;
    },
  },
  {
    ...{ name: 'get_status', parameters: '[OF_WHAT]' },
    does: 'the registry: isd, applications (usual), files, files_and_modules; most cards want SCP03 first',
    choices: Object.keys(SUBSETS),
    run: getStatus,
  },
  {
    ...{ name: 'set_status', parameters: 'card|AID STATE [for ever]', choices: ['card'] },
    does: "card: INITIALIZED, SECURED, CARD_LOCKED, TERMINATED; AID: locked, unlocked, PERSONALIZED. What cannot be taken back wants the words 'for ever'",
    run: setStatus,
  },
  {
    ...{ name: 'put_key', parameters: 'VERSION [replace OLD] [ENC MAC DEK]', isSecret: true },
    does: 'three AES keys under SCP03, added or in place of version OLD; keys are asked for twice without echo, and only their check values are shown',
    run: putKeys,
  },
  {
    ...{
      name: 'store_data',
      parameters: 'HEX',
      does: 'STORE DATA: data objects in BER-TLV (GPC 2.3.1 11.11)',
      isSecret: true,
    },
    run: storeData,
  },
];
