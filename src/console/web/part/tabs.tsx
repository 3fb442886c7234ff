import type { ComponentChildren } from 'preact';
import { useId, useRef } from 'preact/hooks';

/** Views of one thing, one at a time. Arrow keys go from one to the next (WAI-ARIA: tabs). Which one is open is the caller's: keep it in the address. */
export function Tabs<V extends string>({
  label,
  tabs,
  open,
  onOpen,
  children,
}: {
  readonly label: string;
  readonly tabs: readonly (readonly [value: V, words: string])[];
  readonly open: V;
  onOpen(value: V): void;
  readonly children: ComponentChildren;
}) {
  const id = useId();
  const row = useRef<HTMLDivElement>(null);
  const move = (event: KeyboardEvent) => {
    const steps: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowLeft: -1 };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const direction = document.documentElement.dir === 'rtl' ? -step : step;
    const at = tabs.findIndex(([value]) => value === open);
    const next = tabs[(at + direction + tabs.length) % tabs.length];
    if (next === undefined) return;
    onOpen(next[0]);
    row.current?.querySelector<HTMLElement>(`#${CSS.escape(`${id}-${next[0]}`)}`)?.focus();
  };
  return (
    <>
      <div class="tabs" role="tablist" aria-label={label} ref={row} onKeyDown={move}>
        {tabs.map(([value, words]) => (
          <button
            key={value}
            type="button"
            role="tab"
            id={`${id}-${value}`}
            aria-selected={value === open}
            aria-controls={`${id}-panel`}
            tabIndex={value === open ? 0 : -1}
            onClick={() => onOpen(value)}
          >
            {words}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${open}`}>
        {children}
      </div>
    </>
  );
}
