import { type ComponentChildren, createContext } from 'preact';
import { useContext, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Problem } from '../api/client.ts';
import { fieldWords } from './problem-words.ts';
import { ProblemNote } from './states.tsx';

/** What was refused, and the place in the request whose field says so. */
const Refused = createContext<{ readonly place: string; readonly words: string } | undefined>(undefined);

/** What the operator has against a field's value; undefined when it has nothing, or the field is of no place. */
export function useRefusal(at: string | undefined): string | undefined {
  const refused = useContext(Refused);
  return at !== undefined && refused?.place === at ? refused.words : undefined;
}

const fieldAt = (form: HTMLElement | null, place: string): HTMLElement | null =>
  form?.querySelector<HTMLElement>(`[data-at="${CSS.escape(place)}"]`) ?? null;

/** The place of a field that a problem is about: its own, or one around it (`/commands` for `/commands/2`). */
function placeIn(form: HTMLElement | null, at: string | undefined): string | undefined {
  for (let place = at ?? ''; place !== ''; place = place.slice(0, Math.max(0, place.lastIndexOf('/'))))
    if (fieldAt(form, place) !== null) return place;
  return undefined;
}

/**
 * A form. What the operator refuses is said at the field that it is about (`at` of the field), which gets the focus; else above `actions`. A field
 * that was typed into is no longer marked. `onSubmit` is called without a page being loaded.
 */
export function Form({
  problem,
  children,
  actions,
  label,
  className,
  onSubmit,
}: {
  readonly problem: Problem | undefined;
  readonly children: ComponentChildren;
  /** The buttons. */
  readonly actions: ComponentChildren;
  readonly label?: string;
  readonly className?: string;
  onSubmit(): void;
}) {
  const form = useRef<HTMLFormElement>(null);
  const [marked, setMarked] = useState<{ readonly problem: Problem; readonly place: string | undefined }>();
  const [attempt, setAttempt] = useState(0);
  useLayoutEffect(() => {
    setMarked(problem && { problem, place: placeIn(form.current, problem.at) });
  }, [problem]);
  const place = marked?.problem === problem ? marked?.place : undefined;
  useLayoutEffect(() => {
    if (place !== undefined) fieldAt(form.current, place)?.focus();
  }, [marked, place]);
  // What is missing was found here, before anything was sent.
  useLayoutEffect(() => {
    if (attempt > 0) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [attempt]);
  return (
    <form
      ref={form}
      noValidate
      class={className}
      aria-label={label}
      onInput={({ target }) => {
        if (marked?.place !== undefined && target === fieldAt(form.current, marked.place)) setMarked(undefined);
      }}
      onSubmit={(event) => {
        event.preventDefault();
        setAttempt(attempt + 1);
        onSubmit();
      }}
    >
      <Refused.Provider
        value={place === undefined || problem === undefined ? undefined : { place, words: fieldWords(problem) }}
      >
        {children}
      </Refused.Provider>
      {marked && marked.place === undefined && <ProblemNote problem={marked.problem} />}
      {actions}
    </form>
  );
}
