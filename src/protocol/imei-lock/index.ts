// What the storage support, the UICC and the operator say to each other about an IMEI: names (AIDs, TAR, tags) and payloads.
// Standards: the carriers are GPC Amendment D/F and TS 102 225; the payloads are Assay's own BER-TLV, see docs/protocol.md.
// Must never: hold a key or a decision; a value that is not declared here is not understood by the other side.
export {
  IMEI_LOCK_AID,
  IMEI_LOCK_TAR,
  MOST_REVOKED,
  NONCE_LENGTH,
  OTA_KEY_SET,
  STORAGE_SUPPORT_AID,
  SUPPORT_DATA,
  SUPPORT_IDENTITY_LENGTH,
  SUPPORT_KEY_VERSION,
  SUPPORT_LIFE_CYCLE,
  SUPPORT_PUBLIC_DATA,
} from './names.ts';
export { changedPolicy, type LockRules, type PolicyChange, policyAsChange, policyChange } from './policy-change.ts';
export {
  type ImeiProof,
  imeiProof,
  type StaticProof,
  type SupportIdentity,
  staticProof,
  supportIdentity,
} from './proof.ts';
export {
  type Acknowledgement,
  type Answer,
  acknowledgement,
  answer,
  type Evidence,
  evidence,
  LOCK_WORDS,
  type LockState,
  lockState,
  type Order,
  order,
  PAYLOAD_VERSION,
  type ProofReason,
  type ProofResult,
  proofReason,
  proofResult,
  type Report,
  report,
  type Trigger,
  trigger,
} from './report.ts';
export {
  certificateName,
  FINGERPRINT_LENGTH,
  MOST_ROOTS,
  type Root,
  rootName,
  type SentRoots,
  trustDigest,
} from './trust.ts';
