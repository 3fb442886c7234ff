// An import or an undoing in a process of its own: `node import-process.ts DIRECTORY NOW BATCH KILL FILE [DATABASE-URL]` imports the text FILE as
// a whole list, or undoes BATCH when FILE is empty, and prints what came of it. Before transaction number KILL is committed it kills itself.
import { writeSync } from 'node:fs';
import { seededRandom } from '#base/port/index.ts';
import { openOperator } from '#operator/index.ts';
import { manualScheduler } from '#protocol/smpp/index.ts';

const [dataDirectory = '', now = '', batch = '', kill = '', file = '', databaseUrl = ''] = process.argv.slice(2);
const clock = manualScheduler(Number(now));
const operator = openOperator({
  ...{ dataDirectory, clock, scheduler: clock, random: seededRandom('importer') },
  ...(databaseUrl !== '' && { databaseUrl }),
});
const { register, database } = operator;

let transactions = 0;
let isInside = false;
const { transaction } = database;
const counted: typeof transaction = (work) => {
  if (isInside) return work();
  isInside = true;
  try {
    return transaction.call(database, () => {
      const result = work();
      if (++transactions === Number(kill)) process.kill(process.pid, 'SIGKILL');
      return result;
    }) as ReturnType<typeof work>;
  } finally {
    isInside = false;
  }
};
Object.assign(database, { transaction: counted });

const by = { author: 'Eve', reason: 'wrong file' };
const lines = [new TextEncoder().encode(file)];
const options = { list: 'black', source: 'regulator', author: 'Eve', name: 'killed.csv', kind: 'full' } as const;
const said =
  file === ''
    ? await register.undoImport({ batch: Number(batch), ...by })
    : (await register.importList(lines, { ...options, changeLimit: 100_000 })).outcome;
writeSync(1, `${said} after ${transactions} transactions\n`);
await operator.close();
