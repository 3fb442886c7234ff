import type { RegisterMode } from '../decision.ts';
import type { FailureAnswer } from '../register-settings.ts';
import type { FrontStatus } from './front-messages.ts';
import type { FrontAddress } from './fronts.ts';

// How a node does, in words and numbers, made of what memory says: none of it asks the database.

/** How a node does. */
export interface NodeStatus extends FrontStatus {
  readonly addresses: readonly FrontAddress[];
  /** The newest change in memory, and how long ago memory was last known to be complete, in milliseconds. */
  readonly sequence: number;
  readonly ageMilliseconds: number;
  readonly entries: number;
  readonly octets: number;
  /** False while the database does not answer. */
  readonly hasDatabase: boolean;
}

/** `loading`: no lists yet; `draining`: it answers what it was asked, and takes no more. */
export type NodePhase = 'loading' | 'serving' | 'draining';

/** What the thread that follows the database tells about the node, twice a second; `freshness` says the rest. */
export interface NodeReport extends Omit<NodeStatus, 'sequence' | 'ageMilliseconds'> {
  readonly phase: NodePhase;
  /** When it was told, milliseconds since 1970: it grows old while that thread waits for a database. */
  readonly at: number;
  /** Threads of fronts that listen, and that there should be. */
  readonly threads: { readonly listening: number; readonly wanted: number };
  readonly settings: {
    readonly mode: RegisterMode;
    readonly listTooOld: FailureAnswer;
    readonly oldestList: number;
  };
}

/** A report with what is read at the moment somebody asks. */
export interface NodeHealth extends NodeReport {
  /** Now, milliseconds since 1970. */
  readonly now: number;
  readonly sequence: number;
  /** When memory was last known to be complete, milliseconds since 1970; 0: it holds no lists. */
  readonly completeAt: number;
  /** Memory of the whole process, in octets. */
  readonly residentOctets: number;
}

/** Why no checks should be sent to this node now, in words; none: they may be. */
export function whyNotReady(health: NodeHealth): readonly string[] {
  const { phase, threads, settings, completeAt, now } = health;
  if (phase === 'loading') return ['it is loading its lists'];
  if (phase === 'draining') return ['it is ending'];
  const isTooOld = completeAt > 0 && now - completeAt > settings.oldestList;
  return [
    ...(threads.listening === 0 ? ['no thread of fronts listens'] : []),
    ...(completeAt === 0 ? ['it has no lists'] : []),
    ...(isTooOld && settings.listTooOld === 'unavailable'
      ? [`its lists are older than oldestList (${settings.oldestList} ms), and failure.listTooOld is unavailable`]
      : []),
  ];
}

/** The node as `/status` shows it. */
export function healthView(health: NodeHealth) {
  const { addresses, answers, fronts, dropped, entries, octets, hasDatabase, phase, threads, settings } = health;
  const { now, at, sequence, completeAt, residentOctets } = health;
  const notReady = whyNotReady(health);
  return {
    time: new Date(now).toISOString(),
    ready: notReady.length === 0,
    ...(notReady.length > 0 && { notReady }),
    phase,
    mode: settings.mode,
    fronts: addresses.map(({ front, host, port }) => ({ front, address: `${host}:${port}` })),
    threads,
    ...{ entries, octets, residentOctets, asOfChange: sequence, hasDatabase },
    ...(completeAt > 0 && { completeAt: new Date(completeAt).toISOString(), ageMilliseconds: now - completeAt }),
    toldMillisecondsAgo: now - at,
    answers,
    counts: fronts,
    notRemembered: dropped,
  };
}

type Sample = readonly [labels: Readonly<Record<string, string>>, value: number];

/** All numbers in the text format of Prometheus 0.0.4. */
export function healthMetrics(health: NodeHealth): string {
  const { answers, fronts, dropped, entries, octets, hasDatabase, threads, sequence, completeAt, now } = health;
  const one = (value: number): readonly Sample[] => [[{}, value]];
  const checks = samples(answers, (front, answer) => ({ front, answer }));
  const happened = samples(fronts, (front, what) => ({ front, what }));
  return [
    metric('assay_checks_total', 'counter', 'Checks answered since the start, by front and answer.', checks),
    metric('assay_front_total', 'counter', 'What happened on a front: answers, refusals, connections.', happened),
    ...(completeAt === 0
      ? []
      : [
          metric(
            'assay_node_age_seconds',
            'gauge',
            'Seconds since memory was last known to be complete.',
            one((now - completeAt) / 1000),
          ),
        ]),
    metric('assay_node_change', 'gauge', 'The newest change of the lists in memory.', one(sequence)),
    metric(
      'assay_node_ready',
      'gauge',
      '1 while checks may be sent here.',
      one(whyNotReady(health).length === 0 ? 1 : 0),
    ),
    metric('assay_node_database_up', 'gauge', '1 while the database answers.', one(hasDatabase ? 1 : 0)),
    metric(
      'assay_node_told_seconds',
      'gauge',
      'Seconds since the thread that follows the database told how it does.',
      one((now - health.at) / 1000),
    ),
    metric('assay_node_threads', 'gauge', 'Threads of fronts that listen.', one(threads.listening)),
    metric('assay_node_entries', 'gauge', 'IMEIs with an entry of their own in memory.', one(entries)),
    metric('assay_node_memory_bytes', 'gauge', 'Memory of lists and proofs.', one(octets)),
    metric(
      'assay_sightings_dropped',
      'gauge',
      'Sightings that were not remembered because there were too many.',
      one(dropped),
    ),
    metric('process_resident_memory_bytes', 'gauge', 'Resident memory of the process.', one(health.residentOctets)),
  ].join('');
}

/** Counts of counts as samples. */
function samples(
  counts: Readonly<Partial<Record<string, Readonly<Record<string, number>>>>>,
  labels: (outer: string, inner: string) => Readonly<Record<string, string>>,
): readonly Sample[] {
  return Object.entries(counts).flatMap(([outer, inner]) =>
    Object.entries(inner ?? {}).map(([name, value]): Sample => [labels(outer, name), value]),
  );
}

/** One metric; one without samples is left out. */
function metric(name: string, type: 'counter' | 'gauge', help: string, values: readonly Sample[]): string {
  if (values.length === 0) return '';
  const lines = values.map(([labels, value]) => `${name}${labelText(labels)} ${value}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`;
}

function labelText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${value.replaceAll(/[\\"\n]/g, escaped)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

const escaped = (character: string): string => (character === '\n' ? '\\n' : `\\${character}`);
