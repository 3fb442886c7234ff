import type { AesProvider } from '#base/crypto/index.ts';
import { Imei } from '#base/identity/index.ts';
import type { Clock } from '#base/port/index.ts';
import type { Trace } from '#base/trace/index.ts';
import { VARIANTS, type VariantName } from '#handset/operating-system/index.ts';
import { type LabHandset, PowerCut } from '#lab/handset/index.ts';
import type { Loopback } from '#lab/loopback/index.ts';
import { type ReplayResult, replay, type ScenarioName } from '#lab/replay/index.ts';
import type { ProgramAuthor } from '#operator/audit/index.ts';
import type { Exchange, ExchangeLog, OpenedOctets } from '#protocol/exchange/index.ts';
import type { Scheduler } from '#protocol/smpp/index.ts';
import { CardBox, type PolicyName, type SupportOfLab } from './card-box.ts';
import { HandsetSeat, type HandsetSetup, type Where } from './handset-seat.ts';
import { MessageDesk } from './message-desk.ts';
import { openedByOperator } from './opened-octets.ts';
import { isRefusal, LABORATORY_REFUSALS, type Refusal, refused, unknownHandset } from './refusal.ts';
import { settled } from './settled.ts';

/** A handset of the cast: what is in it, and how its UICC acts. */
export interface NewHandset extends HandsetSetup {
  readonly policy: PolicyName;
}

/** What a person asks for. */
export interface WantedHandset {
  readonly name: string;
  readonly os?: VariantName;
  readonly otherImei?: Imei;
  readonly imei?: Imei;
  readonly where?: Where;
  /** False: an old handset, whose IMEI nothing proves. */
  readonly hasSupport?: boolean;
}

/** A handset as it stands. */
export interface HandsetState extends HandsetSetup {
  readonly isOn: boolean;
  /** What runs in it now. */
  readonly busyWith: string | undefined;
  readonly service: 'off' | 'registered' | 'emergencyOnly';
  /** The IMEI its operating system would tell the network. */
  readonly claimedImei: Imei | undefined;
  /** Somebody made it in the running laboratory; the others are of the cast. */
  readonly isMade: boolean;
  readonly shown: readonly string[];
  readonly exchange: number | undefined;
}

/** What an operation did: the exchange it made, when it made one. */
export interface Done {
  readonly kind: 'done';
  readonly exchange: number | undefined;
}

/** What the laboratory stands on. */
export interface LaboratoryParts {
  readonly loopback: Loopback;
  readonly exchanges: ExchangeLog;
  /** What the laboratory's cards compute with, and what they opened. */
  readonly aes: AesProvider & { readonly opened: OpenedOctets };
  readonly clock: Clock;
  readonly trace: Trace;
  readonly scheduler: Scheduler;
  /** Whom identities belong to: filled here, read by who sorts hops. */
  readonly names: Map<string, string>;
}

const MOST_HANDSETS = 40;
/** As whom replays are kept, and what belongs to no handset. */
const REPLAY = 'replay';
const RESERVED: readonly string[] = [REPLAY, 'network'];
/** Who the operator's log says did it. */
const AUTHOR: ProgramAuthor = 'laboratory';

/**
 * A laboratory that is driven while it runs: handsets that stand in it, their cards, the way of their short messages. One thing at a time in
 * each handset. What is refused changed nothing.
 */
export class Laboratory {
  readonly exchanges: ExchangeLog;
  readonly opened: OpenedOctets;
  readonly messages: MessageDesk;
  readonly loopback: Loopback;
  readonly #parts: LaboratoryParts;
  readonly #cards: CardBox;
  readonly #seats = new Map<
    string,
    { readonly seat: HandsetSeat; readonly own: HandsetSetup; readonly isMade: boolean }
  >();
  readonly #busy = new Map<string, string>();

  constructor(parts: LaboratoryParts) {
    const { loopback, exchanges, aes, clock, trace, names } = parts;
    this.#parts = parts;
    this.loopback = loopback;
    this.exchanges = exchanges;
    this.opened = openedByOperator(aes.opened, loopback.operator, () =>
      [...this.#seats.values()].flatMap(({ seat }) => (seat.setup.uicc ? [seat.setup.uicc.iccid] : [])),
    );
    this.#cards = new CardBox(loopback);
    this.messages = new MessageDesk(loopback.smsc, { clock, trace, nameOf: (identity) => names.get(identity) });
  }

  /** All handsets, those of the cast first. */
  handsets(): readonly HandsetState[] {
    return [...this.#seats.keys()].map((name) => this.#stateOf(name));
  }
  /** A handset by its name. */
  handset(name: string): HandsetState | undefined {
    return this.#seats.has(name) ? this.#stateOf(name) : undefined;
  }

  /** Puts a handset of the cast there, or changes what is in it; its cards are made the first time. What runs it is the caller's affair. */
  stand({ policy, ...setup }: NewHandset): LabHandset {
    const known = this.#seats.get(setup.name);
    if (setup.support) this.#cards.provision(setup.support);
    if (setup.uicc) this.#cards.issue(setup.uicc, policy);
    if (known !== undefined) {
      known.seat.change(setup);
      this.#seats.set(setup.name, { ...known, own: setup });
      return known.seat.handset;
    }
    return this.#seated(setup, false).handset;
  }

  /** Makes a handset with a fresh UICC, and a fresh storage support unless it is an old one. */
  make(wanted: WantedHandset): Done | Refusal {
    const { name, os = 'honest', where = 'home', hasSupport = true } = wanted;
    if (this.#seats.has(name) || RESERVED.includes(name))
      return refused('conflict', LABORATORY_REFUSALS.say('handsetExists', { name }));
    if (this.#seats.size >= MOST_HANDSETS)
      return refused('conflict', LABORATORY_REFUSALS.say('tooManyHandsets', { most: MOST_HANDSETS }));
    const { uicc, support: fresh } = this.#cards.fresh();
    const imei = wanted.imei ?? fresh.imei;
    const support = hasSupport ? { ...fresh, imei } : undefined;
    const otherImei = wanted.otherImei ?? this.#anotherImei(imei);
    if (support) this.#cards.provision(support);
    this.#cards.issue(uicc, hasSupport ? 'person' : 'none');
    this.#seated({ name, story: 'made in the laboratory', where, os, flash: imei, otherImei, uicc, support }, true);
    return { kind: 'done', exchange: undefined };
  }

  /** Switches a handset on; after `cutAfter` questions to cards and network its power goes. */
  powerOn(name: string, cutAfter?: number): Promise<Done | Refusal> {
    return this.#act(name, 'power-on', async (seat) => {
      if (cutAfter !== undefined) seat.handset.cutPower(cutAfter);
      await this.#run(seat, () => seat.handset.powerOn());
    });
  }

  /** Switches a handset off. */
  powerOff(name: string): Promise<Done | Refusal> {
    return this.#act(name, 'power-off', async (seat) => {
      await this.#run(seat, () => seat.handset.powerOff());
    });
  }

  /** Takes the battery out, also while something runs. */
  cutPower(name: string): Done | Refusal {
    const seat = this.#seats.get(name)?.seat;
    if (seat === undefined) return unknownHandset(name);
    seat.cut();
    return { kind: 'done', exchange: seat.exchange };
  }

  /** Dials; emergency numbers need no service. */
  call(name: string, digits: string): Promise<Done | Refusal> {
    const isOff = this.#seats.get(name)?.seat.isOn === false;
    if (isOff) return Promise.resolve(refused('conflict', LABORATORY_REFUSALS.say('handsetOff')));
    return this.#act(name, 'call', (seat) => this.#run(seat, () => seat.handset.call(digits)));
  }

  /** Flashes another operating system; the handset is switched off for it. */
  flash(name: string, os: VariantName, otherImei?: Imei): Promise<Done | Refusal> {
    return this.#act(name, 'flashing', async (seat) => {
      await this.#off(seat);
      const { flash, otherImei: before } = seat.setup;
      const other = otherImei ?? before ?? this.#anotherImei(flash);
      seat.change({ os, otherImei: VARIANTS[os].needsOtherImei ? other : before });
    });
  }

  /** Puts the handset's IMEI on the black list, as the operator does when its owner calls; what the operator then sends is waited for. */
  reportStolen(name: string, caseReference: string): Promise<Done | Refusal> {
    return this.#act(name, 'report of theft', async (seat) => {
      const { lists } = this.loopback.operator.register;
      await this.#hear(seat, () =>
        lists.add({ imei: imeiOf(seat), list: 'black', reason: 'stolen', author: AUTHOR, caseReference }),
      );
    });
  }

  /** Takes it off again, as when the handset is found. */
  reportFound(name: string): Promise<Done | Refusal> {
    return this.#act(name, 'report of recovery', async (seat) => {
      const { lists } = this.loopback.operator.register;
      const isListed = lists.remove({ imei: imeiOf(seat), list: 'black', author: AUTHOR, reason: 'found' });
      if (!isListed) return refused('conflict', LABORATORY_REFUSALS.say('notReported'));
      await this.#hear(seat, () => {});
      return undefined;
    });
  }

  /** Exchanges the UICCs or the storage supports of two handsets; both are switched off for it. */
  swap(name: string, withName: string, what: 'uicc' | 'support'): Promise<Done | Refusal> {
    if (name === withName) return Promise.resolve(refused('conflict', LABORATORY_REFUSALS.say('oneHandset')));
    return this.#act(name, 'exchange of cards', (one) =>
      this.#act(withName, 'exchange of cards', async (other) => {
        await this.#off(one);
        await this.#off(other);
        const [mine, theirs] = [one.setup[what], other.setup[what]];
        one.change({ [what]: theirs });
        other.change({ [what]: mine });
        this.know(one.setup);
        this.know(other.setup);
      }),
    );
  }

  /** Plays a scenario from a seed in worlds of its own; the first run is kept as an exchange. */
  async replay(seed: string, scenario: ScenarioName): Promise<ReplayResult & { readonly exchange: Exchange }> {
    const { exchanges, aes, clock } = this.#parts;
    const number = exchanges.begin(REPLAY, 'replay', clock.now());
    const result = await replay(seed, scenario, { trace: exchanges, aes });
    exchanges.end(number, { kind: result.isSame ? 'same' : 'different' });
    // It was begun just now: nothing else can have pushed it out.
    return { ...result, exchange: exchanges.exchange(number) as Exchange };
  }

  /** Puts everything back: handsets of the cast off and with what is their own, made ones away, no message lost. What was seen is kept. */
  async reset(): Promise<Done | Refusal> {
    const [busy] = this.#busy;
    if (busy !== undefined) return busyHandset(...busy);
    this.messages.reset();
    for (const { seat } of this.#seats.values()) await this.#off(seat);
    for (const [name, { seat, own, isMade }] of this.#seats) {
      seat.change(own);
      if (isMade) this.#seats.delete(name);
      else this.know(own);
    }
    return { kind: 'done', exchange: undefined };
  }

  /** Gives the cards' files back. */
  close(): void {
    for (const { seat } of this.#seats.values()) seat.cut();
    this.#cards.close();
  }

  /** The newest exchange of a handset, as it stands. */
  exchangeOf(done: Done): Exchange | undefined {
    return done.exchange === undefined ? undefined : this.exchanges.exchange(done.exchange);
  }

  // ---- inside

  #seated(setup: HandsetSetup, isMade: boolean): HandsetSeat {
    const { loopback, exchanges, clock, trace } = this.#parts;
    const networks = { home: loopback.home, abroad: loopback.abroad };
    const supportOf = (imei: Imei) => this.#supportOf(imei);
    const seat = new HandsetSeat(setup, { cards: this.#cards, networks, exchanges, clock, trace, supportOf });
    this.#seats.set(setup.name, { seat, own: setup, isMade });
    this.know(setup);
    return seat;
  }

  /** Whose a UICC is: what other parties do about it is then kept under the handset's name, also before the handset stands there. */
  know({ name, uicc }: Pick<HandsetSetup, 'name' | 'uicc'>): void {
    const { names } = this.#parts;
    names.set(name, name);
    if (uicc === undefined) return;
    for (const identity of [uicc.iccid.digits, uicc.msisdn.digits]) names.set(identity, name);
  }

  #supportOf(imei: Imei): SupportOfLab | undefined {
    for (const { seat } of this.#seats.values())
      if (seat.setup.support?.imei.equals(imei) === true) return seat.setup.support;
    return undefined;
  }

  /** The IMEI of another handset here, to lie with. */
  #anotherImei(own: Imei): Imei {
    for (const { seat } of this.#seats.values()) if (!seat.setup.flash.equals(own)) return seat.setup.flash;
    return Imei.parse('35674108990011');
  }

  #stateOf(name: string): HandsetState {
    // Only asked for names that are there.
    const { seat, isMade } = this.#seats.get(name) as { seat: HandsetSeat; isMade: boolean };
    const { handset, isOn } = seat;
    return {
      ...seat.setup,
      ...{ isOn, isMade },
      busyWith: this.#busy.get(name),
      service: !isOn ? 'off' : handset.isAttached ? 'registered' : 'emergencyOnly',
      claimedImei: handset.claimedImei,
      shown: handset.shown,
      exchange: seat.exchange,
    };
  }

  /** One thing at a time in a handset. */
  async #act(name: string, what: string, run: (seat: HandsetSeat) => Promise<unknown>): Promise<Done | Refusal> {
    const seat = this.#seats.get(name)?.seat;
    if (seat === undefined) return unknownHandset(name);
    const busy = this.#busy.get(name);
    if (busy !== undefined) return busyHandset(name, busy);
    this.#busy.set(name, what);
    try {
      const result = await run(seat);
      return isRefusal(result) ? result : { kind: 'done', exchange: seat.exchange };
    } finally {
      this.#busy.delete(name);
    }
  }

  /** Runs an act to its end and hears handset and operator out; a power that is cut ends it too. */
  async #run(seat: HandsetSeat, act: () => Promise<unknown>): Promise<void> {
    try {
      await act();
      await this.#settle(seat);
    } catch (error) {
      if (!(error instanceof PowerCut)) throw error;
      seat.cut();
    }
  }

  /** What a handset hears when the operator changed its mind, as an exchange of its own. */
  async #hear(seat: HandsetSeat, change: () => void): Promise<void> {
    const number = this.exchanges.begin(seat.setup.name, 'message', this.#parts.clock.now());
    seat.exchange = number;
    change();
    await this.#settle(seat);
    this.exchanges.end(number, { kind: 'done' });
  }

  async #off(seat: HandsetSeat): Promise<void> {
    if (seat.isOn) await this.#run(seat, () => seat.handset.powerOff());
  }

  #settle(seat: HandsetSeat): Promise<void> {
    const { exchanges, scheduler } = this.#parts;
    return settled(seat, exchanges, scheduler);
  }
}

/** The IMEI a handset is reported by: that of its storage support, or what its owner reads on the box. */
const imeiOf = ({ setup }: HandsetSeat): Imei => setup.support?.imei ?? setup.flash;

const busyHandset = (name: string, work: string): Refusal =>
  refused('busy', LABORATORY_REFUSALS.say('handsetBusy', { name, work }));
