import type { TObject, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { ProblemError } from './problem.ts';
import { SHAPES, shapeSaid } from './shape.ts';

/** Checks a value that came from outside; throws ProblemError `invalid-value` that names the first place that does not fit. */
export type Check = (value: unknown) => void;

interface Fault {
  readonly keyword: string;
  readonly instancePath: string;
  readonly params: object;
}

/** What came, without repeating it: it may be personal, secret or hostile. */
export function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (typeof value === 'string') return value === '' ? 'an empty text' : `a text of ${value.length} characters`;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object') return 'an object';
  return `${typeof value} ${String(value)}`;
}

/** What a schema asks for, in words. */
export function wordsOf(schema: TSchema): string {
  const {
    type,
    enum: names,
    pattern,
    minLength,
    maxLength,
    minimum,
    maximum,
    minItems,
    maxItems,
    title,
  } = schema as Record<string, unknown> & TSchema;
  if (Array.isArray(names)) return `one of ${names.join(', ')}`;
  if (type === 'string' && typeof pattern === 'string')
    return typeof title === 'string' ? title : `a text like ${pattern}`;
  if (type === 'string') return bounded('a text', minLength, maxLength, 'characters');
  if (type === 'array') return bounded('a list', minItems, maxItems, 'entries');
  if (type === 'integer') return bounded('a whole number', minimum, maximum, '');
  if (type === 'number') return bounded('a number', minimum, maximum, '');
  return typeof type === 'string' ? `${type === 'object' ? 'an' : 'a'} ${type}` : 'another value';
}

function bounded(noun: string, least: unknown, most: unknown, unit: string): string {
  const limits = [
    ...(typeof least === 'number' ? [`at least ${least}`] : []),
    ...(typeof most === 'number' ? [`at most ${most}`] : []),
  ].join(', ');
  return limits === '' ? noun : `${noun}, ${limits}${unit === '' ? '' : ` ${unit}`}`;
}

const parts = (pointer: string) =>
  pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));

function valueAt(value: unknown, pointer: string): unknown {
  let found = value;
  for (const part of parts(pointer))
    found =
      typeof found === 'object' && found !== null && Object.hasOwn(found, part) ? Reflect.get(found, part) : undefined;
  return found;
}

/** The schema of a place in a value, as far as objects and lists lead. */
function schemaAt(schema: TSchema, pointer: string): TSchema {
  let found: unknown = schema;
  for (const part of parts(pointer)) {
    const { properties, items } = found as { properties?: Record<string, unknown>; items?: unknown };
    const next = properties !== undefined && Object.hasOwn(properties, part) ? properties[part] : items;
    if (typeof next !== 'object' || next === null) return {};
    found = next;
  }
  return found as TSchema;
}

/** The names a fault lists: members that are missing, or that nobody asked for. */
const namesIn = (fault: Fault, member: string): readonly string[] => {
  const names: unknown = Reflect.get(fault.params, member);
  return Array.isArray(names) ? names.map(String) : [];
};

/** Longest foreign name repeated in an answer. */
const LONGEST_ECHO = 40;

function problemOf(schema: TSchema, value: unknown, faults: readonly Fault[], where: string): ProblemError {
  const place = (pointer: string) => (where === '' ? pointer || '/' : pointer.slice(1) || where);
  const advice = `the schema of this ${where === '' ? 'body' : where} is in /api/v1/docs`;
  const foreign = faults.find(({ keyword }) => keyword === 'additionalProperties');
  if (foreign !== undefined) {
    const known = Object.keys((schemaAt(schema, foreign.instancePath) as Partial<TObject>).properties ?? {});
    const [name = ''] = namesIn(foreign, 'additionalProperties');
    const member = name.slice(0, LONGEST_ECHO).replaceAll(/[^\w.-]/g, '?');
    return new ProblemError('invalid-value', {
      expected: known.length === 0 ? 'no members' : `only ${known.join(', ')}`,
      ...{ got: `'${member}'`, advice, at: place(foreign.instancePath) },
      said: SHAPES.say('unknownMember', { member }),
    });
  }
  const fault = faults.find(({ keyword }) => keyword === 'maxItems') ?? faults[0];
  const pointer = fault?.instancePath ?? '';
  if (fault?.keyword === 'required') {
    const [name = ''] = namesIn(fault, 'requiredProperties');
    const full = `${pointer}/${name}`;
    const expected = wordsOf(schemaAt(schema, full));
    const said = SHAPES.say('missing');
    return new ProblemError('invalid-value', { expected, got: 'nothing', advice, said, at: place(full) });
  }
  const [asked, came] = [schemaAt(schema, pointer), valueAt(value, pointer)];
  return new ProblemError('invalid-value', {
    ...{ expected: wordsOf(asked), got: kindOf(came), advice, at: place(pointer) },
    said: shapeSaid(asked, came),
  });
}

/** A check by a schema; `where` is '' for a body, else what the values are (`query`, `path`). */
export function checkOf(schema: TSchema, where: '' | 'query' | 'path'): Check {
  const compiled = Compile(schema);
  return (value) => {
    if (!compiled.Check(value)) throw problemOf(schema, value, compiled.Errors(value) as readonly Fault[], where);
  };
}

const INTEGER = /^-?\d{1,15}$/;

/** Texts of an address as the types its schema names; what is none of the type stays a text, and the check finds it. */
export function typedTexts(schema: TObject, texts: Readonly<Record<string, unknown>>): Record<string, unknown> {
  // Without a prototype: a text named __proto__ is a member like any other, which the check finds.
  const typed: Record<string, unknown> = Object.create(null);
  for (const [name, text] of Object.entries(texts)) {
    const { type } = (schema.properties[name] ?? {}) as { type?: unknown };
    if (typeof text !== 'string') typed[name] = text;
    else if (type === 'integer' && INTEGER.test(text)) typed[name] = Number(text);
    else if (type === 'boolean' && (text === 'true' || text === 'false')) typed[name] = text === 'true';
    else typed[name] = text;
  }
  return typed;
}
