import { constants, type IncomingHttpHeaders, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import type { PeerCertificate, TLSSocket } from 'node:tls';
import type { Clock } from '#base/port/index.ts';
import { type Abuse, type AbuseLimits, type AbuseRecord, abuseAfter, excess, noAbuse } from './abuse.ts';
import { CONTENT_TOO_LARGE, type SbiAnswer } from './answer.ts';
import type { EquipmentStatusService } from './equipment-status.ts';

/** Times and sizes of one connection. */
export interface SessionLimits extends AbuseLimits {
  /** A connection without a request or a PING for so long is ended. Milliseconds. */
  readonly idleMs: number;
  /** An answer that is not read for so long is taken back; so is a request that does not end. Milliseconds. */
  readonly unreadMs: number;
  /** Octets of a request's body that are read and thrown away. */
  readonly mostBodyOctets: number;
  /** Octets of a request's fields, counted as RFC 9113 6.5.2 counts (SETTINGS_MAX_HEADER_LIST_SIZE). */
  readonly mostHeaderOctets: number;
  /** Octets a second that belong to no request: frames that cost time and that node:http2 deals with without a word. */
  readonly noiseOctetsPerSecond: number;
  /** End each connection after its first answer: for peers whose libcurl cannot send a second request (7.88). */
  readonly isOneAnswerEach: boolean;
}

/** Why a session ended that did not end by itself. */
export type SessionEnd = Abuse | 'noise' | 'idle' | 'stuck' | 'broken';

const { NGHTTP2_CANCEL, NGHTTP2_ENHANCE_YOUR_CALM, NGHTTP2_NO_ERROR, NGHTTP2_FLAG_END_STREAM } = constants;
const ignore = (): void => {};

/** Subject of a client certificate as TS 33.310 6.1.3c has it, the URI `urn:uuid:` of the nfInstanceId; else its common name. */
function certificateName({ subjectaltname = '', subject }: Partial<PeerCertificate>): string | undefined {
  const uuid = /(?:^|, )URI:urn:uuid:([0-9A-Fa-f-]{36})(?:,|$)/.exec(subjectaltname)?.[1];
  const commonName: unknown = subject?.CN;
  return uuid ?? (typeof commonName === 'string' ? commonName : undefined);
}

/** Who is at the other end: the name in its certificate if it was verified, else its address. */
export function peerOf(socket: Socket | TLSSocket): string {
  // A session's socket is a proxy that knows properties, but not whether it has them.
  const { authorized } = socket as Partial<TLSSocket>;
  const certificate = authorized === true ? (socket as TLSSocket).getPeerCertificate() : {};
  return certificateName(certificate) ?? socket.remoteAddress ?? 'unknown';
}

/** One connection: answers its streams, and ends it when its peer does too much. */
export class EirSession {
  readonly #session: ServerHttp2Session;
  readonly #service: EquipmentStatusService;
  readonly #limits: SessionLimits;
  readonly #clock: Clock;
  readonly #onEnd: (why: SessionEnd) => void;
  readonly #peer: string;
  /** Streams that are not over, the oldest first, with the time they came. */
  readonly #open = new Map<ServerHttp2Stream, number>();
  #abuse: AbuseRecord;
  #activeMs: number;
  #closingMs: number | undefined;
  #isEnded = false;
  /** Octets that were read, and requests that were heard, until the sweep at `sinceMs`. */
  #swept: { readonly octets: number; readonly sinceMs: number };
  #requests = 0;

  /** `onEnd` is told when the session is ended for a reason of ours. */
  constructor(
    session: ServerHttp2Session,
    service: EquipmentStatusService,
    limits: SessionLimits,
    clock: Clock,
    onEnd: (why: SessionEnd) => void,
  ) {
    this.#session = session;
    this.#service = service;
    this.#limits = limits;
    this.#clock = clock;
    this.#onEnd = onEnd;
    this.#peer = peerOf(session.socket);
    this.#activeMs = clock.now();
    this.#abuse = noAbuse(this.#activeMs);
    this.#swept = { octets: session.socket.bytesRead, sinceMs: this.#activeMs };
    session.on('stream', (stream, headers, flags) => this.#take(stream, headers, flags));
    session.on('error', () => this.#isEnded || onEnd('broken')); // 'close' follows.
    const control = () => this.#note('control frame');
    session.on('ping', () => {
      this.#activeMs = clock.now();
      control();
    });
    session.on('remoteSettings', control);
  }

  #take(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, flags: number): void {
    const nowMs = this.#clock.now();
    this.#activeMs = nowMs;
    this.#open.set(stream, nowMs);
    this.#requests++;
    stream.on('error', ignore); // 'close' follows, with the code.
    stream.on('close', () => {
      // What the sweep took back is not open any more, and its code is ours.
      if (this.#open.delete(stream) && stream.rstCode !== NGHTTP2_NO_ERROR) this.#note('reset');
    });
    const hasBody = (flags & NGHTTP2_FLAG_END_STREAM) === 0;
    if (hasBody) this.#discardBody(stream);
    const isTooLarge = hasBody && Number(headers['content-length'] ?? 0) > this.#limits.mostBodyOctets;
    const method = headers[':method'] ?? '';
    const answer = isTooLarge
      ? CONTENT_TOO_LARGE
      : this.#service.answer({ method, path: headers[':path'] ?? '', headers, peer: this.#peer });
    this.#send(stream, answer);
    if (answer.status === 401 || answer.status === 403) this.#note('unauthorised');
    if (this.#limits.isOneAnswerEach) this.close();
  }

  #send(stream: ServerHttp2Stream, { status, headers, body }: SbiAnswer): void {
    if (stream.destroyed || stream.closed) return;
    const hasBody = body.length > 0;
    stream.respond({ ...headers, ':status': status }, { endStream: !hasBody });
    if (hasBody) stream.end(body);
  }

  /** Reads a body and throws it away; more than the limit is taken back with ENHANCE_YOUR_CALM. */
  #discardBody(stream: ServerHttp2Stream): void {
    let octets = 0;
    stream.on('data', (chunk: Uint8Array) => {
      octets += chunk.length;
      if (octets > this.#limits.mostBodyOctets) this.#takeBack(stream, NGHTTP2_ENHANCE_YOUR_CALM);
    });
  }

  #takeBack(stream: ServerHttp2Stream, code: number): void {
    if (!this.#open.delete(stream)) return;
    stream.close(code);
    this.#note('unread answer');
  }

  #note(abuse: Abuse): void {
    if (this.#isEnded || this.#session.destroyed) return;
    this.#abuse = abuseAfter(this.#abuse, abuse, this.#clock.now());
    const tooMuch = excess(this.#abuse, this.#limits);
    if (tooMuch !== undefined) this.#end(tooMuch, NGHTTP2_ENHANCE_YOUR_CALM);
  }

  #end(why: SessionEnd, code: number): void {
    this.#isEnded = true;
    this.#onEnd(why);
    this.#session.destroy(new Error(`connection ended: ${why}`), code);
  }

  /**
   * Whether more came since the last sweep than requests can account for: fields over the limit (each refused unheard, but decoded), and
   * frames of types that nobody hears of.
   */
  #isNoisy(nowMs: number): boolean {
    const { octets, sinceMs } = this.#swept;
    const { noiseOctetsPerSecond, mostHeaderOctets, mostBodyOctets } = this.#limits;
    const now = this.#session.socket.bytesRead;
    const seconds = Math.max((nowMs - sinceMs) / 1000, 1);
    const allowed = noiseOctetsPerSecond * seconds + this.#requests * (mostHeaderOctets + mostBodyOctets);
    this.#swept = { octets: now, sinceMs: nowMs };
    this.#requests = 0;
    return now - octets > allowed;
  }

  /** To be called about every second: takes back what is not read, ends what is noisy, idle, or does not end by itself. */
  sweep(): void {
    if (this.#session.destroyed) return;
    const nowMs = this.#clock.now();
    const { unreadMs, idleMs } = this.#limits;
    if (this.#isNoisy(nowMs)) {
      this.#end('noise', NGHTTP2_ENHANCE_YOUR_CALM);
      return;
    }
    for (const [stream, sinceMs] of this.#open) {
      if (nowMs - sinceMs < unreadMs) break;
      this.#takeBack(stream, NGHTTP2_CANCEL);
    }
    if (this.#closingMs !== undefined && nowMs - this.#closingMs >= unreadMs) this.#end('stuck', NGHTTP2_CANCEL);
    else if (this.#closingMs === undefined && this.#open.size === 0 && nowMs - this.#activeMs >= idleMs) {
      this.#onEnd('idle');
      this.close();
    }
  }

  /**
   * GOAWAY with the last request that was heard (RFC 9113 6.8): a peer may ask again elsewhere whatever came later. Takes no new request,
   * ends when the last answer is read.
   */
  close(): void {
    this.#closingMs ??= this.#clock.now();
    if (!this.#session.closed) this.#session.close();
  }

  /** Ends at once. */
  destroy(): void {
    this.#session.destroy();
  }
}
