/** Drawings on a grid of 16, as paths of lines 1.5 wide. */
const PATHS = {
  overview: 'M2.5 2.5h4.5v4.5h-4.5zM9 2.5h4.5v4.5h-4.5zM2.5 9h4.5v4.5h-4.5zM9 9h4.5v4.5h-4.5z',
  exchange: 'M2 5h11M10 2l3 3-3 3M14 11H3M6 8l-3 3 3 3',
  device: 'M4 1.5h8v13H4zM7 12.5h2',
  list: 'M5.5 3.5h8.5M5.5 8h8.5M5.5 12.5h8.5M2 3.5h.5M2 8h.5M2 12.5h.5',
  duplicate: 'M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3',
  policy: 'M2 4.5h6M12 4.5h2M10 2.5v4M2 11.5h2M8 11.5h6M6 9.5v4',
  audit: 'M8 1.5l5.5 2v4c0 3.5-2.300 5.800-5.500 7-3.200-1.200-5.500-3.500-5.500-7v-4zM5.500 8l1.800 1.800 3.200-3.600',
  permitted: 'M2.500 8.500l3.500 3.500 7.500-8',
  tracking: 'M8 2.500l6 11h-12zM8 6.500v3M8 11.500v.2',
  prohibited: 'M4.500 4.500l7 7M11.500 4.500l-7 7M2 2h12v12h-12z',
  claimed: 'M5.500 6a2.500 2.500 0 1 1 3.500 2.300c-.7.3-1 .7-1 1.500M8 12.300v.2',
  waits: 'M4 2.500h8M4 13.500h8M5 2.500c0 3 6 4 6 5.500s-6 2.500-6 5.500M11 2.500c0 3-6 4-6 5.500s6 2.500 6 5.500',
  refuted: 'M3.500 3.500l9 9M12.500 3.500l-9 9',
  signed: 'M2 13.500h12M3.500 10.500l7-7 2 2-7 7h-2z',
  alarm: 'M8 2.500a4 4 0 0 1 4 4c0 3 1 4.500 1.500 5h-11c.5-.5 1.500-2 1.500-5a4 4 0 0 1 4-4zM6.500 13.500h3',
  search: 'M7 2.500a4.500 4.500 0 1 1 0 9 4.500 4.500 0 0 1 0-9zM10.500 10.500l3.500 3.500',
  copy: 'M5.500 5.500h8v8h-8zM10.500 5.500v-3h-8v8h3',
  close: 'M3.500 3.500l9 9M12.500 3.500l-9 9',
  play: 'M5 3l8 5-8 5z',
  pause: 'M5 3v10M11 3v10',
  next: 'M6 3l5 5-5 5',
  previous: 'M10 3l-5 5 5 5',
  settings: 'M2 4.500h6M12 4.500h2M10 2.500v4M2 11.500h2M8 11.500h6M6 9.500v4',
  lock: 'M3.500 7h9v6.500h-9zM5.500 7v-2a2.500 2.500 0 0 1 5 0v2',
} as const;

/** A drawing of the house. */
export type IconName = keyof typeof PATHS;

/** A drawing beside a word. It says nothing to those who do not see it: the word does. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
