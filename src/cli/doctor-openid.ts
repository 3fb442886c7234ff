import type { OpenIdSettings } from '#operator/access/index.ts';
import { type Finding, findings } from './finding.ts';

const ANSWER_MILLISECONDS = 2000;
const MOST_ANSWER = 262_144;
/** ID tokens are judged by their time (OpenID Connect Core 3.1.3.7); providers give them some minutes. */
const MOST_SKEW_MILLISECONDS = 30_000;
/** Where people come back to (API operation finishOpenId). */
const CALLBACK = 'api/v1/open-id/callback';
const BAD_REQUEST = 400;

const { ok, warn, fail } = findings('OpenID');

/** What a provider says of itself (OpenID Connect Discovery 3), as far as it is looked at here. */
type Discovered = Readonly<Partial<Record<'issuer' | 'token_endpoint' | 'authorization_endpoint', unknown>>>;

const asked = (address: string | URL, init: RequestInit = {}) =>
  fetch(address, { redirect: 'manual', signal: AbortSignal.timeout(ANSWER_MILLISECONDS), ...init });

/**
 * The OpenID provider: reached, itself, of our time; it takes our client with this secret, and `origin` to come back to. Nobody signs in: it is
 * asked for a token with a code that is none, and for the page that a sign-in begins with.
 */
export async function checkOpenId(
  { issuer, clientId, clientSecret }: OpenIdSettings,
  origin: string,
): Promise<readonly Finding[]> {
  const redirectUri = new URL(CALLBACK, origin).href;
  const where = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  let answer: Response;
  try {
    answer = await asked(where);
  } catch (error) {
    return [
      fail(
        `${where} does not answer (${reasonOf(error)})`,
        'check openId.issuer, the route, the firewall and its certificate',
      ),
    ];
  }
  const found = await documentIn(answer);
  if (found === undefined)
    return [
      fail(
        `${where} answers ${answer.status}, and not what a provider says of itself`,
        'put its issuer into openId.issuer',
      ),
    ];
  if (found.issuer !== issuer)
    return [
      fail(
        `the provider calls itself ${JSON.stringify(found.issuer)?.slice(0, 200)}, openId.issuer is ${issuer}`,
        'write it into openId.issuer exactly so',
      ),
    ];
  return [
    ...skewIn(answer),
    await checkClient(String(found.token_endpoint), { clientId, clientSecret, redirectUri }),
    await checkReturn(String(found.authorization_endpoint), { clientId, redirectUri }),
  ];
}

const reasonOf = (error: unknown): string => {
  const { message, cause } = error as Error;
  return cause instanceof Error ? cause.message || message : message;
};

async function documentIn(answer: Response): Promise<Discovered | undefined> {
  if (!answer.ok) return undefined;
  try {
    const parsed: unknown = JSON.parse((await answer.text()).slice(0, MOST_ANSWER));
    return typeof parsed === 'object' && parsed !== null ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function skewIn(answer: Response): readonly Finding[] {
  const theirs = Date.parse(answer.headers.get('date') ?? '');
  const apart = Math.abs(theirs - Date.now());
  if (!(apart > MOST_SKEW_MILLISECONDS)) return [];
  return [
    warn(
      `its clock is ${Math.round(apart / 1000)} s apart from this one`,
      'set both machines by a time server: it refuses tokens by their time',
    ),
  ];
}

/** RFC 6749 5.2: who the client is, is judged before the code. */
async function checkClient(
  endpoint: string,
  {
    clientId,
    clientSecret,
    redirectUri,
  }: { readonly clientId: string; readonly clientSecret: string; readonly redirectUri: string },
): Promise<Finding> {
  try {
    const answer = await asked(endpoint, {
      method: 'POST',
      body: new URLSearchParams({
        ...{ grant_type: 'authorization_code', code: 'assay-doctor', redirect_uri: redirectUri },
        ...{ client_id: clientId, client_secret: clientSecret, code_verifier: 'assay-doctor'.repeat(4) },
      }),
    });
    const { error } = ((await answer.json().catch(() => ({}))) ?? {}) as { readonly error?: unknown };
    if (error === 'invalid_grant') return ok(`it takes client ${clientId} with its secret`);
    if (error === 'invalid_client' || answer.status === 401)
      return fail(
        `it refuses client ${clientId} with this secret`,
        'compare openId.clientId and the file of the secret with what the provider shows',
      );
    return warn(
      `it answers ${answer.status} ${String(error ?? '').slice(0, 60)} to client ${clientId}`,
      'look into its log: sign in once to see',
    );
  } catch (error) {
    return fail(
      `${endpoint} does not answer (${reasonOf(error)})`,
      'the provider is reached only in part: check the firewall',
    );
  }
}

/** RFC 6749 4.1.2.1: an address to come back to that is not known is answered where it is asked, and with no redirection. */
async function checkReturn(
  endpoint: string,
  { clientId, redirectUri }: { readonly clientId: string; readonly redirectUri: string },
): Promise<Finding> {
  try {
    const page = new URL(endpoint);
    const query = {
      ...{
        response_type: 'code',
        client_id: clientId,
        redirect_uri: redirectUri,
        scope: 'openid',
        state: 'assay-doctor',
      },
      // Of the verifier "assay-doctor" four times (RFC 7636 4.2): nobody redeems it.
      ...{ code_challenge: 'rGiEDGVh9rGliYAiGxCaJd9iTXYblrSIhyfTiy44yrU', code_challenge_method: 'S256' },
    };
    for (const [name, value] of Object.entries(query)) page.searchParams.set(name, value);
    const { status } = await asked(page);
    return status >= BAD_REQUEST
      ? fail(
          `it answers ${status} to a sign-in that comes back to ${redirectUri}`,
          'register this address as redirect URI of the client; http.publicUrl is its beginning',
        )
      : ok(`it takes ${redirectUri} to come back to`);
  } catch (error) {
    return fail(
      `${endpoint} does not answer (${reasonOf(error)})`,
      'the provider is reached only in part: check the firewall',
    );
  }
}
