import { useState } from 'preact/hooks';
import { useAddress } from '../address.ts';
import { useRead } from '../api/use-read.ts';
import { Badge, type Tone } from '../part/badge.tsx';
import { Button } from '../part/button.tsx';
import { Icon, type IconName } from '../part/icon.tsx';
import { type TextName, t } from '../text/index.ts';
import { Connection } from './connection.tsx';
import { Preferences } from './preferences.tsx';
import { You } from './you.tsx';

const STATUS_MILLISECONDS = 10_000;

type Mode = 'enforce' | 'track' | 'off';
const MODES: Readonly<Record<Mode, readonly [tone: Tone, icon: IconName, words: TextName, why: TextName]>> = {
  enforce: ['good', 'audit', 'frame.modeEnforce', 'frame.modeEnforceWhy'],
  track: ['watch', 'tracking', 'frame.modeTrack', 'frame.modeTrackWhy'],
  off: ['bad', 'refuted', 'frame.modeOff', 'frame.modeOffWhy'],
};

/** How the register acts, always in sight: a register that is off looks like one that permits. */
function ModeBadge() {
  const { value } = useRead('/api/v1/status', {}, STATUS_MILLISECONDS);
  if (value === undefined) return null;
  const [tone, icon, words, why] = MODES[value.mode];
  return (
    <Badge tone={tone} icon={icon} title={t(why)}>
      <span class="soft">{t('frame.mode')}</span> {t(words)}
    </Badge>
  );
}

/** The one search box: whatever identifies a handset, a card or a subscriber. */
function Search() {
  const { query, goTo } = useAddress();
  const [text, setText] = useState(query['search'] ?? '');
  return (
    <search>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (text.trim() !== '') goTo('/devices', { search: text.trim() });
        }}
      >
        <label class="unseen" for="search">
          {t('frame.search')}
        </label>
        <input
          id="search"
          type="search"
          autocomplete="off"
          placeholder={t('frame.searchHint')}
          value={text}
          onInput={({ currentTarget }) => setText(currentTarget.value)}
        />
        <Button type="submit" kind="quiet" icon="search" label={t('frame.search')} />
      </form>
    </search>
  );
}

/** The bar above every screen. */
export function TopBar() {
  return (
    <header class="top-bar">
      <a class="name" href="/">
        <Icon name="device" />
        {t('frame.title')}
      </a>
      <Search />
      <div class="states">
        <ModeBadge />
        <Connection />
        <Preferences />
        <You />
      </div>
    </header>
  );
}
