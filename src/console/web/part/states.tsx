import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { Problem } from '../api/client.ts';
import { now, useNow } from '../clock.ts';
import { t } from '../text/index.ts';
import { Button } from './button.tsx';
import { placeWords, problemTitle, problemWords } from './problem-words.ts';

/** Something is on its way. */
export function Loading() {
  return (
    <p class="state" role="status">
      {t('part.loading')}…
    </p>
  );
}

/** There is nothing, and why, and what to do about it. */
export function Empty({ children }: { readonly children: ComponentChildren }) {
  return <p class="state">{children}</p>;
}

/** What went wrong, what it is about, and what to do: in the reader's language. */
export function ProblemNote({ problem, onRetry }: { readonly problem: Problem; onRetry?(): void }) {
  const place = placeWords(problem.at);
  const words = problemWords(problem);
  return (
    <div class="note bad" role="alert">
      <p>
        <strong>{problemTitle(problem)}</strong>
      </p>
      <p class="soft">{place === undefined ? words : t('part.aboutPlace', { place, words })}</p>
      {onRetry && <Retry key={String(now())} after={secondsOf(problem)} onRetry={onRetry} />}
    </div>
  );
}

const secondsOf = (problem: Problem): number => ('retryAfter' in problem ? (problem.retryAfter ?? 0) : 0);

/** The way to try again, once the operator wants to hear of it. */
function Retry({ after, onRetry }: { readonly after: number; onRetry(): void }) {
  const [from] = useState(now);
  const left = Math.ceil((from + after * 1000 - useNow(1000)) / 1000);
  return (
    <Button isDisabled={left > 0} onClick={onRetry}>
      {left > 0 ? t('part.tryAgainIn', { seconds: left }) : t('part.tryAgain')}
    </Button>
  );
}
