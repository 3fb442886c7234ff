import { useCallback, useEffect, useRef } from 'preact/hooks';
import type { Problem } from '../../api/client.ts';
import { type Reading, useRead } from '../../api/use-read.ts';
import type { Exchange, Handset } from './types.ts';

/** How long after a hop the lists are read again: one reading for all that came together. Milliseconds. */
const CALM = 300;
const EXCHANGES = 50;

/** Calls once for all that asks for it within a moment. */
export function useCalm(act: () => void): () => void {
  const timer = useRef(0);
  useEffect(() => () => clearTimeout(timer.current), []);
  return useCallback(() => {
    if (timer.current !== 0) return;
    timer.current = window.setTimeout(() => {
      timer.current = 0;
      act();
    }, CALM);
  }, [act]);
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
  const { again: readHandsets } = handsets;
  const { again: readExchanges } = exchanges;
  const refresh = useCalm(
    useCallback(() => {
      readHandsets();
      readExchanges();
    }, [readHandsets, readExchanges]),
  );
  return {
    handsets: handsets.value?.handsets,
    exchanges: exchanges.value?.exchanges ?? [],
    problem: handsets.problem ?? exchanges.problem,
    refresh,
  };
}
