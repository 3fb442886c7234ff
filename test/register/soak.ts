// The register under mixed load, for minutes: `node test/register/soak.ts --minutes 10 [--postgres] [--seed N] [--rate CHECKS]`. Three nodes,
// all fronts, changes, imports, processes killed and rolled; every answer and every acknowledged change is judged. Ends with status 1 when
// an answer was wrong or missing, a change lost, or memory grew.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startPostgres } from '#test/operator/postgres-server.ts';
import { Ending } from './soak/ending.ts';
import { type SoakResult, soak } from './soak/run.ts';

const MINUTE = 60_000;
/** A node may grow by so much over its level of the third minute. */
const MOST_GROWTH = 1.2;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    postgres: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
    rate: { type: 'string', default: '500' },
  },
});

const tell = (line: string) => console.log(line);

async function run(): Promise<SoakResult> {
  const ending = new Ending();
  try {
    const data = mkdtempSync(join(tmpdir(), 'assay-soak-'));
    ending.after(() => rmSync(data, { recursive: true, force: true }));
    const postgres = values.postgres ? await startPostgres() : undefined;
    if (postgres !== undefined) ending.after(() => postgres.stop());
    return await soak({
      ...{ milliseconds: Number(values.minutes) * MINUTE, seed: values.seed, data, ending, tell },
      ...{ checksPerSecond: Number(values.rate), lines: 3000 },
      every: { change: 100, disturbance: 8000, line: 10_000 },
      ...(postgres && { postgres }),
    });
  } finally {
    await ending.end();
  }
}

const { counts, disturbances, refusals, latest, late, memory } = await run();
const growth = memory === undefined ? 0 : memory.late / memory.early;
const level = memory && `${memory.early.toFixed(0)} MiB, then ${memory.late.toFixed(0)} MiB (${growth.toFixed(2)} x)`;
for (const refusal of new Set(refusals)) tell(`not made: ${refusal}`);
tell(
  `seed ${values.seed}, ${values.postgres ? 'PostgreSQL' : 'SQLite'}, ${values.minutes} minutes: ${JSON.stringify(counts)}`,
);
tell(`disturbances: ${JSON.stringify(disturbances)}; an acknowledged change was seen after at most ${latest} ms`);
tell(`late by more than a second, by milliseconds: ${JSON.stringify(late)}`);
tell(`memory of node a: ${level ?? 'the run was too short to say'}`);
const isGood = counts.wrong + counts.unanswered + counts.lost === 0 && growth <= MOST_GROWTH;
tell(isGood ? 'good' : 'BAD');
process.exitCode = isGood ? 0 : 1;
