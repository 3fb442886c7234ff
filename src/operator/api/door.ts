import type { IncomingMessage } from 'node:http';
import type { TokenRefusal } from '#operator/access/index.ts';
import { DatabaseError } from '#operator/database/index.ts';
import { type Caller, callerMay, callerRole } from './caller.ts';
import { KnownCallers } from './known-callers.ts';
import type { ApiLimits } from './limits.ts';
import type { Operation } from './operation.ts';
import { ProblemError } from './problem.ts';
import { DOOR } from './refusals.ts';
import { isLoopback, type Site } from './site.ts';
import type { ApiSources } from './sources.ts';
import { addressSender, TokenBuckets } from './token-bucket.ts';

/** Who gets in. Each step throws ProblemError; all of them come before the body is read. */
export interface Door {
  /** Before anything else: the right name, and not too many requests from this address. */
  receive(request: IncomingMessage): void;
  /** The caller of an operation, who may do it. */
  admit(request: IncomingMessage, operation: Operation): Caller;
  /** Takes `cost` more from the caller's bucket. */
  spend(caller: Caller, request: IncomingMessage, cost: number): void;
}

/** Whose requests are too many. */
type TooMany = 'tooManyOfAddress' | 'tooManyOfToken' | 'tooManyOfUser';

/** What a request brings to be known by. */
interface Presented {
  readonly kind: 'token' | 'session';
  readonly secret: string;
}

/** The door of an API that listens on `host`. */
export function openDoor(sources: ApiSources, host: string, limits: ApiLimits, site: Site): Door {
  const { clock, access, people } = sources;
  const addresses = new TokenBuckets(limits.address, limits.mostSenders);
  const tokens = new TokenBuckets(limits.token, limits.mostSenders);
  const known = new KnownCallers();

  const take = (buckets: TokenBuckets, sender: string, cost: number, of: TooMany) => {
    const wait = buckets.take(sender, clock.now(), cost);
    if (wait > 0) throw rateLimited(of, wait);
  };
  const takeOfAddress = (request: IncomingMessage, cost: number) =>
    take(addresses, addressSender(site.addressOf(request)), cost, 'tooManyOfAddress');

  const spend: Door['spend'] = (caller, request, cost) => {
    if (caller.kind === 'token') take(tokens, String(caller.token.id), cost, 'tooManyOfToken');
    else if (caller.kind === 'session') take(tokens, `session ${caller.session.user.id}`, cost, 'tooManyOfUser');
    else takeOfAddress(request, cost);
  };

  const presentedCaller = (request: IncomingMessage, { kind, secret }: Presented): Caller => {
    if (kind === 'token') {
      const token = access.authenticate(secret);
      if (typeof token === 'object') return { kind, token };
      takeOfAddress(request, limits.wrongTokenCost);
      throw tokenRefused(token);
    }
    const session = people.sessions.authenticate(secret);
    if (typeof session === 'object') return { kind, session };
    // A browser brings a dead session along by itself: only what nobody ever had looks like a guess.
    if (session === 'unknown') takeOfAddress(request, 1);
    throw sessionEnded();
  };

  const askedCaller = (request: IncomingMessage, operation: Operation, presented: Presented | undefined): Caller => {
    if (presented?.kind === 'token') return presentedCaller(request, presented);
    const name = site.laboratoryPerson(request);
    if (name !== undefined) return { kind: 'laboratory', name };
    // A browser may bring a session of another program on this machine: cookies know no ports.
    const isNobodyYet = () => !access.hasTokens() && !people.users.hasAny();
    // Behind a proxy anyone in the world asks from this machine.
    if (isLoopback(host) && site.isSurelyHere(request) && isNobodyYet()) return { kind: 'loopback' };
    if (presented !== undefined) return presentedCaller(request, presented);
    throw tokenNeeded(operation);
  };

  const callerOf = (request: IncomingMessage, operation: Operation): Caller => {
    const presented = presentedBy(request, site);
    try {
      const caller = askedCaller(request, operation, presented);
      if (operation.needsNoDatabase === true) known.remember(presented?.secret, caller, clock.now());
      return caller;
    } catch (error) {
      if (!(error instanceof DatabaseError)) known.forget(presented?.secret);
      const caller =
        error instanceof DatabaseError &&
        operation.needsNoDatabase === true &&
        known.find(presented?.secret, clock.now());
      if (!caller) throw error;
      return caller;
    }
  };

  /** Whoever can be known, else anyone: nothing makes such an operation fail. */
  const knownOrAnyone = (request: IncomingMessage, operation: Operation): Caller => {
    try {
      return callerOf(request, operation);
    } catch (error) {
      if (!(error instanceof ProblemError) || error.code === 'rate-limited') throw error;
      return { kind: 'anyone' };
    }
  };

  /** A token is sent by a program that means it; a cookie, or nothing on this machine, by any page that the browser shows. */
  const checkOrigin = (caller: Caller, request: IncomingMessage) => {
    if (caller.kind === 'token') return;
    if (request.method !== 'GET' && request.method !== 'HEAD') site.checkOrigin(request, caller.kind === 'session');
    // What is for anyone tells nothing of anybody; the rest costs room in streams and entries in the log.
    else if (caller.kind !== 'anyone') site.checkReader(request);
  };

  return {
    receive(request) {
      if (!site.isForUs(request)) throw wrongHost(host);
      takeOfAddress(request, 1);
    },
    admit(request, operation) {
      if (operation.permission === 'anyone') {
        // What is for anyone needs no look at a token, and no token can make it fail.
        const caller: Caller = operation.knowsCaller === true ? knownOrAnyone(request, operation) : { kind: 'anyone' };
        checkOrigin(caller, request);
        return caller;
      }
      const caller = callerOf(request, operation);
      if (caller.kind === 'token' || caller.kind === 'session') spend(caller, request, 1);
      const role = callerRole(caller);
      if (role === undefined || (caller.kind === 'loopback' && !callerMay(caller, operation.permission)))
        throw tokenNeeded(operation);
      if (!callerMay(caller, operation.permission)) throw notPermitted(role, operation.permission);
      if (operation.needsSession === true && caller.kind !== 'session') throw sessionNeeded(caller, operation);
      checkOrigin(caller, request);
      return caller;
    },
    spend,
  };
}

/** What a request presents: a token when it has one, else the cookie of a session. */
function presentedBy(request: IncomingMessage, site: Site): Presented | undefined {
  const token = presentedToken(request.headers.authorization);
  if (token !== undefined) return { kind: 'token', secret: token };
  const secret = site.cookie(request, 'assay');
  return secret === undefined || secret === '' ? undefined : { kind: 'session', secret };
}

/** The token of `Bearer …` (RFC 6750 2.1). */
function presentedToken(authorization: string | undefined): string | undefined {
  if (authorization === undefined) return undefined;
  const [, scheme = '', credentials = ''] = /^(\S+) +(\S+) *$/.exec(authorization) ?? [];
  if (scheme.toLowerCase() === 'bearer') return credentials;
  throw new ProblemError('token-refused', {
    ...DOOR.say('wrongScheme'),
    headers: challenge('invalid_request'),
  });
}

/** WWW-Authenticate (RFC 6750 3). */
const challenge = (error?: string) => ({
  'WWW-Authenticate': `Bearer realm="assay"${error === undefined ? '' : `, error="${error}"`}`,
});

const tokenNeeded = (operation: Operation) =>
  new ProblemError('token-needed', {
    ...DOOR.say('somebodyNeeded', { permission: operation.permission }),
    headers: challenge(),
  });

const sessionNeeded = (caller: Caller, operation: Operation) =>
  caller.kind === 'token' || caller.kind === 'laboratory'
    ? new ProblemError('not-permitted', DOOR.say(caller.kind === 'token' ? 'sessionNotToken' : 'sessionNotLaboratory'))
    : tokenNeeded(operation);

const sessionEnded = () => new ProblemError('session-ended', DOOR.say('sessionEnded'));

const REFUSALS = {
  unknown: 'tokenUnknown',
  expired: 'tokenExpired',
  revoked: 'tokenRevoked',
} as const satisfies Readonly<Record<TokenRefusal, string>>;

const tokenRefused = (refusal: TokenRefusal) =>
  new ProblemError('token-refused', { ...DOOR.say(REFUSALS[refusal]), headers: challenge('invalid_token') });

const notPermitted = (role: string, permission: string) =>
  new ProblemError('not-permitted', DOOR.say('permissionNeeded', { permission, role }));

const wrongHost = (host: string) => new ProblemError('wrong-host', DOOR.say('wrongHost', { host }));

const rateLimited = (of: TooMany, seconds: number) =>
  new ProblemError('rate-limited', { ...DOOR.say(of, { seconds }), retryAfter: seconds });
