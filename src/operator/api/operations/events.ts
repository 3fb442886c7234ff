import Type from 'typebox';
import { type DuplicateCause, EVIDENCE_LEVELS } from '#operator/evidence/index.ts';
import { callerName } from '../caller.ts';
import { auditFollowed, type EventStreams, equipmentFollowed, type Followed } from '../event-stream.ts';
import { type Call, type Operation, operation } from '../operation.ts';
import { ProblemError } from '../problem.ts';
import { VALUE } from '../refusals.ts';
import { Count, closed, Identity, Limit, list, names, rowsOf, ShownImei, Text, Time } from '../schema.ts';
import type { ApiSources } from '../sources.ts';
import { equipmentEventView } from '../view.ts';

const LONGEST_ID = 15;

/** Where a reader was: the header a browser sends when it comes back, else the query, else now. Throws ProblemError. */
export function positionOf(
  { request, query }: Pick<Call<unknown, { readonly after?: number }>, 'request' | 'query'>,
  newest: number,
): number {
  const header = request.headers['last-event-id'];
  if (header === undefined && query.after === undefined) return newest;
  const text = header === undefined ? String(query.after) : String(header);
  const asked = /^\d+$/.test(text) && text.length <= LONGEST_ID ? Number(text) : Number.NaN;
  // A number beyond the log is of another log, or this one was cut: waiting for it in silence would lose entries.
  if (asked <= newest) return asked;
  throw new ProblemError('invalid-value', {
    ...VALUE.say('beyondLog', { newest }),
    at: header === undefined ? 'after' : 'Last-Event-ID',
  });
}

const FOLLOWING = `A reader that comes back with Last-Event-ID (or \`after\`) misses nothing. Comments keep the connection alive; a reader that takes nothing is cut; the stream ends with its token.`;

/** A stream of server-sent events. */
export const streamOperation = (
  streams: EventStreams,
  given: Pick<Operation, 'id' | 'path' | 'tag' | 'summary' | 'description' | 'permission' | 'showsIdentities'>,
  followedOf: (sources: ApiSources) => Followed,
): Operation => {
  // One for all streams of an API: what is newest is then asked once in a round.
  let followed: Followed | undefined;
  return operation({
    ...given,
    method: 'GET',
    query: closed({
      after: Type.Optional(Type.Integer({ minimum: 0, description: 'Begin behind this number; default now.' })),
    }),
    answer: Type.String({ description: 'text/event-stream' }),
    mediaType: 'text/event-stream',
    problems: ['unavailable'],
    run(call) {
      const { caller, sources } = call;
      followed ??= followedOf(sources);
      const after = positionOf(call, followed.newest());
      streams.admit(caller);
      const identities = given.showsIdentities === true ? call.identities : undefined;
      if (identities?.areWhole === true)
        sources.audit.append({
          kind: 'read',
          author: callerName(caller),
          subject: given.id,
          detail: { what: 'stream of events with whole identities', after, reason: identities.reason ?? null },
        });
      const response = call.takeOver({ 'Content-Type': 'text/event-stream; charset=utf-8' });
      streams.follow(followed, response, { caller, identities }, after);
      return '';
    },
  });
};

const kind = <const K extends string>(name: K) => names([name]);
const CAUSES = ['subscribers', 'dailyAverage', 'conflicts'] as const satisfies readonly DuplicateCause[];
const EquipmentStatus = names(['permitted', 'tracking', 'prohibited']);

/** A changed IMEI or a duplicate, as it is answered. */
export const EquipmentEvent = Type.Union([
  closed(
    {
      ...{ sequence: Count, at: Time, kind: kind('imeiChanged') },
      ...{ imsi: Identity, from: ShownImei, to: ShownImei },
      by: names(['claim', 'proof'], 'claim: the network was told; proof: the UICC proved it'),
      level: names(EVIDENCE_LEVELS, 'how the new IMEI of this subscriber was known'),
      equipmentStatus: Type.Optional({
        ...EquipmentStatus,
        description: 'what the register answered, when it was asked',
      }),
    },
    'a subscriber was seen with another IMEI than last time',
  ),
  closed(
    {
      ...{ sequence: Count, at: Time, kind: kind('duplicateImei') },
      ...{ imei: ShownImei, cause: names(CAUSES), subscribers: Count, conflicts: Count },
      genuine: Type.Optional(Identity),
      argument: Text,
    },
    'an IMEI is in several handsets; this prohibits nobody',
  ),
]);

/** Both streams, and the page of the second. */
export const streamOperations = (streams: EventStreams): readonly Operation[] => [
  streamOperation(
    streams,
    {
      showsIdentities: true,
      id: 'followEvents',
      path: '/api/v1/events/stream',
      tag: 'events',
      summary: 'The audit log as it grows, as server-sent events.',
      description: `Each event has the number of its entry as \`id\`, its kind as \`event\` and the entry as \`data\`. ${FOLLOWING}`,
      permission: 'audit.read',
    },
    auditFollowed,
  ),
  operation({
    id: 'getEquipmentEvents',
    method: 'GET',
    path: '/api/v1/equipment-events',
    tag: 'equipmentEvents',
    summary: 'A page of changed IMEIs and duplicates, oldest first; `next` is the `after` of the following page.',
    description:
      'Numbers have no gap: when the first one is not the next after `after`, those between are older than is kept (30 days).',
    permission: 'events.read',
    showsIdentities: true,
    query: closed({
      after: Type.Optional({ ...Count, description: 'Events above this number; default 0.' }),
      limit: Type.Optional(Limit),
    }),
    answer: closed({ events: list(EquipmentEvent), next: Count, newest: Count }),
    run({ sources: { events }, query: { after = 0, limit }, identities }) {
      const newest = events.newest();
      const found = events.after(after, rowsOf(limit));
      const shown = found.map((event) => equipmentEventView(event, identities));
      return { events: shown, next: found.at(-1)?.sequence ?? after, newest };
    },
  }),
  streamOperation(
    streams,
    {
      showsIdentities: true,
      id: 'followEquipmentEvents',
      path: '/api/v1/equipment-events/stream',
      tag: 'equipmentEvents',
      summary: 'Changed IMEIs and duplicates as they are noticed, as server-sent events.',
      description: `Each event has its number as \`id\`, its kind as \`event\` and itself as \`data\`. ${FOLLOWING} Events older than 30 days are gone: a gap in the numbers tells.`,
      permission: 'events.read',
    },
    equipmentFollowed,
  ),
];
