import { berTlv, CodecError, sameOctets } from '#base/codec/index.ts';
import { type Aes, CryptoError, importPrivateKey, publicPoint } from '#base/crypto/index.ts';
import type { Random } from '#base/port/index.ts';
import { CardMemoryFull } from '#handset/card/index.ts';
import { type CommandApdu, SW } from '#protocol/apdu/index.ts';
import { STORAGE_SUPPORT_AID, SUPPORT_LIFE_CYCLE } from '#protocol/imei-lock/index.ts';
import type { SupportParts } from './applet.ts';
import {
  authorities,
  lifeCycleOf,
  type PersonalisationData,
  personalisationData,
  RECORD,
  readBack,
} from './records.ts';

/** An answer before it is protected. */
interface Answer {
  readonly statusWord: number;
  readonly data?: Uint8Array;
}

/** Commands of personalisation: STORE DATA and SET STATUS of GPC 2.3.1 11.10-11; GENERATE ASYMMETRIC KEY PAIR of ISO/IEC 7816-8. */
export const PERSONALISE_INS = { storeData: 0xe2, setStatus: 0xf0, generateKeyPair: 0x46, getData: 0xca } as const;
/** Tag of GET DATA that reads back, in personalisation only, what was stored. */
export const READ_BACK_TAG = 0xdf30;
/** P1 of SET STATUS for an application. */
export const APPLICATION_STATUS = 0x40;
const SCALAR_LENGTH = 32;
const IV = new Uint8Array(16);
const OK: Answer = { statusWord: SW.ok };
const refuse = (statusWord: number): Answer => ({ statusWord });

/**
 * Factory personalisation, inside a session under the factory keys: each item written once, read back, then closed for ever. The private
 * key is made here and never leaves.
 */
export class Personalisation {
  readonly #parts: SupportParts;
  constructor(parts: SupportParts) {
    this.#parts = parts;
  }

  /** Serves one unwrapped command of a factory session; `dek` is Key-DEK of the factory set. */
  serve(command: CommandApdu, dek: Aes | undefined): Answer {
    const isBlank = lifeCycleOf(this.#parts.memory) === SUPPORT_LIFE_CYCLE.blank;
    if (command.ins === PERSONALISE_INS.setStatus) return this.#setStatus(command, isBlank);
    if (!isBlank) return refuse(SW.conditionsOfUseNotSatisfied);
    try {
      if (command.ins === PERSONALISE_INS.storeData) return this.#store(personalisationData.decode(command.data), dek);
      if (command.ins === PERSONALISE_INS.generateKeyPair) return this.#generateKeyPair();
      if (command.ins === PERSONALISE_INS.getData && ((command.p1 << 8) | command.p2) === READ_BACK_TAG)
        return this.#readBack();
    } catch (error) {
      if (error instanceof CodecError) return refuse(SW.wrongData);
      if (error instanceof CardMemoryFull) return refuse(SW.notEnoughMemory);
      throw error;
    }
    return refuse(SW.instructionNotSupported);
  }

  #store(items: PersonalisationData, dek: Aes | undefined): Answer {
    const { memory } = this.#parts;
    const changes = recordsOf(items, dek);
    if (changes === undefined) return refuse(SW.conditionsOfUseNotSatisfied);
    // Write-once: an item that is there stays, even if the same is offered again.
    if (changes.some(([key]) => memory.get(key) !== undefined)) return refuse(SW.conditionsOfUseNotSatisfied);
    memory.commit(changes);
    return OK;
  }

  #generateKeyPair(): Answer {
    const { memory, random } = this.#parts;
    if (memory.get(RECORD.privateScalar) !== undefined) return refuse(SW.conditionsOfUseNotSatisfied);
    const scalar = freshScalar(random);
    memory.commit([[RECORD.privateScalar, scalar]]);
    return { statusWord: SW.ok, data: berTlv(0x7f49, berTlv(0x86, publicPoint(importPrivateKey('P-256', scalar)))) };
  }

  #readBack(): Answer {
    const { memory } = this.#parts;
    const [imei, secondImei, imeiSv, identity] = [RECORD.imei, RECORD.secondImei, RECORD.imeiSv, RECORD.identity].map(
      (key) => memory.get(key),
    );
    return {
      statusWord: SW.ok,
      data: readBack.encode({
        ...(imei && { imei }),
        ...(secondImei && { secondImei }),
        ...(imeiSv && { imeiSv }),
        ...(identity && { identity }),
      }),
    };
  }

  /** Blank to personalised, when nothing is missing; anything to terminated, which ends the support for good. */
  #setStatus({ p1, p2, data }: CommandApdu, isBlank: boolean): Answer {
    const { memory } = this.#parts;
    if (p1 !== APPLICATION_STATUS || !sameOctets(data, STORAGE_SUPPORT_AID)) return refuse(SW.wrongParameters);
    if (p2 === SUPPORT_LIFE_CYCLE.terminated) {
      memory.commit([[RECORD.lifeCycle, Uint8Array.of(SUPPORT_LIFE_CYCLE.terminated)]]);
      return OK;
    }
    const needed = [RECORD.imei, RECORD.identity, RECORD.privateScalar, RECORD.certificate, RECORD.authorities];
    if (p2 !== SUPPORT_LIFE_CYCLE.personalised || !isBlank || needed.some((key) => memory.get(key) === undefined))
      return refuse(SW.conditionsOfUseNotSatisfied);
    memory.commit([[RECORD.lifeCycle, Uint8Array.of(SUPPORT_LIFE_CYCLE.personalised)]]);
    return OK;
  }
}

/** The records that items become; undefined when the static key came without a key to decipher it. */
function recordsOf(items: PersonalisationData, dek: Aes | undefined): (readonly [number, Uint8Array])[] | undefined {
  if (items.staticKey !== undefined && dek === undefined) return undefined;
  const all: readonly (readonly [number, Uint8Array | undefined])[] = [
    [RECORD.imei, items.imei],
    [RECORD.secondImei, items.secondImei],
    [RECORD.imeiSv, items.imeiSv],
    [RECORD.identity, items.identity],
    [RECORD.certificate, items.certificate],
    [RECORD.authorities, items.authorities && authorities.encode(items.authorities)],
    [RECORD.staticKey, items.staticKey && dek?.cbcDecrypt(IV, items.staticKey)],
  ];
  return all.filter((change): change is readonly [number, Uint8Array] => change[1] !== undefined);
}

/** A scalar of P-256 by rejection: 32 fresh octets, again in the one case of 2^32 that is out of range. */
function freshScalar(random: Random): Uint8Array {
  for (;;) {
    const scalar = random.octets(SCALAR_LENGTH);
    try {
      importPrivateKey('P-256', scalar);
      return scalar;
    } catch (error) {
      if (!(error instanceof CryptoError)) throw error;
    }
  }
}
