import type { ComponentChildren } from 'preact';

/** One line of a `<dl>`: what it is, and what is known of it. */
export function Fact({ words, children }: { readonly words: string; readonly children: ComponentChildren }) {
  return (
    <div>
      <dt>{words}</dt>
      <dd>{children}</dd>
    </div>
  );
}
