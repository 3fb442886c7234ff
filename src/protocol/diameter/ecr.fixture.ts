import { concat } from '#base/codec/index.ts';
import { type Avp, avp, readAvps } from './avp.ts';
import { ECR, type MeIdentityCheckRequest } from './command.ts';
import { FLAG, HEADER_LENGTH, headerAt, messageOctets } from './header.ts';
import type { LocalNode } from './local-node.ts';

/** The register of the tests. */
export const NODE: LocalNode = {
  originHost: 'eir.test',
  originRealm: 'test',
  productName: 'Assay',
  addresses: ['192.0.2.3'],
  originStateId: 1_790_000_000,
};

/** A usual request, with members changed; `undefined` is no way to leave one out: use `without`. */
export const REQUEST: MeIdentityCheckRequest = {
  'Session-Id': 'mme.test;1;2;s13',
  'Vendor-Specific-Application-Id': { 'Vendor-Id': 10415, 'Auth-Application-Id': 16777252 },
  'Auth-Session-State': 1,
  'Origin-Host': 'mme.test',
  'Origin-Realm': 'test',
  'Destination-Realm': 'test',
  'Terminal-Information': { IMEI: '35342009123450', 'Software-Version': '01' },
  'User-Name': '262011234567890',
};

/** Header fields of a usual request. */
export const HEAD = { flags: FLAG.R | FLAG.P, command: 324, application: 16777252, hopByHop: 7, endToEnd: 9 } as const;

/** A request as octets. */
export function ecr(change: Partial<MeIdentityCheckRequest> = {}, head: Partial<typeof HEAD> = {}): Uint8Array {
  return messageOctets({ ...HEAD, ...head }, ECR.write({ ...REQUEST, ...change }));
}

/** The AVPs of a message. */
export function avpsOf(octets: Uint8Array): Avp[] {
  const list: Avp[] = [];
  readAvps(octets, HEADER_LENGTH, octets.length, { avps: 1024, depth: 4 }, list);
  return list;
}

/** A message with these AVPs behind the header of another. */
export function withAvps(octets: Uint8Array, avps: readonly Avp[]): Uint8Array {
  const { version: _, length: __, ...head } = headerAt(octets);
  return messageOctets(head, concat(...avps.map((one) => avp.encode(one))));
}
