import Type from 'typebox';
import { type ApiToken, ROLES, TOKEN_PATTERN } from '#operator/access/index.ts';
import { CallerOf, callerView } from '../caller-answer.ts';
import { momentOf } from '../given.ts';
import { operation } from '../operation.ts';
import { proposed, WAITS } from '../proposal.ts';
import { Count, closed, GivenTime, Limit, list, names, Reason, rowsOf, Text, Time } from '../schema.ts';
import { time } from '../view.ts';

const Token = closed({
  id: Count,
  name: Text,
  role: names(ROLES),
  reason: Text,
  createdBy: Text,
  createdAt: Time,
  expiresAt: Time,
  lastUsedAt: Type.Optional(Time),
  revokedAt: Type.Optional(Time),
  revokedBy: Type.Optional(Text),
});

const tokenView = ({ createdAt, expiresAt, lastUsedAt, revokedAt, ...rest }: ApiToken) => ({
  ...rest,
  createdAt: time(createdAt),
  expiresAt: time(expiresAt),
  lastUsedAt: lastUsedAt === undefined ? undefined : time(lastUsedAt),
  revokedAt: revokedAt === undefined ? undefined : time(revokedAt),
});

/** Tokens. */
export const tokenOperations = [
  operation({
    id: 'getCaller',
    method: 'GET',
    path: '/api/v1/caller',
    tag: 'access',
    summary: 'Who you are here, and what you may do.',
    permission: 'status.read',
    answer: CallerOf,
    run: ({ caller }) => callerView(caller),
  }),
  operation({
    id: 'getTokens',
    method: 'GET',
    path: '/api/v1/tokens',
    tag: 'access',
    summary: 'All tokens in the order of their making, also dead ones; never the token itself.',
    permission: 'tokens.read',
    query: closed({ after: Type.Optional(Count), limit: Type.Optional(Limit) }),
    answer: closed({ tokens: list(Token), next: Type.Optional(Count) }),
    run({ sources: { access }, query }) {
      const found = access.page(query.after ?? 0, rowsOf(query.limit));
      return { tokens: found.map(tokenView), next: found.at(-1)?.id };
    },
  }),
  operation({
    id: 'createToken',
    method: 'POST',
    path: '/api/v1/tokens',
    tag: 'access',
    summary: 'Makes a token. It is shown in this answer and never again.',
    description:
      'Where the setting `approval.users` is `always` and somebody else could decide, one that may decide about what others propose waits for a second person.',
    permission: 'tokens.change',
    body: closed({
      name: Type.String({ minLength: 1, maxLength: 80, description: 'Signs what is done with it.' }),
      role: names(ROLES),
      reason: Reason,
      expiresAt: Type.Optional({ ...GivenTime, description: 'Default in 90 days, at most in 366.' }),
    }),
    status: 201,
    answer: closed({ token: Type.String({ pattern: TOKEN_PATTERN }), record: Token }),
    others: [
      {
        ...WAITS,
        answer: closed({
          ...WAITS.answer.properties,
          token: Type.String({ pattern: TOKEN_PATTERN, description: 'It opens nothing until it is approved.' }),
        }),
      },
    ],
    problems: ['conflict'],
    run(call) {
      const { access } = call.sources;
      const { expiresAt, reason, ...order } = call.body;
      const ends = expiresAt === undefined ? access.standardEnd() : momentOf(expiresAt, '/expiresAt');
      const { token, kept } = access.draw();
      const change = { about: 'token', change: 'add', ...order, expiresAt: ends, kept } as const;
      const made = proposed(call, change, reason);
      if ('waiting' in made) return { ...made, token };
      const record = access.authenticate(token);
      if (typeof record !== 'object') throw new Error('expected the token that was just made, got none');
      return { token, record: tokenView(record) };
    },
  }),
  operation({
    id: 'revokeToken',
    method: 'POST',
    path: '/api/v1/tokens/:id/revocation',
    tag: 'access',
    summary: 'Ends a token at once; event streams opened with it end too.',
    permission: 'tokens.change',
    params: closed({ id: Type.Integer({ minimum: 1 }) }),
    body: closed({ reason: Reason }),
    answer: closed({ record: Token }),
    problems: ['conflict', 'no-such-resource'],
    run: ({ sources: { access }, params, body, author }) => ({
      record: tokenView(access.revoke({ id: params.id, author, reason: body.reason })),
    }),
  }),
] as const;
