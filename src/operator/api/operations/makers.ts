import Type from 'typebox';
import { fromHex, sameOctets, toHex } from '#base/codec/index.ts';
import { CryptoError, digest, importPublicKey } from '#base/crypto/index.ts';
import type { CertificateAuthority } from '#operator/subscriber/index.ts';
import { form } from '../form.ts';
import { operation } from '../operation.ts';
import { ProblemError } from '../problem.ts';
import { VALUE } from '../refusals.ts';
import { Count, closed, Hex, list, Reason } from '../schema.ts';

const POINT_HEX = 130;

const Maker = closed({
  identifier: { ...Hex, description: 'CA identifier (tag 42)' },
  publicPoint: { ...Hex, description: 'on P-256, uncompressed' },
  fingerprint: { ...Hex, description: 'SHA-256 over the 65 octets of the point' },
});

const fingerprintOf = (point: Uint8Array): Uint8Array => digest('sha256', point);
const view = ({ identifier, publicPoint }: CertificateAuthority) => ({
  identifier: toHex(identifier),
  publicPoint: toHex(publicPoint),
  fingerprint: toHex(fingerprintOf(publicPoint)),
});

function pointOf(hex: string): Uint8Array {
  const point = fromHex(hex);
  try {
    importPublicKey('P-256', point);
    return point;
  } catch (error) {
    if (!(error instanceof CryptoError)) throw error;
    throw new ProblemError('invalid-value', { ...VALUE.say('notAPoint'), at: '/publicPoint' });
  }
}

/** Roots of makers whose storage supports UICCs believe. */
export const makerOperations = [
  operation({
    id: 'getMakers',
    method: 'GET',
    path: '/api/v1/makers',
    tag: 'subscribers',
    summary: 'The makers that UICCs issued from now on believe, and this operator’s own root.',
    permission: 'settings.read',
    answer: closed({
      operator: { ...Maker, description: 'the root by which storage supports believe UICCs' },
      makers: list(Maker),
      uiccs: { ...Count, description: 'UICCs issued so far: they believe the makers of their day' },
    }),
    run: ({ sources: { subscribers } }) => ({
      operator: view(subscribers.operatorRoot()),
      makers: subscribers.makerRoots().map(view),
      uiccs: subscribers.count(),
    }),
  }),
  operation({
    id: 'trustMaker',
    method: 'POST',
    path: '/api/v1/makers',
    tag: 'subscribers',
    summary: 'Adds a maker’s root, or replaces its key. UICCs issued before do not learn it.',
    description: 'The fingerprint is to come by another way than the point, and is compared.',
    permission: 'settings.change',
    body: closed({
      identifier: form('formCaIdentifier', '^([0-9A-Fa-f]{2}){1,16}$', { description: 'CA identifier (tag 42)' }),
      publicPoint: form('formPoint', `^[0-9A-Fa-f]{${POINT_HEX}}$`, {
        description: 'on P-256, uncompressed, 65 octets',
      }),
      fingerprint: form('formFingerprint', '^([0-9A-Fa-f]{2}){32}$', {
        description: 'SHA-256 over the point, as the maker said it',
      }),
      reason: Reason,
    }),
    status: 201,
    answer: closed({ maker: Maker }),
    problems: ['conflict'],
    run({ sources: { subscribers }, body, author }) {
      const publicPoint = pointOf(body.publicPoint);
      if (!sameOctets(fingerprintOf(publicPoint), fromHex(body.fingerprint)))
        throw new ProblemError('conflict', { ...VALUE.say('otherFingerprint'), at: '/fingerprint' });
      const root = { identifier: fromHex(body.identifier), publicPoint };
      subscribers.trustMaker(root, { author, reason: body.reason });
      return { maker: view(root) };
    },
  }),
  operation({
    id: 'distrustMaker',
    method: 'POST',
    path: '/api/v1/makers/removals',
    tag: 'subscribers',
    summary: 'Takes a maker’s root away: UICCs issued from now on no longer believe it.',
    description:
      'UICCs in the field keep the roots they came with, as no command changes them: this says so, and does not pretend otherwise.',
    permission: 'settings.change',
    body: closed({
      identifier: form('formCaIdentifier', '^([0-9A-Fa-f]{2}){1,16}$', { description: 'CA identifier (tag 42)' }),
      reason: Reason,
    }),
    answer: closed({ removed: Type.Boolean(), stillBelieving: { ...Count, description: 'UICCs issued so far' } }),
    run: ({ sources: { subscribers }, body, author }) => ({
      removed: subscribers.distrustMaker(fromHex(body.identifier), { author, reason: body.reason }),
      stillBelieving: subscribers.count(),
    }),
  }),
] as const;
