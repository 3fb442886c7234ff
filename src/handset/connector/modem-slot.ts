import { fromHex, NO_OCTETS, toHex } from '#base/codec/index.ts';
import type { Scheduler } from '#protocol/smpp/index.ts';
import { AtReader, type AtResult, apduIn, serialNumberIn, sessionIn } from './at-answer.ts';
import type { ForeignSlot } from './card-door.ts';
import type { ModemLine } from './modem-line.ts';
import { RestrictedAccess } from './restricted-access.ts';
import { wholeExchange } from './whole-response.ts';

/** What a modem takes for an order to itself, and for one that the card has to do, in milliseconds. */
const ORDER_MS = 5_000;
const CARD_MS = 30_000;
const SELECT_MF = '00A40004023F00';
/** USIM, without the octets that an issuer chooses (TS 101 220 annex E). */
const USIM = 'A0000000871002';

/** How a modem lets a card be reached. */
type Way =
  /** Whole APDUs on the basic channel (TS 27.007 8.17). */
  | { readonly name: '+CSIM' }
  /** Whole APDUs on a logical channel of our own (8.43, 8.45). */
  | { readonly name: '+CGLA'; readonly session: number }
  /** Files alone (8.18). */
  | { readonly name: '+CRSM'; readonly access: RestrictedAccess };

/**
 * What a modem says when its card is asked for the answer to reset: no AT command shows it. TS and T0 of a card that says nothing of itself
 * (ISO/IEC 7816-3 8.2).
 */
export const NAMELESS_ATR: Uint8Array = fromHex('3B00');

/**
 * A card behind a modem's AT commands. `reset` finds the way to it: AT+CSIM where the modem allows it, else a channel of our own by AT+CCHO
 * and AT+CGLA, else its files by AT+CRSM. It resets nothing: the modem itself is a terminal and uses the card at the same time.
 */
export class ModemSlot implements ForeignSlot {
  readonly #device: string;
  readonly #line: ModemLine;
  readonly #scheduler: Scheduler;
  readonly #reader = new AtReader();
  #way: Way | undefined;
  #trouble: string | undefined;
  #ended: string | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(device: string, line: ModemLine, scheduler: Scheduler) {
    this.#device = device;
    this.#line = line;
    this.#scheduler = scheduler;
    line.listen(
      (octets) => this.#reader.push(octets),
      (reason) => {
        this.#ended ??= reason;
        this.#reader.end(reason);
      },
    );
  }

  get place(): string {
    return this.#way === undefined ? this.#device : `${this.#device}, AT${this.#way.name}`;
  }

  get trouble(): string | undefined {
    return this.#trouble;
  }

  /** The IMEI that the modem tells (AT+CGSN); undefined when it tells none. */
  async serialNumber(): Promise<string | undefined> {
    const answer = await this.#ask('AT+CGSN', '', ORDER_MS);
    return answer.kind === 'ok' ? serialNumberIn(answer.lines) : undefined;
  }

  async reset(): Promise<Uint8Array> {
    this.#trouble = undefined;
    await this.#leaveChannel();
    this.#way = undefined;
    // No echo, results in words, errors by number (V.250 6.2.4, 6.2.5; TS 27.007 9.1). The first also ends what another left half typed.
    for (const order of ['AT', 'ATE0V1', 'AT+CMEE=1']) {
      const answer = await this.#ask(order, '', ORDER_MS);
      if (answer.kind === 'silent') return this.#mute(answer.reason);
      // What stood half typed before the first is refused with it.
      if (answer.kind === 'refused' && order === 'ATE0V1') return this.#mute(answer.reason);
    }
    const refusals: string[] = [];
    this.#way = (await this.#byCsim(refusals)) ?? (await this.#byChannel(refusals)) ?? (await this.#byFiles(refusals));
    return this.#way === undefined ? this.#mute(`no way to the card: ${refusals.join('; ')}`) : NAMELESS_ATR;
  }

  async transmit(command: Uint8Array): Promise<Uint8Array> {
    this.#trouble = undefined;
    const way = this.#way;
    if (way === undefined) return this.#mute('the card was not looked for yet');
    if (way.name === '+CRSM') return this.#restricted(way.access, command);
    return wholeExchange(true, command, async (tpdu) => {
      const answer = await this.#card(way, toHex(tpdu));
      if (answer.kind !== 'ok') return this.#mute(answer.reason);
      return (
        apduIn(answer.lines) ??
        this.#mute(`${way.name}: expected a response of that length, got ${lastOf(answer.lines)}`)
      );
    });
  }

  async close(): Promise<void> {
    await this.#leaveChannel();
    this.#line.close();
  }

  async #leaveChannel(): Promise<void> {
    if (this.#way?.name === '+CGLA') await this.#ask(`AT+CCHC=${this.#way.session}`, '', ORDER_MS);
  }

  #card(way: Exclude<Way, { name: '+CRSM' }>, hex: string): Promise<AtResult> {
    const session = way.name === '+CGLA' ? `${way.session},` : '';
    return this.#ask(`AT${way.name}=${session}${hex.length},"${hex}"`, `${way.name}:`, CARD_MS);
  }

  async #byCsim(refusals: string[]): Promise<Way | undefined> {
    const way = { name: '+CSIM' } as const;
    const answer = await this.#card(way, SELECT_MF);
    if (answer.kind === 'ok' && apduIn(answer.lines) !== undefined) return way;
    refusals.push(`AT+CSIM: ${whyNot(answer)}`);
    return undefined;
  }

  async #byChannel(refusals: string[]): Promise<Way | undefined> {
    const answer = await this.#ask(`AT+CCHO="${USIM}"`, '', CARD_MS);
    const session = answer.kind === 'ok' ? sessionIn(answer.lines) : undefined;
    if (session === undefined) {
      refusals.push(`AT+CCHO: ${whyNot(answer)}`);
      return undefined;
    }
    const way = { name: '+CGLA', session } as const;
    const selected = await this.#card(way, SELECT_MF);
    if (selected.kind === 'ok' && apduIn(selected.lines) !== undefined) return way;
    refusals.push(`AT+CGLA: ${whyNot(selected)}`);
    await this.#ask(`AT+CCHC=${session}`, '', ORDER_MS);
    return undefined;
  }

  async #byFiles(refusals: string[]): Promise<Way | undefined> {
    const access = new RestrictedAccess();
    const answer = await this.#restricted(access, fromHex('00F2000000'));
    if (answer.length > 0) return { name: '+CRSM', access };
    refusals.push(`AT+CRSM: ${this.#trouble}`);
    return undefined;
  }

  async #restricted(access: RestrictedAccess, command: Uint8Array): Promise<Uint8Array> {
    const asked = access.orderFor(command);
    if (asked.kind === 'known') return asked.response;
    const answer = await this.#ask(asked.order, '+CRSM:', CARD_MS);
    if (answer.kind !== 'ok') return this.#mute(answer.reason);
    const response = asked.responseIn(answer.lines);
    return response ?? this.#mute(`+CRSM: expected two numbers and octets, got ${lastOf(answer.lines)}`);
  }

  #mute(reason: string): Uint8Array {
    this.#trouble = `${this.#device}: ${reason}`;
    return NO_OCTETS;
  }

  /** One command line to the modem, one answer. Commands wait for each other: a modem has one answer at a time. */
  #ask(command: string, prefix: string, milliseconds: number): Promise<AtResult> {
    const answer = this.#turn.then(() => this.#askNow(command, prefix, milliseconds));
    this.#turn = answer;
    return answer;
  }

  #askNow(command: string, prefix: string, milliseconds: number): Promise<AtResult> {
    const silent = (reason: string): AtResult => ({ kind: 'silent', reason });
    if (this.#ended !== undefined) return Promise.resolve(silent(this.#ended));
    return new Promise((resolve) => {
      const stop = this.#scheduler.after(milliseconds, () => {
        this.#reader.giveUp();
        resolve(
          silent(`no answer to ${command.slice(0, 12)} within ${milliseconds / 1000} s: is this the modem's AT port?`),
        );
      });
      this.#reader.expect(prefix, (result) => {
        stop();
        resolve(result);
      });
      this.#line.write(new TextEncoder().encode(`${command}\r`));
    });
  }
}

const lastOf = (lines: readonly string[]): string => (lines.at(-1) ?? 'nothing').slice(0, 60);
const whyNot = (answer: AtResult): string =>
  answer.kind === 'ok' ? `an answer that cannot be read: ${lastOf(answer.lines)}` : answer.reason;
