import { useEffect, useState } from 'preact/hooks';
import { Button } from '../../part/button.tsx';
import { Select } from '../../part/field.tsx';
import { t } from '../../text/index.ts';
import type { Hop } from './types.ts';

const SPEEDS = ['0.5', '1', '2', '5', '10'] as const;
const SECOND = 1000;

/** Plays the hops one after the other, or steps from one to the next. Nothing plays by itself: it is begun here, and stops at the end. */
export function Playback({
  hops,
  selected,
  onSelect,
}: {
  readonly hops: readonly Hop[];
  readonly selected: number | undefined;
  onSelect(hop: Hop): void;
}) {
  const [isPlaying, setPlaying] = useState(false);
  const [speed, setSpeed] = useState<(typeof SPEEDS)[number]>('2');
  const at = hops.findIndex(({ number }) => number === selected);
  const next = hops[at + 1];
  const previous = at > 0 ? hops[at - 1] : undefined;
  useEffect(() => {
    if (!isPlaying) return undefined;
    if (next === undefined) {
      setPlaying(false);
      return undefined;
    }
    const timer = setTimeout(() => onSelect(next), SECOND / Number(speed));
    return () => clearTimeout(timer);
  }, [isPlaying, next?.number, speed]);
  const toggle = () => {
    const first = hops[0];
    // Played to its end, it begins again.
    if (!isPlaying && next === undefined && first !== undefined) onSelect(first);
    setPlaying(!isPlaying);
  };
  return (
    <section class="playback" aria-label={t('live.playback')}>
      <Button
        icon="previous"
        label={t('live.stepBack')}
        isDisabled={!previous}
        onClick={() => previous && onSelect(previous)}
      />
      <Button icon={isPlaying ? 'pause' : 'play'} isDisabled={hops.length === 0} onClick={toggle}>
        {t(isPlaying ? 'live.pause' : 'live.play')}
      </Button>
      <Button icon="next" label={t('live.stepOn')} isDisabled={!next} onClick={() => next && onSelect(next)} />
      <Select<(typeof SPEEDS)[number]>
        label={t('live.speed')}
        value={speed}
        options={SPEEDS.map((one) => [one, t('live.hopsPerSecond', { count: Number(one) })])}
        onChange={setSpeed}
      />
    </section>
  );
}
