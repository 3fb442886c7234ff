import { FORMS } from './form.ts';
import { DOOR, REQUEST, RESOURCE, VALUE } from './refusals.ts';
import { SHAPES } from './shape.ts';

/** The code of every refusal of this operator. Each is there once: a code alone says which sentence it is. */
export const REFUSAL_CODES: readonly string[] = [DOOR, REQUEST, RESOURCE, VALUE, SHAPES, FORMS].flatMap<string>(
  ({ codes }) => codes,
);
