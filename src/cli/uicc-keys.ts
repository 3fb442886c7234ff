import type { Command } from 'commander';
import { toHex } from '#base/codec/index.ts';
import type { Iccid } from '#base/identity/index.ts';
import { ROTATION_REFUSALS } from '#operator/gateway/index.ts';
import { ISSUER_DOMAIN_AID } from '#protocol/card-management/index.ts';
import { iccidArgument, numberArgument } from './argument.ts';
import { withOperator } from './data-directory.ts';
import { EXIT, wrongInput } from './failure.ts';
import type { Io } from './io.ts';
import { type CommonOptions, group, leaf } from './leaf.ts';
import { outcomeOf, type UiccOptions, uiccOf, withUicc } from './ota-target.ts';
import { facts, say, sayJson } from './print.ts';

/** `assay uicc keys`: what a GlobalPlatform tool needs to open the issuer security domain, and new keys for packets. */
export function keysCommand(io: Io): Command {
  const show = leaf(
    io,
    'show',
    'the keys of its issuer security domain, for GlobalPlatform tools; the log keeps who asked',
    ['assay uicc keys 8988211000000000201', 'gp --key-enc ... --key-mac ... --key-dek ... --key-ver 48 --list'],
  )
    .argument('<iccid>', 'the UICC', iccidArgument)
    .action((iccid: Iccid, options: CommonOptions) => showKeys(io, iccid, options));
  return group('keys', 'keys of UICCs for card management; without a word, show', [])
    .addCommand(show, { isDefault: true })
    .addCommand(rotateCommand(io));
}

interface RotateOptions extends CommonOptions, UiccOptions {
  readonly reason: string;
  readonly case?: string;
  readonly author?: string;
  readonly wait?: number;
}

/** `assay uicc keys rotate`: new keys for packets over the air. */
function rotateCommand(io: Io): Command {
  const command = leaf(
    io,
    'rotate',
    'bring a UICC new keys for its remote management (key set 03), over the air; old and new are kept until it says which it holds',
    ['assay uicc keys rotate --iccid 8988211000000000201 --reason "yearly" --wait 60'],
  );
  return withUicc(command)
    .requiredOption('--reason <text>', 'why')
    .option('--case <reference>', 'case number')
    .option('--author <name>', 'who orders; default the user')
    .option(
      '--wait <seconds>',
      'wait for the proof of receipt; status 1 when it does not come',
      numberArgument(1, 86_400),
    )
    .action((options: RotateOptions) => rotateKeys(io, options));
}

async function rotateKeys(io: Io, options: RotateOptions): Promise<void> {
  const { reason, author = io.userName, wait } = options;
  await withOperator(io, options, async (operator) => {
    const iccid = uiccOf(operator, options);
    const result = operator.gateway.rotateKeys({
      ...{ iccid, author, reason },
      ...(options.case !== undefined && { caseReference: options.case }),
    });
    if (result.kind === 'refused') throw wrongInput(ROTATION_REFUSALS[result.why]);
    const { order, generation } = result;
    const state = wait === undefined ? undefined : await outcomeOf(io, operator, order, wait);
    const sets = operator.subscribers.packetKeys.historyOf(iccid);
    if (options.json) await sayJson(io, { iccid: iccid.digits, order, generation, state, sets });
    else await say(io, `Order ${order} brings generation ${generation} to ${iccid}${state ? `; it is ${state}` : ''}.`);
    if (wait !== undefined && state !== 'acknowledged') io.exitCode = EXIT.no;
  });
}

async function showKeys(io: Io, iccid: Iccid, options: CommonOptions): Promise<void> {
  const keySets = await withOperator(io, options, ({ subscribers, audit }) => {
    const given = subscribers.personalisation(iccid);
    if (given === undefined) throw wrongInput(`no such UICC: ${iccid}: 'assay subscribers' lists them`);
    if (given.management === undefined)
      throw wrongInput(`${iccid}: this UICC was issued without card management: only a new one can have it`);
    audit.append({ kind: 'read', author: io.userName, subject: iccid.digits, detail: { keys: 'issuer' } });
    return given.management.keySets;
  });
  const [session] = keySets;
  if (session === undefined) return;
  const found = {
    aid: toHex(ISSUER_DOMAIN_AID),
    'key version': toHex(Uint8Array.of(session.version)),
    'Key-ENC': toHex(session.first),
    'Key-MAC': toHex(session.second),
    'Key-DEK': toHex(session.dek),
  };
  await (options.json ? sayJson(io, found) : say(io, ...facts(found)));
}
