import { CodecError, NO_OCTETS, swappedBcd } from '#base/codec/index.ts';
import { CryptoError, type EciesProfile, eciesPublicKey, eciesReveal, nodeAes } from '#base/crypto/index.ts';
import { IdentityError, Imsi, type SuciCalculation, suci } from '#base/identity/index.ts';
import type { MasterKey } from '#operator/database/index.ts';

/** How a UICC's SUCI conceals its IMSI (TS 33.501 C.1). */
export const SUCI_SCHEMES = ['null', 'profile-a', 'profile-b'] as const;
/** How a UICC's SUCI conceals its IMSI. */
export type SuciScheme = (typeof SUCI_SCHEMES)[number];

/** The two keys of a home network, by the identifier that a SUCI carries: the number of their scheme. */
const KEYS = [
  { identifier: 1, name: 'profile-a', profile: 'A' },
  { identifier: 2, name: 'profile-b', profile: 'B' },
] as const satisfies readonly { identifier: number; name: SuciScheme; profile: EciesProfile }[];
const NULL_SCHEME = 0;
/** Draws before a P-256 scalar is in range; one in 2^32 is not. */
const MOST_DRAWS = 8;

interface Key {
  readonly privateKey: Uint8Array;
  readonly publicKey: Uint8Array;
}

/** The keys by which SUCIs of this operator are concealed and revealed; derived from the master key, and never stored. */
export class HomeNetworkKeys {
  readonly #masterKey: MasterKey;
  readonly #ready = new Map<EciesProfile, Key>();

  constructor(masterKey: MasterKey) {
    this.#masterKey = masterKey;
  }

  /** What a UICC calculates its SUCI with (TS 31.102 4.4.11.8). */
  calculation(scheme: SuciScheme): SuciCalculation {
    const found = KEYS.find(({ name }) => name === scheme);
    if (found === undefined) return { schemes: [{ scheme: NULL_SCHEME, keyIndex: 0 }], keys: [] };
    const { identifier, profile } = found;
    const key = { identifier, key: this.#key(profile).publicKey };
    return { schemes: [{ scheme: identifier, keyIndex: 1 }], keys: [key] };
  }

  /** Whom a SUCI conceals (SIDF, TS 33.501 6.12.5): octets from octet 4 of the mobile identity on; undefined when it is none of ours. */
  reveal(octets: Uint8Array): Imsi | undefined {
    try {
      const { homeNetwork, protectionScheme, keyIdentifier, schemeOutput } = suci.decode(octets);
      const plain =
        protectionScheme === NULL_SCHEME ? schemeOutput : this.#plain(protectionScheme, keyIdentifier, schemeOutput);
      if (plain === undefined) return undefined;
      return Imsi.parse(homeNetwork.mcc + homeNetwork.mnc + swappedBcd(plain.length).decode(plain));
    } catch (error) {
      if (error instanceof CodecError || error instanceof IdentityError) return undefined;
      throw error;
    }
  }

  #plain(scheme: number, keyIdentifier: number, output: Uint8Array): Uint8Array | undefined {
    const found = KEYS.find(({ identifier }) => identifier === scheme && identifier === keyIdentifier);
    return found && eciesReveal(found.profile, this.#key(found.profile).privateKey, output, nodeAes);
  }

  #key(profile: EciesProfile): Key {
    const ready = this.#ready.get(profile);
    if (ready !== undefined) return ready;
    for (let draw = 0; draw < MOST_DRAWS; draw++) {
      const context = draw === 0 ? NO_OCTETS : Uint8Array.of(draw);
      const privateKey = this.#masterKey.derive(`home network key ${profile}`, context, 32);
      try {
        const key = { privateKey, publicKey: eciesPublicKey(profile, privateKey) };
        this.#ready.set(profile, key);
        return key;
      } catch (error) {
        if (!(error instanceof CryptoError)) throw error;
      }
    }
    throw new Error(`home network key ${profile}: no scalar in ${MOST_DRAWS} draws; the master key is damaged`);
  }
}
