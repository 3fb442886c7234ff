import { finding } from './finding.ts';
import { outcome } from './outcome.ts';
import { reason } from './reason.ts';
import { refusal } from './refusal.ts';
import { remains } from './remains.ts';

/** What the operator says to people, in French: by group, then by the code of the sentence. */
export const said = { finding, outcome, reason, refusal, remains };
