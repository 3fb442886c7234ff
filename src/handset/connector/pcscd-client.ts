import { connect, type Socket } from 'node:net';
import { CodecError, concat, NO_OCTETS } from '#base/codec/index.ts';
import type { Scheduler } from '#protocol/smpp/index.ts';
import {
  DISPOSITION,
  PCSC_PROTOCOL,
  PCSC_RESULT,
  type PcscCard,
  PcscError,
  type PcscProtocol,
  type PcscService,
  type PcscUse,
  protocolBits,
  protocolOf,
  shareMode,
} from './pcsc.ts';
import {
  connectMessage,
  contextMessage,
  disconnectMessage,
  LONGEST_PCSC_APDU,
  PCSCD_COMMAND,
  PCSCD_VERSION,
  type PcscReader,
  pcscdHeader,
  READER_STATES_LENGTH,
  readersIn,
  reconnectMessage,
  transmitMessage,
  versionMessage,
} from './pcscd-message.ts';

/** Where the daemon of pcsc-lite listens. */
export const PCSCD_SOCKET = '/run/pcscd/pcscd.comm';
/** A card may take seconds to make a key, a person longer at a reader's keypad. */
const ANSWER_MS = 60_000;
const SCOPE_SYSTEM = 2;
/** Size of the protocol control information (SCARD_IO_REQUEST of the client's C library: two longs). */
const PCI_LENGTH = 16;

type Handler = (octets: Uint8Array) => void;

/** Reads exact numbers of octets of a connection, one request at a time. */
class PcscdConnection {
  readonly #socket: Socket;
  readonly #scheduler: Scheduler;
  #received: Uint8Array = NO_OCTETS;
  #wanted: { readonly length: number; readonly take: Handler; readonly fail: (error: Error) => void } | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #isOver = false;

  constructor(socket: Socket, scheduler: Scheduler) {
    this.#socket = socket;
    this.#scheduler = scheduler;
    socket.on('data', (octets) => {
      this.#received = concat(this.#received, octets);
      this.#serve();
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      this.#isOver = true;
      this.#wanted?.fail(new PcscError(PCSC_RESULT.serviceStopped, 'PC/SC'));
    });
  }

  #serve(): void {
    const wanted = this.#wanted;
    if (wanted === undefined || this.#received.length < wanted.length) return;
    this.#wanted = undefined;
    const octets = this.#received.slice(0, wanted.length);
    this.#received = this.#received.slice(wanted.length);
    wanted.take(octets);
  }

  #read(length: number): Promise<Uint8Array> {
    if (this.#isOver) return Promise.reject(new PcscError(PCSC_RESULT.serviceStopped, 'PC/SC'));
    return new Promise((resolve, reject) => {
      // Out of step with the daemon nothing can be trusted any more: the connection ends.
      const stop = this.#scheduler.after(ANSWER_MS, () => this.#socket.destroy());
      const take = (octets: Uint8Array) => {
        stop();
        resolve(octets);
      };
      const fail = (error: Error) => {
        stop();
        reject(error);
      };
      this.#wanted = { length, take, fail };
      this.#serve();
    });
  }

  /** One request and its answer of `length` octets; `more` says how many octets follow a first answer. Requests wait for each other. */
  ask(
    command: number,
    body: Uint8Array,
    length: number,
    more: (first: Uint8Array) => number = () => 0,
    tail = NO_OCTETS,
  ) {
    const answer = this.#turn.then(async () => {
      this.#socket.write(concat(pcscdHeader.encode({ size: body.length, command }), body, tail));
      const first = await this.#read(length);
      const left = more(first);
      return { first, rest: left === 0 ? NO_OCTETS : await this.#read(left) };
    });
    this.#turn = answer.catch(() => undefined);
    return answer;
  }

  /** Ends the connection; the daemon gives back what it held. */
  close(): Promise<void> {
    if (this.#socket.destroyed) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#socket.once('close', () => resolve());
    this.#socket.destroy();
    return promise;
  }
}

function check(result: number, doing: string): void {
  if (result !== PCSC_RESULT.ok) throw new PcscError(result, doing);
}

/** What `read` finds in an answer of the daemon; what is none is the service's fault, as every other refusal of it. */
function parsed<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof CodecError)) throw error;
    throw new PcscError(PCSC_RESULT.communicationError, `${what}: ${error.message}`);
  }
}

async function readersOf(connection: PcscdConnection): Promise<readonly PcscReader[]> {
  const { first } = await connection.ask(PCSCD_COMMAND.readerStates, NO_OCTETS, READER_STATES_LENGTH);
  return parsed('list of readers', () => readersIn(first));
}

class PcscdCard implements PcscCard {
  readonly #connection: PcscdConnection;
  readonly #card: number;
  readonly #use: PcscUse;
  readonly #reader: string;
  #protocol: PcscProtocol;

  constructor(connection: PcscdConnection, reader: string, card: number, use: PcscUse, protocol: PcscProtocol) {
    this.#reader = reader;
    this.#connection = connection;
    this.#card = card;
    this.#use = use;
    this.#protocol = protocol;
  }

  get protocol(): PcscProtocol {
    return this.#protocol;
  }

  async atr(): Promise<Uint8Array> {
    const readers = await readersOf(this.#connection);
    return readers.find(({ name }) => name === this.#reader)?.atr ?? NO_OCTETS;
  }

  async transmit(command: Uint8Array): Promise<Uint8Array> {
    const protocol = PCSC_PROTOCOL[this.#protocol];
    const body = transmitMessage.encode({
      card: this.#card,
      sendProtocol: protocol,
      sendPciLength: PCI_LENGTH,
      sendLength: command.length,
      receiveProtocol: protocol,
      receivePciLength: PCI_LENGTH,
      receiveLength: LONGEST_PCSC_APDU,
      result: 0,
    });
    const answerLength = (first: Uint8Array) => {
      const { receiveLength, result } = transmitMessage.decode(first);
      return result === PCSC_RESULT.ok ? Math.min(receiveLength, LONGEST_PCSC_APDU) : 0;
    };
    const { first, rest } = await this.#connection.ask(
      PCSCD_COMMAND.transmit,
      body,
      body.length,
      answerLength,
      command,
    );
    check(transmitMessage.decode(first).result, '');
    return rest;
  }

  async reset(): Promise<void> {
    const body = reconnectMessage.encode({
      card: this.#card,
      share: shareMode(this.#use),
      protocols: protocolBits(this.#use),
      initialization: DISPOSITION.unpower,
      protocol: 0,
      result: 0,
    });
    const { first } = await this.#connection.ask(PCSCD_COMMAND.reconnect, body, body.length);
    const { result, protocol } = reconnectMessage.decode(first);
    check(result, 'reset');
    this.#protocol = protocolOf(protocol);
  }

  async disconnect(): Promise<void> {
    const body = disconnectMessage.encode({ card: this.#card, disposition: DISPOSITION.reset, result: 0 });
    const { first } = await this.#connection.ask(PCSCD_COMMAND.disconnect, body, body.length);
    check(disconnectMessage.decode(first).result, 'disconnect');
  }
}

class PcscdService implements PcscService {
  readonly #connection: PcscdConnection;
  #context = 0;

  constructor(connection: PcscdConnection) {
    this.#connection = connection;
  }

  async establish(): Promise<void> {
    const mine = versionMessage.encode({ ...PCSCD_VERSION, result: 0 });
    const { first: theirs } = await this.#connection.ask(PCSCD_COMMAND.version, mine, mine.length);
    const { major, minor, result } = versionMessage.decode(theirs);
    if (result !== PCSC_RESULT.ok || major !== PCSCD_VERSION.major)
      throw new PcscError(
        PCSC_RESULT.noService,
        `pcscd speaks protocol ${major}.${minor}, expected ${PCSCD_VERSION.major}.${PCSCD_VERSION.minor}`,
      );
    const body = contextMessage.encode({ scope: SCOPE_SYSTEM, context: 0, result: 0 });
    const { first } = await this.#connection.ask(PCSCD_COMMAND.establishContext, body, body.length);
    const established = contextMessage.decode(first);
    check(established.result, 'PC/SC context');
    this.#context = established.context;
  }

  readers(): Promise<readonly PcscReader[]> {
    return readersOf(this.#connection);
  }

  async connect(reader: string, use: PcscUse): Promise<PcscCard> {
    const body = connectMessage.encode({
      context: this.#context,
      reader,
      share: shareMode(use),
      protocols: protocolBits(use),
      card: 0,
      protocol: 0,
      result: 0,
    });
    const { first } = await this.#connection.ask(PCSCD_COMMAND.connect, body, body.length);
    const { card, protocol, result } = connectMessage.decode(first);
    check(result, reader);
    return new PcscdCard(this.#connection, reader, card, use, protocolOf(protocol));
  }

  close(): Promise<void> {
    return this.#connection.close();
  }
}

/** The PC/SC service of this machine through pcsc-lite's own socket. Rejects with the system's error when nobody listens there. */
export async function connectPcscd(path: string, scheduler: Scheduler): Promise<PcscService> {
  const socket = connect({ path });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  const connection = new PcscdConnection(socket, scheduler);
  const service = new PcscdService(connection);
  try {
    await service.establish();
  } catch (error) {
    await connection.close();
    throw error;
  }
  return service;
}
