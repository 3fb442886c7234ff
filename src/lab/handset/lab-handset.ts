import { type Imei, Imei as ImeiType } from '#base/identity/index.ts';
import type { Clock } from '#base/port/index.ts';
import type { Trace } from '#base/trace/index.ts';
import type { CallResult } from '#handset/baseband/index.ts';
import { type CardDoor, type Effect, type Procedure, run } from '#handset/connector/index.ts';
import {
  type BootResult,
  type Flash,
  type OperatingSystem,
  VARIANTS,
  type VariantName,
} from '#handset/operating-system/index.ts';
import { type CardParty, exchangeRecord, resetRecord } from '#lab/ladder/index.ts';
import { IDENTITY_TYPE, nasMessage } from '#protocol/nas/index.ts';

/** The radio of a handset in the lab, in this process or in another. */
export interface Radio {
  air(message: Uint8Array): Promise<Uint8Array>;
  onDownlink(handler: (message: Uint8Array) => void): void;
}

/** What a handset is made of. */
export interface HandsetParts {
  /** Its name in traces. */
  readonly name: string;
  readonly uicc: CardDoor | undefined;
  /** Card readers 0 to 7; the storage support is in reader 1. */
  readonly readers: ReadonlyMap<number, CardDoor>;
  readonly flash: Flash;
  readonly os: VariantName;
  /** IMEI of another handset, for operating systems that lie with one. */
  readonly otherImei?: Imei;
  readonly radio: Radio;
  readonly clock: Clock;
  readonly trace: Trace;
  /** Text for the person. */
  readonly display?: (text: string) => void;
  /** Hears when the person begins something, before its first hop; what it returns hears how that ended. */
  readonly onAct?: (act: HandsetAct) => (outcome: ActOutcome) => void;
}

/** What a person does with a handset. */
export type HandsetAct =
  | { readonly kind: 'powerOn' }
  | { readonly kind: 'powerOff' }
  | { readonly kind: 'call'; readonly digits: string };

/** How it ended. */
export type ActOutcome = BootResult | CallResult | { readonly kind: 'off' } | { readonly kind: 'powerCut' };

/** The battery was taken out: what ran is not finished, and nothing runs in this handset any more. */
export class PowerCut extends Error {
  override readonly name = 'PowerCut';
  constructor() {
    super('the power of this handset was cut: put its cards into one that has power');
  }
}

const NOBODY = '00000000000000';

/**
 * A handset (1) that is switched on and used: one procedure of its operating system at a time, each hop in the trace. Messages that the
 * network begins wait their turn.
 */
export class LabHandset {
  readonly #parts: HandsetParts;
  readonly #system: OperatingSystem;
  #turn: Promise<unknown> = Promise.resolve();
  /** Cards and network are asked so often before the power goes; undefined: it stays. */
  #left: number | undefined;
  /** What the person was shown, newest last. */
  readonly shown: string[] = [];

  constructor(parts: HandsetParts) {
    this.#parts = parts;
    const other = parts.otherImei ?? ImeiType.parse(NOBODY);
    this.#system = VARIANTS[parts.os].make(parts.flash, other);
    parts.radio.onDownlink((message) => {
      // A message that the handset cannot serve is the network's to repeat; nobody waits for this turn.
      this.#inTurn(() => this.#system.downlink(nasMessage.decode(message))).catch(() => undefined);
    });
  }

  /** Registered with the network. */
  get isAttached(): boolean {
    return this.#system.isAttached;
  }

  /** The IMEI that this handset tells whoever asks its operating system; undefined when it tells none. */
  get claimedImei(): Imei | undefined {
    const identity = this.#system.identity(IDENTITY_TYPE.imei);
    return identity.type === 'imei' ? identity.imei : undefined;
  }

  /** Switches the handset on. Rejects with PowerCut when its power goes meanwhile. */
  powerOn(): Promise<BootResult> {
    return this.#act({ kind: 'powerOn' }, () => this.#system.boot());
  }
  /** The person dials. Rejects with PowerCut when its power goes meanwhile. */
  call(digits: string): Promise<CallResult> {
    return this.#act({ kind: 'call', digits }, () => this.#system.call(digits));
  }
  /** Takes the battery out after cards and network were asked `questions` more times, 0 at the next. What runs then rejects with PowerCut. */
  cutPower(questions = 0): void {
    this.#left = questions;
  }
  /** The terminal's poll of the UICC: what it has to say is served. */
  poll(): Promise<void> {
    return this.#inTurn(() => this.#system.poll());
  }
  /** Switches the handset off. */
  async powerOff(): Promise<void> {
    await this.#act({ kind: 'powerOff' }, () => switchedOff(this.#system.powerOff()));
  }
  /** When everything that waited for its turn is done. */
  async settled(): Promise<void> {
    await this.#turn;
  }

  #act<T extends ActOutcome>(act: HandsetAct, begin: () => Procedure<T>): Promise<T> {
    let ended: ((outcome: ActOutcome) => void) | undefined;
    const result = this.#inTurn(() => {
      ended = this.#parts.onAct?.(act);
      return begin();
    });
    return result.then(
      (outcome) => {
        ended?.(outcome);
        return outcome;
      },
      (error: unknown) => {
        if (error instanceof PowerCut) ended?.({ kind: 'powerCut' });
        throw error;
      },
    );
  }

  #inTurn<T>(begin: () => Procedure<T>): Promise<T> {
    const result = this.#turn.then(() => run(begin(), (effect) => this.#answer(effect)));
    this.#turn = result.catch(() => undefined);
    return result;
  }

  #answer(effect: Effect): Uint8Array | Promise<Uint8Array> {
    const { uicc, readers, radio } = this.#parts;
    if (this.#left === 0) throw new PowerCut();
    if (this.#left !== undefined) this.#left--;
    switch (effect.type) {
      case 'uicc':
        return this.#seen(uicc?.transmit(effect.command), (response) => this.#recordUicc(effect.command, response));
      case 'reader':
        return this.#seen(readers.get(effect.reader)?.transmit(effect.command), (response) =>
          this.#recordSupport(effect.reader, effect.command, response),
        );
      case 'air':
        return radio.air(effect.message);
      case 'display':
        this.#show(effect.text);
        return NOTHING;
      case 'resetUicc':
        return this.#seen(uicc?.reset(), (atr) => this.#recordReset('UICC (31)', atr));
      case 'resetReader':
        return this.#seen(readers.get(effect.reader)?.reset(), (atr) => this.#recordReset('storage support (2)', atr));
    }
  }

  /** A card's answer, recorded when it is there: at once by a virtual card. */
  #seen(answer: ReturnType<CardDoor['transmit']> = NOTHING, record: (octets: Uint8Array) => void) {
    const { trace } = this.#parts;
    const seen = (octets: Uint8Array) => {
      if (trace.enabled) record(octets);
      return octets;
    };
    return answer instanceof Promise ? answer.then(seen) : seen(answer);
  }

  #recordUicc(command: Uint8Array, response: Uint8Array): void {
    const { name: handset, clock, trace } = this.#parts;
    trace.record({ at: clock.now(), handset, ...exchangeRecord('UICC (31)', command, response) });
  }

  #recordSupport(reader: number, command: Uint8Array, response: Uint8Array): void {
    const { name: handset, clock, trace } = this.#parts;
    const hop = exchangeRecord('storage support (2)', command, response);
    const detail = reader === 1 ? hop.detail : `${hop.detail} (over a link to another handset)`;
    trace.record({ at: clock.now(), handset, ...hop, ...(detail && { detail }) });
  }

  #recordReset(card: CardParty, atr: Uint8Array): void {
    const { name: handset, clock, trace } = this.#parts;
    trace.record({ at: clock.now(), handset, ...resetRecord(card, atr) });
  }

  #show(text: string): void {
    const { name: handset, clock, trace, display } = this.#parts;
    this.shown.push(text);
    display?.(text);
    if (trace.enabled)
      trace.record({
        at: clock.now(),
        handset,
        from: 'operating system (4)',
        to: 'person',
        protocol: 'local',
        octets: NOTHING,
        name: 'display',
        detail: `"${text}"`,
      });
  }
}

const NOTHING = new Uint8Array(0);

function* switchedOff(procedure: Procedure<void>): Procedure<{ readonly kind: 'off' }> {
  yield* procedure;
  return { kind: 'off' };
}
