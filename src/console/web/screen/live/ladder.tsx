import { useId, useRef } from 'preact/hooks';
import { t } from '../../text/index.ts';
import { useRowsInView } from './rows-in-view.ts';
import type { Hop } from './types.ts';
import { columnOf, hopText, type Party, partyText, resultText } from './words.ts';

/** Height of a row in pixels: rows are drawn only where they are seen, so their place is computed. */
const ROW = 34;
/** Rows that Page Up and Page Down pass over. */
const PAGE = 10;

/** Hops as arrows between parties, one below the other. Arrow keys go from hop to hop. */
export function Ladder({
  hops,
  parties,
  selected,
  onSelect,
}: {
  readonly hops: readonly Hop[];
  /** The columns, in their order. */
  readonly parties: readonly Party[];
  readonly selected: number | undefined;
  onSelect(hop: Hop): void;
}) {
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const at = hops.findIndex(({ number }) => number === selected);
  const { first, last } = useRowsInView(scroller, { rows: hops.length, height: ROW, at });
  // What the keyboard is on has to be in the document, wherever it is.
  const drawn = hops.slice(first, last).map((hop, i) => [first + i, hop] as const);
  const current = hops[at];
  if (current !== undefined && (at < first || at >= last)) drawn.push([at, current]);
  return (
    <div class="ladder" style={{ '--parties': parties.length }}>
      <Parties parties={parties} />
      <div
        class="ladder-rows"
        ref={scroller}
        role="listbox"
        tabIndex={0}
        aria-label={t('live.hops')}
        aria-activedescendant={current && `${id}-${current.number}`}
        onKeyDown={(event) => {
          const to = targetOf(event.key, at, hops.length);
          const hop = to === undefined ? undefined : hops[to];
          if (hop === undefined) return;
          event.preventDefault();
          onSelect(hop);
        }}
      >
        <div class="ladder-ground" role="presentation" style={{ blockSize: `${hops.length * ROW}px` }}>
          {drawn.map(([row, hop]) => (
            <Arrow
              key={hop.number}
              id={`${id}-${hop.number}`}
              hop={hop}
              parties={parties}
              row={row}
              of={hops.length}
              isFirstOfStep={hop.step !== undefined && hops[row - 1]?.step !== hop.step}
              isSelected={hop.number === selected}
              onSelect={onSelect}
            />
          ))}
        </div>
      </div>
    </div>
  );
}

/** The row that a key leads to. */
function targetOf(key: string, at: number, length: number): number | undefined {
  switch (key) {
    case 'ArrowDown':
      return Math.min(length - 1, at + 1);
    case 'ArrowUp':
      return Math.max(0, at - 1);
    case 'PageDown':
      return Math.min(length - 1, at + PAGE);
    case 'PageUp':
      return Math.max(0, at - PAGE);
    case 'Home':
      return 0;
    case 'End':
      return length - 1;
    default:
      return undefined;
  }
}

function Parties({ parties }: { readonly parties: readonly Party[] }) {
  return (
    <div class="ladder-head" aria-hidden="true">
      <span class="ladder-step" />
      <div class="ladder-parties">
        {parties.map((party) => (
          <span key={party}>{partyText(party)}</span>
        ))}
      </div>
    </div>
  );
}

function Arrow({
  id,
  hop,
  parties,
  row,
  of,
  isFirstOfStep,
  isSelected,
  onSelect,
}: {
  readonly id: string;
  readonly hop: Hop;
  readonly parties: readonly Party[];
  readonly row: number;
  readonly of: number;
  readonly isFirstOfStep: boolean;
  readonly isSelected: boolean;
  onSelect(hop: Hop): void;
}) {
  const [from, to] = [columnOf(parties, hop.from), columnOf(parties, hop.to)];
  const [low, high] = [Math.min(from, to), Math.max(from, to)];
  const look = [
    'hop',
    hop.step === undefined ? '' : `step-${hop.step}`,
    hop.isAltered || hop.name.startsWith('DROPPED') ? 'bad' : '',
    hop.isStory ? '' : 'routine',
    from < to ? 'forth' : from > to ? 'back' : 'here',
    // Words grow to the side on which there is room.
    low >= parties.length / 2 ? 'words-end' : '',
  ]
    .filter((one) => one !== '')
    .join(' ');
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the listbox has the focus and names its active option (aria-activedescendant)
    // biome-ignore lint/a11y/useKeyWithClickEvents: the listbox takes the keys
    <div
      id={id}
      role="option"
      aria-selected={isSelected}
      aria-setsize={of}
      aria-posinset={row + 1}
      class={look}
      style={{ insetBlockStart: `${row * ROW}px`, '--low': low, '--span': high - low }}
      onClick={() => onSelect(hop)}
    >
      <span class="ladder-step">{isFirstOfStep ? hop.step : ''}</span>
      <span class="hop-field">
        <span class="hop-words">
          <span class="unseen">{t('live.hopText', { from: partyText(hop.from), to: partyText(hop.to) })}</span>
          {hopText(hop)}
          {hop.isAltered && <strong> {t('live.altered')}</strong>}
          {resultText(hop) !== '' && <span class="soft"> {resultText(hop)}</span>}
        </span>
        <span class="hop-line" />
      </span>
    </div>
  );
}
