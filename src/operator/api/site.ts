import type { IncomingMessage } from 'node:http';
import { LABORATORY_NAMES, type LaboratoryName } from '#operator/access/index.ts';
import { type CookieOptions, cookieValue, setCookie } from './cookie.ts';
import { ProblemError } from './problem.ts';
import { DOOR } from './refusals.ts';

/** How people reach this API with a browser. */
export interface SiteOptions {
  /** `https://name[:port]` of the reverse proxy before it. Without it, people sign in on this machine only. */
  readonly publicUrl?: string;
  /** Everybody on this machine is an administrator without signing in. For a laboratory, on loopback only. */
  readonly laboratory?: boolean;
}

const LOOPBACK_NAMES = ['127.0.0.1', 'localhost', '[::1]'];
const LOOPBACK_ADDRESSES = ['127.0.0.1', '::1', '::ffff:127.0.0.1'];
/** Headers of a proxy: whoever comes through one is not on this machine. */
const PROXY_HEADERS = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via'];

/** True for hosts that only this machine reaches. */
export const isLoopback = (host: string): boolean => ['127.0.0.1', '::1', 'localhost'].includes(host);

const isLoopbackName = (hostHeader: string | undefined): boolean =>
  LOOPBACK_NAMES.includes((hostHeader ?? '').replace(/:\d+$/, ''));

/** The names and the cookies of a site, and where its pages may come from. */
export interface Site {
  /** Everybody on this machine is a person of the laboratory. */
  readonly isLaboratory: boolean;
  /** A laboratory can be asked and driven here. */
  readonly hasLaboratory: boolean;
  /** Origin by which browsers reach it from elsewhere. */
  readonly publicOrigin: string | undefined;
  /** People come by a public name, which is https; not `localhost`, for other programs here are reached by that one without. */
  readonly isHttpsAlone: boolean;
  /** True when the request is for this API by one of its names; on loopback others are refused (DNS rebinding). */
  isForUs(request: IncomingMessage): boolean;
  /** The address of who asks: behind the proxy of `publicUrl`, the one that the proxy names. */
  addressOf(request: IncomingMessage): string | undefined;
  /** The origin by which this browser reaches it. */
  originOf(request: IncomingMessage): string;
  /** A cookie that the browser brings back. */
  cookie(request: IncomingMessage, name: SiteCookie): string | undefined;
  /** A Set-Cookie. Without a value it takes the cookie away. */
  setCookie(name: SiteCookie, value: string | undefined): string;
  /** Throws ProblemError where a session's secret would travel in the clear. */
  checkSignIn(request: IncomingMessage): void;
  /** Throws ProblemError when a browser says that another site's page made this request; `mustSay`: also when nothing says it was ours. */
  checkOrigin(request: IncomingMessage, mustSay: boolean): void;
  /** Throws ProblemError when a browser says that a page of another site loads this into itself; a link may lead here. */
  checkReader(request: IncomingMessage): void;
  /** True when whoever asks is surely on this machine: where a proxy is expected nobody is, for not every proxy names itself. */
  isSurelyHere(request: IncomingMessage): boolean;
  /** Who asks, when this is a laboratory and he is on this machine. */
  laboratoryPerson(request: IncomingMessage): LaboratoryName | undefined;
}

/** Cookies that are set, and how: the secret of a session, the chosen person of a laboratory, who has signed in here before, a sign-in that is under way at a provider. */
const COOKIES = {
  assay: { sameSite: 'Strict' },
  'assay-person': { sameSite: 'Strict' },
  // By it a browser is known again, months later (access/known-browsers.ts); it opens nothing.
  'assay-browser': { sameSite: 'Strict', maxAge: 180 * 24 * 3600 },
  // The provider leads back here from its own site.
  'assay-openid': { sameSite: 'Lax', maxAge: 600 },
} as const satisfies Readonly<Record<string, Omit<CookieOptions, 'isSecure'>>>;
/** A cookie that this site sets. */
export type SiteCookie = keyof typeof COOKIES;

/** `https://name[:port]` as an origin; undefined for every other address. */
export function publicOriginOf(publicUrl: string): string | undefined {
  const url = URL.parse(publicUrl);
  const isBare = url?.pathname === '/' && url.search === '' && url.hash === '' && url.username === '';
  return url?.protocol === 'https:' && isBare ? url.origin : undefined;
}

function originOf(publicUrl: string): string {
  const origin = publicOriginOf(publicUrl);
  if (origin === undefined)
    throw new RangeError('public address: expected https://name or https://name:port, got another; correct it');
  return origin;
}

/** The site of an API that listens on `host`, with `isTls` speaks https itself, and with `hasLaboratory` answers for one. Throws RangeError for a laboratory that others could reach. */
export function openSite(
  { publicUrl, laboratory = false }: SiteOptions,
  host: string,
  { isTls = false, hasLaboratory = false } = {},
): Site {
  const publicOrigin = publicUrl === undefined ? undefined : originOf(publicUrl);
  if (laboratory && (!isLoopback(host) || publicOrigin !== undefined))
    throw new RangeError(
      `laboratory: expected to listen on this machine only, got ${publicOrigin ?? host}; let people sign in there`,
    );
  const isSecure = publicOrigin !== undefined || isTls;
  const originOfRequest = ({ headers }: IncomingMessage): string =>
    `https://${headers.host}` === publicOrigin || isTls ? `https://${headers.host}` : `http://${headers.host}`;
  const nameOf = (name: SiteCookie) => (isSecure ? `__Host-${name}` : name);
  const isHere = ({ headers, socket }: IncomingMessage) =>
    LOOPBACK_ADDRESSES.includes(socket.remoteAddress ?? '') &&
    isLoopbackName(headers.host) &&
    !PROXY_HEADERS.some((name) => headers[name] !== undefined);
  const cookie: Site['cookie'] = ({ headers }, name) => cookieValue(headers.cookie, nameOf(name));
  return {
    isLaboratory: laboratory,
    hasLaboratory,
    publicOrigin,
    isHttpsAlone: publicOrigin !== undefined && !isLoopbackName(new URL(publicOrigin).host),
    isForUs: ({ headers }) =>
      !isLoopback(host) || isLoopbackName(headers.host) || `https://${headers.host}` === publicOrigin,
    addressOf: ({ headers, socket }) =>
      publicOrigin !== undefined && LOOPBACK_ADDRESSES.includes(socket.remoteAddress ?? '')
        ? (lastOf(headers['x-forwarded-for']) ?? socket.remoteAddress)
        : socket.remoteAddress,
    originOf: originOfRequest,
    cookie,
    setCookie: (name, value) =>
      setCookie(nameOf(name), value ?? '', { isSecure, ...COOKIES[name], ...(value === undefined && { maxAge: 0 }) }),
    checkSignIn(request) {
      if (!isSecure && !isHere(request)) throw needsHttps();
    },
    isSurelyHere: (request) => publicOrigin === undefined && isHere(request),
    checkOrigin: (request, mustSay) => checkOrigin(request, mustSay, originOfRequest(request)),
    checkReader({ headers }) {
      const from = headers['sec-fetch-site'];
      const isLoaded = from === 'cross-site' || from === 'same-site';
      if (isLoaded && headers['sec-fetch-mode'] !== 'navigate') throw foreignOrigin('originForeign');
    },
    laboratoryPerson(request) {
      if (!laboratory || !isHere(request)) return undefined;
      return cookie(request, 'assay-person') === '2' ? LABORATORY_NAMES[1] : LABORATORY_NAMES[0];
    },
  };
}

/** The address that the nearest proxy has seen: those before it are the sender's own words. */
const lastOf = (forwarded: string | string[] | undefined): string | undefined =>
  String(forwarded ?? '')
    .split(',')
    .at(-1)
    ?.trim() || undefined;

/** A browser says where a request comes from in Sec-Fetch-Site (Fetch Metadata 2.1), older ones in Origin (RFC 6454 7). */
function checkOrigin({ headers }: IncomingMessage, mustSay: boolean, own: string): void {
  const fetchSite = headers['sec-fetch-site'];
  const { origin } = headers;
  if (fetchSite === undefined && origin === undefined && !mustSay) return;
  if (fetchSite === undefined ? origin === own : fetchSite === 'same-origin') return;
  throw foreignOrigin(fetchSite === undefined && origin === undefined ? 'originUnsaid' : 'originForeign');
}

const foreignOrigin = (why: 'originUnsaid' | 'originForeign') => new ProblemError('foreign-origin', DOOR.say(why));

const needsHttps = () => new ProblemError('not-permitted', DOOR.say('httpsNeeded'));
