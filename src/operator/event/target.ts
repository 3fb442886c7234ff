import { BlockList, isIP } from 'node:net';
import { type Refusal, RefusalError } from '#base/sentence/index.ts';
import { EVENT_REFUSALS } from './refusals.ts';

const LONGEST_URL = 2048;

/** IPv4 addresses that are not of the public internet (IANA special-purpose registry, RFC 6890 and after). */
const SPECIAL_V4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
];
/** IPv6: only global unicast (2000::/3) is public, without these parts of it; those that carry an IPv4 address could lead anywhere. */
const SPECIAL_V6: readonly (readonly [string, number])[] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
];

const special = new BlockList();
for (const [net, prefix] of SPECIAL_V4) special.addSubnet(net, prefix, 'ipv4');
for (const [net, prefix] of SPECIAL_V6) special.addSubnet(net, prefix, 'ipv6');
const global = new BlockList();
global.addSubnet('2000::', 3, 'ipv6');

/** Whether a literal address is one of the public internet: not this machine, not a network behind it, not a special one. */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !special.check(address, 'ipv4');
    case 6:
      return global.check(address, 'ipv6') && !special.check(address, 'ipv6');
    default:
      return false;
  }
}

/** The host of a URL as an address, when it is one. */
export function literalAddress(url: URL): string | undefined {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  return isIP(host) === 0 ? undefined : host;
}

/**
 * A receiver's URL: http or https, without a user, a password or a fragment. Throws RangeError: also for an address that is not public,
 * unless `allowPrivate`. What a name leads to is judged again at every connection.
 */
export function targetOf(text: string, allowPrivate: boolean): URL {
  const wrong = (why: Refusal) => new RefusalError(why, 'url');
  if (text.length > LONGEST_URL)
    throw wrong(EVENT_REFUSALS.say('urlTooLong', { most: LONGEST_URL, came: text.length }));
  if (!URL.canParse(text)) throw wrong(EVENT_REFUSALS.say('noUrl'));
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw wrong(EVENT_REFUSALS.say('urlScheme', { came: url.protocol.slice(0, 20) }));
  if (url.username !== '' || url.password !== '') throw wrong(EVENT_REFUSALS.say('urlWithPassword'));
  if (url.hash !== '') throw wrong(EVENT_REFUSALS.say('urlWithFragment'));
  const literal = literalAddress(url);
  if (!allowPrivate && literal !== undefined && !isPublicAddress(literal))
    throw wrong(EVENT_REFUSALS.say('urlNotPublic', { came: literal }));
  return url;
}

/** Where a webhook leads, without path and query, which may hold a secret of the receiver. */
export const originOf = (url: string): string => new URL(url).origin;
