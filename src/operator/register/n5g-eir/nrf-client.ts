import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  constants,
  type IncomingHttpHeaders,
  type IncomingHttpStatusHeader,
} from 'node:http2';
import type { Scheduler } from '#protocol/smpp/index.ts';

/** How an https NRF is recognised, and how we are by it. All in PEM. */
export interface NrfTls {
  /** Who signs the NRF's certificate; default: the authorities Node knows. */
  readonly ca?: string | readonly string[];
  readonly key?: string;
  readonly cert?: string;
}

/** What the client needs. */
export interface NrfClientOptions {
  readonly scheduler: Scheduler;
  readonly tls?: NrfTls;
  /** Milliseconds from a request to its whole answer. Default 5000. */
  readonly answerMs?: number;
  /** Octets of an answer. Default 256 KiB. */
  readonly mostAnswerOctets?: number;
}

/** A request to an NRF. */
export interface NrfRequest {
  /** http(s)://host:port, perhaps with a path. */
  readonly apiRoot: string;
  readonly method: 'PUT' | 'PATCH' | 'DELETE';
  /** After the apiRoot. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON, or nothing. */
  readonly body: string | undefined;
}

/** The whole answer, or why there is none. */
export type NrfAnswer =
  | { readonly kind: 'answer'; readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: string }
  | { readonly kind: 'failure'; readonly because: string };

/** Asks NRFs over HTTP/2, one connection for each. */
export interface NrfClient {
  /** Never rejects. */
  ask(request: NrfRequest): Promise<NrfAnswer>;
  /** Ends all connections. */
  close(): void;
}

const { NGHTTP2_CANCEL } = constants;
const DEFAULTS = { answerMs: 5000, mostAnswerOctets: 256 * 1024 } as const;
/** Connections kept: to our NRFs, and where they sent us. */
const MOST_CONNECTIONS = 8;
const ignore = (): void => {};

/** Collects an answer. */
function collect(stream: ClientHttp2Stream, mostOctets: number): Promise<NrfAnswer> {
  return new Promise((resolve) => {
    const fail = (because: string): void => resolve({ kind: 'failure', because });
    const chunks: Uint8Array[] = [];
    let octets = 0;
    let fields: IncomingHttpHeaders & IncomingHttpStatusHeader = {};
    stream.on('response', (headers) => {
      fields = headers;
    });
    stream.on('data', (chunk: Uint8Array) => {
      octets += chunk.length;
      if (octets <= mostOctets) chunks.push(chunk);
      else {
        fail(`expected an answer of at most ${mostOctets} octets, got more`);
        stream.close(NGHTTP2_CANCEL);
      }
    });
    stream.on('error', (error: Error) => fail(error.message));
    stream.on('close', () => fail('the connection closed before the answer'));
    stream.on('end', () => {
      const status = fields[':status'];
      if (status === undefined) fail('the connection closed before the answer');
      else resolve({ kind: 'answer', status, headers: fields, body: Buffer.concat(chunks).toString('utf8') });
    });
  });
}

/** An HTTP/2 client: h2c with prior knowledge for http, TLS for https. */
export function nrfClient(options: NrfClientOptions): NrfClient {
  const { scheduler, tls = {}, answerMs, mostAnswerOctets } = { ...DEFAULTS, ...options };
  const sessions = new Map<string, ClientHttp2Session>();
  let isClosed = false;

  function open(origin: string): ClientHttp2Session {
    const { ca, ...own } = tls;
    const session = connect(origin, {
      ...own,
      ...(ca !== undefined && { ca: [ca].flat() }),
      minVersion: 'TLSv1.2',
      settings: { enablePush: false },
    });
    session.on('error', ignore); // Every request on it fails with the reason.
    const forget = (): void => {
      if (sessions.get(origin) === session) sessions.delete(origin);
    };
    session.once('close', forget);
    session.once('goaway', forget);
    return session;
  }

  function sessionTo(origin: string): ClientHttp2Session {
    const known = sessions.get(origin);
    if (known !== undefined && !known.closed && !known.destroyed) return known;
    if (sessions.size >= MOST_CONNECTIONS) for (const session of sessions.values()) session.close();
    const session = open(origin);
    sessions.set(origin, session);
    return session;
  }

  function send({ apiRoot, method, path, headers, body }: NrfRequest): ClientHttp2Stream {
    const { origin, pathname } = new URL(apiRoot);
    const stream = sessionTo(origin).request(
      { ...headers, ':method': method, ':path': pathname.replace(/\/$/, '') + path },
      { endStream: body === undefined },
    );
    if (body !== undefined) stream.end(body);
    return stream;
  }

  return {
    async ask(request) {
      if (isClosed) return { kind: 'failure', because: 'the client is closed' };
      let stream: ClientHttp2Stream;
      try {
        stream = send(request);
      } catch (error) {
        return { kind: 'failure', because: error instanceof Error ? error.message : 'the request could not be sent' };
      }
      const { session } = stream;
      const late = Promise.withResolvers<NrfAnswer>();
      const cancel = scheduler.after(answerMs, () => {
        late.resolve({ kind: 'failure', because: `no answer within ${answerMs} ms` });
        stream.close(NGHTTP2_CANCEL);
        // A connection on which nothing comes back is not asked again.
        session?.destroy();
      });
      return Promise.race([collect(stream, mostAnswerOctets), late.promise]).finally(cancel);
    },
    close() {
      isClosed = true;
      for (const session of sessions.values()) session.destroy();
      sessions.clear();
    },
  };
}
