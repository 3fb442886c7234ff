import type { Random } from '#base/port/index.ts';
import { type CommandRow, commandTable } from '#handset/card/index.ts';
import { type CommandApdu, LONGEST_RESPONSE_DATA, responseApdu, SW } from '#protocol/apdu/index.ts';
import type { FileCommands, Selection } from './file-system/index.ts';
import type { Pins } from './pin.ts';
import type { Toolkit } from './toolkit/index.ts';

/** What serves the commands on one logical channel of a card. */
export interface Session {
  readonly selection: Selection;
  readonly files: FileCommands;
  readonly pins: Pins;
  readonly toolkit: Toolkit;
  readonly random: Random;
  status(command: CommandApdu, selection: Selection): Uint8Array;
  authenticate(command: CommandApdu, selection: Selection): Uint8Array;
  identity(command: CommandApdu, selection: Selection): Uint8Array;
}

type Row = CommandRow<Session, Uint8Array>;
type Serve = Row['serve'];

const row = (name: string, ins: number, ofClass: Row['class'], data: Row['data'], serve: Serve): Row => ({
  name,
  ins,
  class: ofClass,
  data,
  serve,
});
const verifyPin: Serve = (command, { pins }) => pins.process(command);

/** The commands of the UICC (TS 102 221 table 10.5, TS 31.102 7.1). SELECT by AID and MANAGE CHANNEL are the runtime's. */
const ROWS: readonly Row[] = [
  row('SELECT', 0xa4, 'interindustry', 'any', (command, { files, selection }) => files.select(selection, command)),
  row('STATUS', 0xf2, 'proprietary', 'none', (command, session) => session.status(command, session.selection)),
  row('READ BINARY', 0xb0, 'interindustry', 'none', (command, { files, selection }) =>
    files.readBinary(selection, command),
  ),
  row('UPDATE BINARY', 0xd6, 'interindustry', 'some', (command, { files, selection }) =>
    files.updateBinary(selection, command),
  ),
  row('READ RECORD', 0xb2, 'interindustry', 'none', (command, { files, selection }) =>
    files.readRecord(selection, command),
  ),
  row('UPDATE RECORD', 0xdc, 'interindustry', 'some', (command, { files, selection }) =>
    files.updateRecord(selection, command),
  ),
  row('SEARCH RECORD', 0xa2, 'interindustry', 'some', (command, { files, selection }) =>
    files.searchRecord(selection, command),
  ),
  row('DEACTIVATE FILE', 0x04, 'interindustry', 'any', (command, { files, selection }) =>
    files.setDeactivated(selection, command, true),
  ),
  row('ACTIVATE FILE', 0x44, 'interindustry', 'any', (command, { files, selection }) =>
    files.setDeactivated(selection, command, false),
  ),
  row('VERIFY PIN', 0x20, 'interindustry', 'any', verifyPin),
  row('CHANGE PIN', 0x24, 'interindustry', 'some', verifyPin),
  row('DISABLE PIN', 0x26, 'interindustry', 'some', verifyPin),
  row('ENABLE PIN', 0x28, 'interindustry', 'some', verifyPin),
  row('UNBLOCK PIN', 0x2c, 'interindustry', 'any', verifyPin),
  row('AUTHENTICATE', 0x88, 'interindustry', 'some', (command, session) =>
    session.authenticate(command, session.selection),
  ),
  row('GET IDENTITY', 0x78, 'proprietary', 'none', (command, session) => session.identity(command, session.selection)),
  row('GET CHALLENGE', 0x84, 'interindustry', 'none', ({ le = LONGEST_RESPONSE_DATA }, { random }) =>
    responseApdu(SW.ok, random.octets(le)),
  ),
  // Taken and not used: nothing here depends on the terminal's power or interfaces (TS 102 221 11.1.19).
  row('TERMINAL CAPABILITY', 0xaa, 'proprietary', 'some', () => responseApdu(SW.ok)),
  row('TERMINAL PROFILE', 0x10, 'proprietary', 'some', (command, { toolkit }) => toolkit.terminalProfile(command)),
  row('ENVELOPE', 0xc2, 'proprietary', 'some', (command, { toolkit }) => toolkit.envelope(command)),
  row('FETCH', 0x12, 'proprietary', 'none', (command, { toolkit }) => toolkit.fetch(command)),
  row('TERMINAL RESPONSE', 0x14, 'proprietary', 'some', (command, { toolkit }) => toolkit.terminalResponse(command)),
];

/** Serves a command of the UICC on a channel; 6D00, 6E00 and 6700 for what is no command, or not so. */
export const uiccCommand = commandTable<Session, Uint8Array>(ROWS, (statusWord) => responseApdu(statusWord));
