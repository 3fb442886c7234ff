import type { NodeReport } from './node-health.ts';

/** Where the status of a node listens. */
export interface StatusAddress {
  readonly host: string;
  readonly port: number;
}

/** What the thread of the status is started with. `freshness`: as of ImageParts. */
export interface StatusWorkerData {
  readonly address: StatusAddress;
  readonly freshness: SharedArrayBuffer;
  readonly report: NodeReport;
}

/** From the node to its status. */
export type ToStatus = { readonly kind: 'report'; readonly report: NodeReport } | { readonly kind: 'end' };

/** From the status to its node. */
export type FromStatus =
  | { readonly kind: 'listening'; readonly address: StatusAddress }
  | { readonly kind: 'failed'; readonly problem: string };
