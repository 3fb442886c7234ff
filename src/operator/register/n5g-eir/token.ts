import { type JwsAlgorithm, type JwsKey, splitJws, verifyJws } from '#base/crypto/index.ts';
import type { Clock } from '#base/port/index.ts';
import { NF_TYPE, SERVICE_NAME } from './service.ts';

/** What a bearer token is judged by (TS 29.510 6.3.5.2.4, TS 33.501 13.4.1). */
export interface TokenRules {
  /** The NRF's public keys: from a JWK set or PEM, see #base/crypto. */
  readonly keys: readonly JwsKey[];
  /** Our own nfInstanceId; a token's audience is this or the NF type 5G_EIR. */
  readonly nfInstanceId: string;
  readonly clock: Clock;
  /** Default ES256 and RS256. */
  readonly algorithms?: readonly JwsAlgorithm[];
  /** When given, `iss` must be one of these nfInstanceIds of NRFs. */
  readonly issuers?: readonly string[];
  /** Seconds a token is still taken after `exp` or already before `nbf`, for clocks that differ. Default 5. */
  readonly leewaySeconds?: number;
  /** Characters of a token. Default 8192. */
  readonly longestToken?: number;
  /** Verified tokens that are remembered. Default 4096. */
  readonly mostRemembered?: number;
}

/** What a token says about who asks. A refusal's text names no claim's value: it goes to the peer. */
export type TokenVerdict =
  | { readonly kind: 'accepted'; readonly subject: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'invalid'; readonly because: string }
  | { readonly kind: 'insufficient scope' };

/** Judges the value of an `authorization` header. */
export interface TokenVerifier {
  verify(authorization: string | undefined): TokenVerdict;
  /** New keys of the NRF: every token is verified again. */
  replaceKeys(keys: readonly JwsKey[]): void;
}

/** The claims that are judged, each of its type. */
interface Claims {
  readonly issuer: string | undefined;
  readonly subject: string;
  readonly audience: readonly string[];
  readonly scope: readonly string[];
  /** Seconds since 1970. */
  readonly expires: number;
  readonly notBefore: number;
}

const DEFAULTS = { leewaySeconds: 5, longestToken: 8192, mostRemembered: 4096 } as const;
const DEFAULT_ALGORITHMS: readonly JwsAlgorithm[] = ['ES256', 'RS256'];
const LONGEST_SUBJECT = 256;
const MOST_AUDIENCES = 64;
/** The scheme's name is read in any case (RFC 9110 11.1). */
const BEARER = /^bearer +(\S+)$/i;
const MISSING: TokenVerdict = { kind: 'missing' };
const INSUFFICIENT: TokenVerdict = { kind: 'insufficient scope' };

const invalid = (because: string): TokenVerdict => ({ kind: 'invalid', because });
const EXPIRED = invalid('the token has expired; get a new one from the NRF');
const EARLY = invalid('the token is not valid yet; compare the clocks');
const WRONG_AUDIENCE = invalid(`expected a token for ${NF_TYPE} or this NF instance, got one for another audience`);
const WRONG_ISSUER = invalid('expected a token of an NRF of this network, got one of another issuer');
const NO_CLAIMS = invalid('expected the claims sub, aud, exp and scope as TS 29.510 6.3.5.2.4 has them, got others');
const NO_JWS = invalid('expected one bearer token in compact JWS form and within the length limit, got something else');

const isText = (value: unknown): value is string => typeof value === 'string';
const isTime = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

/** AccessTokenClaims; undefined when a claim that is judged is missing or of another type. */
function claimsOf(payload: Uint8Array): Claims | undefined {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload));
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const { iss, sub, aud, scope = '', exp, nbf = 0 } = value as Readonly<Record<string, unknown>>;
  const audience: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  if (!isText(sub) || sub.length === 0 || sub.length > LONGEST_SUBJECT || !isText(scope)) return undefined;
  if (!isTime(exp) || !isTime(nbf) || audience.length > MOST_AUDIENCES || !audience.every(isText)) return undefined;
  if (iss !== undefined && !isText(iss)) return undefined;
  return { issuer: iss, subject: sub, audience, scope: scope.split(' '), expires: exp, notBefore: nbf };
}

/** Why a token of these claims is for somebody else, or undefined. */
function misdirected({ issuer, audience }: Claims, rules: TokenRules): TokenVerdict | undefined {
  if (rules.issuers !== undefined && (issuer === undefined || !rules.issuers.includes(issuer))) return WRONG_ISSUER;
  const own = rules.nfInstanceId.toLowerCase();
  return audience.some((one) => one === NF_TYPE || one.toLowerCase() === own) ? undefined : WRONG_AUDIENCE;
}

/** Tokens whose signature was verified, the oldest forgotten first. */
class Remembered {
  readonly #claims = new Map<string, Claims>();
  readonly #most: number;
  constructor(most: number) {
    this.#most = most;
  }
  get(token: string): Claims | undefined {
    return this.#claims.get(token);
  }
  add(token: string, claims: Claims): void {
    const oldest = this.#claims.size >= this.#most ? this.#claims.keys().next() : undefined;
    if (oldest?.done === false) this.#claims.delete(oldest.value);
    if (this.#most > 0) this.#claims.set(token, claims);
  }
  delete(token: string): void {
    this.#claims.delete(token);
  }
  clear(): void {
    this.#claims.clear();
  }
}

/**
 * A verifier of OAuth 2.0 access tokens of an NRF (RFC 6749, RFC 6750, RFC 7519). Times, issuer and audience are judged before
 * the signature, because that costs a thousand times more; nothing but a verified token is remembered, and its times are judged anew each time.
 */
export function tokenVerifier(rules: TokenRules): TokenVerifier {
  const { leewaySeconds, longestToken, mostRemembered } = { ...DEFAULTS, ...rules };
  const algorithms = rules.algorithms ?? DEFAULT_ALGORITHMS;
  const remembered = new Remembered(mostRemembered);
  let { keys } = rules;

  const untimely = ({ expires, notBefore }: Claims): TokenVerdict | undefined => {
    const seconds = rules.clock.now() / 1000;
    if (seconds >= expires + leewaySeconds) return EXPIRED;
    return seconds < notBefore - leewaySeconds ? EARLY : undefined;
  };

  function judge(token: string): TokenVerdict {
    const jws = splitJws(token, longestToken);
    if (jws === undefined) return NO_JWS;
    const claims = claimsOf(jws.payload);
    if (claims === undefined) return NO_CLAIMS;
    const refusal = untimely(claims) ?? misdirected(claims, rules);
    if (refusal !== undefined) return refusal;
    const verdict = verifyJws(jws, keys, algorithms);
    if (verdict.kind === 'refused') return invalid(`the token's signature was not accepted: ${verdict.because}`);
    if (!claims.scope.includes(SERVICE_NAME)) return INSUFFICIENT;
    remembered.add(token, claims);
    return { kind: 'accepted', subject: claims.subject };
  }

  return {
    verify(authorization) {
      if (authorization === undefined) return MISSING;
      const token = authorization.length > longestToken + 16 ? undefined : BEARER.exec(authorization)?.[1];
      if (token === undefined) return NO_JWS;
      const claims = remembered.get(token);
      if (claims === undefined) return judge(token);
      const refusal = untimely(claims);
      if (refusal === undefined) return { kind: 'accepted', subject: claims.subject };
      remembered.delete(token);
      return refusal;
    },
    replaceKeys(newKeys) {
      keys = newKeys;
      remembered.clear();
    },
  };
}
