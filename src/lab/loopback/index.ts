// The operator with everything it needs around it on one machine: SMSC, home network, a network abroad, the workshop's cards.
// Standards: none of its own; see the rooms it joins.
// Must never: listen to anything but this machine unless told so.
export { LAB_NUMBERS, type Loopback, type LoopbackOptions, openLoopback, trustMaker } from './loopback.ts';
