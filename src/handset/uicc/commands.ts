import type { Random } from '#base/port/index.ts';
import { type CommandRow, commandTable } from '#handset/card/index.ts';
import { type CommandApdu, LONGEST_RESPONSE_DATA, responseApdu, SW } from '#protocol/apdu/index.ts';
import type { AdministrativeCommands, DataCommands, FileCommands, FileSession } from './file-system/index.ts';
import type { Pins } from './pin.ts';
import type { Toolkit } from './toolkit/index.ts';

/** What serves commands about files, for whoever sends them. */
export interface FileService extends FileSession {
  readonly files: FileCommands;
  readonly administrative: AdministrativeCommands;
  readonly data: DataCommands;
}

/** What serves the commands on one logical channel of a card. */
export interface Session extends FileService {
  readonly pins: Pins;
  readonly toolkit: Toolkit;
  readonly random: Random;
  status(command: CommandApdu): Uint8Array;
  authenticate(command: CommandApdu): Uint8Array;
  identity(command: CommandApdu): Uint8Array;
  suspend(command: CommandApdu): Uint8Array;
}

type Row<Context> = CommandRow<Context, Uint8Array>;
type Serve<Context> = Row<Context>['serve'];

const row = <Context>(
  name: string,
  ins: number,
  ofClass: Row<Context>['class'],
  data: Row<Context>['data'],
  serve: Serve<Context>,
): Row<Context> => ({
  name,
  ins,
  class: ofClass,
  data,
  serve,
});

/** Commands about files (TS 102 221 11.1, 11.3; TS 102 222 6), for terminals and for remote file management. SELECT by AID is the runtime's. */
const FILE_ROWS: readonly Row<FileService>[] = [
  row('SELECT', 0xa4, 'interindustry', 'any', (command, session) => session.files.select(session, command)),
  row('READ BINARY', 0xb0, 'interindustry', 'none', (command, session) => session.files.readBinary(session, command)),
  row('UPDATE BINARY', 0xd6, 'interindustry', 'some', (command, session) =>
    session.files.updateBinary(session, command),
  ),
  row('READ RECORD', 0xb2, 'interindustry', 'none', (command, session) => session.files.readRecord(session, command)),
  row('UPDATE RECORD', 0xdc, 'interindustry', 'some', (command, session) =>
    session.files.updateRecord(session, command),
  ),
  row('SEARCH RECORD', 0xa2, 'interindustry', 'some', (command, session) =>
    session.files.searchRecord(session, command),
  ),
  row('INCREASE', 0x32, 'proprietary', 'some', (command, session) => session.files.increase(session, command)),
  row('RETRIEVE DATA', 0xcb, 'proprietary', 'any', (command, session) => session.data.retrieve(session, command)),
  row('SET DATA', 0xdb, 'proprietary', 'some', (command, session) => session.data.set(session, command)),
  row('DEACTIVATE FILE', 0x04, 'interindustry', 'any', (command, session) =>
    session.administrative.deactivate(session, command),
  ),
  row('ACTIVATE FILE', 0x44, 'interindustry', 'any', (command, session) =>
    session.administrative.activate(session, command),
  ),
  row('CREATE FILE', 0xe0, 'interindustry', 'some', (command, session) =>
    session.administrative.create(session, command),
  ),
  row('DELETE FILE', 0xe4, 'interindustry', 'some', (command, session) =>
    session.administrative.delete(session, command),
  ),
  row('RESIZE FILE', 0xd4, 'proprietary', 'some', (command, session) =>
    session.administrative.resize(session, command),
  ),
  row('TERMINATE DF', 0xe6, 'interindustry', 'any', (command, session) =>
    session.administrative.terminate(session, command, 'directory'),
  ),
  row('TERMINATE EF', 0xe8, 'interindustry', 'any', (command, session) =>
    session.administrative.terminate(session, command, 'file'),
  ),
  row('TERMINATE CARD USAGE', 0xfe, 'interindustry', 'none', (command, session) =>
    session.administrative.terminateCard(session, command),
  ),
];

const verifyPin: Serve<Session> = (command, { pins, selection }) => pins.process(command, selection.application);

/** The commands of the UICC (TS 102 221 table 10.5, TS 31.102 7.1). SELECT by AID and MANAGE CHANNEL are the runtime's. */
const ROWS: readonly Row<Session>[] = [
  ...FILE_ROWS,
  row('STATUS', 0xf2, 'proprietary', 'none', (command, session) => session.status(command)),
  row('VERIFY PIN', 0x20, 'interindustry', 'any', verifyPin),
  row('CHANGE PIN', 0x24, 'interindustry', 'some', verifyPin),
  row('DISABLE PIN', 0x26, 'interindustry', 'some', verifyPin),
  row('ENABLE PIN', 0x28, 'interindustry', 'some', verifyPin),
  row('UNBLOCK PIN', 0x2c, 'interindustry', 'any', verifyPin),
  row('AUTHENTICATE', 0x88, 'interindustry', 'some', (command, session) => session.authenticate(command)),
  row('GET IDENTITY', 0x78, 'proprietary', 'none', (command, session) => session.identity(command)),
  row('SUSPEND UICC', 0x76, 'proprietary', 'some', (command, session) => session.suspend(command)),
  // Le says how long it is to be (TS 102 221 11.1.15). On a line of T=0 no Le is 00: no challenge of 256 for who asked for none.
  row('GET CHALLENGE', 0x84, 'interindustry', 'none', ({ le = LONGEST_RESPONSE_DATA }, { random }) =>
    le === LONGEST_RESPONSE_DATA ? responseApdu(SW.wrongLength) : responseApdu(SW.ok, random.octets(le)),
  ),
  // Taken and not used: nothing here depends on the terminal's power or interfaces (TS 102 221 11.1.19).
  row('TERMINAL CAPABILITY', 0xaa, 'proprietary', 'some', () => responseApdu(SW.ok)),
  row('TERMINAL PROFILE', 0x10, 'proprietary', 'some', (command, { toolkit }) => toolkit.terminalProfile(command)),
  row('ENVELOPE', 0xc2, 'proprietary', 'some', (command, { toolkit }) => toolkit.envelope(command)),
  row('FETCH', 0x12, 'proprietary', 'none', (command, { toolkit }) => toolkit.fetch(command)),
  row('TERMINAL RESPONSE', 0x14, 'proprietary', 'some', (command, { toolkit }) => toolkit.terminalResponse(command)),
];

/** Names of the commands of the UICC. */
export const UICC_COMMANDS: readonly string[] = ROWS.map(({ name }) => name);

const refuse = (statusWord: number) => responseApdu(statusWord);

/** Serves a command of the UICC on a channel; 6D00, 6E00 and 6700 for what is no command, or not so. */
export const uiccCommand = commandTable<Session, Uint8Array>(ROWS, refuse);
/** Serves a command of remote file management (TS 102 226 8.2.1) in a session of its own, in the same way. */
export const remoteFileCommand = commandTable<FileService, Uint8Array>(FILE_ROWS, refuse);
