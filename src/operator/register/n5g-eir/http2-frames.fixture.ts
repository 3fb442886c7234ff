import { connect, type Socket } from 'node:net';

/** Frame types of RFC 9113 6 that a hostile test writes or reads by hand. */
export const FRAME = {
  DATA: 0,
  HEADERS: 1,
  PRIORITY: 2,
  RST_STREAM: 3,
  SETTINGS: 4,
  PING: 6,
  GOAWAY: 7,
  CONTINUATION: 9,
} as const;
/** Flags of those frames. */
export const END_STREAM = 1;
export const END_HEADERS = 4;
const ACK = 1;
/** RFC 9113 3.4. */
export const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

/** One frame (RFC 9113 4.1). */
export function frame(type: number, flags: number, streamId: number, payload: Uint8Array = new Uint8Array(0)): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(streamId, 5);
  return Buffer.concat([head, payload]);
}

/** A field, literal, never indexed, without Huffman coding (RFC 7541 6.2.3); names and values below 127 octets. */
export function field(name: string, value: string): Buffer {
  return Buffer.concat([
    Buffer.from([0x10, name.length]),
    Buffer.from(name),
    Buffer.from([value.length]),
    Buffer.from(value),
  ]);
}

/** The fields of a GET. */
export function getFields(path: string): Buffer {
  const fields = { ':method': 'GET', ':scheme': 'http', ':authority': 'eir', ':path': path };
  return Buffer.concat(Object.entries(fields).map(([name, value]) => field(name, value)));
}

/** One setting (RFC 9113 6.5.1). */
export function setting(identifier: number, value: number): Buffer {
  const octets = Buffer.alloc(6);
  octets.writeUInt16BE(identifier, 0);
  octets.writeUInt32BE(value, 2);
  return octets;
}

/** A frame that came. */
export interface Frame {
  readonly type: number;
  readonly flags: number;
  readonly streamId: number;
  readonly payload: Buffer;
}

/** A raw connection: what was read so far, and its end. */
export interface RawConnection {
  readonly socket: Socket;
  readonly frames: readonly Frame[];
  /** Kept when the other side has closed. */
  readonly closed: Promise<void>;
  /** Kept when a frame for which `isIt` is true has come; broken when the connection closed without. */
  next(isIt: (frame: Frame) => boolean): Promise<Frame>;
}

/** Connects, sends preface and SETTINGS, acknowledges those of the other side, and cuts what comes into frames. */
export async function rawConnection(port: number, settings: Buffer = Buffer.alloc(0)): Promise<RawConnection> {
  const socket = connect({ host: '127.0.0.1', port });
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  const frames: Frame[] = [];
  const waiting = new Set<() => void>();
  const wake = () => {
    for (const look of waiting) look();
  };
  let rest = Buffer.alloc(0);
  let isClosed = false;
  socket.on('error', () => {}); // 'close' follows.
  const closed = new Promise<void>((resolve) =>
    socket.once('close', () => {
      isClosed = true;
      wake();
      resolve();
    }),
  );
  socket.on('data', (chunk) => {
    rest = Buffer.concat([rest, chunk as Buffer]);
    while (rest.length >= 9 && rest.length >= 9 + rest.readUIntBE(0, 3)) {
      const length = rest.readUIntBE(0, 3);
      const payload = rest.subarray(9, 9 + length);
      frames.push({ type: rest.readUInt8(3), flags: rest.readUInt8(4), streamId: rest.readUInt32BE(5), payload });
      rest = rest.subarray(9 + length);
      if (frames.at(-1)?.type === FRAME.SETTINGS && frames.at(-1)?.flags === 0) {
        socket.write(frame(FRAME.SETTINGS, ACK, 0));
      }
    }
    wake();
  });
  socket.write(Buffer.concat([PREFACE, frame(FRAME.SETTINGS, 0, 0, settings)]));
  return {
    socket,
    frames,
    closed,
    next: (isIt) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = frames.find(isIt);
          if (found === undefined && !isClosed) return;
          waiting.delete(look);
          if (found === undefined) reject(new Error(`closed after frames ${frames.map(({ type }) => type).join(' ')}`));
          else resolve(found);
        };
        waiting.add(look);
        look();
      }),
  };
}

/** The error code of a GOAWAY or RST_STREAM (RFC 9113 7). */
export function errorCode({ type, payload }: Frame): number {
  return payload.readUInt32BE(type === FRAME.GOAWAY ? 4 : 0);
}
