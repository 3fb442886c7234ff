import type { Command } from 'commander';
import { POLICY_REFUSALS } from '#operator/gateway/index.ts';
import { numberArgument } from './argument.ts';
import { withOperator } from './data-directory.ts';
import { EXIT, wrongInput } from './failure.ts';
import type { Io } from './io.ts';
import { type CommonOptions, leaf } from './leaf.ts';
import { outcomeOf, type UiccOptions, uiccOf, withUicc } from './ota-target.ts';
import { type PolicyOptions, rulesOf, rulesShown, withPolicy } from './policy-options.ts';
import { columns, say, sayJson } from './print.ts';

interface OtaPolicyOptions extends CommonOptions, UiccOptions, PolicyOptions {
  readonly reason: string;
  readonly case?: string;
  readonly author?: string;
  readonly wait?: number;
  readonly dryRun: boolean;
}

/** `assay ota policy`: new rules for the IMEI lock of a UICC in the field. */
export function policyCommand(io: Io): Command {
  const command = withUicc(
    leaf(io, 'policy', 'change the rules of the IMEI lock of a UICC; what is not named stays', [
      'assay ota policy --imsi 001010000000002 --gate open --reason "roaming test"',
      'assay ota policy --imsi 001010000000002 --pairing locked --terminal-cannot-prove grace --reason "now in a machine" --wait 30',
    ]),
  );
  return withPolicy(command)
    .requiredOption('--reason <text>', 'why')
    .option('--case <reference>', 'case number')
    .option('--author <name>', 'who orders; default the user')
    .option(
      '--wait <seconds>',
      'wait for the acknowledgement; status 1 when it does not come',
      numberArgument(1, 86_400),
    )
    .option('--dry-run', 'only show what would change', false)
    .action((options: OtaPolicyOptions) => sendPolicy(io, options));
}

async function sendPolicy(io: Io, options: OtaPolicyOptions): Promise<void> {
  const { reason, author = io.userName, dryRun, wait } = options;
  await withOperator(io, options, async (operator) => {
    const iccid = uiccOf(operator, options);
    const result = operator.gateway.policy({
      ...{ iccid, change: rulesOf(options), author, reason, dryRun },
      ...(options.case !== undefined && { caseReference: options.case }),
    });
    if (result.kind === 'refused') throw wrongInput(POLICY_REFUSALS[result.why]);
    const { order, before, after } = result;
    const state = order === undefined || wait === undefined ? undefined : await outcomeOf(io, operator, order, wait);
    if (options.json) await sayJson(io, { iccid: iccid.digits, order, state, before, after });
    else {
      const was = rulesShown(before);
      const rows = rulesShown(after).map(([rule, is], at) => {
        const old = was[at]?.[1] ?? '';
        return [rule, old, is === old ? '' : is];
      });
      await say(io, ...columns([['rule', 'is', 'becomes'], ...rows]));
      await say(io, order === undefined ? 'Nothing was sent.' : `Order ${order} to ${iccid}.`);
      if (state !== undefined) await say(io, `It is ${state}.`);
    }
    if (wait !== undefined && !dryRun && state !== 'acknowledged') io.exitCode = EXIT.no;
  });
}
