import { useEffect, useRef } from 'preact/hooks';
import type { StreamState } from '../api/stream.ts';
import { streamState } from '../live.ts';
import { Badge, type Tone } from '../part/badge.tsx';
import type { IconName } from '../part/icon.tsx';
import { say } from '../part/toast.tsx';
import { useStore } from '../store.ts';
import { type TextName, t } from '../text/index.ts';

const LOOKS: Readonly<Record<StreamState, readonly [tone: Tone, icon: IconName, words: TextName]>> = {
  connecting: ['plain', 'exchange', 'frame.connecting'],
  live: ['good', 'permitted', 'frame.live'],
  lost: ['bad', 'tracking', 'frame.lost'],
  paused: ['watch', 'pause', 'frame.paused'],
  refused: ['plain', 'lock', 'frame.refused'],
};

/** Whether what is seen is what is: in the bar. */
export function Connection() {
  const state = useStore(streamState);
  const wasLost = useRef(false);
  useEffect(() => {
    if (state === 'lost') wasLost.current = true;
    if (state !== 'live' || !wasLost.current) return;
    wasLost.current = false;
    say(t('frame.regained'), 'good');
  }, [state]);
  const [tone, icon, words] = LOOKS[state];
  return (
    <Badge tone={tone} icon={icon} title={t('frame.connection')}>
      {t(words)}
    </Badge>
  );
}

/** Says above the screen that the line is lost. */
export function LostLine() {
  const state = useStore(streamState);
  return (
    <div role="status" class="lost-line">
      {state === 'lost' ? <p class="note bad">{t('frame.lostLong')}</p> : null}
    </div>
  );
}
