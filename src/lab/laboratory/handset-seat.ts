import type { Imei } from '#base/identity/index.ts';
import type { Clock } from '#base/port/index.ts';
import type { Trace } from '#base/trace/index.ts';
import { PERFORMED_FEATURES, type VariantName } from '#handset/operating-system/index.ts';
import type { AirConnection, CoreNetwork } from '#lab/core-network/index.ts';
import { type ActOutcome, type HandsetAct, LabHandset } from '#lab/handset/index.ts';
import type { ExchangeKind, ExchangeLog, ExchangeOutcome } from '#protocol/exchange/index.ts';
import { terminalProfile } from '#protocol/usat/index.ts';
import type { CardBox, SupportOfLab, UiccOfLab } from './card-box.ts';

/** Which network a handset is in: `abroad` asks no register. */
export type Where = 'home' | 'abroad';

/** What stands in a handset of the laboratory; undefined cards: there is none. */
export interface HandsetSetup {
  /** Its name, in traces too. */
  readonly name: string;
  readonly story: string;
  readonly where: Where;
  readonly os: VariantName;
  /** The IMEI in the flash: what the operating system believes. */
  readonly flash: Imei;
  /** The IMEI that a fraudulent operating system claims. */
  readonly otherImei: Imei | undefined;
  readonly uicc: UiccOfLab | undefined;
  readonly support: SupportOfLab | undefined;
}

/** What a seat needs around it. */
export interface SeatPorts {
  readonly cards: CardBox;
  readonly networks: Readonly<Record<Where, CoreNetwork>>;
  readonly exchanges: ExchangeLog;
  readonly clock: Clock;
  readonly trace: Trace;
  /** The storage support of the handset that has this IMEI: for an operating system that relays there. */
  supportOf(imei: Imei): SupportOfLab | undefined;
}

/** Readers of the storage support, and of the thief's link in `relays-elsewhere`. */
const [READER, ELSEWHERE] = [1, 7];
const EMERGENCY: ReadonlySet<string> = new Set(['112', '911', '000', '08', '110', '118', '119', '999']);

/** A place of the laboratory where a handset stands: what is in it may be changed, and it is then put together anew. */
export class HandsetSeat {
  readonly #ports: SeatPorts;
  #setup: HandsetSetup;
  #handset: LabHandset | undefined;
  #connection: AirConnection | undefined;
  #isOn = false;
  #last: ActOutcome | undefined;
  /** Exchange of what ran last. */
  exchange: number | undefined;

  constructor(setup: HandsetSetup, ports: SeatPorts) {
    this.#setup = setup;
    this.#ports = ports;
  }

  get setup(): HandsetSetup {
    return this.#setup;
  }
  get isOn(): boolean {
    return this.#isOn;
  }
  /** How its last power-on ended; undefined before the first and while it is off. */
  get lastBoot(): ExchangeOutcome | undefined {
    return this.#isOn && this.#last !== undefined ? outcomeOf(this.#last) : undefined;
  }

  /** The handset as it is put together now; made when it is first needed. */
  get handset(): LabHandset {
    this.#handset ??= this.#assembled();
    return this.#handset;
  }

  /** Changes what is in it. It is off then; its network gives it up. */
  change(change: Partial<HandsetSetup>): void {
    this.#setup = { ...this.#setup, ...change };
    this.#apart();
  }

  /** Without power: nothing that ran goes on. */
  cut(): void {
    this.#handset?.cutPower();
    this.#apart();
  }

  #apart(): void {
    this.#connection?.disconnect();
    this.#connection = undefined;
    this.#handset = undefined;
    this.#isOn = false;
    this.#last = undefined;
  }

  #assembled(): LabHandset {
    const { cards, networks, clock, trace, supportOf } = this.#ports;
    const { name, where, os, flash, otherImei, uicc, support } = this.#setup;
    const elsewhere = otherImei && os === 'relays-elsewhere' ? supportOf(otherImei) : undefined;
    const readers = [
      ...(support ? [[READER, cards.support(support).card] as const] : []),
      ...(elsewhere ? [[ELSEWHERE, cards.support(elsewhere).card] as const] : []),
    ];
    this.#connection = networks[where].connect(name);
    return new LabHandset({
      ...{ name, os, clock, trace },
      uicc: uicc && cards.uicc(uicc).card,
      readers: new Map(readers),
      flash: { imei: flash, terminalProfile: terminalProfile(PERFORMED_FEATURES) },
      ...(otherImei && { otherImei }),
      radio: this.#connection,
      onAct: (act) => this.#begun(act),
    });
  }

  #begun(act: HandsetAct): (outcome: ActOutcome) => void {
    const { exchanges, clock } = this.#ports;
    const number = exchanges.begin(this.#setup.name, kindOf(act), clock.now());
    this.exchange = number;
    if (act.kind === 'powerOn') this.#isOn = true;
    return (outcome) => {
      if (act.kind === 'powerOn') this.#last = outcome;
      if (outcome.kind === 'off' || outcome.kind === 'powerCut') this.#isOn = false;
      exchanges.end(number, outcomeOf(outcome));
    };
  }
}

const kindOf = (act: HandsetAct): ExchangeKind =>
  act.kind === 'call' && EMERGENCY.has(act.digits) ? 'emergencyCall' : act.kind;

/** How an act ended, as exchanges say it. */
export function outcomeOf(outcome: ActOutcome): ExchangeOutcome {
  const result = outcome.kind === 'booted' ? outcome.network : outcome;
  switch (result.kind) {
    case 'accepted':
      return { kind: 'attached' };
    case 'rejected':
      return { kind: 'rejected', ...(result.cause !== undefined && { code: result.cause }) };
    case 'uiccRefused':
      return { kind: 'uiccRefused', code: result.statusWord };
    default:
      return { kind: result.kind };
  }
}
