// The process that changes the register until it is killed: `node changing-process.ts DATA [DATABASE-URL]` reads orders, and prints an
// acknowledgement when a change has returned, not earlier.
import { writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Imei, Imsi } from '#base/identity/index.ts';
import { systemClock, systemRandom } from '#base/port/index.ts';
import { openOperator } from '#operator/index.ts';
import { LISTS, type SettingName } from '#operator/register/index.ts';
import {
  type Acknowledgement,
  type Bounds,
  type Change,
  type Dump,
  type Fact,
  FILE,
  type FileChange,
  factKey,
  type ImsiBounds,
  type Order,
  SETTINGS,
} from './change.ts';

const AUTHOR = 'soak';
const MANY = 1_000_000;
const PAGE = 1000;

const [data = '', databaseUrl = ''] = process.argv.slice(2);
const operator = openOperator({
  ...{ dataDirectory: join(data, 'operator'), clock: systemClock, random: systemRandom },
  ...(databaseUrl !== '' && { databaseUrl }),
});
const { register } = operator;
const by = { author: AUTHOR, reason: 'soak' } as const;

const say = (one: Omit<Acknowledgement, 'at'>) =>
  writeSync(1, `${JSON.stringify({ ...one, at: Date.now() } satisfies Acknowledgement)}\n`);

const imeis = ({ first, last }: Bounds) => ({ first: Imei.parse(first), last: Imei.parse(last) });
const imsis = ({ firstImsi, lastImsi }: ImsiBounds) => ({
  firstImsi: Imsi.parse(firstImsi),
  lastImsi: Imsi.parse(lastImsi),
});

/** Number of the batch that a file was imported as. */
const batchOf = (name: string) => register.imports(PAGE).find((file) => file.name === name)?.batch ?? 0;

/** Makes a change; gives what the acknowledgement says of it. */
async function make(change: Change): Promise<Pick<Acknowledgement, 'batch' | 'changed'>> {
  switch (change.does) {
    case 'add':
      register.lists.add({ ...change, ...by, reason: change.reason, imei: Imei.parse(change.imei), note: change.mark });
      return { changed: 1 };
    case 'remove':
      return { changed: Number(register.lists.remove({ ...change, ...by, imei: Imei.parse(change.imei) })) };
    case 'add range':
      register.ranges.add({ ...change, ...imeis(change), author: AUTHOR, reason: 'other', note: change.mark });
      return { changed: 1 };
    case 'remove range':
      return { changed: Number(register.ranges.remove({ ...change, ...imeis(change), ...by })) };
    case 'add pair':
      register.pairRules.add({ ...change, ...imeis(change), ...imsis(change), author: AUTHOR, note: change.mark });
      return { changed: 1 };
    case 'remove pair':
      return { changed: Number(register.pairRules.remove({ ...change, ...imeis(change), ...imsis(change), ...by })) };
    case 'set':
      register.set(change.name, change.value, AUTHOR, 'soak');
      return { changed: 1 };
    case 'import':
      return importFile(change);
    case 'undo':
      return { changed: await register.undoImport({ batch: batchOf(change.name), ...by }) };
  }
}

async function importFile({ name, kind, imeis: lines, mark }: FileChange) {
  const result = await register.importList([new TextEncoder().encode(`imei\n${lines.join('\n')}\n`)], {
    ...{ ...FILE, author: AUTHOR, name, caseReference: mark, changeLimit: MANY, subscriberLimit: MANY },
    ...(kind === 'full' ? { kind } : { change: kind }),
  });
  if (result.outcome !== 'applied') throw new RangeError(`import: ${JSON.stringify(result)}`);
  const { added, removed, updated } = result.effect;
  return { batch: result.batch, changed: added + removed + updated };
}

function dump(path: string): void {
  const done = register
    .imports(PAGE)
    .filter(({ state }) => state === 'done' || state === 'undoing' || state === 'undone');
  const nameOf = new Map(done.map(({ batch, name }) => [batch, name]));
  const facts: [string, Fact][] = [];
  const expiring = (expiresAt: number | undefined) => (expiresAt === undefined ? {} : { expiresAt });
  for (const list of LISTS)
    for (const { imei, source, note, caseReference, expiresAt, batch } of register.lists.each(list)) {
      const name = batch === undefined ? undefined : (nameOf.get(batch) ?? `batch ${batch}`);
      const fact = { mark: note + caseReference, ...expiring(expiresAt), ...(name !== undefined && { batch: name }) };
      facts.push([factKey.entry(imei.equipment, list, source), fact]);
    }
  for (const { first, last, list, note, expiresAt } of register.ranges.page(0, MANY)) {
    const bounds = { first: first.equipment, last: last.equipment };
    facts.push([factKey.range(bounds, list), { mark: note, ...expiring(expiresAt) }]);
  }
  for (const { first, last, firstImsi, lastImsi, kind, note } of register.pairRules.page(0, MANY)) {
    const bounds = { first: first.equipment, last: last.equipment };
    facts.push([
      factKey.pair({ ...bounds, firstImsi: firstImsi.digits, lastImsi: lastImsi.digits }, kind),
      { mark: note },
    ]);
  }
  for (const name of Object.keys(SETTINGS) as SettingName[])
    facts.push([factKey.setting(name), { mark: register.settings.value(name) }]);
  const written: Dump = { facts, batches: done.map(({ name, batch }) => [name, batch] as const) };
  writeFileSync(path, JSON.stringify(written));
}

function verify(): readonly string[] {
  const fault = operator.audit.verify();
  const audit = fault === undefined ? [] : [`audit entry ${fault.id}: ${fault.problem}`];
  return [...operator.database.integrityProblems(), ...audit];
}

async function obey(order: Order): Promise<void> {
  const { id } = order;
  try {
    if ('dump' in order) {
      dump(order.dump);
      say({ id, outcome: 'done' });
    } else if ('verify' in order) say({ id, outcome: 'done', problems: verify() });
    else say({ id, outcome: 'done', ...(await make(order.make)) });
  } catch (error) {
    const problem = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    say({ id, outcome: error instanceof RangeError ? 'refused' : 'unknown', problem });
  }
}

const orders = createInterface({ input: process.stdin });
orders.on('line', (line) => void obey(JSON.parse(line) as Order));
orders.on('close', () => void operator.close());
say({ id: 0, outcome: 'done' });
