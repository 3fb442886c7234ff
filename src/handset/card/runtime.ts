import { CodecError, concat } from '#base/codec/index.ts';
import {
  atrOffering,
  type Card,
  type CommandApdu,
  decodeCommand,
  HIGHEST_LOGICAL_CHANNEL,
  isExtendedCommand,
  isProprietary,
  isSecureMessaging,
  LONGEST_RESPONSE_DATA,
  logicalChannel,
  type ProtocolOffer,
  responseApdu,
  SW,
} from '#protocol/apdu/index.ts';

/** A program on a card. Every method returns; a fault inside is 6F00 to the outside and a call of the runtime's `fault`. */
export interface Applet {
  /** 5 to 16 octets. */
  readonly aid: Uint8Array;
  /** After reset or power-on, before any command: volatile state is gone. */
  reset(): void;
  /**
   * SELECT by AID chose it on a channel, or the channel was opened on it from channel `from` (`command` undefined): an R-APDU. An error
   * status word leaves the channel as it was.
   */
  select(channel: number, command: CommandApdu | undefined, from?: number): Uint8Array;
  /** Another applet was selected on the channel, or the channel was closed. */
  deselect(channel: number): void;
  /** Any other command on a channel where it is selected; chained data is joined, so `data` may exceed 255 octets. An R-APDU of any length. */
  process(command: CommandApdu, channel: number): Uint8Array;
  /** The terminal was told the Le of this command by 6CXX and sent another one: its response went nowhere. */
  undelivered?(command: CommandApdu): void;
  /** True for an applet that is a whole file system: it sees every SELECT whose AID belongs to no other applet. */
  readonly ownsSelect?: boolean;
  /** True while a secure channel is open on a logical channel: there every command with secure messaging is the applet's. Absent: it opens none. */
  isSecured?(channel: number): boolean;
  /** Any command of class A0, for an applet that is a SIM to 2G terminals too: the response as T=0 wants it (TS 51.011 9). */
  processGsm?(command: CommandApdu): Uint8Array;
}

/** What a card is made of. The first applet is selected on the basic channel after reset, and by an empty SELECT. */
export interface CardParts {
  readonly atr: Uint8Array;
  readonly applets: readonly [Applet, ...Applet[]];
  /** Applets that come and go while the card works: those that may answer to this AID or its beginning. Asked at each SELECT by AID; who gives them resets them. */
  readonly installed?: (asked: Uint8Array) => readonly Applet[];
  /** Chosen by SELECT with an empty AID instead of the first applet (GPC 2.3.1 11.9.2.3: the issuer security domain). */
  readonly issuer?: () => Applet | undefined;
  /** Hears of a fault that a card must not show: for tests and logs. */
  readonly fault?: (error: unknown) => void;
}

/** A response that waits on the card for the terminal's next command. */
interface Waiting {
  readonly channel: number;
  readonly response: Uint8Array;
  /** The command that was told its Le by 6CXX: asked again it is answered, not run again. Undefined: GET RESPONSE fetches it. */
  readonly command?: CommandApdu;
}

const INS = { manageChannel: 0x70, select: 0xa4, getResponse: 0xc0 } as const;
const SELECT_BY_AID = 0x04;
const OPEN_CHANNEL = 0x00;
const CLOSE_CHANNEL = 0x80;
/** Logical channels that may be open, the basic one included (TS 102 221 11.1.17). */
const MOST_CHANNELS = HIGHEST_LOGICAL_CHANNEL + 1;
/** CLA of 2G terminals (TS 51.011 9.2): it is no proprietary class of channel 0. */
const GSM_CLASS = 0xa0;
/** CLA bit of command chaining, on every channel (ISO/IEC 7816-4 5.4.1). */
const MORE_FOLLOWS = 0x10;
/** Octets of a command that has no data and an extended Le. */
const EXTENDED_LE_ONLY = 7;
/** Most octets of joined command data. */
const LONGEST_CHAIN = 2048;

const NONE: readonly Applet[] = [];
const sw = (statusWord: number) => responseApdu(statusWord);
const OK = sw(SW.ok);
/** 61XX and 6CXX: XX is the number of octets, 00 for 256 or more. */
const counted = (statusWord: number, length: number) =>
  statusWord | (length < LONGEST_RESPONSE_DATA ? length : LONGEST_RESPONSE_DATA & 0xff);

/** CLA that ISO/IEC 7816-4 5.4.1 keeps for later (X01X XXXX; of these A0 is a SIM's, TS 51.011 9.2) or forbids (FF). */
const isUnknownClass = (cla: number) => (cla & 0x60) === 0x20 || cla === 0xff;
/** Commands that the card serves itself, whatever is selected. */
const OWN_INSTRUCTIONS: ReadonlySet<number> = new Set(Object.values(INS));

/** Warnings 62XX and 63XX select all the same; 64XX to 6FXX do not (ISO/IEC 7816-4 5.6). */
function isError(response: Uint8Array): boolean {
  const sw1 = response[response.length - 2] as number;
  return sw1 >= 0x64 && sw1 <= 0x6f;
}

/**
 * A card from its applets: reset, logical channels, SELECT by AID, command chaining, and the transport that turns one R-APDU into
 * 61XX and GET RESPONSE where the command had no Le (TS 102 221 7.3.1, 11.1). The slot says at reset which protocol the transport keeps
 * to; applets never see it. Nothing that comes in makes it throw.
 */
export function cardRuntime(parts: CardParts): Card {
  return new Runtime(parts);
}

class Runtime implements Card {
  readonly #parts: CardParts;
  /** Applets that SELECT chooses by AID, and the one that owns all other AIDs. */
  readonly #named: readonly Applet[];
  readonly #owner: Applet | undefined;
  /** The applet on each open channel. */
  readonly #channels: (Applet | undefined)[] = [];
  /** Void as soon as another command comes. */
  #waiting: Waiting | undefined;
  #chain: { readonly header: number; readonly data: Uint8Array } | undefined;
  #protocol: ProtocolOffer = 'both';
  /** What the card is until the next reset: the class of the first command says it (TS 102 221 annex on dual cards, TS 51.011 5). */
  #personality: 'uicc' | 'sim' | undefined;

  constructor(parts: CardParts) {
    this.#parts = parts;
    this.#named = parts.applets.filter(({ ownsSelect }) => ownsSelect !== true);
    this.#owner = parts.applets.find(({ ownsSelect }) => ownsSelect === true);
    this.#clear();
  }

  reset(offer?: ProtocolOffer): Uint8Array {
    this.#clear();
    this.#protocol = offer ?? 'both';
    return offer === undefined ? this.#parts.atr.slice() : atrOffering(this.#parts.atr, offer);
  }

  powerOff(): void {
    this.#clear();
  }

  #clear(): void {
    const { applets, fault } = this.#parts;
    for (let channel = 0; channel < this.#channels.length; channel++) this.#channels[channel] = undefined;
    this.#channels[0] = applets[0];
    this.#waiting = undefined;
    this.#chain = undefined;
    this.#personality = undefined;
    for (const applet of applets) {
      try {
        applet.reset();
      } catch (error) {
        fault?.(error);
      }
    }
  }

  transmit(command: Uint8Array): Uint8Array {
    try {
      const asSim = command[0] === GSM_CLASS ? this.#asSim(command) : this.#asUicc();
      if (asSim !== undefined) return asSim;
      return this.#protocol === 'T=0' ? this.#transportT0(command) : this.#transport(decodeCommand(command));
    } catch (error) {
      if (error instanceof CodecError) return this.#malformed();
      this.#parts.fault?.(error);
      return sw(SW.noDiagnosis);
    }
  }

  /** Octets that are no command: like any other command they end a chain, and void a response that waits. */
  #malformed(): Uint8Array {
    if (this.#waiting !== undefined) this.#voidWaiting(this.#waiting);
    this.#chain = undefined;
    return sw(SW.wrongLength);
  }

  /** A command of a 2G terminal, which is one for a SIM as long as none for a UICC came before; undefined for a card that is no SIM. */
  #asSim(octets: Uint8Array): Uint8Array | undefined {
    const owner = this.#owner;
    if (owner?.processGsm === undefined) return undefined;
    if (this.#personality === 'uicc') return sw(SW.classNotSupported);
    this.#personality = 'sim';
    return owner.processGsm(decodeCommand(octets));
  }

  /** A command of any other class: refused while the card is a SIM. */
  #asUicc(): Uint8Array | undefined {
    if (this.#personality === 'sim') return sw(SW.classNotSupported);
    this.#personality = 'uicc';
    return undefined;
  }

  // ---- transport: TS 102 221 7.3.1 ----

  /**
   * A TPDU of T=0 (7.3.1.1): P3 counts what goes one way. A reader keeps the Le of case 4 to itself, and sends case 1 with P3 = 00. What
   * comes back has exactly P3 octets, or is 61XX or 6CXX.
   */
  #transportT0(octets: Uint8Array): Uint8Array {
    // A modem was seen to send STATUS with an extended Le: it wants all there is, and is told how much that is.
    const isLong = isExtendedCommand(octets);
    if (isLong && octets.length !== EXTENDED_LE_ONLY) return sw(SW.wrongLength);
    const command = decodeCommand(isLong ? octets.subarray(0, 5) : octets);
    if (command.data.length > 0) {
      const { le: _, ...withoutLe } = command;
      return this.#transport(withoutLe);
    }
    const exactly = command.le ?? LONGEST_RESPONSE_DATA;
    const response = this.#transport(command, exactly);
    const length = response.length - 2;
    if (length === 0 || length === exactly) return response;
    const channel = logicalChannel(command.cla);
    this.#waiting = command.ins === INS.getResponse ? { channel, response } : { channel, response, command };
    return sw(counted(SW.wrongLe, length));
  }

  /** Serves a command; `le` is what the reader wants, when the line says more of it than the command does. */
  #transport(command: CommandApdu, le = command.le): Uint8Array {
    const { cla, data } = command;
    const waiting = this.#waiting;
    if (waiting !== undefined) {
      if (isRepeated(waiting, command)) {
        this.#waiting = undefined;
        return waiting.response;
      }
      this.#voidWaiting(waiting);
    }
    if (isUnknownClass(cla)) return sw(SW.classNotSupported);
    if (data.length > LONGEST_CHAIN) return sw(SW.wrongLength);
    if (isSecureMessaging(cla) && OWN_INSTRUCTIONS.has(command.ins) && !this.#isSecured(cla))
      return sw(SW.secureMessagingNotSupported);
    if (command.ins === INS.getResponse) return this.#getResponse(command, waiting);
    const response = this.#chained(withShortLe(command));
    const length = response.length - 2;
    if (length === 0) return response;
    if (le === undefined) return this.#keep(response, logicalChannel(cla));
    const fits = length <= le;
    if (data.length > 0 || length > LONGEST_RESPONSE_DATA)
      return fits ? response : this.#firstPart(response, le, logicalChannel(cla));
    // In whole APDUs Le is the most that is wanted, in TPDUs the number that comes; 256 may stand for either.
    if (length === le || (fits && (le >= LONGEST_RESPONSE_DATA || this.#protocol === 'T=1'))) return response;
    this.#waiting = { channel: logicalChannel(cla), response, command };
    return sw(counted(SW.wrongLe, length));
  }

  /**
   * False where no secure channel is open: a command of the card's own with secure messaging is then nobody's (ISO/IEC 7816-4 5.4.1,
   * TS 102 221 10.1.1). On a channel that is closed the channel is what is wrong.
   */
  #isSecured(cla: number): boolean {
    const channel = logicalChannel(cla);
    const applet = this.#channels[channel];
    return applet === undefined || applet.isSecured?.(channel) === true;
  }

  /** Another command came: what waits is void. A channel whose number nobody heard is closed, and the applet takes back what it gave. */
  #voidWaiting({ command, response, channel }: Waiting): void {
    this.#waiting = undefined;
    if (command === undefined) return;
    if (command.ins === INS.manageChannel && !isProprietary(command.cla)) this.#closeChannel(response[0] as number);
    else this.#channels[channel]?.undelivered?.(command);
  }

  #keep(response: Uint8Array, channel: number): Uint8Array {
    this.#waiting = { channel, response };
    return sw(counted(SW.responseAvailable, response.length - 2));
  }

  #firstPart(response: Uint8Array, le: number, channel: number): Uint8Array {
    const rest = response.subarray(le);
    this.#waiting = { channel, response: rest };
    return responseApdu(counted(SW.responseAvailable, rest.length - 2), response.subarray(0, le));
  }

  /** Programs were seen to fetch in the class of the command that had the answer, 80 or 84 (pySim): any class of the channel will do. */
  #getResponse({ cla, le = LONGEST_RESPONSE_DATA }: CommandApdu, waiting: Waiting | undefined): Uint8Array {
    this.#chain = undefined;
    const channel = logicalChannel(cla);
    if (waiting === undefined || waiting.command !== undefined || waiting.channel !== channel)
      return sw(SW.conditionsOfUseNotSatisfied);
    const { response } = waiting;
    return response.length - 2 <= le ? response.slice() : this.#firstPart(response, le, channel);
  }

  /** Joins the data of chained commands (ISO/IEC 7816-4 5.3.3); any other command in between ends the chain. */
  #chained(command: CommandApdu): Uint8Array {
    const hasMore = (command.cla & MORE_FOLLOWS) !== 0;
    const begun = this.#chain;
    if (!hasMore && begun === undefined) return this.#dispatch(command);
    this.#chain = undefined;
    if (this.#channels[logicalChannel(command.cla)] === undefined) return sw(SW.channelNotSupported);
    const cla = hasMore ? command.cla & ~MORE_FOLLOWS : command.cla;
    // P1 P2 may number the blocks or flag the last one; class, channel and instruction may not change.
    const header = (cla << 8) | command.ins;
    const data = begun?.header === header ? concat(begun.data, command.data) : command.data.slice();
    if (data.length > LONGEST_CHAIN) return sw(SW.wrongLength);
    if (!hasMore) return this.#dispatch({ ...command, data });
    this.#chain = { header, data };
    return OK;
  }

  // ---- commands of the card: TS 102 221 11.1.1, 11.1.17; GPC 2.3.1 11.9 ----

  #dispatch(command: CommandApdu): Uint8Array {
    const channel = logicalChannel(command.cla);
    const applet = this.#channels[channel];
    if (applet === undefined) return sw(SW.channelNotSupported);
    // What a secure channel protects is for its applet, which takes the protection off first.
    if (!isProprietary(command.cla) && !isSecureMessaging(command.cla)) {
      if (command.ins === INS.manageChannel) return this.#manageChannel(command, channel);
      if (command.ins === INS.select) {
        if (command.p1 === SELECT_BY_AID) return this.#select(command, channel, applet);
        if (this.#owner !== undefined && applet !== this.#owner) return this.#leaveFor(this.#owner, command, channel);
      }
    }
    return applet.process(command, channel);
  }

  /** SELECT of a file while an applet without files is selected: the one that has them takes the channel back. */
  #leaveFor(owner: Applet, command: CommandApdu, channel: number): Uint8Array {
    const response = owner.process(command, channel);
    if (isError(response)) return response;
    this.#channels[channel]?.deselect(channel);
    this.#channels[channel] = owner;
    return response;
  }

  #select(command: CommandApdu, channel: number, current: Applet): Uint8Array {
    const next = command.data.length === 0 ? this.#unnamed() : this.#appletFor(command, current);
    if (next === undefined) return sw(SW.fileNotFound);
    const response = next.select(channel, command);
    if (isError(response)) return response;
    if (current !== next) current.deselect(channel);
    this.#channels[channel] = next;
    return response;
  }

  #unnamed(): Applet {
    return this.#parts.issuer?.() ?? this.#parts.applets[0];
  }

  /**
   * The applet whose AID begins with what was asked: the first, last, next or previous such (P2 b1-2; ISO/IEC 7816-4 table 40). Where there
   * is none, the one that owns SELECT.
   */
  #appletFor({ data, p2 }: CommandApdu, current: Applet): Applet | undefined {
    const matching = this.#named.filter(({ aid }) => beginsWith(aid, data));
    for (const applet of this.#parts.installed?.(data) ?? NONE) if (beginsWith(applet.aid, data)) matching.push(applet);
    const at = matching.indexOf(current);
    const occurrence = p2 & 0x03;
    const chosen = [0, matching.length - 1, at + 1, (at < 0 ? matching.length : at) - 1][occurrence] as number;
    return matching[chosen] ?? this.#owner;
  }

  #manageChannel({ p1, p2, le }: CommandApdu, from: number): Uint8Array {
    if (p1 === OPEN_CHANNEL && p2 < MOST_CHANNELS) {
      // On a line of T=0 no Le is P3 = 00, which is an Le.
      if (p2 === 0 && le === undefined && this.#protocol !== 'T=0') return sw(SW.wrongLength);
      return this.#openChannel(p2, from);
    }
    if (p1 !== CLOSE_CHANNEL) return sw(SW.wrongParameters);
    const channel = p2 === 0 ? from : p2;
    if (channel === 0 || channel >= MOST_CHANNELS) return sw(SW.wrongParameters);
    return this.#closeChannel(channel);
  }

  #closeChannel(channel: number): Uint8Array {
    const applet = this.#channels[channel];
    if (applet === undefined) return sw(SW.channelNotSupported);
    applet.deselect(channel);
    this.#channels[channel] = undefined;
    return OK;
  }

  /** Opens the channel that is wanted, or the lowest that is free: on the first applet, or on what is selected where it is opened from. */
  #openChannel(wanted: number, from: number): Uint8Array {
    const applet = from === 0 ? this.#parts.applets[0] : (this.#channels[from] ?? this.#parts.applets[0]);
    let channel = wanted === 0 ? 1 : wanted;
    while (wanted === 0 && channel < MOST_CHANNELS && this.#channels[channel] !== undefined) channel++;
    if (channel === MOST_CHANNELS || this.#channels[channel] !== undefined) return sw(SW.functionNotSupported);
    this.#channels[channel] = applet;
    applet.select(channel, undefined, from);
    return wanted === 0 ? responseApdu(SW.ok, Uint8Array.of(channel)) : OK;
  }
}

/** The command as applets see it: an extended Le wants all there is, as 256 does, and the transport gives it. */
function withShortLe(command: CommandApdu): CommandApdu {
  // Most commands are short: nothing is copied for them.
  if (command.isExtended === undefined || command.le === undefined) return command;
  const { isExtended, le, ...same } = command;
  return { ...same, le: Math.min(le, LONGEST_RESPONSE_DATA) };
}

function beginsWith(aid: Uint8Array, asked: Uint8Array): boolean {
  if (asked.length > aid.length) return false;
  for (let i = 0; i < asked.length; i++) if (aid[i] !== asked[i]) return false;
  return true;
}

/** True when a command that was told its Le comes again with that Le. */
function isRepeated({ command: told, response }: Waiting, command: CommandApdu): boolean {
  return (
    told !== undefined &&
    told.cla === command.cla &&
    told.ins === command.ins &&
    told.p1 === command.p1 &&
    told.p2 === command.p2 &&
    command.data.length === 0 &&
    command.le === response.length - 2
  );
}
