import type { TObject, TSchema } from 'typebox';
import { mayUse, type Permission, ROLES } from '#operator/access/index.ts';
import { documentPath, problemsOf } from './document.ts';
import { type Content, type Html, html } from './html.ts';
import { type Operation, queryOf, TAGS, type Tag } from './operation.ts';
import { PROBLEM_CODES, PROBLEMS } from './problem.ts';
import { STYLE } from './style.ts';
import { wordsOf } from './validation.ts';

/** Members inside members shown at most. */
const DEEPEST = 4;

/** A schema's own words, or what it asks for. */
function meaning(schema: TSchema): string {
  const { description } = schema as { description?: unknown };
  const words = wordsOf(schema);
  if (typeof description !== 'string') return words;
  return description === words ? words : `${words}: ${description}`;
}

/** Objects inside a schema, whether it is one, a list of them, or a choice. */
function objectsIn(schema: TSchema): readonly TObject[] {
  const { properties, items, anyOf } = schema as { properties?: unknown; items?: TSchema; anyOf?: readonly TSchema[] };
  if (properties !== undefined) return [schema as TObject];
  if (items !== undefined) return objectsIn(items);
  return (anyOf ?? []).flatMap(objectsIn);
}

function members(schema: TSchema, depth = 0): Content {
  if (depth === DEEPEST) return undefined;
  return objectsIn(schema).map(
    ({
      properties,
      required,
    }: {
      readonly properties: Record<string, TSchema>;
      readonly required?: readonly string[];
    }) =>
      html`<ul>${Object.entries(properties).map(
        ([name, inner]) =>
          html`<li><code>${name}</code> <span class="soft">${required?.includes(name) === true ? '' : 'optional, '}${meaning(inner)}</span>${members(inner, depth + 1)}</li>`,
      )}</ul>`,
  );
}

const part = (heading: string, schema: TSchema | undefined): Html | undefined =>
  schema === undefined
    ? undefined
    : html`<h4>${heading}</h4>${objectsIn(schema).length === 0 ? html`<p>${meaning(schema)}</p>` : members(schema)}`;

function rolesWith(permission: Permission | 'anyone'): string {
  if (permission === 'anyone') return 'anyone, without a token';
  return ROLES.filter((role) => mayUse(role, permission)).join(', ');
}

function operationSection(operation: Operation): Html {
  const {
    id,
    method,
    path,
    summary,
    description,
    permission,
    params,
    body,
    streamed,
    answer,
    status = 200,
    others = [],
  } = operation;
  return html`<section id="${id}"><h3><code>${method} ${documentPath(path)}</code></h3><p>${summary}</p>
${description === undefined ? undefined : html`<p class="soft">${description}</p>`}
<p class="soft">${permission === 'anyone' ? '' : html`<code>${permission}</code>: `}${rolesWith(permission)}</p>
${part('Path', params)}${part('Query', queryOf(operation))}${part('Body', body)}
${streamed === undefined ? undefined : html`<h4>Body</h4><p>${streamed.types.join(' or ')}: ${streamed.description}</p>`}
${part(`Answer ${status}`, answer)}${others.map((other) => part(`Answer ${other.status}: ${other.description}`, other.answer))}
<h4>Problems</h4><p class="soft">${problemsOf(operation).map((code, index) => html`${index === 0 ? '' : ', '}<a href="#${code}">${code}</a>`)}</p></section>`;
}

function problemTable(): Html {
  const rows = PROBLEM_CODES.map(
    (code) =>
      html`<tr id="${code}"><td><code>${code}</code></td><td>${PROBLEMS[code][0]}</td><td>${PROBLEMS[code][1]}</td></tr>`,
  );
  return html`<section><h2 id="problems">Problems</h2>
<p>application/problem+json (RFC 9457): what was expected, what came, what to do, and a code of this closed set.</p>
<table aria-label="Problems"><thead><tr><th scope="col">Code</th><th scope="col">Status</th><th scope="col">What</th></tr></thead><tbody>${rows}</tbody></table></section>`;
}

/** The document of the API for people: plain HTML, from the operations themselves. */
export function docsPage(operations: readonly Operation[]): string {
  const ofTag = (tag: Tag) => operations.filter((operation) => operation.tag === tag);
  const tags = (Object.entries(TAGS) as [Tag, string][]).filter(([tag]) => ofTag(tag).length > 0);
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Assay: API of the operator</title><style>${STYLE}</style></head><body>
<header><h1>Assay <span class="soft">API of the operator (5)</span></h1>
<p>While there is neither user nor token, and only on the machine itself, everybody may look as a viewer may. From the first one on, and on any other
address, each request needs a token, <code>Authorization: Bearer assay_…</code>, or the session of
a user who has signed in. Changes always need one.</p>
<p>For programs: <a href="/api/v1/openapi.json">/api/v1/openapi.json</a> (OpenAPI 3.1). <a href="/">How the operator is doing</a></p>
<nav aria-label="Operations">${tags.map(
    ([tag]) =>
      html`<p><b>${tag}</b> ${ofTag(tag).map(({ id, method, path }) => html`<a href="#${id}">${method} ${documentPath(path)}</a> `)}</p>`,
  )}<p><a href="#problems">problems</a></p></nav></header>
<main>${tags.map(([tag, words]) => html`<h2>${tag}</h2><p class="soft">${words}</p>${ofTag(tag).map(operationSection)}`)}${problemTable()}</main></body></html>`
    .markup;
}
