import { useEffect } from 'preact/hooks';
import { type Happening, openStream, type Stream, type StreamState } from './api/stream.ts';
import { session } from './session.ts';
import { openStore, useStore } from './store.ts';

/** The audit log as it grows: one stream for the whole page, as long as somebody is signed in. */
const stream = openStore<Stream | undefined>(undefined);
const listeners = new Set<(happenings: readonly Happening[]) => void>();
/** How the stream does. */
export const streamState = openStore<StreamState>('connecting');

function follow(): void {
  const isWanted = session.get().state === 'signedIn';
  const open = stream.get();
  if (!isWanted || open !== undefined) {
    if (!isWanted) open?.close();
    if (!isWanted) stream.set(undefined);
    return;
  }
  const made = openStream('/api/v1/events/stream');
  made.state.subscribe(() => streamState.set(made.state.get()));
  made.listen((happenings) => {
    for (const listener of [...listeners]) listener(happenings);
  });
  stream.set(made);
}

session.subscribe(follow);

/** Hears what happens at the operator while the component is there; all that came at once in one call. */
export function useHappenings(listener: (happenings: readonly Happening[]) => void): void {
  useEffect(() => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }, [listener]);
}

/** Whether what happens is shown as it happens, and the switch for it: whatever moves by itself can be stopped (WCAG 2.2.2). */
export function usePause(): { readonly isPaused: boolean; setPaused(isPaused: boolean): void } {
  const state = useStore(streamState);
  const open = useStore(stream);
  return {
    isPaused: state === 'paused',
    setPaused: (isPaused) => (isPaused ? open?.pause() : open?.resume()),
  };
}
