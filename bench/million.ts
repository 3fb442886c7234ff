import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Operator, openOperator } from '#operator/index.ts';
import type { Bench, Row } from './measure.ts';
import { fill, namesOf } from './million-data.ts';

const MANY = 1_000_000;
const TIMES = 5;
/** A timer that is this late was held up by the question. */
const TICK = 2;

/** What is asked: a path, and a body where there is one. */
type Question = readonly [what: string, path: string, body?: unknown];

function questions(many: number): readonly Question[] {
  const { iccid, imsi, msisdn, imei } = namesOf(Math.floor(many / 2));
  const digits = String(imei).padStart(14, '0');
  const [lists, devices] = ['/api/v1/lists?list=black&limit=200', '/api/v1/devices?limit=100'];
  const rules = { select: {}, change: { gate: 'open' } };
  return [
    ['overview', '/api/v1/overview'],
    ['overview: an hour of checks', '/api/v1/overview/series'],
    ['status', '/api/v1/status'],
    ['metrics', '/metrics'],
    ['alarms', '/api/v1/alarms?limit=100'],
    ['alarms: how many of each', '/api/v1/alarms/counts'],
    ['duplicates', '/api/v1/clusters?limit=100'],
    ['duplicates: who uses one', `/api/v1/clusters/${String(namesOf(0).imei).padStart(14, '0')}/claimants`],
    ['devices', devices],
    ['devices: of one type', `${devices}&tac=${digits.slice(0, 8)}`],
    ['devices: with a finding', `${devices}&finding=lyingHandset`],
    ['devices: never reported', `${devices}&reported=never`],
    ['one device', `/api/v1/devices/${iccid}`],
    ['one device: what happened', `/api/v1/devices/${iccid}/timeline`],
    ['search: an IMEI', `/api/v1/search?q=${digits}`],
    ['search: 8 digits', `/api/v1/search?q=${digits.slice(0, 8)}`],
    ['search: an IMSI', `/api/v1/search?q=${imsi}`],
    ['search: 6 digits of IMSIs', `/api/v1/search?q=${imsi.slice(0, 6)}&identities=whole`],
    ['search: an MSISDN', `/api/v1/search?q=%2B${msisdn}`],
    ['search: 6 digits of ICCIDs', `/api/v1/search?q=${iccid.slice(0, 6)}`],
    ['list: first rows', lists],
    ['list: row 500,000', `${lists}&row=${many / 2}`],
    ['list: the last row', `${lists}&row=${many}`],
    ['list: three of a source', `${lists}&source=police`],
    ['list: one case', `${lists}&caseReference=K-1`],
    ['storage supports', '/api/v1/supports'],
    ['UICCs', '/api/v1/subscribers?limit=100'],
    ['orders', '/api/v1/outbox?limit=100'],
    ['log', '/api/v1/audit?limit=100'],
    ['log: of one author and kind', '/api/v1/audit?author=person%203&kind=list&limit=100'],
    ['log: checked whole', '/api/v1/audit/verification'],
    ['policy: what would change', '/api/v1/policies/preview', rules],
    ['setting: what would change', '/api/v1/settings/mode/preview', { value: 'track' }],
    ['all about a subscriber', '/api/v1/subject-exports', { identity: 'imsi', digits: imsi, reason: 'bench' }],
    ['all about a handset', '/api/v1/subject-exports', { identity: 'imei', digits, reason: 'bench' }],
  ];
}

interface Asked {
  readonly first: number;
  readonly again: number;
  readonly octets: number;
  readonly stall: number;
}

/** The longest time that nothing else in this process got its turn. */
function watchStalls(): () => number {
  let [before, worst] = [performance.now(), 0];
  const timer = setInterval(() => {
    const now = performance.now();
    worst = Math.max(worst, now - before - TICK);
    before = now;
  }, TICK);
  return () => {
    clearInterval(timer);
    return Math.max(worst, performance.now() - before - TICK);
  };
}

async function asked(url: URL, token: string, [what, path, body]: Question): Promise<Asked> {
  const times: number[] = [];
  let octets = 0;
  const stall = watchStalls();
  for (let time = 0; time <= TIMES; time++) {
    const begun = performance.now();
    const answer = await fetch(new URL(path, url), {
      headers: { Authorization: `Bearer ${token}`, ...(body !== undefined && { 'Content-Type': 'application/json' }) },
      ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${what}: ${path}: ${answer.status} ${await answer.text()}`);
    octets = (await answer.arrayBuffer()).byteLength;
    times.push(performance.now() - begun);
  }
  const [first = 0, ...others] = times;
  return { first, again: others.toSorted((a, b) => a - b)[TIMES >> 1] ?? 0, octets, stall: stall() };
}

const milliseconds = (time: number) => (time < 10 ? time.toFixed(1) : time.toFixed(0));

async function askAll(operator: Operator): Promise<readonly Row[]> {
  const order = { name: 'bench', role: 'administrator', author: 'bench', reason: 'bench' } as const;
  const { token } = operator.access.create(order);
  const { url } = await operator.api.listen({ port: 0 });
  const rows: Row[] = [];
  for (const question of questions(MANY)) {
    const { first, again, octets, stall } = await asked(new URL(url), token, question);
    const result = `first ${milliseconds(first)} ms, then ${milliseconds(again)} ms, ${(octets / 1000).toFixed(1)} kB; nothing else for ${milliseconds(stall)} ms`;
    rows.push({ what: question[0], result });
  }
  return rows;
}

/** What the console asks, of an operator with a million of everything. */
export const million: Bench = {
  name: 'million',
  what: 'what the console asks at a million UICCs, reports, orders, alarms and entries in SQLite, and how long each answer holds up all others',
  async run() {
    const dataDirectory = mkdtempSync(join(tmpdir(), 'assay-bench-million-'));
    const operator = openOperator({ dataDirectory });
    try {
      fill(operator, MANY);
      return await askAll(operator);
    } finally {
      await operator.close();
      rmSync(dataDirectory, { recursive: true, force: true });
    }
  },
};
