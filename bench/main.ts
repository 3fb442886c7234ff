import { apdus } from './apdus.ts';
import { boots } from './boots.ts';
import { checks } from './checks.ts';
import { consolePage } from './console.ts';
import { liveExchange } from './console-live.ts';
import { fleet } from './fleet.ts';
import { handshakes } from './handshakes.ts';
import { imports } from './imports.ts';
import { lookups } from './lookups.ts';
import type { Bench, Row } from './measure.ts';
import { million } from './million.ts';
import { n5gEir } from './n5g-eir.ts';
import { ota } from './ota.ts';
import { s13 } from './s13.ts';
import { supportInterface } from './support-interface.ts';

const BENCHES: readonly Bench[] = [
  supportInterface,
  apdus,
  handshakes,
  ota,
  boots,
  fleet,
  lookups,
  checks,
  s13,
  n5gEir,
  imports,
  million,
  consolePage,
  liveExchange,
];
const USAGE = `npm run bench -- [NAME] [--json] [--full]\n\n${BENCHES.map(({ name, what }) => `  ${name.padEnd(18)} ${what}`).join('\n')}\n`;

function table(rows: readonly Row[]): string {
  const cells = [
    ['', 'result', 'ratio', 'limit or goal'],
    ...rows.map(({ what, result, ratio = '', goal = '' }) => [what, result, ratio, goal]),
  ];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  return cells
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

const options = process.argv.slice(2);
const names = options.filter((option) => !option.startsWith('-'));
const unknown = [
  ...names.filter((name) => !BENCHES.some((bench) => bench.name === name)),
  ...options.filter((option) => option.startsWith('-') && !['--json', '--full', '--help'].includes(option)),
];
if (options.includes('--help')) console.log(USAGE);
else if (unknown.length > 0) {
  console.error(`bench: no such bench or option: ${unknown.join(', ')}\n\n${USAGE}`);
  process.exitCode = 2;
} else
  for (const bench of BENCHES.filter(({ name }) => names.length === 0 || names.includes(name))) {
    const rows = await bench.run({ isFull: options.includes('--full') });
    console.log(
      options.includes('--json')
        ? JSON.stringify({ bench: bench.name, rows })
        : `${bench.name}: ${bench.what}\n\n${table(rows)}\n`,
    );
  }
