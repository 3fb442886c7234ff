import Type from 'typebox';
import { callerMay, callerName } from '../caller.ts';
import type { EventStreams } from '../event-stream.ts';
import { type Call, type Operation, operation } from '../operation.ts';
import { ProblemError } from '../problem.ts';
import { closed } from '../schema.ts';

const LONGEST_ID = 15;

/** Where a reader was: the header a browser sends when it comes back, else the query, else now. Throws ProblemError. */
function positionOf({ request, query, sources: { audit } }: Call<undefined, { readonly after?: number }>): number {
  const newest = audit.head().id;
  const header = request.headers['last-event-id'];
  if (header === undefined && query.after === undefined) return newest;
  const text = header === undefined ? String(query.after) : String(header);
  const asked = /^\d+$/.test(text) && text.length <= LONGEST_ID ? Number(text) : Number.NaN;
  // A number beyond the log is of another log, or this one was cut: waiting for it in silence would lose entries.
  if (asked <= newest) return asked;
  throw new ProblemError('invalid-value', {
    expected: `the number of an entry, 0 to ${newest}`,
    got: 'another',
    advice: 'begin at 0, or leave it out to begin now',
    at: header === undefined ? 'after' : 'Last-Event-ID',
  });
}

/** The audit log as it grows. */
export const streamOperations = (streams: EventStreams): readonly Operation[] => [
  operation({
    id: 'followEvents',
    method: 'GET',
    path: '/api/v1/events/stream',
    tag: 'events',
    summary: 'The audit log as it grows, as server-sent events.',
    description:
      'Each event has the number of its entry as `id`, its kind as `event` and the entry as `data`. A reader that comes back with Last-Event-ID (or `after`) misses nothing. Comments keep the connection alive; a reader that takes nothing is cut; the stream ends with its token.',
    permission: 'audit.read',
    query: closed({
      after: Type.Optional(Type.Integer({ minimum: 0, description: 'Begin behind this entry; default now.' })),
    }),
    answer: Type.String({ description: 'text/event-stream' }),
    mediaType: 'text/event-stream',
    problems: ['unavailable'],
    run(call) {
      const { caller, identities, sources } = call;
      const after = positionOf(call);
      streams.admit(caller);
      if (callerMay(caller, 'identities.whole'))
        sources.audit.append({
          kind: 'read',
          author: callerName(caller),
          subject: 'followEvents',
          detail: { what: 'stream of events with whole identities', after },
        });
      streams.follow(call.takeOver({ 'Content-Type': 'text/event-stream; charset=utf-8' }), caller, identities, after);
      return '';
    },
  }),
];
