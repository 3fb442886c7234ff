import { berTlvSet, type Infer, octets, optional, required, u8, u16 } from '#base/codec/index.ts';
import { equalOctets } from '#base/crypto/index.ts';
import type { CardMemory } from '#handset/card/index.ts';
import { type CommandApdu, responseApdu, SW } from '#protocol/apdu/index.ts';
import { KEY } from './file-system/access-rule.ts';
import { isCreatedNumber } from './file-system/card-structure.ts';
import type { DirectoryNode, Grants, PinStatus } from './file-system/index.ts';
import { MEMORY_KEY } from './memory-key.ts';

/** Octets of a PIN as commands carry it, filled with FF (TS 102 221 9.5.1). */
export const PIN_LENGTH = 8;
const MOST_TRIES = { pin: 3, unblock: 10, adm: 10 } as const;
const INS = { verify: 0x20, change: 0x24, disable: 0x26, enable: 0x28, unblock: 0x2c } as const;

/** Whether a PIN must be verified; `replaced`: the universal PIN stands in for it (TS 102 221 9.5.1.3). */
export const VERIFICATION = { disabled: 0, enabled: 1, replaced: 2 } as const;
/** P1 of DISABLE PIN: the universal PIN is verified in its place (TS 102 221 11.1.11: b8, and its key reference in b1-5). */
const REPLACE_BY_UNIVERSAL = 0x80 | KEY.universalPin;

/** A PIN as the memory keeps it. Without an unblock code it can never be unblocked. */
export const pinRecord = berTlvSet({
  value: required(0x80, octets(PIN_LENGTH)),
  tries: required(0x81, u8),
  enabled: required(0x82, u8),
  unblockCode: optional(0x83, octets(PIN_LENGTH)),
  unblockTries: required(0x84, u8),
});
/** A PIN as the memory keeps it. */
export type PinRecord = Infer<typeof pinRecord>;

/** In place of a PIN: where the one stands that this one is too. Two octets, and so no PIN. */
export const sharedPin = u16;
const SHARED_LENGTH = 2;

/** A PIN, or the place in the memory of the one that it is. Throws CodecError. */
export const decodePin = (stored: Uint8Array): PinRecord | number =>
  stored.length === SHARED_LENGTH ? sharedPin.decode(stored) : pinRecord.decode(stored);

/** The octets of a PIN of 4 to 8 digits. */
export function pinOctets(digits: string): Uint8Array {
  const value = new Uint8Array(PIN_LENGTH).fill(0xff);
  for (let i = 0; i < digits.length; i++) value[i] = digits.charCodeAt(i);
  return value;
}

/** A fresh PIN1. */
export const freshPin = (value: Uint8Array, enabled: boolean, unblockCode: Uint8Array | undefined): PinRecord => ({
  value,
  tries: MOST_TRIES.pin,
  enabled: enabled ? 1 : 0,
  ...(unblockCode && { unblockCode }),
  unblockTries: unblockCode ? MOST_TRIES.unblock : 0,
});
/** A fresh ADM1. */
export const freshAdm = (value: Uint8Array): PinRecord => ({
  value,
  tries: MOST_TRIES.adm,
  enabled: 1,
  unblockTries: 0,
});

const OK = responseApdu(SW.ok);
/** Tries that are left, 63C0 when this was the last; a blocked PIN that is presented again is 6983 (TS 102 221 11.1.9, 11.1.13). */
const triesLeft = (tries: number) => responseApdu(SW.triesLeft | tries);

/** One PIN: its lasting record, and whether it was verified in this power-on. */
class Pin {
  readonly #memory: CardMemory;
  readonly #key: number;
  readonly #mostTries: number;
  #record: PinRecord;
  isVerified = false;

  constructor(memory: CardMemory, key: number, mostTries: number) {
    this.#memory = memory;
    this.#key = key;
    this.#mostTries = mostTries;
    // Personalisation put it there.
    this.#record = pinRecord.decode(memory.get(key) as Uint8Array);
  }

  get record(): PinRecord {
    return this.#record;
  }

  #keep(change: Partial<PinRecord>): void {
    const next = { ...this.#record, ...change };
    this.#memory.commit([[this.#key, pinRecord.encode(next)]]);
    this.#record = next;
  }

  /** Compares: a try is taken, safely stored, before the comparison, and given back after it (T22). Undefined when right. */
  present(value: Uint8Array, change: Partial<PinRecord>): Uint8Array | undefined {
    const { tries, value: expected } = this.#record;
    if (tries === 0) return responseApdu(SW.authenticationMethodBlocked);
    this.#keep({ tries: tries - 1 });
    if (!equalOctets(value, expected)) {
      this.isVerified = false;
      return triesLeft(tries - 1);
    }
    this.#keep({ tries: this.#mostTries, ...change });
    this.isVerified = true;
    return undefined;
  }

  /** UNBLOCK: the same with the unblock code. A right one gives the PIN a new value and enables it. */
  unblock(code: Uint8Array, value: Uint8Array): Uint8Array | undefined {
    const { unblockTries, unblockCode } = this.#record;
    if (unblockTries === 0 || unblockCode === undefined) return responseApdu(SW.authenticationMethodBlocked);
    this.#keep({ unblockTries: unblockTries - 1 });
    if (!equalOctets(code, unblockCode)) return triesLeft(unblockTries - 1);
    this.#keep({ value: value.slice(), tries: this.#mostTries, enabled: 1, unblockTries: MOST_TRIES.unblock });
    this.isVerified = true;
    return undefined;
  }
}

/**
 * Environments of access rules (TS 102 221 9.3): 01 while PIN1 is enabled, and while it is disabled and an enabled universal PIN does not
 * stand in for it; otherwise 00.
 */
const ENVIRONMENT = { pinOff: 0x00, pinOn: 0x01 } as const;
/** Bits of a PIN status. */
const STATUS = { pin1On: 1, pin2: 2, pin2On: 4, universal: 8, universalOn: 16, universalUsed: 32 } as const;
/** True for the key references of second PINs. */
export const isSecondPin = (reference: number): boolean => reference >= 0x81 && reference <= 0x88;
/** True for the key references of ADM keys. */
export const isAdministrative = (reference: number): boolean =>
  (reference & 0x7f) >= 0x0a && (reference & 0x7f) <= 0x0e;
/** Key references that a card may have (TS 102 221 table 9.3). */
export const isReference = (reference: number): boolean =>
  isSecondPin(reference) ||
  isAdministrative(reference) ||
  (reference >= 0x01 && reference <= 0x08) ||
  reference === KEY.universalPin;

/** Where a key reference stands in the memory; a second PIN belongs to an application. */
export function pinKey(reference: number, application: number): number {
  if (reference === KEY.pin1) return MEMORY_KEY.pin1;
  if (reference === KEY.adm1) return MEMORY_KEY.adm1;
  return isSecondPin(reference)
    ? MEMORY_KEY.secondPin + 8 * application + (reference & 7)
    : MEMORY_KEY.keyReference + reference;
}

/** The PINs and ADM keys of a card, and the commands about them (TS 102 221 9.5, 11.1.9 to 11.1.13). */
export class Pins implements Grants, PinStatus {
  readonly #memory: CardMemory;
  readonly #applications: readonly DirectoryNode[];
  readonly #pin1: Pin;
  /** Those that were asked for, by their place in the memory; null for one that the card has not. */
  readonly #others = new Map<number, Pin | null>();

  constructor(memory: CardMemory, applications: readonly DirectoryNode[]) {
    this.#memory = memory;
    this.#applications = applications;
    this.#pin1 = new Pin(memory, MEMORY_KEY.pin1, MOST_TRIES.pin);
  }

  /** Power-on: nothing is verified. */
  reset(): void {
    this.#pin1.isVerified = false;
    for (const pin of this.#others.values()) if (pin !== null) pin.isVerified = false;
  }

  /** Places in the memory of the PINs that are verified. */
  verified(): readonly number[] {
    const others = [...this.#others].flatMap(([key, pin]) => (pin?.isVerified === true ? [key] : []));
    return this.#pin1.isVerified ? [MEMORY_KEY.pin1, ...others] : others;
  }

  /** Makes PINs count as verified again: after a suspension that the right terminal ended. */
  restore(verified: readonly number[]): void {
    for (const key of verified) {
      const pin = key === MEMORY_KEY.pin1 ? this.#pin1 : this.#at(key);
      if (pin !== undefined) pin.isVerified = true;
    }
  }

  /** True when PIN1 must be verified. */
  get isPinEnabled(): boolean {
    return this.#pin1.record.enabled === VERIFICATION.enabled;
  }

  get environment(): number {
    const { enabled } = this.#pin1.record;
    if (enabled === VERIFICATION.enabled) return ENVIRONMENT.pinOn;
    const isUniversalOn = this.#pin(KEY.universalPin, undefined)?.record.enabled === VERIFICATION.enabled;
    return enabled === VERIFICATION.disabled && isUniversalOn ? ENVIRONMENT.pinOn : ENVIRONMENT.pinOff;
  }

  /** True when the key reference counts as verified now. A disabled PIN does; one that is replaced does when the universal PIN does. */
  isVerified(reference: number, application: DirectoryNode | undefined): boolean {
    const pin = this.#pin(reference, application);
    if (pin === undefined) return false;
    switch (pin.record.enabled) {
      case VERIFICATION.disabled:
        return true;
      case VERIFICATION.replaced:
        return this.isVerified(KEY.universalPin, application);
      default:
        return pin.isVerified;
    }
  }

  /** Tries left for a PIN and for its unblock code, and whether it is enabled; undefined when the card has no such PIN. */
  status(
    reference: number,
  ): { readonly tries: number; readonly unblockTries: number; readonly isEnabled: boolean } | undefined {
    const record = this.#pin(reference, undefined)?.record;
    return (
      record && {
        tries: record.tries,
        unblockTries: record.unblockTries,
        isEnabled: record.enabled === VERIFICATION.enabled,
      }
    );
  }

  /** How PIN1, the second PIN of an application and the universal PIN stand. */
  statusOf(application: DirectoryNode | undefined): number {
    const { enabled } = this.#pin1.record;
    let status = enabled === VERIFICATION.enabled ? STATUS.pin1On : 0;
    if (enabled === VERIFICATION.replaced) status |= STATUS.universalUsed;
    const second = application && this.#pin(KEY.pin2, application);
    if (second !== undefined)
      status |= second.record.enabled === VERIFICATION.enabled ? STATUS.pin2 | STATUS.pin2On : STATUS.pin2;
    const universal = this.#pin(KEY.universalPin, application);
    if (universal === undefined) return status;
    return status | STATUS.universal | (universal.record.enabled === VERIFICATION.enabled ? STATUS.universalOn : 0);
  }

  /** Value of the PIN status template (TS 102 221 9.5.2): one bit for each PIN that is asked for, in the order they are named. */
  statusTemplate(status: number): Uint8Array {
    const objects = [0x83, 1, KEY.pin1];
    let bits = (status & STATUS.pin1On) !== 0 ? 0x80 : 0;
    let bit = 0x40;
    if ((status & STATUS.pin2) !== 0) {
      objects.push(0x83, 1, KEY.pin2);
      if ((status & STATUS.pin2On) !== 0) bits |= bit;
      bit >>= 1;
    }
    if ((status & STATUS.universal) !== 0) {
      // The universal PIN says besides whether it stands in for PIN1 (95).
      objects.push(0x95, 1, (status & STATUS.universalUsed) !== 0 ? 0x08 : 0x00, 0x83, 1, KEY.universalPin);
      if ((status & STATUS.universalOn) !== 0) bits |= bit;
    }
    return Uint8Array.of(0x90, 1, bits, ...objects);
  }

  /** VERIFY, CHANGE, DISABLE, ENABLE or UNBLOCK PIN: the R-APDU. */
  process(command: CommandApdu, application: DirectoryNode | undefined): Uint8Array {
    const { ins, p1, p2, data } = command;
    const replaces = ins === INS.disable && p1 === REPLACE_BY_UNIVERSAL;
    if (p1 !== 0 && !replaces) return responseApdu(SW.wrongParameters);
    const pin = this.#pin(p2, application);
    if (pin === undefined) return responseApdu(SW.referencedDataNotFound);
    if (ins === INS.unblock) return unblock(pin, data);
    if (ins === INS.verify && data.length === 0) return triesLeft(pin.record.tries);
    const length = ins === INS.change ? 2 * PIN_LENGTH : PIN_LENGTH;
    if (data.length !== length) return responseApdu(SW.wrongLength);
    if (ins === INS.enable) return this.#switch(pin, p2, VERIFICATION.enabled, data);
    if (ins === INS.disable)
      return this.#switch(pin, p2, replaces ? VERIFICATION.replaced : VERIFICATION.disabled, data);
    return check(pin, ins, data);
  }

  /**
   * The same for an operator over the air: tries are counted as always, and what the terminal has verified stays as it was. `verified`:
   * the reference that is right now, for the sender alone.
   */
  processApart(
    command: CommandApdu,
    application: DirectoryNode | undefined,
  ): { readonly response: Uint8Array; readonly verified: number | undefined } {
    const pin = this.#pin(command.p2, application);
    if (pin === undefined) return { response: this.process(command, application), verified: undefined };
    const before = pin.isVerified;
    pin.isVerified = false;
    try {
      const response = this.process(command, application);
      return { response, verified: pin.isVerified ? command.p2 : undefined };
    } finally {
      pin.isVerified = before;
    }
  }

  /** PIN1 and its like and the universal PIN are switched; not a second PIN, not an ADM key (TS 102 221 9.5.1). */
  #switch(pin: Pin, reference: number, enabled: number, value: Uint8Array): Uint8Array {
    if (reference > 0x08 && reference !== KEY.universalPin) return responseApdu(SW.conditionsOfUseNotSatisfied);
    const hasUniversal = this.#pin(KEY.universalPin, undefined) !== undefined && reference !== KEY.universalPin;
    if (enabled === VERIFICATION.replaced && !hasUniversal) return responseApdu(SW.referencedDataNotFound);
    const isEnabled = pin.record.enabled === VERIFICATION.enabled;
    if (isEnabled === (enabled === VERIFICATION.enabled)) return responseApdu(SW.referencedDataInvalidated);
    return pin.present(value, { enabled }) ?? OK;
  }

  /** The PIN of a key reference; a second PIN is that of the application, or of the first one while none is selected. */
  #pin(reference: number, application: DirectoryNode | undefined): Pin | undefined {
    if (reference === KEY.pin1) return this.#pin1;
    if (!isReference(reference)) return undefined;
    const number = (application ?? this.#applications[0])?.number ?? 0;
    // An application that a command made has no second PIN, and its places in the memory are those of files.
    return isSecondPin(reference) && isCreatedNumber(number) ? undefined : this.#at(pinKey(reference, number));
  }

  /** The PIN at a place of the memory. */
  #at(key: number): Pin | undefined {
    let pin = this.#others.get(key);
    if (pin === undefined) {
      const reference = key - MEMORY_KEY.keyReference;
      const isAdm = key === MEMORY_KEY.adm1 || (key < MEMORY_KEY.secondPin && isAdministrative(reference));
      const mostTries = isAdm ? MOST_TRIES.adm : MOST_TRIES.pin;
      const stored = this.#memory.get(key);
      const found = stored && decodePin(stored);
      // One PIN of two applications is one object: what one of them verified or blocked is so in the other.
      if (typeof found === 'number') pin = found === key ? null : (this.#at(found) ?? null);
      else pin = found === undefined ? null : new Pin(this.#memory, key, mostTries);
      this.#others.set(key, pin);
    }
    return pin ?? undefined;
  }
}

/** VERIFY and CHANGE: not for a disabled PIN (TS 102 221 9.5.2). */
function check(pin: Pin, ins: number, data: Uint8Array): Uint8Array {
  if (pin.record.enabled !== VERIFICATION.enabled) return responseApdu(SW.referencedDataInvalidated);
  if (ins === INS.verify) return pin.present(data, {}) ?? OK;
  return pin.present(data.subarray(0, PIN_LENGTH), { value: data.slice(PIN_LENGTH) }) ?? OK;
}

function unblock(pin: Pin, data: Uint8Array): Uint8Array {
  if (data.length === 0) return triesLeft(pin.record.unblockTries);
  if (data.length !== 2 * PIN_LENGTH) return responseApdu(SW.wrongLength);
  return pin.unblock(data.subarray(0, PIN_LENGTH), data.subarray(PIN_LENGTH)) ?? OK;
}
