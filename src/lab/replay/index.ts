// A scenario played from a seed in a world of its own, in its caller's time: the same seed gives the same octets.
// Standards: RFC 6979 for the signatures; what is played are the rooms of the house.
// Must never: touch the machine's clock, chance or network, or leave anything behind.
export { Post } from './post.ts';
export { type ReplayResult, replay } from './replay.ts';
export { SCENARIO_NAMES, type ScenarioName } from './scenario.ts';
