import { useEffect, useState } from 'preact/hooks';

/** The one place where the page asks what time it is: milliseconds since 1970. */
export const now = (): number => Date.now();

/** What time it is, drawn again every `milliseconds`: for ages. */
export function useNow(milliseconds: number): number {
  const [time, setTime] = useState(now);
  useEffect(() => {
    const timer = setInterval(() => setTime(now()), milliseconds);
    return () => clearInterval(timer);
  }, [milliseconds]);
  return time;
}
