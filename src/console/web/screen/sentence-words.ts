import { reason as english } from '../text/en/reason.ts';
import { t } from '../text/index.ts';
import { isReason } from './lists/reasons.ts';

/** The codes of reasons. */
type Code = keyof typeof english;
const SENTENCES = Object.entries(english) as readonly (readonly [Code, string])[];

/** The reason that a kept sentence begins with; old orders and the audit log hold sentences, not codes. */
const codeOf = (sentence: string): readonly [code: Code, rest: string] | undefined => {
  const found = SENTENCES.find(([, words]) => sentence.startsWith(words));
  return found && [found[0], sentence.slice(found[1].length)];
};

/** A sentence as orders and the audit log keep it, in the language in use: what is no reason of the register stays as it was written. */
export function sentenceWords(sentence: string): string {
  const found = codeOf(sentence);
  return found === undefined ? sentence : `${t(`reason.${found[0]}`)}${listReasonWords(found[1])}`;
}

/** What follows the sentence begins with the code of a list's reason, if it is about an entry: `(stolen: note)`. */
const listReasonWords = (rest: string): string =>
  rest.replace(/ \((\w+)(?=[:)])/, (whole, code: string) =>
    isReason(code) ? ` (${t(`lists.reason-${code}`)}` : whole,
  );
