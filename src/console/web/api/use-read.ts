import { useCallback, useEffect, useState } from 'preact/hooks';
import { type AnswerOf, type GivenOf, type Problem, type ReadAddress, read } from './client.ts';

/** Something being read: `value` stays while it is read again, so that a screen does not flicker. */
export interface Reading<T> {
  readonly value: T | undefined;
  readonly problem: Problem | undefined;
  readonly isLoading: boolean;
  /** Reads it again. */
  again(): void;
}

interface Held<T> {
  readonly key: string;
  readonly value: T | undefined;
  readonly problem: Problem | undefined;
  readonly isLoading: boolean;
}

/**
 * Reads an address when the component appears, when what is given changes, and every `every` milliseconds if that is said. What comes too late
 * is dropped. `given` undefined: nothing is read yet.
 */
export function useRead<A extends ReadAddress>(
  address: A,
  given: GivenOf<`GET ${A}`> | undefined,
  every?: number,
): Reading<AnswerOf<`GET ${A}`>> {
  const key = given === undefined ? '' : JSON.stringify([address, given]);
  const [held, setHeld] = useState<Held<AnswerOf<`GET ${A}`>>>({
    ...{ key, value: undefined, problem: undefined, isLoading: key !== '' },
  });
  const [times, setTimes] = useState(0);
  useEffect(() => {
    if (given === undefined) return undefined;
    const stop = new AbortController();
    setHeld((before) => ({ ...before, isLoading: true }));
    // The arguments are those of `read` for the same address; only the compiler cannot see that one may be left out.
    const asked = read as (address: A, given: object) => ReturnType<typeof read<A>>;
    void asked(address, { ...given, signal: stop.signal }).then((answer) => {
      if (stop.signal.aborted) return;
      if (answer.ok) setHeld({ key, value: answer.value, problem: undefined, isLoading: false });
      else
        setHeld((before) => ({
          ...{ key, problem: answer.problem, isLoading: false },
          value: before.key === key ? before.value : undefined,
        }));
    });
    return () => stop.abort();
  }, [key, times]);
  const again = useCallback(() => setTimes((before) => before + 1), []);
  useEffect(() => {
    if (every === undefined) return undefined;
    const timer = setInterval(again, every);
    return () => clearInterval(timer);
  }, [every, again]);
  return { value: held.value, problem: held.problem, isLoading: held.isLoading, again };
}
