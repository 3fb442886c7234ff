import { readFileSync, statSync } from 'node:fs';
import type { Command } from 'commander';
import { Option } from 'commander';
import type { Iccid, Imsi, Msisdn } from '#base/identity/index.ts';
import { plannedTables } from '#handset/uicc/index.ts';
import { type CardDocument, type Finding, importPackage } from '#lab/card-profile/index.ts';
import { FLEET_POLICY, STANDARD_POLICY } from '#operator/subscriber/index.ts';
import { hexArgument, iccidArgument, imsiArgument, msisdnArgument } from './argument.ts';
import { wrongInput } from './failure.ts';
import type { Io } from './io.ts';
import { type CommonOptions, leaf } from './leaf.ts';
import { columns, facts, say, sayJson } from './print.ts';
import { personaliseByProfile } from './uicc-profile.ts';

interface ImportOptions extends CommonOptions {
  readonly check: boolean;
  readonly lenient: boolean;
  readonly iccid?: Iccid;
  readonly imsi?: Imsi;
  readonly msisdn?: Msisdn;
  readonly k?: Uint8Array;
  readonly opc?: Uint8Array;
  readonly policy: 'standard' | 'fleet';
}

/** Octets of a package; real ones have some 20,000. */
const LARGEST_PACKAGE = 1_048_576;

/** `assay uicc import`: a card from the profile package of an operator. */
export function importCommand(io: Io): Command {
  return leaf(io, 'import', 'a UICC from a profile package of TCA (SAIP, in DER), with the IMEI lock on it', [
    'assay uicc import profile.der --check',
    'assay uicc import profile.der --imsi 001010000000050 --msisdn 99970000050',
  ])
    .argument('<file>', 'the package')
    .option('--check', 'say what card it makes; nothing is written', false)
    .option('--lenient', 'go on without what the package makes mandatory and this card has not', false)
    .option('--iccid <iccid>', 'instead of that of the package', iccidArgument)
    .option('--imsi <imsi>', 'instead of that of the package', imsiArgument)
    .option('--msisdn <number>', 'instead of that of EF.MSISDN', msisdnArgument)
    .option('--k <hex>', 'instead of the key of the package, with --opc: Milenage', hexArgument(16))
    .option('--opc <hex>', 'with --k', hexArgument(16))
    .addOption(new Option('--policy <policy>', 'of the lock').choices(['standard', 'fleet']).default('standard'))
    .action((file: string, options: ImportOptions) => importFile(io, file, options));
}

/** The profile with what the command line says instead. */
function overridden(document: CardDocument, { k, opc, policy }: ImportOptions): CardDocument {
  if ((k === undefined) !== (opc === undefined)) throw wrongInput('--k and --opc: expected both or none, got one');
  const order = {
    ...document.order,
    policy: policy === 'fleet' ? FLEET_POLICY : STANDARD_POLICY,
    ...(k && opc && { algorithm: { kind: 'milenage', k, opc } as const }),
  };
  return { ...document, order };
}

const lines = (findings: readonly Finding[]) =>
  columns(findings.map(({ position, element, problem }) => [position === 0 ? '' : String(position), element, problem]));

async function importFile(io: Io, file: string, options: ImportOptions): Promise<void> {
  const { size } = statSync(file);
  if (size > LARGEST_PACKAGE)
    throw wrongInput(`${file}: expected a package of at most ${LARGEST_PACKAGE} octets, got ${size}`);
  const { document: read, findings } = importPackage(new Uint8Array(readFileSync(file)), options.lenient);
  const document = overridden(read, options);
  const { files } = document.card;
  if (files) plannedTables(files, false);
  const { iccid = document.iccid, imsi = document.imsi, msisdn = document.msisdn } = options;
  const { algorithm } = document.order;
  const found = {
    iccid: iccid?.digits,
    imsi: imsi?.digits,
    msisdn: msisdn?.digits,
    algorithm: typeof algorithm === 'object' ? algorithm.kind : algorithm,
    files: files?.files?.length,
    directories: files?.directories?.length,
  };
  if (options.check) return report(io, options, found, findings);
  if (iccid === undefined || imsi === undefined || msisdn === undefined)
    throw wrongInput('expected ICCID, IMSI and MSISDN, got less in the package: add --iccid, --imsi or --msisdn');
  const [path] = await personaliseByProfile(io, options, document, [{ iccid, imsi, msisdn }]);
  return report(io, options, { ...found, file: path }, findings);
}

function report(
  io: Io,
  { json }: ImportOptions,
  found: Readonly<Record<string, string | number | undefined>>,
  findings: readonly Finding[],
): Promise<void> {
  if (json) return sayJson(io, { ...found, findings });
  const heading =
    findings.length === 0 ? [] : ['otherwise than the package says (octet, element):', ...lines(findings)];
  return say(io, ...facts(found), ...heading);
}
