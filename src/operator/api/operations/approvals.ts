import Type, { type Static } from 'typebox';
import { ROLES, USER_ROLES } from '#operator/access/index.ts';
import { SUBJECT_IDENTITIES } from '#operator/privacy/index.ts';
import {
  type Approvals,
  isMoreThan,
  LIST_FORMATS,
  LIST_REASONS,
  LISTS,
  PAIR_RULES,
  type ProposedChange,
  REGISTER_REFUSALS,
  SETTING_NAMES,
  UNKNOWN_ANSWERS,
} from '#operator/register/index.ts';
import { form } from '../form.ts';
import type { Identities } from '../identities.ts';
import { type Call, operation } from '../operation.ts';
import { ProblemError } from '../problem.ts';
import { refusedDecision } from '../proposal.ts';
import { RESOURCE } from '../refusals.ts';
import {
  Count,
  closed,
  Hex,
  IccidText,
  Identity,
  Imei14,
  Imei15,
  ImsiPrefix,
  Limit,
  list,
  names,
  Reason,
  rowsOf,
  TacText,
  Text,
  Time,
} from '../schema.ts';
import { checkStillLetIn } from '../still-let-in.ts';
import { UNDO_NUMBERS } from '../undo-answer.ts';
import { changeView, optionalTime, time } from '../view.ts';
import { FleetOrdered, SomeRules } from './policies.ts';

const List = names(LISTS);
const AddOrRemove = names(['add', 'remove']);
const bounds = { firstImei: Imei14, lastImei: Imei14, tac: Type.Optional(TacText) };
const said = {
  source: Text,
  note: Type.Optional(Text),
  caseReference: Type.Optional(Text),
  expiresAt: Type.Optional(Time),
};
const ListReasonOf = Type.Optional(names(LIST_REASONS));

const OfFile = closed(
  {
    about: names(['file']),
    name: Text,
    sha256: form('formSha256', '^[0-9A-F]{64}$', { description: 'of the file, which is not kept' }),
    list: List,
    source: Text,
    kind: names(['delta', 'full']),
    format: Type.Optional(names(LIST_FORMATS)),
    mapping: Type.Optional(Type.String({ description: 'the text, or JSON when it was not given as one' })),
    pairs: Type.Optional(names(['allow', 'lock'])),
    change: Type.Optional(names(['add', 'remove', 'update'], 'what lines do that do not say it')),
    lostZeros: Type.Optional(names(['14', '15'])),
    reason: ListReasonOf,
    caseReference: Type.Optional(Text),
    expiresAt: Type.Optional(Time),
    ...{ added: Count, removed: Count, updated: Count, rules: Count, bad: Count, subscribersHit: Count },
    prohibiting: Type.Integer({ minimum: 0, description: 'of the added and updated: black list and locks' }),
  },
  'a file: its members are those of POST /api/v1/imports',
);
const OfUndo = closed(
  {
    ...{ about: names(['undo']), batch: Count, name: Text, list: List, source: Text },
    ...UNDO_NUMBERS,
  },
  'an import that is taken back',
);
const OfSetting = closed(
  { about: names(['setting']), name: names(SETTING_NAMES), value: Text, before: Text },
  'a setting that would ask a second person for less',
);
const OfErasure = closed(
  {
    about: names(['erasure']),
    identity: names(SUBJECT_IDENTITIES),
    digits: Type.String({ description: 'masked once it is done, and for whoever may not see them' }),
  },
  'the erasure of what is kept about somebody',
);
const OfMaker = closed(
  { about: names(['maker']), change: names(['remove']), identifier: { ...Hex, description: 'CA identifier (tag 42)' } },
  'a maker whose root is withdrawn',
);
const OfUser = closed(
  {
    ...{ about: names(['user']), change: names(['add', 'change']), name: Text, user: Type.Optional(Count) },
    ...{ role: Type.Optional(names(USER_ROLES)), roleBefore: Type.Optional(names(USER_ROLES)) },
    ...{ isEnabled: Type.Optional(Type.Boolean()), wasEnabled: Type.Optional(Type.Boolean()) },
    isPasswordNew: Type.Boolean({ description: 'the password becomes another; nobody is shown it' }),
  },
  'a user who is made, or becomes another',
);
const OfToken = closed(
  { about: names(['token']), change: names(['add']), name: Text, role: names(ROLES), expiresAt: Time },
  'a token that may decide',
);
const OfFleet = closed(
  {
    ...{ about: names(['fleet']), select: SomeRules, rules: SomeRules, caseReference: Text },
    ...{ selected: Count, changed: Count, losing: Count, gaining: Count },
  },
  'new rules for the locks of many UICCs, with what they would do as it was shown',
);
const Change = Type.Union([
  closed({ about: names(['imei']), change: AddOrRemove, imei: Imei15, list: List, reason: ListReasonOf, ...said }),
  closed({ about: names(['range']), change: AddOrRemove, ...bounds, list: List, reason: ListReasonOf, ...said }),
  closed({
    ...{ about: names(['pair']), change: AddOrRemove, kind: names(PAIR_RULES), ...bounds },
    ...{ firstImsi: Identity, lastImsi: Identity, ...said },
  }),
  closed({
    ...{ about: names(['imsiDefault']), change: AddOrRemove, prefix: ImsiPrefix },
    ...{ answer: Type.Optional(names(UNKNOWN_ANSWERS)), note: Type.Optional(Text) },
  }),
  OfFile,
  OfUndo,
  OfSetting,
  OfErasure,
  OfMaker,
  OfUser,
  OfToken,
  OfFleet,
]);
const Proposed = closed({
  id: Count,
  at: Time,
  author: Type.String({ description: 'who proposed it; it is made in this name' }),
  reason: Text,
  change: Change,
  state: names(['waiting', 'approved', 'rejected', 'expired'], 'expired: nobody decided in 30 days'),
  decidedBy: Type.Optional(Text),
  decidedAt: Type.Optional(Time),
});

const proposedView = ({ at, decidedAt, change, ...rest }: ProposedChange, identities: Identities) => ({
  ...rest,
  at: time(at),
  change: changeView(change, identities),
  decidedAt: optionalTime(decidedAt),
});

function found(approvals: Approvals, id: number): ProposedChange {
  const one = approvals.find(id);
  if (one !== undefined) return one;
  throw new ProblemError('no-such-resource', RESOURCE.say('changeUnknown'));
}

const DECIDED = { approved: 'changeApproved', rejected: 'changeRejected', expired: 'changeExpired' } as const;

/** One that waits, and that can be decided about here. */
function decidable(approvals: Approvals, id: number, verdict: 'approve' | 'reject'): void {
  const { state, change } = found(approvals, id);
  if (state !== 'waiting') throw new ProblemError('conflict', RESOURCE.say(DECIDED[state]));
  if (verdict === 'approve' && change.about === 'file')
    throw new ProblemError('conflict', RESOURCE.say('changeIsFile', { id }));
}

const Shown = closed(
  { changed: Count, losing: Count },
  'of an order to a fleet, the numbers that whoever agrees was shown: when more stand there by now, nothing is approved',
);
type Deciding = Call<
  { readonly id: number },
  undefined,
  { readonly reason: string; readonly shown?: Static<typeof Shown> }
>;

/** Whoever agrees to an order to a fleet agrees to what it was shown to do: the fleet may be another meanwhile. Throws ProblemError. */
async function checkEffect({ sources, caller, params: { id }, body, author }: Deciding): Promise<void> {
  const { register, gateway } = sources;
  const { change } = found(register.approvals, id);
  if (change.about !== 'fleet') return;
  // Somebody else may have been shown more meanwhile.
  const shown = body.shown ?? change;
  const { changed, losing, selected, gaining } = await gateway.previewPolicy(change.select, change.rules);
  // To look at a large fleet takes a while.
  checkStillLetIn(sources, caller);
  const isAsKept = register.approvals.lookedAgain(id, { selected, changed, losing, gaining }, author);
  if (isAsKept && !isMoreThan({ changed, losing }, shown)) return;
  const numbers = { shown: shown.changed, shownLosing: shown.losing, changed, losing };
  throw new ProblemError('conflict', REGISTER_REFUSALS.say('fleetGrew', numbers));
}

async function decided(call: Deciding, verdict: 'approve' | 'reject') {
  const { approvals, settleImports } = call.sources.register;
  // What a process that died has left is taken back before anything else is.
  await settleImports();
  const { id } = call.params;
  decidable(approvals, id, verdict);
  try {
    if (verdict === 'approve') await checkEffect(call);
    const { changed } = approvals.decide(id, { approver: call.author, verdict, reason: call.body.reason });
    await settleImports();
    return { changed, proposed: proposedView(found(approvals, id), call.identities) };
  } catch (error) {
    throw refusedDecision(error);
  }
}

const Id = closed({ id: Type.Integer({ minimum: 1 }) });

/** Changes that two persons make. */
export const approvalOperations = [
  operation({
    id: 'getApprovals',
    method: 'GET',
    path: '/api/v1/approvals',
    tag: 'approvals',
    summary: 'Changes that wait for a second person, the oldest first; or all of them, the newest first.',
    permission: 'lists.read',
    showsIdentities: true,
    query: closed({
      state: Type.Optional(
        names(['waiting', 'any'], '`any`: also what was decided or has expired. Default `waiting`.'),
      ),
      limit: Type.Optional(Limit),
    }),
    answer: closed({ proposed: list(Proposed) }),
    run({ sources: { register }, query, identities }) {
      const rows = rowsOf(query.limit);
      const changes = query.state === 'any' ? register.approvals.newest(rows) : register.approvals.waiting(rows);
      return { proposed: changes.map((one) => proposedView(one, identities)) };
    },
  }),
  operation({
    id: 'getApproval',
    method: 'GET',
    path: '/api/v1/approvals/:id',
    tag: 'approvals',
    summary: 'One proposed change, and what became of it.',
    permission: 'lists.read',
    showsIdentities: true,
    params: Id,
    answer: closed({ proposed: Proposed }),
    problems: ['no-such-resource'],
    run: ({ sources: { register }, params, identities }) => ({
      proposed: proposedView(found(register.approvals, params.id), identities),
    }),
  }),
  operation({
    id: 'approveChange',
    method: 'POST',
    path: '/api/v1/approvals/:id/approval',
    tag: 'approvals',
    summary: 'Agrees to a change as the second person: it is made at once, in the name of who proposed it.',
    description:
      'The name of the token has to be another than that of who proposed it. A file is approved by sending it again (`approve` of POST /api/v1/imports). An order to a fleet is looked at again: when it would do more than was shown, the new numbers are shown and nothing is approved; once it is, POST /api/v1/approvals/{id}/orders carries it out.',
    permission: 'approvals.decide',
    showsIdentities: true,
    params: Id,
    body: closed({ reason: Reason, shown: Type.Optional(Shown) }),
    answer: closed({
      changed: Type.Boolean({ description: 'false: there was nothing to take away any more' }),
      proposed: Proposed,
    }),
    problems: ['conflict', 'no-such-resource'],
    run: (call) => decided(call, 'approve'),
  }),
  operation({
    id: 'orderApproved',
    method: 'POST',
    path: '/api/v1/approvals/:id/orders',
    tag: 'approvals',
    summary:
      'Carries out an approved order to a fleet, some hundreds of UICCs at a time: ask again with `next` until there is none.',
    description:
      'In the name of who proposed it, within a day of the approval, and for no more UICCs than were shown. UICCs that have the order or the rules already are left out, so it can be asked again from the beginning.',
    permission: 'policies.change',
    params: Id,
    body: closed({ after: Type.Optional({ ...IccidText, description: 'The `next` of the answer before.' }) }),
    status: 201,
    answer: FleetOrdered,
    problems: ['conflict', 'no-such-resource'],
    run({ sources: { register, gateway }, params: { id }, body: { after = '' } }) {
      found(register.approvals, id);
      try {
        const part = register.approvals.carryOut(id, ({ select, rules, author, reason, caseReference }, most) =>
          gateway.policyForFleet(select, { change: rules, author, reason, caseReference }, { after, most }),
        );
        return part ?? { queued: 0, unchanged: 0 };
      } catch (error) {
        throw refusedDecision(error);
      }
    },
  }),
  operation({
    id: 'rejectChange',
    method: 'POST',
    path: '/api/v1/approvals/:id/rejection',
    tag: 'approvals',
    summary: 'Says no to a change as the second person: it is never made.',
    permission: 'approvals.decide',
    showsIdentities: true,
    params: Id,
    body: closed({ reason: Reason }),
    answer: closed({ proposed: Proposed }),
    problems: ['conflict', 'no-such-resource'],
    run: async (call) => ({ proposed: (await decided(call, 'reject')).proposed }),
  }),
] as const;
