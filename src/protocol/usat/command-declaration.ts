import {
  bits,
  CodecError,
  comprehensionTlvSet,
  comprehensionTlvs,
  type Format,
  format,
  optional,
  type Reader,
  type Writer,
} from '#base/codec/index.ts';
import {
  COMMAND_TYPE,
  type CommandDetails,
  type CommandName,
  cardReader,
  channelDevice,
  channelOf,
  commandDetailsValue,
  DEVICE,
  deviceIdentities,
  must,
  raw,
  readerDevice,
  TAG,
} from './element.ts';

/** Command details and destination: what every command begins with. */
export interface Head {
  readonly details: CommandDetails;
  readonly destination: number;
}

/** How the commands of one type are read behind their head, and written whole. Methods, so that a table can hold all types. */
export interface Declaration<C extends { readonly type: string; readonly number: number }> {
  read(reader: Reader, head: Head): C;
  write(writer: Writer, command: C): void;
  details(command: C): CommandDetails;
}

/** What a command is taken apart into to be written. */
interface Parts<O> {
  readonly qualifier?: number;
  readonly destination?: number;
  readonly objects: O;
}

/** Writes command details and device identities. */
export function writeHead(writer: Writer, details: CommandDetails, destination: number): void {
  writer.field = 'command details';
  if (details.number < 1 || details.number > 0xfe)
    throw writer.error(`expected a command number 1 to 254, got ${details.number}`);
  writer.u8(must(TAG.commandDetails));
  writer.u8(3);
  commandDetailsValue.write(writer, details);
  writer.field = 'device identities';
  writer.u8(must(TAG.deviceIdentities));
  writer.u8(2);
  deviceIdentities.write(writer, { source: DEVICE.uicc, destination });
}

/**
 * Declares the commands of a type: `objects` are what stands behind the head; `read` makes the command of them, `write`
 * takes it apart again into qualifier, destination and objects.
 */
export function declare<C extends { readonly type: CommandName; readonly number: number }, O>(
  type: C['type'],
  objects: Format<O>,
  read: (objects: O, head: Head, reader: Reader) => C,
  write: (command: C) => Parts<O>,
): Declaration<C> {
  const code = COMMAND_TYPE[type];
  const detailsFor = ({ number }: C, qualifier = 0): CommandDetails => ({ number, type: code, qualifier });
  return {
    read: (reader, head) => read(objects.read(reader), head, reader),
    write(writer, command) {
      const parts = write(command);
      writeHead(writer, detailsFor(command, parts.qualifier), parts.destination ?? DEVICE.terminal);
      objects.write(writer, parts.objects);
    },
    details: (command) => detailsFor(command, write(command).qualifier),
  };
}

/** Where a command goes, and what that says about it. */
interface Destination<D> {
  read(device: number): D | undefined;
  write(command: D): number;
}

/** A command that always goes to one device. A card that names another one is understood all the same. */
export const to = (device: number): Destination<object> => ({ read: () => NOTHING, write: () => device });
const NOTHING = {};

/** A command to one of the additional card readers 0 to 7. */
export const TO_READER: Destination<{ readonly reader: number }> = {
  read(device) {
    const reader = cardReader(device);
    return reader === undefined ? undefined : { reader };
  },
  write: ({ reader }) => readerDevice(reader),
};

/** A command to one of the channels 1 to 7. */
export const TO_CHANNEL: Destination<{ readonly channel: number }> = {
  read(device) {
    const channel = channelOf(device);
    return channel === undefined ? undefined : { channel };
  },
  write: ({ channel }) => channelDevice(channel),
};

/** A qualifier that says nothing. */
export const NO_QUALIFIER = bits(1, {});
/** A command without objects. */
export const NO_OBJECTS = comprehensionTlvSet({});
/** Alpha identifier: a text for the person (TS 102 223 8.2). */
export const ALPHA = optional(must(TAG.alphaIdentifier), raw);

/** A command whose members are what its destination, its qualifier and its objects say. */
export type PlainCommand<T extends CommandName, D, Q, O> = { readonly type: T; readonly number: number } & D & Q & O;

/** Declares such a command. */
export function plain<T extends CommandName, D extends object, Q extends object, O extends object>(
  type: T,
  destination: Destination<D>,
  qualifier: Format<Q>,
  objects: Format<O>,
): Declaration<PlainCommand<T, D, Q, O>> {
  const code = COMMAND_TYPE[type];
  const details = (command: PlainCommand<T, D, Q, O>): CommandDetails => ({
    number: command.number,
    type: code,
    qualifier: qualifier.encode(command)[0] as number,
  });
  return {
    read(reader, head) {
      const place = destination.read(head.destination);
      if (place === undefined)
        throw new CodecError('device identities', reader.position, `expected another device, got ${head.destination}`);
      const said = qualifier.decode(Uint8Array.of(head.details.qualifier));
      return { type, number: head.details.number, ...place, ...said, ...objects.read(reader) };
    },
    write(writer, command) {
      writeHead(writer, details(command), destination.write(command));
      objects.write(writer, command);
    },
    details,
  };
}

/**
 * One set of objects and another behind it, for commands that carry an object of one tag in two roles. The second set begins at the first
 * object of which `begins` says so, given its tag and those before it.
 */
export function inTurn<A extends object, B extends object>(
  first: Format<A>,
  second: Format<B>,
  begins: (tag: number, before: ReadonlySet<number>) => boolean,
): Format<A & B> {
  return format(
    (reader) => {
      const octets = reader.rest();
      const before = new Set<number>();
      let at = octets.length;
      for (const { tag, start } of comprehensionTlvs(octets)) {
        if (begins(tag, before)) {
          at = start;
          break;
        }
        before.add(tag);
      }
      return { ...first.decode(octets.subarray(0, at)), ...second.decode(octets.subarray(at)) };
    },
    (writer, value) => {
      first.write(writer, value);
      second.write(writer, value);
    },
  );
}

/** The commands that a table of declarations reads. */
export type CommandsOf<T> = {
  [K in keyof T]: T[K] extends { read(reader: Reader, head: Head): infer C } ? C : never;
}[keyof T];

/** The name of a code, for a qualifier that has no other place. Throws CodecError at the qualifier. */
export function named<N extends string>(codes: Readonly<Record<N, number>>, qualifier: number, reader: Reader): N {
  for (const name in codes) if (codes[name] === qualifier) return name;
  throw new CodecError('command qualifier', reader.position, `expected one of ${Object.keys(codes)}, got ${qualifier}`);
}
