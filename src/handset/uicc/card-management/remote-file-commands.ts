import { type CommandApdu, responseApdu, SW } from '#protocol/apdu/index.ts';
import type { ServeRemote } from './script-execution.ts';

const SELECT = 0xa4;
const BY_AID = 0x04;
const PLAIN_CLASSES: readonly number[] = [0x00, 0x80];
/**
 * Instructions of remote file management (TS 102 226 tables 7.1, 7.2): SELECT, UPDATE BINARY and RECORD, SEARCH RECORD, INCREASE,
 * VERIFY to UNBLOCK PIN, DEACTIVATE and ACTIVATE FILE, READ BINARY and RECORD, CREATE, DELETE, RESIZE FILE, RETRIEVE and SET DATA.
 */
const ALLOWED: ReadonlySet<number> = new Set([
  ...[SELECT, 0xd6, 0xdc, 0xa2, 0x32, 0x04, 0x44, 0xb0, 0xb2, 0xe0, 0xe4, 0xd4],
  ...[0xcb, 0xdb],
]);

/** Lets through what remote file management may ask of the files: no other command, no channel, no application by AID. */
export function remoteFileCommands(files: ServeRemote): ServeRemote {
  return (command: CommandApdu) => {
    if (!ALLOWED.has(command.ins)) return responseApdu(SW.instructionNotSupported);
    if (!PLAIN_CLASSES.includes(command.cla)) return responseApdu(SW.classNotSupported);
    // The TAR says which application's files they are.
    if (command.ins === SELECT && command.p1 === BY_AID) return responseApdu(SW.functionNotSupported);
    return files(command);
  };
}
