import { toHex } from '#base/codec/index.ts';
import {
  type AuthenticationAlgorithm,
  type AuthenticationVector,
  authenticationVector,
  type GsmAlgorithm,
  type GsmKeys,
  nodeAes,
  readAuts,
  type Signer,
} from '#base/crypto/index.ts';
import { Iccid, Imsi, Msisdn } from '#base/identity/index.ts';
import type { Clock, Random } from '#base/port/index.ts';
import { AUDIT_SUBJECTS, type Audit } from '#operator/audit/index.ts';
import { blob, type Database, integer, type MasterKey, nullable, oneOf, text } from '#operator/database/index.ts';
import type { OTA_KEY_SET } from '#protocol/imei-lock/index.ts';
import { COUNTER_LIMIT, type OtaKeys } from '#protocol/ota/index.ts';
import {
  type CardPersonalisation,
  type LockPolicy,
  type SequenceRules,
  STANDARD_POLICY,
  STANDARD_SEQUENCE,
} from './card-personalisation.ts';
import { type CertificateAuthority, openAuthorities } from './certificate-authority.ts';
import { HomeNetworkKeys, type SuciScheme } from './home-network-keys.ts';
import { type IssuerKeys, isManageable, issuerKeys, issuerPacketKeys } from './issuer-keys.ts';
import { PacketKeys } from './packet-keys.ts';
import { SequenceNumbers } from './sequence-numbers.ts';
import {
  type AlgorithmName,
  type AlgorithmOrder,
  algorithmFrom,
  codeOf,
  drawnAlgorithm,
  drawnGsmAlgorithm,
  type GsmAlgorithmOrder,
  readyAlgorithm,
  readyGsmAlgorithm,
  unusualTuak,
} from './subscriber-algorithm.ts';
import { type Secrets, secretsFormat } from './subscriber-secrets.ts';
import { openTrusts, type Trusts } from './trusts.ts';

/** An order or a look-up about UICCs that cannot be served; the message says why and what to do. */
export class SubscriberError extends Error {
  override readonly name = 'SubscriberError';
}

/** A UICC as everybody in the operator's house may see it: no secrets. */
export interface Subscriber {
  readonly iccid: Iccid;
  readonly imsi: Imsi;
  readonly msisdn: Msisdn;
  /** Where its reports go and its answers come from. */
  readonly operatorAddress: Msisdn;
  readonly algorithm: AlgorithmName;
  readonly policy: LockPolicy;
  /** Milliseconds since 1970. */
  readonly issuedAt: number;
  /** Whether it has remote management. */
  readonly isManaged: boolean;
}

/** What a network of GSM gets for one authentication. */
export interface GsmTriplet extends GsmKeys {
  readonly rand: Uint8Array;
}

/** What to issue a UICC for. Keys not given are drawn. */
export interface CardOrder {
  readonly iccid: Iccid;
  readonly imsi: Imsi;
  readonly msisdn: Msisdn;
  readonly serviceCentre: Msisdn;
  readonly operatorAddress: Msisdn;
  /** Default 2. */
  readonly mncLength?: 2 | 3;
  /** Default a fresh Milenage K and OPc. */
  readonly algorithm?: AlgorithmOrder;
  /** Default none: the conversions of the algorithm serve GSM. */
  readonly gsmAlgorithm?: GsmAlgorithmOrder;
  /** Default STANDARD_SEQUENCE. The numbers given out here suit any IND of up to 5 bits. */
  readonly sequence?: SequenceRules;
  /** Default none: the terminal calculates the SUCI, with the null-scheme. Routing indicator: default 0. */
  readonly suci?: { readonly by: 'terminal' | 'usim'; readonly scheme: SuciScheme; readonly routingIndicator?: string };
  readonly pin?: string;
  readonly staticKey?: Uint8Array;
  /** Keys that the card has already, or is to have: default, keys of this card alone, derived. */
  readonly adm?: Uint8Array;
  readonly otaKeys?: CardPersonalisation['otaKeys'];
  /** Of the issuer security domain: one for sessions, one for packets. */
  readonly keySets?: readonly IssuerKeys[];
  /** Default STANDARD_POLICY. */
  readonly policy?: LockPolicy;
  /** False leaves the UICC without a certificate: static mode only. Default true. */
  readonly withCertificate?: boolean;
  readonly author: string;
}

/** Whose vectors are made, and by what. */
interface ReadySubscriber {
  readonly iccid: string;
  readonly algorithm: AuthenticationAlgorithm;
  readonly gsm: GsmAlgorithm;
}

/** Direction of an OTA key set, as OTA_KEY_SET names it. */
type Direction = keyof typeof OTA_KEY_SET;

/** The operator's UICCs. */
export interface Subscribers {
  /** Issues a UICC. Throws SubscriberError when ICCID, IMSI or MSISDN is taken. */
  issueCard(order: CardOrder): CardPersonalisation;
  /** Issues many in one transaction: all or none. */
  issueCards(orders: readonly CardOrder[]): readonly CardPersonalisation[];
  /** What a UICC was personalised with, from the database. */
  personalisation(iccid: Iccid): CardPersonalisation | undefined;
  byIccid(iccid: Iccid | string): Subscriber | undefined;
  byImsi(imsi: Imsi): Subscriber | undefined;
  /** `digits` as they came from the SMSC: not checked before. */
  byMsisdn(digits: string): Subscriber | undefined;
  /** UICCs in order of ICCID from above `after`, at most `most` (1000). */
  page(after: string, most: number): readonly Subscriber[];
  /** UICCs whose ICCID, IMSI or MSISDN begins with these digits, in their order, at most `most` (1000). */
  beginning(name: 'iccid' | 'imsi' | 'msisdn', digits: string, most: number): readonly Subscriber[];
  count(): number;
  /** A fresh vector (TS 33.102 6.3.2), undefined for an unknown IMSI. `amf`: default 8000, the separation bit of EPS and 5G. */
  authenticationVector(imsi: Imsi, amf?: number): AuthenticationVector | undefined;
  /** A fresh triplet for a network of GSM (TS 43.020 4.3, TS 33.102 6.8.1.1); undefined for an unknown IMSI. */
  gsmTriplet(imsi: Imsi): GsmTriplet | undefined;
  /** Takes AUTS of a synchronisation failure (6.3.5); false for a wrong MAC-S and for an unknown IMSI, which change nothing. */
  resynchronise(imsi: Imsi, rand: Uint8Array, auts: Uint8Array): boolean;
  /** Whom a SUCI conceals (TS 33.501 6.12.5): its octets from octet 4 of the mobile identity on; undefined when it is none of ours. */
  revealSuci(octets: Uint8Array): Imsi | undefined;
  /** The OTA keys of one direction of the IMEI lock. */
  otaKeys(iccid: Iccid, direction: Direction): OtaKeys;
  /** The keys of remote management, and their rotation. */
  readonly packetKeys: PacketKeys;
  /** Keeps the policy that a UICC said it has. Joins a transaction. */
  keepPolicy(iccid: Iccid, policy: LockPolicy): void;
  /** A counter for a packet to the UICC, never given before; durable when it returns. Throws SubscriberError when they are used up. */
  nextAnswerCounter(iccid: Iccid): number;
  /** Leaves out so many counters and sequence numbers of every UICC: an older database was put back. Returns of how many UICCs. */
  leap(numbers: number): number;
  /** The counter of the last report that was accepted; 0 before the first. */
  lastReportCounter(iccid: Iccid): number;
  /** Keeps the counter of a report; false when it is not higher than the last (a replay). */
  acceptReportCounter(iccid: Iccid, counter: number): boolean;
  /** This operator's root, for storage supports. */
  operatorRoot(): CertificateAuthority;
  /** The makers that UICCs issued from now on believe. */
  makerRoots(): readonly CertificateAuthority[];
  /** Which makers the UICCs in the field believe. */
  readonly trusts: Trusts;
  /**
   * UICCs issued from now on believe this maker. `by`: who says so, for the audit log. Throws SubscriberError when another root has its identifier,
   * this operator's own included.
   */
  trustMaker(root: CertificateAuthority, by?: { readonly author: string; readonly reason: string }): void;
  /** UICCs issued from now on no longer believe it; false when none did. */
  distrustMaker(
    identifier: Uint8Array,
    by: { readonly author: string; readonly reason: string; readonly approvedBy?: string },
  ): boolean;
}

const SECRETS = 'uicc secrets';
/** OTA keys and algorithms kept ready, each. */
const MOST_READY = 10_000;
const MOST_PER_PAGE = 1000;
/** The separation bit (TS 33.401 6.1.1, TS 33.501 6.1.3). */
const SEPARATION_BIT = 0x8000;

const ROW = {
  iccid: text,
  imsi: text,
  msisdn: text,
  mncLength: integer,
  serviceCentre: text,
  operatorAddress: text,
  algorithm: oneOf('milenage', 'tuak', 'xor'),
  wrappedSecrets: blob,
  certificate: nullable(blob),
  authority: nullable(blob),
  policy: text,
  issuedAt: integer,
  managed: integer,
};
type Row = { readonly [K in keyof typeof ROW]: ReturnType<(typeof ROW)[K]> };

/** Who makes UICCs believe a maker, or no longer. */
function logMaker(
  audit: Audit,
  identifier: Uint8Array,
  change: 'added' | 'removed',
  { author, reason, approvedBy }: { readonly author: string; readonly reason: string; readonly approvedBy?: string },
): void {
  const detail = { change, reason, ...(approvedBy !== undefined && { approvedBy }) };
  audit.append({
    kind: 'setting',
    author,
    subject: AUDIT_SUBJECTS.say('maker', { identifier: toHex(identifier) }),
    detail,
  });
}

/** What is changed in the table of UICCs. */
function uiccCommands(database: Database) {
  return {
    insert: database.command(
      `INSERT INTO uicc (iccid, imsi, msisdn, mnc_length, service_centre, operator_address, algorithm, wrapped_secrets, certificate,
     authority, policy, issued_at, trust, managed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)`,
    ),
    raiseReport: database.command('UPDATE uicc SET report_counter = ?1 WHERE iccid = ?2 AND report_counter < ?1'),
    leap: database.command(
      'UPDATE uicc SET answer_counter = answer_counter + ?1, sequence_ceiling = sequence_ceiling + ?1',
    ),
    newPolicy: database.command('UPDATE uicc SET policy = ? WHERE iccid = ?'),
  };
}

/** What is asked of the table of UICCs. */
function uiccQueries(database: Database) {
  const select = (where: string) => database.query(`SELECT * FROM uicc ${where}`, ROW);
  // Above the digits and all that begins with them: ':' is the character behind '9'.
  const begun = (column: 'iccid' | 'imsi' | 'msisdn') =>
    select(`WHERE ${column} >= ?1 AND ${column} < ?1 || ':' ORDER BY ${column} LIMIT ?2`);
  return {
    byIccid: select('WHERE iccid = ?'),
    byImsi: select('WHERE imsi = ?'),
    byMsisdn: select('WHERE msisdn = ?'),
    paged: select('WHERE iccid > ? ORDER BY iccid LIMIT ?'),
    beginning: { iccid: begun('iccid'), imsi: begun('imsi'), msisdn: begun('msisdn') },
  };
}

/** The UICCs in this database. */
export function openSubscribers(options: {
  database: Database;
  masterKey: MasterKey;
  audit: Audit;
  random: Random;
  clock: Clock;
  /** Signs certificates of UICCs; default: `sign`. */
  signer?: Signer;
}): Subscribers {
  const { database, masterKey, audit, random, clock } = options;
  const authorities = openAuthorities(options);
  const trusts = openTrusts(database);
  const sequenceNumbers = new SequenceNumbers(database);
  const homeNetwork = new HomeNetworkKeys(masterKey);
  const sql = uiccCommands(database);
  const { byIccid, byImsi, byMsisdn, paged, beginning } = uiccQueries(database);
  const counted = database.query('SELECT count(*) AS number FROM uicc', { number: integer });
  const taken = database.query(
    'SELECT iccid, imsi, msisdn FROM uicc WHERE iccid = ? OR imsi = ? OR msisdn = ? LIMIT 1',
    { iccid: text, imsi: text, msisdn: text },
  );
  const raiseAnswer = database.query(
    'UPDATE uicc SET answer_counter = answer_counter + 1 WHERE iccid = ? RETURNING answer_counter',
    { answerCounter: integer },
  );
  const reportCounter = database.query('SELECT report_counter FROM uicc WHERE iccid = ?', { reportCounter: integer });
  const algorithms = new Map<string, ReadySubscriber>();
  const readyKeys = new Map<string, OtaKeys>();

  const secretsOf = (row: Row): Secrets =>
    secretsFormat.decode(masterKey.unwrap(SECRETS, Iccid.parse(row.iccid).toEf(), row.wrappedSecrets));

  const otaKey = (iccid: Iccid, direction: Direction, which: 'kic' | 'kid') =>
    masterKey.derive(`ota ${direction} ${which}`, iccid.toEf(), 16);

  /** Keys of packets: those the order gave, or derived ones. */
  const keysOf = (iccid: Iccid, direction: Direction): OtaKeys => {
    const row = byIccid.first(iccid.digits);
    const { answerKeys, reportKeys } = row === undefined ? {} : secretsOf(row);
    const given = direction === 'answer' ? answerKeys : reportKeys;
    const { kic, kid } = given ?? { kic: otaKey(iccid, direction, 'kic'), kid: otaKey(iccid, direction, 'kid') };
    return { cipher: nodeAes.key(kic), check: nodeAes.key(kid) };
  };

  const packetKeys = new PacketKeys({
    ...options,
    first(iccid) {
      const row = byIccid.first(iccid.digits);
      const { keySets = [] } = row === undefined ? {} : secretsOf(row);
      return issuerPacketKeys(keySets.length > 0 ? keySets : issuerKeys(masterKey, iccid));
    },
  });

  const personalisationOf = (row: Row): CardPersonalisation => {
    const secrets = secretsOf(row);
    const { privateScalar, staticKey, pin, gsm, sequence, suci, keySets } = secrets;
    const iccid = Iccid.parse(row.iccid);
    const pair = (direction: Direction) => ({
      kic: otaKey(iccid, direction, 'kic'),
      kid: otaKey(iccid, direction, 'kid'),
    });
    const { certificate, authority } = row;
    return {
      iccid,
      imsi: Imsi.parse(row.imsi),
      msisdn: Msisdn.parse(row.msisdn),
      mncLength: row.mncLength === 3 ? 3 : 2,
      algorithm: algorithmFrom(row.algorithm, secrets),
      ...(gsm && { gsmAlgorithm: gsm }),
      ...(sequence && { sequence }),
      ...(suci && {
        suci: {
          by: suci.by,
          calculation: homeNetwork.calculation(suci.scheme),
          routingIndicator: suci.routingIndicator,
        },
      }),
      serviceCentre: Msisdn.parse(row.serviceCentre),
      operatorAddress: Msisdn.parse(row.operatorAddress),
      otaKeys: { answer: secrets.answerKeys ?? pair('answer'), report: secrets.reportKeys ?? pair('report') },
      ...(pin && { pin: new TextDecoder().decode(pin) }),
      adm: secrets.adm ?? masterKey.derive('adm', iccid.toEf(), 8),
      ...(privateScalar &&
        certificate &&
        authority && { oce: { certificate, privateScalar, caIdentifier: authority } }),
      makerRoots: authorities
        .makerRoots()
        .map(({ identifier, publicPoint }) => ({ caIdentifier: identifier, publicPoint })),
      ...(staticKey && { staticKey }),
      policy: policyOf(row.policy),
      ...(row.managed === 1 && {
        management: { keySets: keySets.length > 0 ? keySets : issuerKeys(masterKey, iccid) },
      }),
    };
  };

  const issue = (order: CardOrder): CardPersonalisation => {
    const { iccid, imsi, msisdn, policy = STANDARD_POLICY, pin, staticKey, suci, adm, otaKeys, keySets = [] } = order;
    if (pin !== undefined && !/^\d{4,8}$/.test(pin)) throw new SubscriberError('PIN: expected 4 to 8 digits');
    if (keySets.length > 0 && !isManageable(keySets))
      throw new SubscriberError(
        'key sets: expected version 03, by which packets over the air are protected, among them',
      );
    refuseTaken(taken.first(iccid.digits, imsi.digits, msisdn.digits), order);
    const algorithm = drawnAlgorithm(order.algorithm ?? 'milenage', random);
    const oce = order.withCertificate === false ? undefined : authorities.issueOce(iccid);
    const secrets = secretsFormat.encode({
      k: algorithm.k,
      code: codeOf(algorithm),
      ...(oce && { privateScalar: oce.privateScalar }),
      ...(staticKey && { staticKey }),
      ...(pin !== undefined && { pin: new TextEncoder().encode(pin) }),
      ...(order.gsmAlgorithm && { gsm: drawnGsmAlgorithm(order.gsmAlgorithm, random) }),
      sequence: order.sequence ?? STANDARD_SEQUENCE,
      ...(suci && { suci: { routingIndicator: '0', ...suci } }),
      ...unusualTuak(algorithm),
      ...(adm && { adm }),
      ...(otaKeys && { answerKeys: otaKeys.answer, reportKeys: otaKeys.report }),
      keySets,
    });
    sql.insert.run(
      ...[iccid.digits, imsi.digits, msisdn.digits, order.mncLength ?? 2],
      ...[order.serviceCentre.digits, order.operatorAddress.digits, algorithm.kind],
      ...[masterKey.wrap(SECRETS, iccid.toEf(), secrets), oce?.certificate, oce?.caIdentifier],
      ...[JSON.stringify(policy), clock.now(), trusts.numberOf(authorities.makerRoots())],
    );
    const { indBits = 0, initial = [] } = order.sequence ?? {};
    const highest = Math.max(0, ...initial);
    if (highest > 0) sequenceNumbers.raiseAbove(iccid.digits, (highest + 1) * 2 ** indBits - 1);
    audit.append({ kind: 'issue', author: order.author, subject: iccid.digits, detail: { pairing: policy.pairing } });
    return personalisationOf(byIccid.only(iccid.digits));
  };

  const algorithmOf = (imsi: Imsi) => {
    const ready = algorithms.get(imsi.digits);
    if (ready !== undefined) return ready;
    const row = byImsi.first(imsi.digits);
    if (row === undefined) return undefined;
    const secrets = secretsOf(row);
    const algorithm = readyAlgorithm(algorithmFrom(row.algorithm, secrets));
    const made = { iccid: row.iccid, algorithm, gsm: readyGsmAlgorithm(secrets.gsm, algorithm) };
    if (algorithms.size >= MOST_READY) algorithms.clear();
    algorithms.set(imsi.digits, made);
    return made;
  };

  return {
    issueCard: (order) => database.transaction(() => issue(order)),
    issueCards: (orders) => database.transaction(() => orders.map(issue)),
    personalisation(iccid) {
      const row = byIccid.first(iccid.digits);
      return row && personalisationOf(row);
    },
    byIccid: (iccid) => subscriberOf(byIccid.first(String(iccid))),
    byImsi: (imsi) => subscriberOf(byImsi.first(imsi.digits)),
    byMsisdn: (digits) => subscriberOf(byMsisdn.first(digits)),
    page: (after, most) => paged.all(after, Math.min(most, MOST_PER_PAGE)).flatMap((row) => subscriberOf(row) ?? []),
    beginning: (name, digits, most) =>
      beginning[name].all(digits, Math.min(most, MOST_PER_PAGE)).flatMap((row) => subscriberOf(row) ?? []),
    count: () => counted.only().number,
    authenticationVector(imsi, amf = SEPARATION_BIT) {
      const found = algorithmOf(imsi);
      if (found === undefined) return undefined;
      return authenticationVector(found.algorithm, random.octets(16), sequenceNumbers.next(found.iccid), amf);
    },
    gsmTriplet(imsi) {
      const found = algorithmOf(imsi);
      if (found === undefined) return undefined;
      const rand = random.octets(16);
      return { rand, ...found.gsm.a3a8(rand) };
    },
    resynchronise(imsi, rand, auts) {
      const found = algorithmOf(imsi);
      if (found === undefined) return false;
      const sqn = readAuts(found.algorithm, rand, auts);
      if (sqn === undefined) return false;
      sequenceNumbers.raiseAbove(found.iccid, sqn);
      return true;
    },
    revealSuci: (octets) => homeNetwork.reveal(octets),
    otaKeys(iccid, direction) {
      const name = `${direction} ${iccid.digits}`;
      const ready = readyKeys.get(name);
      if (ready !== undefined) return ready;
      const keys = keysOf(iccid, direction);
      if (readyKeys.size >= MOST_READY) readyKeys.clear();
      readyKeys.set(name, keys);
      return keys;
    },
    packetKeys,
    trusts,
    keepPolicy: (iccid, policy) => {
      sql.newPolicy.run(JSON.stringify(policy), iccid.digits);
    },
    nextAnswerCounter(iccid) {
      const counter = raiseAnswer.first(iccid.digits)?.answerCounter;
      if (counter === undefined)
        throw new SubscriberError('ICCID: expected a UICC that was issued, got an unknown one');
      if (counter > COUNTER_LIMIT) throw new SubscriberError('the OTA counters of this UICC are used up; replace it');
      return counter;
    },
    leap: (numbers) => sql.leap.run(numbers).changes,
    lastReportCounter: (iccid) => reportCounter.only(iccid.digits).reportCounter,
    acceptReportCounter: (iccid, counter) => sql.raiseReport.run(counter, iccid.digits).changes === 1,
    operatorRoot: authorities.operatorRoot,
    makerRoots: authorities.makerRoots,
    trustMaker: (root, by) =>
      database.transaction(() => {
        if (!authorities.trustMaker(root))
          throw new SubscriberError(
            `maker ${toHex(root.identifier)}: expected an identifier that no other root has, got that of another one; take that one away first`,
          );
        if (by !== undefined) logMaker(audit, root.identifier, 'added', by);
      }),
    distrustMaker: (identifier, by) =>
      database.transaction(() => {
        // What UICCs of before believed is kept: who took it away is not to find it back.
        trusts.numberOf(authorities.makerRoots());
        const isGone = authorities.distrustMaker(identifier);
        if (isGone) logMaker(audit, identifier, 'removed', by);
        return isGone;
      }),
  };
}

/** A policy without the rule for terminals that cannot prove is of a card to which `grace` was the only one. */
type StoredPolicy = Omit<LockPolicy, 'terminalCannotProve'> & Partial<LockPolicy>;

/** The policy of a UICC from the text that the database keeps of it; `issue` alone writes it, from a LockPolicy. */
export const policyOf = (kept: string): LockPolicy => ({
  terminalCannotProve: 'grace',
  ...(JSON.parse(kept) as StoredPolicy),
});

function subscriberOf(row: Row | undefined): Subscriber | undefined {
  if (row === undefined) return undefined;
  return {
    iccid: Iccid.parse(row.iccid),
    imsi: Imsi.parse(row.imsi),
    msisdn: Msisdn.parse(row.msisdn),
    operatorAddress: Msisdn.parse(row.operatorAddress),
    algorithm: row.algorithm,
    policy: policyOf(row.policy),
    issuedAt: row.issuedAt,
    isManaged: row.managed === 1,
  };
}

function refuseTaken(found: { iccid: string; imsi: string; msisdn: string } | undefined, order: CardOrder): void {
  if (found === undefined) return;
  const what = found.iccid === order.iccid.digits ? 'ICCID' : found.imsi === order.imsi.digits ? 'IMSI' : 'MSISDN';
  throw new SubscriberError(`${what}: expected one that no UICC has, got one that is issued; choose another`);
}
