import Type, { type Static } from 'typebox';
import { fromHex } from '#base/codec/index.ts';
import { type CommandRequest, ORDER_OUTCOMES, ORDER_STATES, type ScriptRequest } from '#operator/gateway/index.ts';
import { REASON_SENTENCES } from '#operator/register/index.ts';
import type { Subscribers } from '#operator/subscriber/index.ts';
import { MOST_REMOTE_COMMANDS } from '#protocol/ota/index.ts';
import { form } from '../form.ts';
import { momentOf } from '../given.ts';
import { iccidOf } from '../given-uicc.ts';
import { operation } from '../operation.ts';
import { ProblemError } from '../problem.ts';
import { capital, ORDERING, RESOURCE, VALUE } from '../refusals.ts';
import {
  Author,
  CaseReference,
  Count,
  closed,
  GivenImsi,
  GivenTime,
  Hex,
  IccidText,
  Limit,
  list,
  names,
  Reason,
  rowsOf,
  SaidAs,
  Text,
  Time,
} from '../schema.ts';
import { orderView, scriptView } from '../view.ts';

const OrderName = names(['permit', 'track', 'block', 'stopKeys', 'unblock', 'rePair', 'reportNow']);

const ORDER = {
  id: Count,
  at: Time,
  iccid: IccidText,
  order: Text,
  author: Author,
  reason: Text,
  reasonSaid: Type.Optional(
    Type.Array(SaidAs(REASON_SENTENCES.codes), {
      description: '`reason` by codes and values; missing when a person wrote it, or when it is older than its codes',
    }),
  ),
  caseReference: Text,
  state: names(ORDER_STATES),
  counter: Type.Optional(Count),
  packet: Type.Optional(Hex),
  attempts: Count,
  sentAt: Type.Optional(Time),
  deliveredAt: Type.Optional({ ...Time, description: 'when the SMSC said that the handset has it' }),
  heldUntil: Type.Optional({
    ...Time,
    description:
      'of an order that the SMSC took, and of which no receipt came: until when it was asked to keep it for a handset without service',
  }),
  doneAt: Type.Optional(Time),
  outcome: Text,
  outcomeSaid: Type.Optional(
    Type.Array(SaidAs(ORDER_OUTCOMES.codes), { description: '`outcome` by codes and values' }),
  ),
  keyGeneration: Type.Optional({ ...Count, description: 'of an order that brings new keys: which' }),
  report: Type.Optional({ ...Count, description: 'number of the report that it answers' }),
  tar: Type.Optional({ ...Hex, description: 'of a script for remote management: where it goes' }),
} as const;

/** An order to a UICC, as it is answered. */
export const Order = closed(ORDER);

const ScriptOrder = closed({
  ...ORDER,
  response: Type.Optional({ ...Hex, description: 'what the UICC answered (TS 102 226 5.2)' }),
});

const Command = closed({
  iccid: Type.Optional(IccidText),
  imsi: Type.Optional(GivenImsi),
  order: OrderName,
  reason: Reason,
  caseReference: Type.Optional(CaseReference),
  expiresAt: Type.Optional({ ...GivenTime, description: 'When permit, track, block or stopKeys end by themselves.' }),
  dryRun: Type.Optional(Type.Boolean({ description: 'Only show what would be sent.' })),
});

const LONGEST_COMMAND = 2 * 261;

const Script = closed({
  iccid: Type.Optional(IccidText),
  imsi: Type.Optional(GivenImsi),
  tar: form('formTar', '^([0-9A-Fa-f]{2}){3}$', {
    description: '000000 card management, B00000 shared files, B00001 files of the USIM, or of a security domain',
  }),
  commands: Type.Array(form('formCommand', '^([0-9A-Fa-f]{2}){4,}$', { maxLength: LONGEST_COMMAND }), {
    minItems: 1,
    maxItems: MOST_REMOTE_COMMANDS,
    description: 'C-APDUs in hexadecimal',
  }),
  format: Type.Optional({
    ...names(['compact', 'definite', 'indefinite']),
    description: 'compact: only the last command is answered; default definite: each',
  }),
  reason: Reason,
  caseReference: Type.Optional(CaseReference),
});

function requestOf(subscribers: Subscribers, body: Static<typeof Command>, author: string): CommandRequest {
  const { order, reason, caseReference, expiresAt, dryRun } = body;
  return {
    iccid: iccidOf(subscribers, body),
    ...{ order, reason, author },
    ...(caseReference !== undefined && { caseReference }),
    ...(expiresAt !== undefined && { expiresAt: momentOf(expiresAt, '/expiresAt') }),
    ...(dryRun !== undefined && { dryRun }),
  };
}

function scriptOf(subscribers: Subscribers, body: Static<typeof Script>, author: string): ScriptRequest {
  const { tar, commands, format = 'definite', reason, caseReference } = body;
  return {
    iccid: iccidOf(subscribers, body),
    ...{ tar: fromHex(tar), commands: commands.map(fromHex), format, reason, author },
    ...(caseReference !== undefined && { caseReference }),
  };
}

/** Orders to UICCs. */
export const commandOperations = [
  operation({
    id: 'getOutbox',
    method: 'GET',
    path: '/api/v1/outbox',
    tag: 'commands',
    summary: 'Orders to UICCs, with how far each is: the newest first, or from a number on in their order.',
    description: '`next` is the `before` of the following page, or its `after` when the page was read so.',
    permission: 'commands.read',
    showsIdentities: true,
    query: closed({
      state: Type.Optional(names([...ORDER_STATES, 'open'], '`open`: queued, built or sent. Default all.')),
      before: Type.Optional({ ...Count, description: 'Orders below this number, the newest first.' }),
      after: Type.Optional({ ...Count, description: 'Orders above this number, the oldest first.' }),
      limit: Type.Optional(Limit),
    }),
    answer: closed({ orders: list(Order), next: Type.Optional(Count) }),
    run({ sources, query: { state, before, after, limit }, identities }) {
      if (before !== undefined && after !== undefined)
        throw new ProblemError('invalid-value', {
          ...VALUE.say('twoPlaces', { got: 'before and after' }),
          at: 'query',
        });
      const states = state === 'open' ? (['queued', 'built', 'sent'] as const) : state && [state];
      const from = after === undefined ? { below: before ?? Number.MAX_SAFE_INTEGER } : { above: after };
      const rows = rowsOf(limit);
      const orders = sources.gateway.outbox.page(states, from, rows);
      return {
        orders: orders.map((order) => orderView(order, identities, sources)),
        next: orders.length < rows ? undefined : orders.at(-1)?.id,
      };
    },
  }),
  operation({
    id: 'getOrder',
    method: 'GET',
    path: '/api/v1/outbox/:id',
    tag: 'commands',
    summary: 'One order.',
    permission: 'commands.read',
    showsIdentities: true,
    params: closed({ id: Type.Integer({ minimum: 1 }) }),
    answer: closed({ order: Order }),
    problems: ['no-such-resource'],
    run({ sources, params, identities }) {
      const order = sources.gateway.outbox.byId(params.id);
      if (order !== undefined) return { order: orderView(order, identities, sources) };
      throw new ProblemError('no-such-resource', RESOURCE.say('orderUnknown'));
    },
  }),
  operation({
    id: 'giveCommand',
    method: 'POST',
    path: '/api/v1/commands',
    tag: 'commands',
    summary: 'Orders a UICC to permit, track, block, stop its keys, unblock, pair anew, or report.',
    description: 'It is queued durably when this answers; `/api/v1/outbox/{id}` tells how far it is.',
    permission: 'commands.give',
    body: Command,
    status: 201,
    answer: closed({
      sends: { ...OrderName, description: 'what goes over the air: permit and track ask for a report first' },
      text: Type.String({ description: 'what the person reads' }),
      order: Type.Optional(Type.Integer({ description: 'its number; missing for a dry run' })),
    }),
    problems: ['conflict'],
    run: ({ sources: { gateway, subscribers }, body, author }) => gateway.command(requestOf(subscribers, body, author)),
  }),
  operation({
    id: 'getScript',
    method: 'GET',
    path: '/api/v1/scripts/:id',
    tag: 'commands',
    summary: 'One script, and what the UICC answered.',
    permission: 'scripts.send',
    showsIdentities: true,
    params: closed({ id: Type.Integer({ minimum: 1 }) }),
    answer: closed({ script: ScriptOrder }),
    problems: ['no-such-resource'],
    run({ sources, params, identities }) {
      const order = sources.gateway.outbox.byId(params.id);
      if (order?.tar !== undefined) return { script: scriptView(order, identities, sources) };
      throw new ProblemError('no-such-resource', RESOURCE.say('scriptUnknown'));
    },
  }),
  operation({
    id: 'sendScript',
    method: 'POST',
    path: '/api/v1/scripts',
    tag: 'commands',
    summary: 'Sends commands to the remote management of a UICC (TS 102 226): its files, its security domains.',
    description:
      'It is queued durably when this answers; `/api/v1/scripts/{id}` tells how far it is, and what the UICC answered.',
    permission: 'scripts.send',
    body: Script,
    status: 201,
    answer: closed({ order: Type.Integer({ description: 'its number' }) }),
    problems: ['conflict'],
    run({ sources: { gateway, subscribers }, body, author }) {
      const result = gateway.script(scriptOf(subscribers, body, author));
      if (result.kind === 'queued') return { order: result.order };
      const isAboutUicc = result.why === 'unknownUicc' || result.why === 'noRemoteManagement';
      throw new ProblemError(isAboutUicc ? 'conflict' : 'invalid-value', {
        ...ORDERING.say(`script${capital(result.why)}`),
        at: isAboutUicc ? '/iccid' : result.why === 'wrongTar' ? '/tar' : '/commands',
      });
    },
  }),
] as const;
