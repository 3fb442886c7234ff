import type { Command } from 'commander';
import type { Imei, Imsi } from '#base/identity/index.ts';
import type { Decision } from '#operator/index.ts';
import { imeiArgument, imsiArgument } from './argument.ts';
import { withOperator } from './data-directory.ts';
import { EXIT } from './failure.ts';
import type { Io } from './io.ts';
import { type CommonOptions, group, leaf } from './leaf.ts';
import { columns, facts, plain, say, sayJson, shortTime } from './print.ts';

interface AskOptions extends CommonOptions {
  readonly imsi?: Imsi;
}
const WORD = { permitted: 'Permitted', tracking: 'Tracking', prohibited: 'Prohibited' } as const;

/** `assay imei`: what the register says of an IMEI. */
export function imeiCommand(io: Io): Command {
  const asking = (name: string, description: string, examples: readonly string[]) =>
    leaf(io, name, description, examples)
      .argument('<imei>', '14 or 15 digits', imeiArgument)
      .option('--imsi <imsi>', 'the subscriber in the handset', imsiArgument);
  const check = asking('check', 'the register decides, as for a network; status 1 when prohibited', [
    'assay imei check 35332510990022',
    'assay imei check 35332510990022 --imsi 001010000000002 --json',
  ]).action((imei: Imei, options: AskOptions) => checkImei(io, imei, options));
  const explain = asking('explain', 'digits, lists, evidence, who claims it; changes nothing', [
    'assay imei explain 490154209900556',
  ]).action((imei: Imei, options: AskOptions) => explainImei(io, imei, options));
  return group('imei', 'ask the equipment register', [check, explain]);
}

const decisionJson = ({ imei, imsi, equipmentStatus, reasons, evidence, provedImei }: Decision) => ({
  imei: imei.withCheckDigit,
  imsi: imsi?.digits,
  equipmentStatus,
  evidence,
  provedImei: provedImei?.withCheckDigit,
  reasons,
});

function decisionLines({ imei, equipmentStatus, reasons, evidence }: Decision): readonly string[] {
  return [
    `${WORD[equipmentStatus]}: ${imei}`,
    ...reasons.map(
      ({ text, caseReference }) =>
        `  ${plain(text)}${caseReference === undefined ? '' : ` [case ${plain(caseReference)}]`}`,
    ),
    `  evidence: ${evidence}`,
  ];
}

async function checkImei(io: Io, imei: Imei, options: AskOptions): Promise<void> {
  const { imsi } = options;
  const decision = await withOperator(io, options, ({ register }) => register.check({ imei, ...(imsi && { imsi }) }));
  await (options.json ? sayJson(io, decisionJson(decision)) : say(io, ...decisionLines(decision)));
  if (decision.equipmentStatus === 'prohibited') io.exitCode = EXIT.no;
}

async function explainImei(io: Io, imei: Imei, options: AskOptions): Promise<void> {
  const { imsi } = options;
  await withOperator(io, options, async ({ register, evidence }) => {
    const decision = register.explain({ imei, ...(imsi && { imsi }) });
    const cluster = evidence.cluster(imei);
    const entries = register.lists.all(imei);
    if (options.json) {
      const lists = entries.map((entry) => ({ ...entry, imei: entry.imei.withCheckDigit }));
      return sayJson(io, {
        ...decisionJson(decision),
        tac: imei.tac.digits,
        lists,
        claimants: cluster.claimants,
        genuine: cluster.genuine,
      });
    }
    await say(io, ...decisionLines(decision));
    await say(
      io,
      '',
      ...facts({
        'type allocation code': imei.tac.digits,
        'serial number': imei.serialNumber,
        'check digit': imei.checkDigit,
      }),
    );
    if (entries.length > 0)
      await say(
        io,
        '',
        'On lists:',
        ...columns(entries.map((entry) => ['', entry.list, entry.reason, entry.source, entry.caseReference])),
      );
    if (cluster.claimants.length === 0) return say(io, '', 'No subscriber has been seen with it.');
    const rows = cluster.claimants.map(({ imsi: who, level, lastAt, isGenuine }) => [
      '',
      who,
      level,
      `last ${shortTime(lastAt)}`,
      isGenuine ? 'genuine' : '',
    ]);
    return say(io, '', 'Subscribers seen with it:', ...columns(rows));
  });
}
