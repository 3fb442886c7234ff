// A process that writes until it is killed: `node database-writer.ts DIRECTORY NAME [DATABASE-URL]` prints every number after it was acknowledged.
import { writeSync } from 'node:fs';
import { systemRandom } from '#base/port/index.ts';
import { openDataDirectory, settings } from '#operator/database/index.ts';

const [directory = '', name = '', databaseUrl = ''] = process.argv.slice(2);
const { database } = openDataDirectory({ directory, random: systemRandom, ...(databaseUrl !== '' && { databaseUrl }) });
const kept = settings(database);
for (let number = 0; ; number++) {
  database.transaction(() => {
    kept.set(`${name} first ${number}`, 'a'.repeat(100));
    kept.set(`${name} second ${number}`, 'b'.repeat(100));
  });
  writeSync(1, `${number}\n`);
}
