import { COMPREHENSION_REQUIRED, type Format, format, type Reader, type Writer } from '#base/codec/index.ts';
import { type CommandsOf, type Declaration, type Head, writeHead } from './command-declaration.ts';
import { DISPLAY_COMMANDS } from './command-display.ts';
import { NETWORK_COMMANDS } from './command-network.ts';
import { TERMINAL_COMMANDS } from './command-terminal.ts';
import {
  COMMAND_TYPE,
  type CommandDetails,
  type CommandName,
  commandDetailsValue,
  deviceIdentities,
  TAG,
} from './element.ts';

const DECLARED = { ...TERMINAL_COMMANDS, ...DISPLAY_COMMANDS, ...NETWORK_COMMANDS };

type Declared = CommandsOf<typeof DECLARED>;

/** A command this room does not know: its octets after the device identities as they stand. The terminal answers 31. */
interface UnknownCommand {
  readonly type: 'UNKNOWN';
  readonly number: number;
  readonly code: number;
  readonly qualifier: number;
  readonly destination: number;
  readonly objects: Uint8Array;
}

/**
 * A proactive command (TS 102 223 6.6). `number` is the command number 1 to 254, `reader` an additional card reader 0
 * to 7, `channel` a channel 1 to 7. Octet strings may be views of the octets given to `decodeProactiveCommand`.
 */
export type ProactiveCommand = Declared | UnknownCommand;

// Each declaration gets only commands of its own type: they are found by the type or by its code.
const BY_NAME = DECLARED as Readonly<Record<CommandName, Declaration<Declared>>>;
const BY_CODE = new Map<number, Declaration<Declared>>();
for (const type in DECLARED) {
  const name = type as CommandName;
  BY_CODE.set(COMMAND_TYPE[name], BY_NAME[name]);
}

/** Reads one object of a known tag, whatever its comprehension flag. */
function readObject<T>(reader: Reader, tag: number, name: string, value: Format<T>): T {
  reader.field = name;
  const at = reader.position;
  const found = reader.u8() & ~COMPREHENSION_REQUIRED;
  if (found !== tag) throw reader.error(`expected tag ${tag}, got ${found.toString(16)}`, at);
  return reader.within(reader.u8(), (inner) => value.read(inner));
}

/** Command details, then device identities: always the first two, in this order (TS 102 223 6.6). */
function readHead(reader: Reader): Head {
  const details = readObject(reader, TAG.commandDetails, 'command details', commandDetailsValue);
  const devices = readObject(reader, TAG.deviceIdentities, 'device identities', deviceIdentities);
  return { details, destination: devices.destination };
}

/** The inside of the proactive command BER-TLV, declared for every type. */
export const commandObjects: Format<ProactiveCommand> = format(
  (reader): ProactiveCommand => {
    const head = readHead(reader);
    const declaration = BY_CODE.get(head.details.type);
    if (declaration !== undefined) return declaration.read(reader, head);
    const { number, type: code, qualifier } = head.details;
    return { type: 'UNKNOWN', number, code, qualifier, destination: head.destination, objects: reader.rest().slice() };
  },
  (writer: Writer, command: ProactiveCommand) => {
    if (command.type === 'UNKNOWN') {
      const { number, code, qualifier, destination, objects } = command;
      writeHead(writer, { number, type: code, qualifier }, destination);
      writer.put(objects);
    } else BY_NAME[command.type].write(writer, command);
  },
);

/** The command details that a command is sent with. */
export function declaredDetails(command: ProactiveCommand): CommandDetails {
  if (command.type === 'UNKNOWN') return { number: command.number, type: command.code, qualifier: command.qualifier };
  return BY_NAME[command.type].details(command);
}
