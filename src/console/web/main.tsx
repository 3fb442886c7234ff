import { render } from 'preact';
import { App } from './app.tsx';
import './live.ts';
import { screenAt } from './screen/all-screens.ts';
import { loadSession } from './session.ts';
import './style/tokens.css';
import './style/base.css';
import './style/frame.css';
import './style/part.css';
import { applyLanguage, language } from './text/index.ts';
import { applyTheme, theme } from './theme.ts';

applyTheme(theme.get());
// All three are on their way at once; nothing is drawn before there are words. A screen that does not come is told where it is shown.
const asked = loadSession();
screenAt(location.pathname)
  ?.load()
  .catch(() => {});
await applyLanguage(language.get());
const place = document.getElementById('page');
if (place === null) throw new Error('index.html has no element with the id page');
render(<App />, place);
await asked;
