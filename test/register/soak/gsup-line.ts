import { createServer, type Server, type Socket } from 'node:net';
import {
  CCM,
  CHECK_IMEI,
  ccm,
  element,
  elementOf,
  gsupFrame,
  gsupMessage,
  gsupOf,
  IPA,
  IpaStream,
  identities,
  ipaFrame,
} from '#protocol/gsup/index.ts';
import { Line } from './line.ts';

const UPDATE_LOCATION = { request: 0x04, result: 0x06 } as const;
const CCM_FRAME_LENGTH = 4;
const IDENTITY_TAG = 0;
const UNSPECIFIED = 0x6f;

const ccmFrame = (type: number, body: Uint8Array = new Uint8Array(0)) =>
  ipaFrame.encode({ protocol: IPA.ccm, payload: ccm.encode({ type, body }) });

/** What came of a question: the result of a check, an error, or the HLR's own answer to what only it knows. */
export type GsupAnswer = 'ACK' | 'NACK' | 'error' | 'updated';

function answerOf(frame: Uint8Array): GsupAnswer | undefined {
  const octets = gsupOf(frame);
  if (octets === undefined) return undefined;
  const message = gsupMessage.decode(octets);
  if (message.type === UPDATE_LOCATION.result) return 'updated';
  return message.type === CHECK_IMEI.result ? elementOf(message, 'imeiResult') : 'error';
}

/** An MSC of this name on GSUP. */
export class GsupLine {
  readonly #line: Line<GsupAnswer>;

  constructor(port: number, name: string) {
    const serial = { tag: IDENTITY_TAG, value: new TextEncoder().encode(`${name}\0`) };
    this.#line = new Line<GsupAnswer>(port, {
      framing: () => new IpaStream(),
      greeting: ccmFrame(CCM.ID_RESP, identities.encode([serial])),
      read(frame) {
        const answer = answerOf(frame);
        return answer === undefined ? {} : { answer };
      },
    });
  }

  /** Asks about an IMEI; undefined when no answer came. */
  check(imei: string, imsi: string): Promise<GsupAnswer | undefined> {
    const elements = [element('imsi', imsi), element('imei', imei)];
    return this.#line.ask(gsupFrame(gsupMessage.encode({ type: CHECK_IMEI.request, elements })));
  }

  /** Asks what goes through to the HLR and back. */
  update(imsi: string): Promise<GsupAnswer | undefined> {
    const elements = [element('imsi', imsi)];
    return this.#line.ask(gsupFrame(gsupMessage.encode({ type: UPDATE_LOCATION.request, elements })));
  }

  close(): void {
    this.#line.close();
  }
}

/** An HLR that updates locations, and should never be asked about an IMEI: it says error to that. */
export class FakeHlr {
  readonly #sockets = new Set<Socket>();
  readonly #server: Server = createServer((socket) => this.#serve(socket));
  /** Checks that came through to it. */
  asked = 0;

  /** Listens; gives the port. */
  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => this.#sockets.delete(socket));
    const stream = new IpaStream();
    socket.write(ccmFrame(CCM.ID_GET));
    socket.on('data', (octets) => stream.push(octets, (frame) => this.#take(socket, frame)));
  }

  #take(socket: Socket, frame: Uint8Array): void {
    if (frame[2] === IPA.ccm && frame.length >= CCM_FRAME_LENGTH && frame[3] === CCM.PING)
      socket.write(ccmFrame(CCM.PONG));
    const octets = gsupOf(frame);
    if (octets === undefined) return;
    const { type, elements } = gsupMessage.decode(octets);
    const [imsi] = elements;
    if (imsi === undefined) return;
    if (type === CHECK_IMEI.request) this.asked++;
    const answer =
      type === UPDATE_LOCATION.request
        ? { type: UPDATE_LOCATION.result, elements: [imsi] }
        : { type: type + 1, elements: [imsi, element('cause', UNSPECIFIED)] };
    socket.write(gsupFrame(gsupMessage.encode(answer)));
  }
}
