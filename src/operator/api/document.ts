import type { TObject, TSchema } from 'typebox';
import { REFUSAL_CODES } from './all-refusals.ts';
import { type Operation, queryOf, TAGS, type Tag } from './operation.ts';
import { PROBLEM_CODES, PROBLEMS, type ProblemCode, problemSchema, statusOf } from './problem.ts';

/** Version of the interface: the number in its addresses, and one that rises with additions. */
export const API_VERSION = '1.2.0';

/** What can go wrong with any operation. */
const ANYWHERE: readonly ProblemCode[] = ['malformed-request', 'wrong-host', 'rate-limited', 'fault', 'unavailable'];

/** Every way in which this operation can fail, in the order of the table. */
export function problemsOf({
  method,
  permission,
  params,
  query,
  body,
  streamed,
  knowsCaller,
  problems = [],
}: Operation): readonly ProblemCode[] {
  const found = new Set<ProblemCode>([...ANYWHERE, ...problems]);
  if (permission !== 'anyone')
    for (const code of ['token-needed', 'token-refused', 'session-ended', 'not-permitted'] as const) found.add(code);
  if (method !== 'GET' || permission !== 'anyone' || knowsCaller === true) found.add('foreign-origin');
  if (params !== undefined || query !== undefined || body !== undefined) found.add('invalid-value');
  if (body !== undefined || streamed !== undefined)
    for (const code of ['too-large', 'too-slow', 'unsupported-media-type'] as const) found.add(code);
  return PROBLEM_CODES.filter((code) => found.has(code));
}

/** `/imei/:imei` as OpenAPI writes it: `/imei/{imei}`. */
export const documentPath = (path: string): string => path.replaceAll(/:(\w+)/g, '{$1}');

function parameters(schema: TObject | undefined, place: 'path' | 'query') {
  return Object.entries(schema?.properties ?? {}).map(
    ([name, { description, ...rest }]: [string, TSchema & { description?: string }]) => ({
      name,
      in: place,
      required: place === 'path' || schema?.required?.includes(name) === true,
      ...(description !== undefined && { description }),
      schema: rest,
    }),
  );
}

const PROBLEM_CONTENT = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };

function responses(operation: Operation) {
  const { status = 200, answer, mediaType = 'application/json', others = [], refusal } = operation;
  const answered = { [mediaType]: { schema: answer } };
  const found: Record<number, { readonly description: string; readonly content: object }> = {
    [status]: {
      description: status === 201 ? 'Made.' : status === 303 ? 'Go on there.' : 'The answer.',
      content: answered,
    },
  };
  for (const other of others) {
    const before = found[other.status];
    found[other.status] = {
      description: before === undefined ? other.description : `${before.description} ${other.description}`,
      content: { ...before?.content, [other.mediaType ?? 'application/json']: { schema: other.answer } },
    };
  }
  for (const [code, codes] of Map.groupBy(problemsOf(operation), statusOf)) {
    const isRefusal = code === refusal?.status;
    const words = codes.map((one) => `\`${one}\`: ${PROBLEMS[one][1]}`).join(' ');
    found[code] = {
      description: isRefusal ? `${refusal.description} ${words}` : words,
      content: isRefusal ? { ...answered, ...PROBLEM_CONTENT } : PROBLEM_CONTENT,
    };
  }
  return found;
}

function requestBody({ body, streamed }: Operation) {
  if (body !== undefined) return { requestBody: { required: true, content: { 'application/json': { schema: body } } } };
  if (streamed === undefined) return {};
  const content = Object.fromEntries(streamed.types.map((type) => [type, { schema: { type: 'string' } }]));
  return { requestBody: { required: true, description: streamed.description, content } };
}

function documented(operation: Operation) {
  const { id, tag, summary, description, permission, needsSession, params } = operation;
  const needs =
    needsSession === true
      ? 'Needs a session.'
      : permission === 'anyone'
        ? 'No token is needed.'
        : `Needs \`${permission}\`.`;
  return {
    operationId: id,
    tags: [tag],
    summary,
    description: description === undefined ? needs : `${description} ${needs}`,
    security: permission === 'anyone' ? [] : [{ token: [] }, { session: [] }],
    parameters: [...parameters(params, 'path'), ...parameters(queryOf(operation), 'query')],
    ...requestBody(operation),
    responses: responses(operation),
  };
}

const ABOUT = `The register, the evidence and the orders of one operator. While there is neither user nor token, and only on the machine itself, everybody may look
as a viewer may. From the first one on, and on any other address, each request needs a token, \`Authorization: Bearer assay_…\`, or the session of a user who has signed in. Changes always need one.
Every error is RFC 9457 with a \`code\` of a closed set.`;

/** The OpenAPI 3.1 document of these operations: their own schemas, nothing written twice. */
export function openApiDocument(operations: readonly Operation[]) {
  const tags = new Set(operations.map(({ tag }) => tag));
  const further = new Set(operations.flatMap(({ refusals = [] }) => refusals));
  const paths: Record<string, Record<string, unknown>> = {};
  for (const operation of operations) {
    const path = documentPath(operation.path);
    paths[path] = { ...paths[path], [operation.method.toLowerCase()]: documented(operation) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Assay: operator',
      version: API_VERSION,
      description: ABOUT,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    tags: (Object.keys(TAGS) as Tag[])
      .filter((tag) => tags.has(tag))
      .map((name) => ({ name, description: TAGS[name] })),
    paths,
    components: {
      schemas: { Problem: problemSchema([...REFUSAL_CODES, ...further]) },
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'A token, as it was shown when it was made.' },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: '__Host-assay',
          description:
            'What POST /api/v1/session sets, for pages of this site; over http on this machine its name is `assay`. Changes need Sec-Fetch-Site: same-origin, or Origin with the address of this API.',
        },
      },
    },
  };
}
