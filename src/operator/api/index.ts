// The operator's HTTP API and pages: what is known and why, for people and programs, and the changes that tokens allow.
// Standards: RFC 9110 (HTTP), RFC 9457 (problems), RFC 6750 (Bearer), OpenAPI 3.1, HTML 9.2 (server-sent events); words of TS 29.511.
// Must never: change anything without a token, show a whole IMSI unaudited, load anything from elsewhere, or put text into HTML unescaped.
export { type Api, type ApiAddress, openApi } from './api.ts';
export type { ApiLimits } from './limits.ts';
export type { ApiSources } from './sources.ts';
