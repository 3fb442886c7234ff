// Sentences for people that have a code and values, so that whoever shows them can say them in another language.
// Standards: none of its own; the words in the braces are the standards' terms.
// Must never: read a value as a sentence.
export { type Refusal, RefusalError, type Refusals, type RefusalText, refusalAbout, refusals } from './refusal.ts';
export { type Said, type SaidValues, type Sentences, sentences, type ValueName } from './sentence.ts';
