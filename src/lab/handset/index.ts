// A whole handset (1) in the lab: its cards, its operating system, its radio, and a trace of every hop.
// Standards: none of its own; see the rooms of handset/.
// Must never: run two procedures of one operating system at once, or let a hop escape the trace.
export { type HandsetNowParts, LabHandsetNow, type SystemName } from './handset-now.ts';
export {
  type ActOutcome,
  type HandsetAct,
  type HandsetParts,
  LabHandset,
  PowerCut,
  type Radio,
} from './lab-handset.ts';
