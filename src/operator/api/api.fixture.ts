import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { Compile } from 'typebox/compile';
import type { Role } from '#operator/access/index.ts';
import { ROLES } from '#operator/access/index.ts';
import type { GatewaySettings } from '#operator/gateway/index.ts';
import { testOperator } from '#test/operator/operator.ts';
import { openApi } from './api.ts';
import type { ApiLimits } from './limits.ts';
import { Problem } from './problem.ts';
import type { SiteOptions } from './site.ts';
import type { ApiSources } from './sources.ts';

type Json = Readonly<Record<string, unknown>>;

/** An answer that was found to be as the document says. */
export interface Answered {
  readonly response: Response;
  readonly status: number;
  readonly body: string;
  readonly json: Json;
  /** Code of a problem. */
  readonly code: unknown;
}

/** What to send beside the path. */
export interface Sent {
  readonly method?: string;
  readonly role?: Role;
  readonly token?: string;
  readonly json?: unknown;
  readonly body?: string | Uint8Array<ArrayBuffer>;
  readonly headers?: Readonly<Record<string, string>>;
}

const child = (value: unknown, name: string | undefined): unknown =>
  typeof value === 'object' && value !== null && name !== undefined ? Reflect.get(value, name) : undefined;
const at = (value: unknown, ...names: readonly (string | undefined)[]): unknown => names.reduce<unknown>(child, value);

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null;
}

/** Waits until something is so, as long as a busy machine may need; then it is asserted. */
export async function eventually(isSo: () => boolean, what: string): Promise<void> {
  for (let tries = 0; !isSo() && tries < 2000; tries++) await new Promise((resolve) => setTimeout(resolve, 3));
  assert.ok(isSo(), what);
}

/** Asserts that an answer is one that the document describes for this method and path. */
export function conforms(document: Json, method: string, path: string, response: Response, body: string): void {
  const templates = Object.keys(at(document, 'paths') as Json);
  const fits = (template: string) => new RegExp(`^${template.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path);
  const literal = templates.find((template) => template === path) ?? templates.find(fits);
  const type = (response.headers.get('content-type') ?? '').split(';')[0] ?? '';
  const operation = at(document, 'paths', literal, method.toLowerCase());
  const where = `${method} ${path} -> ${response.status} ${type}`;
  if (operation === undefined) {
    assert.ok([400, 404, 405, 421, 429].includes(response.status), `${where}: no such operation`);
    assert.ok(Compile(Problem).Check(JSON.parse(body)), `${where}: ${body}`);
    return;
  }
  const described = at(operation, 'responses', String(response.status), 'content', type, 'schema');
  assert.ok(isObject(described), `${where}: not in the document: ${body}`);
  const schema = '$ref' in described ? at(document, 'components', 'schemas', 'Problem') : described;
  const value: unknown = type.endsWith('json') ? JSON.parse(body) : body;
  const compiled = Compile(schema as Json);
  assert.ok(compiled.Check(value), `${where}: ${JSON.stringify(compiled.Errors(value).slice(0, 3))} ${body}`);
}

/** An API over a test operator, with a token for each role unless `withTokens` is false; its limits are wide unless others are given. */
export async function servedApi(
  context: TestContext,
  options: {
    readonly limits?: Partial<ApiLimits>;
    readonly withTokens?: boolean;
    readonly host?: string;
    readonly site?: SiteOptions;
    readonly settings?: Partial<GatewaySettings>;
    readonly sources?: (sources: ApiSources) => Partial<ApiSources>;
  } = {},
) {
  const made = testOperator(context, { settings: options.settings ?? {} });
  const faults: unknown[] = [];
  /** Milliseconds of every timer set so far: a test knows by them that something arrived. */
  const timers: number[] = [];
  const plain: ApiSources = {
    ...made.operator,
    clock: made.clock,
    scheduler: {
      after(milliseconds, run) {
        timers.push(milliseconds);
        return made.clock.after(milliseconds, run);
      },
    },
    ...(options.site && { site: options.site }),
    nodes: () => [],
    onFailure: (error) => faults.push(error),
  };
  const wide = { burst: 1e6, perSecond: 1e6 };
  const api = openApi({ ...plain, ...options.sources?.(plain) }, { address: wide, token: wide, ...options.limits });
  context.after(() => api.close());
  const created = (options.withTokens === false ? [] : ROLES).map(
    (role) => [role, made.access.create({ name: `the ${role}`, role, author: 'root', reason: 'test' }).token] as const,
  );
  const tokens = Object.fromEntries(created) as Readonly<Record<Role, string>>;
  const { url, port } = await api.listen({ port: 0, ...(options.host !== undefined && { host: options.host }) });
  const document = JSON.parse(await (await fetch(new URL('/api/v1/openapi.json', url))).text()) as Json;

  const ask = async (path: string, sent: Sent = {}): Promise<Answered> => {
    const token = sent.token ?? (sent.role && tokens[sent.role]);
    const body = sent.json === undefined ? sent.body : JSON.stringify(sent.json);
    const method = sent.method ?? (body === undefined ? 'GET' : 'POST');
    const response = await fetch(new URL(path, url), {
      method,
      redirect: 'error',
      ...(body !== undefined && { body }),
      headers: {
        ...(token !== undefined && { Authorization: `Bearer ${token}` }),
        ...(sent.json !== undefined && { 'Content-Type': 'application/json' }),
        ...sent.headers,
      },
    });
    const text = await response.text();
    if (method !== 'HEAD') conforms(document, method, path.split('?', 1)[0] ?? '', response, text);
    const isJson = (response.headers.get('content-type') ?? '').includes('json') && text !== '';
    const json = isJson ? (JSON.parse(text) as Json) : {};
    return { response, status: response.status, body: text, json, code: json['code'] };
  };
  return { ...made, api, faults, timers, tokens, url, port, document, ask };
}
