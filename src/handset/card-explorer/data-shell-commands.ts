import { berTlv, CodecError, concat, NO_OCTETS, Reader, readBerTlv, toHex } from '#base/codec/index.ts';
import { SW } from '#protocol/apdu/index.ts';
import { isDone, type Reply } from './session.ts';
import {
  hexLines,
  octetsOf,
  type ShellCommand,
  type ShellContext,
  ShellError,
  statusLine,
  told,
} from './shell-command.ts';

/** Blocks of RETRIEVE DATA and SET DATA in P2 (TS 102 221 11.3). */
const BLOCK = { first: 0x80, next: 0x00 } as const;
const INS = { retrieve: 0xcb, set: 0xdb } as const;
/** Asked for, it gives the tags of a file. */
const TAG_LIST = 0x5c;
const LONGEST_BLOCK = 255;
/** Blocks of one data object: a card that goes on for ever is left. */
const MOST_BLOCKS = 300;
const MORE_TAG_OCTETS = 0x1f;

/** A tag that a person wrote: 1 to 3 octets in hexadecimal, as ISO/IEC 7816-4 5.2.2.1 codes them. */
function tagOf(text: string | undefined): Uint8Array {
  const octets = octetsOf(text?.replace(/^0x/i, ''), 'tag');
  const isWhole =
    ((octets[0] as number) & MORE_TAG_OCTETS) !== MORE_TAG_OCTETS ? octets.length === 1 : octets.length > 1;
  if (!isWhole || octets.length > 3) throw new ShellError('tag: expected one such as 80, A1 or 5F2D');
  return octets;
}

const numberOfTag = (octets: Uint8Array): number => octets.reduce((tag, octet) => tag * 256 + octet, 0);

function dataFile({ session }: ShellContext): void {
  if (session.file === undefined) throw new ShellError('no file is selected: select a BER-TLV EF first');
}

/** The data object of a tag, block after block; the last reply. */
async function retrieved({ session }: ShellContext, tag: Uint8Array): Promise<{ object: Uint8Array; reply: Reply }> {
  const parts: Uint8Array[] = [];
  let reply = await session.send(0x80, INS.retrieve, 0x00, BLOCK.first, tag, 256);
  for (let blocks = 1; isDone(reply) && blocks < MOST_BLOCKS; blocks++) {
    parts.push(reply.data);
    if (reply.statusWord !== SW.moreDataAvailable) break;
    reply = await session.send(0x80, INS.retrieve, 0x00, BLOCK.next, NO_OCTETS, 256);
  }
  return { object: concat(...parts), reply };
}

async function retrieveData(context: ShellContext, [text]: readonly string[]): Promise<boolean> {
  dataFile(context);
  const { object, reply } = await retrieved(context, tagOf(text));
  if (!isDone(reply)) return told(context, reply);
  await context.say(...hexLines(object));
  return true;
}

/** The tags that follow each other in a tag list. */
function tagsIn(list: Uint8Array): readonly string[] {
  const tags: string[] = [];
  for (let at = 0; at < list.length; ) {
    let end = at + 1;
    if (((list[at] as number) & MORE_TAG_OCTETS) === MORE_TAG_OCTETS)
      while (end < list.length && ((list[end++] as number) & 0x80) !== 0);
    tags.push(toHex(list.subarray(at, end)));
    at = end;
  }
  return tags;
}

async function retrieveTags(context: ShellContext): Promise<boolean> {
  dataFile(context);
  const { object, reply } = await retrieved(context, Uint8Array.of(TAG_LIST));
  if (!isDone(reply)) return told(context, reply);
  try {
    const { tag, value } = readBerTlv(new Reader(object));
    const tags = tag === TAG_LIST ? tagsIn(value) : [];
    await context.say(...(tags.length === 0 ? ['no data objects'] : [`tags ${tags.join(', ')}`]));
    return true;
  } catch (error) {
    if (!(error instanceof CodecError)) throw error;
    await context.say(...hexLines(object), 'this is no tag list');
    return false;
  }
}

/** SET DATA: a whole data object, or the tag alone to delete it, in as many blocks as it takes. */
async function sent(context: ShellContext, octets: Uint8Array): Promise<boolean> {
  const { session } = context;
  let reply: Reply = { statusWord: SW.ok, data: NO_OCTETS };
  for (let at = 0; at < octets.length; at += LONGEST_BLOCK) {
    const block = octets.slice(at, at + LONGEST_BLOCK);
    reply = await session.send(0x80, INS.set, 0x00, at === 0 ? BLOCK.first : BLOCK.next, block);
    const isWaiting = reply.statusWord === SW.moreDataExpected;
    if (!isWaiting && at + LONGEST_BLOCK < octets.length) break;
  }
  if (reply.statusWord !== SW.ok) await context.say(statusLine(reply));
  return isDone(reply);
}

/** Commands about BER-TLV files. */
export const DATA_COMMANDS: readonly ShellCommand[] = [
  {
    ...{ name: 'retrieve_data', parameters: 'TAG', does: 'the data object of a tag in a BER-TLV EF' },
    run: retrieveData,
  },
  { name: 'retrieve_tags', parameters: '', does: 'the tags of the data objects in a BER-TLV EF', run: retrieveTags },
  {
    ...{ name: 'set_data', parameters: 'TAG HEX', does: 'store a data object: its value' },
    async run(context, [tag, hex]) {
      dataFile(context);
      return sent(context, berTlv(numberOfTag(tagOf(tag)), octetsOf(hex, 'value')));
    },
  },
  {
    ...{ name: 'del_data', parameters: 'TAG', does: 'delete the data object of a tag' },
    async run(context, [tag]) {
      dataFile(context);
      return sent(context, tagOf(tag));
    },
  },
];
