import type { IncomingMessage } from 'node:http';
import type { TokenRefusal } from '#operator/access/index.ts';
import { DatabaseError } from '#operator/database/index.ts';
import { type Caller, callerMay } from './caller.ts';
import { KnownCallers } from './known-callers.ts';
import type { ApiLimits } from './limits.ts';
import type { Operation } from './operation.ts';
import { ProblemError } from './problem.ts';
import type { ApiSources } from './sources.ts';
import { addressSender, TokenBuckets } from './token-bucket.ts';

const LOOPBACK_NAMES = ['127.0.0.1', 'localhost', '[::1]'];

/** True for hosts that only this machine reaches. */
export const isLoopback = (host: string): boolean => ['127.0.0.1', '::1', 'localhost'].includes(host);

/** Who gets in. Each step throws ProblemError; all of them come before the body is read. */
export interface Door {
  /** Before anything else: the right name, and not too many requests from this address. */
  receive(request: IncomingMessage): void;
  /** The caller of an operation, who may do it. */
  admit(request: IncomingMessage, operation: Operation): Caller;
  /** Takes `cost` more from the caller's bucket. */
  spend(caller: Caller, request: IncomingMessage, cost: number): void;
}

/** The door of an API that listens on `host`. */
export function openDoor(sources: ApiSources, host: string, limits: ApiLimits): Door {
  const { clock, access } = sources;
  const addresses = new TokenBuckets(limits.address, limits.mostSenders);
  const tokens = new TokenBuckets(limits.token, limits.mostSenders);
  const known = new KnownCallers();

  const take = (buckets: TokenBuckets, sender: string, cost: number, of: string) => {
    const wait = buckets.take(sender, clock.now(), cost);
    if (wait > 0) throw rateLimited(of, wait);
  };
  const takeOfAddress = (request: IncomingMessage, cost: number) =>
    take(addresses, addressSender(request.socket.remoteAddress), cost, 'this address');

  const spend: Door['spend'] = (caller, request, cost) => {
    if (caller.kind === 'token') take(tokens, String(caller.token.id), cost, 'this token');
    else takeOfAddress(request, cost);
  };

  const askedCaller = (request: IncomingMessage, operation: Operation, presented: string | undefined): Caller => {
    if (presented !== undefined) {
      const token = access.authenticate(presented);
      if (typeof token === 'object') return { kind: 'token', token };
      takeOfAddress(request, limits.wrongTokenCost);
      throw tokenRefused(token, operation);
    }
    if (isLoopback(host) && !access.hasTokens()) return { kind: 'loopback' };
    throw tokenNeeded(operation);
  };

  const callerOf = (request: IncomingMessage, operation: Operation): Caller => {
    const presented = presentedToken(request.headers.authorization, operation);
    try {
      const caller = askedCaller(request, operation, presented);
      if (operation.needsNoDatabase === true) known.remember(presented, caller, clock.now());
      return caller;
    } catch (error) {
      if (!(error instanceof DatabaseError)) known.forget(presented);
      const caller =
        error instanceof DatabaseError && operation.needsNoDatabase === true && known.find(presented, clock.now());
      if (!caller) throw error;
      return caller;
    }
  };

  return {
    receive(request) {
      if (!isForUs(request.headers.host, host)) throw wrongHost(host);
      takeOfAddress(request, 1);
    },
    admit(request, operation) {
      // What is for anyone needs no look at a token, and no token can make it fail.
      if (operation.permission === 'anyone') return { kind: 'anyone' };
      const caller = callerOf(request, operation);
      if (caller.kind === 'token') spend(caller, request, 1);
      if (callerMay(caller, operation.permission)) return caller;
      if (caller.kind !== 'token') throw tokenNeeded(operation);
      throw notPermitted(caller.token.role, operation.permission);
    },
    spend,
  };
}

/** A page elsewhere that has its name point to this machine must not read subscribers' data here (DNS rebinding). */
function isForUs(hostHeader: string | undefined, host: string): boolean {
  return !isLoopback(host) || LOOPBACK_NAMES.includes((hostHeader ?? '').replace(/:\d+$/, ''));
}

/** The token of `Bearer …` (RFC 6750 2.1), or on a page the password of `Basic …` (RFC 7617), as a browser asks for it. */
function presentedToken(authorization: string | undefined, operation: Operation): string | undefined {
  if (authorization === undefined) return undefined;
  const [, scheme = '', credentials = ''] = /^(\S+) +(\S+) *$/.exec(authorization) ?? [];
  if (scheme.toLowerCase() === 'bearer') return credentials;
  if (scheme.toLowerCase() === 'basic' && operation.isPage === true) {
    const pair = Buffer.from(credentials, 'base64').toString('utf8');
    return pair.slice(pair.indexOf(':') + 1);
  }
  throw new ProblemError('token-refused', {
    expected: 'Authorization: Bearer, then a token',
    got: 'another scheme',
    advice: 'send the token as it was shown when it was made',
    headers: challenge(operation, 'invalid_request'),
  });
}

/** WWW-Authenticate (RFC 6750 3). */
const challenge = (operation: Operation, error?: string) => ({
  'WWW-Authenticate':
    operation.isPage === true
      ? 'Basic realm="assay: any name, the token as password", charset="UTF-8"'
      : `Bearer realm="assay"${error === undefined ? '' : `, error="${error}"`}`,
});

const tokenNeeded = (operation: Operation) =>
  new ProblemError('token-needed', {
    expected: `a token whose role has ${operation.permission}`,
    got: 'none',
    advice:
      'send Authorization: Bearer and the token; an administrator makes tokens, the first one on the machine itself',
    headers: challenge(operation),
  });

const REFUSALS: Readonly<Record<TokenRefusal, string>> = {
  unknown: 'one that nobody has made here',
  expired: 'one that has expired',
  revoked: 'one that was revoked',
};

const tokenRefused = (refusal: TokenRefusal, operation: Operation) =>
  new ProblemError('token-refused', {
    expected: 'a living token',
    got: REFUSALS[refusal],
    advice: 'let an administrator make another',
    headers: challenge(operation, 'invalid_token'),
  });

const notPermitted = (role: string, permission: string) =>
  new ProblemError('not-permitted', {
    expected: `a role that has ${permission}`,
    got: role,
    advice: 'use another token, or ask somebody who may; /api/v1/caller says what yours may',
  });

const wrongHost = (host: string) =>
  new ProblemError('wrong-host', {
    expected: `a request for ${host} or localhost`,
    got: 'another name in Host',
    advice: 'ask for it by its own name',
  });

const rateLimited = (of: string, seconds: number) =>
  new ProblemError('rate-limited', {
    expected: `fewer requests of ${of}`,
    got: 'more than are let through',
    advice: `wait ${seconds} s; many checks fit into one request to /api/v1/checks`,
    retryAfter: seconds,
  });
