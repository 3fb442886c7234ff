/** How far a scroll bar can be from the rows it stands for: browsers draw nothing taller than some ten million pixels. */
export interface Heights {
  /** Of all rows together, in pixels. */
  readonly rows: number;
  /** What of it is seen at a time. */
  readonly seen: number;
}

/** Where the view is: in the rows, and in the box that is scrolled. Both are the same while the rows are not too tall for a browser. */
export interface Scroll {
  /** Pixels of rows above what is seen. */
  readonly top: number;
  /** Pixels of the box above what is seen: its `scrollTop`. */
  readonly box: number;
}

/** Tallest box, in pixels; Chromium ends at 33.5 million, Firefox at 17.8. */
export const TALLEST_BOX = 8_000_000;

/** The height of the box. */
export const boxHeight = ({ rows, seen }: Heights): number => Math.max(seen, Math.min(rows, TALLEST_BOX));

const between = (value: number, most: number): number => Math.min(Math.max(0, value), Math.max(0, most));

/** Where the box is scrolled to when the rows are seen from `top` on. */
export function scrollTo(top: number, heights: Heights): Scroll {
  const [most, boxMost] = [heights.rows - heights.seen, boxHeight(heights) - heights.seen];
  const within = between(top, most);
  if (most <= boxMost) return { top: within, box: within };
  // The ends of the box are for the ends of the rows alone.
  const box = Math.round((within / most) * boxMost);
  return { top: within, box: Math.min(Math.max(box, within > 0 ? 1 : 0), within < most ? boxMost - 1 : boxMost) };
}

/** The view after the box was scrolled to `box`: a short way moves the rows as far; a long one, by the bar, to the same part of all rows. */
export function scrolled(before: Scroll, box: number, heights: Heights): Scroll {
  const [most, boxMost] = [heights.rows - heights.seen, boxHeight(heights) - heights.seen];
  if (most <= boxMost) return { top: between(box, most), box };
  const way = box - before.box;
  const top = Math.abs(way) > heights.seen ? (box / boxMost) * most : before.top + way;
  // At an end of the box, what is less than a view away from the end of the rows is gone to at once: no row is passed by unseen.
  if (box <= 0 && top <= heights.seen) return { top: 0, box };
  if (box >= boxMost && most - top <= heights.seen) return { top: most, box };
  return { top: between(top, most), box };
}

/** Whether the box cannot be scrolled on although rows follow: it has to be put where it belongs. */
export function isAtWrongEnd({ top, box }: Scroll, heights: Heights): boolean {
  const [most, boxMost] = [heights.rows - heights.seen, boxHeight(heights) - heights.seen];
  return (box <= 0 && top > 0) || (box >= boxMost && top < most);
}
