// The lists of the register as a national system hands them to other registers: numbered runs, whole and as the difference from an earlier one.
// Standards: DIRBS-Core 14.1 list generation (facts/eir.md 8.2): file names, columns, and what each delta file says.
// Must never: give a difference from a run that is not kept whole, or let a run count that was cut off.
export {
  type DeltaLine,
  type GeneratedFile,
  type GeneratedRun,
  type ListGeneration,
  NOTICE_DAYS,
  openListGeneration,
} from './generation.ts';
