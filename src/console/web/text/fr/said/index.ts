import { remains } from './remains.ts';

/** What the operator says to people, in French: by group, then by the code of the sentence. */
export const said = { remains };
