import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { DatabaseError } from '#operator/database/index.ts';
import type { ApiSources } from './sources.ts';

/** What the API counts, and the operator's numbers, for Prometheus. */
export interface Metrics {
  /** One request answered: which operation (`none` when there is no such), with which status, in how many seconds. */
  answered(operation: string, status: number, seconds: number): void;
  /** A slow reader of events was cut. */
  readerCut(): void;
  /** All of it in the text format of Prometheus 0.0.4. */
  text(): Promise<string>;
}

const SECONDS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5];

type ReadGauge<L extends string> = (gauge: Gauge<L>) => void;

/** A gauge that is read when somebody asks for it. */
function gauge<L extends string>(
  registry: Registry,
  { name, help, labels = [] }: { readonly name: string; readonly help: string; readonly labels?: readonly L[] },
  read: ReadGauge<L>,
): void {
  const made: Gauge<L> = new Gauge({
    ...{ name, help, labelNames: [...labels], registers: [registry] },
    collect() {
      // One without labels would be 0 after a reset, where it is to be left out.
      if (labels.length === 0) made.remove();
      else made.reset();
      read(made);
    },
  });
}

/** Numbers that only the database knows. While it is away they are left out: it is asked once, not for each of them. */
function databaseGauges(sources: ApiSources, registry: Registry): void {
  const { register, evidence, gateway, subscribers, audit } = sources;
  let isUp = true;
  const kept = <L extends string>(name: string, help: string, labels: readonly L[], read: ReadGauge<L>) =>
    gauge(registry, { name, help, labels }, (made) => {
      if (isUp) isUp = isRead(made, read);
    });
  // The first to be read: it says how the others fare.
  gauge(registry, { name: 'assay_database_up', help: '1 while the database answers.' }, (made) => {
    isUp = isRead(made, () => audit.head());
    made.set(isUp ? 1 : 0);
  });
  kept('assay_list_entries', 'Entries of a list, expired ones included.', ['list'], (made) => {
    for (const { list, entries } of register.lists.counts()) made.set({ list }, entries);
  });
  kept('assay_uiccs', 'UICCs that were issued.', [], (made) => made.set(subscribers.count()));
  kept('assay_evidence', 'UICCs by how their IMEI is known.', ['level'], (made) => {
    for (const [level, number] of Object.entries(evidence.levels())) made.set({ level }, number);
  });
  kept('assay_orders', 'Orders to UICCs by state.', ['state'], (made) => {
    for (const [state, number] of Object.entries(gateway.outbox.counts())) made.set({ state }, number);
  });
  kept('assay_audit_entries', 'Entries of the audit log.', [], (made) => made.set(audit.head().id));
}

/** False when the database did not answer. */
function isRead<L extends string>(made: Gauge<L>, read: ReadGauge<L>): boolean {
  try {
    read(made);
    return true;
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    return false;
  }
}

/** Numbers of this process. */
function ownGauges({ gateway, nodes }: ApiSources, streams: () => number, registry: Registry): void {
  const own = <L extends string>(name: string, help: string, labels: readonly L[], read: ReadGauge<L>) =>
    gauge(registry, { name, help, labels }, read);
  own('assay_ignored_messages', 'Messages put aside since the start, by reason.', ['why'], (made) => {
    for (const [why, number] of Object.entries(gateway.ignored())) made.set({ why }, number);
  });
  own('assay_gateway_trouble', '1 while the last round of the gateway failed.', [], (made) =>
    made.set(gateway.problem() === undefined ? 0 : 1),
  );
  own('assay_checks_total', 'Checks answered since the start, by front and answer.', ['front', 'answer'], (made) => {
    for (const { answers } of nodes())
      for (const [front, counts] of Object.entries(answers))
        for (const [answer, number] of Object.entries(counts)) made.inc({ front, answer }, number);
  });
  own('assay_node_age_seconds', 'Seconds since memory was last known to be complete.', [], (made) => {
    for (const { ageMilliseconds } of nodes()) made.set(ageMilliseconds / 1000);
  });
  own('assay_node_entries', 'IMEIs with an entry of their own in memory.', [], (made) => {
    for (const { entries } of nodes()) made.set(entries);
  });
  own('assay_node_memory_bytes', 'Memory of lists and proofs.', [], (made) => {
    for (const { octets } of nodes()) made.set(octets);
  });
  own('assay_sightings_dropped', 'Sightings that were not remembered because there were too many.', [], (made) => {
    for (const { dropped } of nodes()) made.set(dropped);
  });
  own('assay_event_streams', 'Event streams open now.', [], (made) => made.set(streams()));
  own('process_resident_memory_bytes', 'Resident memory of the process.', [], (made) =>
    made.set(process.memoryUsage.rss()),
  );
}

/** Metrics in a registry of their own. */
export function openMetrics(sources: ApiSources, streams: () => number): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const answers = new Counter({
    name: 'assay_http_answers_total',
    help: 'Requests answered, by operation and status.',
    labelNames: ['operation', 'status'],
    registers,
  });
  const durations = new Histogram({
    name: 'assay_http_answer_seconds',
    help: 'Seconds from request to answer.',
    labelNames: ['operation'],
    buckets: SECONDS,
    registers,
  });
  const cut = new Counter({
    name: 'assay_event_readers_cut_total',
    help: 'Slow readers of events that were cut.',
    registers,
  });
  databaseGauges(sources, registry);
  ownGauges(sources, streams, registry);
  return {
    answered(operation, status, seconds) {
      answers.inc({ operation, status: String(status) });
      durations.observe({ operation }, seconds);
    },
    readerCut: () => cut.inc(),
    text: () => registry.metrics(),
  };
}
