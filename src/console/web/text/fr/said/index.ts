import { auditFault, auditSubject } from './audit.ts';
import { author } from './author.ts';
import { fileProblem } from './file-problem.ts';
import { finding } from './finding.ts';
import { formatGuess } from './format-guess.ts';
import { hopDetail, hopName } from './hop.ts';
import { importRefusal } from './import-refusal.ts';
import { lineProblem } from './line-problem.ts';
import { normalisation } from './normalisation.ts';
import { octetMeaning } from './octet-meaning.ts';
import { octetName } from './octet-name.ts';
import { outcome } from './outcome.ts';
import { reason } from './reason.ts';
import { refusal } from './refusal.ts';
import { remains } from './remains.ts';
import { statusWord } from './status-word.ts';

/** What the operator says to people, in French: by group, then by the code of the sentence. */
export const said = {
  auditFault,
  auditSubject,
  author,
  fileProblem,
  finding,
  formatGuess,
  hopDetail,
  hopName,
  importRefusal,
  lineProblem,
  normalisation,
  octetMeaning,
  octetName,
  outcome,
  reason,
  refusal,
  remains,
  statusWord,
};
