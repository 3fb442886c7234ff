// A capture of real TCP conversations without root: a proxy passes octets on unchanged, and each piece becomes the Ethernet, IPv4 and TCP
// frames of a pcapng file, with right sequence numbers and checksums. The same octets in the same order make the same file.
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { concat } from '#base/codec/index.ts';

/** An end of a conversation: the last number of its address in TEST-NET-1 (RFC 5737). */
export type Host = number;

const FIN = 0x01;
const SYN = 0x02;
const RST = 0x04;
const PSH = 0x08;
const ACK = 0x10;
const SEGMENT = 1460;
const FIRST_CLIENT_PORT = 49_152;
const START_MS = 1_790_000_000_000;
const LINKTYPE_ETHERNET = 1;

const u16 = (value: number): Uint8Array => Uint8Array.of(value >> 8, value);
const u32 = (value: number): Uint8Array => Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);
const address = (host: Host): Uint8Array => Uint8Array.of(192, 0, 2, host);
/** A locally administered MAC address. */
const mac = (host: Host): Uint8Array => Uint8Array.of(2, 0, 0, 0, 0, host);

/** The Internet checksum (RFC 1071). */
function checksum(octets: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < octets.length; i += 2) sum += (octets[i] as number) * 256 + (octets[i + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

/** A pcapng block (draft-ietf-opsawg-pcapng 3.1): its total length stands before and behind the body. */
function block(type: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const body = concat(...parts);
  const filled = concat(body, new Uint8Array(-body.length & 3));
  const length = u32(filled.length + 12);
  return concat(u32(type), length, filled, length);
}

/** One end of one conversation. */
interface End {
  readonly host: Host;
  readonly port: number;
  /** The sequence number of its next octet. */
  next: number;
  hasEnded: boolean;
}

/** Frames of one or more TCP conversations, each a millisecond behind the one before. */
export class TcpCapture {
  private readonly blocks: Uint8Array[] = [
    block(0x0a0d0d0a, u32(0x1a2b3c4d), u16(1), u16(0), new Uint8Array(8).fill(0xff)),
    block(1, u16(LINKTYPE_ETHERNET), u16(0), u32(0)),
  ];
  private frames = 0;
  private conversations = 0;

  /** The whole pcapng file so far. */
  octets(): Uint8Array {
    return concat(...this.blocks);
  }

  /** Lines of an NSS key log, by which TLS in this capture can be read (pcapng Decryption Secrets Block 4.7). */
  tlsSecrets(lines: Uint8Array): void {
    this.blocks.splice(1, 0, block(10, u32(0x544c534b), u32(lines.length), lines));
  }

  /** A new conversation, its handshake done. The service has port `port`; the client has a port of its own. */
  conversation(client: Host, service: Host, port: number): Conversation {
    const number = this.conversations++;
    const [from, to] = [
      { host: client, port: FIRST_CLIENT_PORT + number, next: 1000 * (number + 1), hasEnded: false },
      { host: service, port, next: 5_000_000 + 1000 * number, hasEnded: false },
    ];
    return new Conversation((sender, receiver, flags, data) => this.frame(sender, receiver, flags, data), from, to);
  }

  private frame(sender: End, receiver: End, flags: number, data: Uint8Array): void {
    const { host, port, next } = sender;
    const acknowledged = (flags & ACK) === 0 ? 0 : receiver.next;
    const ports = concat(u16(port), u16(receiver.port));
    const head = concat(ports, u32(next), u32(acknowledged), Uint8Array.of(0x50, flags), u16(0xffff), u32(0));
    const segment = concat(head, data);
    const pseudoHeader = concat(address(host), address(receiver.host), u16(6), u16(segment.length));
    segment.set(u16(checksum(concat(pseudoHeader, segment))), 16);
    const hosts = concat(address(host), address(receiver.host));
    const identification = u16(this.frames + 1);
    const packet = concat(
      u16(0x4500),
      u16(20 + segment.length),
      identification,
      u16(0x4000),
      u16(0x4006),
      u16(0),
      hosts,
    );
    packet.set(u16(checksum(packet)), 10);
    const frame = concat(mac(receiver.host), mac(host), u16(0x0800), packet, segment);
    const at = (START_MS + this.frames++) * 1000;
    const time = concat(u32(Math.floor(at / 2 ** 32)), u32(at % 2 ** 32));
    this.blocks.push(block(6, u32(0), time, u32(frame.length), u32(frame.length), frame));
    sender.next += data.length + ((flags & (SYN | FIN)) === 0 ? 0 : 1);
  }
}

type WriteFrame = (sender: End, receiver: End, flags: number, data: Uint8Array) => void;
const NOTHING = new Uint8Array(0);

/** One TCP conversation in a capture. */
export class Conversation {
  private readonly write: WriteFrame;
  private readonly ends: { readonly client: End; readonly service: End };

  constructor(write: WriteFrame, client: End, service: End) {
    this.write = write;
    this.ends = { client, service };
    write(client, service, SYN, NOTHING);
    write(service, client, SYN | ACK, NOTHING);
    write(client, service, ACK, NOTHING);
  }

  private pair(who: 'client' | 'service'): readonly [End, End] {
    const { client, service } = this.ends;
    return who === 'client' ? [client, service] : [service, client];
  }

  /** Octets that `who` sends, acknowledged segment by segment. */
  said(who: 'client' | 'service', octets: Uint8Array): void {
    const [sender, receiver] = this.pair(who);
    for (let at = 0; at < octets.length; at += SEGMENT) {
      this.write(sender, receiver, PSH | ACK, octets.subarray(at, at + SEGMENT));
      this.write(receiver, sender, ACK, NOTHING);
    }
  }

  /** `who` sends nothing more. */
  ended(who: 'client' | 'service'): void {
    const [sender, receiver] = this.pair(who);
    if (sender.hasEnded) return;
    this.write(sender, receiver, FIN | ACK, NOTHING);
    sender.hasEnded = true;
    this.write(receiver, sender, ACK, NOTHING);
  }

  /** `who` is gone without a word. */
  reset(who: 'client' | 'service'): void {
    const [sender, receiver] = this.pair(who);
    if (sender.hasEnded && receiver.hasEnded) return;
    this.write(sender, receiver, RST | ACK, NOTHING);
    sender.hasEnded = true;
    receiver.hasEnded = true;
  }
}

/** What a proxy records, and the service behind it. */
export interface Recording {
  readonly capture: TcpCapture;
  /** The port it really listens on, on 127.0.0.1. */
  readonly servicePort: number;
  /** The port it has in the capture. */
  readonly shownPort: number;
  /** Default 1. */
  readonly client?: Host;
  /** Default 2. */
  readonly service?: Host;
}

/** Passes on what `from` sends, and writes it down first. */
function pass(conversation: Conversation, who: 'client' | 'service', from: Socket, to: Socket): void {
  from.on('data', (octets) => {
    conversation.said(who, octets);
    to.write(octets);
  });
  from.once('end', () => {
    conversation.ended(who);
    to.end();
  });
  from.on('error', () => {}); // 'close' follows.
  from.once('close', () => {
    if (!from.readableEnded) conversation.reset(who);
    if (!from.readableEnded) to.destroy();
  });
}

/** A port of 127.0.0.1 that leads to the service and records every conversation with it, until the test ends. */
export async function recordingProxy(context: TestContext, recording: Recording): Promise<number> {
  const { capture, servicePort, shownPort, client = 1, service = 2 } = recording;
  const sockets: Socket[] = [];
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (accepted) => {
    const behind = connect({ host: '127.0.0.1', port: servicePort, allowHalfOpen: true, noDelay: true });
    sockets.push(accepted, behind);
    const conversation = capture.conversation(client, service, shownPort);
    pass(conversation, 'client', accepted, behind);
    pass(conversation, 'service', behind, accepted);
  });
  context.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  return typeof bound === 'object' && bound !== null ? bound.port : 0;
}
