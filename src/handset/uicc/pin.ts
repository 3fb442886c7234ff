import { berTlvSet, type Infer, octets, optional, required, u8 } from '#base/codec/index.ts';
import { equalOctets } from '#base/crypto/index.ts';
import type { CardMemory } from '#handset/card/index.ts';
import { type CommandApdu, responseApdu, SW } from '#protocol/apdu/index.ts';
import { CONDITION, type Condition } from './file-system/access-rule.ts';
import { MEMORY_KEY } from './memory-key.ts';

/** Octets of a PIN as commands carry it, filled with FF (TS 102 221 9.5.1). */
export const PIN_LENGTH = 8;
const MOST_TRIES = { pin: 3, unblock: 10, adm: 10 } as const;
const REFERENCE = { pin1: 0x01, adm1: 0x0a } as const;
const INS = { verify: 0x20, change: 0x24, disable: 0x26, enable: 0x28, unblock: 0x2c } as const;

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
const triesLeft = (tries: number) => responseApdu(tries === 0 ? SW.authenticationMethodBlocked : SW.triesLeft | tries);
/** Answer to a question for the tries left, which a blocked PIN answers too. */
const triesAsked = (tries: number) => responseApdu(SW.triesLeft | tries);

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

/** PIN1 and ADM1 of a card, and the commands about them (TS 102 221 9.5, 11.1.9 to 11.1.13). */
export class Pins {
  readonly #pin1: Pin;
  readonly #adm1: Pin;

  constructor(memory: CardMemory) {
    this.#pin1 = new Pin(memory, MEMORY_KEY.pin1, MOST_TRIES.pin);
    this.#adm1 = new Pin(memory, MEMORY_KEY.adm1, MOST_TRIES.adm);
  }

  /** Power-on: nothing is verified. */
  reset(): void {
    this.#pin1.isVerified = false;
    this.#adm1.isVerified = false;
  }

  /** True when PIN1 must be verified. */
  get isPinEnabled(): boolean {
    return this.#pin1.record.enabled === 1;
  }

  /** True when the condition of a file holds now. A disabled PIN1 always does. */
  satisfies(condition: Condition): boolean {
    switch (condition) {
      case CONDITION.always:
        return true;
      case CONDITION.pin1:
        return this.#pin1.isVerified || !this.isPinEnabled;
      case CONDITION.adm1:
        return this.#adm1.isVerified;
      case CONDITION.never:
        return false;
    }
  }

  /** VERIFY, CHANGE, DISABLE, ENABLE or UNBLOCK PIN: the R-APDU. */
  process(command: CommandApdu): Uint8Array {
    const { ins, p1, p2, data } = command;
    // Replacing PIN1 by the universal PIN (P1 01 of DISABLE) is not offered: there is none.
    if (p1 !== 0) return responseApdu(SW.wrongParameters);
    const pin = p2 === REFERENCE.pin1 ? this.#pin1 : p2 === REFERENCE.adm1 ? this.#adm1 : undefined;
    if (pin === undefined) return responseApdu(SW.referencedDataNotFound);
    if (ins === INS.unblock) return unblock(pin, data);
    if (ins === INS.verify && data.length === 0) return triesAsked(pin.record.tries);
    const length = ins === INS.change ? 2 * PIN_LENGTH : PIN_LENGTH;
    if (data.length !== length) return responseApdu(SW.wrongLength);
    return ins === INS.disable || ins === INS.enable
      ? this.#switch(pin, ins === INS.enable, data)
      : check(pin, ins, data);
  }

  #switch(pin: Pin, isEnabling: boolean, value: Uint8Array): Uint8Array {
    if (pin === this.#adm1) return responseApdu(SW.conditionsOfUseNotSatisfied);
    if ((pin.record.enabled === 1) === isEnabling) return responseApdu(SW.referencedDataInvalidated);
    return pin.present(value, { enabled: isEnabling ? 1 : 0 }) ?? OK;
  }
}

/** VERIFY and CHANGE: not for a disabled PIN (TS 102 221 9.5.2). */
function check(pin: Pin, ins: number, data: Uint8Array): Uint8Array {
  if (pin.record.enabled === 0) return responseApdu(SW.referencedDataInvalidated);
  if (ins === INS.verify) return pin.present(data, {}) ?? OK;
  return pin.present(data.subarray(0, PIN_LENGTH), { value: data.slice(PIN_LENGTH) }) ?? OK;
}

function unblock(pin: Pin, data: Uint8Array): Uint8Array {
  if (data.length === 0) return triesAsked(pin.record.unblockTries);
  if (data.length !== 2 * PIN_LENGTH) return responseApdu(SW.wrongLength);
  return pin.unblock(data.subarray(0, PIN_LENGTH), data.subarray(PIN_LENGTH)) ?? OK;
}
