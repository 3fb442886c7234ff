import { render } from 'preact';
import { App } from './app.tsx';
import './live.ts';
import { loadSession } from './session.ts';
import './style/tokens.css';
import './style/base.css';
import './style/frame.css';
import './style/part.css';
import { applyLanguage, language } from './text/index.ts';
import { applyTheme, theme } from './theme.ts';

applyTheme(theme.get());
// Both are on their way at once; nothing is drawn before there are words.
const asked = loadSession();
await applyLanguage(language.get());
const place = document.getElementById('page');
if (place === null) throw new Error('index.html has no element with the id page');
render(<App />, place);
await asked;
