import { useEffect, useRef, useState } from 'preact/hooks';
import { read } from '../../api/client.ts';
import { openStream } from '../../api/stream.ts';
import type { Hop, Place } from './types.ts';

/** Hops of one answer at most. */
const PAGE = 1000;
const STREAMS: Readonly<Record<Place, string>> = {
  laboratory: '/api/v1/laboratory/hops/stream',
  operator: '/api/v1/hops/stream',
};

/** Hears hops. */
export type HopsListener = (hops: readonly Hop[]) => void;

/** Hears every hop as it happens; what comes between two pictures of the screen comes in one call. */
export function useHops(place: Place, listener: HopsListener): void {
  const newest = useRef(listener);
  newest.current = listener;
  useEffect(() => {
    const stream = openStream(STREAMS[place]);
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
  }, [place]);
}

interface HopsOf {
  readonly exchange: number | undefined;
  readonly hops: readonly Hop[];
}

/** The hops of an exchange, those that are there and those that come. */
export function useExchangeHops(place: Place, exchange: number | undefined, onHops: HopsListener): readonly Hop[] {
  const [held, setHeld] = useState<HopsOf>({ exchange, hops: [] });
  useEffect(() => {
    setHeld({ exchange, hops: [] });
    if (exchange === undefined) return undefined;
    const stop = new AbortController();
    const load = async () => {
      for (let after = 0; ; ) {
        const given = { path: { exchange }, query: { after, limit: PAGE }, signal: stop.signal };
        const answer =
          place === 'laboratory'
            ? await read('/api/v1/laboratory/exchanges/{exchange}/hops', given)
            : await read('/api/v1/exchanges/{exchange}/hops', given);
        if (stop.signal.aborted || !answer.ok) return;
        const { hops, next } = answer.value;
        setHeld((before) => ({ exchange, hops: joined(before.hops, hops) }));
        if (hops.length < PAGE) return;
        after = next;
      }
    };
    void load();
    return () => stop.abort();
  }, [place, exchange]);
  useHops(place, (hops) => {
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
