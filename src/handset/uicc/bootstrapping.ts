import {
  berTlv,
  CodecError,
  concat,
  type Infer,
  lengthPrefixed,
  listOf,
  octets,
  Reader,
  readBerTlv,
  rest,
  sameOctets,
  struct,
  u8,
} from '#base/codec/index.ts';
import { nafKeys } from '#base/crypto/index.ts';
import type { CardMemory } from '#handset/card/index.ts';
import { responseApdu, SW } from '#protocol/apdu/index.ts';
import type { ApplicationFiles, ApplicationPath } from './application-files.ts';
import { MEMORY_KEY } from './memory-key.ts';

/** Where an application keeps what bootstrapping leaves: EF.GBABP, EF.GBANL, and what no command reads. */
export interface BootstrappingPlaces {
  readonly parameters: ApplicationPath;
  readonly servers: ApplicationPath;
  /** Ks and its RAND. */
  readonly bootstrapped: number;
  readonly internalKeys: number;
}
/** Of a USIM (TS 31.102 4.2.79, 4.2.83). */
export const USIM_BOOTSTRAPPING: BootstrappingPlaces = {
  parameters: [0x6fd6],
  servers: [0x6fda],
  bootstrapped: MEMORY_KEY.bootstrapped,
  internalKeys: MEMORY_KEY.internalKeys,
};
/** Of an ISIM (TS 31.103 4.2.9, 4.2.10). */
export const ISIM_BOOTSTRAPPING: BootstrappingPlaces = {
  parameters: [0x6fd5],
  servers: [0x6fd7],
  bootstrapped: MEMORY_KEY.isimBootstrapped,
  internalKeys: MEMORY_KEY.isimInternalKeys,
};
const TAG = { nafId: 0x80, bTid: 0x81, success: 0xdb } as const;
const EMPTY = 0xff;

const KS_OCTETS = 32;
const RAND_OCTETS = 16;
const KEY_OCTETS = 32;
/** Octets of what a bootstrapping leaves in the card's memory. */
export const BOOTSTRAPPED_OCTETS = KS_OCTETS + RAND_OCTETS;

const bootstrapped = struct({ ks: octets(KS_OCTETS), rand: octets(RAND_OCTETS) });
/** Ks_int_NAF by record of EF.GBANL, the last derived first (TS 33.220 G.2). */
const internalKeys = listOf(struct({ record: u8, key: octets(KEY_OCTETS) }), 255);
type InternalKeys = Infer<typeof internalKeys>;

/** EF.GBABP; the octets after its third field are filler. */
const parameters = struct({
  rand: lengthPrefixed(u8, rest(0, 255)),
  bTid: lengthPrefixed(u8, rest(0, 255)),
  lifetime: lengthPrefixed(u8, rest(0, 255)),
});
const NOTHING = new Uint8Array(0);

/** What `read` gives; undefined when a terminal or nobody yet wrote what is no such thing. */
function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof CodecError) return undefined;
    throw error;
  }
}

/** Keys of the generic bootstrapping architecture in one application of a UICC, GBA_U (TS 31.102 7.1.1.4 and 7.1.1.5, TS 33.220 5 and annex G). */
export class Bootstrapping {
  readonly #memory: CardMemory;
  readonly #files: ApplicationFiles;
  readonly #places: BootstrappingPlaces;

  constructor(memory: CardMemory, files: ApplicationFiles, places: BootstrappingPlaces) {
    this.#memory = memory;
    this.#files = files;
    this.#places = places;
  }

  /**
   * Keeps Ks in place of the one before, together with the change that accepts SQN. False, and Ks and SQN as they were, when EF.GBABP has
   * no room. EF.GBABP is written first: until Ks is stored its RAND fits no key, and `derive` refuses.
   */
  keep(ks: Uint8Array, rand: Uint8Array, accepting: readonly [key: number, content: Uint8Array]): boolean {
    if (!this.#files.write(this.#places.parameters, parameters.encode({ rand, bTid: NOTHING, lifetime: NOTHING })))
      return false;
    this.#memory.commit([accepting, [this.#places.bootstrapped, bootstrapped.encode({ ks, rand })]]);
    return true;
  }

  /** The R-APDU with Ks_ext_NAF; 6985 when there is no Ks for what EF.GBABP says, 9866 when EF.GBANL cannot take the server. */
  derive(nafId: Uint8Array, impi: Uint8Array): Uint8Array {
    const stored = this.#memory.get(this.#places.bootstrapped);
    const said = readable(() => parameters.read(new Reader(this.#files.read(this.#places.parameters))));
    if (stored === undefined || said === undefined) return responseApdu(SW.conditionsOfUseNotSatisfied);
    const { ks, rand } = bootstrapped.decode(stored);
    if (!sameOctets(said.rand, rand)) return responseApdu(SW.conditionsOfUseNotSatisfied);
    const { external, internal } = nafKeys(ks, rand, impi, nafId);
    if (!this.#remember(nafId, said.bTid, internal)) return responseApdu(SW.authenticationNoMemory);
    return responseApdu(SW.ok, concat(Uint8Array.of(TAG.success, external.length), external));
  }

  /** Ks_int_NAF and its record of EF.GBANL; a key that was kept for another server goes before its record does. */
  #remember(nafId: Uint8Array, bTid: Uint8Array, key: Uint8Array): boolean {
    const stored = this.#memory.get(this.#places.internalKeys);
    const kept = stored === undefined ? [] : internalKeys.decode(stored);
    const record = this.#recordFor(nafId, kept);
    const others = kept.filter((one) => one.record !== record);
    const entry = concat(berTlv(TAG.nafId, nafId), berTlv(TAG.bTid, bTid));
    const isFree = others.length === kept.length || this.#keep(others);
    return isFree && this.#files.write(this.#places.servers, entry, record) && this.#keep([{ record, key }, ...others]);
  }

  #keep(keys: InternalKeys): boolean {
    return this.#files.keep([[this.#places.internalKeys, internalKeys.encode(keys)]]);
  }

  /** The record of this server, else an empty one, else the one used longest ago (TS 31.102 7.1.1.5). */
  #recordFor(nafId: Uint8Array, kept: InternalKeys): number {
    const all = Array.from({ length: this.#files.records(this.#places.servers) }, (_, record) => record);
    const contents = all.map((record) => this.#files.read(this.#places.servers, record));
    const own = contents.findIndex((content) => {
      const first = content[0] === EMPTY ? undefined : readable(() => readBerTlv(new Reader(content)));
      return first?.tag === TAG.nafId && sameOctets(first.value, nafId);
    });
    if (own >= 0) return own;
    const empty = contents.findIndex((content) => content[0] === EMPTY);
    return empty >= 0 ? empty : (kept.at(-1)?.record ?? 0);
  }
}
