// The only doors to time, chance and non-volatile memory; everything else is computed, so a run replays from a seed.
// Standard: none of its own. Implementations that touch the machine live in this room and nowhere else.
// Must never: be bypassed. No room calls Date.now(), Math.random() or the file system for state of its own.
export { type Clock, fixedClock, systemClock } from './clock.ts';
export { giveToOwner, makePrivateDirectory } from './directory.ts';
export { fileMemory, type NonVolatile, ramMemory } from './non-volatile.ts';
export { type Random, seededRandom, systemRandom } from './random.ts';
