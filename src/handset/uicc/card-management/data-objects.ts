import { berTlv, berTlvs, CodecError, concat, Reader, u24 } from '#base/codec/index.ts';
import { type Answer, answerWith, type CardMemory, type Changes, OK, refuse } from '#handset/card/index.ts';
import { type CommandApdu, SW } from '#protocol/apdu/index.ts';
import { cardRecognitionData, DATA_TAG, keyInformation, oid } from '#protocol/card-management/index.ts';
import { growthOf } from './managed-card.ts';
import { dataKey } from './memory.ts';
import { type Domain, ISSUER, type Registry } from './registry.ts';
import type { Requester } from './requester.ts';

/** Objects that STORE DATA writes and GET DATA reads as they are. Their order is the format of the card's memory. */
const STORED_TAGS: readonly number[] = [DATA_TAG.issuerIdentification, DATA_TAG.cardImageNumber, DATA_TAG.managerUrl];
const LONGEST_OBJECT = 127;
const LONGEST_CHAIN = 1024;
const CARD_RECOGNITION = cardRecognitionData([oid('040370')]);
const AES = 0x88;
const DIVERSIFICATION = new Uint8Array(10);
/** P1 of STORE DATA: last block (b8), nothing enciphered (b7-6), BER-TLV or no word of the structure, or DGIs (b5-4). */
const STORE = { last: 0x80, enciphered: 0x60, structure: 0x18, dgi: 0x08, tlv: 0x10, none: 0x00 } as const;
/** The one data grouping that is understood: objects of a security domain (GPC Amendment A 4.2). */
const DGI_OBJECTS = 0x0070;
const LONG_DGI = 0xff;

/** Where an object of a domain stands; undefined for one that nobody may write. */
export function storedKey(domain: number, tag: number): number | undefined {
  const place = STORED_TAGS.indexOf(tag);
  return place < 0 ? undefined : dataKey(domain, place);
}

/** GET DATA and STORE DATA of security domains (GPC 2.3.1 11.3, 11.11). */
export class DataObjects {
  readonly #memory: CardMemory;
  readonly #registry: Registry;
  readonly #leaves: (growth: number) => boolean;
  readonly #production: Uint8Array;

  /** `serial`: four octets that tell this card from others, for the production data; `leaves` as ManagedCard has it. */
  constructor(memory: CardMemory, registry: Registry, serial: Uint8Array, leaves: (growth: number) => boolean) {
    this.#memory = memory;
    this.#registry = registry;
    this.#leaves = leaves;
    this.#production = berTlv(DATA_TAG.productionLifeCycle, productionLifeCycle(serial));
  }

  /** GET DATA: what a domain tells. Nothing of it is secret, so anyone may ask; how much room is left only who acts for a domain. */
  get({ p1, p2 }: CommandApdu, domain: Domain, isTrusted: boolean): Answer {
    const tag = (p1 << 8) | p2;
    const made = this.#made(tag, domain, isTrusted);
    if (made !== undefined) return answerWith(made);
    const key = storedKey(domain.number, tag);
    const stored = key === undefined ? undefined : this.#memory.get(key);
    return stored === undefined ? refuse(SW.referencedDataNotFound) : answerWith(berTlv(tag, stored));
  }

  #made(tag: number, domain: Domain, isTrusted: boolean): Uint8Array | undefined {
    switch (tag) {
      case DATA_TAG.cardRecognition:
        return CARD_RECOGNITION;
      case DATA_TAG.keyInformation:
        return keyInformation(
          domain.keys
            .versions()
            .flatMap(({ version, length }) =>
              [1, 2, 3].map((identifier) => ({ identifier, version, type: [AES, length] })),
            ),
        );
      case DATA_TAG.keyDiversification:
        return berTlv(tag, DIVERSIFICATION);
      case DATA_TAG.sequenceCounter: {
        const [version] = domain.keys.channelVersions();
        return version === undefined ? undefined : berTlv(tag, u24.encode(domain.keys.sequence(version)));
      }
      case DATA_TAG.productionLifeCycle:
        return domain.number === ISSUER ? this.#production : undefined;
      case DATA_TAG.extendedResources:
        return isTrusted && domain.number === ISSUER ? this.#resources() : undefined;
      default:
        return undefined;
    }
  }

  /** Number of applications, octets of memory left, of which none is volatile (TS 102 226 8.2.1.7.2). */
  #resources(): Uint8Array {
    const { free } = this.#memory;
    const count = this.#registry.domains().length;
    return berTlv(
      DATA_TAG.extendedResources,
      berTlv(0x81, Uint8Array.of(count)),
      berTlv(0x82, Uint8Array.of(free >> 16, free >> 8, free)),
      berTlv(0x83, Uint8Array.of(0, 0)),
    );
  }

  /** STORE DATA: blocks are joined; with the last one all of it is written, or none. */
  store(
    { p1, p2, data }: CommandApdu,
    target: Domain,
    { conversation }: Requester,
  ): Answer & { readonly isLast?: true } {
    const begun = conversation.stored;
    conversation.stored = undefined;
    if (p2 !== (begun?.blocks ?? 0)) return refuse(SW.wrongParameters);
    if ((p1 & STORE.enciphered) !== 0 || (p1 & STORE.structure) === STORE.structure) return refuse(SW.wrongParameters);
    const joined = begun === undefined ? data.slice() : concat(begun.data, data);
    if (joined.length > LONGEST_CHAIN) return refuse(SW.wrongLength);
    if ((p1 & STORE.last) === 0) {
      conversation.stored = { data: joined, blocks: p2 + 1 };
      return OK;
    }
    const changes = changesOf(joined, (p1 & STORE.structure) === STORE.dgi, target.number);
    if (typeof changes === 'number') return refuse(changes);
    if (!this.#leaves(growthOf(this.#memory, changes))) return refuse(SW.notEnoughMemory);
    this.#memory.commit(changes);
    return { ...OK, isLast: true };
  }
}

/** The records that data of STORE DATA change, or the status word that refuses them. */
function changesOf(data: Uint8Array, isGrouped: boolean, domain: number): Changes | number {
  try {
    const changes: (readonly [number, Uint8Array])[] = [];
    for (const objects of isGrouped ? groupsOf(data) : [data]) {
      for (const { tag, value } of berTlvs(objects)) {
        const key = storedKey(domain, tag);
        if (key === undefined) return SW.referencedDataNotFound;
        if (value.length === 0 || value.length > LONGEST_OBJECT) return SW.wrongData;
        changes.push([key, value.slice()]);
      }
    }
    return changes;
  } catch (error) {
    if (error instanceof CodecError) return SW.wrongData;
    throw error;
  }
}

/** The values of data groupings: identifier (2), length (1, or FF and 2), value. Only DGI 0070 is understood. */
function groupsOf(data: Uint8Array): readonly Uint8Array[] {
  const reader = new Reader(data);
  const groups: Uint8Array[] = [];
  while (reader.remaining > 0) {
    const identifier = reader.uint(2);
    if (identifier !== DGI_OBJECTS) throw reader.error('expected the data grouping 0070');
    const short = reader.u8();
    groups.push(reader.take(short === LONG_DGI ? reader.uint(2) : short));
  }
  return groups;
}

/** Octets of the production life cycle data (GPC 2.3.1 H.4, 9F7F): a card that is a program has only a serial number. */
const PRODUCTION_OCTETS = 42;
const SERIAL_AT = 12;

function productionLifeCycle(serial: Uint8Array): Uint8Array {
  const octets = new Uint8Array(PRODUCTION_OCTETS);
  octets.set(serial.subarray(0, 4), SERIAL_AT);
  return octets;
}
