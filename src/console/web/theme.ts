import { keep, kept } from './kept.ts';
import { openStore } from './store.ts';

/** Light, dark, or what the machine says. */
export const THEMES = ['system', 'light', 'dark'] as const;
/** One of them. */
export type Theme = (typeof THEMES)[number];

const isTheme = (text: string | undefined): text is Theme => THEMES.some((theme) => theme === text);

const first = kept('theme');
/** The theme in use. */
export const theme = openStore<Theme>(isTheme(first) ? first : 'system');

/** Shows the page so: all colours follow from `color-scheme`, see style/tokens.css. */
export function applyTheme(chosen: Theme): void {
  theme.set(chosen);
  keep('theme', chosen === 'system' ? undefined : chosen);
  if (chosen === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = chosen;
}
