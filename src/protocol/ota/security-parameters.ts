import { bitFlag, bitNames, bits, CodecError, type Infer } from '#base/codec/index.ts';

const INTEGRITY = { none: 0, RC: 1, CC: 2, DS: 3 } as const;
/** Redundancy check, cryptographic checksum, digital signature, or none (TS 102 225 5.1.1). */
export type Integrity = keyof typeof INTEGRITY;

/** First octet of the SPI (TS 102 225 5.1.1): how the command is protected. */
const commandProtection = bits(1, {
  integrity: bitNames(0, 2, INTEGRITY),
  ciphered: bitFlag(2),
  counter: bitNames(3, 2, { none: 0, unchecked: 1, higher: 2, exactlyOneHigher: 3 }),
});
/** How a command is protected. */
export type CommandProtection = Infer<typeof commandProtection>;
/** What the receiver checks of the counter. */
export type CounterMode = CommandProtection['counter'];

/** Second octet of the SPI: which proof of receipt is asked for. */
const proofRequest = bits(1, {
  when: bitNames(0, 2, { never: 0, always: 1, onError: 2 }),
  integrity: bitNames(2, 2, INTEGRITY),
  ciphered: bitFlag(4),
  bySubmit: bitFlag(5),
});
/** Which proof of receipt a command asks for, as it may be read. */
export type ProofRequest = Infer<typeof proofRequest>;

/**
 * A proof of receipt that this house gives: with a cryptographic checksum or bare, and ciphered only with a checksum.
 */
export type WritableProof = Pick<ProofRequest, 'when' | 'bySubmit'> &
  ({ readonly integrity: 'CC'; readonly ciphered: boolean } | { readonly integrity: 'none'; readonly ciphered: false });

/** Proof always, checked and ciphered, as an SMS-SUBMIT of its own (SPI second octet 39). */
export const PROOF_BY_SUBMIT: WritableProof = { when: 'always', integrity: 'CC', ciphered: true, bySubmit: true };
/** Proof always, checked and ciphered, in the SMS-DELIVER-REPORT (SPI second octet 19). */
export const PROOF_BY_DELIVER_REPORT: WritableProof = { ...PROOF_BY_SUBMIT, bySubmit: false };
/** No proof of receipt (SPI second octet 00). */
export const NO_PROOF: WritableProof = { when: 'never', integrity: 'none', ciphered: false, bySubmit: false };

// Both octets are looked up: every packet is read through them.
const PROTECTIONS = Array.from({ length: 256 }, (_, octet) => commandProtection.decode(Uint8Array.of(octet)));
const PROOFS = Array.from({ length: 256 }, (_, octet) =>
  // 3 in the low bits is reserved.
  (octet & 3) === 3 ? undefined : proofRequest.decode(Uint8Array.of(octet)),
);

/** The protection that the first octet of an SPI names. */
export function protectionOf(octet: number): CommandProtection {
  // There are 256 entries for 256 octets.
  return PROTECTIONS[octet & 0xff] as CommandProtection;
}

/**
 * The proof that the second octet of an SPI asks for. Throws CodecError for the reserved one; `position` is where the
 * octet stands.
 */
export function proofOf(octet: number, position: number): ProofRequest {
  const proof = PROOFS[octet & 0xff];
  if (proof === undefined)
    throw new CodecError('SPI', position, 'expected a proof of receipt 0, 1 or 2, got 3 (reserved)');
  return proof;
}

/** First octet of an SPI. */
export const protectionOctet = (protection: CommandProtection): number =>
  commandProtection.encode(protection)[0] as number;
/** Second octet of an SPI. */
export const proofOctet = (proof: ProofRequest): number => proofRequest.encode(proof)[0] as number;

/** Whether this house gives such a proof: no RC, no DS, no ciphering without a checksum. */
export function isWritable(proof: ProofRequest): proof is WritableProof {
  return proof.integrity === 'CC' || (proof.integrity === 'none' && !proof.ciphered);
}

/** Algorithms of KIc, the key for ciphering (TS 102 225 5.1.2), by the low four bits. */
export type CipherAlgorithm = 'implicit' | 'DES' | '3DES-2' | '3DES-3' | 'DES-ECB' | 'AES' | 'proprietary';
/** Algorithms of KID, the key or the check for integrity (TS 102 225 5.1.3), by the low four bits. */
export type CheckAlgorithm = 'implicit' | 'CRC-16' | 'CRC-32' | 'DES' | '3DES-2' | '3DES-3' | 'AES' | 'proprietary';

/** Low four bits of KIc and KID that name AES (CBC and CMAC): the only ones ever written. */
export const AES_CODE = 0x2;

/** Algorithm that a KIc names. With 00 in the low two bits it is known implicitly, whatever the next two say. */
export function cipherAlgorithm(kic: number): CipherAlgorithm {
  switch (kic & 0x0f) {
    case 0x1:
      return 'DES';
    case 0x5:
      return '3DES-2';
    case 0x9:
      return '3DES-3';
    case 0xd:
      return 'DES-ECB';
    case AES_CODE:
      return 'AES';
    default:
      return (kic & 3) === 0 ? 'implicit' : 'proprietary';
  }
}

/** Algorithm that a KID names: the same bits mean a CRC under RC and a cipher under CC. */
export function checkAlgorithm(kid: number, integrity: Integrity): CheckAlgorithm {
  const code = kid & 0x0f;
  if ((code & 3) === 0) return 'implicit';
  if (integrity === 'RC') return code === 0x1 ? 'CRC-16' : code === 0x5 ? 'CRC-32' : 'proprietary';
  const cipher = cipherAlgorithm(kid);
  return cipher === 'DES-ECB' ? 'proprietary' : cipher;
}

/**
 * A security level that a TAR can ask for, as TS 102 225 codes it: 16 is checksum, ciphering, counter higher; 1E
 * exactly one higher.
 */
export type SecurityLevel = 0x16 | 0x1e;

/** No command below this is executed, whatever its TAR (facts/ota.md 8 rule 2). */
export const MINIMUM_SECURITY_LEVEL: SecurityLevel = 0x16;

/** Whether a protection is at least of a level. */
export function reachesLevel({ integrity, ciphered, counter }: CommandProtection, level: SecurityLevel): boolean {
  if (integrity !== 'CC' || !ciphered) return false;
  return counter === 'exactlyOneHigher' || (counter === 'higher' && level === MINIMUM_SECURITY_LEVEL);
}
