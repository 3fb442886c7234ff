import { useEffect, useRef } from 'preact/hooks';
import { useAddress } from '../address.ts';
import { Toasts } from '../part/toast.tsx';
import { screenAt } from '../screen/all-screens.ts';
import { ScreenView } from '../screen/screen-view.tsx';
import { t } from '../text/index.ts';
import { LostLine } from './connection.tsx';
import { Rail } from './rail.tsx';
import { TopBar } from './top-bar.tsx';

/** What is around every screen: the rail, the bar, and the screen's own place. */
export function Frame() {
  const { path } = useAddress();
  const main = useRef<HTMLElement>(null);
  const screen = screenAt(path);
  const before = useRef(screen);
  useEffect(() => {
    // Who goes to another screen begins at its beginning, also by keyboard and by ear.
    if (before.current !== screen) main.current?.focus();
    before.current = screen;
  }, [screen]);
  return (
    <div class="frame">
      <a class="skip" href="#main">
        {t('frame.skip')}
      </a>
      <TopBar />
      <Rail current={screen} />
      <main id="main" tabIndex={-1} ref={main}>
        <LostLine />
        <ScreenView />
      </main>
      <Toasts />
    </div>
  );
}
