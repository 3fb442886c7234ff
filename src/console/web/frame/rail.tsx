import { Icon } from '../part/icon.tsx';
import { SCREENS, type Screen } from '../screen/all-screens.ts';
import { may } from '../session.ts';
import { t } from '../text/index.ts';

/** The way to every screen. */
export function Rail({ current }: { readonly current: Screen | undefined }) {
  const shown = SCREENS.filter(({ needs }) => needs === undefined || may(needs));
  return (
    <nav class="rail" aria-label={t('frame.screens')}>
      <ul>
        {shown.map((screen) => (
          <li key={screen.path}>
            <a href={screen.path} aria-current={screen === current ? 'page' : undefined}>
              <Icon name={screen.icon} />
              <span>{t(screen.title)}</span>
            </a>
          </li>
        ))}
      </ul>
      <p>
        <a href="/api/v1/docs">{t('frame.documentation')}</a>
      </p>
    </nav>
  );
}
