import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { t } from '../text/index.ts';

/** The heading of a screen, which is the window's title too; what acts on the whole screen stands beside it. */
export function ScreenHeading({ title, children }: { readonly title: string; readonly children?: ComponentChildren }) {
  useEffect(() => {
    document.title = `${title} · ${t('frame.title')}`;
  }, [title]);
  return (
    <header class="screen-heading">
      <h1>{title}</h1>
      {children}
    </header>
  );
}
