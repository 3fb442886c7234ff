// A modem's AT port in front of one of our UICCs, as far as the connector uses it: what it answers, and what it refuses, is told to it.
import { fromHex, toHex } from '#base/codec/index.ts';
import type { Card } from '#protocol/apdu/index.ts';

/** How a modem differs from a good one. */
export interface ModemHabits {
  /** Commands that it refuses, by the beginning of their text, and with what. */
  readonly refuses?: Readonly<Record<string, string>>;
  /** Lines that it sends by itself before each answer. */
  readonly chatter?: string;
  /** Octets that one write has at most. */
  readonly piece?: number;
  /** It does not end its echo. */
  readonly alwaysEchoes?: boolean;
  /** Commands that it does not answer at all. */
  readonly ignores?: string;
}

/** A modem with a card. `say` takes its octets to the line. */
export class AtModem {
  readonly #card: Card;
  readonly #habits: ModemHabits;
  readonly #say: (octets: Uint8Array) => void;
  #line = '';
  #echoes = true;
  #session = 0;
  readonly heard: string[] = [];

  constructor(card: Card, say: (octets: Uint8Array) => void, habits: ModemHabits = {}) {
    this.#card = card;
    this.#say = say;
    this.#habits = habits;
    card.reset();
  }

  /** Octets from the terminal. */
  take(octets: Uint8Array): void {
    if (this.#echoes || this.#habits.alwaysEchoes) this.#send(new TextDecoder().decode(octets));
    for (const octet of octets) {
      if (octet !== 0x0d) this.#line += String.fromCharCode(octet);
      else {
        const line = this.#line;
        this.#line = '';
        this.#command(line);
      }
    }
  }

  #send(text: string): void {
    const octets = new TextEncoder().encode(text);
    const piece = this.#habits.piece ?? octets.length;
    for (let at = 0; at < octets.length; at += piece) this.#say(octets.slice(at, at + piece));
  }

  #command(line: string): void {
    this.heard.push(line);
    const { refuses = {}, chatter, ignores } = this.#habits;
    if (ignores !== undefined && line.startsWith(ignores)) return;
    if (chatter !== undefined) this.#send(`\r\n${chatter}\r\n`);
    const refusal = Object.entries(refuses).find(([beginning]) => line.startsWith(beginning))?.[1];
    const answer = refusal === undefined ? this.#answer(line) : [refusal];
    this.#send(answer.map((one) => `\r\n${one}\r\n`).join(''));
  }

  #answer(line: string): readonly string[] {
    if (line.startsWith('ATE0')) this.#echoes = false;
    if (line === 'AT' || line === 'ATE0V1' || line === 'AT+CMEE=1') return ['OK'];
    if (line === 'AT+CGSN') return ['490154203237518', 'OK'];
    const [, length, apdu] = /^AT\+CSIM=(\d+),"([0-9A-F]*)"$/.exec(line) ?? [];
    if (apdu !== undefined && Number(length) === apdu.length) return [this.#apdu('+CSIM', apdu), 'OK'];
    const aid = /^AT\+CCHO="([0-9A-F]+)"$/.exec(line)?.[1];
    if (aid !== undefined) return this.#open(aid);
    const [, session, long, inside] = /^AT\+CGLA=(\d+),(\d+),"([0-9A-F]*)"$/.exec(line) ?? [];
    if (inside !== undefined && Number(session) === this.#session && Number(long) === inside.length)
      return [this.#apdu('+CGLA', inside), 'OK'];
    if (line === `AT+CCHC=${this.#session}`) return ['OK'];
    const restricted = /^AT\+CRSM=(\d+)(?:,(\d+),(\d+),(\d+),(\d+)(?:,"([0-9A-F]*)")?(?:,"([0-9A-F]*)")?)?$/.exec(line);
    return restricted === null ? ['ERROR'] : [this.#restricted(restricted), 'OK'];
  }

  #apdu(name: string, hex: string): string {
    const response = toHex(this.#card.transmit(fromHex(hex)));
    return `${name}: ${response.length},"${response}"`;
  }

  #open(aid: string): readonly string[] {
    const length = (aid.length / 2).toString(16).padStart(2, '0');
    if (this.#card.transmit(fromHex(`00A4040C${length}${aid}`)).at(-2) !== 0x90) return ['+CME ERROR: 22'];
    this.#session = 7;
    return ['7', 'OK'];
  }

  #restricted([, ins, file, p1, p2, p3, data = '', path = '']: RegExpExecArray): string {
    const name = (value: string | undefined) => Number(value).toString(16).padStart(2, '0');
    if (file !== undefined) this.#select(path, Number(file).toString(16).padStart(4, '0'));
    const isReading = data === '';
    const select = `00A40004 02 ${Number(file).toString(16).padStart(4, '0')} 00`;
    const apdu =
      ins === '192'
        ? select
        : `00${name(ins)}${name(p1 ?? '0')}${name(p2 ?? '0')}${isReading ? name(p3 ?? '0') : name(p3)}${data}`;
    const response = this.#card.transmit(fromHex(apdu));
    const text = response.length === 2 ? '' : `,"${toHex(response.subarray(0, -2))}"`;
    return `+CRSM: ${response.at(-2)},${response.at(-1)}${text}`;
  }

  #select(path: string, file: string): void {
    const whole = `${path.replace(/^3F00/, '')}${file}`;
    const usim = /^7FFF/.test(whole);
    if (usim) this.#card.transmit(fromHex('00A4040C07A0000000871002'));
    this.#card.transmit(fromHex(`00A4080C${(whole.length / 2).toString(16).padStart(2, '0')}${whole}`));
  }
}
