import { type Content, type Html, html } from './html.ts';
import { Identities } from './identities.ts';
import type { ApiSources } from './sources.ts';
import { STYLE } from './style.ts';
import { clusterView, eventView, findingView, orderView, statusView, subscriberView } from './view.ts';

const REFRESH_SECONDS = 5;
const ROWS = 50;
const MOST_CLUSTERS = 20;
const MOST_VERDICTS = 25;

/** The page is looked at over shoulders: it never shows a whole IMSI. */
const MASKED = new Identities({ subscribers: false, equipment: true });

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
    const { at, kind, subject, detail = {} } = eventView(entry, MASKED);
    const reasons = detail['reasons'];
    const imei = kind === 'check' ? subject : (textOf(detail['imei']) ?? 'none');
    return [
      clockTime(at),
      kind === 'check' ? 'network' : 'UICC report',
      html`<code>${imei}</code>`,
      textOf(detail['imsi']) ?? '',
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
  const rows = sources.subscribers.page('', ROWS).map((one) => {
    const { iccid, imsi, pairing, standing } = subscriberView(sources, one, MASKED);
    return [
      html`<code>${iccid}</code>`,
      imsi,
      sign(standing?.lockState),
      sign(standing?.level),
      html`<code>${standing?.provedImei ?? ''}</code>`,
      html`<code>${standing?.support ?? ''}</code>`,
      pairing,
      clockTime(standing?.lastReportAt),
    ];
  });
  const heads = ['ICCID', 'IMSI', 'Lock', 'Evidence', 'Proved IMEI', 'Storage support', 'Pairing', 'Last report'];
  return table('Subscribers', heads, rows, 'No UICC is issued yet.');
}

function clusterTable({ evidence }: ApiSources): Html {
  const rows = evidence.clusters(MOST_CLUSTERS).map((cluster) => {
    const { imei, genuine, claimants } = clusterView(cluster, MASKED);
    const shown = claimants
      .slice(0, 5)
      .map(({ imsi, level, isGenuine }) => html`<div>${imsi} ${sign(level)} ${isGenuine ? 'genuine' : ''}</div>`);
    return [
      html`<code>${imei}</code>`,
      claimants.length,
      genuine === undefined ? html`<span class="soft">not known</span>` : genuine,
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
  const rows = sources.gateway.outbox
    .newest(ROWS)
    .map(orderView)
    .map((order) => [
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
  const rows = sources.evidence
    .findings(ROWS)
    .map((finding) => findingView(finding, MASKED))
    .map(({ lastAt, kind, times, text }) => [clockTime(lastAt), kind, times, text]);
  return table('Findings', ['Last', 'Kind', 'Times', 'What'], rows, 'Nothing contradicts itself.');
}

/** The status page: plain HTML, made anew for each request. */
export function statusPage(sources: ApiSources): string {
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta http-equiv="refresh" content="${REFRESH_SECONDS}">
<title>Assay: operator</title><style>${STYLE}</style></head><body>
<header><h1>Assay <span class="soft">operator (5)</span></h1><p class="soft">As of ${clockTime(new Date(sources.clock.now()).toISOString())} UTC. The page renews itself every ${REFRESH_SECONDS} seconds. For programs: <a href="/api/v1/docs">/api/v1/docs</a></p></header>
<main>${health(sources)}${verdicts(sources)}${findingTable(sources)}${subscriberTable(sources)}${clusterTable(sources)}${listTable(sources)}${outboxTable(sources)}</main></body></html>`
    .markup;
}
