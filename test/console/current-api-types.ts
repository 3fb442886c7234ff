import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom, systemClock } from '#base/port/index.ts';
import { silentTrace } from '#base/trace/index.ts';
import { openLaboratory } from '#lab/laboratory/index.ts';
import { laboratoryOperations } from '#lab/laboratory-api/index.ts';
import type { EventStreams } from '#operator/api/index.ts';
import { systemScheduler } from '#protocol/smpp/index.ts';
import { ROOT } from '#test/tidy/source.ts';
import { API_TYPES_PATH, apiTypes } from './api-types.ts';

const BIOME = join(ROOT, 'node_modules', '.bin', 'biome');

/** The types as they should be now: of the document that a laboratory serves, which has every operation, in the format of the house. */
export async function currentApiTypes(): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'assay-console-types-'));
  const open = await openLaboratory({
    ...{ directory, clock: systemClock, random: seededRandom('console types'), scheduler: systemScheduler },
    ...{ trace: silentTrace, smppPort: 0 },
  });
  try {
    const laboratory = (streams: EventStreams) => laboratoryOperations(open.laboratory, streams);
    const { url } = await open.operator.api.listen({ port: 0, laboratory });
    const document = (await (await fetch(new URL('/api/v1/openapi.json', url))).json()) as Record<string, unknown>;
    const format = ['format', `--stdin-file-path=${API_TYPES_PATH}`];
    const made = spawnSync(BIOME, format, { cwd: ROOT, input: apiTypes(document), encoding: 'utf8' });
    if (made.status !== 0) throw new Error(`biome cannot format the types: ${made.stderr}`);
    return made.stdout;
  } finally {
    await open.close();
    rmSync(directory, { recursive: true, force: true });
  }
}
