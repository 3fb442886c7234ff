import type { FastifyReply, FastifyRequest } from 'fastify';

/** One file of the pages, as it is sent. */
export interface PageFile {
  /** Content-Type. */
  readonly type: string;
  readonly octets: Uint8Array;
  /** The same, packed; left out where packing gains nothing. */
  readonly brotli?: Uint8Array;
  readonly gzip?: Uint8Array;
  /** Entity tag without quotes: another content has another. */
  readonly tag: string;
  /** The name has the content's hash in it: such a file never changes. */
  readonly isNamedByContent: boolean;
}

/** The pages that people see, beside the API that they speak to. They hold nothing of the operator: anyone may load them. */
export interface Pages {
  /** The file at this path, as it stands in an address. */
  find(path: string): PageFile | undefined;
  /** What every other address shows in a browser: the page finds by itself what is meant. */
  readonly start: PageFile;
}

/** Nothing is loaded from elsewhere, nothing runs that is not a file of ours, nobody frames it. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

const HEADERS = {
  'Content-Security-Policy': POLICY,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy':
    'accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), microphone=(), midi=(), payment=(), usb=()',
  Vary: 'Accept-Encoding',
};

const FOR_EVER = 'public, max-age=31536000, immutable';
/** Kept by the browser, and asked for again each time with its entity tag. */
const ASK_AGAIN = 'no-cache';

/** Addresses that belong to programs; no page is shown there. */
const NOT_FOR_PEOPLE = /^\/(api|assets)\//;

const pathOf = ({ url }: FastifyRequest): string => url.split('?', 1)[0] ?? '';

const wantsPage = ({ headers }: FastifyRequest): boolean => (headers.accept ?? '').includes('text/html');

/** The packings that a reader takes (RFC 9110 12.5.3); `q=0` refuses one. */
function packingsOf({ headers }: FastifyRequest): ReadonlySet<string> {
  const offers = String(headers['accept-encoding'] ?? '').toLowerCase();
  const taken = offers.split(',').flatMap((offer) => {
    const [name = '', ...rest] = offer.split(';').map((part) => part.trim());
    return rest.some((parameter) => /^q=0(\.0*)?$/.test(parameter)) ? [] : [name];
  });
  return new Set(taken);
}

/** Whether the reader has this very content (RFC 9110 13.1.2: compared weakly). */
function isKnown({ headers }: FastifyRequest, tag: string): boolean {
  const known = (headers['if-none-match'] ?? '').split(',').map((one) => one.trim().replace(/^W\//, ''));
  return known.includes(`"${tag}"`) || known.includes('*');
}

function packed(file: PageFile, request: FastifyRequest): readonly [coding: string | undefined, octets: Uint8Array] {
  const packings = packingsOf(request);
  if (file.brotli !== undefined && packings.has('br')) return ['br', file.brotli];
  if (file.gzip !== undefined && packings.has('gzip')) return ['gzip', file.gzip];
  return [undefined, file.octets];
}

/**
 * Answers a request that no operation is for with a file of `pages`: the one at that path, or in a browser the start page, so that every
 * address within the page can be opened and kept. False when it is none of theirs; nothing is answered then.
 */
export function answerWithPage(pages: Pages | undefined, request: FastifyRequest, reply: FastifyReply): boolean {
  if (pages === undefined || (request.method !== 'GET' && request.method !== 'HEAD')) return false;
  const path = pathOf(request);
  const file = pages.find(path) ?? (wantsPage(request) && !NOT_FOR_PEOPLE.test(path) ? pages.start : undefined);
  if (file === undefined) return false;
  reply.headers({
    ...HEADERS,
    'Cache-Control': file.isNamedByContent ? FOR_EVER : ASK_AGAIN,
    ETag: `"${file.tag}"`,
    'Content-Type': file.type,
  });
  if (isKnown(request, file.tag)) {
    reply.code(304).send();
    return true;
  }
  const [coding, octets] = packed(file, request);
  if (coding !== undefined) reply.header('Content-Encoding', coding);
  reply.code(200).header('Content-Length', String(octets.byteLength));
  reply.send(request.method === 'HEAD' ? '' : octets);
  return true;
}
