import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { type Problem, read } from '../../api/client.ts';
import { openStream } from '../../api/stream.ts';
import { type Reading, useRead } from '../../api/use-read.ts';
import type { Exchange, Handset, Hop } from './types.ts';

/** Hops of one answer at most. */
const PAGE = 1000;
/** How long after a hop the lists are read again: one reading for all that came together. Milliseconds. */
const CALM = 300;
const EXCHANGES = 50;

type HopsListener = (hops: readonly Hop[]) => void;

/** Hears every hop of the laboratory as it happens; what comes between two pictures of the screen comes in one call. */
export function useHops(listener: HopsListener): void {
  const newest = useRef(listener);
  newest.current = listener;
  useEffect(() => {
    const stream = openStream('/api/v1/laboratory/hops/stream');
    let waiting: Hop[] = [];
    let picture = 0;
    const give = () => {
      picture = 0;
      const hops = waiting;
      waiting = [];
      newest.current(hops);
    };
    const end = stream.listen((happenings) => {
      // The stream carries what its operation says: hops.
      waiting.push(...happenings.map(({ data }) => data as Hop));
      if (picture === 0) picture = requestAnimationFrame(give);
    });
    return () => {
      end();
      cancelAnimationFrame(picture);
      stream.close();
    };
  }, []);
}

/** The handsets of the laboratory, and what one of them did. */
export interface LaboratoryState {
  readonly handsets: readonly Handset[] | undefined;
  readonly exchanges: readonly Exchange[];
  readonly problem: Problem | undefined;
  /** Reads both again, a moment later. */
  refresh(): void;
}

/** Reads handsets and exchanges, and again when something happens. */
export function useLaboratory(handset: string | undefined): LaboratoryState {
  const handsets: Reading<{ readonly handsets: readonly Handset[] }> = useRead('/api/v1/laboratory/handsets', {});
  const exchanges = useRead('/api/v1/laboratory/exchanges', {
    query: { limit: EXCHANGES, ...(handset !== undefined && { handset }) },
  });
  const timer = useRef(0);
  const { again: readHandsets } = handsets;
  const { again: readExchanges } = exchanges;
  const refresh = useCallback(() => {
    if (timer.current !== 0) return;
    timer.current = window.setTimeout(() => {
      timer.current = 0;
      readHandsets();
      readExchanges();
    }, CALM);
  }, [readHandsets, readExchanges]);
  useEffect(() => () => clearTimeout(timer.current), []);
  return {
    handsets: handsets.value?.handsets,
    exchanges: exchanges.value?.exchanges ?? [],
    problem: handsets.problem ?? exchanges.problem,
    refresh,
  };
}

interface HopsOf {
  readonly exchange: number | undefined;
  readonly hops: readonly Hop[];
}

/** The hops of an exchange, those that are there and those that come. */
export function useExchangeHops(exchange: number | undefined, onHops: HopsListener): readonly Hop[] {
  const [held, setHeld] = useState<HopsOf>({ exchange, hops: [] });
  useEffect(() => {
    setHeld({ exchange, hops: [] });
    if (exchange === undefined) return undefined;
    const stop = new AbortController();
    const load = async () => {
      for (let after = 0; ; ) {
        const given = { path: { exchange }, query: { after, limit: PAGE }, signal: stop.signal };
        const answer = await read('/api/v1/laboratory/exchanges/{exchange}/hops', given);
        if (stop.signal.aborted || !answer.ok) return;
        const { hops, next } = answer.value;
        setHeld((before) => ({ exchange, hops: joined(before.hops, hops) }));
        if (hops.length < PAGE) return;
        after = next;
      }
    };
    void load();
    return () => stop.abort();
  }, [exchange]);
  useHops((hops) => {
    onHops(hops);
    const own = hops.filter((hop) => hop.exchange === exchange);
    if (own.length > 0)
      setHeld((before) => (before.exchange === exchange ? { exchange, hops: joined(before.hops, own) } : before));
  });
  return held.exchange === exchange ? held.hops : [];
}

/** Both in the order of their numbers, each once. */
function joined(before: readonly Hop[], more: readonly Hop[]): readonly Hop[] {
  const last = before.at(-1)?.number ?? 0;
  const first = more[0]?.number ?? 0;
  if (first > last) return [...before, ...more];
  const byNumber = new Map([...before, ...more].map((hop) => [hop.number, hop]));
  return [...byNumber.values()].sort((a, b) => a.number - b.number);
}
