/** What a peer may do that costs us more than it, per connection and second. */
export interface AbuseLimits {
  /** Streams that were reset by either side: requests taken back (rapid reset, CVE-2023-44487), refused, or malformed (CVE-2025-8671). */
  readonly resetsPerSecond: number;
  /** PING, SETTINGS and GOAWAY frames: they ask for work without asking a question (CVE-2019-9512, -9515). */
  readonly controlFramesPerSecond: number;
  /** DATA and CONTINUATION frames that carry nothing (CVE-2019-9518). */
  readonly emptyFramesPerSecond: number;
  /** Answers 401 and 403: each may have cost the verification of a signature. */
  readonly unauthorisedPerSecond: number;
  /** Answers nobody read in time, as long as the connection lives. */
  readonly unreadAnswers: number;
  /** Octets of frames that belong to no request that was heard: PRIORITY, WINDOW_UPDATE, unknown types, padding, refused requests. */
  readonly noiseOctetsPerSecond: number;
}

/** Limits of one connection. */
export interface ConnectionLimits extends AbuseLimits {
  /** A connection without a request or a PING for so long is ended. Milliseconds. */
  readonly idleMs: number;
  /** An answer that is not read for so long is taken back; so is a request that does not end. Milliseconds. */
  readonly unreadMs: number;
  /** Milliseconds a peer has for its preface and for acknowledging our SETTINGS (RFC 9113 6.5.3). */
  readonly settingsMs: number;
  /** Octets of a request's body that are read and thrown away. At most 2^31 - 1. */
  readonly mostBodyOctets: number;
  /** Octets of a request's fields, counted as RFC 9113 6.5.2 counts (SETTINGS_MAX_HEADER_LIST_SIZE). */
  readonly mostHeaderOctets: number;
  /** Fields of a request. */
  readonly mostHeaderFields: number;
  /** CONTINUATION frames of one block (CVE-2024-27316). */
  readonly mostContinuations: number;
  /** Streams that are open at a time (SETTINGS_MAX_CONCURRENT_STREAMS). */
  readonly mostStreams: number;
  /** Octets that may wait for a peer that does not read; then neither is anything more read from it, nor a body sent. */
  readonly mostUnsentOctets: number;
  /** End each connection after its first answer: for peers whose libcurl cannot send a second request (7.88). */
  readonly isOneAnswerEach: boolean;
}

/** For some hundred peers that ask short questions. */
export const CONNECTION_LIMITS: ConnectionLimits = {
  resetsPerSecond: 100,
  controlFramesPerSecond: 100,
  emptyFramesPerSecond: 100,
  unauthorisedPerSecond: 50,
  unreadAnswers: 100,
  noiseOctetsPerSecond: 1024 * 1024,
  idleMs: 600_000,
  unreadMs: 10_000,
  settingsMs: 10_000,
  mostBodyOctets: 16 * 1024,
  mostHeaderOctets: 16 * 1024,
  mostHeaderFields: 64,
  mostContinuations: 64,
  mostStreams: 512,
  mostUnsentOctets: 256 * 1024,
  isOneAnswerEach: false,
};
