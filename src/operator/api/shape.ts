import type { TSchema } from 'typebox';
import { type Said, sentences } from '#base/sentence/index.ts';
import { type FormCode, formOf } from './form.ts';

/** What a value can have against it by its schema, said to whoever gave it. */
export const SHAPES = sentences({
  missing: 'this is missing',
  unknownMember: 'nobody asked for {member}',
  notOneOf: 'choose one of {choices}',
  otherForm: 'this has another form',
  empty: 'this is empty',
  notText: 'this is to be a text',
  tooShort: 'at least {least} characters; here are {came}',
  tooLong: 'at most {most} characters; here are {came}',
  notList: 'this is to be a list',
  tooFew: 'at least {least} entries; here are {came}',
  tooMany: 'at most {most} entries; here are {came}',
  notWhole: 'this is to be a whole number',
  notNumber: 'this is to be a number',
  tooSmall: 'at least {least}; this is {came}',
  tooGreat: 'at most {most}; this is {came}',
  notYesOrNo: 'this is to be true or false',
  notObject: 'this is to be an object',
});

/** The code of one of them. */
export type ShapeCode = (typeof SHAPES.codes)[number] | FormCode;

interface Asked {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly title?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
}

/** Why this value does not fit this schema, which has found that it does not. */
export function shapeSaid(schema: TSchema, value: unknown): Said<ShapeCode> {
  const asked = schema as Asked;
  if (value === undefined) return SHAPES.say('missing');
  if (asked.enum !== undefined) return SHAPES.say('notOneOf', { choices: asked.enum.join(', ') });
  switch (asked.type) {
    case 'string':
      return typeof value === 'string' ? textSaid(asked, value) : SHAPES.say('notText');
    case 'array':
      return Array.isArray(value) ? listSaid(asked, value.length) : SHAPES.say('notList');
    case 'integer':
      return Number.isInteger(value) ? numberSaid(asked, Number(value)) : SHAPES.say('notWhole');
    case 'number':
      return typeof value === 'number' ? numberSaid(asked, value) : SHAPES.say('notNumber');
    case 'boolean':
      return SHAPES.say('notYesOrNo');
    case 'object':
      return SHAPES.say('notObject');
    default:
      return SHAPES.say('otherForm');
  }
}

function textSaid({ pattern, title, minLength = 0, maxLength = Infinity }: Asked, text: string): Said<ShapeCode> {
  const came = text.length;
  if (came === 0 && (minLength > 0 || pattern !== undefined)) return SHAPES.say('empty');
  if (came > maxLength) return SHAPES.say('tooLong', { most: maxLength, came });
  if (came < minLength) return SHAPES.say('tooShort', { least: minLength, came });
  return formOf(title) ?? SHAPES.say('otherForm');
}

function listSaid({ minItems = 0, maxItems = Infinity }: Asked, came: number): Said<ShapeCode> {
  if (came < minItems) return SHAPES.say('tooFew', { least: minItems, came });
  return came > maxItems ? SHAPES.say('tooMany', { most: maxItems, came }) : SHAPES.say('otherForm');
}

function numberSaid({ minimum = -Infinity, maximum = Infinity }: Asked, came: number): Said<ShapeCode> {
  if (came < minimum) return SHAPES.say('tooSmall', { least: minimum, came });
  return came > maximum ? SHAPES.say('tooGreat', { most: maximum, came }) : SHAPES.say('otherForm');
}
