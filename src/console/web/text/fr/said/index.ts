import { fileProblem } from './file-problem.ts';
import { finding } from './finding.ts';
import { formatGuess } from './format-guess.ts';
import { importRefusal } from './import-refusal.ts';
import { lineProblem } from './line-problem.ts';
import { normalisation } from './normalisation.ts';
import { outcome } from './outcome.ts';
import { reason } from './reason.ts';
import { refusal } from './refusal.ts';
import { remains } from './remains.ts';

/** What the operator says to people, in French: by group, then by the code of the sentence. */
export const said = {
  fileProblem,
  finding,
  formatGuess,
  importRefusal,
  lineProblem,
  normalisation,
  outcome,
  reason,
  refusal,
  remains,
};
