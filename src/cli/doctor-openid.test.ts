import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import type { OpenIdSettings } from '#operator/access/index.ts';
import { CLIENT, startProvider } from '#test/operator/openid-provider.ts';
import { checkOpenId } from './doctor-openid.ts';

const ORIGIN = 'https://assay.example';

const settings = (issuer: string, more: Partial<OpenIdSettings> = {}): OpenIdSettings => ({
  ...{ issuer, ...CLIENT, roleClaim: 'roles', roles: { leads: 'approver' }, nameClaim: 'name', label: 'Work' },
  ...more,
});

const told = (found: Awaited<ReturnType<typeof checkOpenId>>) =>
  found.map(({ state, found: text, advice = '' }) => `${state} ${text} ${advice}`);

/** A server that says of itself what `document` makes of its address, a given time apart. */
async function otherProvider(context: TestContext, document: (address: string) => string, apart = 0): Promise<string> {
  const addressOf = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const server = createServer((_request, response) => {
    response.setHeader('date', new Date(Date.now() + apart).toUTCString());
    response.end(document(addressOf()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  context.after(() => server.close());
  return addressOf();
}

test('a provider that is right: it takes the client, its secret, and the address to come back to', async (context) => {
  const issuer = await startProvider(context, ORIGIN);
  const found = await checkOpenId(settings(issuer), `${ORIGIN}/`);
  assert.deepEqual(told(found), [
    'ok it takes client assay with its secret ',
    `ok it takes ${ORIGIN}/api/v1/open-id/callback to come back to `,
  ]);
});

test('a wrong secret, an unknown client and another address to come back to are told apart', async (context) => {
  const issuer = await startProvider(context, ORIGIN);
  const [secret] = told(await checkOpenId(settings(issuer, { clientSecret: 'wrong' }), ORIGIN));
  assert.match(secret ?? '', /^fail it refuses client assay with this secret compare openId.clientId/);
  assert.doesNotMatch(secret ?? '', /wrong/);
  const [client] = told(await checkOpenId(settings(issuer, { clientId: 'other' }), ORIGIN));
  assert.match(client ?? '', /^fail it refuses client other/);
  const [, back] = told(await checkOpenId(settings(issuer), 'https://other.example'));
  assert.match(back ?? '', /^fail it answers 400 .*https:\/\/other.example\/api\/v1\/open-id\/callback register this/);
});

test('a provider that does not answer, is another one, is none, or has another time', async (context) => {
  const [gone] = told(await checkOpenId(settings('http://127.0.0.1:2'), ORIGIN));
  assert.match(gone ?? '', /^fail .* does not answer \(.*ECONNREFUSED.*\) check openId.issuer/);
  const other = await otherProvider(context, () => '{"issuer":"https://elsewhere.example"}');
  assert.match(
    told(await checkOpenId(settings(other), ORIGIN))[0] ?? '',
    /^fail the provider calls itself "https:\/\/elsewhere.example", openId.issuer is .* write it/,
  );
  const none = await otherProvider(context, () => '<html>welcome</html>');
  assert.match(told(await checkOpenId(settings(none), ORIGIN))[0] ?? '', /^fail .* and not what a provider says/);
  const late = await otherProvider(
    context,
    (issuer) => JSON.stringify({ issuer, token_endpoint: issuer, authorization_endpoint: issuer }),
    -300_000,
  );
  assert.match(told(await checkOpenId(settings(late), ORIGIN))[0] ?? '', /^warn its clock is (299|300|301) s apart/);
});
