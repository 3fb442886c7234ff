import type { Range, Sheet } from './types.ts';

const WIDTH = 16;

/** Octets in hexadecimal, sixteen in a line; those of `shown` stand out, those of `marked` are what was altered or did not hold. */
export function Octets({
  sheet,
  title,
  shown,
  marked,
}: {
  readonly sheet: Sheet;
  readonly title: string;
  readonly shown: Range | undefined;
  readonly marked: readonly Range[];
}) {
  const octets = sheet.octets.match(/../g) ?? [];
  const isIn = (range: Range | undefined, at: number) =>
    range !== undefined && range.sheet === sheet.id && at >= range.from && at < range.to;
  const lines = Array.from({ length: Math.ceil(octets.length / WIDTH) }, (_, line) => line * WIDTH);
  return (
    <pre class="octets" aria-label={title} role="img">
      {lines.map((begin) => (
        <span key={begin} class="octet-line">
          <span class="octet-at">{begin.toString(16).toUpperCase().padStart(2, '0')}</span>
          {octets.slice(begin, begin + WIDTH).map((octet, i) => {
            const at = begin + i;
            const look = [
              isIn(shown, at) ? 'shown' : '',
              marked.some((range) => isIn(range, at)) ? 'marked' : '',
            ].filter(Boolean);
            return (
              <span key={at} class={`octet ${look.join(' ')}`} data-at={at}>
                {octet}
              </span>
            );
          })}
        </span>
      ))}
    </pre>
  );
}
