import { type Command, InvalidArgumentError, Option } from 'commander';
import {
  type CardDoor,
  type ForeignSlot,
  ModemSlot,
  openModemLine,
  openPcscService,
  openPcscSlot,
  type PcscProtocol,
  SlotError,
} from '#handset/connector/index.ts';
import type { Io } from './io.ts';

/** Where a card is: one of our own by its number, or in a reader of this machine. */
export type CardPlace<T> =
  | { readonly kind: 'own'; readonly number: T }
  | { readonly kind: 'pcsc'; readonly reader: string }
  | { readonly kind: 'modem'; readonly device: string; readonly baudRate?: number };

/** How people write where a card of others is. */
export const PLACES = "pcsc:READER (its name, or a part that no other has), modem:DEVICE[@RATE] (a modem's AT port)";

/** A parser of `pcsc:READER`, `modem:DEVICE`, or of what `own` takes. */
export function placeArgument<T>(own: (text: string) => T): (text: string) => CardPlace<T> {
  return (text) => {
    const [, kind, name = ''] = /^(pcsc|modem):(.*)$/s.exec(text) ?? [];
    if (kind === undefined) return { kind: 'own', number: own(text) };
    if (name === '') throw new InvalidArgumentError(`expected a name after ${kind}:`);
    if (kind === 'pcsc') return { kind, reader: name };
    const [, device = name, rate] = /^(.*)@(\d{2,7})$/.exec(name) ?? [];
    return { kind: 'modem', device, ...(rate !== undefined && { baudRate: Number(rate) }) };
  };
}

/** How a card in a reader is taken into use. */
export interface PlaceOptions {
  readonly shared: boolean;
  readonly protocol: 'any' | 't0' | 't1';
  readonly pcscd?: string;
  readonly pcscPackage: boolean;
}

const PROTOCOLS: Readonly<Record<PlaceOptions['protocol'], readonly PcscProtocol[]>> = {
  any: ['T=0', 'T=1'],
  t0: ['T=0'],
  t1: ['T=1'],
};

/** Adds the options that say how a card in a reader is taken into use. */
export function withPlaceOptions(command: Command): Command {
  return command
    .option('--shared', 'let other programs use the card in the reader at the same time', false)
    .addOption(
      new Option('--protocol <name>', 'protocol with the card in the reader')
        .choices(Object.keys(PROTOCOLS))
        .default('any'),
    )
    .option('--pcscd <socket>', 'socket of another pcscd')
    .option('--pcsc-package', 'reach PC/SC through the package smartcard, as Windows and macOS do', false);
}

/** A card to talk to, wherever it is. */
export interface OpenCard {
  readonly door: CardDoor;
  /** Set for a card that is none of ours. */
  readonly slot?: ForeignSlot;
  close(): Promise<void> | void;
}

async function openSlot(
  { scheduler }: Io,
  place: Exclude<CardPlace<unknown>, { kind: 'own' }>,
  options: PlaceOptions,
): Promise<ForeignSlot> {
  const { shared, protocol, pcscd: socket, pcscPackage: isByPackage } = options;
  if (place.kind === 'modem')
    return new ModemSlot(place.device, await openModemLine(place.device, place.baudRate), scheduler);
  return openPcscSlot({
    reader: place.reader,
    use: { isExclusive: !shared, protocols: PROTOCOLS[protocol] },
    scheduler,
    open: () => openPcscService({ scheduler, isByPackage, ...(socket !== undefined && { socket }) }),
  });
}

/** Opens the card of a place; one of our own by `own`. Rejects with what to do. */
export async function openPlace<T>(
  io: Io,
  place: CardPlace<T>,
  options: PlaceOptions,
  own: (number: T) => { readonly card: CardDoor; close(): void },
): Promise<OpenCard> {
  if (place.kind === 'own') {
    const { card: door, ...file } = own(place.number);
    return { door, close: () => file.close() };
  }
  const slot = await openSlot(io, place, options);
  return { door: slot, slot, close: () => slot.close() };
}

/** The answer to reset; a card that does not answer is SlotError. */
export async function powered({ door, slot }: OpenCard): Promise<Uint8Array> {
  const atr = await door.reset();
  if (atr.length > 0) return atr;
  throw new SlotError(slot?.trouble ?? 'the card does not answer to reset');
}
