import type { ComponentChildren } from 'preact';
import { numberText } from '../text/index.ts';
import type { Tone } from './badge.tsx';

/** A row of figures. */
export function Tiles({ label, children }: { readonly label: string; readonly children: ComponentChildren }) {
  return (
    <section aria-label={label}>
      <dl class="tiles">{children}</dl>
    </section>
  );
}

/** One figure and what it counts; coloured only while it is not zero. With `href` the words lead to what it counts. */
export function Tile({
  words,
  value,
  tone = 'plain',
  href,
  children,
}: {
  readonly words: string;
  readonly value: number;
  readonly tone?: Tone;
  readonly href?: string;
  readonly children?: ComponentChildren;
}) {
  return (
    <div class={`tile ${value === 0 ? 'plain' : tone}`}>
      <dt>{href === undefined ? words : <a href={href}>{words}</a>}</dt>
      <dd>
        <span class="figure-value">{numberText(value)}</span>
        {children && <span class="soft">{children}</span>}
      </dd>
    </div>
  );
}
