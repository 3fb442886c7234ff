import { CodecError, concat } from '#base/codec/index.ts';
import {
  type Card,
  type CommandApdu,
  decodeCommand,
  isProprietary,
  LONGEST_RESPONSE_DATA,
  logicalChannel,
  responseApdu,
  SW,
} from '#protocol/apdu/index.ts';

/** A program on a card. Every method returns; a fault inside is 6F00 to the outside and a call of the runtime's `fault`. */
export interface Applet {
  /** 5 to 16 octets. */
  readonly aid: Uint8Array;
  /** After reset or power-on, before any command: volatile state is gone. */
  reset(): void;
  /** SELECT by AID chose it on a channel, or the channel was opened on it (`command` undefined): an R-APDU. */
  select(channel: number, command: CommandApdu | undefined): Uint8Array;
  /** Another applet was selected on the channel, or the channel was closed. */
  deselect(channel: number): void;
  /** Any other command on a channel where it is selected; chained data is joined, so `data` may exceed 255 octets. An R-APDU of any length. */
  process(command: CommandApdu, channel: number): Uint8Array;
  /** True for an applet that is a whole file system: it sees every SELECT whose AID belongs to no other applet. */
  readonly ownsSelect?: boolean;
}

/** What a card is made of. The first applet is selected on the basic channel after reset, and by an empty SELECT. */
export interface CardParts {
  readonly atr: Uint8Array;
  readonly applets: readonly [Applet, ...Applet[]];
  /** Hears of a fault that a card must not show: for tests and logs. */
  readonly fault?: (error: unknown) => void;
}

const INS = { manageChannel: 0x70, select: 0xa4, getResponse: 0xc0 } as const;
const SELECT_BY_AID = 0x04;
const OPEN_CHANNEL = 0x00;
const CLOSE_CHANNEL = 0x80;
/** Logical channels that may be open, the basic one included (TS 102 221 11.1.17 with first interindustry CLA). */
const MOST_CHANNELS = 4;
/** CLA bit of command chaining on channels 0 to 3 (ISO/IEC 7816-4 5.4.1). */
const MORE_FOLLOWS = 0x10;
/** Most octets of joined command data. */
const LONGEST_CHAIN = 2048;
const SW1_RESPONSE_AVAILABLE = SW.responseAvailable;

const sw = (statusWord: number) => responseApdu(statusWord);
const OK = sw(SW.ok);

/**
 * A card from its applets: reset, logical channels, SELECT by AID, command chaining, and the transport that turns one R-APDU into
 * 61XX and GET RESPONSE where the command had no Le (TS 102 221 7.3.1, 11.1). Nothing that comes in makes it throw.
 */
export function cardRuntime(parts: CardParts): Card {
  return new Runtime(parts);
}

class Runtime implements Card {
  readonly #parts: CardParts;
  /** The applet on each open channel. */
  readonly #channels: (Applet | undefined)[] = [];
  /** Response octets that wait for GET RESPONSE; void as soon as another command comes. */
  #waiting: Uint8Array | undefined;
  #chain: { readonly header: number; readonly data: Uint8Array } | undefined;

  constructor(parts: CardParts) {
    this.#parts = parts;
    this.#clear();
  }

  reset(): Uint8Array {
    this.#clear();
    return this.#parts.atr.slice();
  }

  powerOff(): void {
    this.#clear();
  }

  #clear(): void {
    const { applets } = this.#parts;
    this.#channels.fill(undefined, 0, MOST_CHANNELS);
    this.#channels[0] = applets[0];
    this.#waiting = undefined;
    this.#chain = undefined;
    for (const applet of applets) applet.reset();
  }

  transmit(command: Uint8Array): Uint8Array {
    try {
      return this.#transport(decodeCommand(command));
    } catch (error) {
      if (error instanceof CodecError) return sw(SW.wrongLength);
      this.#parts.fault?.(error);
      return sw(SW.noDiagnosis);
    }
  }

  #transport(command: CommandApdu): Uint8Array {
    if (command.ins === INS.getResponse && !isProprietary(command.cla)) return this.#getResponse(command);
    this.#waiting = undefined;
    const response = this.#chained(command);
    const length = response.length - 2;
    if (length === 0) return response;
    const { le } = command;
    if (le === undefined) return this.#keep(response);
    if (length <= le) return response;
    // Case 2 can be asked again with the right Le; a command with data must not run twice, so its response is kept instead.
    if (command.data.length === 0 && length <= LONGEST_RESPONSE_DATA) {
      this.#waiting = response;
      return sw(SW.wrongLe | (length & 0xff));
    }
    return this.#firstPart(response, le);
  }

  #keep(response: Uint8Array): Uint8Array {
    this.#waiting = response;
    return sw(SW1_RESPONSE_AVAILABLE | (Math.min(response.length - 2, LONGEST_RESPONSE_DATA) % LONGEST_RESPONSE_DATA));
  }

  #firstPart(response: Uint8Array, le: number): Uint8Array {
    const part = response.subarray(0, le);
    const rest = response.subarray(le);
    this.#waiting = rest;
    return responseApdu(
      SW1_RESPONSE_AVAILABLE | (Math.min(rest.length - 2, LONGEST_RESPONSE_DATA) % LONGEST_RESPONSE_DATA),
      part,
    );
  }

  #getResponse({ le = LONGEST_RESPONSE_DATA }: CommandApdu): Uint8Array {
    const waiting = this.#waiting;
    if (waiting === undefined) return sw(SW.conditionsOfUseNotSatisfied);
    const length = waiting.length - 2;
    this.#waiting = undefined;
    return length <= le ? waiting.slice() : this.#firstPart(waiting, le);
  }

  /** Joins the data of chained commands (ISO/IEC 7816-4 5.3.3); any other command in between ends the chain. */
  #chained(command: CommandApdu): Uint8Array {
    const isBasic = (command.cla & 0x40) === 0;
    const hasMore = isBasic && (command.cla & MORE_FOLLOWS) !== 0;
    if (!hasMore && this.#chain === undefined) return this.#dispatch(command);
    const cla = command.cla & ~MORE_FOLLOWS;
    const header = (cla << 24) | (command.ins << 16) | (command.p1 << 8) | command.p2;
    // P1 P2 may number the blocks or flag the last one; instruction, class and channel may not change.
    const isContinued = this.#chain !== undefined && this.#chain.header >>> 16 === header >>> 16;
    const data = isContinued && this.#chain ? concat(this.#chain.data, command.data) : command.data.slice();
    this.#chain = undefined;
    if (data.length > LONGEST_CHAIN) return sw(SW.wrongLength);
    if (!hasMore) return this.#dispatch({ ...command, data });
    this.#chain = { header, data };
    return OK;
  }

  #dispatch(command: CommandApdu): Uint8Array {
    const channel = logicalChannel(command.cla);
    const applet = this.#channels[channel];
    if (command.cla === 0xff) return sw(SW.classNotSupported);
    if (applet === undefined) return sw(SW.channelNotSupported);
    if (!isProprietary(command.cla)) {
      if (command.ins === INS.manageChannel) return this.#manageChannel(command, channel);
      if (command.ins === INS.select && command.p1 === SELECT_BY_AID)
        return this.#selectByAid(command, channel, applet);
    }
    return applet.process(command, channel);
  }

  #selectByAid(command: CommandApdu, channel: number, current: Applet): Uint8Array {
    const { applets } = this.#parts;
    const chosen = this.#appletFor(command.data);
    if (chosen === undefined) {
      const owner = applets.find((applet) => applet.ownsSelect === true);
      return owner === undefined ? sw(SW.fileNotFound) : this.#switch(channel, current, owner, command);
    }
    return this.#switch(channel, current, chosen, command);
  }

  #switch(channel: number, current: Applet, next: Applet, command: CommandApdu): Uint8Array {
    const response = next.select(channel, command);
    const isSelected = response[response.length - 2] !== 0x6a;
    if (isSelected) {
      if (current !== next) current.deselect(channel);
      this.#channels[channel] = next;
    }
    return response;
  }

  /** The applet whose AID begins with what was asked; an empty SELECT asks for the first (GPC 2.3.1 11.9). */
  #appletFor(asked: Uint8Array): Applet | undefined {
    const { applets } = this.#parts;
    if (asked.length === 0) return applets[0];
    return applets.find(
      ({ aid, ownsSelect }) =>
        ownsSelect !== true && asked.length <= aid.length && asked.every((octet, i) => aid[i] === octet),
    );
  }

  #manageChannel({ p1, p2, le }: CommandApdu, from: number): Uint8Array {
    const [first] = this.#parts.applets;
    if (p1 === OPEN_CHANNEL && p2 === 0) {
      if (le === undefined) return sw(SW.wrongLength);
      const channel = [1, 2, 3].find((number) => this.#channels[number] === undefined);
      if (channel === undefined) return sw(SW.functionNotSupported);
      this.#channels[channel] = first;
      first.select(channel, undefined);
      return responseApdu(SW.ok, Uint8Array.of(channel));
    }
    if (p1 === CLOSE_CHANNEL) {
      const channel = p2 === 0 ? from : p2;
      const open = this.#channels[channel];
      if (channel === 0 || channel >= MOST_CHANNELS) return sw(SW.wrongParameters);
      if (open === undefined) return sw(SW.channelNotSupported);
      open.deselect(channel);
      this.#channels[channel] = undefined;
      return OK;
    }
    return sw(SW.wrongParameters);
  }
}
