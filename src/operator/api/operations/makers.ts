import Type from 'typebox';
import { fromHex, sameOctets, toHex } from '#base/codec/index.ts';
import { CryptoError, digest, importPublicKey } from '#base/crypto/index.ts';
import type { Rollout, RolloutRefusal } from '#operator/gateway/index.ts';
import { type CertificateAuthority, type Subscribers, sameRoot } from '#operator/subscriber/index.ts';
import { MOST_ROOTS } from '#protocol/imei-lock/index.ts';
import { form } from '../form.ts';
import { operation } from '../operation.ts';
import { ProblemError } from '../problem.ts';
import { proposed, WAITS } from '../proposal.ts';
import { capital, ORDERING, VALUE } from '../refusals.ts';
import { Count, closed, Hex, list, names, Reason, Text, Time } from '../schema.ts';
import { time } from '../view.ts';

const POINT_HEX = 130;

const Root = {
  identifier: { ...Hex, description: 'CA identifier (tag 42)' },
  publicPoint: { ...Hex, description: 'on P-256, uncompressed' },
  fingerprint: { ...Hex, description: 'SHA-256 over the 65 octets of the point' },
};
const Maker = closed(Root);
const HeldMaker = closed({
  ...Root,
  isBelieved: Type.Boolean({
    description: 'by UICCs issued from now on; false: it was taken away, and UICCs still hold it',
  }),
  uiccs: { ...Count, description: 'UICCs that believe it, as they came or as they acknowledged' },
});
const GivenIdentifier = form('formCaIdentifier', '^([0-9A-Fa-f]{2}){1,16}$', { description: 'CA identifier (tag 42)' });

const fixed = {
  ...Count,
  description: 'UICCs that said that they know no such order: their roots cannot be changed over the air',
};
const ShownRollout = closed({
  id: Count,
  author: Text,
  reason: Text,
  at: Time,
  makers: list(Maker),
  state: names(['ordering', 'ordered'], 'ordering: UICCs are still being ordered; ordered: each has its order'),
  uiccs: { ...Count, description: 'UICCs issued' },
  holding: { ...Count, description: 'UICCs that believe these makers and no other' },
  underWay: { ...Count, description: 'orders that wait for their turn, for the SMSC or for the UICC' },
  fixed,
});

const fingerprintOf = (point: Uint8Array): Uint8Array => digest('sha256', point);
const view = ({ identifier, publicPoint }: CertificateAuthority) => ({
  identifier: toHex(identifier),
  publicPoint: toHex(publicPoint),
  fingerprint: toHex(fingerprintOf(publicPoint)),
});

/** Makers that are believed, then those that were taken away and that UICCs still believe. */
function heldMakers(subscribers: Subscribers) {
  const believed = subscribers.makerRoots();
  const { roots, ...others } = subscribers.trusts.counts();
  const holders = (root: CertificateAuthority) => roots.find((one) => sameRoot(one, root))?.uiccs ?? 0;
  const withdrawn = roots.filter((one) => one.uiccs > 0 && !believed.some((root) => sameRoot(one, root)));
  return {
    makers: [
      ...believed.map((root) => ({ ...view(root), isBelieved: true, uiccs: holders(root) })),
      ...withdrawn.map((root) => ({ ...view(root), isBelieved: false, uiccs: root.uiccs })),
    ],
    ...others,
  };
}

const rolloutView = ({ roots, at, ...rollout }: Rollout) => ({ ...rollout, at: time(at), makers: roots.map(view) });

const refused = (why: RolloutRefusal): ProblemError =>
  new ProblemError(why === 'noAuthorOrReason' ? 'invalid-value' : 'conflict', {
    ...ORDERING.say(`rollout${capital(why)}`),
    ...(why === 'noAuthorOrReason' && { at: '/reason' }),
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
    summary: 'The makers that UICCs believe, how many UICCs believe each, and this operator’s own root.',
    permission: 'settings.read',
    answer: closed({
      operator: { ...Maker, description: 'the root by which storage supports believe UICCs' },
      makers: list(HeldMaker),
      uiccs: {
        ...Count,
        description: 'UICCs issued so far: they believe the makers of their day, or of the last roll-out',
      },
      unknown: { ...Count, description: 'UICCs issued before their makers were kept, that acknowledged none since' },
      fixed,
      most: { ...Count, description: 'makers that can be rolled out: a UICC keeps no more' },
      rollout: Type.Optional({ ...ShownRollout, description: 'the newest' }),
    }),
    run({ sources: { subscribers, gateway } }) {
      const rollout = gateway.rootRollout.newest();
      return {
        operator: view(subscribers.operatorRoot()),
        ...heldMakers(subscribers),
        uiccs: subscribers.count(),
        most: MOST_ROOTS,
        rollout: rollout && rolloutView(rollout),
      };
    },
  }),
  operation({
    id: 'trustMaker',
    method: 'POST',
    path: '/api/v1/makers',
    tag: 'subscribers',
    summary: 'Adds a maker’s root. UICCs issued before learn it by a roll-out.',
    description: 'The fingerprint is to come by another way than the point, and is compared.',
    permission: 'settings.change',
    body: closed({
      identifier: GivenIdentifier,
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
      const known = subscribers.makerRoots().find((one) => sameOctets(one.identifier, root.identifier));
      if (known !== undefined && !sameRoot(known, root))
        throw new ProblemError('conflict', { ...VALUE.say('makerOfOtherKey'), at: '/identifier' });
      if (sameOctets(subscribers.operatorRoot().identifier, root.identifier))
        throw new ProblemError('conflict', { ...VALUE.say('makerIsOperator'), at: '/identifier' });
      subscribers.trustMaker(root, { author, reason: body.reason });
      return { maker: view(root) };
    },
  }),
  operation({
    id: 'distrustMaker',
    method: 'POST',
    path: '/api/v1/makers/removals',
    tag: 'subscribers',
    summary: 'Takes a maker’s root away: UICCs issued from now on no longer believe it, the others after a roll-out.',
    description:
      'Where the setting `approval` asks a second person for what prohibits, it waits for one: handsets with supports of that maker lose service by the roll-out.',
    permission: 'settings.change',
    body: closed({ identifier: GivenIdentifier, reason: Reason }),
    answer: closed({
      removed: Type.Boolean(),
      stillBelieving: { ...Count, description: 'UICCs that believe it until a roll-out, as far as is known' },
    }),
    others: [WAITS],
    problems: ['conflict'],
    run(call) {
      const { subscribers } = call.sources;
      const identifier = fromHex(call.body.identifier);
      const root = subscribers.makerRoots().find((one) => sameOctets(one.identifier, identifier));
      if (root === undefined) return { removed: false, stillBelieving: 0 };
      const change = { about: 'maker', change: 'remove', identifier: toHex(identifier) } as const;
      const proposal = proposed(call, change, call.body.reason);
      if ('waiting' in proposal) return proposal;
      const holders = subscribers.trusts.counts().roots.find((one) => sameRoot(one, root));
      return { removed: proposal.isChanged, stillBelieving: holders?.uiccs ?? 0 };
    },
  }),
  operation({
    id: 'previewRollout',
    method: 'POST',
    path: '/api/v1/makers/rollouts/preview',
    tag: 'subscribers',
    summary: 'What a roll-out of the makers would do, by what each UICC said last. Nothing is changed.',
    permission: 'settings.read',
    body: closed({
      without: Type.Array(GivenIdentifier, {
        maxItems: MOST_ROOTS,
        description: 'makers to leave out, as if they were taken away; may be none',
      }),
    }),
    answer: closed({
      uiccs: { ...Count, description: 'UICCs issued' },
      holding: { ...Count, description: 'UICCs that believe just these makers: nothing is sent to them' },
      fixed,
      ordered: { ...Count, description: 'UICCs that would be ordered' },
      messages: { ...Count, description: 'short messages for each of them' },
      losing: {
        ...Count,
        description:
          'of the ordered: UICCs whose handset was proved by a root that is not among these: they lose service at the next proof',
      },
      locked: { ...Count, description: 'of the losing: UICCs locked to that handset' },
      unknown: {
        ...Count,
        description: 'of the ordered: UICCs whose last proof does not say its root (report of version 1)',
      },
    }),
    problems: ['conflict'],
    run({ sources: { subscribers, gateway }, body }) {
      const without = body.without.map((identifier) => identifier.toUpperCase());
      const roots = subscribers.makerRoots();
      const names = new Set(roots.map(({ identifier }) => toHex(identifier)));
      const unknown = without.findIndex((identifier) => !names.has(identifier));
      if (unknown >= 0)
        throw new ProblemError('conflict', { ...VALUE.say('makerNotBelieved'), at: `/without/${unknown}` });
      return gateway.rootRollout.effect(roots.filter(({ identifier }) => !without.includes(toHex(identifier))));
    },
  }),
  operation({
    id: 'rollOutMakers',
    method: 'POST',
    path: '/api/v1/makers/rollouts',
    tag: 'subscribers',
    summary: 'Lets all UICCs issued so far believe the makers as they stand now, and no other.',
    description:
      'It is begun durably when this answers; the gateway orders some hundreds of UICCs at a time, as the SMSC takes them. A roll-out that was under way ends. A UICC keeps what it believes until it has the whole order, and acknowledges what it then believes.',
    permission: 'settings.change',
    body: closed({ reason: Reason }),
    status: 201,
    answer: closed({ rollout: ShownRollout }),
    problems: ['conflict'],
    run({ sources: { gateway }, body, author }) {
      const result = gateway.rootRollout.begin({ author, reason: body.reason });
      if (result.kind === 'refused') throw refused(result.why);
      return { rollout: rolloutView(result.rollout) };
    },
  }),
] as const;
