import Type from 'typebox';
import {
  type AlarmAct,
  type AlarmCount,
  type AlarmFilter,
  type AlarmPlace,
  FINDING_KINDS,
  FINDING_SEVERITY,
  FINDING_STATES,
  type FindingKind,
  type FindingState,
  SEVERITIES,
} from '#operator/evidence/index.ts';
import { form } from '../form.ts';
import { type Call, operation } from '../operation.ts';
import { ProblemError } from '../problem.ts';
import { RESOURCE } from '../refusals.ts';
import { Count, closed, Limit, list, names, Reason, rowsOf, Text } from '../schema.ts';
import { findingView } from '../view.ts';
import { FindingOf } from './subscribers.ts';

const PLACE = /^(\d{1,15})\.(\d{1,15})$/;

function placeOf(written: string | undefined): AlarmPlace | undefined {
  const [, lastAt, id] = PLACE.exec(written ?? '') ?? [];
  return lastAt === undefined ? undefined : { lastAt: Number(lastAt), id: Number(id) };
}

const Assignee = form('formPerson', '^\\S(.*\\S)?$', { minLength: 1, maxLength: 100 });

const Filter = {
  state: Type.Optional(
    names([...FINDING_STATES, 'unsettled', 'any'], '`unsettled`: open or acknowledged. Default `unsettled`.'),
  ),
  kind: Type.Optional(names(FINDING_KINDS)),
  severity: Type.Optional(names(SEVERITIES)),
  assignee: Type.Optional(Assignee),
};

interface Asked {
  readonly state?: (typeof FINDING_STATES)[number] | 'unsettled' | 'any';
  readonly kind?: (typeof FINDING_KINDS)[number];
  readonly severity?: (typeof SEVERITIES)[number];
  readonly assignee?: string;
}

function filterOf({ state = 'unsettled', kind, severity, assignee }: Asked): AlarmFilter {
  return {
    ...(state !== 'any' && { states: state === 'unsettled' ? ['open', 'acknowledged'] : [state] }),
    ...(kind !== undefined && { kinds: [kind] }),
    ...(severity !== undefined && { severities: [severity] }),
    ...(assignee !== undefined && { assignee }),
  };
}

const Id = closed({ id: Type.Integer({ minimum: 1 }) });
const Decided = closed({
  isChanged: Type.Boolean({ description: 'false: it was so already, nothing was written' }),
  alarm: FindingOf,
});

const noSuchAlarm = () => new ProblemError('no-such-resource', RESOURCE.say('alarmUnknown'));

type Deciding = Pick<
  Call<{ readonly id: number }, undefined, { readonly reason: string }>,
  'sources' | 'params' | 'body' | 'author' | 'identities'
>;

function decided({ sources, params, body, author, identities }: Deciding, what: AlarmAct) {
  const made = sources.evidence.alarms.decide(params.id, { ...what, author, reason: body.reason });
  if (made === undefined) throw noSuchAlarm();
  return { isChanged: made.isChanged, alarm: findingView(made.alarm, identities) };
}

/** One of the acts that need nothing but a reason. */
const act = (name: 'acknowledge' | 'close' | 'reopen', noun: string, summary: string) =>
  operation({
    id: `${name}Alarm`,
    method: 'POST',
    path: `/api/v1/alarms/:id/${noun}`,
    tag: 'alarms',
    summary,
    permission: 'alarms.decide',
    showsIdentities: true,
    params: Id,
    body: closed({ reason: Reason }),
    answer: Decided,
    problems: ['no-such-resource'],
    run: (call) => decided(call, { act: name }),
  });

function countsOf(counts: readonly AlarmCount[]) {
  const number = (kind: FindingKind, state: FindingState) =>
    counts.find((one) => one.kind === kind && one.state === state)?.number ?? 0;
  return FINDING_KINDS.map((kind) => ({
    ...{ kind, severity: FINDING_SEVERITY[kind] },
    ...{ open: number(kind, 'open'), acknowledged: number(kind, 'acknowledged') },
  })).filter(({ open, acknowledged }) => open + acknowledged > 0);
}

/** Findings as an inbox. */
export const alarmOperations = [
  operation({
    id: 'getAlarms',
    method: 'GET',
    path: '/api/v1/alarms',
    tag: 'alarms',
    summary: 'Findings as an inbox, those that happened last first.',
    description: 'One that happens again moves to the top, and is open again when it was closed.',
    permission: 'evidence.read',
    showsIdentities: true,
    query: closed({
      ...Filter,
      after: Type.Optional(form('formPlace', PLACE.source)),
      limit: Type.Optional(Limit),
    }),
    answer: closed({ alarms: list(FindingOf), next: Type.Optional(Text) }),
    run({ sources: { evidence }, query, identities }) {
      const rows = rowsOf(query.limit);
      const alarms = evidence.alarms.page(filterOf(query), placeOf(query.after), rows);
      const last = alarms.length === rows ? alarms.at(-1) : undefined;
      return {
        alarms: alarms.map((alarm) => findingView(alarm, identities)),
        next: last && `${last.lastAt}.${last.id}`,
      };
    },
  }),
  operation({
    id: 'getAlarmCounts',
    method: 'GET',
    path: '/api/v1/alarms/counts',
    tag: 'alarms',
    summary: 'How many alarms are open and acknowledged, by kind.',
    permission: 'evidence.read',
    answer: closed({
      counts: list(
        closed({ kind: names(FINDING_KINDS), severity: names(SEVERITIES), open: Count, acknowledged: Count }),
      ),
    }),
    run: ({ sources: { evidence } }) => ({ counts: countsOf(evidence.alarms.counts()) }),
  }),
  operation({
    id: 'getAlarm',
    method: 'GET',
    path: '/api/v1/alarms/:id',
    tag: 'alarms',
    summary: 'One alarm.',
    permission: 'evidence.read',
    showsIdentities: true,
    params: Id,
    answer: closed({ alarm: FindingOf }),
    problems: ['no-such-resource'],
    run({ sources: { evidence }, params, identities }) {
      const alarm = evidence.alarms.byId(params.id);
      if (alarm === undefined) throw noSuchAlarm();
      return { alarm: findingView(alarm, identities) };
    },
  }),
  act('acknowledge', 'acknowledgement', 'Says that somebody looks into an alarm.'),
  act('close', 'closure', 'Says that an alarm is done with; it opens again when it happens again.'),
  act('reopen', 'reopening', 'Opens an alarm again that was acknowledged or closed.'),
  operation({
    id: 'assignAlarm',
    method: 'POST',
    path: '/api/v1/alarms/:id/assignment',
    tag: 'alarms',
    summary: 'Gives an alarm to somebody, or to nobody.',
    permission: 'alarms.decide',
    showsIdentities: true,
    params: Id,
    body: closed({ assignee: Type.Optional({ ...Assignee, description: 'Without it: nobody.' }), reason: Reason }),
    answer: Decided,
    problems: ['no-such-resource'],
    run: (call) => decided(call, { act: 'assign', assignee: call.body.assignee ?? '' }),
  }),
] as const;
