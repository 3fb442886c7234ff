// An S13 front in a process of its own, so that it can run in a network namespace: argument 1 is its settings in JSON. It prints a line
// for everything that happens, and closes at the end of standard input.
import { seededRandom, systemClock } from '#base/port/index.ts';
import { listenS13, type S13Options } from '#operator/register/index.ts';
import { systemScheduler } from '#protocol/smpp/index.ts';

/** What the process is told. */
export type RegisterSettings = Pick<S13Options, 'identity' | 'peers' | 'port' | 'tls' | 'times'> & {
  readonly host: string;
};

const settings: RegisterSettings = JSON.parse(process.argv[2] ?? '{}');
const front = await listenS13({
  ...settings,
  clock: systemClock,
  scheduler: systemScheduler,
  random: seededRandom('interop'),
  check({ imei, peer }) {
    console.log(`asked by ${peer}: ${imei?.equipment}`);
    const digit = imei?.equipment.at(-1);
    if (digit === '9') return { kind: 'unknown' };
    return { kind: 'status', equipmentStatus: digit === '1' ? 'prohibited' : 'permitted' };
  },
  onPeer: ({ type, originHost, because }) => console.log(`${type} ${originHost}: ${because}`),
});
console.log(`listening on ${front.port}`);
process.stdin.resume().on('end', async () => {
  await front.close();
  console.log('closed');
});
