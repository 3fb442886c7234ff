import type { ServerResponse } from 'node:http';
import { type Caller, callerName } from './caller.ts';
import type { Identities } from './identities.ts';
import type { ApiLimits } from './limits.ts';
import { ProblemError } from './problem.ts';
import { REQUEST } from './refusals.ts';
import type { ApiSources } from './sources.ts';
import { isStillLetIn } from './still-let-in.ts';
import { equipmentEventView, eventView } from './view.ts';

/** Entries read from the log at once. */
const BATCH = 100;
/** Batches for one stream in one round: the others get their turn. */
const BATCHES_PER_ROUND = 10;
/** How often it is looked whether the token or session of a stream still lives. */
const TOKEN_CHECK_MILLISECONDS = 1000;
const RETRY_SECONDS = 10;
/** Milliseconds after which a browser that lost its stream comes back. */
const RECONNECT_MILLISECONDS = 2000;

/** One thing that happened, numbered. */
export interface Happening {
  readonly id: number;
  readonly kind: string;
  readonly data: unknown;
}

/** What a stream follows: a log whose numbers rise as its entries become visible. */
export interface Followed {
  /** The newest number; 0 before the first. */
  newest(): number;
  /** Entries above this number in their order, at most `most`. `identities`: how those of people are shown, where the stream shows any. */
  after(number: number, most: number, identities?: Identities): readonly Happening[];
}

/** Of a stream that was declared to show identities. */
function shown(identities: Identities | undefined): Identities {
  if (identities === undefined) throw new Error('event stream: expected one that shows identities');
  return identities;
}

/** The audit log. */
export const auditFollowed = ({ audit }: ApiSources): Followed => ({
  newest: () => audit.head().id,
  after: (number, most, identities) =>
    audit
      .after(number, most)
      .map((entry) => ({ id: entry.id, kind: entry.kind, data: eventView(entry, shown(identities)) })),
});

/** Changed IMEIs and duplicates. */
export const equipmentFollowed = ({ events }: ApiSources): Followed => ({
  newest: () => events.newest(),
  after: (number, most, identities) =>
    events.after(number, most).map((event) => ({
      ...{ id: event.sequence, kind: event.kind },
      data: equipmentEventView(event, shown(identities)),
    })),
});

interface Stream {
  readonly followed: Followed;
  readonly response: ServerResponse;
  readonly caller: Caller;
  readonly identities: Identities | undefined;
  /** Number of the last entry written. */
  cursor: number;
  writtenAt: number;
  checkedAt: number;
  blockedSince: number | undefined;
}

/** Logs as they grow, for everybody who listens (HTML 9.2, server-sent events). */
export interface EventStreams {
  /** Throws ProblemError when there are as many as there may be; call it before the answer begins. */
  admit(caller: Caller): void;
  /** Sends every entry above `after`, without a gap, until the reader goes, is too slow, or its token or session dies. */
  follow(
    followed: Followed,
    response: ServerResponse,
    call: Pick<Stream, 'caller' | 'identities'>,
    after: number,
  ): void;
  /** Streams open now. */
  count(): number;
  /** Ends all. */
  close(): void;
}

/** One entry on the wire; its number is what a reader gives back as Last-Event-ID. */
const frameOf = ({ id, kind, data }: Happening): string =>
  `id: ${id}\nevent: ${kind}\ndata: ${JSON.stringify(data)}\n\n`;

/** The event streams of an API. */
export function openEventStreams(sources: ApiSources, limits: ApiLimits, onCut: () => void): EventStreams {
  const { clock, scheduler } = sources;
  const streams = new Set<Stream>();
  let stopTimer = () => {};

  const write = (stream: Stream, text: string) => {
    stream.response.write(text);
    stream.writtenAt = clock.now();
  };

  const end = (stream: Stream) => {
    streams.delete(stream);
    stream.response.end();
  };

  /** True while the reader has not taken what was written; one that takes nothing for too long is cut. */
  const isBlocked = (stream: Stream): boolean => {
    if (!stream.response.writableNeedDrain) {
      stream.blockedSince = undefined;
      return false;
    }
    stream.blockedSince ??= clock.now();
    if (clock.now() - stream.blockedSince >= limits.slowReaderMilliseconds) {
      streams.delete(stream);
      stream.response.destroy();
      onCut();
    }
    return true;
  };

  const deliver = (stream: Stream, newest: number) => {
    if (clock.now() - stream.checkedAt >= TOKEN_CHECK_MILLISECONDS) {
      stream.checkedAt = clock.now();
      if (!isStillLetIn(sources, stream.caller)) return end(stream);
    }
    for (let batches = 0; batches < BATCHES_PER_ROUND && !isBlocked(stream) && stream.cursor < newest; batches++) {
      const entries = stream.followed.after(stream.cursor, BATCH, stream.identities);
      write(stream, entries.map(frameOf).join(''));
      stream.cursor = entries.at(-1)?.id ?? stream.cursor;
    }
    if (stream.blockedSince === undefined && clock.now() - stream.writtenAt >= limits.heartbeatMilliseconds)
      write(stream, ': heartbeat\n\n');
  };

  const round = () => {
    try {
      const newest = new Map([...streams].map(({ followed }) => [followed, 0]));
      for (const followed of newest.keys()) newest.set(followed, followed.newest());
      for (const stream of streams) deliver(stream, newest.get(stream.followed) ?? 0);
    } catch (error) {
      // Streams that end come back with their Last-Event-ID and miss nothing.
      for (const stream of streams) end(stream);
      sources.onFailure(error);
    }
    stopTimer();
    if (streams.size > 0) stopTimer = scheduler.after(limits.pollMilliseconds, round);
  };

  return {
    admit(caller) {
      const own = [...streams].filter((stream) => callerName(stream.caller) === callerName(caller)).length;
      if (streams.size >= limits.streams || own >= limits.streamsOfOne) throw tooMany(limits);
    },
    follow(followed, response, { caller, identities }, after) {
      const now = clock.now();
      const stream = {
        followed,
        response,
        caller,
        identities,
        cursor: after,
        writtenAt: now,
        checkedAt: now,
        blockedSince: undefined,
      };
      streams.add(stream);
      response.on('close', () => streams.delete(stream));
      response.on('error', () => streams.delete(stream));
      // The number alone makes no event: a reader that loses the line before the first one comes back to here.
      write(stream, `retry: ${RECONNECT_MILLISECONDS}\nid: ${after}\n\n`);
      round();
    },
    count: () => streams.size,
    close() {
      stopTimer();
      for (const stream of streams) end(stream);
    },
  };
}

const tooMany = ({ streams, streamsOfOne }: ApiLimits) =>
  new ProblemError('unavailable', {
    ...REQUEST.say('tooManyStreams', { streams, streamsOfOne }),
    retryAfter: RETRY_SECONDS,
  });
