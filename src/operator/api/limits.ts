import type { BucketSize } from './token-bucket.ts';

/** What the API bears. Times are milliseconds. */
export interface ApiLimits {
  /** Requests of one address, whoever asks. */
  readonly address: BucketSize;
  /** Requests of one token, from wherever. */
  readonly token: BucketSize;
  /** Requests that one with a wrong token counts for. */
  readonly wrongTokenCost: number;
  /** Addresses and tokens remembered, each. */
  readonly mostSenders: number;
  readonly connections: number;
  /** Octets of a JSON body, unless the operation says another number. */
  readonly bodyOctets: number;
  /** For all of a JSON body. */
  readonly bodyMilliseconds: number;
  /** Files read at the same time. */
  readonly uploads: number;
  /** Files given out at the same time. */
  readonly downloads: number;
  /** Octets of a file; a line has about 40. */
  readonly uploadOctets: number;
  /** Without an octet of a file, after which it is given up; and for all of it. */
  readonly uploadIdleMilliseconds: number;
  readonly uploadMilliseconds: number;
  /** Octets of a report of bad lines that are held before it is sent while the file is still read. */
  readonly reportOctets: number;
  /** Event streams, in all and of one caller. */
  readonly streams: number;
  readonly streamsOfOne: number;
  /** How often the log is looked at for new entries. */
  readonly pollMilliseconds: number;
  readonly heartbeatMilliseconds: number;
  /** A stream or report whose reader takes nothing for so long is cut. */
  readonly slowReaderMilliseconds: number;
}

/** Limits for one operator with some dozens of people and machines. */
export const STANDARD_LIMITS: ApiLimits = {
  address: { burst: 400, perSecond: 100 },
  token: { burst: 200, perSecond: 50 },
  wrongTokenCost: 20,
  mostSenders: 10_000,
  connections: 200,
  bodyOctets: 16 * 1024,
  bodyMilliseconds: 10_000,
  uploads: 2,
  downloads: 4,
  uploadOctets: 1024 ** 3,
  uploadIdleMilliseconds: 10_000,
  uploadMilliseconds: 1_800_000,
  reportOctets: 8 * 1024 ** 2,
  streams: 32,
  streamsOfOne: 4,
  pollMilliseconds: 250,
  heartbeatMilliseconds: 15_000,
  slowReaderMilliseconds: 30_000,
};
