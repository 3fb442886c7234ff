import type { Clock } from '#base/port/index.ts';
import { type Abuse, AbuseMeter } from './abuse.ts';
import type { DateField } from './date-field.ts';
import {
  ERROR_CODE,
  FIRST_MAX_FRAME_SIZE,
  FIRST_WINDOW,
  FLAG,
  FRAME,
  HEADER_LENGTH,
  LARGEST_31_BITS,
  LARGEST_MAX_FRAME_SIZE,
  PREFACE,
  SETTING,
  settingFormat,
  u31At,
  u32At,
} from './frame.ts';
import { FrameStream } from './frame-stream.ts';
import { FieldList, HpackDecoder } from './hpack-decoder.ts';
import { encodePlainField } from './hpack-encoder.ts';
import type { ConnectionLimits } from './limits.ts';
import type { Output, Transport } from './output.ts';
import type { PreparedResponse } from './prepared-response.ts';
import { areTrailers, type Http2Request, RequestReader } from './request.ts';
import { SendSide } from './send-side.ts';
import { ResetStreams, Stream } from './stream.ts';

/** Why a connection was ended that did not end by itself: abuse; nothing to do; broken rules of HTTP/2. */
export type ConnectionEnd = Abuse | 'idle' | 'broken';

/** Answers a request, at once. */
export type Http2Handler = (request: Http2Request) => PreparedResponse;

/** What all connections of a listener share. */
export interface Shared {
  readonly limits: ConnectionLimits;
  readonly clock: Clock;
  readonly date: DateField;
  readonly output: Output;
  readonly handler: Http2Handler;
  onEnd(why: ConnectionEnd): void;
}

/** A field block that is not whole yet (RFC 9113 6.10). */
interface Block {
  readonly streamId: number;
  readonly flags: number;
  readonly parts: Buffer[];
  octets: number;
  continuations: number;
}

/** Streams we reset that are remembered. */
const MOST_RESETS_REMEMBERED = 128;
/** Octets, and milliseconds after an error, that are still read and thrown away, so that the peer reads why before TCP resets. */
const MOST_DISCARDED = 256 * 1024;
const LINGER_MS = 1000;
/** A block is at most this many times what its fields may be (Huffman codes can be longer than what they stand for). */
const BLOCK_RATIO = 2;
const NOTHING = new Uint8Array(0);
/** The fields of the interim answer 100 (RFC 9110 15.2.1). */
const CONTINUE = encodePlainField(':status', '100');

/** The server's side of one HTTP/2 connection (RFC 9113): octets in, answers out, no socket. */
export class Http2Connection {
  readonly #shared: Shared;
  readonly #limits: ConnectionLimits;
  readonly #transport: Transport;
  readonly #frames = new FrameStream((octets, start, end) => this.#frame(octets, start, end));
  readonly #decoder = new HpackDecoder();
  readonly #list: FieldList;
  readonly #request: RequestReader;
  readonly #send: SendSide;
  readonly #meter: AbuseMeter;
  readonly #streams = new Map<number, Stream>();
  readonly #resets = new ResetStreams(MOST_RESETS_REMEMBERED);
  readonly #openedMs: number;
  #nowMs: number;
  #activeMs: number;
  #prefaceAt = 0;
  #isGreeted = false;
  #isAcknowledged = false;
  #block: Block | undefined;
  #lastStreamId = 0;
  #receiveWindow = FIRST_WINDOW;
  #consumed = 0;
  #initialReceiveWindow = FIRST_WINDOW;
  #closingMs: number | undefined;
  #overMs: number | undefined;
  #lingerMs = LINGER_MS;
  #isEnded = false;
  #discarded = 0;
  #unsent = 0;
  #unsentMs: number;

  /** Says our SETTINGS at once (RFC 9113 3.4). `peer` is what requests say of the other end. */
  constructor(shared: Shared, transport: Transport, peer: string) {
    const { limits, clock, output, date } = shared;
    this.#shared = shared;
    this.#limits = limits;
    this.#transport = transport;
    this.#nowMs = this.#activeMs = this.#openedMs = this.#unsentMs = clock.now();
    this.#list = new FieldList(limits.mostHeaderFields, limits.mostHeaderOctets);
    this.#request = new RequestReader(peer, this.#list);
    this.#meter = new AbuseMeter(limits, this.#nowMs);
    this.#send = new SendSide(transport, output, date, limits.mostUnsentOctets, (stream) => this.#sent(stream));
    const settings = [
      { identifier: SETTING.MAX_CONCURRENT_STREAMS, value: limits.mostStreams },
      { identifier: SETTING.INITIAL_WINDOW_SIZE, value: limits.mostBodyOctets },
      { identifier: SETTING.MAX_HEADER_LIST_SIZE, value: limits.mostHeaderOctets },
    ];
    this.#send.frame(FRAME.SETTINGS, 0, 0, Buffer.concat(settings.map((one) => settingFormat.encode(one))));
    this.#send.flush();
  }

  /** Takes what came from the peer. Answers are written when all of it was read. */
  take(chunk: Buffer): void {
    if (this.#overMs !== undefined) {
      this.#discarded += chunk.length;
      if (this.#discarded > MOST_DISCARDED) this.#transport.destroy();
      return;
    }
    this.#tick();
    const start = this.#preface(chunk);
    const isWell = start >= 0 && this.#frames.push(chunk, start);
    if (!isWell && this.#overMs === undefined) {
      this.#fail(start < 0 ? ERROR_CODE.PROTOCOL_ERROR : ERROR_CODE.FRAME_SIZE_ERROR);
    }
    this.#settle();
  }

  /** The transport has sent all that was unsent. */
  drained(): void {
    if (this.#overMs !== undefined) return;
    this.#tick();
    this.#send.flush();
    this.#send.pump();
    this.#settle();
  }

  /** The transport is gone. */
  gone(): void {
    this.#overMs ??= this.#nowMs;
    this.#isEnded = true;
    this.#forgetAll();
  }

  /**
   * GOAWAY with the last request that was heard (RFC 9113 6.8): a peer may ask again elsewhere whatever came later. Takes no new request,
   * ends when the last answer is sent.
   */
  close(): void {
    if (this.#overMs !== undefined) return;
    this.#tick();
    this.#startClosing();
    this.#settle();
  }

  /** To be called about every second: takes back what is not read, ends what is idle, or does not end by itself. */
  sweep(): void {
    this.#tick();
    if (this.#overMs !== undefined) {
      if (this.#nowMs - this.#overMs >= this.#lingerMs) this.#transport.destroy();
      return;
    }
    this.#takeBackUnread();
    const late = this.#lateness();
    if (late !== undefined && this.#overMs === undefined) {
      if (late === 'idle') {
        this.#shared.onEnd('idle');
        this.#startClosing();
      } else this.#end(late, late === 'broken' ? ERROR_CODE.SETTINGS_TIMEOUT : ERROR_CODE.CANCEL);
    }
    this.#settle();
  }

  #tick(): void {
    this.#nowMs = this.#shared.clock.now();
    this.#shared.date.set(this.#nowMs);
    this.#meter.at(this.#nowMs);
  }

  /** What the peer did not do in time. */
  #lateness(): ConnectionEnd | undefined {
    const { unreadMs, idleMs, settingsMs } = this.#limits;
    const nowMs = this.#nowMs;
    if (!this.#isAcknowledged && nowMs - this.#openedMs >= settingsMs) return 'broken';
    const unsent = this.#transport.unsent();
    if (unsent === 0 || unsent < this.#unsent) this.#unsentMs = nowMs;
    this.#unsent = unsent;
    if (unsent > 0 && nowMs - this.#unsentMs >= unreadMs) return 'unread answer';
    const isIdle = this.#closingMs === undefined && this.#streams.size === 0 && nowMs - this.#activeMs >= idleMs;
    return isIdle ? 'idle' : undefined;
  }

  #takeBackUnread(): void {
    for (const stream of this.#streams.values()) {
      if (this.#nowMs - stream.sinceMs < this.#limits.unreadMs) return;
      this.#forget(stream);
      this.#send.reset(stream.id, ERROR_CODE.CANCEL);
      this.#resets.add(stream.id);
      this.#meter.unreadAnswer();
      if (!this.#judge()) return;
    }
  }

  /** Where the frames begin in a chunk; below zero when this is no HTTP/2 (RFC 9113 3.4). */
  #preface(chunk: Buffer): number {
    let at = 0;
    while (this.#prefaceAt < PREFACE.length && at < chunk.length) {
      if (chunk[at] !== PREFACE[this.#prefaceAt]) return -1;
      at++;
      this.#prefaceAt++;
    }
    return at;
  }

  /** What is to be done at the end of every visit. */
  #settle(): void {
    if (this.#overMs === undefined) this.#judge();
    if (this.#closingMs !== undefined && this.#streams.size === 0 && this.#overMs === undefined) {
      this.#overMs = this.#nowMs;
      // The last answers may still be on their way to a slow reader.
      this.#lingerMs = this.#limits.unreadMs;
    }
    this.#send.flush();
    if (this.#overMs === undefined) {
      this.#transport.hear(!this.#send.isCongested);
      return;
    }
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#forgetAll();
    this.#transport.hear(true);
    this.#transport.end();
  }

  #forgetAll(): void {
    for (const stream of this.#streams.values()) this.#send.forget(stream);
    this.#streams.clear();
    this.#block = undefined;
  }

  #startClosing(): void {
    if (this.#closingMs !== undefined) return;
    this.#closingMs = this.#nowMs;
    this.#send.goAway(this.#lastStreamId, ERROR_CODE.NO_ERROR);
  }

  /** Ends for a reason of ours. False, for callers that say whether to go on. */
  #end(why: ConnectionEnd, code: number): false {
    if (this.#overMs !== undefined) return false;
    this.#overMs = this.#nowMs;
    this.#shared.onEnd(why);
    this.#send.goAway(this.#lastStreamId, code);
    return false;
  }

  /** A connection error (RFC 9113 5.4.1). */
  #fail(code: number): false {
    return this.#end('broken', code);
  }

  /** Whether the peer may go on. */
  #judge(): boolean {
    const excess = this.#meter.excess;
    return excess === undefined || this.#end(excess, ERROR_CODE.ENHANCE_YOUR_CALM);
  }

  #frame(octets: Buffer, start: number, end: number): boolean {
    const type = octets[start + 3] as number;
    const flags = octets[start + 4] as number;
    const id = u31At(octets, start + 5);
    const at = start + HEADER_LENGTH;
    if (!this.#isGreeted) {
      if (type !== FRAME.SETTINGS || (flags & FLAG.ACK) !== 0) return this.#fail(ERROR_CODE.PROTOCOL_ERROR);
      this.#isGreeted = true;
    }
    if (this.#block !== undefined && type !== FRAME.CONTINUATION) return this.#fail(ERROR_CODE.PROTOCOL_ERROR);
    switch (type) {
      case FRAME.HEADERS:
        return this.#headersFrame(flags, id, octets, at, end);
      case FRAME.DATA:
        return this.#data(flags, id, octets, at, end);
      case FRAME.WINDOW_UPDATE:
        return this.#windowUpdate(id, octets, at, end);
      case FRAME.CONTINUATION:
        return this.#continuation(flags, id, octets, at, end);
      case FRAME.RST_STREAM:
        return this.#rstStream(id, end - at);
      case FRAME.PUSH_PROMISE:
        return this.#fail(ERROR_CODE.PROTOCOL_ERROR);
      case FRAME.PRIORITY:
        if (id === 0) return this.#fail(ERROR_CODE.PROTOCOL_ERROR);
        if (end - at !== 5) return this.#fail(ERROR_CODE.FRAME_SIZE_ERROR);
        break;
      case FRAME.SETTINGS:
      case FRAME.PING:
      case FRAME.GOAWAY:
        return this.#ofConnection(type, flags, id, octets, at, end);
    }
    // PRIORITY is out of use (RFC 9113 5.3.2), and unknown types are ignored (5.5).
    this.#meter.noise(end - start);
    return true;
  }

  #headersFrame(flags: number, id: number, octets: Buffer, start: number, end: number): boolean {
    if ((id & 1) === 0) return this.#fail(ERROR_CODE.PROTOCOL_ERROR);
    let [at, last] = [start, end];
    if ((flags & FLAG.PADDED) !== 0) {
      if (at === end) return this.#fail(ERROR_CODE.FRAME_SIZE_ERROR);
      const padding = octets[at++] as number;
      last -= padding;
      this.#meter.noise(padding);
      if (last < at) return this.#fail(ERROR_CODE.PROTOCOL_ERROR);
    }
    if ((flags & FLAG.PRIORITY) !== 0) at += 5;
    if (at > last) return this.#fail(ERROR_CODE.FRAME_SIZE_ERROR);
    if ((flags & FLAG.END_HEADERS) !== 0) return this.#fields(flags, id, octets, at, last);
    const part = Buffer.from(octets.subarray(at, last));
    this.#block = { streamId: id, flags, parts: [part], octets: part.length, continuations: 0 };
    return true;
  }

  #continuation(flags: number, id: number, octets: Buffer, at: number, end: number): boolean {
    const block = this.#block;
    if (block === undefined || block.streamId !== id) return this.#fail(ERROR_CODE.PROTOCOL_ERROR);
    if (at === end) {
      this.#meter.emptyFrame();
      if (!this.#judge()) return false;
    }
    block.octets += end - at;
    block.continuations++;
    const most = Math.max(BLOCK_RATIO * this.#limits.mostHeaderOctets, FIRST_MAX_FRAME_SIZE);
    if (block.octets > most || block.continuations > this.#limits.mostContinuations) {
      this.#meter.noise(block.octets);
      return this.#end('noise', ERROR_CODE.ENHANCE_YOUR_CALM);
    }
    block.parts.push(Buffer.from(octets.subarray(at, end)));
    if ((flags & FLAG.END_HEADERS) === 0) return true;
    this.#block = undefined;
    return this.#fields(block.flags, id, Buffer.concat(block.parts), 0, block.octets);
  }

  /** A whole block of fields: decoded whatever becomes of it, because the table must stay the same on both sides (RFC 9113 4.3). */
  #fields(flags: number, id: number, octets: Buffer, start: number, end: number): boolean {
    try {
      this.#decoder.decode(octets, start, end, this.#list);
    } catch {
      return this.#fail(ERROR_CODE.COMPRESSION_ERROR);
    }
    const isLast = (flags & FLAG.END_STREAM) !== 0;
    const stream = this.#streams.get(id);
    if (stream !== undefined) return this.#trailers(stream, isLast);
    if (id > this.#lastStreamId && this.#closingMs === undefined) return this.#opened(id, isLast, end - start);
    this.#meter.noise(HEADER_LENGTH + end - start);
    if (this.#closingMs !== undefined || this.#resets.has(id)) return true;
    return this.#fail(ERROR_CODE.PROTOCOL_ERROR);
  }

  /** A new stream. */
  #opened(id: number, isLast: boolean, blockOctets: number): boolean {
    this.#lastStreamId = id;
    const refusal = this.#refusal(!isLast);
    if (refusal !== undefined) {
      this.#meter.noise(HEADER_LENGTH + blockOctets);
      return this.#reset(id, refusal);
    }
    const request = this.#request;
    this.#meter.request();
    this.#activeMs = this.#nowMs;
    let response: PreparedResponse;
    try {
      response = this.#shared.handler(request);
    } catch {
      return this.#reset(id, ERROR_CODE.INTERNAL_ERROR);
    }
    const isHead = request.method === 'HEAD';
    if (!isLast) this.#hold(id, response, isHead);
    else if (!this.#send.answer(id, response, isHead, this.#send.initialWindow)) {
      this.#waitFor(this.#newStream(id), response);
    }
    if (this.#limits.isOneAnswerEach) this.#startClosing();
    if (response.status !== 401 && response.status !== 403) return true;
    this.#meter.unauthorised();
    return this.#judge();
  }

  /** The error code by which the request in the list is refused unheard, or undefined. */
  #refusal(hasBody: boolean): number | undefined {
    if (this.#list.isTooLarge) return ERROR_CODE.ENHANCE_YOUR_CALM;
    if (!this.#request.read(hasBody)) return ERROR_CODE.PROTOCOL_ERROR;
    return this.#streams.size >= this.#limits.mostStreams ? ERROR_CODE.REFUSED_STREAM : undefined;
  }

  #newStream(id: number): Stream {
    const stream = new Stream(id, this.#nowMs, this.#request, this.#initialReceiveWindow, this.#send.initialWindow);
    this.#streams.set(id, stream);
    return stream;
  }

  /**
   * Keeps a stream whose body is still to come, and the answer until then: libcurl 7.88 waits for ever when it reads an answer before it
   * has written its body. Whoever announces one that is too long is answered at once.
   */
  #hold(id: number, response: PreparedResponse, isHead: boolean): void {
    const stream = this.#newStream(id);
    const { contentLength = 0 } = stream;
    stream.held = response;
    stream.isHead = isHead;
    if (contentLength > this.#limits.mostBodyOctets) this.#answerHeld(stream);
    else if (this.#request.header('expect') === '100-continue') {
      this.#send.frame(FRAME.HEADERS, FLAG.END_HEADERS, id, CONTINUE);
    }
  }

  #answerHeld(stream: Stream): void {
    const { held, isHead } = stream;
    if (held === undefined) return;
    stream.held = undefined;
    if (this.#send.answer(stream.id, held, isHead, stream.window)) this.#sent(stream);
    else this.#waitFor(stream, held);
  }

  /** Sends the body of an answer whose fields were sent, as windows admit. */
  #waitFor(stream: Stream, { body }: PreparedResponse): void {
    stream.body = body;
    this.#send.wait(stream);
  }

  /** The whole answer was sent. A body that is too long for us is not waited for (RFC 9113 8.1). */
  #sent(stream: Stream): void {
    const { contentLength = 0 } = stream;
    if (!stream.isHearing) this.#forget(stream);
    else if (contentLength > this.#limits.mostBodyOctets) this.#reset(stream.id, ERROR_CODE.NO_ERROR);
  }

  #forget(stream: Stream): void {
    this.#streams.delete(stream.id);
    this.#send.forget(stream);
  }

  /** A stream error (RFC 9113 5.4.2). It counts: a peer can make us reset streams as well as reset them itself. */
  #reset(id: number, code: number): boolean {
    const stream = this.#streams.get(id);
    if (stream !== undefined) this.#forget(stream);
    this.#send.reset(id, code);
    this.#resets.add(id);
    this.#meter.reset();
    return this.#judge();
  }

  #trailers(stream: Stream, isLast: boolean): boolean {
    if (!stream.isHearing) return this.#fail(ERROR_CODE.STREAM_CLOSED);
    if (!isLast || this.#list.isTooLarge || !areTrailers(this.#list)) {
      return this.#reset(stream.id, ERROR_CODE.PROTOCOL_ERROR);
    }
    return this.#heard(stream);
  }

  /** The peer has ended its side. */
  #heard(stream: Stream): boolean {
    const { contentLength, received } = stream;
    if (contentLength !== undefined && contentLength !== received) {
      return this.#reset(stream.id, ERROR_CODE.PROTOCOL_ERROR);
    }
    stream.isHearing = false;
    if (stream.held !== undefined) this.#answerHeld(stream);
    else if (stream.body === undefined) this.#forget(stream);
    return true;
  }

  #data(flags: number, id: number, octets: Buffer, at: number, end: number): boolean {
    if (id === 0) return this.#fail(ERROR_CODE.PROTOCOL_ERROR);
    const length = end - at;
    const isPadded = (flags & FLAG.PADDED) !== 0;
    if (isPadded && length === 0) return this.#fail(ERROR_CODE.FRAME_SIZE_ERROR);
    const padding = isPadded ? 1 + (octets[at] as number) : 0;
    if (padding > length) return this.#fail(ERROR_CODE.PROTOCOL_ERROR);
    this.#receiveWindow -= length;
    if (this.#receiveWindow < 0) return this.#fail(ERROR_CODE.FLOW_CONTROL_ERROR);
    this.#consumed += length;
    if (this.#consumed >= FIRST_WINDOW >> 1) {
      this.#send.windowUpdate(0, this.#consumed);
      this.#receiveWindow += this.#consumed;
      this.#consumed = 0;
    }
    this.#meter.noise(HEADER_LENGTH + padding);
    const isLast = (flags & FLAG.END_STREAM) !== 0;
    if (padding === length && !isLast) {
      this.#meter.emptyFrame();
      if (!this.#judge()) return false;
    }
    const stream = this.#streams.get(id);
    if (stream?.isHearing === true) return this.#body(stream, length, padding, isLast);
    if (this.#resets.has(id) || (this.#closingMs !== undefined && id > this.#lastStreamId)) return true;
    return this.#fail(this.#isIdle(id) ? ERROR_CODE.PROTOCOL_ERROR : ERROR_CODE.STREAM_CLOSED);
  }

  /** A part of a body: counted and thrown away. */
  #body(stream: Stream, length: number, padding: number, isLast: boolean): boolean {
    stream.receiveWindow -= length;
    if (stream.receiveWindow < 0) return this.#reset(stream.id, ERROR_CODE.FLOW_CONTROL_ERROR);
    stream.received += length - padding;
    if (stream.received > (stream.contentLength ?? stream.received)) {
      return this.#reset(stream.id, ERROR_CODE.PROTOCOL_ERROR);
    }
    if (stream.received > this.#limits.mostBodyOctets) {
      this.#answerHeld(stream);
      const isAnswered = stream.body === undefined;
      return this.#reset(stream.id, isAnswered ? ERROR_CODE.NO_ERROR : ERROR_CODE.ENHANCE_YOUR_CALM);
    }
    if (isLast) return this.#heard(stream);
    stream.consumed += length;
    if (stream.consumed < this.#limits.mostBodyOctets >> 1) return true;
    this.#send.windowUpdate(stream.id, stream.consumed);
    stream.receiveWindow += stream.consumed;
    stream.consumed = 0;
    return true;
  }

  /** Whether nobody has opened a stream yet: clients open odd ones, in order (RFC 9113 5.1.1), we open none. */
  #isIdle(id: number): boolean {
    return id > this.#lastStreamId || (id & 1) === 0;
  }

  #rstStream(id: number, length: number): boolean {
    if (length !== 4) return this.#fail(ERROR_CODE.FRAME_SIZE_ERROR);
    const isAboveGoAway = this.#closingMs !== undefined && (id & 1) === 1;
    if (this.#isIdle(id) && !isAboveGoAway) return this.#fail(ERROR_CODE.PROTOCOL_ERROR);
    const stream = this.#streams.get(id);
    if (stream !== undefined) this.#forget(stream);
    this.#meter.reset();
    return this.#judge();
  }

  #windowUpdate(id: number, octets: Buffer, at: number, end: number): boolean {
    if (end - at !== 4) return this.#fail(ERROR_CODE.FRAME_SIZE_ERROR);
    this.#meter.noise(HEADER_LENGTH + 4);
    const increment = u31At(octets, at);
    if (id === 0) {
      if (increment === 0) return this.#fail(ERROR_CODE.PROTOCOL_ERROR);
      return this.#send.grow(increment) || this.#fail(ERROR_CODE.FLOW_CONTROL_ERROR);
    }
    const stream = this.#streams.get(id);
    if (stream === undefined) {
      const isAboveGoAway = this.#closingMs !== undefined && (id & 1) === 1;
      return !this.#isIdle(id) || isAboveGoAway || this.#fail(ERROR_CODE.PROTOCOL_ERROR);
    }
    if (increment === 0) return this.#reset(id, ERROR_CODE.PROTOCOL_ERROR);
    return this.#send.growStream(stream, increment) || this.#reset(id, ERROR_CODE.FLOW_CONTROL_ERROR);
  }

  /** SETTINGS, PING and GOAWAY: of the connection, never of a stream. */
  #ofConnection(type: number, flags: number, id: number, octets: Buffer, at: number, end: number): boolean {
    if (id !== 0) return this.#fail(ERROR_CODE.PROTOCOL_ERROR);
    const isAck = (flags & FLAG.ACK) !== 0;
    const length = end - at;
    if (type === FRAME.SETTINGS && isAck) return this.#acknowledged(length);
    this.#meter.controlFrame();
    if (!this.#judge()) return false;
    switch (type) {
      case FRAME.SETTINGS:
        return length % 6 === 0 ? this.#settings(octets, at, end) : this.#fail(ERROR_CODE.FRAME_SIZE_ERROR);
      case FRAME.PING:
        if (length !== 8) return this.#fail(ERROR_CODE.FRAME_SIZE_ERROR);
        this.#activeMs = this.#nowMs;
        if (!isAck) this.#send.frame(FRAME.PING, FLAG.ACK, 0, octets.subarray(at, end));
        return true;
      default:
        if (length < 8) return this.#fail(ERROR_CODE.FRAME_SIZE_ERROR);
        this.#startClosing();
        return true;
    }
  }

  /** Our settings hold from now on (RFC 9113 6.5.3): windows of open streams change by the difference (6.9.2). */
  #acknowledged(length: number): boolean {
    if (length !== 0) return this.#fail(ERROR_CODE.FRAME_SIZE_ERROR);
    if (this.#isAcknowledged) {
      this.#meter.controlFrame();
      return this.#judge();
    }
    this.#isAcknowledged = true;
    const difference = this.#limits.mostBodyOctets - this.#initialReceiveWindow;
    this.#initialReceiveWindow = this.#limits.mostBodyOctets;
    for (const stream of this.#streams.values()) stream.receiveWindow += difference;
    return true;
  }

  /** The peer's settings (RFC 9113 6.5.2), in order; what comes several times in a frame takes effect once. */
  #settings(octets: Buffer, start: number, end: number): boolean {
    let window: number | undefined;
    let table: number | undefined;
    let smallestTable = LARGEST_31_BITS;
    for (let at = start; at < end; at += 6) {
      const value = u32At(octets, at + 2);
      switch (((octets[at] as number) << 8) | (octets[at + 1] as number)) {
        case SETTING.HEADER_TABLE_SIZE:
          table = value;
          smallestTable = Math.min(smallestTable, value);
          break;
        case SETTING.ENABLE_PUSH:
          if (value > 1) return this.#fail(ERROR_CODE.PROTOCOL_ERROR);
          break;
        case SETTING.INITIAL_WINDOW_SIZE:
          if (value > LARGEST_31_BITS) return this.#fail(ERROR_CODE.FLOW_CONTROL_ERROR);
          window = value;
          break;
        case SETTING.MAX_FRAME_SIZE:
          if (value < FIRST_MAX_FRAME_SIZE || value > LARGEST_MAX_FRAME_SIZE) {
            return this.#fail(ERROR_CODE.PROTOCOL_ERROR);
          }
      }
    }
    if (table !== undefined) {
      this.#send.resizeTable(smallestTable);
      this.#send.resizeTable(table);
    }
    // Before the acknowledgement nothing may be sent that the new settings forbid; after it nothing that the old ones did not allow.
    this.#send.frame(FRAME.SETTINGS, FLAG.ACK, 0, NOTHING);
    if (window === undefined || this.#send.resizeWindows(window, this.#streams.values())) return true;
    return this.#fail(ERROR_CODE.FLOW_CONTROL_ERROR);
  }
}
