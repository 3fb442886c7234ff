// How much happens: checks by answer and reports by evidence, counted by time in few rows.
// Standards: none of its own; the answers are those of TS 29.511, the levels those of the design.
// Must never: let a check wait for the disk, keep more rows than its horizons allow, or count who asked about whom.
export { type Activity, type ActivityStep, type ActivitySum, ANSWERS, openActivity, STEPS } from './activity.ts';
