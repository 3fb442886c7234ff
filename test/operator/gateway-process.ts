// A gateway that works until it is killed: `node gateway-process.ts DIRECTORY ICCID FIRST [DATABASE-URL]` feeds itself reports from counter FIRST on and
// prints `sent OCTETS` before each message leaves and `taken COUNTER` after each report was acknowledged.
import { writeSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { toHex } from '#base/codec/index.ts';
import { Iccid, Imei } from '#base/identity/index.ts';
import { openOperator } from '#operator/index.ts';
import { testUicc } from './uicc.ts';

const [dataDirectory = '', iccid = '', first = '', databaseUrl = ''] = process.argv.slice(2);
let count = 0;
const { gateway, subscribers } = openOperator({
  dataDirectory,
  ...(databaseUrl !== '' && { databaseUrl }),
  centre: {
    async submit({ userData }) {
      writeSync(1, `sent ${toHex(userData)}\n`);
      await setImmediate();
      return ++count % 3 === 0
        ? { outcome: 'accepted', messageId: String(count) }
        : { outcome: 'unanswered', because: 'connection lost' };
    },
  },
  gateway: {
    retryMilliseconds: 1,
    longestRetryMilliseconds: 2,
    pollMilliseconds: 1,
    rateLimit: { burst: 1e6, refillMilliseconds: 1 },
  },
});
gateway.start();
const card = subscribers.personalisation(Iccid.parse(iccid));
if (card === undefined) throw new Error('the card must be issued before');
const uicc = testUicc(card);
const imei = Imei.parse('00888801000001');
for (let counter = Number(first); ; counter++) {
  const inbound = gateway.receive(card.msisdn.digits, uicc.report(imei, {}, counter));
  if (inbound.kind !== 'report') throw new Error(`report ${counter}: ${inbound.kind}`);
  writeSync(1, `taken ${counter}\n`);
  for (let pause = 0; pause < 5; pause++) await setImmediate();
}
