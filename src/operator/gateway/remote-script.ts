import { CodecError, sameOctets } from '#base/codec/index.ts';
import type { Iccid } from '#base/identity/index.ts';
import type { Subscribers } from '#operator/subscriber/index.ts';
import { decodeCommand } from '#protocol/apdu/index.ts';
import { IMEI_LOCK_TAR } from '#protocol/imei-lock/index.ts';
import { MOST_REMOTE_COMMANDS, type RemoteFormat, writeRemoteScript } from '#protocol/ota/index.ts';
import type { Outbox } from './outbox.ts';

/** A script for the remote management of a UICC (TS 102 226). */
export interface ScriptRequest {
  readonly iccid: Iccid;
  /** Whom it is for: REMOTE_MANAGEMENT_TAR, or a security domain's. */
  readonly tar: Uint8Array;
  /** C-APDUs, short. */
  readonly commands: readonly Uint8Array[];
  readonly format: RemoteFormat;
  readonly author: string;
  readonly reason: string;
  readonly caseReference?: string;
}

/** Why a script is not queued. */
export type ScriptRefusal =
  | 'noAuthorOrReason'
  | 'unknownUicc'
  | 'noRemoteManagement'
  | 'wrongTar'
  | 'noCommand'
  | 'tooManyCommands'
  | 'notACommand'
  | 'tooLong';

/** What became of a request for a script. */
export type ScriptResult =
  | { readonly kind: 'queued'; readonly order: number; readonly script: Uint8Array }
  | { readonly kind: 'refused'; readonly why: ScriptRefusal };

/** Octets of a script that eight short messages carry. */
export const LONGEST_SCRIPT = 1000;
const TAR_LENGTH = 3;

/** The refusals in words, each with what to do. */
export const SCRIPT_REFUSALS: Readonly<Record<ScriptRefusal, string>> = {
  noAuthorOrReason: 'expected an author and a reason for the script',
  unknownUicc: 'ICCID: expected a UICC that was issued; issue it first',
  noRemoteManagement: 'this UICC was issued without remote management: only a new one can have it',
  wrongTar: `TAR: expected ${TAR_LENGTH} octets, and not those of the IMEI lock: orders go there`,
  noCommand: 'expected at least one command',
  tooManyCommands: `expected at most ${MOST_REMOTE_COMMANDS} commands: send several scripts`,
  notACommand: 'expected short C-APDUs: CLA INS P1 P2, then Lc and data, then Le',
  tooLong: `expected a script of at most ${LONGEST_SCRIPT} octets: send several`,
};

function isCommand(octets: Uint8Array): boolean {
  try {
    decodeCommand(octets);
    return true;
  } catch (error) {
    if (error instanceof CodecError) return false;
    throw error;
  }
}

function refusalOf(request: ScriptRequest, subscribers: Subscribers): ScriptRefusal | undefined {
  const { iccid, tar, commands, author, reason } = request;
  if (author.trim() === '' || reason.trim() === '') return 'noAuthorOrReason';
  const subscriber = subscribers.byIccid(iccid);
  if (subscriber === undefined) return 'unknownUicc';
  if (!subscriber.isManaged) return 'noRemoteManagement';
  if (tar.length !== TAR_LENGTH || sameOctets(tar, IMEI_LOCK_TAR)) return 'wrongTar';
  if (commands.length === 0) return 'noCommand';
  if (commands.length > MOST_REMOTE_COMMANDS) return 'tooManyCommands';
  return commands.every(isCommand) ? undefined : 'notACommand';
}

/** Queues a script, or says why not. */
export function queueScript(request: ScriptRequest, subscribers: Subscribers, outbox: Outbox): ScriptResult {
  const why = refusalOf(request, subscribers);
  if (why !== undefined) return { kind: 'refused', why };
  const { iccid, tar, commands, format, author, reason, caseReference = '' } = request;
  const script = writeRemoteScript(format, commands);
  if (script.length > LONGEST_SCRIPT) return { kind: 'refused', why: 'tooLong' };
  const order = outbox.queueScript({ iccid: iccid.digits, tar, script, author, reason, caseReference });
  return { kind: 'queued', order, script };
}
