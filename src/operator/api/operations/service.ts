import Type from 'typebox';
import { DatabaseError } from '#operator/database/index.ts';
import { EVIDENCE_LEVELS } from '#operator/evidence/index.ts';
import { FRONTS, LISTS, REGISTER_MODES } from '#operator/register/index.ts';
import { COUNTS_MILLISECONDS } from '../list-counts.ts';
import type { Metrics } from '../metrics.ts';
import { type Operation, operation } from '../operation.ts';
import { Count, closed, list, names, Text, Time } from '../schema.ts';
import type { ApiSources } from '../sources.ts';
import { statusView } from '../view.ts';

const counted = (description: string) => Type.Record(Text, Count, { description });

const Status = closed({
  time: Time,
  mode: names(REGISTER_MODES),
  smsc: names(['none', 'bound', 'not bound']),
  problem: Type.Optional(Type.String({ description: 'what the last round of the gateway failed at' })),
  subscribers: Count,
  levels: counted(`UICCs by evidence: ${EVIDENCE_LEVELS.join(', ')}`),
  lists: list(closed({ list: names(LISTS), entries: Count, expired: Count })),
  outbox: counted('orders by state'),
  ignored: counted('messages put aside since the start, by reason'),
  nodes: list(
    closed({
      fronts: list(closed({ front: names(FRONTS), address: Text })),
      entries: Count,
      octets: Count,
      asOfChange: Count,
      ageMilliseconds: Count,
      hasDatabase: Type.Boolean(),
      answers: Type.Record(Text, counted('answers by status')),
      notRemembered: Count,
    }),
  ),
  audit: closed(
    { id: Count, chain: Text },
    'the head of the audit log: noted elsewhere, it proves later that the log was not cut',
  ),
});

/** What has to work for requests to be sent here. The SMSC is not among it: orders wait for it, answers do not. */
function parts({ audit, events, gateway, esme, nodes }: ApiSources) {
  const database = troubleOf(() => audit.head());
  const problem = gateway.problem();
  return [
    { name: 'database', isNeeded: true, trouble: database },
    { name: 'gateway', isNeeded: false, trouble: problem },
    { name: 'events', isNeeded: false, trouble: events.problem() },
    ...nodes().map(({ hasDatabase }) => ({
      name: 'register node',
      isNeeded: false,
      trouble: hasDatabase ? undefined : 'answers from memory, the database does not answer',
    })),
    {
      name: 'smsc',
      isNeeded: false,
      trouble: esme === undefined || esme.isBound ? undefined : 'not bound; orders wait',
    },
  ];
}

function troubleOf(read: () => unknown): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    return error.temporary ? 'locked, or the disk is full' : 'cannot be used';
  }
}

const healthOperations: readonly Operation[] = [
  operation({
    id: 'getStatus',
    method: 'GET',
    path: '/api/v1/status',
    tag: 'operation',
    summary: 'How the operator is doing, in numbers.',
    description: `Numbers of UICCs, orders and entries may be ${COUNTS_MILLISECONDS / 1000} seconds old, here and in the metrics.`,
    permission: 'status.read',
    answer: Status,
    run: ({ sources }) => statusView(sources),
  }),
  operation({
    id: 'getHealth',
    method: 'GET',
    path: '/healthz',
    tag: 'operation',
    summary: 'The process lives and answers. For whoever restarts it when it does not.',
    permission: 'anyone',
    answer: closed({ alive: Type.Boolean() }),
    run: () => ({ alive: true }),
  }),
  operation({
    id: 'getReadiness',
    method: 'GET',
    path: '/readyz',
    tag: 'operation',
    summary: 'Requests may be sent here; 503 while what is needed does not work.',
    permission: 'anyone',
    answer: closed({
      ready: Type.Boolean(),
      parts: list(closed({ name: Text, isNeeded: Type.Boolean(), trouble: Type.Optional(Text) })),
    }),
    refusal: { status: 503, description: 'Not now.' },
    run({ sources, refuse }) {
      const found = parts(sources);
      const ready = !found.some(({ isNeeded, trouble }) => isNeeded && trouble !== undefined);
      if (!ready) refuse();
      // Anyone may ask: what a gateway failed at is for those who may read the status.
      return {
        ready,
        parts: found.map(({ trouble, ...part }) => ({ ...part, trouble: trouble && 'in trouble; see the status' })),
      };
    },
  }),
];

/** Health, metrics, pages. `document` and `docs` give the documents of all operations. */
export const serviceOperations = (
  metrics: Metrics,
  document: () => object,
  docs: () => string,
): readonly Operation[] => [
  ...healthOperations,
  operation({
    id: 'getMetrics',
    method: 'GET',
    path: '/metrics',
    tag: 'operation',
    summary: 'Numbers for Prometheus.',
    description:
      'While the database is away (`assay_database_up` 0), what only it knows is left out, and a token that was used here in the hour before is taken.',
    permission: 'metrics.read',
    needsNoDatabase: true,
    answer: Type.String({ description: 'text format 0.0.4' }),
    mediaType: 'text/plain',
    run: () => metrics.text(),
  }),
  operation({
    id: 'getDocument',
    method: 'GET',
    path: '/api/v1/openapi.json',
    tag: 'operation',
    summary: 'This interface as an OpenAPI 3.1 document.',
    permission: 'anyone',
    answer: Type.Object({ openapi: Text }, { description: 'OpenAPI 3.1' }),
    run: () => ({ openapi: '', ...document() }),
  }),
  operation({
    id: 'getDocs',
    method: 'GET',
    path: '/api/v1/docs',
    tag: 'operation',
    summary: 'This interface as a page.',
    permission: 'anyone',
    answer: Text,
    mediaType: 'text/html',
    run: docs,
  }),
];
