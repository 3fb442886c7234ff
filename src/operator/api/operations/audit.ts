import Type from 'typebox';
import { AUDIT_KINDS } from '#operator/audit/index.ts';
import { operation } from '../operation.ts';
import { Count, closed, Limit, list, names, rowsOf, Text, Time } from '../schema.ts';
import { eventView } from '../view.ts';

/** An entry of the audit log, as it is answered. */
export const Event = closed({
  id: Count,
  at: Time,
  kind: names(AUDIT_KINDS),
  author: Text,
  subject: Text,
  detail: Type.Optional(
    Type.Record(Text, Type.Union([Text, Type.Number(), Type.Boolean(), Type.Null(), Type.Array(Text)]), {
      description: 'missing when it was erased',
    }),
  ),
});

/** The audit log. */
export const auditOperations = [
  operation({
    id: 'getEvents',
    method: 'GET',
    path: '/api/v1/events',
    tag: 'events',
    summary: 'A page of the audit log, oldest first; `next` is the `after` of the following page.',
    permission: 'audit.read',
    query: closed({
      after: Type.Optional(Type.Integer({ description: 'Entries above this number; default 0.' })),
      limit: Type.Optional(Limit),
    }),
    answer: closed({ events: list(Event), next: Count }),
    run({ sources: { audit }, query, identities }) {
      const first = Math.max(0, query.after ?? 0);
      const events = audit.after(first, rowsOf(query.limit)).map((entry) => eventView(entry, identities));
      return { events, next: events.at(-1)?.id ?? first };
    },
  }),
] as const;
