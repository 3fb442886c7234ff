import { CodecError, fromHex } from '#base/codec/index.ts';
import { type AddressValue, DiameterIdentity } from './avp-type.ts';

/** Who this node is: what it says of itself in every message (RFC 6733 5.3). */
export interface LocalNode {
  /** Its DiameterIdentity, by which peers know it. */
  readonly originHost: string;
  readonly originRealm: string;
  readonly productName: string;
  /** Its IP addresses, for Host-IP-Address; at least one. */
  readonly addresses: readonly string[];
  /** Rises at each restart: seconds since 1970 at the start serve (RFC 6733 8.16). */
  readonly originStateId: number;
}

/** Throws CodecError unless a text can be a DiameterIdentity, so that nothing false is ever sent. */
export function checkedIdentity(field: string, text: string): string {
  const octets = new TextEncoder().encode(text);
  const value = DiameterIdentity.read({ code: 0, flags: 0, vendor: 0, data: octets }, { avps: 0, depth: 0 });
  if (value === text) return text;
  throw new CodecError(field, 0, 'expected a domain name of 1 to 255 ASCII characters without blanks');
}

/** DiameterIdentities are compared as domain names are: without regard to case (RFC 6733 4.3.1). */
export function sameIdentity(a: string, b: string): boolean {
  return a === b || a.toLowerCase() === b.toLowerCase();
}

const IPV4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;
const IPV6_GROUPS = 8;

function ipv6Octets(text: string): Uint8Array | undefined {
  const [left = '', right, more] = text.split('::');
  if (more !== undefined) return undefined;
  const groupsOf = (part: string) => (part === '' ? [] : part.split(':'));
  const [before, after] = [groupsOf(left), groupsOf(right ?? '')];
  const zeros = IPV6_GROUPS - before.length - after.length;
  if (right === undefined ? zeros !== 0 : zeros < 1) return undefined;
  const groups = [...before, ...Array<string>(zeros).fill('0'), ...after];
  if (!groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return undefined;
  return fromHex(groups.map((group) => group.padStart(4, '0')).join(''));
}

/** An IP address as the type Address has it (RFC 6733 4.3.1). Throws CodecError for a text that is none. */
export function addressValue(text: string): AddressValue {
  const numbers = IPV4.exec(text)?.slice(1).map(Number);
  if (numbers?.every((number) => number <= 255) === true) return { family: 1, octets: Uint8Array.from(numbers) };
  const octets = ipv6Octets(text);
  if (octets !== undefined) return { family: 2, octets };
  throw new CodecError('Host-IP-Address', 0, 'expected an IPv4 or IPv6 address such as 192.0.2.3 or 2001:db8::3');
}
