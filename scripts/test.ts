// Every test, in two processes side by side, for as many cores: `npm test`. What is given behind `--` goes to both, as --test-name-pattern does.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync } from 'node:fs';

/** Tests of these folders take about as long as all the others. */
const FIRST = ['src/base/', 'src/console/', 'src/operator/', 'src/protocol/', 'test/console/'];
const NODE_OPTIONS = ['--test', '--test-isolation=none', '--test-force-exit'];

const files = globSync(['src/**/*.test.ts', 'test/**/*.test.ts']).map((file) => file.replaceAll('\\', '/'));
const isOfFirst = (file: string): boolean => FIRST.some((folder) => file.startsWith(folder));
const halves = [files.filter(isOfFirst), files.filter((file) => !isOfFirst(file))].filter((half) => half.length > 0);

/** The second half is read when the first is done, so that what failed stands together. */
const running = halves.map((half, at) => {
  const child = spawn(process.execPath, [...NODE_OPTIONS, ...process.argv.slice(2), ...half.sort()], {
    stdio: ['ignore', at === 0 ? 'inherit' : 'pipe', 'inherit'],
  });
  const said: Buffer[] = [];
  child.stdout?.on('data', (octets: Buffer) => said.push(octets));
  return { ended: once(child, 'close'), said };
});

let isGood = running.length > 0;
for (const { ended, said } of running) {
  const [status] = (await ended) as [number | null];
  for (const octets of said) process.stdout.write(octets);
  isGood &&= status === 0;
}
process.exitCode = isGood ? 0 : 1;
