import Type, { type Static } from 'typebox';
import { IdentityError, Imsi } from '#base/identity/index.ts';
import { EVIDENCE_LEVELS } from '#operator/evidence/index.ts';
import {
  type CheckQuestion,
  LIST_REASONS,
  LISTS,
  REASON_SENTENCES,
  REASON_TEXT,
  type ReasonCode,
  type Register,
} from '#operator/register/index.ts';
import { parsed } from '../given.ts';
import type { Identities } from '../identities.ts';
import { mayNameImsi } from '../look-up.ts';
import { type Call, operation } from '../operation.ts';
import { Author, closed, GivenImei, GivenImsi, Imei15, list, names, SaidAs, ShownImei, Text, Time } from '../schema.ts';
import { clusterView, decisionView, entryView } from '../view.ts';
import { ClusterOf } from './clusters.ts';

const EquipmentStatus = names(['permitted', 'tracking', 'prohibited'], 'TS 29.511: Permitted, Tracking, Prohibited');
const Code = names(Object.keys(REASON_TEXT) as ReasonCode[]);
const EvidenceLevel = names(EVIDENCE_LEVELS, 'how this subscriber’s use of this IMEI is known');

const ReasonOf = closed({
  code: Code,
  status: EquipmentStatus,
  text: Type.String({ description: 'for people' }),
  said: Type.Array(SaidAs(REASON_SENTENCES.codes), { description: '`text` by codes and values' }),
  listReason: Type.Optional(names(LIST_REASONS, 'Why a list entry is on its list.')),
  detail: Type.Optional({ ...Text, description: 'what belongs to this case and to no code' }),
  caseReference: Type.Optional(Text),
  overruledBy: Type.Optional(Code),
});
/** What the register says about an IMEI, as it is answered. */
export const DecisionOf = {
  imei: Imei15,
  equipmentStatus: EquipmentStatus,
  reasons: Type.Array(ReasonOf, { description: 'the chain: the decisive one first, those that were overruled last' }),
  isUnknown: Type.Boolean({ description: 'no list, rule or proof says anything' }),
  normalised: Type.Array(Text, { description: 'what was done to the number that came' }),
  evidence: EvidenceLevel,
  provedImei: Type.Optional(ShownImei),
};

/** An entry of a list, as it is answered. */
export const Entry = closed({
  imei: Imei15,
  list: names(LISTS, 'black: Prohibited, grey: Tracking, white: Permitted'),
  reason: names(LIST_REASONS),
  note: Text,
  caseReference: Text,
  author: Author,
  source: Text,
  addedAt: Time,
  expiresAt: Type.Optional(Time),
  batch: Type.Optional(Type.Integer({ description: 'the import it came with' })),
});

/** Who uses an IMEI is shown up to so many; /api/v1/clusters/{imei}/claimants has all. */
const SHOWN_CLAIMANTS = 100;

/** Checks in one request at most. */
const MOST_CHECKS = 1000;
/** So many checks weigh as one request more. */
const CHECKS_FOR_ONE = 50;

const MOST_LATITUDE = 90;
const MOST_LONGITUDE = 180;
const PositionOf = closed(
  {
    latitude: Type.Number({ minimum: -MOST_LATITUDE, maximum: MOST_LATITUDE }),
    longitude: Type.Number({ minimum: -MOST_LONGITUDE, maximum: MOST_LONGITUDE }),
  },
  'Where the subscriber is, in degrees (WGS 84). Of a claim it is weighed: one IMEI in two places at once is a duplicate.',
);

const Question = closed({
  imei: GivenImei,
  imsi: Type.Optional(GivenImsi),
  position: Type.Optional(PositionOf),
});
const Questions = closed({ checks: Type.Array(Question, { minItems: 1, maxItems: MOST_CHECKS }) });
const Answers = closed({
  results: Type.Array(
    Type.Union([
      closed(DecisionOf),
      closed({ problem: Type.String({ description: 'why this one is no IMEI or IMSI' }) }),
    ]),
    { description: 'in the order of the questions' },
  ),
});

/** The prefixes of TS 29.571 and the rest are the register's to read. */
const questionOf = ({ imei, imsi, position }: Static<typeof Question>): CheckQuestion => ({
  imei,
  front: 'api',
  ...(imsi !== undefined && { imsi: Imsi.parse(imsi) }),
  ...(position !== undefined && { position }),
});

/** Checks made before others get their turn. */
const CHECKS_AT_ONCE = 100;
const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function answers(call: Call<undefined, undefined, Static<typeof Questions>>, how: 'explain' | 'check') {
  const { checks } = call.body;
  if (checks.some(({ imsi }) => imsi !== undefined)) mayNameImsi(call.caller, '/checks');
  call.spend(Math.floor(checks.length / CHECKS_FOR_ONE));
  const results: (ReturnType<typeof decisionView> | { readonly problem: string })[] = [];
  for (const one of checks) {
    if (results.length > 0 && results.length % CHECKS_AT_ONCE === 0) await breathe();
    results.push(answer(call.sources.register, how, one, call.identities));
  }
  return { results };
}

function answer(register: Register, how: 'explain' | 'check', one: Static<typeof Question>, identities: Identities) {
  try {
    return decisionView(register[how](questionOf(one)), identities);
  } catch (error) {
    if (error instanceof IdentityError) return { problem: error.message };
    throw error;
  }
}

/** A question with IMEI, IMSI and position has at most some 170 octets. */
const CHECK_BODY_OCTETS = 192 * 1024;

/** What the register says about IMEIs. */
export const equipmentOperations = [
  operation({
    id: 'getEquipment',
    method: 'GET',
    path: '/api/v1/imei/:imei',
    tag: 'equipment',
    summary: 'All that is known about an IMEI: the answer a network would get, its reasons, entries, who uses it.',
    description: 'Nothing is recorded. With `imsi` the answer is the one for this subscriber.',
    permission: 'equipment.check',
    showsIdentities: true,
    params: closed({ imei: GivenImei }),
    query: closed({ imsi: Type.Optional(GivenImsi) }),
    answer: closed({ ...DecisionOf, entries: list(Entry), ...ClusterOf }),
    run({ sources: { register, evidence }, params, query, caller, identities }) {
      if (query.imsi !== undefined) mayNameImsi(caller, 'imsi');
      const imsi = query.imsi === undefined ? undefined : parsed(Imsi.parse, query.imsi, 'imsi');
      const made = parsed(
        (imei) => register.explain(questionOf({ imei, ...(imsi && { imsi: imsi.digits }) })),
        params.imei,
        'imei',
      );
      const cluster = clusterView(evidence.cluster(made.imei, SHOWN_CLAIMANTS), identities);
      const entries = register.lists.all(made.imei).map(entryView);
      // Whoever asks knows this one.
      return { ...cluster, ...decisionView(made, identities), entries };
    },
  }),
  operation({
    id: 'checkEquipment',
    method: 'POST',
    path: '/api/v1/checks',
    tag: 'equipment',
    summary: `What the register answers about up to ${MOST_CHECKS} IMEIs, and why. Nothing is recorded.`,
    description: `Every ${CHECKS_FOR_ONE} checks weigh as one request for the rate limit.`,
    permission: 'equipment.check',
    showsIdentities: true,
    body: Questions,
    bodyLimit: CHECK_BODY_OCTETS,
    answer: Answers,
    run: (call) => answers(call, 'explain'),
  }),
  operation({
    id: 'claimEquipment',
    method: 'POST',
    path: '/api/v1/claims',
    tag: 'equipment',
    summary: `The same question asked by a network: that these subscribers claim these IMEIs is kept as evidence.`,
    description: 'With `position` it is also noticed when one IMEI is in two places at once.',
    permission: 'equipment.claim',
    showsIdentities: true,
    body: Questions,
    bodyLimit: CHECK_BODY_OCTETS,
    answer: Answers,
    run: (call) => answers(call, 'check'),
  }),
] as const;
