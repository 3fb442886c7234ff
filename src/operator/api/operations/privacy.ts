import Type, { type Static } from 'typebox';
import {
  ERASURE_REMAINS,
  type ErasureRecord,
  type Privacy,
  REMAINS_REASONS,
  RETENTION_RULES,
  type RetentionName,
  SUBJECT_IDENTITIES,
  type Subject,
} from '#operator/privacy/index.ts';
import { answerWithFile } from '../file-answer.ts';
import { parsed } from '../given.ts';
import { operation } from '../operation.ts';
import { proposed, WAITS } from '../proposal.ts';
import { Author, Count, closed, Limit, list, names, Reason, rowsOf, SaidAs, Text, Time } from '../schema.ts';
import { optionalTime, time } from '../view.ts';

const NAMES = Object.keys(RETENTION_RULES) as readonly RetentionName[];
const Remains = list(closed({ what: Text, why: Text, said: SaidAs(REMAINS_REASONS.codes) }));

const SubjectGiven = closed({
  identity: names(SUBJECT_IDENTITIES),
  digits: Type.String({
    minLength: 4,
    maxLength: 24,
    description: 'of this identity; an IMEI with or without check digit',
  }),
  reason: Reason,
});

const ErasureOf = closed({
  id: Count,
  at: Time,
  subject: Type.String({ description: 'masked' }),
  author: Author,
  approvedBy: Text,
  reason: Text,
  doneAt: Type.Optional({ ...Time, description: 'missing while it goes on' }),
  erased: Type.Integer({ minimum: 0, description: 'rows, events made nameless, and details of the audit log' }),
});

const erasureView = ({ at, doneAt, ...rest }: ErasureRecord) => ({
  ...rest,
  at: time(at),
  doneAt: optionalTime(doneAt),
});

/** What an erasure leaves. */
const remainsView = () =>
  ERASURE_REMAINS.map(({ what, why: code }) => {
    const said = REMAINS_REASONS.say(code);
    return { what, why: REMAINS_REASONS.words(said), said };
  });

const subjectGiven = (privacy: Privacy, { identity, digits }: Static<typeof SubjectGiven>): Subject =>
  parsed((text) => privacy.subject(identity, text), digits, '/digits');

function* begunWith(first: string, rest: Iterable<string>): Generator<string> {
  yield first;
  yield* rest;
}

/** Personal data. */
export const privacyOperations = [
  operation({
    id: 'getRetention',
    method: 'GET',
    path: '/api/v1/retention',
    tag: 'privacy',
    summary: 'How long what is kept, and what the last run erased. PUT /api/v1/settings/{name} changes it.',
    description: 'What is older goes within the hour, in small steps.',
    permission: 'settings.read',
    answer: closed({
      rules: list(closed({ name: names(NAMES), days: Count, standard: Count, expected: Text, what: Text })),
      lastRun: Type.Optional(closed({ at: Time, erased: Type.Record(Text, Count) })),
    }),
    run({ sources: { privacy } }) {
      const run = privacy.lastRun();
      const rules = NAMES.map((name) => {
        const { standard, expected, what } = RETENTION_RULES[name];
        return { name, days: privacy.days(name), standard: Number(standard), expected, what };
      });
      return { rules, lastRun: run && { at: time(run.at), erased: run.erased } };
    },
  }),
  operation({
    id: 'exportSubject',
    method: 'POST',
    path: '/api/v1/subject-exports',
    tag: 'privacy',
    summary: 'All that is kept about a subscriber or a handset, as one JSON document; recorded with the reason.',
    description:
      'A subscriber is found by IMSI, MSISDN and ICCID together, a handset by its IMEI. Times are milliseconds since 1970, octets hexadecimal, IMEIs 14 digits as a number. No secret of a card is among it. A document that is cut off lacks its last brace.',
    permission: 'privacy.export',
    body: SubjectGiven,
    answer: Type.Record(Text, Type.Unknown(), { description: 'about, at, and for each place an array of its rows' }),
    problems: ['unavailable'],
    async run(call) {
      const { sources, body, author } = call;
      const subject = subjectGiven(sources.privacy, body);
      const name = 'subject.json';
      await answerWithFile(call, {
        ...{ type: 'application/json; charset=utf-8', name },
        pieces() {
          const pieces = sources.privacy.export(subject, author, body.reason);
          // The entry of the log stands before the first octet goes out.
          return begunWith(pieces.next().value ?? '', pieces);
        },
      });
      return {};
    },
  }),
  operation({
    id: 'getErasures',
    method: 'GET',
    path: '/api/v1/erasures',
    tag: 'privacy',
    summary: 'Erasures that two people agreed to, the newest first, and what an erasure leaves.',
    permission: 'privacy.erase',
    query: closed({ limit: Type.Optional(Limit) }),
    answer: closed({ erasures: list(ErasureOf), remains: Remains }),
    run: ({ sources: { privacy }, query }) => ({
      erasures: privacy.erasures(rowsOf(query.limit)).map(erasureView),
      remains: remainsView(),
    }),
  }),
  operation({
    id: 'proposeErasure',
    method: 'POST',
    path: '/api/v1/erasures',
    tag: 'privacy',
    summary: 'Proposes to erase what is kept about a subscriber or a handset. It always waits for a second person.',
    description:
      'Evidence, reports, sightings and details of the audit log go, events keep their numbers and lose their names. The answer says what remains and why.',
    permission: 'privacy.erase',
    body: SubjectGiven,
    answer: closed({ isChanged: Type.Boolean() }),
    others: [{ ...WAITS, answer: closed({ ...WAITS.answer.properties, remains: Remains }) }],
    problems: ['conflict'],
    run(call) {
      const { sources, body } = call;
      const made = proposed(call, { about: 'erasure', ...subjectGiven(sources.privacy, body) }, body.reason);
      return 'waiting' in made ? { ...made, remains: remainsView() } : made;
    },
  }),
] as const;
