import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Imei, Imsi, Tac } from '#base/identity/index.ts';
import { systemClock, systemRandom } from '#base/port/index.ts';
import { type Operator, openOperator } from '#operator/index.ts';
import {
  answering,
  type EquipmentAnswer,
  type EquipmentQuestion,
  ImageLoader,
  RegisterImage,
  rangeOfTac,
  ruleOfPlain,
} from '#operator/register/index.ts';
import { isThere, startScript } from './child.ts';
import { chance, equipmentNumbers } from './equipment-numbers.ts';
import { type Bench, perSecond, type Row, rates, times } from './measure.ts';

const ENTRIES = 1_000_000;
const SUBSCRIBERS = 100_000;
const CONTESTED = 10_000;
const QUESTIONS = 100_000;
const STEP = 1000;
const REQUESTS = 200_000;
const ROWS_TOGETHER = 10_000;
/** Of types that no list names. */
const UNLISTED = 86_000_000_000_000;
const PROVED = 87_000_000_000_000;
const RANGE_TAC = '88000000';
const HOUR = 3_600_000;

const KINDS = ['nothing known', 'on the black list', 'in a range', 'proved by its UICC', 'contested'] as const;
type Kind = (typeof KINDS)[number];

/** What each kind is answered, so that a wrong answer is not taken for a quick one. */
const EXPECTED: Readonly<Record<Kind, string>> = {
  'nothing known': 'permitted',
  'on the black list': 'prohibited',
  'in a range': 'prohibited',
  'proved by its UICC': 'permitted',
  contested: 'prohibited',
};

const subscriber = (number: number) => `00101${String(number).padStart(10, '0')}`;

function* together<T>(count: number, row: (i: number) => T): Generator<readonly T[]> {
  for (let from = 0; from < count; from += ROWS_TOGETHER)
    yield Array.from({ length: Math.min(ROWS_TOGETHER, count - from) }, (_, i) => row(from + i));
}

/** A register as a country's might be: a million listed, a range, subscribers of whom some are seen with another handset than they prove. */
function fill({ database, register }: Operator, listed: Float64Array, now: number): void {
  const put = (table: string, columns: readonly string[], count: number, row: (i: number) => (string | number)[]) => {
    for (const rows of together(count, row)) database.copyIn(table, columns, rows);
  };
  const entry = ['imei', 'list', 'source', 'reason', 'note', 'case_reference', 'author', 'added_at'];
  put('list_entry', entry, listed.length, (i) => [listed[i]!, 'black', 'bench', 'stolen', '', '', 'bench', now]);
  const state = [
    'imsi',
    'iccid',
    'last_report_at',
    'level',
    'result',
    'reason',
    'lock_state',
    'proved_imei',
    'unanswered',
  ];
  put('uicc_state', state, SUBSCRIBERS, (i) => [
    ...[subscriber(i), `8988211${String(i).padStart(12, '0')}`, now - HOUR, 'scp03', 'proved', 'none', 'open'],
    ...[PROVED + i, 0],
  ]);
  const seen = ['imei', 'imsi', 'first_at', 'last_at', 'times', 'contested_at', 'level'];
  put('observation', seen, CONTESTED, (i) => [UNLISTED + i, subscriber(i), now - HOUR, now, 1, now - HOUR, 'claimed']);
  register.ranges.add({ ...rangeOfTac(Tac.parse(RANGE_TAC)), list: 'black', reason: 'other', author: 'bench' });
}

/** What is asked about each kind: so many different questions. */
function questionsOf(kind: Kind, listed: Float64Array): readonly EquipmentQuestion[] {
  const next = chance(17);
  const about: Readonly<Record<Kind, (i: number) => readonly [equipment: number, subscriber: number]>> = {
    'nothing known': (i) => [UNLISTED + Math.floor(next() * 1e9), SUBSCRIBERS + i],
    'on the black list': (i) => [listed[Math.floor(next() * listed.length)]!, SUBSCRIBERS + i],
    'in a range': (i) => [Number(RANGE_TAC) * 1e6 + Math.floor(next() * 1e6), SUBSCRIBERS + i],
    'proved by its UICC': (i) => [PROVED + (i % SUBSCRIBERS), i % SUBSCRIBERS],
    contested: (i) => [UNLISTED + (i % CONTESTED), i % CONTESTED],
  };
  return Array.from({ length: QUESTIONS }, (_, i) => {
    const [equipment, number] = about[kind](i);
    const common = { front: 's13', softwareVersion: '01', peer: 'mme.test' } as const;
    return { ...common, imei: Imei.fromNumber(equipment), imsi: Imsi.parse(subscriber(number)) };
  });
}

/** A way to ask the next thousand, round and round. */
function asking(questions: readonly EquipmentQuestion[], ask: (question: EquipmentQuestion) => unknown): () => void {
  let at = 0;
  return () => {
    for (const end = at + STEP; at < end; at++) ask(questions[at]!);
    if (at === questions.length) at = 0;
  };
}

/** A register's memory as a thread of fronts has it, filled; with the questions of each kind. */
function memoryOf(directory: string) {
  const operator = openOperator({ dataDirectory: directory, clock: systemClock, random: systemRandom });
  const listed = equipmentNumbers(ENTRIES);
  const now = systemClock.now();
  fill(operator, listed, now);
  const { database, register } = operator;
  const loader = new ImageLoader({ ...register, database, clock: systemClock, random: systemRandom }, () => {});
  loader.load();
  const image = new RegisterImage(loader.parts, ruleOfPlain);
  const questions = Object.fromEntries(KINDS.map((kind) => [kind, questionsOf(kind, listed)])) as Record<
    Kind,
    readonly EquipmentQuestion[]
  >;
  for (const kind of KINDS)
    for (const question of questions[kind]) {
      const answer = image.check(question, now);
      assert.equal(answer.kind === 'status' ? answer.equipmentStatus : answer.kind, EXPECTED[kind], kind);
    }
  return { operator, listed, image, questions, now };
}

const nanoseconds = (rate: number): number => 1e9 / (rate * STEP);
const shown = (rate: number): string => `${perSecond(rate * STEP)}, ${Math.round(nanoseconds(rate))} ns`;

/** Microseconds of processor that one constant answer of node:http2 costs; undefined where it cannot be measured. */
async function constantAnswer(): Promise<{ readonly perSecond: number; readonly microseconds: number } | undefined> {
  if (!isThere('h2load', '--version')) return undefined;
  const child = await startScript(new URL('./http2-constant.ts', import.meta.url));
  try {
    const flood = (requests: number) =>
      execFileSync('h2load', ['-n', `${requests}`, '-c', '4', '-m', '32', `http://127.0.0.1:${child.said}/`]);
    flood(REQUESTS / 4);
    const before = child.processor();
    const found = /([\d.]+) req\/s/.exec(flood(REQUESTS).toString());
    const after = child.processor();
    if (before === undefined || after === undefined || found === null) return undefined;
    return { perSecond: Number(found[1]), microseconds: ((after - before) * 1e6) / REQUESTS };
  } finally {
    await child.end();
  }
}

async function http2Rows(each: number): Promise<readonly Row[]> {
  const what = 'node:http2, a constant answer (h2load -c 4 -m 32)';
  const constant = await constantAnswer();
  if (constant === undefined) return [{ what, result: 'not measured: install nghttp2-client, on Linux' }];
  const { microseconds } = constant;
  const part = (each / 1000 / microseconds) * 100;
  return [
    { what, result: `${perSecond(constant.perSecond)}, ${microseconds.toFixed(1)} us of processor` },
    { what: 'what a check adds to that', result: `${(each / 1000).toFixed(2)} us, ${part.toFixed(1)} %` },
  ];
}

/** Checks in this process. */
export const checks: Bench = {
  name: 'checks',
  what: 'checks from memory a second, 1 M entries, 100,000 proofs; no socket',
  async run(): Promise<readonly Row[]> {
    const directory = mkdtempSync(join(tmpdir(), 'assay-bench-'));
    const { operator, listed, image, questions, now } = memoryOf(directory);
    try {
      const front = answering(image, systemClock);
      const map = new Map<string, EquipmentAnswer>();
      const [answer, listedAnswer] = [image.check(questions['nothing known'][0]!, now), { kind: 'unknown' } as const];
      for (const number of listed) map.set(String(number).padStart(14, '0'), listedAnswer);
      const usual = questions['nothing known'].map((one, i) =>
        i % 100 === 0 ? questions['on the black list'][i]! : one,
      );
      const texts = usual.map(({ imei, imsi }) => [imei!.equipment, imsi!.digits] as const);
      const ways = Object.fromEntries(
        KINDS.map((kind) => [kind, asking(questions[kind], (question) => image.check(question, now))]),
      ) as Record<Kind, () => void>;
      let at = 0;
      const seen = rates({
        ...ways,
        map: asking(usual, ({ imei }) => map.get(imei!.equipment) ?? answer),
        front: asking(usual, (question) => front.check(question)),
        whole: asking(usual, () => {
          const [imei, imsi] = texts[at++ % texts.length]!;
          const named = { imei: Imei.parse(imei), imsi: Imsi.parse(imsi) };
          front.check({ front: 's13', softwareVersion: '01', peer: 'mme.test', ...named });
        }),
      });
      const row = (what: string, rate: number) => ({ what, result: shown(rate), ratio: times(rate, seen.map) });
      return [
        row('Map of texts: get, a constant answer', seen.map),
        ...KINDS.map((kind) => row(kind, seen[kind])),
        row('99 % nothing known, 1 % black, with counts and who was seen', seen.front),
        row('the same, IMEI and IMSI parsed from text', seen.whole),
        ...(await http2Rows(nanoseconds(seen.whole))),
      ];
    } finally {
      await operator.close();
      rmSync(directory, { recursive: true });
    }
  },
};
