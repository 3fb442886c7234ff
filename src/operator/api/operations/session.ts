import Type from 'typebox';
import {
  LABORATORY_NAMES,
  LONGEST_PASSWORD_OCTETS,
  type Session,
  SHORTEST_PASSWORD,
  SIGN_IN_METHODS,
} from '#operator/access/index.ts';
import type { Caller } from '../caller.ts';
import { CallerOf, callerView } from '../caller-answer.ts';
import { type Call, type Operation, operation } from '../operation.ts';
import { ProblemError } from '../problem.ts';
import { DOOR } from '../refusals.ts';
import { Count, closed, list, names, Text, Time } from '../schema.ts';
import type { Site } from '../site.ts';
import type { ApiSources } from '../sources.ts';
import { time } from '../view.ts';

const LONGEST_NAME = 80;
const Name = Type.String({ minLength: 1, maxLength: LONGEST_NAME });
/** A password that somebody presents or chooses: no longer than anybody's. */
export const Password = Type.String({
  maxLength: LONGEST_PASSWORD_OCTETS,
  description: `at least ${SHORTEST_PASSWORD} characters, at most ${LONGEST_PASSWORD_OCTETS} octets in UTF-8, and not the name`,
});

const SessionAnswer = closed({
  caller: Type.Optional({ ...CallerOf, description: 'missing: nobody knows you, sign in' }),
  ways: closed(
    {
      password: Type.Boolean({ description: 'there are users' }),
      openId: Type.Optional(Type.String({ description: 'what the way by /api/v1/open-id is called' })),
      firstAdministrator: Type.Boolean({
        description: 'nobody is there yet, and a link was printed where the operator runs',
      }),
      laboratory: list(names(LABORATORY_NAMES)),
    },
    'how one can sign in here',
  ),
  hasLaboratory: Type.Boolean({ description: 'a laboratory runs in this process, and /api/v1/laboratory answers' }),
  password: closed({ shortest: Count, longestOctets: Count }, 'what a password has to be'),
});

const SessionOf = closed({
  id: Count,
  method: names(SIGN_IN_METHODS),
  address: Text,
  agent: Type.String({ description: 'what the browser says of itself' }),
  createdAt: Time,
  usedAt: Time,
  endsAt: { ...Time, description: 'if nobody uses it until then' },
  endsAtLatest: Time,
  isThis: Type.Boolean({ description: 'the one you ask with' }),
});

const sessionView = ({ user: _, createdAt, usedAt, endsAt, endsAtLatest, ...rest }: Session, own: Session) => ({
  ...rest,
  ...{ createdAt: time(createdAt), usedAt: time(usedAt), endsAt: time(endsAt), endsAtLatest: time(endsAtLatest) },
  isThis: rest.id === own.id,
});

function sessionAnswer({ people }: ApiSources, site: Site, caller: Caller) {
  return {
    caller: caller.kind === 'anyone' ? undefined : callerView(caller),
    ways: {
      password: people.users.hasAny(),
      openId: people.openId?.label,
      firstAdministrator: people.firstLink.isOpen(),
      laboratory: site.isLaboratory ? [...LABORATORY_NAMES] : [],
    },
    hasLaboratory: site.hasLaboratory,
    password: { shortest: SHORTEST_PASSWORD, longestOctets: LONGEST_PASSWORD_OCTETS },
  };
}

/** The session that a request was made with. */
function ownSession({ caller }: Pick<Call, 'caller'>): Session {
  // The door (door.ts) lets nobody else come so far.
  if (caller.kind !== 'session') throw new Error(`expected a session, got ${caller.kind}`);
  return caller.session;
}

const pause = (seconds: number) =>
  new ProblemError('rate-limited', { ...DOOR.say('tooManyAttempts', { seconds }), retryAfter: seconds });

const refused = (at: string) => new ProblemError('sign-in-refused', { ...DOOR.say('wrongPassword'), at });

const signingIn = (site: Site): readonly Operation[] => [
  operation({
    id: 'getSession',
    method: 'GET',
    path: '/api/v1/session',
    tag: 'session',
    summary: 'Who you are here, and how one can sign in.',
    permission: 'anyone',
    knowsCaller: true,
    answer: SessionAnswer,
    run: ({ sources, caller }) => sessionAnswer(sources, site, caller),
  }),
  operation({
    id: 'signIn',
    method: 'POST',
    path: '/api/v1/session',
    tag: 'session',
    summary: 'Signs in by name and password: sets the cookie of a session.',
    description:
      'Over https, or from a browser on this machine. Attempts without success make the next one of this name and address wait, longer each time, 15 minutes at most; a browser in which this person has signed in before is counted apart. A session that the browser brings ends.',
    permission: 'anyone',
    body: closed({ name: Name, password: Password }),
    answer: SessionAnswer,
    problems: ['sign-in-refused', 'foreign-origin', 'not-permitted'],
    async run({ sources, body, request, visitor, setCookie }) {
      site.checkSignIn(request);
      const made = await sources.people.signIn(body, visitor);
      if (made.outcome === 'pause') throw pause(made.seconds);
      if (made.outcome === 'refused') throw refused('/password');
      setCookie('assay', made.secret);
      setCookie('assay-browser', made.marks);
      return sessionAnswer(sources, site, { kind: 'session', session: made.session });
    },
  }),
  operation({
    id: 'createFirstAdministrator',
    method: 'POST',
    path: '/api/v1/first-administrator',
    tag: 'session',
    summary: 'Makes the first administrator with the link that the operator printed when it started, and signs in.',
    description:
      'The link works once, for a day, and until the next start; only while there is neither user nor token.',
    permission: 'anyone',
    body: closed({
      secret: Type.String({ maxLength: 100, description: 'what stands behind # in the link' }),
      name: Name,
      password: Password,
    }),
    status: 201,
    answer: SessionAnswer,
    problems: ['no-such-resource', 'conflict', 'foreign-origin', 'not-permitted'],
    async run({ sources, body, request, visitor, setCookie }) {
      site.checkSignIn(request);
      const { users, sessions, firstLink } = sources.people;
      const user = await firstLink.use(body.secret, body);
      const { secret, session } = sessions.begin({
        user: users.find(user.id) ?? user,
        method: 'firstLink',
        ...visitor,
      });
      setCookie('assay', secret);
      return sessionAnswer(sources, site, { kind: 'session', session });
    },
  }),
  operation({
    id: 'signOut',
    method: 'POST',
    path: '/api/v1/session/end',
    tag: 'session',
    summary: 'Signs out: ends the session of the cookie, and its event streams.',
    permission: 'anyone',
    knowsCaller: true,
    answer: closed({
      ended: Type.Boolean({ description: 'false: there was no living session' }),
      continueAt: Type.Optional(Type.String({ description: 'where one signs out of the OpenID provider too' })),
    }),
    problems: ['foreign-origin'],
    async run({ sources, caller, request, setCookie }) {
      setCookie('assay', undefined);
      if (caller.kind !== 'session') return { ended: false };
      const { sessions, openId } = sources.people;
      const { providerToken } = sessions.end(caller.session.id, caller.session.user.id);
      if (providerToken === undefined) return { ended: true };
      // The session has ended here, whether the provider can be asked or not.
      const away = openId?.logout(providerToken, `${site.originOf(request)}/`);
      return { ended: true, continueAt: await away?.catch((error: unknown) => void sources.onFailure(error)) };
    },
  }),
];

const ownOperations: readonly Operation[] = [
  operation({
    id: 'changeOwnPassword',
    method: 'POST',
    path: '/api/v1/session/password',
    tag: 'session',
    summary: 'Changes your password. All your sessions end, and a new one begins here: it sets the cookie.',
    permission: 'status.read',
    needsSession: true,
    body: closed({ current: Password, next: Password }),
    answer: closed({ changed: Type.Boolean() }),
    problems: ['sign-in-refused', 'conflict'],
    async run(call) {
      const { sources, body, visitor, setCookie } = call;
      const made = await sources.people.changePassword(ownSession(call), body, visitor);
      if (made.outcome === 'pause') throw pause(made.seconds);
      if (made.outcome === 'refused') throw refused('/current');
      setCookie('assay', made.secret);
      setCookie('assay-browser', made.marks);
      return { changed: true };
    },
  }),
  operation({
    id: 'getOwnSessions',
    method: 'GET',
    path: '/api/v1/sessions',
    tag: 'session',
    summary: 'Your living sessions: where you are signed in.',
    permission: 'status.read',
    needsSession: true,
    answer: closed({ sessions: list(SessionOf) }),
    run(call) {
      const own = ownSession(call);
      const living = call.sources.people.sessions.of(own.user.id);
      return { sessions: living.map((session) => sessionView(session, own)) };
    },
  }),
  operation({
    id: 'endOwnSession',
    method: 'POST',
    path: '/api/v1/sessions/:id/end',
    tag: 'session',
    summary: 'Ends one of your sessions.',
    permission: 'status.read',
    needsSession: true,
    params: closed({ id: Type.Integer({ minimum: 1 }) }),
    answer: closed({ ended: Count }),
    problems: ['no-such-resource'],
    run(call) {
      call.sources.people.sessions.end(call.params.id, ownSession(call).user.id);
      return { ended: 1 };
    },
  }),
  operation({
    id: 'endOtherSessions',
    method: 'POST',
    path: '/api/v1/sessions/end',
    tag: 'session',
    summary: 'Ends all your sessions but the one you ask with.',
    permission: 'status.read',
    needsSession: true,
    answer: closed({ ended: Count }),
    run(call) {
      const { id, user } = ownSession(call);
      return { ended: call.sources.people.sessions.endAll(user.id, id) };
    },
  }),
];

const laboratoryOperations = (site: Site): readonly Operation[] => [
  operation({
    id: 'choosePerson',
    method: 'POST',
    path: '/api/v1/session/person',
    tag: 'session',
    summary:
      'In a laboratory: as which of its two people this browser acts, so that one can approve what the other proposed.',
    permission: 'status.read',
    body: closed({ name: names(LABORATORY_NAMES) }),
    answer: SessionAnswer,
    problems: ['conflict'],
    run({ sources, body, caller, setCookie }) {
      if (caller.kind !== 'laboratory') throw new ProblemError('conflict', DOOR.say('laboratoryNeeded'));
      setCookie('assay-person', body.name === LABORATORY_NAMES[1] ? '2' : '1');
      return sessionAnswer(sources, site, { kind: 'laboratory', name: body.name });
    },
  }),
];

/** Who you are here. */
export const sessionOperations = (site: Site): readonly Operation[] => [
  ...signingIn(site),
  ...ownOperations,
  ...laboratoryOperations(site),
];
