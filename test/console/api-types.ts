// The page's types of the API, made from the OpenAPI document. `npm run console:types` writes them; a test finds them stale.

type Json = Readonly<Record<string, unknown>>;

/** Where the types are kept. */
export const API_TYPES_PATH = 'src/console/web/api/document.ts';

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const objectAt = (value: unknown, ...names: readonly string[]): Json | undefined => {
  const found = names.reduce<unknown>((inner, name) => (isObject(inner) ? inner[name] : undefined), value);
  return isObject(found) ? found : undefined;
};

const listAt = (value: Json, name: string): readonly unknown[] | undefined => {
  const found = value[name];
  return Array.isArray(found) ? found : undefined;
};

const quoted = (text: unknown): string => `'${String(text).replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
const key = (name: string): string => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : quoted(name));
const literal = (value: unknown): string => (typeof value === 'string' ? quoted(value) : JSON.stringify(value));
const union = (members: readonly string[]): string => [...new Set(members)].join(' | ');

function objectType(schema: Json): string {
  const properties = objectAt(schema, 'properties');
  if (properties === undefined) {
    const further = schema['additionalProperties'];
    const patterns = Object.values(objectAt(schema, 'patternProperties') ?? {});
    const inner = isObject(further) ? further : patterns[0];
    return `Readonly<Record<string, ${inner === undefined ? 'unknown' : typeOf(inner)}>>`;
  }
  const required = new Set(listAt(schema, 'required') ?? []);
  const members = Object.entries(properties).map(([name, inner]) => {
    const isLeft = !required.has(name);
    return `readonly ${key(name)}${isLeft ? '?' : ''}: ${typeOf(inner)}${isLeft ? ' | undefined' : ''};`;
  });
  return members.length === 0 ? 'Readonly<Record<string, never>>' : `{ ${members.join(' ')} }`;
}

/** A JSON schema as a TypeScript type. Throws on a schema that it does not know: a wrong type is worse than none. */
export function typeOf(schema: unknown): string {
  if (!isObject(schema)) throw new Error(`no schema: ${JSON.stringify(schema)}`);
  if (typeof schema['$ref'] === 'string') return schema['$ref'].replace('#/components/schemas/', '');
  if ('const' in schema) return literal(schema['const']);
  const values = listAt(schema, 'enum');
  if (values !== undefined) return union(values.map(literal));
  const choices = listAt(schema, 'anyOf') ?? listAt(schema, 'oneOf');
  if (choices !== undefined) return union(choices.map(typeOf));
  const types = listAt(schema, 'type');
  if (types !== undefined) return union(types.map((type) => typeOf({ ...schema, type })));
  switch (schema['type']) {
    case 'string':
      return 'string';
    case 'integer':
    case 'number':
      return 'number';
    case 'boolean':
      return 'boolean';
    case 'null':
      return 'null';
    case 'array':
      return `readonly (${typeOf(schema['items'])})[]`;
    case 'object':
      return objectType(schema);
    case undefined:
      return 'unknown';
    default:
      throw new Error(`a schema of no known type: ${JSON.stringify(schema)}`);
  }
}

function parametersOf(operation: Json, place: 'path' | 'query'): string {
  const found = (listAt(operation, 'parameters') ?? []).filter(isObject).filter((one) => one['in'] === place);
  if (found.length === 0) return 'undefined';
  const members = found.map((one) => {
    const isLeft = one['required'] !== true;
    return `readonly ${key(String(one['name']))}${isLeft ? '?' : ''}: ${typeOf(one['schema'])}${isLeft ? ' | undefined' : ''};`;
  });
  return `{ ${members.join(' ')} }`;
}

/** What a body of any of these media types is: text unless it is JSON. */
function contentType(content: Json | undefined): string | undefined {
  if (content === undefined) return undefined;
  return union(
    Object.entries(content).map(([type, media]) =>
      type === 'application/json' && isObject(media) ? typeOf(media['schema']) : 'string',
    ),
  );
}

function answersOf(operation: Json): string {
  const answers = Object.entries(objectAt(operation, 'responses') ?? {}).flatMap(([status, answer]) => {
    const content = objectAt(answer, 'content');
    return status.startsWith('2') ? [contentType(content) ?? 'undefined'] : [];
  });
  return union(answers.length === 0 ? ['undefined'] : answers);
}

function operationType(method: string, path: string, operation: Json): string {
  const members = [
    `path: ${parametersOf(operation, 'path')};`,
    `query: ${parametersOf(operation, 'query')};`,
    `body: ${contentType(objectAt(operation, 'requestBody', 'content')) ?? 'undefined'};`,
    `answer: ${answersOf(operation)};`,
  ];
  const words = typeof operation['summary'] === 'string' ? `  /** ${operation['summary']} */\n` : '';
  return `${words}  ${quoted(`${method.toUpperCase()} ${path}`)}: {\n${members.map((member) => `    ${member}\n`).join('')}  };\n`;
}

/** The text of `src/console/web/api/document.ts` for a document; not yet formatted. */
export function apiTypes(document: Json): string {
  const schemas = Object.entries(objectAt(document, 'components', 'schemas') ?? {}).map(
    ([name, schema]) =>
      `/** ${String(isObject(schema) ? schema['description'] : name)} */\nexport type ${name} = ${typeOf(schema)};\n`,
  );
  const operations = Object.entries(objectAt(document, 'paths') ?? {}).flatMap(([path, methods]) =>
    Object.entries(isObject(methods) ? methods : {}).map(([method, operation]) =>
      operationType(method, path, isObject(operation) ? operation : {}),
    ),
  );
  return [
    '// Made from the OpenAPI document by `npm run console:types`: not to be changed by hand.\n',
    ...schemas,
    `/** Every operation of the API: what it is asked with, and what it answers. */\nexport interface Operations {\n${operations.join('')}}\n`,
  ].join('\n');
}
