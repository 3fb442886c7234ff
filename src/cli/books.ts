import type { Command } from 'commander';
import { withOperator } from './data-directory.ts';
import { EXIT } from './failure.ts';
import type { Io } from './io.ts';
import { type CommonOptions, group, leaf } from './leaf.ts';
import { columns, say, sayJson } from './print.ts';

const MOST_SHOWN = 1000;

/** `assay audit`: the log of all orders, list changes and verdicts. */
export function auditCommand(io: Io): Command {
  const verify = leaf(io, 'verify', 'check the chain of the log; status 1 when an entry was changed or is missing', [
    'assay audit verify',
  ]).action(async (options: CommonOptions) => {
    const fault = await withOperator(io, options, ({ audit }) => audit.verify());
    if (options.json) await sayJson(io, { intact: fault === undefined, fault });
    else await say(io, fault === undefined ? 'The log is whole.' : `The log is not whole: ${JSON.stringify(fault)}`);
    if (fault !== undefined) io.exitCode = EXIT.no;
  });
  return group('audit', 'the append-only log', [verify]);
}

/** `assay subscribers`: the operator's UICCs and what is known of them. */
export function subscribersCommand(io: Io): Command {
  return leaf(io, 'subscribers', 'the UICCs of the operator, what they proved and how they stand', [
    'assay subscribers',
    'assay subscribers --json',
  ]).action(async (options: CommonOptions) => {
    const found = await withOperator(io, options, ({ subscribers, evidence }) =>
      subscribers.page('', MOST_SHOWN).map(({ iccid, imsi, msisdn }) => {
        const standing = evidence.standing(imsi);
        return {
          iccid: iccid.digits,
          imsi: imsi.digits,
          msisdn: msisdn.digits,
          evidence: standing?.level,
          provedImei: standing?.provedImei?.withCheckDigit,
          lock: standing?.lockState,
          lastOrder: standing?.standingOrder,
        };
      }),
    );
    if (options.json) return sayJson(io, found);
    if (found.length === 0) return say(io, "No subscribers: make one with 'assay uicc personalise'.");
    const rows = found.map((one) => [
      one.iccid,
      one.imsi,
      one.msisdn,
      one.provedImei ?? '',
      one.evidence ?? 'no report',
      one.lock ?? '',
      one.lastOrder ?? '',
    ]);
    return say(io, ...columns([['iccid', 'imsi', 'msisdn', 'proved IMEI', 'evidence', 'lock', 'last order'], ...rows]));
  });
}
