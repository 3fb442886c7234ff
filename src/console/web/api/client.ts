import type { Operations, Problem as ProblemDocument } from './document.ts';

/** The name of an operation: `GET /api/v1/status`. */
export type OperationName = keyof Operations;
/** The addresses that can be read. */
export type ReadAddress = OperationName extends infer N ? (N extends `GET ${infer P}` ? P : never) : never;
/** What an operation answers. */
export type AnswerOf<N extends OperationName> = Operations[N]['answer'];

/** Why there is no answer: the operator's own words (RFC 9457), or that it cannot be reached. */
export type Problem =
  | ProblemDocument
  | { readonly code: 'unreachable'; readonly status: 0; readonly detail: string; readonly at?: undefined };

/** An answer, or the problem instead: never an exception. */
export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: Problem };

type Part<K extends string, T> = [T] extends [undefined]
  ? unknown
  : Partial<Record<keyof T, undefined>> extends T
    ? { readonly [N in K]?: T | undefined }
    : { readonly [N in K]: T };

/** What an operation must be given: its path parameters, its query, its body; nothing of what it has not. */
export type GivenOf<N extends OperationName> = Part<'path', Operations[N]['path']> &
  Part<'query', Operations[N]['query']> &
  Part<'body', Operations[N]['body']> & { readonly signal?: AbortSignal | undefined };

/** One argument, that may be left out when nothing has to be given. */
type Arguments<N extends OperationName> =
  Record<never, never> extends GivenOf<N> ? [given?: GivenOf<N> | undefined] : [given: GivenOf<N>];

interface AnyGiven {
  readonly path?: object | undefined;
  readonly query?: object | undefined;
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
}

const refusals = new Set<(problem: Problem) => void>();

/** Hears of every refused request: the session ends when one is refused for want of a sign-in. Call what it returns to hear no more. */
export function onProblem(listener: (problem: Problem) => void): () => void {
  refusals.add(listener);
  return () => void refusals.delete(listener);
}

/** The address with its parameters in it; values that are undefined are left out. */
export function addressOf(template: string, path: object = {}, query: object = {}): string {
  const filled = Object.entries(path).reduce(
    (address, [name, value]) => address.replace(`{${name}}`, encodeURIComponent(String(value))),
    template,
  );
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  const search = new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)])).toString();
  return search === '' ? filled : `${filled}?${search}`;
}

function isProblem(value: unknown): value is ProblemDocument {
  return typeof value === 'object' && value !== null && 'code' in value && 'status' in value && 'detail' in value;
}

const unreachable = (detail: string): Answer<never> => ({
  ok: false,
  problem: { code: 'unreachable', status: 0, detail },
});

async function contentOf(response: Response): Promise<unknown> {
  const text = await response.text();
  return (response.headers.get('content-type') ?? '').includes('json') && text !== '' ? JSON.parse(text) : text;
}

async function ask(method: string, address: string, { path, query, body, signal }: AnyGiven): Promise<Answer<unknown>> {
  const isText = typeof body === 'string' || body instanceof Blob;
  try {
    const response = await fetch(addressOf(address, path, query), {
      method,
      credentials: 'same-origin',
      headers: {
        Accept: 'application/json',
        ...(body !== undefined && !isText && { 'Content-Type': 'application/json' }),
      },
      ...(body !== undefined && { body: isText ? body : JSON.stringify(body) }),
      ...(signal && { signal }),
    });
    const content = await contentOf(response);
    if (response.ok) return { ok: true, value: content };
    if (!isProblem(content)) return unreachable(`HTTP ${response.status}`);
    for (const listener of refusals) listener(content);
    return { ok: false, problem: content };
  } catch (error) {
    return unreachable(error instanceof Error ? error.message : String(error));
  }
}

/** Reads an address of the API: `read('/api/v1/status')`. */
export async function read<A extends ReadAddress>(
  address: A,
  ...[given]: Arguments<`GET ${A}`>
): Promise<Answer<AnswerOf<`GET ${A}`>>> {
  // The types are made from the document that the operator's own tests hold it to.
  return (await ask('GET', address, given ?? {})) as Answer<AnswerOf<`GET ${A}`>>;
}

/** Does something: `send('POST /api/v1/lists/{list}/entries', { path, body })`. */
export async function send<N extends OperationName>(name: N, ...[given]: Arguments<N>): Promise<Answer<AnswerOf<N>>> {
  const [method = '', address = ''] = name.split(' ', 2);
  return (await ask(method, address, given ?? {})) as Answer<AnswerOf<N>>;
}
