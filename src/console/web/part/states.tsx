import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
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
  const since = useMemo(now, [problem]);
  return (
    <div class="note bad" role="alert">
      <div>
        <p>
          <strong>{problemTitle(problem)}</strong>
        </p>
        <p class="soft">{place === undefined ? words : t('part.aboutPlace', { place, words })}</p>
      </div>
      {onRetry && <Retry at={since + SECOND * secondsOf(problem)} onRetry={onRetry} />}
    </div>
  );
}

const SECOND = 1000;

const secondsOf = (problem: Problem): number => ('retryAfter' in problem ? (problem.retryAfter ?? 0) : 0);

/** The way to try again, once the operator wants to hear of it. */
function Retry({ at, onRetry }: { readonly at: number; onRetry(): void }) {
  const left = Math.ceil((at - useNow(SECOND)) / SECOND);
  return (
    <Button isDisabled={left > 0} onClick={onRetry}>
      {left > 0 ? t('part.tryAgainIn', { seconds: left }) : t('part.tryAgain')}
    </Button>
  );
}
