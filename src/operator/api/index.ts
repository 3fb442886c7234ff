// The operator's HTTP API and pages: what is known and why, for people and programs, and the changes that tokens and sessions allow.
// Standards: RFC 9110 (HTTP), RFC 9457 (problems), RFC 6750 (Bearer), RFC 6265 (cookies), Fetch Metadata, OpenAPI 3.1, HTML 9.2 (server-sent events); words of TS 29.511.
// Must never: change anything for somebody nobody knows, show a whole IMSI unaudited, load anything from elsewhere, or put text into HTML unescaped.
export { REFUSAL_TABLES } from './all-refusals.ts';

export { type Api, type ApiAddress, type ListenOptions, openApi } from './api.ts';
export { type Cursors, openCursors } from './cursors.ts';
export type { EventStreams, Followed, Happening } from './event-stream.ts';
export { type ExchangePlace, exchangeOperationsOf } from './exchange-operations.ts';
export { ExchangeView, exchangeView } from './exchange-view.ts';
export { form } from './form.ts';
export { parsed } from './given.ts';
export { Identities } from './identities.ts';
export type { ApiLimits } from './limits.ts';
export { type Call, type Operation, operation } from './operation.ts';
export { positionOf } from './operations/events.ts';
export type { PageFile, Pages } from './pages.ts';
export { ProblemError } from './problem.ts';
export { Count, closed, GivenImei, Hex, Limit, list, names, rowsOf, SaidAs, Text, Time } from './schema.ts';
export { isLoopback, publicOriginOf, type SiteOptions } from './site.ts';
export type { ApiSources } from './sources.ts';
