import { openStore, useStore } from '../store.ts';
import { t } from '../text/index.ts';
import type { Tone } from './badge.tsx';
import { Button } from './button.tsx';

interface Said {
  readonly number: number;
  readonly tone: Tone;
  readonly text: string;
}

const said = openStore<readonly Said[]>([]);
let number = 0;
/** More at once would hide the page. */
const MOST = 3;

/** Says something in passing, also to those who do not see it. It stays until it is closed: nobody reads at a set speed (WCAG 2.2.1). */
export function say(text: string, tone: Tone = 'plain'): void {
  number += 1;
  said.set([...said.get(), { number, tone, text }].slice(-MOST));
}

const forget = (one: number) => said.set(said.get().filter((other) => other.number !== one));

/** Where it is said; once in the page. */
export function Toasts() {
  const shown = useStore(said);
  return (
    <section class="toasts" aria-label={t('part.notifications')} aria-live="polite">
      {shown.map((one) => (
        <div key={one.number} class={`note ${one.tone}`}>
          <span>{one.text}</span>
          <Button kind="quiet" icon="close" label={t('part.close')} onClick={() => forget(one.number)} />
        </div>
      ))}
    </section>
  );
}
