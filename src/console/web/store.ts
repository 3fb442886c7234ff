import { useEffect, useState } from 'preact/hooks';

/** A value that changes, and whoever wants to know. */
export interface Store<T> {
  get(): T;
  set(value: T): void;
  /** Calls `listener` after each change, until the returned function is called. */
  subscribe(listener: () => void): () => void;
}

/** A store that holds `first`. Setting the value that it has already tells nobody. */
export function openStore<T>(first: T): Store<T> {
  let held = first;
  const listeners = new Set<() => void>();
  return {
    get: () => held,
    set(value) {
      if (Object.is(value, held)) return;
      held = value;
      for (const listener of [...listeners]) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** The value of a store; the component is drawn again when it changes. */
export function useStore<T>(store: Store<T>): T {
  const [, redraw] = useState(0);
  const value = store.get();
  useEffect(() => {
    const look = () => redraw((times) => times + 1);
    // It may have changed between drawing and now.
    if (!Object.is(store.get(), value)) look();
    return store.subscribe(look);
  }, [store]);
  return value;
}
