import { type CommandApdu, responseApdu, SW } from '#protocol/apdu/index.ts';
import type { RemoteFileApplication } from './memory.ts';
import type { ServeRemote } from './script-execution.ts';

const SELECT = 0xa4;
const BY_AID = 0x04;
const CLASSES = { uicc: [0x00, 0x80], sim: [0xa0] } as const;
const PIN_COMMANDS: readonly number[] = [0x20, 0x24, 0x26, 0x28, 0x2c];
/**
 * Instructions of remote file management (TS 102 226 tables 7.1, 7.2): SELECT, UPDATE BINARY and RECORD, SEARCH RECORD, INCREASE,
 * VERIFY to UNBLOCK PIN, DEACTIVATE and ACTIVATE FILE, READ BINARY and RECORD, CREATE, DELETE, RESIZE FILE, RETRIEVE and SET DATA; and the
 * GET RESPONSE that a SIM has of its own.
 */
const ALLOWED: ReadonlySet<number> = new Set([
  ...[SELECT, 0xd6, 0xdc, 0xa2, 0x32, ...PIN_COMMANDS, 0x04, 0x44, 0xb0, 0xb2, 0xe0, 0xe4, 0xd4, 0xcb, 0xdb, 0xc0],
]);

/** VERIFY, CHANGE, DISABLE, ENABLE or UNBLOCK PIN. */
export const isPinCommand = ({ ins }: CommandApdu): boolean => PIN_COMMANDS.includes(ins);

/** Lets through what remote file management may ask of the files: no other command, no channel, no application by AID. */
export function remoteFileCommands(files: ServeRemote, personality: RemoteFileApplication['personality']): ServeRemote {
  const classes: readonly number[] = CLASSES[personality ?? 'uicc'];
  return (command: CommandApdu) => {
    if (!ALLOWED.has(command.ins)) return responseApdu(SW.instructionNotSupported);
    if (!classes.includes(command.cla)) return responseApdu(SW.classNotSupported);
    // The TAR says which application's files they are.
    if (command.ins === SELECT && command.p1 === BY_AID) return responseApdu(SW.functionNotSupported);
    return files(command);
  };
}
