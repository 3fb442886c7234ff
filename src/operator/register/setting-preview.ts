import { Imei, Imsi } from '#base/identity/index.ts';
import type { Clock } from '#base/port/index.ts';
import { type Database, integer, text } from '#operator/database/index.ts';
import type { EquipmentStatus, Reason, ReasonCode } from './decision.ts';
import { FRONTS, type Front } from './front.ts';
import type { CheckQuestion } from './register.ts';
import {
  checkSetting,
  type KeptSettings,
  type RegisterSettings,
  type SettingName,
  settingMustWait,
  settingsOf,
} from './register-settings.ts';

/** A handset in use that would be answered otherwise. */
export interface ChangedHandset {
  readonly imei: Imei;
  readonly imsi: string;
  readonly before: EquipmentStatus;
  readonly after: EquipmentStatus;
  readonly code: ReasonCode;
  /** Why, in words for people. */
  readonly reason: string;
}

/** What another value of a setting would mean. */
export interface SettingPreview {
  /**
   * `answers`: counted over handsets in use; `duplicates`: over IMEIs with several subscribers; `later`: it acts only on what comes, so nothing
   * can be counted.
   */
  readonly about: 'answers' | 'duplicates' | 'later';
  /** Handsets in order of IMSI, or IMEIs, that were looked at; whether these were all. */
  readonly looked: number;
  readonly isWhole: boolean;
  readonly before: Readonly<Record<EquipmentStatus, number>>;
  readonly after: Readonly<Record<EquipmentStatus, number>>;
  readonly changed: number;
  /** The first of the changed, those that become prohibited first. */
  readonly handsets: readonly ChangedHandset[];
  /** IMEIs above the threshold now, and then. */
  readonly duplicatesBefore: number;
  readonly duplicatesAfter: number;
  /** Whether the change waits for a second person. */
  readonly mustWait: boolean;
}

interface PreviewTools {
  readonly database: Database;
  readonly clock: Clock;
  readonly settings: KeptSettings;
  readonly explain: (
    question: CheckQuestion,
    under: RegisterSettings,
  ) => {
    readonly equipmentStatus: EquipmentStatus;
    readonly reasons: readonly [Pick<Reason, 'code' | 'text'>, ...Pick<Reason, 'code' | 'text'>[]];
  };
}

/** Handsets of one batch: an answer takes about 0.1 ms. */
const BATCH = 20;
/** Handsets looked at, at most: what is seen in these is told with how many there were. */
export const MOST_LOOKED = 20_000;
const MOST_SHOWN = 20;
const MOST_OF_IMEI = 1000;
const NOTHING = { permitted: 0, tracking: 0, prohibited: 0 } as const;

const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** What another value would mean for handsets in use, by evidence and lists as they are now. Other work goes on in between. */
export async function previewSetting(tools: PreviewTools, name: SettingName, value: string): Promise<SettingPreview> {
  checkSetting(name, value);
  const { settings } = tools;
  const changed = { name, before: settings.value(name), value };
  const mustWait = settingMustWait(changed, settings.read().approval);
  const nothing = { looked: 0, isWhole: true, before: NOTHING, after: NOTHING, changed: 0, handsets: [] };
  const plain = { ...nothing, duplicatesBefore: 0, duplicatesAfter: 0, mustWait };
  if (name === 'duplicate.subscribers' || name === 'duplicate.period')
    return { ...plain, about: 'duplicates', ...(await duplicates(tools, name, value)) };
  if (/^(?:mode|cloneStatus|proofGrace|unknown\..*)$/.test(name))
    return { ...plain, about: 'answers', ...(await answers(tools, name, value)) };
  return { ...plain, about: 'later' };
}

async function answers({ database, settings, explain }: PreviewTools, name: SettingName, value: string) {
  const then = settingsOf((one) => (one === name ? value : settings.value(one)));
  const now = settings.read();
  const front = FRONTS.find((one): one is Front => name === `unknown.${one}`) ?? 'api';
  const page = database.query('SELECT imsi, imei FROM subscriber_equipment WHERE imsi > ? ORDER BY imsi LIMIT ?', {
    imsi: text,
    imei: integer,
  });
  const [before, after] = [{ ...NOTHING }, { ...NOTHING }] as [Counts, Counts];
  const found: ChangedHandset[] = [];
  let [looked, changed, last, isWhole] = [0, 0, '', false];
  for (; looked < MOST_LOOKED; await breathe()) {
    const rows = page.all(last, BATCH);
    for (const row of rows) {
      const [imei, imsi] = [Imei.fromNumber(row.imei), Imsi.parse(row.imsi)];
      const was = explain({ imei, imsi, front }, now);
      const is = explain({ imei, imsi, front }, then);
      before[was.equipmentStatus]++;
      after[is.equipmentStatus]++;
      if (was.equipmentStatus === is.equipmentStatus) continue;
      changed++;
      keep(found, {
        ...{ imei, imsi: row.imsi, before: was.equipmentStatus, after: is.equipmentStatus },
        ...{ code: is.reasons[0].code, reason: is.reasons[0].text },
      });
    }
    looked += rows.length;
    last = rows.at(-1)?.imsi ?? '';
    isWhole = rows.length < BATCH;
    if (isWhole) break;
  }
  return { looked, isWhole, before, after, changed, handsets: found };
}

type Counts = Record<EquipmentStatus, number>;

/** Those that become prohibited are shown before the others. */
function keep(found: ChangedHandset[], one: ChangedHandset): void {
  const isSevere = one.after === 'prohibited';
  if (found.length >= MOST_SHOWN) {
    const mild = isSevere ? found.findLastIndex(({ after }) => after !== 'prohibited') : -1;
    if (mild < 0) return;
    found.splice(mild, 1);
  }
  if (isSevere) found.unshift(one);
  else found.push(one);
}

async function duplicates({ database, clock, settings }: PreviewTools, name: SettingName, value: string) {
  const kept = (one: SettingName) => Number(one === name ? value : settings.value(one));
  const now = {
    least: Number(settings.value('duplicate.subscribers')),
    period: Number(settings.value('duplicate.period')),
  };
  const then = { least: kept('duplicate.subscribers'), period: kept('duplicate.period') };
  const next = database.query('SELECT DISTINCT imei FROM observation WHERE imei > ? ORDER BY imei LIMIT ?', {
    imei: integer,
  });
  const seen = database.query('SELECT last_at FROM observation WHERE imei = ? LIMIT ?', { lastAt: integer });
  const at = clock.now();
  let [looked, duplicatesBefore, duplicatesAfter, last, isWhole] = [0, 0, 0, 0, false];
  for (; looked < MOST_LOOKED; await breathe()) {
    const rows = next.all(last, BATCH);
    for (const { imei } of rows) {
      const times = seen.all(imei, MOST_OF_IMEI);
      const isAbove = ({ least, period }: typeof now) =>
        times.filter(({ lastAt }) => lastAt >= at - period).length >= least;
      if (isAbove(now)) duplicatesBefore++;
      if (isAbove(then)) duplicatesAfter++;
    }
    looked += rows.length;
    last = rows.at(-1)?.imei ?? 0;
    isWhole = rows.length < BATCH;
    if (isWhole) break;
  }
  return { looked, isWhole, duplicatesBefore, duplicatesAfter };
}
