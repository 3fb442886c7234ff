import {
  type Http2Event,
  type Http2Limits,
  type Http2Request,
  listenHttp2,
  type PreparedResponse,
  prepareResponse,
} from '#protocol/http2/index.ts';
import { CONTENT_TOO_LARGE, type SbiAnswer } from './answer.ts';
import type { EquipmentStatusService } from './equipment-status.ts';
import { LISTENER_LIMITS, type ListenerLimits, type ListenerOptions, type N5gEirListener } from './listener.ts';
import type { SbiHeaders } from './sbi-header.ts';
import { peerOf } from './session.ts';

const MEGABYTE = 1024 * 1024;

/** Our limits in the words of the transport. A connection's memory goes mostly into answers that wait, and a block of fields that comes. */
function http2Limits(limits: ListenerLimits): Partial<Http2Limits> {
  return {
    ...limits,
    mostConnections: limits.mostSessions,
    settingsMs: Math.max(limits.handshakeMs, limits.unreadMs),
    mostUnsentOctets: Math.min(MEGABYTE / 4, (limits.mostSessionMegabytes * MEGABYTE) / 2),
  };
}

/** What the service is asked with: one for all requests, because each is answered before the next is read. */
class CurrentRequest {
  method = '';
  path = '';
  peer = '';
  readonly headers: SbiHeaders;
  #request: Http2Request | undefined;

  constructor() {
    // Fields are looked up when the service wants them: it wants few.
    this.headers = new Proxy<SbiHeaders>(Object.freeze({}), {
      get: (_, name) => (typeof name === 'string' ? this.#request?.header(name) : undefined),
    });
  }

  take(request: Http2Request): this {
    this.method = request.method;
    this.path = request.path;
    this.peer = request.peer;
    this.#request = request;
    return this;
  }
}

/** How requests are answered by a service. Answers are coded once: those of the service are one object each. */
function handlerOf(service: EquipmentStatusService, { mostBodyOctets }: ListenerLimits) {
  const prepared = new WeakMap<SbiAnswer, PreparedResponse>();
  const current = new CurrentRequest();
  return (request: Http2Request): PreparedResponse => {
    const isTooLarge = request.hasBody && (request.contentLength ?? 0) > mostBodyOctets;
    const answer = isTooLarge ? CONTENT_TOO_LARGE : service.answer(current.take(request));
    const known = prepared.get(answer);
    if (known !== undefined) return known;
    const made = prepareResponse(answer);
    prepared.set(answer, made);
    return made;
  };
}

/** As `listenN5gEir`, on our own HTTP/2 instead of Node's: several times as many answers a second. The same options, counters and ends. */
export async function listenN5gEirFast(options: ListenerOptions): Promise<N5gEirListener> {
  const { service, clock, scheduler, tls, host, port, sharesPort = false } = options;
  const limits = { ...LISTENER_LIMITS, ...options.limits };
  const counters = new Map<string, number>();
  const count = (event: Http2Event): void => {
    const what = event === 'connection' ? 'session' : event;
    counters.set(what, (counters.get(what) ?? 0) + 1);
  };
  const listener = await listenHttp2({
    clock,
    scheduler,
    port,
    sharesPort,
    ...(host !== undefined && { host }),
    ...(tls && { tls }),
    limits: http2Limits(limits),
    handler: handlerOf(service, limits),
    peerOf,
    what: 'N5g-eir',
    onEvent: count,
  });
  return {
    host: listener.host,
    port: listener.port,
    counters,
    drain: () => listener.drain(),
    destroy: () => listener.destroy(),
  };
}
