import type { RefObject } from 'preact';
import { useEffect, useState } from 'preact/hooks';

/** Rows drawn above and below what is seen. */
const BEYOND = 8;

/** Which of many rows of one height are seen in a frame that scrolls: `first` is drawn, `last` no more. The row `at` is brought into view. */
export function useRowsInView(
  frame: RefObject<HTMLElement | null>,
  { rows, height, at }: { readonly rows: number; readonly height: number; readonly at: number },
): { readonly first: number; readonly last: number } {
  const [view, setView] = useState({ top: 0, size: 600 });
  useEffect(() => {
    const element = frame.current;
    if (element === null) return undefined;
    const look = () => setView({ top: element.scrollTop, size: element.clientHeight });
    const observer = new ResizeObserver(look);
    observer.observe(element);
    element.addEventListener('scroll', look, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', look);
    };
  }, []);
  useEffect(() => {
    const element = frame.current;
    if (element === null || at < 0) return;
    const top = at * height;
    if (top < element.scrollTop) element.scrollTop = top - height;
    else if (top + 2 * height > element.scrollTop + element.clientHeight)
      element.scrollTop = top + 2 * height - element.clientHeight;
  }, [at]);
  return {
    first: Math.max(0, Math.floor(view.top / height) - BEYOND),
    last: Math.min(rows, Math.ceil((view.top + view.size) / height) + BEYOND),
  };
}
