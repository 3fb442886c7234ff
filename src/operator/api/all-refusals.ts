import { IDENTITY_REFUSALS } from '#base/identity/index.ts';
import { ACCESS_REFUSALS } from '#operator/access/index.ts';
import { EVENT_REFUSALS } from '#operator/event/index.ts';
import { GATEWAY_REFUSALS } from '#operator/gateway/index.ts';
import { REGISTER_REFUSALS } from '#operator/register/index.ts';
import { FORMS } from './form.ts';
import { DOOR, FILE, ORDERING, REQUEST, RESOURCE, VALUE } from './refusals.ts';
import { SHAPES } from './shape.ts';

/** Everything that refuses: the rooms' own tables, and those of the API. */
export const REFUSAL_TABLES = [
  ...[DOOR, REQUEST, RESOURCE, VALUE, FILE, ORDERING, SHAPES, FORMS],
  ...[IDENTITY_REFUSALS, ACCESS_REFUSALS, REGISTER_REFUSALS, GATEWAY_REFUSALS, EVENT_REFUSALS],
] as const;

/** The code of every refusal of this operator. Each is there once: a code alone says which sentence it is. */
export const REFUSAL_CODES: readonly string[] = REFUSAL_TABLES.flatMap<string>(({ codes }) => codes);
