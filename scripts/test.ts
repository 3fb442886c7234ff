// Every test: two processes side by side, for as many cores, then what judges answers by their time and needs the machine for itself. What is
// given behind `npm test --` goes to each process, as --test-name-pattern does.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync } from 'node:fs';

/** Tests of these folders take about as long as all the others. */
const FIRST = ['src/base/', 'src/console/', 'src/operator/', 'src/protocol/', 'test/console/'];
const ALONE = ['test/register/soak.test.ts'];
const NODE_OPTIONS = ['--test', '--test-isolation=none', '--test-force-exit'];

const files = globSync(['src/**/*.test.ts', 'test/**/*.test.ts']).map((file) => file.replaceAll('\\', '/'));
const isAlone = (file: string): boolean => ALONE.includes(file);
const isOfFirst = (file: string): boolean => FIRST.some((folder) => file.startsWith(folder));

/** Starts the tests of these files; what they say is shown at once, or kept until it is asked for. */
function started(chosen: readonly string[], shown: 'at once' | 'later') {
  const child = spawn(process.execPath, [...NODE_OPTIONS, ...process.argv.slice(2), ...chosen.toSorted()], {
    stdio: ['ignore', shown === 'at once' ? 'inherit' : 'pipe', 'inherit'],
  });
  const said: Buffer[] = [];
  child.stdout?.on('data', (octets: Buffer) => said.push(octets));
  return { ended: once(child, 'close'), said };
}

/** Waits for the end, says what was kept; whether everything passed. */
async function isGood({ ended, said }: ReturnType<typeof started>): Promise<boolean> {
  const [status] = (await ended) as [number | null];
  for (const octets of said) process.stdout.write(octets);
  return status === 0;
}

const together = files.filter((file) => !isAlone(file));
const first = started(together.filter(isOfFirst), 'at once');
const second = started(
  together.filter((file) => !isOfFirst(file)),
  'later',
);
const results = [await isGood(first), await isGood(second), await isGood(started(files.filter(isAlone), 'at once'))];
process.exitCode = results.every((good) => good) ? 0 : 1;
