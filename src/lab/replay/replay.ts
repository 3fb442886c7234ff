import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sameOctets, toHex } from '#base/codec/index.ts';
import { type AesProvider, runningDigest, tableAes } from '#base/crypto/index.ts';
import { collectingTrace, type Trace, type TraceRecord, teeTrace } from '#base/trace/index.ts';
import { openReplayWorld } from './replay-world.ts';
import { REPLAY_IMEIS, SCENARIOS, type ScenarioName } from './scenario.ts';

/** What a replay showed. */
export interface ReplayResult {
  readonly hops: number;
  /** True when a second world from the same seed gave the same hops, octet for octet. */
  readonly isSame: boolean;
  /** The first hop that differed, counted from 1. */
  readonly firstDifference: number | undefined;
  /** SHA-256 over the octets of all hops: the same on every machine for a seed and a scenario. */
  readonly digest: string;
}

const NAME = 'replay';

/** Plays a scenario from a seed in a fresh world that is gone afterwards. */
async function play(seed: string, scenario: ScenarioName, trace: Trace, aes: AesProvider): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'assay-replay-'));
  try {
    const imeis = { imei: REPLAY_IMEIS.own, otherImei: REPLAY_IMEIS.other };
    const world = openReplayWorld({ ...{ directory, seed, trace, aes, name: NAME }, ...imeis });
    try {
      await SCENARIOS[scenario](world);
    } finally {
      await world.close();
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

const isSameHop = (one: TraceRecord, other: TraceRecord | undefined): boolean =>
  other !== undefined &&
  one.name === other.name &&
  one.from === other.from &&
  one.to === other.to &&
  sameOctets(one.octets, other.octets) &&
  sameOctets(one.response ?? NOTHING, other.response ?? NOTHING);
const NOTHING = new Uint8Array(0);

/**
 * Plays a scenario twice from one seed, each time in a world of its own, and compares every octet. `trace` sees the first time, whose cards
 * compute with `aes`.
 */
export async function replay(
  seed: string,
  scenario: ScenarioName,
  { trace, aes }: { readonly trace: Trace; readonly aes: AesProvider },
): Promise<ReplayResult> {
  const [first, second] = [collectingTrace(), collectingTrace()];
  await play(seed, scenario, teeTrace(trace, first), aes);
  await play(seed, scenario, second, tableAes);
  const { records } = first;
  const different = records.findIndex((record, i) => !isSameHop(record, second.records[i]));
  const isSame = different < 0 && records.length === second.records.length;
  const sum = runningDigest('sha256');
  for (const { octets, response } of records) {
    sum.update(octets);
    sum.update(response ?? NOTHING);
  }
  return {
    ...{ hops: records.length, isSame, digest: toHex(sum.finish()) },
    firstDifference: isSame ? undefined : (different < 0 ? records.length : different) + 1,
  };
}
