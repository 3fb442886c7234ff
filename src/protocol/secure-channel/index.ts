// The secure channel (6): GlobalPlatform SCP03 and SCP11a/c, host and card side, secure messaging, certificates, PUT KEY, static keys.
// Standards: GPC Amendment D 1.1.1 (S16: 1.2), GPC Amendment F 1.3, GPC 2.3.1 (certificates, PUT KEY); facts and limits in docs/protocol.md.
// Must never: take an unprotected answer for a proof, decipher before a MAC verified, go on after a fault, or speak SCP11b.
export { CardSession } from './card-session.ts';
export type { CardAnswer, HandshakeStep, HostHandshake, Opened, Send } from './handshake.ts';
export { HostSession, type Protected, type Unprotected } from './host-session.ts';
export type { MessagingOptions } from './messaging.ts';
export { type NotProven, type NotProvenReason, notProven } from './not-proven.ts';
export { putKey, putKeyAnswer, type ReceivedKeys, receivePutKey } from './put-key.ts';
export { PARAMETER_I, type StaticKeyOctets, type StaticKeys, staticKeys } from './scp03.ts';
export { Scp03Card, type Scp03CardOptions, type SequenceCounter } from './scp03-card.ts';
export { Scp03Host, type Scp03HostOptions } from './scp03-host.ts';
export { type MacLength, SecureChannelError, type SecurityLevel, type SessionKeys, securityLevel } from './session.ts';
