import { codeOf, saidWords } from '../text/index.ts';

/** Who did something: a person by the name, a part of the operator in words. */
export const authorWords = (author: string): string => saidWords('author', { code: author, values: {} }, author);

/** The author that somebody wrote, also in words. */
export const authorOf = (words: string): string => codeOf('author', words);
