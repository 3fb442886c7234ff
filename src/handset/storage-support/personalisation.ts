import { berTlv, CodecError, sameOctets } from '#base/codec/index.ts';
import { type Aes, CryptoError, importPrivateKey, importPublicKey, publicPoint } from '#base/crypto/index.ts';
import { IdentityError, Imei, ImeiSv } from '#base/identity/index.ts';
import type { Random } from '#base/port/index.ts';
import {
  type Answer,
  answerWith,
  CardMemoryFull,
  type Changes,
  commandTable,
  OK,
  refuse,
} from '#handset/card/index.ts';
import { type CommandApdu, SW } from '#protocol/apdu/index.ts';
import { STORAGE_SUPPORT_AID, SUPPORT_KEY_VERSION, SUPPORT_LIFE_CYCLE } from '#protocol/imei-lock/index.ts';
import { readCertificate } from '#protocol/secure-channel/index.ts';

import type { SupportParts } from './applet.ts';
import {
  type Authority,
  authority,
  type FactoryKeys,
  factoryKeys,
  lifeCycleOf,
  MOST_AUTHORITIES,
  type PersonalisationData,
  personalisationData,
  RECORD,
  readBack,
} from './records.ts';

/** Commands of personalisation: STORE DATA and SET STATUS of GPC 2.3.1 11.10-11; GENERATE ASYMMETRIC KEY PAIR of ISO/IEC 7816-8. */
export const PERSONALISE_INS = { storeData: 0xe2, setStatus: 0xf0, generateKeyPair: 0x46, getData: 0xca } as const;
/** Tag of GET DATA that reads back, in personalisation only, what was stored. */
export const READ_BACK_TAG = 0xdf30;
/** P1 of SET STATUS for an application. */
export const APPLICATION_STATUS = 0x40;
const SCALAR_LENGTH = 32;
const AES_128 = 16;
const IV = new Uint8Array(16);
/** What a support cannot be without. */
const NEEDED = [RECORD.imei, RECORD.identity, RECORD.privateScalar, RECORD.certificate, RECORD.firstAuthority];
/** What a terminated support has no more use for. */
const SECRETS = [
  RECORD.privateScalar,
  RECORD.staticKey,
  RECORD.factoryKeys,
  ...Array.from({ length: SUPPORT_KEY_VERSION.pairings }, (_, slot) => RECORD.firstPairing + slot),
];

/**
 * Factory personalisation, inside a session under the factory keys: each item written once, read back, then closed for ever. The private
 * key is made here and never leaves.
 */
export class Personalisation {
  readonly #parts: SupportParts;
  readonly #keysChanged: () => void;
  /** Context: Key-DEK of the factory set. */
  readonly #whileBlank = commandTable<Aes | undefined, Answer>(
    [
      {
        name: 'STORE DATA',
        ins: PERSONALISE_INS.storeData,
        class: 'proprietary',
        data: 'some',
        serve: ({ data }, dek) => this.#store(personalisationData.decode(data), dek),
      },
      {
        name: 'GENERATE ASYMMETRIC KEY PAIR',
        ins: PERSONALISE_INS.generateKeyPair,
        class: 'both',
        data: 'none',
        serve: () => this.#generateKeyPair(),
      },
      {
        name: 'GET DATA',
        ins: PERSONALISE_INS.getData,
        class: 'both',
        data: 'none',
        serve: ({ p1, p2 }) =>
          ((p1 << 8) | p2) === READ_BACK_TAG ? this.#readBack() : refuse(SW.referencedDataNotFound),
      },
    ],
    refuse,
  );

  /** `keysChanged` hears when the factory keys on the card are others than before. */
  constructor(parts: SupportParts, keysChanged: () => void) {
    this.#parts = parts;
    this.#keysChanged = keysChanged;
  }

  /** Serves one unwrapped command of a factory session; `dek` is Key-DEK of the factory set. */
  serve(command: CommandApdu, dek: Aes | undefined): Answer {
    const isBlank = lifeCycleOf(this.#parts.memory) === SUPPORT_LIFE_CYCLE.blank;
    try {
      if (command.ins === PERSONALISE_INS.setStatus) return this.#setStatus(command, isBlank);
      return isBlank ? this.#whileBlank(command, dek) : refuse(SW.conditionsOfUseNotSatisfied);
    } catch (error) {
      if (error instanceof CodecError || error instanceof IdentityError || error instanceof CryptoError)
        return refuse(SW.wrongData);
      if (error instanceof CardMemoryFull) return refuse(SW.notEnoughMemory);
      throw error;
    }
  }

  /** Write-once: an item that is there stays, even if the same is offered again. */
  #store({ authority: one, ...items }: PersonalisationData, dek: Aes | undefined): Answer {
    const { memory } = this.#parts;
    if (items.staticKey !== undefined && dek === undefined) return refuse(SW.conditionsOfUseNotSatisfied);
    const staticKey = items.staticKey && dek?.cbcDecrypt(IV, items.staticKey);
    const changes = itemRecords({ ...items, ...(staticKey && { staticKey }) });
    if (changes.some(([key]) => memory.get(key) !== undefined)) return refuse(SW.conditionsOfUseNotSatisfied);
    if (one === undefined) {
      memory.commit(changes);
      return OK;
    }
    const known = storedAuthorities(memory);
    if (known.some(({ caIdentifier }) => sameOctets(caIdentifier, one.caIdentifier)))
      return refuse(SW.conditionsOfUseNotSatisfied);
    if (known.length === MOST_AUTHORITIES) return refuse(SW.notEnoughMemory);
    memory.commit([...changes, authorityRecord(one, known.length)]);
    return OK;
  }

  #generateKeyPair(): Answer {
    const { memory, random } = this.#parts;
    if (memory.get(RECORD.privateScalar) !== undefined) return refuse(SW.conditionsOfUseNotSatisfied);
    const scalar = freshScalar(random);
    memory.commit([[RECORD.privateScalar, scalar]]);
    return answerWith(berTlv(0x7f49, berTlv(0x86, pointOf(scalar))));
  }

  #readBack(): Answer {
    const { memory } = this.#parts;
    const [imei, secondImei, imeiSv, identity] = [RECORD.imei, RECORD.secondImei, RECORD.imeiSv, RECORD.identity].map(
      (key) => memory.get(key),
    );
    return answerWith(
      readBack.encode({
        ...(imei && { imei }),
        ...(secondImei && { secondImei }),
        ...(imeiSv && { imeiSv }),
        ...(identity && { identity }),
      }),
    );
  }

  /** Blank to personalised, when nothing is missing; anything to terminated, which ends the support for good. */
  #setStatus({ p1, p2, data }: CommandApdu, isBlank: boolean): Answer {
    if (p1 !== APPLICATION_STATUS || !sameOctets(data, STORAGE_SUPPORT_AID)) return refuse(SW.wrongParameters);
    if (p2 === SUPPORT_LIFE_CYCLE.personalised) return isBlank ? this.#close() : refuse(SW.conditionsOfUseNotSatisfied);
    if (p2 !== SUPPORT_LIFE_CYCLE.terminated) return refuse(SW.wrongParameters);
    this.#parts.memory.commit([
      [RECORD.lifeCycle, Uint8Array.of(SUPPORT_LIFE_CYCLE.terminated)],
      ...SECRETS.map((key) => [key, undefined] as const),
    ]);
    this.#keysChanged();
    return OK;
  }

  #close(): Answer {
    const { memory, random } = this.#parts;
    const keys = memory.get(RECORD.factoryKeys);
    if (keys === undefined || NEEDED.some((key) => memory.get(key) === undefined) || !this.#certificateIsMine())
      return refuse(SW.conditionsOfUseNotSatisfied);
    memory.commit(closingRecords(factoryKeys.decode(keys), random));
    this.#keysChanged();
    return OK;
  }

  /** A certificate of another key or another support would make one that nobody can ever believe. */
  #certificateIsMine(): boolean {
    const [certificate, scalar, identity] = [RECORD.certificate, RECORD.privateScalar, RECORD.identity].map((key) =>
      this.#parts.memory.get(key),
    );
    if (certificate === undefined || scalar === undefined || identity === undefined) return false;
    const { publicKey, subject } = readCertificate(certificate);
    return sameOctets(subject, identity) && sameOctets(publicPoint(publicKey), pointOf(scalar));
  }
}

/** The operators' authorities in a memory, in the order they were stored. */
export function storedAuthorities(memory: SupportParts['memory']): readonly Authority[] {
  return Array.from({ length: MOST_AUTHORITIES }, (_, i) => memory.get(RECORD.firstAuthority + i))
    .filter((stored) => stored !== undefined)
    .map((stored) => authority.decode(stored));
}

/** Items of personalisation as the card keeps them: all but the authorities, the static key in plain. */
export type PlainItems = Omit<PersonalisationData, 'authority'>;

/** The records that items become. Throws IdentityError for octets that are no IMEI or IMEISV. */
export function itemRecords(items: PlainItems): Changes {
  if (items.imei) Imei.fromOctets(items.imei);
  if (items.secondImei) Imei.fromOctets(items.secondImei);
  if (items.imeiSv) ImeiSv.fromOctets(items.imeiSv);
  const all: Changes = [
    [RECORD.imei, items.imei],
    [RECORD.secondImei, items.secondImei],
    [RECORD.imeiSv, items.imeiSv],
    [RECORD.identity, items.identity],
    [RECORD.certificate, items.certificate],
    [RECORD.staticKey, items.staticKey],
  ];
  return all.filter(([, value]) => value !== undefined);
}

/** The record of the authority at `place` 0 to 7. Throws CryptoError for a point that is not on the curve. */
export function authorityRecord(one: Authority, place: number): Changes[number] {
  importPublicKey('P-256', one.publicPoint);
  return [RECORD.firstAuthority + place, authority.encode(one)];
}

/** The records that end personalisation. Of the factory keys only what opens a session to terminate stays: Key-DEK becomes chance. */
export function closingRecords({ enc, mac }: FactoryKeys, random: Random): Changes {
  return [
    [RECORD.lifeCycle, Uint8Array.of(SUPPORT_LIFE_CYCLE.personalised)],
    [RECORD.factoryKeys, factoryKeys.encode({ enc, mac, dek: random.octets(AES_128) })],
  ];
}

/** The public point of a private scalar. */
export function pointOf(scalar: Uint8Array): Uint8Array {
  return publicPoint(importPrivateKey('P-256', scalar));
}

/** A scalar of P-256 by rejection: 32 fresh octets, again in the one case of 2^32 that is out of range. */
export function freshScalar(random: Random): Uint8Array {
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
