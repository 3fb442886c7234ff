import { NO_OCTETS } from '#base/codec/index.ts';
import { Imei } from '#base/identity/index.ts';
import type { Clock } from '#base/port/index.ts';
import type { Trace } from '#base/trace/index.ts';
import type { Authentication, CallResult } from '#handset/baseband/index.ts';
import {
  type AnswerNow,
  type Effect,
  messagesOf,
  type Procedure,
  runNow,
  surroundingsNow,
} from '#handset/connector/index.ts';
import {
  type BootResult,
  type Flash,
  type OperatingSystem,
  PERFORMED_FEATURES,
  VARIANTS,
  type VariantName,
} from '#handset/operating-system/index.ts';
import type { AirConnectionNow } from '#lab/core-network/index.ts';
import { type CardParty, exchangeRecord } from '#lab/ladder/index.ts';
import type { Card } from '#protocol/apdu/index.ts';
import { nasMessage } from '#protocol/nas/index.ts';
import { terminalProfile } from '#protocol/usat/index.ts';

/** An operating system by its name in the lab, or one that a test made for itself. */
export type SystemName = VariantName | ((flash: Flash, other: Imei) => OperatingSystem);

/** What a handset in its owner's own time is made of. */
export interface HandsetNowParts {
  /** Its name in the trace. */
  readonly name: string;
  /** In the connector (3); undefined: nothing is in it. */
  readonly uicc: Card | undefined;
  /** The storage support (2), in card reader 1; undefined: an old handset. */
  readonly support: Card | undefined;
  /** The storage support of another handset, at the other end of a thief's link. */
  readonly elsewhere?: Card | undefined;
  /** The IMEI in the flash: what the operating system believes. */
  readonly flash: Imei;
  readonly os?: SystemName | undefined;
  /** The IMEI that a fraudulent operating system claims. */
  readonly other?: Imei | undefined;
  readonly link: AirConnectionNow;
  readonly clock: Clock;
  readonly trace: Trace;
}

/** Readers of the storage support, and of the thief's link in `relays-elsewhere`. */
const [READER, ELSEWHERE] = [1, 7];
const NOBODY = Imei.parse('00000000000000');

/** A handset (1) in its owner's own time: each call runs to its end before it returns, and every hop is in the trace. */
export class LabHandsetNow {
  readonly #parts: HandsetNowParts;
  readonly #system: OperatingSystem;
  readonly #surroundings: AnswerNow;
  /** What the person was shown, oldest first. */
  readonly shown: string[] = [];

  constructor(parts: HandsetNowParts) {
    const { uicc, support, elsewhere, flash: imei, os = 'honest', other = NOBODY, link } = parts;
    const make = typeof os === 'string' ? VARIANTS[os].make : os;
    const readers = new Map<number, Card>();
    if (support !== undefined) readers.set(READER, support);
    if (elsewhere !== undefined) readers.set(ELSEWHERE, elsewhere);
    this.#parts = parts;
    this.#system = make({ imei, terminalProfile: terminalProfile(PERFORMED_FEATURES) }, other);
    this.#surroundings = surroundingsNow({
      uicc,
      readers,
      air: (message) => link.air(message),
      display: (text) => this.shown.push(text),
    });
  }

  /** The person switches it on: reset, TERMINAL PROFILE, steps 101 and 102, attach. */
  powerOn(): BootResult {
    return this.#run(this.#system.boot());
  }
  /** The person dials. */
  call(digits: string): CallResult {
    return this.#run(this.#system.call(digits));
  }
  /** AUTHENTICATE, as a network's request would bring it about. */
  authenticate({ rand, autn }: { readonly rand: Uint8Array; readonly autn: Uint8Array }): Authentication {
    return this.#run(this.#system.authenticate(rand, autn));
  }
  /** The terminal's time for the UICC, and for what the network has for it. */
  serve(): void {
    for (const message of messagesOf(this.#parts.link.pending()))
      this.#run(this.#system.downlink(nasMessage.decode(message)));
    this.#run(this.#system.poll());
  }
  /** One C-APDU that somebody else, a card reader for instance, gives to the UICC. */
  giveToUicc(command: Uint8Array): Uint8Array {
    return this.#answer({ type: 'uicc', command });
  }
  /** The person switches it off. */
  powerOff(): void {
    this.#run(this.#system.powerOff());
  }

  #run<T>(procedure: Procedure<T>): T {
    return runNow(procedure, (effect) => this.#answer(effect));
  }

  #answer(effect: Effect): Uint8Array {
    const octets = this.#surroundings(effect);
    if (effect.type === 'uicc') this.#record(effect.command, octets, 'UICC (31)');
    else if (effect.type === 'reader') this.#record(effect.command, octets, 'storage support (2)');
    else if (effect.type === 'display') this.#recordDisplay(effect.text);
    return octets;
  }

  #record(command: Uint8Array, response: Uint8Array, card: CardParty): void {
    const { name: handset, clock, trace } = this.#parts;
    if (trace.enabled) trace.record({ at: clock.now(), handset, ...exchangeRecord(card, command, response) });
  }

  #recordDisplay(text: string): void {
    const { name: handset, clock, trace } = this.#parts;
    const parties = { from: 'operating system (4)', to: 'person', protocol: 'local' } as const;
    trace.record({ at: clock.now(), handset, ...parties, octets: NO_OCTETS, name: 'display', detail: text });
  }
}
