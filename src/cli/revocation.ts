import type { Command } from 'commander';
import { toHex } from '#base/codec/index.ts';
import { REVOCATION_REFUSALS, type RevocationPreview } from '#operator/gateway/index.ts';
import { MOST_REVOKED } from '#protocol/imei-lock/index.ts';
import { serialArgument } from './argument.ts';
import { type ConfirmationOptions, confirm, withConfirmation } from './confirmation.ts';
import { withOperator } from './data-directory.ts';
import { wrongInput } from './failure.ts';
import type { Io } from './io.ts';
import { type CommonOptions, group, leaf } from './leaf.ts';
import { columns, isoTime, say, sayJson, shortTime } from './print.ts';

interface AddOptions extends CommonOptions, ConfirmationOptions {
  readonly reason: string;
  readonly author: string;
  readonly dryRun: boolean;
}

const NOTES = `
The serial number of a support that 'assay factory' made is its identity. UICCs whose last report was proved by that support are ordered at once to
meet it anew, and refute it; one that is locked to it only learns, and keeps its pairing until 'assay ota send re-pair' ends it. Every other UICC learns
with the answer to a report, one revocation an answer. No order makes a UICC forget; it keeps ${MOST_REVOKED}.
`;

/** Whom a revocation concerns, as sentences. */
const concerned = ({ uiccs, inUse, locked, ordered }: RevocationPreview): readonly string[] => [
  `UICCs in use with this support: ${inUse}, of which ordered at once: ${ordered}, locked to it: ${locked}`,
  `UICCs that learn it with an answer: ${uiccs - ordered}`,
];

function addCommand(io: Io): Command {
  const command = leaf(
    io,
    'add',
    'revoke the certificate of a storage support (2): UICCs no longer believe it at a first meeting',
    [
      'assay revocation add A1A2A3A4A5A6A7A8 --reason "its keys leaked" --dry-run',
      'assay revocation add A1A2A3A4A5A6A7A8 --reason "its keys leaked"',
    ],
  )
    .argument('<serial>', 'serial number of the certificate, 1 to 16 octets in hexadecimal', serialArgument)
    .requiredOption('--reason <text>', 'why')
    .option('--author <name>', 'who decides', io.userName)
    .option('--dry-run', 'only show whom it concerns', false)
    .addHelpText('after', NOTES);
  return withConfirmation(command).action((serial: Uint8Array, options: AddOptions) =>
    withOperator(io, options, async ({ gateway: { revocations } }) => {
      const { reason, author, dryRun } = options;
      const order = { serial, reason, author };
      const shown = revocations.revoke({ ...order, dryRun: true });
      if (shown.kind === 'refused') throw wrongInput(REVOCATION_REFUSALS[shown.why]);
      if (!dryRun) await confirm(io, options, `Certificate ${toHex(serial)} will be revoked.`);
      const result = dryRun ? shown : revocations.revoke(order);
      if (result.kind === 'refused') throw wrongInput(REVOCATION_REFUSALS[result.why]);
      if (options.json) return sayJson(io, { serial: toHex(serial), dryRun, ...result.preview });
      const first = dryRun ? 'dry run: nothing was changed' : `certificate ${toHex(serial)} is revoked`;
      return say(io, first, ...concerned(result.preview));
    }),
  );
}

function listCommand(io: Io): Command {
  return leaf(io, 'list', 'certificates that are revoked, the newest first, and how many UICCs know', [
    'assay revocation list',
  ]).action((options: CommonOptions) =>
    withOperator(io, options, ({ gateway }) => {
      const found = gateway.revocations.all();
      if (options.json)
        return sayJson(
          io,
          found.map(({ serial, at, reason, author, told }) => ({
            ...{ serial: toHex(serial), reason, author, told },
            at: isoTime(at),
          })),
        );
      if (found.length === 0) return say(io, 'no certificate is revoked');
      const rows = found.map(({ serial, reason, author, at, told }) => [
        ...[toHex(serial), String(told), reason, author],
        shortTime(at),
      ]);
      return say(io, ...columns([['serial', 'UICCs that know', 'reason', 'author', 'since'], ...rows]));
    }),
  );
}

/** `assay revocation`: certificates that UICCs are not to believe any more. */
export const revocationCommand = (io: Io): Command =>
  group('revocation', 'certificates of storage supports that are revoked: add, list', [
    addCommand(io),
    listCommand(io),
  ]);
