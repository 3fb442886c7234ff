import { toHex } from '#base/codec/index.ts';
import type { Coding } from '#handset/uicc/index.ts';
import { contentOf, encodeContent } from './content.ts';
import { type FileFacts, lifeCycleWords } from './file-facts.ts';
import { filesBelow, hex4, type KnownFile, pathOf } from './known-files.ts';
import { isDone } from './session.ts';
import {
  hexLines,
  jsonLines,
  jsonOf,
  numberOf,
  octetsOf,
  refusing,
  type ShellCommand,
  type ShellContext,
  ShellError,
  statusLine,
  told,
} from './shell-command.ts';

const LAST_RECORD = 254;
const LAST_OFFSET = 32_767;

/** A file in a line: its path, and what its FCP told. */
function factsLine(file: KnownFile, facts: FileFacts | undefined): string {
  // A security domain is no directory, whatever the way to it.
  if (facts === undefined && file.aid !== undefined)
    return `${toHex(file.aid)}: an application that says nothing of files`;
  const { size, recordLength, records, shortIdentifier, lifeCycle } = facts ?? {};
  const kind = facts?.kind ?? (file.isDirectory ? 'directory' : 'unknown');
  const structure =
    kind === 'directory'
      ? 'DF'
      : recordLength === undefined
        ? `${kind}${size === undefined ? '' : `, ${size} octets`}`
        : `${kind}, ${records} records of ${recordLength}`;
  const short =
    shortIdentifier === undefined ? '' : `, SFI ${shortIdentifier.toString(16).toUpperCase().padStart(2, '0')}`;
  const clause = file.row === undefined ? '' : `, clause ${file.row.clause}`;
  return `${pathOf(file)} (${hex4(file.identifier)}): ${structure}${short}, ${lifeCycleWords(lifeCycle)}${clause}`;
}

/** The EF that is selected. */
function currentFile({ session }: ShellContext): KnownFile {
  if (session.file === undefined) throw new ShellError("no EF is selected: 'select EF.NAME' first, 'dir' shows them");
  return session.file;
}

function codingOf(context: ShellContext): Coding {
  const coding = currentFile(context).row?.coding;
  if (coding === undefined)
    throw new ShellError('no standard says what this file means: use read_binary, read_record, update_…');
  return coding;
}

const DECODED = 'not filled, or not as the standard has it';

/** Octets of a file or record with their meaning where there is one. */
async function tellContent(context: ShellContext, octets: Uint8Array, isDecoded: boolean): Promise<void> {
  if (!isDecoded) return context.say(...hexLines(octets));
  const content = contentOf(codingOf(context), octets);
  return content === undefined ? context.say(...hexLines(octets), DECODED) : context.say(...jsonLines(content));
}

async function readBinary(context: ShellContext, words: readonly string[], isDecoded: boolean): Promise<boolean> {
  currentFile(context);
  const offset = words[0] === undefined ? 0 : numberOf(words[0], 0, LAST_OFFSET, 'offset');
  const length = words[1] === undefined ? undefined : numberOf(words[1], 1, LAST_OFFSET + 1, 'length');
  const { data, reply } = await context.session.readBinary(offset, length);
  if (data.length > 0) await tellContent(context, data, isDecoded);
  if (!isDone(reply)) await context.say(statusLine(reply));
  return isDone(reply);
}

async function readRecord(context: ShellContext, words: readonly string[], isDecoded: boolean): Promise<boolean> {
  currentFile(context);
  const reply = await context.session.readRecord(numberOf(words[0], 1, LAST_RECORD, 'record'));
  if (!isDone(reply)) return told(context, reply);
  await tellContent(context, reply.data, isDecoded);
  return true;
}

async function readRecords(context: ShellContext, isDecoded: boolean): Promise<boolean> {
  currentFile(context);
  const { records, reply } = await context.session.readRecords();
  for (const [i, record] of records.entries()) {
    const content = isDecoded ? contentOf(codingOf(context), record) : toHex(record);
    await context.say(
      `${String(i + 1).padStart(3)}  ${content === undefined ? '(empty)' : typeof content === 'string' ? content : JSON.stringify(content)}`,
    );
  }
  if (records.length === 0) await context.say(statusLine(reply));
  return records.length > 0;
}

async function select(context: ShellContext, text: string | undefined): Promise<boolean> {
  const { session, say } = context;
  if (text === undefined) {
    await say(factsLine(session.file ?? session.directory, session.facts));
    return true;
  }
  const file = session.meant(text);
  if (file === undefined)
    throw new ShellError(
      `${text}: no file is called so here; 'dir' shows the names, and 4 hexadecimal digits are an identifier`,
    );
  const reply = await session.select(file);
  if (!isDone(reply)) return told(context, { ...reply, data: new Uint8Array(0) });
  await say(factsLine(session.file ?? session.directory, session.facts));
  return true;
}

/** The names that the tables have for the current directory. */
async function dir({ session, say }: ShellContext): Promise<boolean> {
  const { children } = session.directory;
  const rows = children.map((file) => `${hex4(file.identifier)}  ${file.name}${file.isDirectory ? '/' : ''}`);
  await say(...(rows.length === 0 ? ['the standards name no file here'] : rows));
  return true;
}

/** Selects every file below the current directory that the tables know; what is done with those that are there. */
async function forEachFile(
  context: ShellContext,
  act: (file: KnownFile, depth: number) => Promise<void>,
): Promise<void> {
  const { session } = context;
  const top = session.directory;
  const missing = new Set<KnownFile>();
  for (const file of filesBelow(top)) {
    const isHidden = file.parent !== undefined && missing.has(file.parent);
    if (isHidden || !isDone(await session.select(file))) missing.add(file);
    else await act(file, pathOf(file).split('/').length - pathOf(top).split('/').length);
  }
  await session.select(top);
}

async function tree(context: ShellContext): Promise<boolean> {
  await context.say(context.session.directory.name);
  await forEachFile(context, async (file, depth) => {
    const { kind = '', size, recordLength, records } = context.session.facts ?? {};
    const extent = recordLength === undefined ? (size ?? '') : `${records} x ${recordLength}`;
    await context.say(
      `${'  '.repeat(depth)}${file.name}  ${hex4(file.identifier)}  ${kind === 'directory' ? '' : `${kind} ${extent}`}`.trimEnd(),
    );
  });
  return true;
}

/** All contents as a script of this shell. */
async function exportFiles(context: ShellContext): Promise<boolean> {
  const { session, say } = context;
  await forEachFile(context, async (file) => {
    const kind = session.facts?.kind;
    if (kind === 'directory') return;
    await say('', `# ${factsLine(file, session.facts)}`, `select ${pathOf(file).replace(/^MF/, '')}`);
    if (kind === 'transparent') {
      const { data, reply } = await session.readBinary();
      await say(data.length > 0 ? `update_binary ${toHex(data)}` : `# ${statusLine(reply)}`);
    } else if (kind === 'linear' || kind === 'cyclic') {
      const { records, reply } = await session.readRecords();
      const comment = kind === 'cyclic' ? '# ' : '';
      await say(...records.map((record, i) => `${comment}update_record ${i + 1} ${toHex(record)}`));
      if (records.length === 0) await say(`# ${statusLine(reply)}`);
    }
  });
  return true;
}

async function searchRecord(context: ShellContext, text: string | undefined): Promise<boolean> {
  currentFile(context);
  const reply = await context.session.send(0x00, 0xa2, 0x01, 0x04, octetsOf(text, 'what to look for'), 256);
  if (reply.statusWord !== 0x9000) return told(context, reply);
  await context.say(`records ${[...reply.data].join(', ')}`);
  return true;
}

/** The rest of a line after its first word. */
const afterFirst = (rest: string): string => rest.replace(/^\S+\s*/, '');

/** Commands about files. */
export const FILE_COMMANDS: readonly ShellCommand[] = [
  {
    ...{
      name: 'select',
      parameters: '[FILE]',
      does: 'select a file by name, identifier, path or AID; without: where you are',
    },
    takesFile: true,
    run: (context, [file]) => select(context, file),
  },
  { name: 'dir', parameters: '', does: 'the names that the standards have for this directory', run: dir },
  { name: 'tree', parameters: '', does: 'the files below this directory that are on the card', run: tree },
  {
    name: 'export',
    parameters: '',
    does: 'all contents below this directory, as a script of this shell',
    run: exportFiles,
  },
  {
    ...{ name: 'read_binary', parameters: '[OFFSET [LENGTH]]', does: 'read a transparent EF' },
    run: (context, words) => readBinary(context, words, false),
  },
  {
    ...{ name: 'read_binary_decoded', parameters: '', does: 'read a transparent EF, as JSON' },
    run: (context) => readBinary(context, [], true),
  },
  {
    ...{ name: 'read_record', parameters: 'NUMBER', does: 'read a record' },
    run: (context, words) => readRecord(context, words, false),
  },
  {
    ...{ name: 'read_record_decoded', parameters: 'NUMBER', does: 'read a record, as JSON' },
    run: (context, words) => readRecord(context, words, true),
  },
  { name: 'read_records', parameters: '', does: 'read all records', run: (context) => readRecords(context, false) },
  {
    name: 'read_records_decoded',
    parameters: '',
    does: 'read all records, as JSON',
    run: (context) => readRecords(context, true),
  },
  {
    ...{ name: 'update_binary', parameters: 'HEX [OFFSET]', does: 'write into a transparent EF' },
    async run(context, [hex, offset]) {
      currentFile(context);
      const at = offset === undefined ? 0 : numberOf(offset, 0, LAST_OFFSET, 'offset');
      return told(context, await context.session.updateBinary(at, octetsOf(hex, 'content')));
    },
  },
  {
    ...{ name: 'update_record', parameters: 'NUMBER HEX', does: 'write a record' },
    async run(context, [number, hex]) {
      currentFile(context);
      const record = numberOf(number, 1, LAST_RECORD, 'record');
      return told(context, await context.session.updateRecord(record, octetsOf(hex, 'content')));
    },
  },
  {
    ...{
      name: 'update_binary_decoded',
      parameters: 'JSON',
      does: "write a transparent EF, from JSON as 'read_binary_decoded' prints it",
    },
    async run(context, _, rest) {
      const { session } = context;
      const coding = codingOf(context);
      const octets = refusing(() => encodeContent(coding, jsonOf(rest), session.facts?.size ?? 255));
      return told(context, await session.updateBinary(0, octets));
    },
  },
  {
    ...{ name: 'update_record_decoded', parameters: 'NUMBER JSON', does: 'write a record, from JSON' },
    async run(context, [number], rest) {
      const { session } = context;
      const coding = codingOf(context);
      const record = numberOf(number, 1, LAST_RECORD, 'record');
      const octets = refusing(() =>
        encodeContent(coding, jsonOf(afterFirst(rest)), session.facts?.recordLength ?? 255),
      );
      return told(context, await session.updateRecord(record, octets));
    },
  },
  {
    ...{ name: 'search_record', parameters: 'HEX', does: 'the records that have these octets in them' },
    run: (context, [hex]) => searchRecord(context, hex),
  },
  {
    ...{ name: 'deactivate_file', parameters: '', does: 'deactivate the selected EF (TS 102 221 11.1.14)' },
    async run(context) {
      currentFile(context);
      return told(context, await context.session.send(0x00, 0x04, 0x00, 0x00));
    },
  },
  {
    ...{ name: 'activate_file', parameters: '', does: 'activate it again (11.1.15)' },
    async run(context) {
      currentFile(context);
      return told(context, await context.session.send(0x00, 0x44, 0x00, 0x00));
    },
  },
];
