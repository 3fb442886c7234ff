import type { Random } from '#base/port/index.ts';
import type { Applet } from '#handset/card/index.ts';
import {
  type CommandApdu,
  isProprietary,
  isSecureMessaging,
  responseApdu,
  SW,
  statusWord,
} from '#protocol/apdu/index.ts';
import { APPLICATION_STATE, applicationFci, CARD_LIFE_CYCLE } from '#protocol/card-management/index.ts';
import {
  type CardSession,
  Scp03Card,
  type Scp03CardOptions,
  type SecurityLevel,
} from '#protocol/secure-channel/index.ts';
import { GUARDED_INSTRUCTIONS, manageContent } from './content-management.ts';
import { parentOf } from './install-command.ts';
import type { DomainKeys } from './key-sets.ts';
import type { ManagedCard } from './managed-card.ts';
import { type Domain, ISSUER, isLocked } from './registry.ts';
import { type Conversation, freshConversation } from './requester.ts';

/** What all security domains of a card share. */
export interface DomainParts {
  readonly card: ManagedCard;
  readonly random: Random;
  /** Levels that EXTERNAL AUTHENTICATE may ask for. */
  readonly levels: readonly SecurityLevel[];
  /** Serves what reaches the card whatever is selected: TERMINAL PROFILE, FETCH, TERMINAL RESPONSE, ENVELOPE. */
  readonly toolkit: (command: CommandApdu, channel: number) => Uint8Array;
}

interface Channel {
  readonly scp03: Scp03Card;
  readonly conversation: Conversation;
  isSelected: boolean;
  /** Key version of an INITIALIZE UPDATE that waits for EXTERNAL AUTHENTICATE. */
  pending: number | undefined;
  session: CardSession | undefined;
}

const INS = { initializeUpdate: 0x50, getData: 0xca } as const;
const TOOLKIT: ReadonlySet<number> = new Set([0x10, 0x12, 0x14, 0xc2]);
const PARAMETER_I = 0x70;
const DIVERSIFICATION = new Uint8Array(10);
const SELECTED_CARD_LOCKED = 0x6283;
const sw = (statusWord: number) => responseApdu(statusWord);

/**
 * A security domain as an application: SELECT, SCP03 (GPC Amendment D), and card content management inside a session. One without keys of
 * its own uses those of the domain above (GPC 2.3.1 7.2).
 */
export class SecurityDomain implements Applet {
  readonly aid: Uint8Array;
  readonly #parts: DomainParts;
  readonly #number: number;
  /** By logical channel, from the first SELECT on it. */
  readonly #channels = new Map<number, Channel>();
  readonly #options: Scp03CardOptions;
  readonly #fci: Uint8Array;

  /** `aid`: the name it is found by, when it has another beside its own. */
  constructor(parts: DomainParts, domain: Domain, aid = domain.aid) {
    this.aid = aid;
    this.#parts = parts;
    this.#number = domain.number;
    this.#fci = applicationFci(domain.aid);
    this.#options = {
      aes: parts.card.aes,
      random: parts.random,
      keySet: (version: number) => this.#keysFor(version)?.forChannel(this.#versionOf(version)),
      counter: { next: (version: number) => this.#keysFor(version)?.next(version) },
      parameterI: PARAMETER_I,
      application: domain.aid,
      diversification: DIVERSIFICATION,
      levels: parts.levels,
    };
  }

  /** True while it is selected on some logical channel. */
  get isSelected(): boolean {
    return this.#channels.values().some(({ isSelected }) => isSelected);
  }

  reset(): void {
    for (const channel of this.#channels.values()) leave(channel);
  }

  #channel(number: number): Channel {
    let channel = this.#channels.get(number);
    if (channel === undefined) {
      const scp03 = new Scp03Card(this.#options);
      channel = { scp03, conversation: freshConversation(), isSelected: false, pending: undefined, session: undefined };
      this.#channels.set(number, channel);
    }
    return channel;
  }

  select(channel: number): Uint8Array {
    const found = this.#channel(channel);
    const { lifeCycle, registry } = this.#parts.card;
    const { state } = lifeCycle;
    if (state === CARD_LIFE_CYCLE.terminated) return sw(SW.conditionsOfUseNotSatisfied);
    const domain = registry.at(this.#number);
    const isIssuer = this.#number === ISSUER;
    // What is locked, or not selectable yet, is as if it were not there (GPC 2.3.1 6.4.2).
    if (domain === undefined || (!isIssuer && (state === CARD_LIFE_CYCLE.locked || !isSelectable(domain))))
      return sw(SW.fileNotFound);
    leave(found);
    found.isSelected = true;
    return responseApdu(state === CARD_LIFE_CYCLE.locked ? SELECTED_CARD_LOCKED : SW.ok, this.#fci);
  }

  deselect(channel: number): void {
    leave(this.#channel(channel));
  }

  isSecured(channel: number): boolean {
    return this.#channels.get(channel)?.session !== undefined;
  }

  process(command: CommandApdu, number: number): Uint8Array {
    const { cla, ins } = command;
    const channel = this.#channel(number);
    if (this.#parts.card.lifeCycle.isTerminated) return sw(SW.conditionsOfUseNotSatisfied);
    if (TOOLKIT.has(ins) && isProprietary(cla) && !isSecureMessaging(cla)) return this.#parts.toolkit(command, number);
    if (Scp03Card.takes(command) && ins === INS.initializeUpdate) return this.#initializeUpdate(command, channel);
    if (channel.session !== undefined) return this.#inSession(command, channel, channel.session);
    if (Scp03Card.takes(command)) return this.#externalAuthenticate(command, channel);
    return isSecureMessaging(cla) ? sw(SW.securityStatusNotSatisfied) : this.#unprotected(command);
  }

  // ---- SCP03: GPC Amendment D 5, 7.1 ----

  /** The keys that a version means here: its own, or those of the nearest domain above that has some for sessions. */
  #keysFor(version: number): DomainKeys | undefined {
    const { registry } = this.#parts.card;
    let domain = registry.at(this.#number);
    while (domain !== undefined && domain.keys.channelVersions().length === 0)
      domain = parentOf(domain, this.#parts.card);
    return version === 0 || domain?.keys.has(version) === true ? domain?.keys : undefined;
  }

  /** Version 0 is the default: the first there is. */
  #versionOf(asked: number): number {
    return asked !== 0 ? asked : (this.#keysFor(0)?.channelVersions()[0] ?? 0);
  }

  /** Always taken; ends the session. */
  #initializeUpdate(command: CommandApdu, channel: Channel): Uint8Array {
    endSession(channel);
    channel.pending = undefined;
    const version = this.#versionOf(command.p1);
    const keys = this.#keysFor(command.p1);
    if (keys?.forChannel(version) !== undefined && keys.isClosed(version)) return sw(SW.authenticationMethodBlocked);
    const { response } = channel.scp03.process(command);
    // An answer with data is the challenge; a status word alone refuses.
    if (response.length > 2) channel.pending = version;
    return response;
  }

  /** A failure is counted before it is judged (T32). A handshake that began before its key set was closed, on another channel, is over too. */
  #externalAuthenticate(command: CommandApdu, channel: Channel): Uint8Array {
    const version = channel.pending;
    channel.pending = undefined;
    const keys = version === undefined ? undefined : this.#keysFor(version);
    if (version !== undefined && keys?.isClosed(version) !== false) {
      channel.scp03.reset();
      return sw(SW.authenticationMethodBlocked);
    }
    if (version !== undefined) keys?.takeTry(version);
    const { response, session } = channel.scp03.process(command);
    if (session !== undefined && version !== undefined) {
      keys?.giveTriesBack(version);
      channel.session = session;
    } else if (version !== undefined && !isWrongKey(statusWord(response))) keys?.giveTryBack(version);
    return response;
  }

  #inSession(command: CommandApdu, { conversation }: Channel, session: CardSession): Uint8Array {
    const plain = session.unwrap(command);
    if (typeof plain === 'number') return sw(plain);
    const requester = { domain: this.#number, dek: session.dek, room: session.longestResponseData, conversation };
    const answer = manageContent(plain, this.#parts.card, requester);
    return session.wrap(answer.statusWord, answer.data);
  }

  /** Outside a session a domain says who it is, and nothing else. */
  #unprotected(command: CommandApdu): Uint8Array {
    const { cla, ins } = command;
    const { card } = this.#parts;
    const domain = card.registry.at(this.#number);
    if (ins === INS.getData && domain !== undefined) {
      const answer = card.data.get(command, domain, false);
      return responseApdu(answer.statusWord, answer.data);
    }
    if (!GUARDED_INSTRUCTIONS.has(ins)) return sw(SW.instructionNotSupported);
    return sw(isProprietary(cla) ? SW.securityStatusNotSatisfied : SW.classNotSupported);
  }
}

/** Status words by which SCP03 tells a host that it does not hold the keys; any other refuses without a look at them. */
const isWrongKey = (status: number): boolean =>
  status === SW.authenticationFailedNoDiagnosis || status === SW.securityStatusNotSatisfied;

const isSelectable = (domain: Domain): boolean => !isLocked(domain) && domain.lifeCycle >= APPLICATION_STATE.selectable;

function endSession(channel: Channel): void {
  channel.session = undefined;
  Object.assign(channel.conversation, freshConversation());
}

function leave(channel: Channel): void {
  endSession(channel);
  channel.scp03.reset();
  channel.pending = undefined;
  channel.isSelected = false;
}
