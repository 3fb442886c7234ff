export interface VerifiedPeer {
  readonly subject: Uint8Array;
}
