const SLAB_OCTETS = 64 * 1024;

/** Frames being collected for one write: one output serves all connections of a listener, because each empties it before another is heard. */
export class Output {
  octets: Buffer = Buffer.allocUnsafeSlow(SLAB_OCTETS);
  length = 0;

  /** Takes other memory: somebody still needs the octets that were collected. */
  renew(): void {
    this.octets = Buffer.allocUnsafeSlow(SLAB_OCTETS);
  }
}

/** The way to the peer. */
export interface Transport {
  /** Sends octets. False when their memory is needed until they are gone; true when it may be used again at once. */
  write(octets: Uint8Array): boolean;
  /** Octets that are not gone yet. */
  unsent(): number;
  /** Whether more is read. */
  hear(isWanted: boolean): void;
  /** Sends what is left, then says that nothing follows. What still comes is to be given to the connection. */
  end(): void;
  /** Cuts. */
  destroy(): void;
}
