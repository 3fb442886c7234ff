// An operator whose subscribers change handsets until it is killed: `node event-process.ts DIRECTORY FIRST [DATABASE-URL]` prints
// `seen IMSI IMEI` after each change was acknowledged; its webhooks are told meanwhile.
import { writeSync } from 'node:fs';
import { setTimeout as after } from 'node:timers/promises';
import { Imei, Imsi } from '#base/identity/index.ts';
import { openOperator } from '#operator/index.ts';

const SUBSCRIBERS = 20;
const [dataDirectory = '', first = '', databaseUrl = ''] = process.argv.slice(2);
const { evidence, events } = openOperator({
  dataDirectory,
  ...(databaseUrl !== '' && { databaseUrl }),
  events: { pollMilliseconds: 1, retryMilliseconds: 2 },
});
events.start();
for (let number = Number(first); ; number++) {
  const imsi = Imsi.parse(`26201${String(number % SUBSCRIBERS).padStart(10, '0')}`);
  const imei = Imei.fromNumber(number);
  evidence.recordClaim(imei, imsi, Date.now(), false);
  evidence.flush();
  writeSync(1, `seen ${imsi} ${imei.equipment}\n`);
  await after(1);
}
