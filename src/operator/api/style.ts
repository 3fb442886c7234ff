import { digest } from '#base/crypto/index.ts';
import { Html } from './html.ts';

/** The look of every page: light and dark, no outside resource. */
export const STYLE = new Html(`
:root{color-scheme:light dark;--ground:#f6f7f9;--card:#fff;--ink:#16202c;--soft:#566373;--line:#dfe4ea;--good:#0f6b3c;--watch:#8a5300;--bad:#a5182a;--accent:#1d4f91}
@media(prefers-color-scheme:dark){:root{--ground:#10151c;--card:#19212b;--ink:#e8edf3;--soft:#9fb0c2;--line:#2c3846;--good:#6fd79d;--watch:#f2c14e;--bad:#ff8f96;--accent:#8fbcf5}}
*{box-sizing:border-box}body{margin:0;background:var(--ground);color:var(--ink);font:15px/1.5 system-ui,sans-serif}
header,main{max-width:76rem;margin:0 auto;padding:1.25rem}header{padding-bottom:0}h1{font-size:1.5rem;margin:0}h2{font-size:1.05rem;margin:0 0 .6rem}
p{margin:.2rem 0}.soft{color:var(--soft)}section{background:var(--card);border:1px solid var(--line);border-radius:.6rem;padding:1rem;margin:0 0 1rem;overflow-x:auto}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(9rem,1fr));gap:.75rem;margin:0 0 1rem}.tile{background:var(--card);border:1px solid var(--line);border-radius:.6rem;padding:.75rem 1rem}
.tile b{display:block;font-size:1.45rem;line-height:1.25}table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.35rem .8rem .35rem 0;border-bottom:1px solid var(--line);vertical-align:top}
th{color:var(--soft);font-weight:600;white-space:nowrap}tr:last-child td{border-bottom:0}code{font:13px ui-monospace,monospace}.good{color:var(--good)}.watch{color:var(--watch)}.bad{color:var(--bad)}
.good,.watch,.bad{font-weight:600;white-space:nowrap}.alarm{border-left:.35rem solid var(--bad)}a{color:var(--accent)}`);

/** How a content security policy names this style, and no other (CSP 3, 2.3.1). */
export const STYLE_SOURCE = `'sha256-${Buffer.from(digest('sha256', new TextEncoder().encode(STYLE.markup))).toString('base64')}'`;
