import { concat, lengthOctets } from '#base/codec/index.ts';

/** Formats of a remote command script (TS 102 226 5): commands one after another, or in a template of definite or indefinite length. */
export type RemoteFormat = 'compact' | 'definite' | 'indefinite';

/** What is wrong with a template (TS 102 226 5.2.2, Bad format TLV), or with a compact string: a length. */
export const BAD_FORMAT = { unknownTag: 1, wrongLength: 2, lengthNotFound: 3 } as const;
/** What is wrong with a script. */
export type BadFormat = keyof typeof BAD_FORMAT;

/** A script as far as it can be read: the commands before the fault are to be executed, the fault is told after them. */
export interface RemoteScript {
  readonly format: RemoteFormat;
  /** C-APDUs. */
  readonly commands: readonly Uint8Array[];
  readonly fault?: BadFormat;
  /** A Script Chaining TLV stands in it, an Immediate Action TLV: neither is offered, so nothing is executed. */
  readonly asks?: 'chaining' | 'immediateAction';
}

/** Most commands of one script: the compact answer counts them in one octet. */
export const MOST_REMOTE_COMMANDS = 255;

const TEMPLATE = { definite: 0xaa, indefinite: 0xae } as const;
const INDEFINITE_LENGTH = 0x80;
const TAG = { command: 0x22, immediateAction: 0x81, errorAction: 0x82, scriptChaining: 0x83 } as const;
const HEADER = 5;
/**
 * Instructions whose P3 is Le: READ BINARY, READ RECORD, GET RESPONSE, GET DATA, RETRIEVE DATA (case 2). In a compact string P3 of all
 * others counts the data that follow (TS 102 226 5.1).
 */
const CASE_2: ReadonlySet<number> = new Set([0xb0, 0xb2, 0xc0, 0xca, 0xcb]);

/** Reads a script. AA and AE are no class of a command here, so the first octet tells the format. Never throws. */
export function readRemoteScript(script: Uint8Array): RemoteScript {
  if (script[0] === TEMPLATE.definite) return readDefinite(script);
  if (script[0] === TEMPLATE.indefinite) return readIndefinite(script);
  return readCompact(script);
}

function readCompact(script: Uint8Array): RemoteScript {
  const commands: Uint8Array[] = [];
  let at = 0;
  while (at < script.length && commands.length < MOST_REMOTE_COMMANDS) {
    const isCase2 = CASE_2.has(script[at + 1] as number);
    const end = at + HEADER + (isCase2 ? 0 : (script[at + 4] as number));
    if (at + HEADER > script.length || end > script.length) break;
    // Some senders write Le 00 behind the last command of case 4, as it stands on the card's interface.
    const isLe = !isCase2 && end > at + HEADER && end + 1 === script.length && script[end] === 0;
    // Le is no data length here: P3 00 with nothing behind it is a command without data.
    const isBare = !isCase2 && end === at + HEADER;
    commands.push(script.slice(at, isBare ? end - 1 : isLe ? end + 1 : end));
    at = isLe ? end + 1 : end;
  }
  return at < script.length ? { format: 'compact', commands, fault: 'wrongLength' } : { format: 'compact', commands };
}

/** A length of BER in one to three octets at `at`, and where the value begins; undefined when there is none. */
function lengthAt(octets: Uint8Array, at: number): { readonly length: number; readonly start: number } | undefined {
  const first = octets[at];
  if (first === undefined) return undefined;
  if (first < 0x80) return { length: first, start: at + 1 };
  const count = first - 0x80;
  if (count < 1 || count > 3 || at + count >= octets.length) return undefined;
  let length = 0;
  for (let i = 1; i <= count; i++) length = length * 256 + (octets[at + i] as number);
  return { length, start: at + count + 1 };
}

function readDefinite(script: Uint8Array): RemoteScript {
  const found = lengthAt(script, 1);
  if (found === undefined) return { format: 'definite', commands: [], fault: 'lengthNotFound' };
  const { length, start } = found;
  if (start + length !== script.length) return { format: 'definite', commands: [], fault: 'wrongLength' };
  const { end: _, ...content } = readContent(script, start, false);
  return { format: 'definite', ...content };
}

function readIndefinite(script: Uint8Array): RemoteScript {
  if (script.length < 2) return { format: 'indefinite', commands: [], fault: 'lengthNotFound' };
  if (script[1] !== INDEFINITE_LENGTH) return { format: 'indefinite', commands: [], fault: 'wrongLength' };
  const { end, ...content } = readContent(script, 2, true);
  const isOpen = content.fault === undefined && content.asks === undefined && end !== script.length;
  return { format: 'indefinite', ...content, ...(isOpen && { fault: 'wrongLength' as const }) };
}

type Content = Omit<RemoteScript, 'format'> & { readonly end: number };

/** The objects of a template from `start` on; of indefinite length, up to and with 00 00. */
function readContent(script: Uint8Array, start: number, isIndefinite: boolean): Content {
  const commands: Uint8Array[] = [];
  let at = start;
  while (at < script.length) {
    const tag = script[at] as number;
    if (isIndefinite && tag === 0) return endOf(script, at, commands);
    const found = lengthAt(script, at + 1);
    if (found === undefined) return { commands, end: at, fault: 'lengthNotFound' };
    const end = found.start + found.length;
    if (end > script.length || commands.length === MOST_REMOTE_COMMANDS)
      return { commands, end: at, fault: 'wrongLength' };
    if (tag === TAG.scriptChaining) return { commands: [], end, asks: 'chaining' };
    if (tag === TAG.immediateAction) return { commands: [], end, asks: 'immediateAction' };
    // What to show on the terminal in case of an error: only a wish.
    if (tag === TAG.command) commands.push(script.slice(found.start, end));
    else if (tag !== TAG.errorAction) return { commands, end: at, fault: 'unknownTag' };
    at = end;
  }
  return isIndefinite ? { commands, end: at, fault: 'lengthNotFound' } : { commands, end: at };
}

function endOf(script: Uint8Array, at: number, commands: readonly Uint8Array[]): Content {
  return script[at + 1] === 0 ? { commands, end: at + 2 } : { commands, end: at, fault: 'wrongLength' };
}

/** The octets of a script of these C-APDUs. In the compact format they stand as they are, without Le behind data (TS 102 226 5.1). */
export function writeRemoteScript(format: RemoteFormat, commands: readonly Uint8Array[]): Uint8Array {
  if (format === 'compact') return concat(...commands.map(compactCommand));
  const objects = commands.map((command) => concat(Uint8Array.of(TAG.command), lengthOctets(command.length), command));
  const content = concat(...objects);
  return format === 'definite'
    ? concat(Uint8Array.of(TEMPLATE.definite), lengthOctets(content.length), content)
    : concat(Uint8Array.of(TEMPLATE.indefinite, INDEFINITE_LENGTH), content, Uint8Array.of(0, 0));
}

function compactCommand(command: Uint8Array): Uint8Array {
  if (command.length < HEADER) return concat(command, new Uint8Array(HEADER - command.length));
  const end = HEADER + (CASE_2.has(command[1] as number) ? 0 : (command[4] as number));
  return command.subarray(0, Math.min(end, command.length));
}
