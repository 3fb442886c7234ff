import Type from 'typebox';
import { toHex } from '#base/codec/index.ts';
import type { Random } from '#base/port/index.ts';
import type { Laboratory } from '#lab/laboratory/index.ts';
import { SCENARIO_NAMES } from '#lab/replay/index.ts';
import {
  Count,
  closed,
  ExchangeView,
  exchangeView,
  names,
  type Operation,
  operation,
  ProblemError,
  Text,
} from '#operator/api/index.ts';
import { DRIVING_REFUSALS } from './operation.ts';

const SEED_OCTETS = 8;
const PAUSE_SECONDS = 2;

/** A scenario played again from a seed. */
export function replayOperation(laboratory: Laboratory, random: Random): Operation {
  let isRunning = false;
  return operation({
    id: 'replayLaboratoryScenario',
    method: 'POST',
    path: '/api/v1/laboratory/replays',
    tag: 'laboratory',
    summary: 'Plays a scenario twice from one seed, each time in a fresh world, and compares every octet.',
    description:
      'Time, chance and memory come from the seed; signatures are those of RFC 6979. The first run is kept as an exchange. Without a seed one is drawn, and told.',
    permission: 'laboratory.drive',
    body: closed({
      scenario: names(SCENARIO_NAMES),
      seed: Type.Optional(Type.String({ minLength: 1, maxLength: 64, description: 'Any text.' })),
    }),
    answer: closed({
      ...{ scenario: names(SCENARIO_NAMES), seed: Text, hops: Count },
      isSame: Type.Boolean({ description: 'every octet of both runs is the same' }),
      firstDifference: Type.Optional({ ...Count, description: 'the first hop that differed, from 1' }),
      digest: Type.String({ pattern: '^[0-9A-F]{64}$', title: 'SHA-256 over the octets of all hops' }),
      exchange: ExchangeView,
    }),
    problems: ['unavailable'],
    async run({ body: { scenario, seed = toHex(random.octets(SEED_OCTETS)) } }) {
      if (isRunning)
        throw new ProblemError('unavailable', { ...DRIVING_REFUSALS.say('replayRuns'), retryAfter: PAUSE_SECONDS });
      isRunning = true;
      try {
        const { exchange, ...result } = await laboratory.replay(seed, scenario);
        const { firstDifference, ...shown } = result;
        return {
          ...{ scenario, seed, ...shown, exchange: exchangeView(exchange) },
          ...(firstDifference !== undefined && { firstDifference }),
        };
      } finally {
        isRunning = false;
      }
    },
  });
}
