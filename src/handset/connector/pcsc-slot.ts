import { NO_OCTETS } from '#base/codec/index.ts';
import type { Scheduler } from '#protocol/smpp/index.ts';
import { type ForeignSlot, SlotNameError } from './card-door.ts';
import { PCSC_RESULT, type PcscCard, PcscError, type PcscService, type PcscUse } from './pcsc.ts';
import { wholeExchange } from './whole-response.ts';

/** A program that was killed can hold a card for some 100 ms more. */
const BUSY_PAUSE_MS = 150;
const MOST_BUSY = 10;

const inWords = (names: readonly string[]) =>
  names.length === 0 ? 'no reader is connected' : `readers: ${names.map((name) => `"${name}"`).join(', ')}`;

/** The reader of this name, or the only one whose name has `wanted` in it, whatever the case. Throws SlotNameError with those that are there. */
export function chosenReader(names: readonly string[], wanted: string): string {
  if (names.includes(wanted)) return wanted;
  const part = wanted.toLowerCase();
  const [found, ...others] = names.filter((name) => name.toLowerCase().includes(part));
  if (found === undefined) throw new SlotNameError(`no reader has "${wanted}" in its name; ${inWords(names)}`);
  if (others.length > 0)
    throw new SlotNameError(`"${wanted}" is in the name of more than one reader: write more of it; ${inWords(names)}`);
  return found;
}

/** What a slot of a PC/SC reader needs. */
export interface PcscSlotOptions {
  /** Name of the reader, or a part of it that no other has. */
  readonly reader: string;
  readonly use: PcscUse;
  readonly scheduler: Scheduler;
  /** Reaches the machine's PC/SC service. */
  open(): Promise<PcscService>;
}

/** A card in a reader of this machine's PC/SC service. Card and reader may go and come back: `reset` takes up what is there then. */
export class PcscSlot implements ForeignSlot {
  readonly #reader: string;
  readonly #options: PcscSlotOptions;
  #service: PcscService | undefined;
  #card: PcscCard | undefined;
  #trouble: string | undefined;

  constructor(reader: string, service: PcscService, options: PcscSlotOptions) {
    this.#reader = reader;
    this.#service = service;
    this.#options = options;
  }

  get place(): string {
    return this.#card === undefined ? this.#reader : `${this.#reader}, ${this.#card.protocol}`;
  }

  get trouble(): string | undefined {
    return this.#trouble;
  }

  reset(): Promise<Uint8Array> {
    return this.#orMute(async () => {
      const card = await this.#poweredCard();
      this.#card = card;
      return card.atr();
    });
  }

  transmit(command: Uint8Array): Promise<Uint8Array> {
    return this.#orMute(async () => {
      const card = this.#card;
      if (card === undefined) throw new PcscError(PCSC_RESULT.unpoweredCard, this.#reader);
      return wholeExchange(card.protocol === 'T=0', command, (sent) => card.transmit(sent));
    });
  }

  async close(): Promise<void> {
    await this.#letGo();
    await this.#service?.close();
    this.#service = undefined;
  }

  /** The card fresh from power-on: the one in use, or whatever is in the reader now. */
  async #poweredCard(): Promise<PcscCard> {
    const known = this.#card;
    if (known !== undefined) {
      try {
        await known.reset();
        return known;
      } catch (error) {
        if (!(error instanceof PcscError)) throw error;
        await this.#letGo();
      }
    }
    const card = await this.#taken();
    // The card may have been in use by others before.
    await card.reset();
    return card;
  }

  async #taken(): Promise<PcscCard> {
    const { scheduler, use, open } = this.#options;
    this.#service ??= await open();
    for (let busy = 0; ; busy++) {
      try {
        return await this.#service.connect(this.#reader, use);
      } catch (error) {
        const isBusy = error instanceof PcscError && error.code === PCSC_RESULT.sharingViolation;
        if (!isBusy || busy === MOST_BUSY) throw error;
        await new Promise<void>((resolve) => void scheduler.after(BUSY_PAUSE_MS, resolve));
      }
    }
  }

  async #letGo(): Promise<void> {
    const card = this.#card;
    this.#card = undefined;
    // A card that is gone cannot be given back.
    await card?.disconnect().catch(() => undefined);
  }

  /** What PC/SC refuses is a mute card, and `trouble` says why. */
  async #orMute(act: () => Promise<Uint8Array>): Promise<Uint8Array> {
    this.#trouble = undefined;
    try {
      const octets = await act();
      if (octets.length === 0) this.#trouble = `${this.#reader}: the card is mute`;
      return octets;
    } catch (error) {
      if (!(error instanceof PcscError)) throw error;
      this.#trouble = error.message;
      await this.#letGo();
      if (error.code === PCSC_RESULT.serviceStopped) this.#service = undefined;
      return NO_OCTETS;
    }
  }
}

/** A slot of the reader that `options.reader` names. Rejects with SlotNameError, or as `open` does. */
export async function openPcscSlot(options: PcscSlotOptions): Promise<PcscSlot> {
  const service = await options.open();
  try {
    const names = (await service.readers()).map(({ name }) => name);
    return new PcscSlot(chosenReader(names, options.reader), service, options);
  } catch (error) {
    await service.close();
    throw error;
  }
}
