import { berTlv, CodecError, partOf, Reader, swappedBcd } from '#base/codec/index.ts';
import { type AesProvider, CryptoError, type EciesProfile, eciesConceal } from '#base/crypto/index.ts';
import { IdentityError, Imsi, type SuciCalculation, suci, suciCalculation } from '#base/identity/index.ts';
import type { Random } from '#base/port/index.ts';
import { type CommandApdu, responseApdu, SW } from '#protocol/apdu/index.ts';
import type { ApplicationFiles, ApplicationPath } from './application-files.ts';
import { hasService, SERVICE } from './usim-service.ts';

/** P2: the identity asked for (TS 31.102 7.5.2). */
const SUCI_CONTEXT = 0x01;
const SUCI_TAG = 0xa1;

const FILE = {
  imsi: [0x6f07],
  administrativeData: [0x6fad],
  routingIndicator: [0x5fc0, 0x4f0a],
  calculation: [0x5fd0, 0x4f01],
} as const satisfies Record<string, ApplicationPath>;

/** TS 33.501 C.1. */
const NULL_SCHEME = 0;
const PROFILES: Readonly<Record<number, EciesProfile>> = { 1: 'A', 2: 'B' };
const MCC_DIGITS = 3;

interface Tools {
  readonly random: Random;
  readonly aes: AesProvider;
}

/** How the IMSI is concealed: a profile with its key, or not at all. */
type Concealment =
  | { readonly scheme: number; readonly keyIdentifier: 0; readonly profile: undefined }
  | {
      readonly scheme: number;
      readonly keyIdentifier: number;
      readonly profile: EciesProfile;
      readonly key: Uint8Array;
    };

/** The first scheme of the list that is known here and whose key is there (TS 33.501 5.2.5, 6.12.2). */
function wanted({ schemes, keys }: SuciCalculation): Concealment | undefined {
  for (const { scheme, keyIndex } of schemes) {
    if (scheme === NULL_SCHEME) return { scheme, keyIdentifier: 0, profile: undefined };
    const profile = PROFILES[scheme];
    const found = keys[keyIndex - 1];
    if (profile !== undefined && found !== undefined)
      return { scheme, keyIdentifier: found.identifier, profile, key: found.key };
  }
  return undefined;
}

/** The SUCI of what the files say, or undefined when they say nothing of use. */
function calculated(files: ApplicationFiles, tools: Tools): Uint8Array | undefined {
  const concealment = wanted(suciCalculation.read(new Reader(files.read(FILE.calculation))));
  if (concealment === undefined) return undefined;
  const { digits } = Imsi.fromEf(files.read(FILE.imsi));
  const mncEnd = MCC_DIGITS + ((files.read(FILE.administrativeData)[3] ?? 0) & 0x0f);
  const msin = digits.slice(mncEnd);
  const plain = swappedBcd((msin.length + 1) >> 1).encode(msin);
  const { scheme: protectionScheme, keyIdentifier, profile } = concealment;
  return suci.encode({
    homeNetwork: { mcc: digits.slice(0, MCC_DIGITS), mnc: digits.slice(MCC_DIGITS, mncEnd) },
    routingIndicator: swappedBcd(2).decode(partOf(files.read(FILE.routingIndicator), 0, 2)),
    protectionScheme,
    keyIdentifier,
    schemeOutput: profile === undefined ? plain : eciesConceal(profile, concealment.key, plain, tools),
  });
}

/**
 * GET IDENTITY in the SUCI context (TS 31.102 7.5): A1 and the SUCI, another at each call unless the null-scheme is wanted. 6985 when the
 * SUCI is the terminal's to calculate; 6A88 when the files hold no scheme and key that serve: an IMSI is never told in clear instead.
 */
export function getIdentity({ p1, p2 }: CommandApdu, files: ApplicationFiles, tools: Tools): Uint8Array {
  if (p1 !== 0 || p2 !== SUCI_CONTEXT) return responseApdu(SW.wrongParameters);
  if (!hasService(files, SERVICE.suciByUsim)) return responseApdu(SW.conditionsOfUseNotSatisfied);
  try {
    const value = calculated(files, tools);
    return value === undefined ? responseApdu(SW.referencedDataNotFound) : responseApdu(SW.ok, berTlv(SUCI_TAG, value));
  } catch (error) {
    if (error instanceof CodecError || error instanceof IdentityError || error instanceof CryptoError)
      return responseApdu(SW.referencedDataNotFound);
    throw error;
  }
}
