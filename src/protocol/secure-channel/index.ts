// The secure channel (6): GlobalPlatform SCP03 and SCP11a/c, host and card side, secure messaging, certificates, PUT KEY, static keys.
// Standards: GPC Amendment D 1.1.1 (S16: 1.2), GPC Amendment F, GPC 2.3.1 (certificates, PUT KEY); facts and limits in docs/protocol.md.
// Must never: take an unprotected answer for a proof, decipher before a MAC verified, go on after a fault, or speak SCP11b.
export { CardSession } from './card-session.ts';
export type { Certificate, CertificateRole } from './certificate.ts';
export {
  type CachedVerifier,
  type ChainPolicy,
  cachedVerifier,
  calendarDate,
  certificateStore,
  chainVerifier,
  MOST_CERTIFICATES,
  type PeerVerifier,
  type RefusedChain,
  readCertificate,
  type TrustAnchor,
  type VerifiedPeer,
} from './certificate-chain.ts';
export type { CertificateFault } from './certificate-fault.ts';
export { type GpCertificate, type GpCertificateFields, gpCertificate, issueGpCertificate } from './gp-certificate.ts';
export type { CardAnswer, HandshakeStep, HostHandshake, Opened, Send } from './handshake.ts';
export { HostSession, type Protected, type Unprotected } from './host-session.ts';
export { type MessagingOptions, unpadded } from './messaging.ts';
export { type NotProven, type NotProvenReason, notProven } from './not-proven.ts';
export { putKey, putKeyAnswer, type ReceivedKeys, receivePutKey } from './put-key.ts';
export {
  type InitializeUpdateAnswer,
  initializeUpdateAnswer,
  PARAMETER_I,
  type StaticKeyOctets,
  type StaticKeys,
  staticKeys,
} from './scp03.ts';
export { Scp03Card, type Scp03CardOptions, type SequenceCounter } from './scp03-card.ts';
export { Scp03Host, type Scp03HostOptions } from './scp03-host.ts';
export {
  AgreementKey,
  CA_KLOC_KEY_IDENTIFIER,
  type KeyReference,
  SCP11B_KEY_IDENTIFIER,
  type Scp11Level,
  type Scp11Variant,
} from './scp11.ts';
export { Scp11Card, type Scp11CardKey, type Scp11CardOptions } from './scp11-card.ts';
export { type Scp11Framing, Scp11Host, type Scp11HostOptions } from './scp11-host.ts';
export { type MacLength, SecureChannelError, type SecurityLevel, type SessionKeys, securityLevel } from './session.ts';
export {
  LONGEST_STATIC_PAYLOAD,
  openStaticAnswer,
  STATIC_CHALLENGE_LENGTH,
  type StaticModeKeys,
  sealStaticAnswer,
  staticCommand,
  staticModeKeys,
  verifyStaticCommand,
} from './static-key.ts';
export { issueX509Certificate, type X509Content } from './x509.ts';
