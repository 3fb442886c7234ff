import Type from 'typebox';
import { PERMISSIONS, permissionsOf, ROLES, USER_ROLES, type User, type Users } from '#operator/access/index.ts';
import { newUserProposal, userChangeProposal } from '#operator/register/index.ts';
import { operation } from '../operation.ts';
import { ProblemError } from '../problem.ts';
import { proposed, WAITS } from '../proposal.ts';
import { VALUE } from '../refusals.ts';
import { Count, closed, Limit, list, names, Reason, rowsOf, Text, Time } from '../schema.ts';
import { checkStillLetIn } from '../still-let-in.ts';
import { optionalTime, time } from '../view.ts';
import { Password } from './session.ts';

const UserOf = closed({
  id: Count,
  name: Text,
  role: names(USER_ROLES),
  isEnabled: Type.Boolean(),
  hasPassword: Type.Boolean({ description: 'false: signs in by the OpenID provider only' }),
  issuer: Type.Optional(Type.String({ description: 'of the OpenID provider that knows this person' })),
  createdBy: Text,
  createdAt: Time,
  signedInAt: Type.Optional(Time),
});

const userView = ({ createdAt, signedInAt, ...rest }: User) => ({
  ...rest,
  createdAt: time(createdAt),
  signedInAt: optionalTime(signedInAt),
});

/** When these wait. */
const SECOND_PERSON =
  'Where the setting `approval.users` is `always` and somebody else could decide, what gives somebody more than before, and what takes one away who may decide, waits for a second person.';

function named(users: Users, name: string): User {
  const user = users.named(name);
  if (user === undefined) throw new Error('expected the user who was just made, got none');
  return user;
}

const Id = closed({ id: Type.Integer({ minimum: 1 }) });

/** Users and roles. */
export const userOperations = [
  operation({
    id: 'getRoles',
    method: 'GET',
    path: '/api/v1/roles',
    tag: 'access',
    summary: 'What each role may do.',
    permission: 'status.read',
    answer: closed({
      roles: list(closed({ role: names(ROLES), permissions: list(names(PERMISSIONS)) })),
      permissions: list(names(PERMISSIONS)),
    }),
    run: () => ({
      roles: ROLES.map((role) => ({ role, permissions: permissionsOf(role) })),
      permissions: PERMISSIONS,
    }),
  }),
  operation({
    id: 'getUsers',
    method: 'GET',
    path: '/api/v1/users',
    tag: 'access',
    summary: 'All users in the order of their making.',
    permission: 'users.read',
    query: closed({ after: Type.Optional(Count), limit: Type.Optional(Limit) }),
    answer: closed({ users: list(UserOf), next: Type.Optional(Count) }),
    run({ sources: { people }, query }) {
      const found = people.users.page(query.after ?? 0, rowsOf(query.limit));
      return { users: found.map(userView), next: found.at(-1)?.id };
    },
  }),
  operation({
    id: 'createUser',
    method: 'POST',
    path: '/api/v1/users',
    tag: 'access',
    summary: 'Makes a user who signs in with a password.',
    description: SECOND_PERSON,
    permission: 'users.change',
    body: closed({
      name: Type.String({ minLength: 1, maxLength: 80, description: 'Signs what this person does.' }),
      role: names(USER_ROLES),
      password: Password,
      reason: Reason,
    }),
    status: 201,
    answer: closed({ user: UserOf }),
    others: [WAITS],
    problems: ['conflict'],
    async run(call) {
      const { sources, caller, body } = call;
      const { users } = sources.people;
      const change = await newUserProposal(users, { ...body, author: call.author });
      // Keeping a password takes a while.
      const made = proposed(call, change, body.reason, () => checkStillLetIn(sources, caller));
      return 'waiting' in made ? made : { user: userView(named(users, body.name)) };
    },
  }),
  operation({
    id: 'changeUser',
    method: 'POST',
    path: '/api/v1/users/:id/change',
    tag: 'access',
    summary: 'Gives a user another role or password, or lets him in no more. All sessions of that user end.',
    description: `The last administrator who can sign in stays one. Tokens are apart: they have an end of their own. ${SECOND_PERSON}`,
    permission: 'users.change',
    params: Id,
    body: closed({
      role: Type.Optional(names(USER_ROLES)),
      isEnabled: Type.Optional(Type.Boolean()),
      password: Type.Optional(Password),
      reason: Reason,
    }),
    answer: closed({ user: UserOf }),
    others: [WAITS],
    problems: ['conflict', 'no-such-resource'],
    async run(call) {
      const { sources, caller, params, body } = call;
      const { role, isEnabled, password, reason } = body;
      if (role === undefined && isEnabled === undefined && password === undefined)
        throw new ProblemError('invalid-value', VALUE.say('nothingToChangeOfUser'));
      const { users } = sources.people;
      const change = await userChangeProposal(users, params.id, body);
      // Keeping a password takes a while.
      const made = proposed(call, change, reason, () => checkStillLetIn(sources, caller));
      return 'waiting' in made ? made : { user: userView(users.existing(params.id)) };
    },
  }),
  operation({
    id: 'endUserSessions',
    method: 'POST',
    path: '/api/v1/users/:id/sessions/end',
    tag: 'access',
    summary: 'Ends all sessions of a user.',
    permission: 'users.change',
    params: Id,
    body: closed({ reason: Reason }),
    answer: closed({ ended: Count }),
    problems: ['no-such-resource'],
    run: ({ sources: { people }, params, body, author }) => ({
      ended: people.users.endSessions(params.id, { author, reason: body.reason }),
    }),
  }),
] as const;
