import { type Content, Html, html } from './html.ts';
import {
  type ApiSources,
  clusterView,
  eventView,
  findingsView,
  outboxView,
  statusView,
  subscribersView,
} from './view.ts';

const REFRESH_SECONDS = 5;
const ROWS = new URLSearchParams({ limit: '50' });
const MOST_CLUSTERS = 20;
const MOST_VERDICTS = 25;

const STYLE = new Html(`
:root{color-scheme:light dark;--ground:#f6f7f9;--card:#fff;--ink:#16202c;--soft:#566373;--line:#dfe4ea;--good:#0f6b3c;--watch:#8a5300;--bad:#a5182a;--accent:#1d4f91}
@media(prefers-color-scheme:dark){:root{--ground:#10151c;--card:#19212b;--ink:#e8edf3;--soft:#9fb0c2;--line:#2c3846;--good:#6fd79d;--watch:#f2c14e;--bad:#ff8f96;--accent:#8fbcf5}}
*{box-sizing:border-box}body{margin:0;background:var(--ground);color:var(--ink);font:15px/1.5 system-ui,sans-serif}
header,main{max-width:76rem;margin:0 auto;padding:1.25rem}header{padding-bottom:0}h1{font-size:1.5rem;margin:0}h2{font-size:1.05rem;margin:0 0 .6rem}
p{margin:.2rem 0}.soft{color:var(--soft)}section{background:var(--card);border:1px solid var(--line);border-radius:.6rem;padding:1rem;margin:0 0 1rem;overflow-x:auto}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(9rem,1fr));gap:.75rem;margin:0 0 1rem}.tile{background:var(--card);border:1px solid var(--line);border-radius:.6rem;padding:.75rem 1rem}
.tile b{display:block;font-size:1.45rem;line-height:1.25}table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.35rem .8rem .35rem 0;border-bottom:1px solid var(--line);vertical-align:top}
th{color:var(--soft);font-weight:600;white-space:nowrap}tr:last-child td{border-bottom:0}code{font:13px ui-monospace,monospace}.good{color:var(--good)}.watch{color:var(--watch)}.bad{color:var(--bad)}
.good,.watch,.bad{font-weight:600;white-space:nowrap}.alarm{border-left:.35rem solid var(--bad)}a{color:var(--accent)}`);

/** Colour, sign and word together: none of them alone carries the meaning (WCAG 1.4.1). */
const SIGNS: Readonly<Record<string, readonly [style: string, sign: string, word?: string]>> = {
  permitted: ['good', '●', 'Permitted'],
  permit: ['good', '●', 'Permitted'],
  unblock: ['good', '●', 'Unblocked'],
  tracking: ['watch', '▲', 'Tracking'],
  track: ['watch', '▲', 'Tracking'],
  prohibited: ['bad', '■', 'Prohibited'],
  block: ['bad', '■', 'Blocked'],
  stopKeys: ['bad', '■', 'Keys stopped'],
  attested: ['good', '✔'],
  'attested-static': ['good', '✔'],
  signed: ['watch', '▲'],
  claimed: ['watch', '?'],
  refuted: ['bad', '✘'],
  enabled: ['good', '●'],
  tracked: ['watch', '▲'],
  blockedLocally: ['bad', '■', 'blocked by the UICC'],
  blockedByOperator: ['bad', '■', 'blocked by the operator'],
  keysStopped: ['bad', '■', 'keys stopped'],
  acknowledged: ['good', '✔'],
  failed: ['bad', '✘'],
};

function sign(name: string | undefined): Content {
  if (name === undefined) return html`<span class="soft">unknown</span>`;
  const known = SIGNS[name];
  if (known === undefined) return name;
  return html`<span class="${known[0]}">${known[1]} ${known[2] ?? name}</span>`;
}

/** Network and last three digits: enough to tell two apart, not to use. */
function masked(imsi: string | undefined): string {
  return imsi === undefined ? '' : `${imsi.slice(0, 5)}…${imsi.slice(-3)}`;
}

const clockTime = (iso: string | undefined) => (iso === undefined ? '' : iso.replace('T', ' ').slice(0, 19));

function table(caption: string, heads: readonly string[], rows: readonly (readonly Content[])[], empty: string): Html {
  if (rows.length === 0) return html`<section><h2>${caption}</h2><p class="soft">${empty}</p></section>`;
  return html`<section><h2>${caption}</h2><table aria-label="${caption}"><thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${row.map((cell) => html`<td>${cell}</td>`)}</tr>`)}</tbody></table></section>`;
}

const tile = (value: Content, words: string) => html`<div class="tile"><b>${value}</b>${words}</div>`;

function health(sources: ApiSources): Html {
  const { mode, smsc, problem, subscribers, levels, outbox } = statusView(sources);
  const waiting = (outbox.queued ?? 0) + (outbox.built ?? 0) + (outbox.sent ?? 0);
  const alarm =
    problem === undefined
      ? undefined
      : html`<section class="alarm" role="alert"><h2>Trouble</h2><p>${problem}</p></section>`;
  return html`${alarm}<div class="tiles">${tile(mode, 'register mode')}${tile(subscribers, 'UICCs issued')}
${tile((levels.attested ?? 0) + (levels['attested-static'] ?? 0), 'attested')}${tile(levels.claimed ?? 0, 'claimed only')}${tile(levels.refuted ?? 0, 'refuted')}
${tile(waiting, 'orders under way')}${tile(outbox.failed ?? 0, 'orders failed')}${tile(smsc, 'SMSC')}</div>`;
}

function verdicts({ audit }: ApiSources): Html {
  const found = [...audit.newest(MOST_VERDICTS, 'report'), ...audit.newest(MOST_VERDICTS, 'check')].toSorted(
    (a, b) => b.id - a.id,
  );
  const textOf = (value: unknown) => (typeof value === 'string' ? value : undefined);
  const rows = found.slice(0, MOST_VERDICTS).map((entry) => {
    const { at, kind, subject, detail = {} } = eventView(entry);
    const reasons = detail['reasons'];
    const imei = kind === 'check' ? subject : (textOf(detail['imei']) ?? 'none');
    return [
      clockTime(at),
      kind === 'check' ? 'network' : 'UICC report',
      html`<code>${imei}</code>`,
      masked(textOf(detail['imsi'])),
      sign(textOf(detail['order']) ?? textOf(detail['status'])),
      sign(textOf(detail['level']) ?? textOf(detail['evidence'])),
      Array.isArray(reasons) ? reasons.join(' ') : '',
    ];
  });
  return table(
    'Verdicts',
    ['Time', 'Asked by', 'IMEI', 'IMSI', 'Verdict', 'Evidence', 'Why'],
    rows,
    'No handset was judged yet.',
  );
}

function subscriberTable(sources: ApiSources): Html {
  const rows = subscribersView(sources, ROWS).subscribers.map(({ iccid, imsi, pairing, standing }) => [
    html`<code>${iccid}</code>`,
    masked(imsi),
    sign(standing?.lockState),
    sign(standing?.level),
    html`<code>${standing?.provedImei ?? ''}</code>`,
    html`<code>${standing?.support ?? ''}</code>`,
    pairing,
    clockTime(standing?.lastReportAt),
  ]);
  const heads = ['ICCID', 'IMSI', 'Lock', 'Evidence', 'Proved IMEI', 'Storage support', 'Pairing', 'Last report'];
  return table('Subscribers', heads, rows, 'No UICC is issued yet.');
}

function clusterTable({ evidence }: ApiSources): Html {
  const rows = evidence.clusters(MOST_CLUSTERS).map((cluster) => {
    const { imei, genuine, claimants } = clusterView(cluster);
    const shown = claimants
      .slice(0, 5)
      .map(
        ({ imsi, level, isGenuine }) => html`<div>${masked(imsi)} ${sign(level)} ${isGenuine ? 'genuine' : ''}</div>`,
      );
    return [
      html`<code>${imei}</code>`,
      claimants.length,
      genuine === undefined ? html`<span class="soft">not known</span>` : masked(genuine),
      shown,
    ];
  });
  return table(
    'IMEIs used by several subscribers',
    ['IMEI', 'Subscribers', 'Genuine', 'Seen'],
    rows,
    'No IMEI is used by two subscribers.',
  );
}

function listTable({ register }: ApiSources): Html {
  const words = { black: 'Prohibited (black)', grey: 'Tracking (grey)', white: 'Permitted (white)' };
  const rows = register.lists.counts().map(({ list, entries, expired }) => [words[list], entries, expired]);
  return table('Lists', ['List', 'Entries', 'of these expired'], rows, '');
}

function outboxTable(sources: ApiSources): Html {
  const rows = outboxView(sources, ROWS).orders.map((order) => [
    order.id,
    clockTime(order.at),
    html`<code>${order.iccid}</code>`,
    sign(order.order),
    sign(order.state),
    order.counter ?? '',
    order.attempts,
    order.reason,
    order.outcome,
  ]);
  return table(
    'Orders to UICCs',
    ['No.', 'Time', 'ICCID', 'Order', 'State', 'Counter', 'Attempts', 'Reason', 'Outcome'],
    rows,
    'No order was given yet.',
  );
}

function findingTable(sources: ApiSources): Html {
  const rows = findingsView(sources, ROWS).findings.map(({ lastAt, kind, times, text }) => [
    clockTime(lastAt),
    kind,
    times,
    text,
  ]);
  return table('Findings', ['Last', 'Kind', 'Times', 'What'], rows, 'Nothing contradicts itself.');
}

/** The status page: plain HTML, made anew for each request. */
export function statusPage(sources: ApiSources): string {
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta http-equiv="refresh" content="${REFRESH_SECONDS}">
<title>Assay: operator</title><style>${STYLE}</style></head><body>
<header><h1>Assay <span class="soft">operator (5)</span></h1><p class="soft">As of ${clockTime(new Date(sources.clock.now()).toISOString())} UTC. The page renews itself every ${REFRESH_SECONDS} seconds. For programs: <a href="/api/v1/status">/api/v1/status</a></p></header>
<main>${health(sources)}${verdicts(sources)}${findingTable(sources)}${subscriberTable(sources)}${clusterTable(sources)}${listTable(sources)}${outboxTable(sources)}</main></body></html>`
    .markup;
}
