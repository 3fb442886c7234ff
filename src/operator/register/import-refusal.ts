import { type Said, sentences } from '#base/sentence/index.ts';

/** Why a file that can be read is not imported. The codes are for programs and do not change. */
export const IMPORT_REFUSALS = sentences({
  changesMany:
    'the file changes {changes} entries, the limit is {most}; look at the effect, then raise the limit if it is right',
  shrinks: 'the file removes {removed} of {before} entries, a broken file? If it is right, set the limit of changes',
  hitsMany: 'the file hits {hits} of our own subscribers, the limit is {most}; look at it, then raise the limit',
  deltaGap:
    'the delta leads from run {base} to {run}, but the last one of {source} led to run {last}; import the whole list of run {run}, or the deltas between',
  tacsShrink: 'the table would shrink from {before} to {after} TACs, a broken file? Allow it if it is right',
});

/** Why a file is not imported, as it is said. */
export type ImportRefusal = Said<(typeof IMPORT_REFUSALS.codes)[number]>;
