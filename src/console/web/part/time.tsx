import { useNow } from '../clock.ts';
import { ageText, timeText } from '../text/index.ts';

/** A moment, in the zone of this machine; the exact one in UTC is its tooltip. */
export function Time({ at }: { readonly at: string | undefined }) {
  if (at === undefined) return null;
  return (
    <time dateTime={at} title={at}>
      {timeText(at)}
    </time>
  );
}

const TICK = 1000;

/** How long ago a moment was; it goes on by itself. */
export function Age({ at }: { readonly at: string | undefined }) {
  const now = useNow(TICK);
  if (at === undefined) return null;
  return (
    <time dateTime={at} title={timeText(at)}>
      {ageText(at, now)}
    </time>
  );
}
