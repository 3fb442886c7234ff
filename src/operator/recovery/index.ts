// Work goes on after an older copy of the database was put back: numbers that UICCs, webhooks and nodes have seen are not given again.
// Standards: TS 102 225 5.1.4 (a counter that is not higher is refused), TS 33.102 C.2 (nor a sequence number), C.2.2 (how far it may leap).
// Must never: let an operator work with a copy that was not made fit, or do again what was done after the copy was made.
export { type Recovered, recovered } from './recovered.ts';
export { openWitness, type Witness } from './witness.ts';
