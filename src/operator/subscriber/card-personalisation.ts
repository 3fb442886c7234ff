import type { GsmAlgorithmName } from '#base/crypto/index.ts';
import type { Iccid, Imsi, Msisdn, SuciCalculation } from '#base/identity/index.ts';
import type { Evidence } from '#protocol/imei-lock/index.ts';
import type { IssuerKeys } from './issuer-keys.ts';

/** How the IMEI lock of a UICC behaves; afterwards changed over the air (PolicyChange). Numbers of 0 switch their rule off. */
export interface LockPolicy {
  /** `enable`: no AUTHENTICATE until the IMEI is proved (R49). `open`: only a refuted IMEI blocks. */
  readonly gate: 'open' | 'enable';
  /** A terminal that says it cannot carry a proof: the gate decides, it goes on and is reported, or nothing goes on in it. */
  readonly terminalCannotProve: 'grace' | 'permit' | 'block';
  /** Authentications allowed without proof before `enable` refuses. */
  readonly graceAuthentications: number;
  readonly proveAtBoot: boolean;
  readonly proveBeforeCall: boolean;
  /** Prove again after so many authentications. */
  readonly proveEvery: number;
  /** Report again after so many authentications without a change. */
  readonly reportEvery: number;
  /** Reports without an answer after which the IMEI counts as not proved. */
  readonly unansweredLimit: number;
  /** Proofs in a row with broken protection after which the UICC blocks. */
  readonly brokenProtectionLimit: number;
  /** `locked`: only the handset of the first meeting, or one that the operator lets it pair with. */
  readonly pairing: 'free' | 'locked';
  readonly acceptedEvidence: readonly Evidence[];
}

/**
 * A person's telephone: the IMEI must be proved at each power-on, and the SIM may move to another handset that proves its own. A handset that
 * cannot prove is served and reported.
 */
export const STANDARD_POLICY: LockPolicy = {
  gate: 'enable',
  terminalCannotProve: 'permit',
  graceAuthentications: 0,
  proveAtBoot: true,
  proveBeforeCall: false,
  proveEvery: 0,
  reportEvery: 0,
  unansweredLimit: 0,
  brokenProtectionLimit: 2,
  pairing: 'free',
  acceptedEvidence: ['scp11a', 'scp03'],
};

/** A device of a fleet: this UICC works in its own device only. */
export const FLEET_POLICY: LockPolicy = { ...STANDARD_POLICY, terminalCannotProve: 'grace', pairing: 'locked' };

/** How a USIM judges sequence numbers (TS 33.102 C.2): bits of IND, 0 to 5; limits in steps of SEQ, none when not given. */
export interface SequenceRules {
  readonly indBits: number;
  readonly delta?: number;
  readonly ageLimit?: number;
  /** SEQ that counts as accepted under each IND when the card is new; 0 where none is given. */
  readonly initial?: readonly number[];
}

/** The profiles of TS 33.102 C.3: 32 indexes, and no jump of SEQ by more than 2^28. */
export const STANDARD_SEQUENCE: SequenceRules = { indBits: 5, delta: 2 ** 28 };

/** All that a UICC is personalised with: plain data, handed to whoever makes the card. Full of secrets: never log it. */
export interface CardPersonalisation {
  readonly iccid: Iccid;
  readonly imsi: Imsi;
  readonly msisdn: Msisdn;
  readonly mncLength: 2 | 3;
  readonly algorithm:
    | { readonly kind: 'milenage'; readonly k: Uint8Array; readonly opc: Uint8Array }
    | {
        readonly kind: 'tuak';
        readonly k: Uint8Array;
        readonly topc: Uint8Array;
        /** 4, 8 (usual) or 16 octets. */
        readonly res?: 4 | 8 | 16;
        /** Of Keccak: 1 (usual) to 255. */
        readonly iterations?: number;
      }
    /** The test algorithm of TS 34.108 8.1.2: it protects nothing. */
    | { readonly kind: 'xor'; readonly k: Uint8Array };
  /** An algorithm of its own for GSM; without one SRES and Kc are conversions of the other algorithm's (TS 33.102 6.8.1.2). */
  readonly gsmAlgorithm?: { readonly kind: GsmAlgorithmName; readonly ki: Uint8Array };
  /** How the USIM judges sequence numbers (TS 33.102 C.2). */
  readonly sequence?: SequenceRules;
  /** How the SUCI is calculated, and by whom (TS 33.501 6.12). */
  readonly suci?: {
    readonly by: 'terminal' | 'usim';
    readonly calculation: SuciCalculation;
    readonly routingIndicator: string;
  };
  readonly serviceCentre: Msisdn;
  /** Where the UICC sends its reports: a short code or a number. */
  readonly operatorAddress: Msisdn;
  /** AES-128, 16 octets each; key sets of OTA_KEY_SET. */
  readonly otaKeys: {
    readonly answer: { readonly kic: Uint8Array; readonly kid: Uint8Array };
    readonly report: { readonly kic: Uint8Array; readonly kid: Uint8Array };
  };
  /** 4 to 8 digits. */
  readonly pin?: string;
  /** 8 octets. */
  readonly adm: Uint8Array;
  /** Key and certificate by which a storage support believes the UICC (SCP11a). */
  readonly oce?: {
    readonly certificate: Uint8Array;
    readonly privateScalar: Uint8Array;
    readonly caIdentifier: Uint8Array;
  };
  /** Makers whose storage supports the UICC believes; points uncompressed, 65 octets. */
  readonly makerRoots: readonly { readonly caIdentifier: Uint8Array; readonly publicPoint: Uint8Array }[];
  /** 16 octets: the key of the static mode. */
  readonly staticKey?: Uint8Array;
  readonly policy: LockPolicy;
  /** Issuer security domain and remote management; UICCs of older data have none. */
  readonly management?: { readonly keySets: readonly IssuerKeys[] };
}
