import { type Command, InvalidArgumentError } from 'commander';
import { toHex } from '#base/codec/index.ts';
import type { Operator } from '#operator/index.ts';
import type { Subscriber } from '#operator/subscriber/index.ts';
import { numberArgument } from './argument.ts';
import { withOperator } from './data-directory.ts';
import type { Io } from './io.ts';
import { type CommonOptions, leaf } from './leaf.ts';
import { columns, isoTime, say, sayJson } from './print.ts';

interface SubscribersOptions extends CommonOptions {
  readonly after: string;
  readonly limit: number;
}

function afterArgument(text: string): string {
  if (!/^\d{1,20}$/.test(text)) throw new InvalidArgumentError('expected an ICCID or its beginning, in digits');
  return text;
}

function subscriberJson({ evidence }: Operator, { iccid, imsi, msisdn, algorithm, policy, issuedAt }: Subscriber) {
  const standing = evidence.standingOf(iccid.digits);
  return {
    ...{ iccid: iccid.digits, imsi: imsi.digits, msisdn: msisdn.digits, algorithm, pairing: policy.pairing },
    issuedAt: isoTime(issuedAt),
    standing: standing && {
      ...{ level: standing.level, result: standing.result, reason: standing.reason, lockState: standing.lockState },
      provedImei: standing.provedImei?.equipment,
      support: standing.support && toHex(standing.support),
      order: standing.standingOrder,
      lastReportAt: isoTime(standing.lastReportAt),
    },
  };
}

/** `assay subscribers`: the UICCs that were issued, and what is known of each. */
export function subscribersCommand(io: Io): Command {
  return leaf(io, 'subscribers', 'the UICCs that were issued, what each proved and which order stands for it', [
    'assay subscribers',
    'assay subscribers --limit 10 --json',
  ])
    .option('--after <iccid>', 'go on behind this ICCID', afterArgument, '')
    .option('--limit <number>', 'most UICCs', numberArgument(1, 1000), 50)
    .action((options: SubscribersOptions) =>
      withOperator(io, options, (operator) => {
        const page = operator.subscribers.page(options.after, options.limit);
        const found = page.map((one) => subscriberJson(operator, one));
        const next = page.length === options.limit ? page.at(-1)?.iccid.digits : undefined;
        if (options.json) return sayJson(io, { total: operator.subscribers.count(), subscribers: found, next });
        if (found.length === 0) return say(io, "none; 'assay uicc personalise' issues one");
        const rows = found.map(({ iccid, imsi, msisdn, pairing, standing }) => [
          ...[iccid, imsi, msisdn, pairing, standing?.provedImei ?? '', standing?.level ?? 'no report'],
          ...[standing?.lockState ?? '', standing?.order ?? ''],
        ]);
        const heading = ['ICCID', 'IMSI', 'MSISDN', 'pairing', 'proved IMEI', 'evidence', 'lock', 'order'];
        return say(io, ...columns([heading, ...rows]), ...(next === undefined ? [] : [`more: --after ${next}`]));
      }),
    );
}
