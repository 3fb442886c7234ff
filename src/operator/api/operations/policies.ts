import Type, { type Static } from 'typebox';
import { Iccid } from '#base/identity/index.ts';
import { MOST_OF_RULE, type PolicyRefusal } from '#operator/gateway/index.ts';
import type { LockRules } from '#protocol/imei-lock/index.ts';
import { parsed } from '../given.ts';
import { operation } from '../operation.ts';
import { ProblemError } from '../problem.ts';
import { proposed, WAITS } from '../proposal.ts';
import { capital, ORDERING, VALUE } from '../refusals.ts';
import { CaseReference, Count, closed, IccidText, Identity, list, names, Reason, Text } from '../schema.ts';
import { checkStillLetIn } from '../still-let-in.ts';
import { rulesView } from '../view.ts';

const count = (most: number, description: string) => Type.Integer({ minimum: 0, maximum: most, description });

const RULES = {
  gate: names(['open', 'enable'], 'enable: no AUTHENTICATE until the IMEI is proved; open: only a false IMEI blocks'),
  terminalCannotProve: names(
    ['grace', 'permit', 'block'],
    'a terminal that says it cannot prove: the gate and its grace decide, it is served and reported, or nothing goes on in it',
  ),
  pairing: names(['free', 'locked'], 'free: any handset that proves its IMEI; locked: only the first'),
  proveAtBoot: Type.Boolean({ description: 'prove at power-on' }),
  proveBeforeCall: Type.Boolean({ description: 'prove before each call' }),
  graceAuthentications: count(MOST_OF_RULE.graceAuthentications, 'authentications that the gate lets pass unproved'),
  proveEvery: count(MOST_OF_RULE.proveEvery, 'prove again after so many authentications; 0: never'),
  reportEvery: count(MOST_OF_RULE.reportEvery, 'report again after so many authentications; 0: only on a change'),
  unansweredLimit: count(MOST_OF_RULE.unansweredLimit, 'reports without an answer until the IMEI counts as unproved'),
  brokenProtectionLimit: count(
    MOST_OF_RULE.brokenProtectionLimit,
    'proofs in a row with broken protection until it blocks',
  ),
} as const;

/** The rules of a UICC's lock, as it last said them itself. */
export const Rules = closed(RULES);
/** Some of the rules. */
export const SomeRules = Type.Partial(Rules);
/** What became of a part of a fleet. */
export const FleetOrdered = closed({ queued: Count, unchanged: Count, next: Type.Optional(IccidText) });
const Selection = { ...SomeRules, description: 'UICCs whose rules are these; empty: all' };
const Service = names(
  ['served', 'grace', 'refused', 'unknown'],
  'AUTHENTICATE at the next power-on in the same handset; grace: for a number of times; unknown: it never reported',
);
const ServiceCounts = closed({ served: Count, grace: Count, refused: Count, unknown: Count });

/** Members that were given. */
const given = (rules: Static<typeof SomeRules>): Partial<LockRules> =>
  Object.fromEntries(Object.entries(rules).filter(([, value]) => value !== undefined));

const someChange = (rules: Partial<LockRules>): Partial<LockRules> => {
  if (Object.keys(rules).length > 0) return rules;
  throw new ProblemError('invalid-value', { ...VALUE.say('noRuleNamed'), at: '/change' });
};

const refused = (why: PolicyRefusal): ProblemError =>
  new ProblemError(why === 'unknownUicc' || why === 'nothingChanges' ? 'conflict' : 'invalid-value', {
    ...ORDERING.say(`policy${capital(why)}`),
    at: '/change',
  });

/** Rules of the IMEI locks in the field. */
export const policyOperations = [
  operation({
    id: 'previewPolicy',
    method: 'POST',
    path: '/api/v1/policies/preview',
    tag: 'commands',
    summary: 'What new rules would mean for the handsets in use, by what each UICC reported last. Nothing is changed.',
    permission: 'subscribers.read',
    showsIdentities: true,
    body: closed({ select: Selection, change: SomeRules }),
    answer: closed({
      looked: { ...Count, description: 'UICCs there are' },
      selected: Count,
      changed: { ...Count, description: 'selected, and not of these rules already: each is a short message' },
      before: ServiceCounts,
      after: ServiceCounts,
      losing: { ...Count, description: 'handsets that lose service' },
      gaining: Count,
      handsets: list(
        closed(
          {
            iccid: IccidText,
            imsi: Identity,
            imei: Type.Optional(Text),
            before: Service,
            after: Service,
            reason: { ...Text, description: 'of the last report' },
          },
          'the first of them, those that lose service first',
        ),
      ),
    }),
    async run({ sources: { gateway }, body, identities }) {
      const { handsets, ...counts } = await gateway.previewPolicy(given(body.select), someChange(given(body.change)));
      return {
        ...counts,
        handsets: handsets.map(({ imsi, imei, ...handset }) => ({
          ...handset,
          imsi: identities.show(imsi),
          imei: imei === undefined ? undefined : identities.imei(imei.withCheckDigit),
        })),
      };
    },
  }),
  operation({
    id: 'orderPolicy',
    method: 'POST',
    path: '/api/v1/policies',
    tag: 'commands',
    summary: 'Orders new rules for the lock of one UICC.',
    description:
      'It is queued durably when this answers. The UICC keeps the rules before it acknowledges, and its acknowledgement tells the rules that then stand.',
    permission: 'commands.give',
    body: closed({
      iccid: IccidText,
      change: SomeRules,
      reason: Reason,
      caseReference: Type.Optional(CaseReference),
      dryRun: Type.Optional(Type.Boolean({ description: 'Only show what would change.' })),
    }),
    status: 201,
    answer: closed({
      order: Type.Optional(Type.Integer({ description: 'its number; missing for a dry run' })),
      before: Rules,
      after: Rules,
    }),
    problems: ['conflict'],
    run({ sources: { gateway }, body, author }) {
      const { iccid, change, reason, caseReference, dryRun } = body;
      const result = gateway.policy({
        iccid: parsed(Iccid.parse, iccid, '/iccid'),
        ...{ change: someChange(given(change)), author, reason },
        ...(caseReference !== undefined && { caseReference }),
        ...(dryRun !== undefined && { dryRun }),
      });
      if (result.kind === 'refused') throw refused(result.why);
      return { order: result.order, before: rulesView(result.before), after: rulesView(result.after) };
    },
  }),
  operation({
    id: 'orderPolicies',
    method: 'POST',
    path: '/api/v1/policies/fleet',
    tag: 'commands',
    summary: 'Orders new rules for many UICCs, some hundreds at a time: ask again with `next` until there is none.',
    description:
      'Where the setting `approval.fleet` is `always` and somebody else could decide, nothing is ordered: all of it waits for a second person, with what it would do.',
    permission: 'policies.change',
    body: closed({
      select: Selection,
      change: SomeRules,
      reason: Reason,
      caseReference: Type.Optional(CaseReference),
      after: Type.Optional({ ...IccidText, description: 'The `next` of the answer before.' }),
    }),
    status: 201,
    answer: FleetOrdered,
    others: [WAITS],
    problems: ['conflict'],
    async run(call) {
      const { sources, body, author } = call;
      const { reason, caseReference = '', after = '' } = body;
      const [select, rules] = [given(body.select), someChange(given(body.change))];
      if (sources.register.approvals.fleetMustWait(author)) {
        const { selected, changed, losing, gaining } = await sources.gateway.previewPolicy(select, rules);
        const change = { about: 'fleet', select, rules, caseReference, selected, changed, losing, gaining } as const;
        // To look at a large fleet takes a while.
        const made = proposed(call, change, reason, () => checkStillLetIn(sources, call.caller));
        if ('waiting' in made) return made;
      }
      const request = { change: rules, author, reason, ...(caseReference !== '' && { caseReference }) };
      return sources.gateway.policyForFleet(select, request, { after });
    },
  }),
] as const;
