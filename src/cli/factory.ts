import type { Command } from 'commander';
import { toHex } from '#base/codec/index.ts';
import { Imei, type ImeiSv } from '#base/identity/index.ts';
import { rootPoint, type SupportFacts } from '#handset/storage-support/index.ts';
import { hexArgument, imeiArgument, imeiSvArgument, numberArgument, supportArgument } from './argument.ts';
import { type ConfirmationOptions, confirm, withConfirmation } from './confirmation.ts';
import { withOperator, workshopOf } from './data-directory.ts';
import { EXIT, wrongInput } from './failure.ts';
import type { Io } from './io.ts';
import { type CommonOptions, group, leaf } from './leaf.ts';
import { columns, facts, say, sayJson } from './print.ts';
import { progressOf } from './progress.ts';

interface ProvisionOptions extends CommonOptions, ConfirmationOptions {
  readonly dryRun: boolean;
  readonly imei: Imei;
  readonly imei2?: Imei;
  readonly imeisv?: ImeiSv;
  readonly identity?: Uint8Array;
  readonly count: number;
}
const MOST_AT_ONCE = 1000;
const HIGHEST_IMEI = 1e14;

/** `assay factory`: the maker's side of storage supports. */
export function factoryCommand(io: Io): Command {
  const root = leaf(io, 'root', "the maker's root (made at its first use): what UICCs are to believe", [
    'assay factory root',
  ]).action((options: CommonOptions) => showRoot(io, options));
  const provision = leaf(
    io,
    'provision',
    'make storage supports: IMEI and keys written once, certificate, read back, closed',
    [
      'assay factory provision --imei 35674108990011',
      'assay factory provision --imei 35674108990011 --dry-run',
      'assay factory provision --imei 35674108990100 --count 10 --json --yes',
    ],
  )
    .requiredOption('--imei <imei>', 'IMEI, 14 or 15 digits', imeiArgument)
    .option('--imei2 <imei>', 'second IMEI of a dual-SIM handset', imeiArgument)
    .option('--imeisv <imeisv>', 'IMEISV, 16 digits', imeiSvArgument)
    .option(
      '--identity <hex>',
      "the maker's number for the secure element, 16 hexadecimal digits; default drawn",
      hexArgument(8),
    )
    .option('--count <n>', 'as many, with the IMEIs that follow', numberArgument(1, MOST_AT_ONCE), 1)
    .option('--dry-run', 'only check the order, and say which IMEIs would be written', false);
  const provisioned = withConfirmation(provision).action((options: ProvisionOptions) => provisionSupports(io, options));
  const verify = leaf(
    io,
    'verify',
    'look at storage supports as anyone can: life cycle, certificate; status 1 when one is not right',
    ['assay factory verify --all', 'assay factory verify 4153534159000001'],
  )
    .argument('[identity]', '16 hexadecimal digits', supportArgument)
    .option('--all', 'every support of the data directory', false)
    .action((identity: string | undefined, options: CommonOptions & { readonly all: boolean }) =>
      verifySupports(io, identity, options),
    );
  return group('factory', 'the maker of storage supports', [root, provisioned, verify]);
}

async function showRoot(io: Io, options: CommonOptions): Promise<void> {
  const { makerRoot } = workshopOf(io, options);
  const found = { identifier: toHex(makerRoot.identifier), publicPoint: toHex(rootPoint(makerRoot)) };
  await (options.json
    ? sayJson(io, found)
    : say(io, ...facts({ 'CA identifier': found.identifier, 'public point': found.publicPoint })));
}

async function provisionSupports(io: Io, options: ProvisionOptions): Promise<void> {
  const { imei, imei2: secondImei, imeisv: imeiSv, identity, count } = options;
  if (count > 1 && (secondImei ?? imeiSv ?? identity) !== undefined)
    throw wrongInput('--count: expected without --imei2, --imeisv and --identity, which belong to one support');
  if (imei.number + count > HIGHEST_IMEI)
    throw wrongInput(`--count: expected IMEIs of 14 digits, got ${count} from ${imei} on`);
  const last = Imei.fromNumber(imei.number + count - 1);
  const imeis = count === 1 ? imei.withCheckDigit : `${imei.withCheckDigit} to ${last.withCheckDigit}`;
  if (options.dryRun)
    return options.json
      ? sayJson(io, { dryRun: true, count, first: imei.withCheckDigit, last: last.withCheckDigit })
      : say(
          io,
          `dry run: nothing was written; ${count} storage ${count === 1 ? 'support' : 'supports'} with IMEI ${imeis}`,
        );
  await confirm(
    io,
    options,
    `IMEI ${imeis} will be written into ${count} storage ${count === 1 ? 'support' : 'supports'}, once and for all.`,
  );
  const workshop = workshopOf(io, options);
  const root = await withOperator(io, options, ({ subscribers }) => subscribers.operatorRoot());
  const authorities = [{ caIdentifier: root.identifier, publicPoint: root.publicPoint }];
  const made: { identity: string; imei: string }[] = [];
  const progress = progressOf(io, 'making', 'storage supports');
  for (let i = 0; i < count; i++) {
    const own = Imei.fromNumber(imei.number + i);
    const order = {
      imei: own,
      authorities,
      ...(secondImei && { secondImei }),
      ...(imeiSv && { imeiSv }),
      ...(identity && { identity }),
    };
    made.push({ identity: workshop.provision(order), imei: own.withCheckDigit });
    progress.at(i + 1, count);
  }
  progress.end();
  await (options.json
    ? sayJson(io, made)
    : say(io, ...columns([['support', 'imei'], ...made.map((one) => [one.identity, one.imei])])));
}

const isRight = ({ lifeCycle, certificateFault }: SupportFacts) =>
  lifeCycle === 'personalised' && certificateFault === undefined;

async function verifySupports(
  io: Io,
  identity: string | undefined,
  options: CommonOptions & { readonly all: boolean },
): Promise<void> {
  const workshop = workshopOf(io, options);
  if ((identity === undefined) !== options.all) throw wrongInput('expected one identity, or --all');
  const found = (identity === undefined ? workshop.supports() : [identity]).map((one) => ({
    support: one,
    facts: workshop.verify(one),
  }));
  if (options.json)
    await sayJson(
      io,
      found.map((one) => ({
        support: one.support,
        lifeCycle: one.facts.lifeCycle,
        certificateFault: one.facts.certificateFault,
        right: isRight(one.facts),
      })),
    );
  else if (found.length === 0) await say(io, 'No storage supports here.');
  else
    await say(
      io,
      ...columns(
        found.map((one) => [
          one.support,
          one.facts.lifeCycle,
          one.facts.certificateFault ?? (isRight(one.facts) ? 'certificate verified' : ''),
        ]),
      ),
    );
  if (!found.every((one) => isRight(one.facts))) io.exitCode = EXIT.no;
}
