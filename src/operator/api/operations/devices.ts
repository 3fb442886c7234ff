import Type from 'typebox';
import { Iccid, Imei, type Imsi } from '#base/identity/index.ts';
import { EVIDENCE_LEVELS, FINDING_KINDS, type Standing, VERDICTS, verdictOf } from '#operator/evidence/index.ts';
import type { Register } from '#operator/register/index.ts';
import type { Subscriber } from '#operator/subscriber/index.ts';
import { CURSOR_PATTERN } from '../cursors.ts';
import {
  PLACE_PATTERN,
  placeFrom,
  placeText,
  TIMELINE_START,
  type TimelineSubject,
  timeline,
} from '../device-timeline.ts';
import { form } from '../form.ts';
import { parsed } from '../given.ts';
import type { Identities } from '../identities.ts';
import { lookUpOf } from '../look-up.ts';
import { operation } from '../operation.ts';
import { ProblemError } from '../problem.ts';
import { RESOURCE } from '../refusals.ts';
import {
  Count,
  closed,
  IccidText,
  Identity,
  Limit,
  list,
  names,
  rowsOf,
  ShownImei,
  TacText,
  Text,
  Time,
} from '../schema.ts';
import { FEWEST_DIGITS, type Hit, MATCHES, MOST_HITS, readQuery, search } from '../search.ts';
import type { ApiSources } from '../sources.ts';
import {
  clusterView,
  decisionView,
  entryView,
  equipmentEventView,
  eventView,
  findingView,
  optionalTime,
  orderView,
  reportView,
  subscriberView,
  time,
} from '../view.ts';
import { Event } from './audit.ts';
import { ClusterOf } from './clusters.ts';
import { Order } from './commands.ts';
import { DecisionOf, Entry } from './equipment.ts';
import { EquipmentEvent } from './events.ts';
import { FindingOf, Report, SubscriberOf } from './subscribers.ts';

const EvidenceLevel = names(EVIDENCE_LEVELS);
const Model = closed({ maker: Text, model: Text }, 'from the TAC table, when one is loaded');

const DeviceRow = closed({
  iccid: IccidText,
  imsi: Identity,
  imei: Type.Optional({ ...ShownImei, description: 'the one proved last, or else the one claimed' }),
  isProved: Type.Boolean({ description: 'whether a UICC ever proved this IMEI' }),
  model: Type.Optional(Model),
  level: Type.Optional(EvidenceLevel),
  result: Type.Optional(Text),
  reason: Type.Optional(Text),
  lockState: Type.Optional(Text),
  verdict: { ...names(VERDICTS), description: 'of the order that stands for the UICC' },
  lastReportAt: Type.Optional(Time),
});

function modelOf({ tacs }: Register, imei: Imei | undefined) {
  const found = imei && tacs.find(imei.tac);
  return found && { maker: found.maker, model: found.model };
}

function rowView({ register }: ApiSources, standing: Standing, identities: Identities) {
  const imei = standing.provedImei ?? standing.claimedImei;
  return {
    iccid: standing.iccid,
    imsi: identities.show(standing.imsi),
    imei: identities.imei(imei?.withCheckDigit),
    isProved: standing.provedImei !== undefined,
    model: modelOf(register, imei),
    level: standing.level,
    ...{ result: standing.result, reason: standing.reason, lockState: standing.lockState },
    verdict: verdictOf(standing.standingOrder),
    lastReportAt: time(standing.lastReportAt),
  };
}

const silentView = ({ iccid, imsi }: { readonly iccid: string; readonly imsi: string }, identities: Identities) => ({
  ...{ iccid, imsi: identities.show(imsi), isProved: false, verdict: 'none' as const },
});

const LIST_OF_DEVICES = 'devices';
const DEVICE_PLACE = /^(\d{1,16})\.(\d{1,20})$/;
function placeOf(written: string | undefined) {
  const [, number, name = ''] = DEVICE_PLACE.exec(written ?? '') ?? [];
  return number === undefined ? undefined : { number: Number(number), name };
}

const HitOf = Type.Union([
  closed({
    kind: names(['uicc']),
    match: {
      ...names(MATCHES),
      description: 'by what it was found; `formerSupport`: it met this storage support once',
    },
    iccid: IccidText,
    imsi: Identity,
    msisdn: Identity,
    imei: Type.Optional(ShownImei),
    level: Type.Optional(EvidenceLevel),
  }),
  closed({
    kind: names(['equipment']),
    imei: ShownImei,
    model: Type.Optional(Model),
    isKnown: Type.Boolean({ description: 'whether anybody was seen with it, or a list has it' }),
  }),
]);

function hitView({ register }: ApiSources, hit: Hit, identities: Identities) {
  if (hit.kind === 'equipment')
    return {
      kind: hit.kind,
      imei: identities.imei(hit.imei.withCheckDigit),
      model: modelOf(register, hit.imei),
      isKnown: hit.isKnown,
    };
  const { kind, match, subscriber, standing } = hit;
  const { iccid, imsi, msisdn } = subscriber;
  return {
    ...{ kind, match, iccid: iccid.digits, imsi: identities.show(imsi.digits), msisdn: identities.show(msisdn.digits) },
    imei: identities.imei((standing?.provedImei ?? standing?.claimedImei)?.withCheckDigit),
    level: standing?.level,
  };
}

/** Handsets of one UICC shown, looked at for its timeline, and alarms and orders shown with it. */
const MOST_USES = 20;
const MOST_IMEIS = 8;
const MOST_SHOWN = 20;

const Used = closed({
  imei: ShownImei,
  model: Type.Optional(Model),
  level: EvidenceLevel,
  firstAt: Time,
  lastAt: Time,
  times: Count,
  claimedAt: Type.Optional({ ...Time, description: 'when the network was told of it last' }),
  contestedAt: Type.Optional({ ...Time, description: 'since when a proof says otherwise' }),
});

const Device = {
  uicc: Type.Optional(SubscriberOf),
  provedAt: Type.Optional(Time),
  provedLevel: Type.Optional(EvidenceLevel),
  verdict: { ...names(VERDICTS), description: 'of the order that stands for the UICC' },
  standingReason: Type.Optional({ ...Text, description: 'code of the reason for it' }),
  equipment: Type.Optional(
    closed({
      ...DecisionOf,
      imei: ShownImei,
      model: Type.Optional(Model),
      tac: TacText,
      entries: list(closed({ ...Entry.properties, imei: ShownImei })),
      cluster: closed(ClusterOf),
    }),
  ),
  uses: Type.Array(Used, { description: 'IMEIs this subscriber was seen with, by the network’s word or by proof' }),
  alarms: Type.Array(FindingOf, { description: 'that are not closed' }),
  orders: Type.Array(Order, { description: 'the newest first' }),
};

/** A UICC, or an IMEI and the UICC that proves it. */
interface Subject {
  readonly subscriber: Subscriber | undefined;
  readonly standing: Standing | undefined;
  readonly imei: Imei | undefined;
}

/** Whose device an ICCID or IMEI names. Throws ProblemError for what is neither, and for an ICCID that nobody has. */
function subjectOf({ subscribers, evidence }: ApiSources, id: string): Subject {
  if (/^\d{18,20}$/.test(id)) {
    const subscriber = subscribers.byIccid(parsed(Iccid.parse, id, 'id'));
    if (subscriber === undefined) throw new ProblemError('no-such-resource', RESOURCE.say('deviceUnknown'));
    const standing = evidence.standingOf(id);
    return { subscriber, standing, imei: standing?.provedImei ?? standing?.claimedImei };
  }
  const imei = parsed(Imei.parse, id, 'id');
  const provers = evidence.provers(imei);
  const standing = provers.toSorted((a, b) => (b.provedAt ?? 0) - (a.provedAt ?? 0))[0];
  return { subscriber: standing && subscribers.byIccid(standing.iccid), standing, imei };
}

function equipmentView({ register, evidence }: ApiSources, imei: Imei, imsi: Imsi | undefined, identities: Identities) {
  const decision = register.explain({ imei, ...(imsi && { imsi }) });
  return {
    ...decisionView(decision, identities),
    imei: identities.imei(imei.withCheckDigit),
    model: modelOf(register, imei),
    tac: imei.tac.digits,
    entries: register.lists.all(imei).map((entry) => ({
      ...entryView(entry),
      imei: identities.imei(entry.imei.withCheckDigit),
    })),
    cluster: clusterView(evidence.cluster(imei, MOST_SHOWN), identities),
  };
}

function usesView({ register, evidence }: ApiSources, imsi: string, identities: Identities) {
  return evidence.search
    .uses(imsi, MOST_USES)
    .map(({ imei, firstAt, lastAt, claimedAt, contestedAt, level, times }) => ({
      ...{ imei: identities.imei(imei.withCheckDigit), model: modelOf(register, imei), level, times },
      ...{ firstAt: time(firstAt), lastAt: time(lastAt) },
      ...{ claimedAt: optionalTime(claimedAt), contestedAt: optionalTime(contestedAt) },
    }));
}

function deviceView(sources: ApiSources, { subscriber, standing, imei }: Subject, identities: Identities) {
  const { evidence, gateway } = sources;
  const imsi = subscriber?.imsi;
  evidence.flush();
  return {
    uicc: subscriber && subscriberView(sources, subscriber, identities),
    ...{ provedAt: optionalTime(standing?.provedAt), provedLevel: standing?.provedLevel },
    ...{ verdict: verdictOf(standing?.standingOrder), standingReason: standing?.standingReason },
    equipment: imei && equipmentView(sources, imei, imsi, identities),
    uses: imsi === undefined ? [] : usesView(sources, imsi.digits, identities),
    alarms: evidence.alarms
      .about({ ...(imsi && { imsi: imsi.digits }), ...(imei && { imei }) }, MOST_SHOWN)
      .map((alarm) => findingView(alarm, identities)),
    orders:
      subscriber === undefined
        ? []
        : gateway.outbox
            .newest(MOST_SHOWN, subscriber.iccid.digits)
            .map((order) => orderView(order, identities, sources)),
  };
}

const DeviceId = closed({
  id: form('formDevice', '^\\d{14,20}$'),
});

const Happened = Type.Union([
  closed({ source: names(['reports']), at: Time, report: Report }),
  closed({ source: names(['orders']), at: Time, order: Order }),
  closed({ source: names(['changes']), at: Time, change: EquipmentEvent }),
  closed({ source: names(['findings']), at: Time, finding: FindingOf }),
  closed({ source: names(['log']), at: Time, entry: Event }),
]);

function timelineSubject({ evidence }: ApiSources, { subscriber, imei }: Subject): TimelineSubject {
  const imsi = subscriber?.imsi.digits;
  const used = imsi === undefined ? [] : evidence.search.uses(imsi, MOST_IMEIS).map((use) => use.imei);
  const imeis = [...(imei === undefined ? [] : [imei]), ...used];
  const once = new Map(imeis.map((one) => [one.number, one]));
  return { iccid: subscriber?.iccid.digits, imsi, imeis: [...once.values()].slice(0, MOST_IMEIS) };
}

function happenedView(
  sources: ApiSources,
  one: ReturnType<typeof timeline>['happened'][number],
  identities: Identities,
) {
  const at = time(one.at);
  switch (one.source) {
    case 'reports':
      return { source: one.source, at, report: reportView(one.report, identities) };
    case 'orders':
      return { source: one.source, at, order: orderView(one.order, identities, sources) };
    case 'changes':
      return { source: one.source, at, change: equipmentEventView(one.change, identities) };
    case 'findings':
      return { source: one.source, at, finding: findingView(one.finding, identities) };
    case 'log':
      return { source: one.source, at, entry: eventView(one.entry, identities) };
  }
}

const SUBSCRIBER_IDENTITIES = ['imsi', 'msisdn'] as const;

/** Handsets and the UICCs in them: found, listed, and all that is known of one. */
export const deviceOperations = [
  operation({
    id: 'search',
    method: 'GET',
    path: '/api/v1/search',
    tag: 'devices',
    summary: `UICCs and handsets by anything that names them: IMEI, IMSI, MSISDN, ICCID, storage support, or the first ${FEWEST_DIGITS} digits of one.`,
    description: `Spaces, hyphens and brackets do not matter; a number behind + is an MSISDN. At most ${MOST_HITS} hits. IMSI and MSISDN are looked up for roles that may see whole identities, by less than all digits only with identities=whole, which is recorded; IMEIs by more than their type and less than all digits for roles that see whole IMEIs.`,
    permission: 'subscribers.read',
    showsIdentities: true,
    query: closed({ q: Type.String({ minLength: 1, maxLength: 64 }) }),
    answer: closed({
      hits: list(HitOf),
      isTooShort: Type.Boolean({ description: `fewer than ${FEWEST_DIGITS} digits: nothing was looked up` }),
      isCheckDigitWrong: Type.Boolean({ description: '15 digits whose last is not the check digit of an IMEI' }),
      notSearched: Type.Array(names(SUBSCRIBER_IDENTITIES), { description: 'what this role may not look up' }),
      onlyWhole: Type.Array(names([...SUBSCRIBER_IDENTITIES, 'imei']), {
        description:
          'what was found by all its digits only (an IMEI by its type too): IMSI and MSISDN by their first ones with identities=whole',
      }),
    }),
    run({ sources, query: { q }, caller, identities }) {
      const read = readQuery(q);
      const may = lookUpOf(caller, identities);
      const length = Math.max(read.digits?.length ?? 0, read.hex?.length ?? 0);
      if (may.subscribers === 'beginning') identities.lookedUp();
      return {
        hits: search(sources, read, may).map((hit) => hitView(sources, hit, identities)),
        ...{ isTooShort: length < FEWEST_DIGITS, isCheckDigitWrong: read.isCheckDigitWrong },
        notSearched: may.subscribers === 'none' ? SUBSCRIBER_IDENTITIES : [],
        onlyWhole: [
          ...(may.subscribers === 'whole' ? SUBSCRIBER_IDENTITIES : []),
          ...(may.equipment === 'whole' ? (['imei'] as const) : []),
        ],
      };
    },
  }),
  operation({
    id: 'getDevices',
    method: 'GET',
    path: '/api/v1/devices',
    tag: 'devices',
    summary: 'UICCs with what they proved, the one that reported last first.',
    description:
      'With `finding` in order of that finding, with `tac` in order of IMEI, with `reported=never` in order of ICCID. With two filters a page may be shorter than `limit`: go on while there is a `next`.',
    permission: 'subscribers.read',
    showsIdentities: true,
    query: closed({
      level: Type.Optional(EvidenceLevel),
      verdict: Type.Optional(names(VERDICTS)),
      finding: Type.Optional(names(FINDING_KINDS, 'UICCs with a finding of this kind, closed ones too')),
      tac: Type.Optional({ ...TacText, description: 'UICCs that proved an IMEI of this type' }),
      reported: Type.Optional(names(['never'], 'UICCs that never reported; other filters do not count then')),
      after: Type.Optional(form('formPlace', CURSOR_PATTERN)),
      limit: Type.Optional(Limit),
    }),
    answer: closed({ devices: list(DeviceRow), next: Type.Optional(Text) }),
    run({ sources, query, identities }) {
      const { cursors } = sources;
      const { devices } = sources.evidence;
      const { level, verdict, finding, tac, reported } = query;
      const [rows, after] = [
        rowsOf(query.limit),
        placeOf(query.after && cursors.open(LIST_OF_DEVICES, query.after, 'after')),
      ];
      if (reported === 'never') {
        const page = devices.silent(after?.name ?? '', rows);
        return {
          devices: page.rows.map((row) => silentView(row, identities)),
          next: page.next && cursors.seal(LIST_OF_DEVICES, `0.${page.next}`),
        };
      }
      const filter = {
        ...(level !== undefined && { level }),
        ...(verdict !== undefined && { verdict }),
        ...(finding !== undefined && { finding }),
        ...(tac !== undefined && { tac: Number(tac) }),
      };
      const page = devices.page(filter, after, rows);
      return {
        devices: page.rows.map((row) => rowView(sources, row, identities)),
        // In the order of IMEI the place is one.
        next: page.next && cursors.seal(LIST_OF_DEVICES, `${page.next.number}.${page.next.name}`),
      };
    },
  }),
  operation({
    id: 'getDevice',
    method: 'GET',
    path: '/api/v1/devices/:id',
    tag: 'devices',
    summary: 'All that is known of one UICC and its handset, or of one IMEI and the UICC that proves it.',
    description: 'Nothing is recorded. An IMEI that nobody knows is answered too: what a network would be told of it.',
    permission: 'subscribers.read',
    showsIdentities: true,
    params: DeviceId,
    answer: closed(Device),
    problems: ['no-such-resource'],
    run: ({ sources, params, identities }) => deviceView(sources, subjectOf(sources, params.id), identities),
  }),
  operation({
    id: 'getDeviceTimeline',
    method: 'GET',
    path: '/api/v1/devices/:id/timeline',
    tag: 'devices',
    summary:
      'What happened to a UICC and its handsets: reports, orders, changed IMEIs, findings, and what the log says, the newest first.',
    permission: 'subscribers.read',
    showsIdentities: true,
    params: DeviceId,
    query: closed({
      after: Type.Optional(form('formPlace', PLACE_PATTERN)),
      limit: Type.Optional(Limit),
    }),
    answer: closed({ happened: list(Happened), next: Type.Optional(Text) }),
    problems: ['no-such-resource'],
    run({ sources, params, query, identities }) {
      const subject = timelineSubject(sources, subjectOf(sources, params.id));
      const from = query.after === undefined ? TIMELINE_START : placeFrom(query.after);
      const { happened, next } = timeline(sources, subject, from, rowsOf(query.limit));
      return { happened: happened.map((one) => happenedView(sources, one, identities)), next: next && placeText(next) };
    },
  }),
] as const;
