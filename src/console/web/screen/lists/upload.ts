import { type Answer, type AnswerOf, addressOf, type GivenOf, type Problem } from '../../api/client.ts';

type Query = NonNullable<GivenOf<'POST /api/v1/imports'>['query']>;
/** What an import answers. */
export type ImportAnswer = Exclude<AnswerOf<'POST /api/v1/imports'>, string>;

const isProblem = (value: unknown): value is Problem =>
  typeof value === 'object' && value !== null && 'code' in value && 'detail' in value;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Sends a file, and tells how much of it went; `fetch` cannot tell that. The operator reads it as it comes. */
export const upload = (
  file: Blob,
  query: Query,
  onProgress: (sent: number, of: number) => void,
): Promise<Answer<ImportAnswer>> => post<ImportAnswer>(addressOf('/api/v1/imports', {}, query), file, onProgress);

/** Asks what the beginning of a file says about it. */
export const proposalOf = (beginning: Blob): Promise<Answer<AnswerOf<'POST /api/v1/imports/proposal'>>> =>
  post('/api/v1/imports/proposal', beginning, () => {});

/** Sends a file again for the report of all its bad lines. */
export async function reportOf(file: Blob, query: Query): Promise<Answer<Blob>> {
  try {
    const headers = { 'Content-Type': 'text/csv', Accept: 'text/csv, application/problem+json' };
    const answer = await fetch(addressOf('/api/v1/imports', {}, query), { method: 'POST', headers, body: file });
    if (answer.ok) return { ok: true, value: await answer.blob() };
    const content = parsed(await answer.text());
    return { ok: false, problem: isProblem(content) ? content : unreachable(`HTTP ${answer.status}`) };
  } catch {
    return { ok: false, problem: unreachable('the connection was lost') };
  }
}

const unreachable = (detail: string): Problem => ({ code: 'unreachable', status: 0, detail });

/** Sends octets. What is answered is of the operation that `address` names. */
function post<T>(address: string, file: Blob, onProgress: (sent: number, of: number) => void): Promise<Answer<T>> {
  const { promise, resolve } = Promise.withResolvers<Answer<T>>();
  const request = new XMLHttpRequest();
  const failed = (detail: string) => resolve({ ok: false, problem: unreachable(detail) });
  request.upload.onprogress = ({ loaded, total }) => onProgress(loaded, total);
  request.onerror = () => failed('the connection was lost');
  request.onload = () => {
    const content = parsed(request.responseText);
    if (request.status < 300) resolve({ ok: true, value: content as T });
    else if (isProblem(content)) resolve({ ok: false, problem: content });
    else failed(`HTTP ${request.status}`);
  };
  request.open('POST', address);
  request.setRequestHeader('Content-Type', 'text/csv');
  request.setRequestHeader('Accept', 'application/json');
  request.send(file);
  return promise;
}
