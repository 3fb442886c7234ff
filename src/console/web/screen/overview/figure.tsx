import { t } from '../../text/index.ts';

/** One box: its place, its words, its numeral. */
interface Box {
  readonly at: readonly [x: number, y: number, width: number, height: number];
  readonly words: string;
  readonly numeral: number;
}

function Part({ at: [x, y, width, height], words, numeral }: Box) {
  return (
    <g>
      <rect x={x} y={y} width={width} height={height} rx="3" />
      <text x={x + width / 2} y={y + height / 2 - 3}>
        {words}
      </text>
      <text x={x + width / 2} y={y + height / 2 + 14} class="numeral">
        {numeral}
      </text>
    </g>
  );
}

/** The patent's figure 1, for those who see it; the list beside it says the same. */
export function Figure() {
  const boxes: readonly Box[] = [
    { at: [20, 34, 150, 48], words: t('overview.part2'), numeral: 2 },
    { at: [20, 128, 170, 48], words: t('overview.part4'), numeral: 4 },
    { at: [230, 128, 90, 48], words: t('overview.part31'), numeral: 31 },
    { at: [420, 34, 110, 48], words: t('overview.part7'), numeral: 7 },
    { at: [420, 128, 110, 48], words: t('overview.part5'), numeral: 5 },
  ];
  return (
    <svg class="figure" viewBox="0 0 560 236" aria-hidden="true" focusable="false">
      <rect x="6" y="6" width="328" height="184" rx="6" class="outline" />
      <text x="322" y="26" class="end">
        {t('overview.handset')}
      </text>
      <path class="line" d="M95 82v46M190 152h40M475 82v46M275 190v22h200v-36" />
      <path class="channel" d="M170 58h105v70" />
      <text x="180" y="50" class="start channel-words">
        {t('overview.channel')}
      </text>
      <text x="554" y="230" class="end">
        {t('overview.network')}
      </text>
      {boxes.map((box) => (
        <Part key={box.numeral} {...box} />
      ))}
    </svg>
  );
}
