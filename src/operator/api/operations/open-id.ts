import Type from 'typebox';
import { AccessError, type PendingSignIn } from '#operator/access/index.ts';
import { type Call, type Operation, operation } from '../operation.ts';
import { ProblemError } from '../problem.ts';
import { DOOR } from '../refusals.ts';
import { Text } from '../schema.ts';
import type { Site } from '../site.ts';

const CALLBACK = '/api/v1/open-id/callback';

/** What brings the browser on; the header Location does it. */
const GOES_ON = Type.String({ description: 'The header Location says where.' });

/** Why nobody was signed in; the page says it in words. */
type Refusal = 'noRole' | 'nameTaken' | 'disabled' | 'refused' | 'unreachable';
const refusedAt = (why: Refusal) => `/?signIn=${why}`;

/** A sign-in under way, and the session that the browser had when it began: when it comes back from another site it brings no session along. */
interface Pending extends PendingSignIn {
  readonly earlier: string | undefined;
}

const pendingText = ({ state, nonce, verifier, earlier = '' }: Pending) => [state, nonce, verifier, earlier].join('.');

function pendingOf(cookie: string | undefined): Pending | undefined {
  const [state, nonce, verifier, earlier] = (cookie ?? '').split('.');
  return state && nonce && verifier ? { state, nonce, verifier, earlier } : undefined;
}

function providerOf({ sources }: Pick<Call, 'sources'>) {
  const { openId } = sources.people;
  if (openId !== undefined) return openId;
  throw new ProblemError('no-such-resource', DOOR.say('providerNeeded'));
}

/** Whoever the provider knows is signed in here; where the browser goes then. */
async function enter(call: Call<undefined, object>, site: Site, pending: Pending): Promise<string> {
  const { sources, request, visitor, setCookie } = call;
  const { users, sessions } = sources.people;
  const made = await providerOf(call).finish(new URL(request.url ?? '', site.originOf(request)), pending);
  if (made.outcome === 'refused') sources.onFailure(new Error(`OpenID: ${made.because}`));
  if (made.outcome !== 'known') return refusedAt(made.outcome);
  try {
    const user = users.provided(made.user);
    if (!user.isEnabled) return refusedAt('disabled');
    const order = { user, method: 'openId', providerToken: made.idToken, ...visitor } as const;
    const { secret } = sessions.begin({ ...order, earlier: pending.earlier || visitor.earlier });
    setCookie('assay', secret);
    return '/';
  } catch (error) {
    if (!(error instanceof AccessError)) throw error;
    return refusedAt('nameTaken');
  }
}

/** Sign-on with an OpenID provider. The browser goes through these by itself. */
export const openIdOperations = (site: Site): readonly Operation[] => [
  operation({
    id: 'beginOpenId',
    method: 'GET',
    path: '/api/v1/open-id',
    tag: 'session',
    summary: 'Sends a browser to the OpenID provider.',
    permission: 'anyone',
    status: 303,
    answer: GOES_ON,
    mediaType: 'text/plain',
    problems: ['no-such-resource', 'not-permitted'],
    async run(call) {
      const { request, sources, redirect, setCookie, visitor } = call;
      site.checkSignIn(request);
      try {
        const { address, pending } = await providerOf(call).begin(`${site.originOf(request)}${CALLBACK}`);
        setCookie('assay-openid', pendingText({ ...pending, earlier: visitor.earlier }));
        redirect(address);
      } catch (error) {
        if (error instanceof ProblemError) throw error;
        sources.onFailure(error);
        redirect(refusedAt('unreachable'));
      }
      return '';
    },
  }),
  operation({
    id: 'finishOpenId',
    method: 'GET',
    path: CALLBACK,
    tag: 'session',
    summary: 'Where the OpenID provider sends the browser back: signs in whoever it knows and who has a role here.',
    permission: 'anyone',
    query: Type.Object({ code: Type.Optional(Text), state: Type.Optional(Text) }, { additionalProperties: true }),
    status: 303,
    answer: GOES_ON,
    mediaType: 'text/plain',
    problems: ['no-such-resource', 'not-permitted'],
    async run(call) {
      const { request, redirect, setCookie } = call;
      site.checkSignIn(request);
      const pending = pendingOf(site.cookie(request, 'assay-openid'));
      setCookie('assay-openid', undefined);
      redirect(pending === undefined ? refusedAt('refused') : await enter(call, site, pending));
      return '';
    },
  }),
];
