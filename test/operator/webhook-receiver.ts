// A receiver of webhooks: a real HTTP server on loopback that checks signatures by itself and answers as a test tells it.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';

/** What came, with a signature that was right. */
export interface Received {
  readonly id: string;
  readonly path: string;
  readonly body: {
    readonly type: string;
    readonly timestamp: string;
    readonly sequence?: number;
    readonly data: Readonly<Record<string, unknown>>;
  };
  readonly headers: IncomingMessage['headers'];
}

/** How a request is answered; the default is 204. */
export type Answering = (received: Received, answer: ServerResponse, request: IncomingMessage) => void;

/** Starts one; `secret` is what `subscribe` gave, set once it is known. */
export async function startReceiver(context: TestContext, answering: Answering = taking) {
  const received: Received[] = [];
  const receiver = { secret: '', answering, received };
  let open = 0;
  let mostOpen = 0;
  const server = createServer(async (request, answer) => {
    mostOpen = Math.max(mostOpen, ++open);
    answer.on('close', () => open--);
    const chunks: Uint8Array[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const octets = Buffer.concat(chunks);
    const { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': signature } = request.headers;
    const key = Buffer.from(receiver.secret.replace('whsec_', ''), 'base64');
    const expected = createHmac('sha256', key).update(`${id}.${at}.`).update(octets).digest('base64');
    assert.equal(signature, `v1,${expected}`);
    const one = {
      id: String(id),
      path: request.url ?? '',
      body: JSON.parse(octets.toString()),
      headers: request.headers,
    };
    received.push(one);
    receiver.answering(one, answer, request);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  context.after(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  return {
    ...{ receiver, received, server, port },
    url: `http://127.0.0.1:${port}/hook?token=secret`,
    mostOpen: () => mostOpen,
  };
}

/** Takes it. */
export function taking(_received: Received, answer: ServerResponse): void {
  answer.writeHead(204).end();
}
