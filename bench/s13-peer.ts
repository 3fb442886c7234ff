import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import {
  AVP,
  type Avp,
  capabilitiesRequest,
  ECR,
  HEADER_LENGTH,
  messageOctets,
  readAvps,
} from '#protocol/diameter/index.ts';

/** Requests made ready; more than any window, so that none is under way twice. */
const READY = 4096;
/** Places in a header (RFC 6733 3). */
const PLACE = { flags: 4, command: 5, hopByHop: 12 } as const;
const LENGTH_MASK = 0xff_ffff;
const FLAG = { R: 0x80, E: 0x20 } as const;
/** Nobody ends a rest; with what the system adds to it a turn takes about 0.15 ms. */
const REST = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
const REST_MILLISECONDS = 0.05;
/** Latencies that are kept; of more, the last. */
const MOST_LATENCIES = 1 << 22;
const MME = {
  originHost: 'mme.test',
  originRealm: 'test',
  productName: 'mme',
  addresses: ['127.0.0.1'],
  originStateId: 1,
};
/** ME-Identity-Check (TS 29.272 7.2.19). */
const HEAD = { flags: 0xc0, command: 324, application: 16777252 } as const;

/** Latencies in milliseconds that were seen, and the answers a second. */
export interface Load {
  readonly rate: number;
  readonly p50: number;
  readonly p99: number;
}

/** An ECR as an MME sends it: IMEI, software version and IMSI; hop-by-hop and end-to-end identifier are the same number. */
export function equipmentCheck(imei: string, imsi: string, number: number): Uint8Array {
  const body = ECR.write({
    'Session-Id': `mme.test;1795000000;${String(number).padStart(10, '0')};s13`,
    'Vendor-Specific-Application-Id': { 'Vendor-Id': 10415, 'Auth-Application-Id': 16777252 },
    'Auth-Session-State': 1,
    'Origin-Host': 'mme.test',
    'Origin-Realm': 'test',
    'Destination-Realm': 'test',
    'Terminal-Information': { IMEI: imei, 'Software-Version': '01' },
    'User-Name': imsi,
  });
  return messageOctets({ ...HEAD, hopByHop: number, endToEnd: number }, body);
}

/** 4,096 requests one behind the other, about these IMEIs in turn, each of another subscriber; all of the same length. */
export function readyRequests(imeis: readonly string[]): Buffer {
  const requests = Array.from({ length: READY }, (_, i) =>
    equipmentCheck(imeis[i % imeis.length]!, `00101${String(i).padStart(10, '0')}`, i),
  );
  return Buffer.concat(requests);
}

/** Requests under way: when each was sent, how long each answer took. */
class Course {
  readonly #requests: Buffer;
  readonly #size: number;
  readonly #sentAt = new Float64Array(READY);
  readonly #latencies = new Float64Array(MOST_LATENCIES);
  readonly #begun = performance.now();
  sent = 0;
  answered = 0;

  constructor(requests: Buffer) {
    this.#requests = requests;
    this.#size = requests.length / READY;
  }

  /** Milliseconds since it began. */
  get elapsed(): number {
    return performance.now() - this.#begun;
  }

  /** Sends as many more, in as few writes as can be. */
  send(count: number, socket: Socket): void {
    const now = performance.now();
    for (let left = count; left > 0; ) {
      const from = this.sent % READY;
      const run = Math.min(left, READY - from);
      this.#sentAt.fill(now, from, from + run);
      socket.write(this.#requests.subarray(from * this.#size, (from + run) * this.#size));
      this.sent += run;
      left -= run;
    }
  }

  answer(hopByHop: number): void {
    this.#latencies[this.answered++ % MOST_LATENCIES] = performance.now() - this.#sentAt[hopByHop % READY]!;
  }

  load(): Load {
    const rate = (this.answered * 1000) / this.elapsed;
    const sorted = this.#latencies.subarray(0, this.answered).toSorted();
    const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
    return { rate, p50: at(0.5), p99: at(0.99) };
  }
}

/** An MME's connection. One thing at a time. */
export class S13Peer {
  readonly #socket: Socket;
  #left: Buffer = Buffer.alloc(0);
  /** Hears of each answer; requests of the other side (watchdogs) do not count. */
  #onMessage: (octets: Buffer, start: number, end: number) => void = () => {};
  /** Hears when all messages of a chunk were heard of. */
  #afterChunk: () => void = () => {};
  #onEnd: (error: Error) => void = () => {};

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.#cut(chunk));
    socket.on('error', (error) => this.#onEnd(error));
    socket.on('close', () => this.#onEnd(new Error('S13: the other side ended the connection')));
  }

  /** Connects; `mme.test` exchanges capabilities unless the other side only echoes. Rejects when nobody listens. */
  static async open(port: number, { greets = true } = {}): Promise<S13Peer> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    const peer = new S13Peer(socket);
    if (greets) await peer.exchange(capabilitiesRequest(MME, { hopByHop: 1, endToEnd: 1 }));
    return peer;
  }

  /** One request, one answer. */
  exchange(request: Uint8Array): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      this.#onEnd = reject;
      this.#onMessage = (octets, start, end) => resolve(Buffer.from(octets.subarray(start, end)));
      this.#socket.write(request);
    });
  }

  /** Equipment-Status of the answer about one IMEI: 0 white, 1 black, 2 grey; undefined for an answer that has none. */
  async check(imei: string): Promise<number | undefined> {
    const answer = await this.exchange(equipmentCheck(imei, '001010000000042', 1));
    const found: Avp[] = [];
    readAvps(answer, HEADER_LENGTH, answer.length, { avps: 64, depth: 4 }, found);
    return found.find(({ code }) => code === AVP['Equipment-Status'].code)?.data[3];
  }

  /** So many requests under way at all times, for so long. `requests` as readyRequests makes them. */
  flood(requests: Buffer, window: number, milliseconds: number): Promise<Load> {
    const course = new Course(requests);
    return new Promise((resolve, reject) => {
      this.#onEnd = reject;
      this.#onMessage = (octets, start) => course.answer(octets.readUInt32BE(start + PLACE.hopByHop));
      this.#afterChunk = () => {
        if (course.elapsed < milliseconds) return course.send(window - (course.sent - course.answered), this.#socket);
        if (course.answered === course.sent) resolve(this.#over(course));
      };
      course.send(window, this.#socket);
    });
  }

  /**
   * So many requests a second, for so long; fewer only when thousands are unanswered, and then the rate shows it. It rests between two
   * turns: a generator that never sleeps takes a core for itself, and what the other side's threads then wait for a core, several
   * milliseconds of the system's scheduler, would be measured as theirs. What is due goes out after each rest, about 15 together at 100,000.
   */
  offer(requests: Buffer, perSecond: number, milliseconds: number): Promise<Load> {
    const course = new Course(requests);
    return new Promise((resolve, reject) => {
      this.#onEnd = reject;
      this.#onMessage = (octets, start) => course.answer(octets.readUInt32BE(start + PLACE.hopByHop));
      const turn = () => {
        const { elapsed, sent, answered } = course;
        if (elapsed >= milliseconds && answered === sent) return resolve(this.#over(course));
        const due = Math.floor((Math.min(elapsed, milliseconds) * perSecond) / 1000);
        course.send(Math.min(due, answered + READY) - sent, this.#socket);
        Atomics.wait(REST, 0, 0, REST_MILLISECONDS);
        setImmediate(turn);
      };
      turn();
    });
  }

  /** Cuts the connection. */
  close(): void {
    this.#onEnd = () => {};
    this.#socket.destroy();
  }

  #over(course: Course): Load {
    this.#afterChunk = () => {};
    return course.load();
  }

  #cut(chunk: Buffer): void {
    const octets = this.#left.length === 0 ? chunk : Buffer.concat([this.#left, chunk]);
    let at = 0;
    while (octets.length - at >= HEADER_LENGTH) {
      const length = octets.readUInt32BE(at) & LENGTH_MASK;
      if (length > octets.length - at) break;
      if ((octets[at + PLACE.flags]! & FLAG.E) !== 0)
        this.#onEnd(new Error('S13: expected an answer, got an error of the protocol (flag E)'));
      // An echo comes back as the request that it was; a request of another kind is the other side's own.
      const isRequest = (octets[at + PLACE.flags]! & FLAG.R) !== 0;
      if (!isRequest || octets.readUIntBE(at + PLACE.command, 3) === HEAD.command)
        this.#onMessage(octets, at, at + length);
      at += length;
    }
    this.#left = octets.subarray(at);
    this.#afterChunk();
  }
}
