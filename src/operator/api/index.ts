// The operator's HTTP API and status page: what is known and why, for people and programs; it changes nothing.
// Standards: RFC 9110 (HTTP), HTML without scripts; Permitted, Tracking, Prohibited as in TS 29.511.
// Must never: serve files, show a key or (on the page) a whole IMSI, or put text from outside into HTML unescaped.
export { type Api, type ApiAddress, openApi } from './api.ts';
