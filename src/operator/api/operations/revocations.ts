import { fromHex, toHex } from '#base/codec/index.ts';
import type { Revocation, RevocationRequest, RevocationResult, Revocations } from '#operator/gateway/index.ts';
import { MOST_REVOKED } from '#protocol/imei-lock/index.ts';
import { form } from '../form.ts';
import { operation } from '../operation.ts';
import { ProblemError } from '../problem.ts';
import { capital, ORDERING } from '../refusals.ts';
import { Author, Count, closed, Hex, list, Reason, Text, Time } from '../schema.ts';
import { time } from '../view.ts';

const GivenSerial = form('formSerial', '^([0-9A-Fa-f]{2}){1,16}$', {
  description:
    'its serial number (tag 93) as it stands there, 1 to 16 octets; of a support that `assay factory` made: its identity',
});

const Shown = closed({
  serial: { ...Hex, description: 'serial number of the certificate' },
  reason: Text,
  author: Author,
  at: Time,
  told: { ...Count, description: 'UICCs that acknowledged it' },
});

const view = ({ serial, reason, author, at, told }: Revocation) => ({
  ...{ serial: toHex(serial), reason, author, told },
  at: time(at),
});

const preview = {
  uiccs: { ...Count, description: 'UICCs issued: each is told with an answer to a report of its own' },
  inUse: {
    ...Count,
    description: 'UICCs whose last report was proved by a support whose identity is this serial number',
  },
  locked: {
    ...Count,
    description:
      'of the ordered: UICCs locked to that support. They are told, and keep their pairing until a person ends it',
  },
  ordered: { ...Count, description: 'of those in use: UICCs ordered at once, the others when they report' },
};

function taken(result: RevocationResult) {
  if (result.kind === 'revoked') return result;
  const { why } = result;
  const isConflict = why === 'alreadyRevoked' || why === 'tooMany';
  throw new ProblemError(isConflict ? 'conflict' : 'invalid-value', {
    ...ORDERING.say(`revocation${capital(why)}`),
    at: why === 'noAuthorOrReason' ? '/reason' : '/serial',
  });
}

const asked = (revocations: Pick<Revocations, 'revoke'>, serial: string, more: Omit<RevocationRequest, 'serial'>) =>
  taken(revocations.revoke({ serial: fromHex(serial), ...more }));

/** Certificates of storage supports that UICCs are not to believe any more. */
export const revocationOperations = [
  operation({
    id: 'getRevocations',
    method: 'GET',
    path: '/api/v1/revocations',
    tag: 'subscribers',
    summary: 'Certificates that are revoked, the newest first, and how many UICCs know.',
    permission: 'settings.read',
    answer: closed({
      revocations: list(Shown),
      most: { ...Count, description: 'revocations that there can be: a UICC keeps no more' },
      uiccs: { ...Count, description: 'UICCs issued' },
    }),
    run: ({ sources: { gateway, subscribers } }) => ({
      revocations: gateway.revocations.all().map(view),
      most: MOST_REVOKED,
      uiccs: subscribers.count(),
    }),
  }),
  operation({
    id: 'previewRevocation',
    method: 'POST',
    path: '/api/v1/revocations/preview',
    tag: 'subscribers',
    summary: 'Whom a revocation would concern, as far as the operator knows. Nothing is changed.',
    permission: 'settings.read',
    body: closed({ serial: GivenSerial }),
    answer: closed(preview),
    problems: ['conflict'],
    run: ({ sources: { gateway }, body, author }) =>
      asked(gateway.revocations, body.serial, { author, reason: 'preview', dryRun: true }).preview,
  }),
  operation({
    id: 'revokeCertificate',
    method: 'POST',
    path: '/api/v1/revocations',
    tag: 'subscribers',
    summary: 'Revokes a certificate: UICCs refute its support at their next first meeting. It cannot be taken back.',
    description:
      'A UICC in use with the support is ordered at once to meet it anew; a locked one keeps its pairing and only learns. Every other UICC learns it with the answer to a report, one revocation an answer. A later power-on with pairing keys, and a static key, read no certificate.',
    permission: 'settings.change',
    body: closed({ serial: GivenSerial, reason: Reason }),
    status: 201,
    answer: closed({ ...preview, serial: Hex }),
    problems: ['conflict'],
    run({ sources: { gateway }, body, author }) {
      const result = asked(gateway.revocations, body.serial, { author, reason: body.reason });
      return { ...result.preview, serial: body.serial.toUpperCase() };
    },
  }),
] as const;
