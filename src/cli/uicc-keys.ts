import type { Command } from 'commander';
import { toHex } from '#base/codec/index.ts';
import type { Iccid } from '#base/identity/index.ts';
import { ISSUER_DOMAIN_AID } from '#protocol/card-management/index.ts';
import { iccidArgument } from './argument.ts';
import { withOperator } from './data-directory.ts';
import { wrongInput } from './failure.ts';
import type { Io } from './io.ts';
import { type CommonOptions, leaf } from './leaf.ts';
import { facts, say, sayJson } from './print.ts';

/** `assay uicc keys`: what a GlobalPlatform tool needs to open the issuer security domain. */
export function keysCommand(io: Io): Command {
  return leaf(io, 'keys', 'the keys of its issuer security domain, for GlobalPlatform tools; the log keeps who asked', [
    'assay uicc keys 8988211000000000201',
    'gp --key-enc ... --key-mac ... --key-dek ... --key-ver 48 --list',
  ])
    .argument('<iccid>', 'the UICC', iccidArgument)
    .action((iccid: Iccid, options: CommonOptions) => showKeys(io, iccid, options));
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
