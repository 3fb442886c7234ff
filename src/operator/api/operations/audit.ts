import Type from 'typebox';
import { Imei } from '#base/identity/index.ts';
import { AUDIT_FAULTS, AUDIT_KINDS, AUDIT_REASONS, AUDIT_SUBJECTS, type AuditFault } from '#operator/audit/index.ts';
import { FINDING_SENTENCES } from '#operator/evidence/index.ts';
import { ORDER_OUTCOMES } from '#operator/gateway/index.ts';
import { REASON_SENTENCES } from '#operator/register/index.ts';
import type { Caller } from '../caller.ts';
import { form } from '../form.ts';
import { momentOf } from '../given.ts';
import { mayAskOfSubscribers, mayNameImsi } from '../look-up.ts';
import { type Operation, operation } from '../operation.ts';
import { ProblemError } from '../problem.ts';
import { REQUEST, VALUE } from '../refusals.ts';
import {
  Author,
  Count,
  closed,
  GivenTime,
  Limit,
  list,
  names,
  rowsOf,
  SaidAs,
  saidView,
  Text,
  Time,
} from '../schema.ts';
import type { ApiSources } from '../sources.ts';
import { eventView, SUBSCRIBER_SUBJECT } from '../view.ts';

/** An entry of the audit log, as it is answered. */
export const Event = closed({
  id: Count,
  at: Time,
  kind: names(AUDIT_KINDS),
  author: Author,
  subject: Text,
  detail: Type.Optional(
    Type.Record(Text, Type.Union([Text, Type.Number(), Type.Boolean(), Type.Null(), Type.Array(Text)]), {
      description: 'missing when it was erased',
    }),
  ),
  said: Type.Optional(
    closed(
      {
        text: Type.Optional(list(SaidAs(FINDING_SENTENCES.codes))),
        subject: Type.Optional(list(SaidAs(AUDIT_SUBJECTS.codes))),
        reason: Type.Optional(list(SaidAs([...REASON_SENTENCES.codes, ...AUDIT_REASONS.codes]))),
        reasons: Type.Optional(list(SaidAs(REASON_SENTENCES.codes))),
        outcome: Type.Optional(list(SaidAs(ORDER_OUTCOMES.codes))),
      },
      'what `subject` and facts of `detail` say, by codes and values; what is not here is of a person, or older than its codes',
    ),
  ),
});

const faultView = ({ id, problem, said }: AuditFault) => ({ id, problem, said: saidView(said) });

const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
/** Seconds after which another verification may have ended. */
const PAUSE = 10;

/** The whole log is read for it: once at a time, and in steps between which everything else goes on. */
function openVerification(): Operation {
  let isRunning = false;
  const verify = async ({ audit }: ApiSources, head: { readonly id: number; readonly chain: string } | undefined) => {
    const steps = audit.verification(head);
    let entries = 0;
    for (;;) {
      const step = steps.next();
      if (step.done === true)
        return { isSound: step.value === undefined, entries, fault: step.value && faultView(step.value) };
      entries = step.value;
      await breathe();
    }
  };
  return operation({
    id: 'verifyAudit',
    method: 'GET',
    path: '/api/v1/audit/verification',
    tag: 'events',
    summary:
      'Whether the chain of the audit log holds; with a head noted earlier, also that nothing was cut off since.',
    permission: 'audit.verify',
    query: closed({
      id: Type.Optional(Type.Integer({ minimum: 0, description: 'Number of a head noted earlier; with `chain`.' })),
      chain: Type.Optional(form('formChain', '^[0-9A-F]{32}$')),
    }),
    answer: closed({
      isSound: Type.Boolean(),
      entries: Type.Integer({ minimum: 0, description: 'entries found sound' }),
      fault: Type.Optional(closed({ id: Count, problem: Text, said: SaidAs(AUDIT_FAULTS.codes) }, 'the first one')),
    }),
    problems: ['unavailable'],
    async run({ sources, query: { id, chain } }) {
      if ((id === undefined) !== (chain === undefined))
        throw new ProblemError('invalid-value', { ...VALUE.say('halfHead'), at: 'id' });
      if (isRunning) throw new ProblemError('unavailable', { ...REQUEST.say('verificationRuns'), retryAfter: PAUSE });
      isRunning = true;
      try {
        return await verify(sources, id === undefined || chain === undefined ? undefined : { id, chain });
      } finally {
        isRunning = false;
      }
    },
  });
}

/** An IMEI is written with 14 digits in the log. Throws ProblemError for a subscriber whom this caller may not look up. */
function subjectsOf(given: string, caller: Caller): readonly [string, string] {
  const imei = given.slice(0, 14);
  if (SUBSCRIBER_SUBJECT.test(given) && !mayAskOfSubscribers(caller)) {
    if (given.length !== 15 || Imei.parse(imei).withCheckDigit !== given) mayNameImsi(caller, 'subject');
    return [imei, imei];
  }
  return /^\d{15,16}$/.test(given) ? [given, imei] : [given, given];
}

/** The audit log. */
export const auditOperations = (): readonly Operation[] => [
  openVerification(),
  operation({
    id: 'searchAudit',
    method: 'GET',
    path: '/api/v1/audit',
    tag: 'events',
    summary: 'Entries of the audit log that fit, the newest first; `next` is the `before` of the following page.',
    permission: 'audit.read',
    showsIdentities: true,
    query: closed({
      before: Type.Optional({ ...Count, description: 'Entries below this number; default all.' }),
      kind: Type.Optional(names(AUDIT_KINDS)),
      author: Type.Optional(Type.String({ minLength: 1, maxLength: 80, description: 'Exactly this one.' })),
      subject: Type.Optional(
        Type.String({ minLength: 1, maxLength: 200, description: 'Exactly this one: IMEI, ICCID, setting, name.' }),
      ),
      from: Type.Optional({ ...GivenTime, description: 'Not before.' }),
      to: Type.Optional({ ...GivenTime, description: 'Not after.' }),
      limit: Type.Optional(Limit),
    }),
    answer: closed({
      entries: list(Event),
      next: Type.Optional(Count),
      head: closed(
        { id: Count, chain: Text },
        'of the whole log: noted elsewhere, it proves later that it was not cut',
      ),
    }),
    run({ sources: { audit }, query, caller, identities }) {
      const { before, kind, author, subject, from, to, limit } = query;
      const rows = rowsOf(limit);
      const found = audit.found(
        {
          ...(before !== undefined && { before }),
          ...(kind !== undefined && { kind }),
          ...(author !== undefined && { author }),
          ...(subject !== undefined && { subjects: subjectsOf(subject, caller) }),
          ...(from !== undefined && { from: momentOf(from, 'from') }),
          ...(to !== undefined && { to: momentOf(to, 'to') }),
        },
        rows,
      );
      return {
        entries: found.map((entry) => eventView(entry, identities)),
        next: found.length < rows ? undefined : found.at(-1)?.id,
        head: audit.head(),
      };
    },
  }),
  operation({
    id: 'getEvents',
    method: 'GET',
    path: '/api/v1/events',
    tag: 'events',
    summary: 'A page of the audit log, oldest first; `next` is the `after` of the following page.',
    permission: 'audit.read',
    showsIdentities: true,
    query: closed({
      after: Type.Optional(Type.Integer({ description: 'Entries above this number; default 0.' })),
      limit: Type.Optional(Limit),
    }),
    answer: closed({ events: list(Event), next: Count }),
    run({ sources: { audit }, query, identities }) {
      const first = Math.max(0, query.after ?? 0);
      const events = audit.after(first, rowsOf(query.limit)).map((entry) => eventView(entry, identities));
      return { events, next: events.at(-1)?.id ?? first };
    },
  }),
];
