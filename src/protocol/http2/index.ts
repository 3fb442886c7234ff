// The server's side of HTTP/2 over node:net and node:tls: frames, streams, windows, HPACK; a handler answers each request at once.
// Standards: RFC 9113 (HTTP/2), RFC 7541 (HPACK), RFC 9110 (fields, dates); abuse of them as CVE-2019-9511 to -9518, CVE-2023-44487 and later.
// Must never: hold for a peer more than its limits say, let one peer starve the others, or hand on a malformed request.
export type { Abuse } from './abuse.ts';
export type { ConnectionEnd, Http2Handler } from './connection.ts';
export type { AbuseLimits, ConnectionLimits } from './limits.ts';
export {
  HTTP2_LIMITS,
  type Http2Event,
  type Http2Limits,
  type Http2Listener,
  type Http2ListenerOptions,
  type Http2Tls,
  listenHttp2,
} from './listener.ts';
export { PreparedResponse, prepareResponse, type ResponseOptions } from './prepared-response.ts';
export type { Http2Request } from './request.ts';
