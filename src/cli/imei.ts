import { type Command, Option } from 'commander';
import { toHex } from '#base/codec/index.ts';
import type { Imei, Imsi } from '#base/identity/index.ts';
import type { Operator } from '#operator/index.ts';
import { type Decision, type EquipmentNumber, FRONTS, type Front } from '#operator/register/index.ts';
import { equipmentArgument, imsiArgument } from './argument.ts';
import { withOperator } from './data-directory.ts';
import { EXIT } from './failure.ts';
import type { Io } from './io.ts';
import { type CommonOptions, group, leaf } from './leaf.ts';
import { entryJson, entryLines } from './list.ts';
import { columns, facts, isoTime, plain, say, sayJson, shortTime } from './print.ts';
import { rangeJson, rangeLines } from './range.ts';

interface ImeiOptions extends CommonOptions {
  readonly imsi?: Imsi;
  readonly front: Front;
}

/** Findings looked through for one IMEI. */
const MOST_FINDINGS = 1000;

/** As it was written: what was done to it is part of the answer. */
const question = ({ written }: EquipmentNumber, { imsi, front }: ImeiOptions) => ({
  imei: written,
  front,
  ...(imsi && { imsi }),
});

const frontOption = () =>
  new Option('--front <interface>', 'asked over this interface: its own answer for the unknown counts')
    .choices(FRONTS)
    .default('api');

const decisionJson = ({
  imei,
  imsi,
  equipmentStatus,
  isUnknown,
  normalised,
  evidence,
  provedImei,
  reasons,
}: Decision) => ({
  imei: imei.equipment,
  imsi: imsi?.digits,
  ...{ equipmentStatus, isUnknown, normalised, evidence },
  provedImei: provedImei?.equipment,
  reasons,
});

function decisionLines({ equipmentStatus, evidence, provedImei, normalised, reasons }: Decision): readonly string[] {
  const name = equipmentStatus[0]?.toUpperCase() + equipmentStatus.slice(1);
  return [
    ...facts({ status: name, evidence, 'proved by this UICC': provedImei?.withCheckDigit }),
    ...normalised.map((change) => `  (${change})`),
    ...reasons.map(({ text, caseReference, overruledBy }) => {
      const more = `${caseReference ? ` [case ${caseReference}]` : ''}${overruledBy ? ` [overruled: ${overruledBy}]` : ''}`;
      return plain(`  ${text}${more}`);
    }),
  ];
}

function checkCommand(io: Io): Command {
  return leaf(io, 'check', 'the answer the register would give the network; status 1 when Prohibited', [
    'assay imei check 353325109900229',
    'assay imei check 353325109900229 --imsi 001010000000002 --json',
  ])
    .argument('<imei>', '14 to 16 digits, imei-… or imeisv-…; 11 to 13 that lost zeros', equipmentArgument)
    .addOption(frontOption())
    .option('--imsi <imsi>', 'subscriber who uses it: what the UICC proved then counts', imsiArgument)
    .action((number: EquipmentNumber, options: ImeiOptions) =>
      withOperator(io, options, ({ register }) => {
        const decision = register.explain(question(number, options));
        if (decision.equipmentStatus === 'prohibited') io.exitCode = EXIT.no;
        if (options.json) return sayJson(io, decisionJson(decision));
        return say(io, ...decisionLines(decision));
      }),
    );
}

/** All that the operator knows about an IMEI. */
function knownAbout({ register, evidence }: Operator, number: EquipmentNumber, options: ImeiOptions) {
  const { imei } = number;
  const cluster = evidence.cluster(imei);
  return {
    decision: register.explain(question(number, options)),
    entries: register.lists.all(imei),
    ranges: register.ranges.about(imei),
    maker: register.tacs.find(imei.tac),
    cluster,
    provers: evidence.provers(imei),
    pairings: evidence.provers(imei).flatMap(({ iccid }) => evidence.pairings(iccid)),
    findings: evidence.findings(MOST_FINDINGS).filter((finding) => finding.imei?.equals(imei) === true),
  };
}
type Known = ReturnType<typeof knownAbout>;

function knownJson(imei: Imei, { decision, entries, ranges, maker, cluster, provers, pairings, findings }: Known) {
  return {
    ...decisionJson(decision),
    tac: imei.tac.digits,
    maker: maker?.maker,
    model: maker?.model,
    serialNumber: imei.serialNumber,
    checkDigit: imei.checkDigit,
    entries: entries.map(entryJson),
    ranges: ranges.map(rangeJson),
    genuine: cluster.genuine,
    claimants: cluster.claimants.map((one) => ({ ...one, firstAt: isoTime(one.firstAt), lastAt: isoTime(one.lastAt) })),
    provers: provers.map(({ iccid, imsi, level, provedAt, support }) => ({
      ...{ iccid, imsi, level, support: support && toHex(support) },
      provedAt: provedAt === undefined ? undefined : isoTime(provedAt),
    })),
    pairings: pairings.map(({ iccid, imsi, support, fromAt, untilAt, imei: paired }) => ({
      ...{ iccid, imsi, support: toHex(support), imei: paired.equipment, fromAt: isoTime(fromAt) },
      untilAt: untilAt === undefined ? undefined : isoTime(untilAt),
    })),
    findings: findings.map(({ kind, firstAt, lastAt, times, imsi, text }) => ({
      ...{ kind, times, imsi, text, firstAt: isoTime(firstAt), lastAt: isoTime(lastAt) },
    })),
  };
}

const section = (title: string, lines: readonly string[], none: string) => [
  '',
  title,
  ...(lines.length === 0 ? [`  ${none}`] : lines.map((line) => `  ${line}`)),
];

function knownLines(
  imei: Imei,
  { decision, entries, ranges, maker, cluster, pairings, findings }: Known,
): readonly string[] {
  const digits = {
    IMEI: imei.withCheckDigit,
    'type allocation code': imei.tac.digits,
    'given to': maker && `${maker.maker} ${maker.model}`,
    'serial number': imei.serialNumber,
    'check digit': `${imei.checkDigit} (Luhn; a network sends a spare digit instead)`,
  };
  const claimants = cluster.claimants.map(({ imsi, level, isGenuine, times, firstAt, lastAt }) => [
    ...[imsi, level, isGenuine ? 'proves it' : 'only claims it', String(times)],
    ...[shortTime(firstAt), shortTime(lastAt)],
  ]);
  const heading = ['IMSI', 'evidence', '', 'times', 'first', 'last'];
  const genuine = cluster.genuine === undefined ? [] : [`genuine: the handset of IMSI ${cluster.genuine}`];
  const met = pairings.map(({ iccid, imei: paired, support, fromAt, untilAt }) => [
    ...[iccid, toHex(support), paired.withCheckDigit, shortTime(fromAt)],
    untilAt === undefined ? 'now' : shortTime(untilAt),
  ]);
  const found = findings.map(({ kind, times, lastAt, text }) => [shortTime(lastAt), kind, `${times}x`, text]);
  return [
    ...facts(digits),
    ...decisionLines(decision),
    ...section('On lists', entries.length === 0 ? [] : entryLines(entries), 'none'),
    ...(ranges.length === 0 ? [] : section('In ranges on lists, the narrowest first', rangeLines(ranges), '')),
    ...section(
      'Who uses it',
      claimants.length === 0 ? [] : [...columns([heading, ...claimants]), ...genuine],
      'nobody was seen with it',
    ),
    ...section(
      'UICCs that prove it, and the storage supports they met',
      met.length === 0 ? [] : columns([['ICCID', 'support', 'IMEI', 'from', 'until'], ...met]),
      'none',
    ),
    ...section('Contradictions', columns(found), 'none'),
  ];
}

function explainCommand(io: Io): Command {
  return leaf(
    io,
    'explain',
    'all that is known about an IMEI: digits, lists, evidence, who uses it, pairings, findings',
    ['assay imei explain 490154209900550', 'assay imei explain 490154209900550 --json'],
  )
    .argument('<imei>', '14 to 16 digits, imei-… or imeisv-…; 11 to 13 that lost zeros', equipmentArgument)
    .addOption(frontOption())
    .option('--imsi <imsi>', 'look at it in the hands of this subscriber', imsiArgument)
    .action((number: EquipmentNumber, options: ImeiOptions) =>
      withOperator(io, options, (operator) => {
        const { imei } = number;
        const known = knownAbout(operator, number, options);
        return options.json ? sayJson(io, knownJson(imei, known)) : say(io, ...knownLines(imei, known));
      }),
    );
}

/** `assay imei`: what the register (7) says of one. */
export function imeiCommand(io: Io): Command {
  return group('imei', 'ask the register (7) about an IMEI; nothing is recorded', [
    checkCommand(io),
    explainCommand(io),
  ]);
}
