import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useAddress } from '../address.ts';
import { Button } from '../part/button.tsx';
import { Loading } from '../part/states.tsx';
import { t } from '../text/index.ts';
import { type Screen, screenAt } from './all-screens.ts';
import { ScreenHeading } from './screen-heading.tsx';

type Loaded =
  | { readonly of: Screen; readonly Component: ComponentType }
  | { readonly of: Screen; readonly Component: undefined };

/** The screen of the address, loaded when it is needed; or that there is none. */
export function ScreenView() {
  const { path } = useAddress();
  const screen = screenAt(path);
  const [loaded, setLoaded] = useState<Loaded>();
  useEffect(() => {
    if (screen === undefined) return undefined;
    let isGone = false;
    const show = (found: Loaded) => {
      if (!isGone) setLoaded(found);
    };
    screen.load().then(
      (module) => show({ of: screen, Component: module.default }),
      () => show({ of: screen, Component: undefined }),
    );
    return () => {
      isGone = true;
    };
  }, [screen]);
  if (screen === undefined) return <NotFound path={path} />;
  if (loaded?.of !== screen) return <Loading />;
  return loaded.Component === undefined ? <NotLoaded /> : <loaded.Component />;
}

/** An address that nothing has. */
function NotFound({ path }: { readonly path: string }) {
  return (
    <>
      <ScreenHeading title={t('frame.notFoundTitle')} />
      <p>{t('frame.notFoundText', { path })}</p>
      <p>
        <a href="/">{t('frame.toOverview')}</a>
      </p>
    </>
  );
}

function NotLoaded() {
  return (
    <>
      <ScreenHeading title={t('frame.screenFailed')} />
      <p>{t('frame.screenFailedText')}</p>
      <Button kind="primary" onClick={() => location.reload()}>
        {t('frame.reload')}
      </Button>
    </>
  );
}
