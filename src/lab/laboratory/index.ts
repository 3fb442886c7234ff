// A laboratory that is driven while it runs: handsets to make, switch, flash, rob of their cards, and short messages to lose or repeat.
// Standards: none of its own; what happens is the doing of the rooms it drives.
// Must never: do two things in one handset at once, reach anything but its own loopback world, or decide what an operator or a card decides.
export type { PolicyName, SupportOfLab, UiccOfLab } from './card-box.ts';
export type { HandsetSetup, Where } from './handset-seat.ts';
export { type Done, type HandsetState, Laboratory, type NewHandset, type WantedHandset } from './laboratory.ts';
export type { ArmedDrop, KeptMessage, MessageDirection } from './message-desk.ts';
export { type OpenLaboratory, openLaboratory } from './open-laboratory.ts';
export { isRefusal, LABORATORY_REFUSALS, type Refusal, unknownHandset } from './refusal.ts';
