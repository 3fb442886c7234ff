import { Select } from '../part/field.tsx';
import { Icon } from '../part/icon.tsx';
import { useStore } from '../store.ts';
import { chooseLanguage, LANGUAGES, type Language, language, type TextName, t } from '../text/index.ts';
import { applyTheme, THEMES, type Theme, theme } from '../theme.ts';

const THEME_WORDS: Readonly<Record<Theme, TextName>> = {
  system: 'frame.themeSystem',
  light: 'frame.themeLight',
  dark: 'frame.themeDark',
};

const languageOptions: readonly (readonly [Language, string])[] = [
  ['en', LANGUAGES.en],
  ['fr', LANGUAGES.fr],
];

/** Language and theme, in a popover. */
export function Preferences() {
  const spoken = useStore(language);
  const chosen = useStore(theme);
  return (
    <>
      <button
        type="button"
        class="button quiet"
        popovertarget="preferences"
        title={t('frame.preferences')}
        aria-label={t('frame.preferences')}
      >
        <Icon name="settings" />
      </button>
      <div id="preferences" popover="auto" class="popover">
        <Select
          label={t('frame.language')}
          value={spoken}
          options={languageOptions}
          onChange={(one) => void chooseLanguage(one)}
        />
        <Select
          label={t('frame.theme')}
          value={chosen}
          options={THEMES.map((one) => [one, t(THEME_WORDS[one])] as const)}
          onChange={applyTheme}
        />
      </div>
    </>
  );
}
