import { existsSync } from 'node:fs';
import type { Scheduler } from '#protocol/smpp/index.ts';
import { SlotError } from './card-door.ts';
import type { PcscService } from './pcsc.ts';
import { connectPcscd, PCSCD_SOCKET } from './pcscd-client.ts';
import { smartcardService } from './smartcard-package.ts';

/** Where to find this machine's PC/SC service. */
export interface PcscPlace {
  readonly scheduler: Scheduler;
  /** Socket of pcscd; default that of the distributions. */
  readonly socket?: string;
  /** Through the package `smartcard`, also where pcscd's own socket is. */
  readonly isByPackage?: boolean;
}

const PACKAGE_ADVICE =
  "the package smartcard is needed here: 'npm install --no-save smartcard@3.7.0' (on Linux it is compiled: libpcsclite-dev, a C++ compiler, Python)";

async function byPackage(): Promise<PcscService> {
  let found: typeof import('smartcard');
  try {
    found = await import('smartcard');
  } catch (error) {
    throw new SlotError(PACKAGE_ADVICE, { cause: error });
  }
  return smartcardService(found);
}

/**
 * This machine's PC/SC service: through pcscd's own socket where there is one, which needs no package; else (Windows, macOS) through the
 * package `smartcard`. Rejects with SlotError: what to install or to start.
 */
export async function openPcscService({ scheduler, socket = PCSCD_SOCKET, isByPackage = false }: PcscPlace) {
  if (isByPackage || (!existsSync(socket) && process.platform !== 'linux')) return byPackage();
  try {
    return await connectPcscd(socket, scheduler);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EACCES')
      throw new SlotError(`${socket}: this user may not use PC/SC: ask for the group or the polkit rule`);
    if (code !== 'ENOENT' && code !== 'ECONNREFUSED') throw error;
    throw new SlotError(
      `no PC/SC service listens on ${socket}: install it (Debian: apt-get install pcscd) and start it ('pcscd' as root, or its service)`,
    );
  }
}
