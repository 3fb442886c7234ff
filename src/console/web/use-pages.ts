import { useState } from 'preact/hooks';
import { useAddress } from './address.ts';

/** A way through a list that the operator pages by key: each page says where the next one begins. */
export interface Pages {
  /** Where the page that is shown begins; undefined: at the beginning. Give it to the operator. */
  readonly cursor: string | undefined;
  /** For the Pager: undefined where there is no such page. `next` is what the operator said, undefined at the end. */
  steps(next: string | number | undefined): {
    readonly onFirst: (() => void) | undefined;
    readonly onPrevious: (() => void) | undefined;
    readonly onNext: (() => void) | undefined;
  };
}

/** Keeps the place in the address, as `name`, so that it can be kept and sent. Clear `name` there when a filter changes. */
export function usePages(name = 'after'): Pages {
  const { query, setQuery } = useAddress();
  const cursor = query[name];
  // The places before this one, as far as they were seen from here; who comes by a link has only the first page behind them.
  const [before, setBefore] = useState<readonly (string | undefined)[]>([]);
  const go = (to: string | undefined) => setQuery({ [name]: to });
  return {
    cursor,
    steps: (next) => ({
      onFirst:
        cursor === undefined
          ? undefined
          : () => {
              setBefore([]);
              go(undefined);
            },
      onPrevious:
        cursor === undefined || before.length === 0
          ? undefined
          : () => {
              setBefore(before.slice(0, -1));
              go(before.at(-1));
            },
      onNext:
        next === undefined
          ? undefined
          : () => {
              setBefore([...before, cursor]);
              go(String(next));
            },
    }),
  };
}
