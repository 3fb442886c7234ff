/** What a peer may do that costs us more than it, per connection and second. */
export interface AbuseLimits {
  /** Requests taken back with RST_STREAM before their answer was read (rapid reset, CVE-2023-44487). */
  readonly resetsPerSecond: number;
  /** PING and SETTINGS frames: they ask for work without asking a question. */
  readonly controlFramesPerSecond: number;
  /** Requests without a good token: each may cost the verification of a signature. */
  readonly unauthorisedPerSecond: number;
  /** Answers nobody read in time, as long as the connection lives. */
  readonly unreadAnswers: number;
}

/** Far more than an AMF ever needs. */
export const ABUSE_LIMITS: AbuseLimits = {
  resetsPerSecond: 100,
  controlFramesPerSecond: 100,
  unauthorisedPerSecond: 50,
  unreadAnswers: 100,
};

/** What a connection did that it should not. */
export type Abuse = 'reset' | 'control frame' | 'unauthorised' | 'unread answer';

/** What a connection did in the second that began at `sinceMs`. */
export interface AbuseRecord {
  readonly sinceMs: number;
  readonly counts: Readonly<Record<Abuse, number>>;
}

const NONE = { reset: 0, 'control frame': 0, unauthorised: 0 } as const;

/** A connection that did nothing yet. */
export function noAbuse(nowMs: number): AbuseRecord {
  return { sinceMs: nowMs, counts: { ...NONE, 'unread answer': 0 } };
}

/** The record after one more. */
export function abuseAfter(record: AbuseRecord, abuse: Abuse, nowMs: number): AbuseRecord {
  const isSameSecond = nowMs >= record.sinceMs && nowMs < record.sinceMs + 1000;
  const counts = isSameSecond ? record.counts : { ...record.counts, ...NONE };
  return { sinceMs: isSameSecond ? record.sinceMs : nowMs, counts: { ...counts, [abuse]: counts[abuse] + 1 } };
}

/** What there was too much of, or undefined: then the connection ends with ENHANCE_YOUR_CALM (RFC 9113 7). */
export function excess({ counts }: AbuseRecord, limits: AbuseLimits): Abuse | undefined {
  if (counts.reset > limits.resetsPerSecond) return 'reset';
  if (counts['control frame'] > limits.controlFramesPerSecond) return 'control frame';
  if (counts.unauthorised > limits.unauthorisedPerSecond) return 'unauthorised';
  return counts['unread answer'] > limits.unreadAnswers ? 'unread answer' : undefined;
}
