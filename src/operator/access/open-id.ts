import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  buildEndSessionUrl,
  type Configuration,
  discovery,
  fetchUserInfo,
} from 'openid-client';
import { digest } from '#base/crypto/index.ts';
import type { Random } from '#base/port/index.ts';
import { USER_ROLES, type UserRole } from './user.ts';
import type { ProvidedUser } from './users.ts';

/** The OpenID provider that knows the people, and how its words are understood. */
export interface OpenIdSettings {
  /** Its issuer identifier: https, or http on this machine. */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** The claim that says what somebody may do: a text, or a list of texts. */
  readonly roleClaim: string;
  /** Which role a value of that claim means. Of several the one that may most counts. */
  readonly roles: Readonly<Record<string, UserRole>>;
  /** The claim that names a person here. */
  readonly nameClaim: string;
  /** What the button says. */
  readonly label: string;
}

/** A sign-in that is under way at the provider; the browser keeps it until it comes back. */
export interface PendingSignIn {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** What came back from the provider. `refused`: it said no, or what it said does not hold; `noRole`: nothing it says about this person is a role here. */
export type OpenIdOutcome =
  | { readonly outcome: 'known'; readonly user: ProvidedUser; readonly idToken: string }
  | { readonly outcome: 'noRole' }
  | { readonly outcome: 'refused'; readonly because: string };

/** Sign-on with an OpenID provider: authorization code, PKCE, state and nonce (OpenID Connect Core 3.1, RFC 7636). */
export interface OpenId {
  readonly label: string;
  /** Where to send the browser. Rejects when the provider does not answer. */
  begin(redirectUri: string): Promise<{ readonly address: string; readonly pending: PendingSignIn }>;
  /** Judges what the provider sent the browser back with. */
  finish(address: URL, pending: PendingSignIn): Promise<OpenIdOutcome>;
  /** Where somebody signs out of the provider too (RP-Initiated Logout 1.0); undefined when it offers nothing. */
  logout(idToken: string, returnTo: string): Promise<string | undefined>;
}

const CHANCE_OCTETS = 32;
const base64url = (octets: Uint8Array) => Buffer.from(octets).toString('base64url');

/** The role that the claims of somebody mean here. */
export function roleOf(
  claims: Readonly<Record<string, unknown>>,
  { roleClaim, roles }: OpenIdSettings,
): UserRole | undefined {
  const claim = claims[roleClaim];
  const said = (Array.isArray(claim) ? claim : [claim]).filter((value) => typeof value === 'string');
  const meant = said.flatMap((value) => (Object.hasOwn(roles, value) ? [roles[value]] : []));
  return USER_ROLES.findLast((role) => meant.includes(role));
}

/** The provider of these settings. It is asked about itself at the first sign-in, and again when that failed. */
export function openOpenId(settings: OpenIdSettings, { random }: { readonly random: Random }): OpenId {
  const { issuer, clientId, clientSecret, nameClaim, label } = settings;
  let known: Promise<Configuration> | undefined;
  const provider = () => {
    known ??= discovery(
      new URL(issuer),
      clientId,
      clientSecret,
      undefined,
      isHere(issuer) ? { execute: [allowInsecureRequests] } : {},
    ).catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    return known;
  };
  const chance = () => base64url(random.octets(CHANCE_OCTETS));
  return {
    label,
    async begin(redirectUri) {
      const pending = { state: chance(), nonce: chance(), verifier: chance() };
      const challenge = base64url(digest('sha256', new TextEncoder().encode(pending.verifier)));
      const address = buildAuthorizationUrl(await provider(), {
        ...{ redirect_uri: redirectUri, scope: 'openid profile', response_type: 'code' },
        ...{ state: pending.state, nonce: pending.nonce },
        ...{ code_challenge: challenge, code_challenge_method: 'S256' },
      });
      return { address: address.href, pending };
    },
    async finish(address, { state, nonce, verifier }) {
      try {
        const answer = await authorizationCodeGrant(await provider(), address, {
          ...{ expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true },
        });
        const token = answer.claims();
        if (token === undefined || answer.id_token === undefined) return { outcome: 'refused', because: 'no ID token' };
        // Many providers say the rest only when they are asked.
        const isWhole = settings.roleClaim in token && nameClaim in token;
        const more = isWhole ? {} : await fetchUserInfo(await provider(), answer.access_token, token.sub);
        const claims: Readonly<Record<string, unknown>> = { ...more, ...token };
        const role = roleOf(claims, settings);
        if (role === undefined) return { outcome: 'noRole' };
        const name = claims[nameClaim];
        const user = {
          issuer: token.iss,
          subject: token.sub,
          name: typeof name === 'string' ? name : token.sub,
          role,
        };
        return { outcome: 'known', user, idToken: answer.id_token };
      } catch (error) {
        return { outcome: 'refused', because: error instanceof Error ? error.message : String(error) };
      }
    },
    async logout(idToken, returnTo) {
      const configuration = await provider();
      if (configuration.serverMetadata().end_session_endpoint === undefined) return undefined;
      return buildEndSessionUrl(configuration, { id_token_hint: idToken, post_logout_redirect_uri: returnTo }).href;
    },
  };
}

/** Plain http is for a provider on this machine. */
function isHere(issuer: string): boolean {
  const url = URL.parse(issuer);
  return url?.protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
}

/** True for the address of a provider that may be asked: https, or http on this machine. */
export const isProviderAddress = (issuer: string): boolean =>
  URL.parse(issuer)?.protocol === 'https:' || isHere(issuer);
