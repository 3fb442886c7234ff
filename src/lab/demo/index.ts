// The demonstration: five acts over a real operator, SMSC, two networks and seven handsets, all on loopback, with a verdict each.
// Standards: none of its own; it is figure 2 of the patent, steps 101 to 104, in words.
// Must never: decide a verdict by itself: what it prints was seen in the handset, the network or the operator's evidence.
export { ACTS, type Act, type Verdict } from './acts.ts';
export { CAST, type Part } from './cast.ts';
export { openWorld, type World, type WorldOptions } from './world.ts';
