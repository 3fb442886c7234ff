import Type from 'typebox';
import { Iccid, Imsi } from '#base/identity/index.ts';
import {
  EVIDENCE_LEVELS,
  FINDING_KINDS,
  FINDING_SENTENCES,
  FINDING_STATES,
  SEVERITIES,
} from '#operator/evidence/index.ts';
import { parsed } from '../given.ts';
import { mayNameImsi } from '../look-up.ts';
import { operation } from '../operation.ts';
import { ProblemError } from '../problem.ts';
import { RESOURCE } from '../refusals.ts';
import {
  Count,
  closed,
  GivenImsi,
  Hex,
  IccidText,
  Identity,
  Limit,
  list,
  names,
  rowsOf,
  SaidAs,
  ShownImei,
  Text,
  Time,
} from '../schema.ts';
import { findingView, orderView, reportView, subscriberView } from '../view.ts';
import { Order } from './commands.ts';
import { Rules } from './policies.ts';

const EvidenceLevel = names(EVIDENCE_LEVELS);

/** The newest that is known of a UICC, as it is answered. */
export const StandingOf = closed(
  {
    lockState: Text,
    level: EvidenceLevel,
    result: Text,
    reason: Text,
    provedImei: Type.Optional(ShownImei),
    claimedImei: Type.Optional(ShownImei),
    support: Type.Optional(Hex),
    lastReportAt: Time,
    unanswered: Count,
    standingOrder: Type.Optional(Text),
  },
  'the newest that is known; missing until the UICC reports',
);
/** A UICC, as it is answered. */
export const SubscriberOf = closed({
  iccid: IccidText,
  imsi: Identity,
  msisdn: Identity,
  pairing: names(['free', 'locked']),
  rules: { ...Rules, description: 'of its IMEI lock, as it last said them, or as it was issued' },
  issuedAt: Time,
  standing: Type.Optional(StandingOf),
  pairings: list(closed({ imei: ShownImei, support: Hex, fromAt: Time, untilAt: Type.Optional(Time) })),
});
/** A report, as it is answered. */
export const Report = closed({
  id: Count,
  at: Time,
  counter: Count,
  level: EvidenceLevel,
  result: Text,
  reason: Text,
  imei: Type.Optional(ShownImei),
  support: Type.Optional(Hex),
});
/** A finding, as it is answered. */
export const FindingOf = closed({
  id: Count,
  kind: names(FINDING_KINDS),
  severity: { ...names(SEVERITIES), description: 'perceived severity (ITU-T X.733)' },
  firstAt: Time,
  lastAt: Time,
  times: Count,
  imsi: Type.Optional(Identity),
  imei: Type.Optional(ShownImei),
  support: Type.Optional(Hex),
  text: Text,
  said: Type.Optional(
    Type.Array(SaidAs(FINDING_SENTENCES.codes), {
      description: '`text` by codes and values; missing of a finding that is older than its codes',
    }),
  ),
  state: names(FINDING_STATES),
  assignee: Type.Optional({ ...Text, description: 'who is to look into it' }),
  note: Type.String({ description: 'what the last person who changed its state wrote' }),
  changedAt: Type.Optional(Time),
  changedBy: Type.Optional(Text),
  reopened: Type.Integer({ minimum: 0, description: 'how often it happened again after it was closed' }),
});

/** UICCs and what they proved. */
export const subscriberOperations = [
  operation({
    id: 'getSubscribers',
    method: 'GET',
    path: '/api/v1/subscribers',
    tag: 'subscribers',
    summary:
      'UICCs in ascending order of ICCID, each with what it proved last; with `imsi`, the one of this subscriber.',
    permission: 'subscribers.read',
    showsIdentities: true,
    query: closed({
      after: Type.Optional(
        Type.String({ maxLength: 20, description: 'UICCs above this ICCID: the `next` of the page before.' }),
      ),
      imsi: Type.Optional(GivenImsi),
      limit: Type.Optional(Limit),
    }),
    answer: closed({ subscribers: list(SubscriberOf), next: Type.Optional(IccidText) }),
    run(call) {
      const { sources, query, identities } = call;
      const { subscribers } = sources;
      if (query.imsi === undefined) {
        const found = subscribers.page(query.after ?? '', rowsOf(query.limit));
        const shown = found.map((one) => subscriberView(sources, one, identities));
        return { subscribers: shown, next: found.at(-1)?.iccid.digits };
      }
      mayNameImsi(call.caller, 'imsi');
      const one = subscribers.byImsi(parsed(Imsi.parse, query.imsi, 'imsi'));
      return { subscribers: one === undefined ? [] : [subscriberView(sources, one, identities)] };
    },
  }),
  operation({
    id: 'getSubscriber',
    method: 'GET',
    path: '/api/v1/subscribers/:iccid',
    tag: 'subscribers',
    summary: 'One UICC with its evidence: pairings, the newest reports, the newest orders.',
    permission: 'subscribers.read',
    showsIdentities: true,
    params: closed({ iccid: IccidText }),
    query: closed({ limit: Type.Optional(Limit) }),
    answer: closed({ subscriber: SubscriberOf, reports: list(Report), orders: list(Order) }),
    problems: ['no-such-resource'],
    run({ sources, params, query, identities }) {
      const { subscribers, evidence, gateway } = sources;
      const one = subscribers.byIccid(parsed(Iccid.parse, params.iccid, 'iccid'));
      if (one === undefined) throw new ProblemError('no-such-resource', RESOURCE.say('subscriberUnknown'));
      const rows = rowsOf(query.limit);
      return {
        subscriber: subscriberView(sources, one, identities),
        reports: evidence.reports(rows, one.iccid.digits).map((report) => reportView(report, identities)),
        orders: gateway.outbox.newest(rows, one.iccid.digits).map((order) => orderView(order, identities, sources)),
      };
    },
  }),
  operation({
    id: 'getFindings',
    method: 'GET',
    path: '/api/v1/findings',
    tag: 'subscribers',
    summary: 'Contradictions and silences, the newest first.',
    permission: 'evidence.read',
    showsIdentities: true,
    query: closed({ limit: Type.Optional(Limit) }),
    answer: closed({ findings: list(FindingOf) }),
    run: ({ sources: { evidence }, query, identities }) => ({
      findings: evidence.findings(rowsOf(query.limit)).map((finding) => findingView(finding, identities)),
    }),
  }),
] as const;
