import { computeOpc, GSM_ALGORITHMS, nodeAes } from '#base/crypto/index.ts';
import { Iccid, Imsi, Msisdn } from '#base/identity/index.ts';
import type { FurtherCode, UiccPersonalisation } from '#handset/uicc/index.ts';
import {
  type CardOrder,
  type CardPersonalisation,
  FLEET_POLICY,
  type LockPolicy,
  STANDARD_POLICY,
  SUCI_SCHEMES,
} from '#operator/subscriber/index.ts';
import { FILE_MEMBERS, planFrom } from './document-files.ts';
import {
  digits,
  hex,
  hexOrFresh,
  identity,
  list,
  membersOf,
  object,
  type Read,
  refuse,
  text,
  truth,
  whole,
  word,
} from './reading.ts';

/** The version of the document that is written and read here. */
export const DOCUMENT_VERSION = 1;

const key = hex(16, 16);
const aesKey = hex(16, 32);
const octetNumber: Read<number> = (value, at) => {
  const [octet] = hex(1, 1)(value, at);
  return octet as number;
};

// ---- algorithms ----

type Algorithm = NonNullable<CardOrder['algorithm']>;

/** All secrets of an algorithm, or none: one alone would be drawn beside one that is given. */
function allOrFresh(
  at: string,
  ...secrets: readonly (Uint8Array | 'fresh' | undefined)[]
): readonly Uint8Array[] | undefined {
  const given = secrets.filter((secret): secret is Uint8Array => secret instanceof Uint8Array);
  if (given.length === 0) return undefined;
  return given.length === secrets.length ? given : refuse(at, 'all of its secrets, or none of them', 'some');
}

const milenageMembers = object({ kind: word('milenage') }, { k: hexOrFresh(16, 16), opc: hexOrFresh(16, 16), op: key });
const tuakMembers = object(
  { kind: word('tuak') },
  { k: hexOrFresh(16, 32), topc: hexOrFresh(32, 32), res: word(4, 8, 16), iterations: whole(1, 255) },
);
const xorMembers = object({ kind: word('xor') }, { k: hexOrFresh(16, 16) });

const milenageOrder: Read<Algorithm> = (value, at) => {
  const { k, opc, op } = milenageMembers(value, at);
  if (op !== undefined && opc !== undefined) refuse(at, 'op or opc', 'both');
  const [first, second] = allOrFresh(at, k, op ?? opc) ?? [];
  if (first === undefined || second === undefined) return 'milenage';
  return { kind: 'milenage', k: first, opc: op === undefined ? second : computeOpc(nodeAes.key(first), op) };
};
const tuakOrder: Read<Algorithm> = (value, at) => {
  const { k, topc, res, iterations } = tuakMembers(value, at);
  const [first, second] = allOrFresh(at, k, topc) ?? [];
  const rules = { ...(res !== undefined && { res }), ...(iterations !== undefined && { iterations }) };
  if (first === undefined || second === undefined)
    return Object.keys(rules).length === 0 ? 'tuak' : refuse(at, 'k and topc with res or iterations', 'fresh ones');
  if (first.length !== 16 && first.length !== 32) refuse(`${at}.k`, '16 or 32 octets', String(first.length));
  return { kind: 'tuak', k: first, topc: second, ...rules };
};
const xorOrder: Read<Algorithm> = (value, at) => {
  const { k } = xorMembers(value, at);
  return k instanceof Uint8Array ? { kind: 'xor', k } : 'xor';
};
const ALGORITHMS = { milenage: milenageOrder, tuak: tuakOrder, xor: xorOrder } as const;
const algorithm: Read<Algorithm> = (value, at) => {
  const kind = word('milenage', 'tuak', 'xor')(membersOf(value, at).get('kind'), `${at}.kind`);
  return ALGORITHMS[kind](value, at);
};

const gsmAlgorithm: Read<NonNullable<CardOrder['gsmAlgorithm']>> = (value, at) => {
  const { kind, ki } = object({ kind: word(...GSM_ALGORITHMS) }, { ki: hexOrFresh(16, 16) })(value, at);
  return ki instanceof Uint8Array ? { kind, ki } : kind;
};

// ---- codes, policy, management ----

const pinDigits = digits(4, 8);
const identifier: Read<number> = (value, at) => {
  const [high, low] = hex(2, 2)(value, at);
  return ((high as number) << 8) | (low as number);
};
const furtherCode = object(
  { reference: octetNumber },
  { application: identifier, code: hex(8, 8), unblock: hex(8, 8), enabled: truth, sharedWith: identifier },
);
const pins = object(
  {},
  {
    pin1: pinDigits,
    unblock1: digits(8, 8),
    pin2: pinDigits,
    unblock2: digits(8, 8),
    universal: pinDigits,
    adm: hexOrFresh(8, 8),
    furtherAdm: list(hex(8, 8), 4),
    further: list(furtherCode, 64),
  },
);

const limit = whole(0, 0xffff);
const policyMembers = object(
  {},
  {
    gate: word('open', 'enable'),
    terminalCannotProve: word('grace', 'permit', 'block'),
    graceAuthentications: limit,
    proveAtBoot: truth,
    proveBeforeCall: truth,
    proveEvery: limit,
    reportEvery: limit,
    unansweredLimit: whole(0, 255),
    brokenProtectionLimit: whole(0, 255),
    pairing: word('free', 'locked'),
    acceptedEvidence: list(word('scp11a', 'scp03', 'static'), 3),
  },
);
/** A policy by its name, or what it has otherwise than `standard`. */
const policy: Read<LockPolicy> = (value, at) => {
  if (typeof value === 'string')
    return word('standard', 'fleet')(value, at) === 'fleet' ? FLEET_POLICY : STANDARD_POLICY;
  const change = policyMembers(value, at);
  return { ...STANDARD_POLICY, ...(Object.fromEntries(Object.entries(change)) as Partial<LockPolicy>) };
};

const keySet = object({ version: octetNumber, first: aesKey, second: aesKey, dek: aesKey }, {});
const remoteFiles = object(
  { tar: hex(3, 3), minimumLevel: word('level16', 'level1E'), granted: hex(0, 8) },
  { application: hex(5, 16), personality: word('sim') },
);
const management = object(
  {},
  {
    keySets: list(keySet, 16),
    emptySelect: word('issuerDomain', 'masterFile'),
    minimumSession: octetNumber,
    minimumLevel: octetNumber,
    remoteFiles: list(remoteFiles, 64),
  },
);
const keyPair = object({ kic: key, kid: key }, {});

const ims = object(
  {},
  {
    privateIdentity: text(/^.{1,120}$/u, '1 to 120 characters'),
    domain: text(/^.{1,120}$/u, '1 to 120 characters'),
    publicIdentities: list(text(/^.{1,120}$/u, '1 to 120 characters'), 8),
    proxies: list(text(/^.{1,120}$/u, '1 to 120 characters'), 8),
  },
);

const steps = whole(1, 2 ** 48 - 1);
const MEMBERS = {
  iccid: identity(Iccid.parse),
  imsi: identity(Imsi.parse),
  msisdn: identity(Msisdn.parse),
  mncLength: word(2, 3),
  serviceCentre: identity(Msisdn.parse),
  operatorAddress: identity(Msisdn.parse),
  algorithm,
  gsmAlgorithm,
  sequence: object(
    { indBits: whole(0, 5) },
    { delta: steps, ageLimit: steps, initial: list(whole(0, 2 ** 43 - 1), 32) },
  ),
  suci: object({ by: word('terminal', 'usim'), scheme: word(...SUCI_SCHEMES) }, { routingIndicator: digits(1, 4) }),
  ims,
  pins,
  lock: object({}, { policy, staticKey: key }),
  otaKeys: object({ answer: keyPair, report: keyPair }, {}),
  management,
  ...FILE_MEMBERS,
} as const;
const document = object({ profile: word(DOCUMENT_VERSION) }, MEMBERS);

/** A profile as it was read: what the operator issues, and what only the card has. */
export interface CardDocument {
  readonly iccid?: Iccid;
  readonly imsi?: Imsi;
  readonly msisdn?: Msisdn;
  readonly order: Omit<Partial<CardOrder>, 'iccid' | 'imsi' | 'msisdn' | 'author'>;
  /** What the card has beside what the operator keeps. */
  readonly card: Pick<
    Partial<UiccPersonalisation>,
    'pin2' | 'unblockCode' | 'unblockCode2' | 'universalPin' | 'furtherAdm' | 'furtherCodes' | 'ims' | 'files'
  >;
  readonly management: Omit<NonNullable<UiccPersonalisation['management']>, 'keySets'>;
}

function furtherCodeFrom({ enabled, unblock, ...code }: ReturnType<typeof furtherCode>): FurtherCode {
  return { ...code, ...(enabled !== undefined && { isEnabled: enabled }), ...(unblock && { unblockCode: unblock }) };
}

const LEVELS: readonly number[] = [0x16, 0x1e];
const SESSIONS: readonly number[] = [0x01, 0x03, 0x11, 0x13, 0x33];

function managementFrom(given: ReturnType<typeof management> | undefined): CardDocument['management'] {
  const { minimumSession, minimumLevel, emptySelect, remoteFiles: files } = given ?? {};
  if (minimumSession !== undefined && !SESSIONS.includes(minimumSession))
    refuse('management.minimumSession', 'a level of SCP03: 01, 03, 11, 13 or 33', 'another');
  if (minimumLevel !== undefined && !LEVELS.includes(minimumLevel))
    refuse('management.minimumLevel', '16 or 1E', 'another');
  return {
    ...(emptySelect && { emptySelect }),
    // Judged above.
    ...(minimumSession !== undefined && {
      minimumSession: minimumSession as NonNullable<CardDocument['management']['minimumSession']>,
    }),
    ...(minimumLevel !== undefined && { minimumLevel: minimumLevel as 0x16 | 0x1e }),
    ...(files && { remoteFiles: files }),
  };
}

/** Reads a profile. Throws ProfileError that names the place, what was expected, what came. */
export function documentFrom(value: unknown): CardDocument {
  const read = document(value, '');
  const { iccid, imsi, msisdn, pins: codes = {}, lock = {}, management: managed, profile: _version, ...rest } = read;
  const { base, services, directories, files: _files, removed, ims: identities, ...order } = rest;
  const fileMembers = {
    ...(base && { base }),
    ...(services && { services }),
    ...(directories && { directories }),
    ...(rest.files !== undefined && { files: rest.files }),
    ...(removed && { removed }),
  };
  const plan = planFrom(fileMembers);
  return {
    ...(iccid && { iccid }),
    ...(imsi && { imsi }),
    ...(msisdn && { msisdn }),
    order: {
      ...order,
      ...(lock.policy && { policy: lock.policy }),
      ...(lock.staticKey && { staticKey: lock.staticKey }),
      ...(codes.pin1 !== undefined && { pin: codes.pin1 }),
      ...(codes.adm instanceof Uint8Array && { adm: codes.adm }),
      ...(managed?.keySets && { keySets: managed.keySets }),
    } as CardDocument['order'],
    card: {
      ...(codes.unblock1 !== undefined && { unblockCode: codes.unblock1 }),
      ...(codes.pin2 !== undefined && { pin2: codes.pin2 }),
      ...(codes.unblock2 !== undefined && { unblockCode2: codes.unblock2 }),
      ...(codes.universal !== undefined && { universalPin: codes.universal }),
      ...(codes.furtherAdm && { furtherAdm: codes.furtherAdm }),
      ...(codes.further && { furtherCodes: codes.further.map(furtherCodeFrom) }),
      ...(identities && { ims: identities as NonNullable<UiccPersonalisation['ims']> }),
      ...(plan && { files: plan }),
    },
    management: managementFrom(managed),
  };
}

/** Whom a card is for, and who orders it. */
export type OrderedCard = Pick<CardOrder, 'iccid' | 'imsi' | 'msisdn' | 'author' | 'serviceCentre' | 'operatorAddress'>;

/** What the operator issues by a profile for one card; numbers of the profile come before those of `card`, but for its identities. */
export function orderOf(profile: CardDocument, { serviceCentre, operatorAddress, ...card }: OrderedCard): CardOrder {
  return { serviceCentre, operatorAddress, ...profile.order, ...card };
}

/** What the card is personalised with: what the operator issued, and what only the card has. */
export function personalisationFrom(profile: CardDocument, issued: CardPersonalisation): UiccPersonalisation {
  const { management: given, ...rest } = issued;
  const managed = given && { management: { ...profile.management, keySets: given.keySets } };
  return { ...rest, ...profile.card, ...managed };
}
