// A real OpenID provider on loopback (oidc-provider), and a browser's way through it without a browser.
import { createServer, type RequestListener } from 'node:http';
import type { TestContext } from 'node:test';
import Provider from 'oidc-provider';

/** What the provider says of its people, by the name they sign in with. */
const CLAIMS: Readonly<Record<string, object>> = {
  ada: { preferred_username: 'Ada L', roles: ['fraud-team', 'everybody'] },
  eve: { preferred_username: 'Eve', roles: ['everybody'] },
};
export const CLIENT = { clientId: 'assay', clientSecret: 'a secret of the tests alone' } as const;

/** Starts it for a client whose sign-ins come back to `origin`. */
export async function startProvider(context: TestContext, origin: string): Promise<string> {
  let listener: RequestListener = (_request, response) => response.end();
  const server = createServer((request, response) => listener(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const issuer = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        ...{ client_id: CLIENT.clientId, client_secret: CLIENT.clientSecret },
        redirect_uris: [`${origin}/api/v1/open-id/callback`],
        post_logout_redirect_uris: [`${origin}/`],
      },
    ],
    claims: { openid: ['sub', 'roles'], profile: ['preferred_username'] },
    cookies: { keys: ['tests'] },
    findAccount: (_context: unknown, id: string) => ({
      accountId: id,
      claims: async () => ({ sub: id, ...CLAIMS[id] }),
    }),
  });
  listener = provider.callback();
  return issuer;
}

/** Goes on from an address of the provider as a browser does, signs in as `login`, and stops where the provider leads back to `origin`. */
export async function throughProvider(from: string, login: string, origin: string): Promise<string> {
  const cookies = new Map<string, string>();
  const ask = async (address: string, body?: URLSearchParams) => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(address, {
      redirect: 'manual',
      headers: { cookie },
      ...(body && { method: 'POST', body }),
    });
    for (const set of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      cookies.set(name, value);
    }
    return response;
  };
  let address = from;
  let body: URLSearchParams | undefined;
  for (let steps = 0; steps < 20; steps++) {
    const response = await ask(address, body);
    body = undefined;
    const location = response.headers.get('location');
    if (location !== null) {
      address = new URL(location, address).href;
      if (address.startsWith(`${origin}/`)) return address;
      continue;
    }
    const page = await response.text();
    const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1];
    if (prompt === undefined) throw new Error(`the provider shows: ${page.slice(0, 400)}`);
    address = new URL(/action="([^"]+)"/.exec(page)?.[1] ?? '', address).href;
    body = new URLSearchParams(prompt === 'login' ? { prompt, login, password: 'any' } : { prompt });
  }
  throw new Error('the provider leads nowhere');
}
