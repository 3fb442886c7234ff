import { type LookupAddress, lookup as systemLookup } from 'node:dns';
import { type ClientRequest, Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import type { Scheduler } from '#protocol/smpp/index.ts';
import { isPublicAddress, literalAddress } from './target.ts';

/** Header lines of an answer, in octets. */
const MOST_HEADER_OCTETS = 16_384;
const MOST_SOCKETS_EACH = 8;
const MOST_IDLE_SOCKETS = 16;
/** A Retry-After is believed up to an hour. */
const LONGEST_RETRY_AFTER_SECONDS = 3600;

/** Every address of a name. */
export type LookupAll = (
  name: string,
  done: (error: Error | null, addresses: readonly LookupAddress[]) => void,
) => void;

/** The names of the machine's resolver. */
export const systemLookupAll: LookupAll = (name, done) =>
  systemLookup(name, { all: true }, (error, addresses) => done(error, addresses ?? []));

/** One delivery on the wire. */
export interface Post {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** Whether it may go to an address that is not public. */
  readonly allowPrivate: boolean;
}

/** What became of it: the status of the answer, or why there was none. */
export type PostOutcome =
  | { readonly status: number; readonly retryAfterMilliseconds: number | undefined }
  | { readonly trouble: string };

/** Times and limits. */
export interface PostLimits {
  /** From the look-up of the name to the end of the answer. */
  readonly timeoutMilliseconds: number;
  /** Octets of an answer's body that are read. */
  readonly answerOctets: number;
}

/**
 * Posts to receivers, over connections that are kept for the next delivery. An answer's body is read and thrown away, up to a limit; its
 * redirects are not followed. Every address is judged before a connection is made to it.
 */
export class Poster {
  readonly #scheduler: Scheduler;
  readonly #lookup: LookupAll;
  readonly #limits: PostLimits;
  readonly #underWay = new Set<ClientRequest>();
  // A connection to a private address must not serve a webhook that may not go there.
  readonly #agents = new Map<string, HttpAgent>();

  constructor(scheduler: Scheduler, limits: PostLimits, lookup: LookupAll = systemLookupAll) {
    this.#scheduler = scheduler;
    this.#limits = limits;
    this.#lookup = lookup;
  }

  /** Posts; never rejects. A kept connection that its server had closed meanwhile is replaced once. */
  async post(post: Post): Promise<PostOutcome> {
    const literal = literalAddress(post.url);
    if (literal !== undefined && !post.allowPrivate && !isPublicAddress(literal)) return { trouble: PRIVATE_TARGET };
    const first = await this.#attempt(post);
    return 'isStale' in first ? withoutStale(await this.#attempt(post)) : first;
  }

  /** Cuts what is under way. */
  abort(): void {
    for (const request of this.#underWay) request.destroy(new Error('the operator stopped'));
  }

  /** Ends every connection. */
  close(): void {
    this.abort();
    for (const agent of this.#agents.values()) agent.destroy();
  }

  #attempt({ url, headers, body, allowPrivate }: Post): Promise<Attempt> {
    const { timeoutMilliseconds, answerOctets } = this.#limits;
    return new Promise((resolve) => {
      const make = url.protocol === 'https:' ? httpsRequest : httpRequest;
      const request = make(url, {
        method: 'POST',
        headers: { ...headers, 'content-length': String(body.length) },
        agent: this.#agentFor(url.protocol, allowPrivate),
        lookup: this.#judgedLookup(allowPrivate),
        maxHeaderSize: MOST_HEADER_OCTETS,
      });
      this.#underWay.add(request);
      let outcome: Attempt | undefined;
      const stopTimer = this.#scheduler.after(timeoutMilliseconds, () =>
        request.destroy(new Error(`no whole answer within ${timeoutMilliseconds} ms`)),
      );
      request.on('response', (answer) => {
        outcome = outcomeOf(answer);
        swallow(answer, answerOctets);
      });
      request.on('error', (error: NodeJS.ErrnoException) => {
        outcome ??= {
          trouble: error.message === '' ? (error.code ?? 'no answer') : error.message.slice(0, LONGEST_TROUBLE),
        };
        if (request.reusedSocket && error.code === 'ECONNRESET' && 'trouble' in outcome)
          outcome = { ...outcome, isStale: true };
      });
      request.on('close', () => {
        stopTimer();
        this.#underWay.delete(request);
        resolve(outcome ?? { trouble: 'the connection was closed without an answer' });
      });
      request.end(body);
    });
  }

  #agentFor(protocol: string, allowPrivate: boolean): HttpAgent {
    const name = `${protocol} ${allowPrivate}`;
    const known = this.#agents.get(name);
    if (known !== undefined) return known;
    const settings = { keepAlive: true, maxSockets: MOST_SOCKETS_EACH, maxFreeSockets: MOST_IDLE_SOCKETS };
    const made = protocol === 'https:' ? new HttpsAgent(settings) : new HttpAgent(settings);
    this.#agents.set(name, made);
    return made;
  }

  /** A name that leads to one address that is not public leads nowhere. */
  #judgedLookup(allowPrivate: boolean): LookupFunction {
    return (name, options, done) =>
      this.#lookup(name, (error, addresses) => {
        const [first] = addresses;
        if (error !== null || first === undefined) return done(error ?? new Error(`${name} has no address`), '', 0);
        if (!allowPrivate && addresses.some(({ address }) => !isPublicAddress(address)))
          return done(new Error(PRIVATE_TARGET), '', 0);
        return options.all === true ? done(null, [...addresses]) : done(null, first.address, first.family);
      });
  }
}

type Attempt = PostOutcome & { readonly isStale?: boolean };

const PRIVATE_TARGET =
  'it leads to an address that is not public; allow private targets for this webhook, or correct it';
const LONGEST_TROUBLE = 200;

const withoutStale = (attempt: Attempt): PostOutcome => ('status' in attempt ? attempt : { trouble: attempt.trouble });

function outcomeOf({ statusCode = 0, headers }: IncomingMessage): PostOutcome {
  const seconds = /^\d{1,9}$/.test(headers['retry-after'] ?? '') ? Number(headers['retry-after']) : undefined;
  return {
    status: statusCode,
    retryAfterMilliseconds: seconds === undefined ? undefined : Math.min(seconds, LONGEST_RETRY_AFTER_SECONDS) * 1000,
  };
}

/** Reads an answer to its end, or up to so many octets, and keeps nothing. */
function swallow(answer: IncomingMessage, mostOctets: number): void {
  let octets = 0;
  answer.on('data', (chunk: Uint8Array) => {
    octets += chunk.length;
    if (octets > mostOctets) answer.destroy();
  });
  // Its status has decided; what breaks behind that does not matter.
  answer.on('error', () => {});
}
