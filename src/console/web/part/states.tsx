import type { ComponentChildren } from 'preact';
import type { Problem } from '../api/client.ts';
import { type TextName, t } from '../text/index.ts';
import { Button } from './button.tsx';

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

const TITLES: Readonly<Record<Problem['code'], TextName>> = {
  'malformed-request': 'problem.malformed-request',
  'invalid-value': 'problem.invalid-value',
  'token-needed': 'problem.token-needed',
  'token-refused': 'problem.token-refused',
  'session-ended': 'problem.session-ended',
  'sign-in-refused': 'problem.sign-in-refused',
  'foreign-origin': 'problem.foreign-origin',
  'not-permitted': 'problem.not-permitted',
  'no-such-resource': 'problem.no-such-resource',
  'method-not-allowed': 'problem.method-not-allowed',
  'too-slow': 'problem.too-slow',
  conflict: 'problem.conflict',
  'change-refused': 'problem.change-refused',
  'too-large': 'problem.too-large',
  'unsupported-media-type': 'problem.unsupported-media-type',
  'wrong-host': 'problem.wrong-host',
  'unusable-file': 'problem.unusable-file',
  'rate-limited': 'problem.rate-limited',
  fault: 'problem.fault',
  unavailable: 'problem.unavailable',
  unreachable: 'problem.unreachable',
};

/** What went wrong, in a sentence. */
export const problemTitle = ({ code }: Problem): string => t(TITLES[code] ?? 'problem.other');

/** What went wrong, what was expected and what to do. The operator's own words are English. */
export function ProblemNote({ problem, onRetry }: { readonly problem: Problem; onRetry?(): void }) {
  return (
    <div class="note bad" role="alert">
      <p>
        <strong>{problemTitle(problem)}</strong>
      </p>
      <p lang="en" class="soft">
        {problem.detail}
      </p>
      {onRetry && <Button onClick={onRetry}>{t('part.tryAgain')}</Button>}
    </div>
  );
}
