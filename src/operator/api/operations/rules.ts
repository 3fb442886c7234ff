import Type, { type Static } from 'typebox';
import { Imei, Imsi, Tac } from '#base/identity/index.ts';
import {
  type ImeiRange,
  type ImsiRange,
  LIST_REASONS,
  LISTS,
  OWN_SOURCE,
  PAIR_RULES,
  type PairRule,
  type RangeEntry,
  rangeOfTac,
} from '#operator/register/index.ts';
import { type Caller, callerMay } from '../caller.ts';
import { momentOf, parsed, withCase } from '../given.ts';
import type { Identities } from '../identities.ts';
import { type Operation, operation } from '../operation.ts';
import { ProblemError } from '../problem.ts';
import { proposed, WAITS } from '../proposal.ts';
import { DOOR, RESOURCE, VALUE } from '../refusals.ts';
import {
  Author,
  CaseReference,
  Count,
  closed,
  GivenImsi,
  GivenTime,
  Identity,
  Imei14,
  Limit,
  list,
  Note,
  names,
  Reason,
  rowsOf,
  Source,
  TacText,
  Text,
  Time,
} from '../schema.ts';
import { boundsView, optionalTime, time } from '../view.ts';

const List = names(LISTS, 'black: Prohibited, grey: Tracking, white: Permitted');
const After = Type.Optional({ ...Count, description: 'Above this number: the `next` of the page before.' });

/** IMEIs as somebody names them: all of a TAC, one, or from one to another. */
const handsets = {
  tac: Type.Optional({ ...TacText, description: 'All handsets of this type; instead of the other two.' }),
  firstImei: Type.Optional(Imei14),
  lastImei: Type.Optional({ ...Imei14, description: 'Without it only the first one.' }),
};
const subscribers = {
  firstImsi: GivenImsi,
  lastImsi: Type.Optional({ ...GivenImsi, description: 'Without it only the first one.' }),
};
const said = {
  note: Type.Optional(Note),
  caseReference: Type.Optional(CaseReference),
  source: Type.Optional(Source),
  expiresAt: Type.Optional({ ...GivenTime, description: 'From when it no longer counts.' }),
};
const shown = {
  id: Count,
  firstImei: Imei14,
  lastImei: Imei14,
  tac: Type.Optional(TacText),
  source: Text,
  note: Text,
  caseReference: Text,
  author: Author,
  addedAt: Time,
  expiresAt: Type.Optional(Time),
  batch: Type.Optional(Count),
};
const RangeOf = closed({ ...shown, list: List, reason: names(LIST_REASONS) });
const PairOf = closed({ ...shown, kind: names(PAIR_RULES), firstImsi: Identity, lastImsi: Identity });
const Understood = closed(
  { firstImei: Imei14, lastImei: Imei14, tac: Type.Optional(TacText) },
  'the handsets as they were understood',
);
const Kind = names(
  PAIR_RULES,
  '`allow`: may be used together whatever a list says; `lock`: belong to each other and to nobody else',
);

const Handsets = Type.Object(handsets);
const Subscribers = Type.Object(subscribers);

function rangeIn({ tac, firstImei, lastImei }: Static<typeof Handsets>): ImeiRange {
  if ((tac === undefined) === (firstImei === undefined) || (tac !== undefined && lastImei !== undefined))
    throw new ProblemError('invalid-value', {
      ...VALUE.say(tac === undefined ? 'noHandsetsNamed' : 'handsetsNamedTwice'),
      at: '/tac',
    });
  if (tac !== undefined) return rangeOfTac(Tac.parse(tac));
  const first = parsed(Imei.parse, firstImei ?? '', '/firstImei');
  return { first, last: lastImei === undefined ? first : parsed(Imei.parse, lastImei, '/lastImei') };
}

function imsisIn({ firstImsi, lastImsi = firstImsi }: Static<typeof Subscribers>): ImsiRange {
  return {
    firstImsi: parsed(Imsi.parse, firstImsi, '/firstImsi'),
    lastImsi: parsed(Imsi.parse, lastImsi, '/lastImsi'),
  };
}

/** Handsets of one type. */
const WIDEST = 1_000_000;

/** One entry must not block a country: more than a type of handset needs somebody who may raise limits. */
function mayBeSoWide(caller: Caller, { first, last }: ImeiRange): void {
  if (last.number - first.number < WIDEST || callerMay(caller, 'limits.raise')) return;
  throw new ProblemError('not-permitted', { ...DOOR.say('widthNeedsApprover'), at: '/lastImei' });
}

const Said = Type.Object(said);
/** What is said of a new entry or rule, beside whom it is about. */
const wordsOf = ({ note = '', caseReference = '', source = OWN_SOURCE, expiresAt }: Static<typeof Said>) => ({
  ...{ note, caseReference, source },
  ...(expiresAt !== undefined && { expiresAt: momentOf(expiresAt, '/expiresAt') }),
});
const written = ({ first, last }: ImeiRange) => ({ first: first.equipment, last: last.equipment });
const writtenImsis = ({ firstImsi, lastImsi }: ImsiRange) => ({
  firstImsi: firstImsi.digits,
  lastImsi: lastImsi.digits,
});

const entryView = ({ first, last, addedAt, expiresAt, ...rest }: RangeEntry | PairRule) => ({
  ...{ id: rest.id, source: rest.source, note: rest.note, caseReference: rest.caseReference },
  ...{ author: rest.author, batch: rest.batch },
  ...boundsView({ first, last }),
  addedAt: time(addedAt),
  expiresAt: optionalTime(expiresAt),
});
const rangeView = (entry: RangeEntry) => ({ ...entryView(entry), list: entry.list, reason: entry.reason });
const pairView = (rule: PairRule, identities: Identities) => ({
  ...entryView(rule),
  kind: rule.kind,
  firstImsi: identities.show(rule.firstImsi.digits),
  lastImsi: identities.show(rule.lastImsi.digits),
});

function removed(found: boolean, code: 'rangeUnknown' | 'pairRuleUnknown'): { readonly removed: true } {
  if (found) return { removed: true };
  throw new ProblemError('conflict', RESOURCE.say(code));
}

/** Entries about ranges of handsets. */
const rangeOperations = [
  operation({
    id: 'getRanges',
    method: 'GET',
    path: '/api/v1/ranges',
    tag: 'lists',
    summary: 'Entries about types of handsets and other ranges, in the order of their making.',
    permission: 'lists.read',
    query: closed({ after: After, limit: Type.Optional(Limit) }),
    answer: closed({ ranges: list(RangeOf), next: Type.Optional(Count) }),
    run({ sources: { register }, query }) {
      const found = register.ranges.page(query.after ?? 0, rowsOf(query.limit));
      return { ranges: found.map(rangeView), next: found.at(-1)?.id };
    },
  }),
  operation({
    id: 'addRange',
    method: 'POST',
    path: '/api/v1/ranges',
    tag: 'lists',
    summary: 'Lists all handsets of a type, or of a range, or changes the entry of the same bounds, list and source.',
    description: 'More handsets than one type has (a million) need an approver.',
    permission: 'lists.change',
    body: closed({ ...handsets, list: List, reason: names(LIST_REASONS), ...said }),
    status: 201,
    answer: Understood,
    others: [WAITS],
    problems: ['conflict'],
    run(call) {
      const { body } = call;
      const range = rangeIn(body);
      mayBeSoWide(call.caller, range);
      const words = wordsOf(body);
      const entry = { ...written(range), list: body.list, reason: body.reason, ...words };
      const proposal = proposed(call, { about: 'range', change: 'add', ...entry }, words.note);
      return 'waiting' in proposal ? proposal : boundsView(range);
    },
  }),
  operation({
    id: 'removeRange',
    method: 'POST',
    path: '/api/v1/ranges/removals',
    tag: 'lists',
    summary: 'Takes a range off a list.',
    permission: 'lists.change',
    body: closed({ ...handsets, list: List, reason: Reason, caseReference: said.caseReference, source: said.source }),
    answer: closed({ removed: Type.Boolean() }),
    others: [WAITS],
    problems: ['conflict'],
    run(call) {
      const { list, source = OWN_SOURCE, reason, caseReference } = call.body;
      const entry = { ...written(rangeIn(call.body)), list, source };
      const why = withCase(reason, caseReference);
      const proposal = proposed(call, { about: 'range', change: 'remove', ...entry }, why);
      return 'waiting' in proposal ? proposal : removed(proposal.isChanged, 'rangeUnknown');
    },
  }),
];

/** Rules about handset and subscriber together. */
const pairOperations = [
  operation({
    id: 'getPairRules',
    method: 'GET',
    path: '/api/v1/pair-rules',
    tag: 'lists',
    summary: 'Rules about handsets and subscribers together, in the order of their making.',
    permission: 'lists.read',
    showsIdentities: true,
    query: closed({ after: After, limit: Type.Optional(Limit) }),
    answer: closed({ rules: list(PairOf), next: Type.Optional(Count) }),
    run({ sources: { register }, query, identities }) {
      const found = register.pairRules.page(query.after ?? 0, rowsOf(query.limit));
      return { rules: found.map((rule) => pairView(rule, identities)), next: found.at(-1)?.id };
    },
  }),
  operation({
    id: 'addPairRule',
    method: 'POST',
    path: '/api/v1/pair-rules',
    tag: 'lists',
    summary: 'Lets subscribers use handsets whatever the lists say, or locks them together.',
    permission: 'lists.change',
    body: closed({ ...handsets, ...subscribers, kind: Kind, ...said }),
    status: 201,
    answer: Understood,
    others: [WAITS],
    problems: ['conflict'],
    run(call) {
      const { body } = call;
      const range = rangeIn(body);
      mayBeSoWide(call.caller, range);
      const words = wordsOf(body);
      const rule = { kind: body.kind, ...written(range), ...writtenImsis(imsisIn(body)), ...words };
      const proposal = proposed(call, { about: 'pair', change: 'add', ...rule }, words.note);
      return 'waiting' in proposal ? proposal : boundsView(range);
    },
  }),
  operation({
    id: 'removePairRule',
    method: 'POST',
    path: '/api/v1/pair-rules/removals',
    tag: 'lists',
    summary: 'Takes a rule back.',
    permission: 'lists.change',
    body: closed({
      ...{ ...handsets, ...subscribers, kind: Kind, reason: Reason },
      caseReference: said.caseReference,
      source: said.source,
    }),
    answer: closed({ removed: Type.Boolean() }),
    others: [WAITS],
    problems: ['conflict'],
    run(call) {
      const { body } = call;
      const { kind, source = OWN_SOURCE } = body;
      const rule = { kind, ...written(rangeIn(body)), ...writtenImsis(imsisIn(body)), source };
      const why = withCase(body.reason, body.caseReference);
      const proposal = proposed(call, { about: 'pair', change: 'remove', ...rule }, why);
      return 'waiting' in proposal ? proposal : removed(proposal.isChanged, 'pairRuleUnknown');
    },
  }),
];

/** Entries about more than one handset, and rules about handset and subscriber together. */
export const ruleOperations: readonly Operation[] = [...rangeOperations, ...pairOperations];
