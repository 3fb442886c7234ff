import { concat, toHex } from '#base/codec/index.ts';
import { fileFacts, lifeCycleWords } from './file-facts.ts';
import { hex4 } from './known-files.ts';
import { keyName } from './rule-words.ts';
import { isDone, type Reply } from './session.ts';
import {
  numberOf,
  octetsOf,
  type ShellCommand,
  type ShellContext,
  ShellError,
  statusLine,
  told,
} from './shell-command.ts';
import { tlvLines } from './tlv-lines.ts';

/** PINs and keys by the names that people write. */
const REFERENCES: Readonly<Record<string, number>> = {
  '1': 0x01,
  '2': 0x81,
  universal: 0x11,
  adm1: 0x0a,
  adm2: 0x0b,
  adm3: 0x0c,
};
const NAMES = Object.keys(REFERENCES).join(', ');
const PIN_LENGTH = 8;
const HIGHEST_CHANNEL = 19;

function referenceOf(text: string): number {
  const reference = REFERENCES[text.toLowerCase()];
  if (reference === undefined) throw new ShellError(`which PIN: expected one of ${NAMES}`);
  return reference;
}

/** A PIN or key as the card takes it: digits, filled with FF (TS 102 221 9.5.1), or 16 hexadecimal digits of an ADM key. */
function secretOctets(text: string, what: string): Uint8Array {
  if (/^[0-9a-f]{16}$/i.test(text)) return octetsOf(text, what);
  if (!/^\d{4,8}$/.test(text)) throw new ShellError(`${what}: expected 4 to 8 digits, or 16 hexadecimal digits`);
  const octets = new Uint8Array(PIN_LENGTH).fill(0xff);
  for (let i = 0; i < text.length; i++) octets[i] = text.charCodeAt(i);
  return octets;
}

async function secretOf(context: ShellContext, given: string | undefined, what: string): Promise<Uint8Array> {
  const text = given ?? (await context.secret(`${what}: `));
  if (text === undefined) throw new ShellError(`${what}: expected behind the command, nobody is there to be asked`);
  return secretOctets(text.trim(), what);
}

/** How a secret of a PIN or key is asked for. */
const SECRETS = {
  own: keyName,
  new: (reference: number) => `new ${keyName(reference)}`,
  unblocking: (reference: number) => `PUK of ${keyName(reference)}`,
} as const;
const PARAMETERS: Readonly<Record<keyof typeof SECRETS, string>> = { own: 'CODE', new: 'NEW', unblocking: 'PUK' };

/** A command of one or two secrets on a PIN or key. A verification that failed says the tries that are left. */
function pinCommand(
  name: string,
  does: string,
  ins: number,
  secrets: readonly (keyof typeof SECRETS)[],
  usual = '1',
): ShellCommand {
  return {
    ...{
      name,
      does,
      parameters: `[WHICH${secrets.map((one) => ` [${PARAMETERS[one]}`).join('')}${']'.repeat(secrets.length + 1)}`,
    },
    isSecret: true,
    async run(context, [which = usual, ...given]) {
      const reference = referenceOf(which);
      const octets: Uint8Array[] = [];
      for (const [i, secret] of secrets.entries())
        octets.push(await secretOf(context, given[i], SECRETS[secret](reference)));
      return told(context, await context.session.send(0x00, ins, 0x00, reference, concat(...octets)));
    },
  };
}

const TAG = { challengeAnswered: 0xdb, synchronisation: 0xdc } as const;
const ANSWERED = ['RES', 'CK', 'IK', 'Kc'] as const;

/** The values, each behind its length, in the answer to AUTHENTICATE (TS 31.102 7.1.2.1). */
function authenticationLines({ data }: Reply): readonly string[] {
  const names: readonly string[] = data[0] === TAG.synchronisation ? ['AUTS'] : ANSWERED;
  const lines: string[] = [];
  for (let at = 1; at < data.length && lines.length < names.length; ) {
    const length = data[at] as number;
    lines.push(`${(names[lines.length] as string).padEnd(4)} ${toHex(data.subarray(at + 1, at + 1 + length))}`);
    at += 1 + length;
  }
  return data[0] === TAG.synchronisation
    ? ['synchronisation failure: the sequence number is too old or too new', ...lines]
    : lines;
}

async function authenticate(context: ShellContext, [rand, autn]: readonly string[]): Promise<boolean> {
  const values = [octetsOf(rand, 'RAND'), octetsOf(autn, 'AUTN')];
  if (values.some(({ length }) => length !== 16)) throw new ShellError('RAND and AUTN: expected 16 octets each');
  const data = concat(...values.flatMap((value) => [Uint8Array.of(16), value]));
  const reply = await context.session.send(0x00, 0x88, 0x00, 0x81, data, 256);
  if (!isDone(reply)) return told(context, reply);
  await context.say(...authenticationLines(reply));
  return true;
}

async function status(context: ShellContext): Promise<boolean> {
  const reply = await context.session.send(0x80, 0xf2, 0x00, 0x00, undefined, 256);
  if (!isDone(reply)) return told(context, reply);
  const facts = fileFacts(reply.data);
  const { identifier, aid, lifeCycle, pins = [] } = facts ?? {};
  await context.say(
    ...[
      identifier === undefined ? [] : [`directory  ${hex4(identifier)}`],
      aid === undefined ? [] : [`AID        ${toHex(aid)}`],
      [`channel    ${context.session.channel}`, `life cycle ${lifeCycleWords(lifeCycle)}`],
      pins.map(({ reference, isEnabled }) => `${keyName(reference).padEnd(10)} ${isEnabled ? 'asked' : 'not asked'}`),
    ].flat(),
  );
  return true;
}

/** MANAGE CHANNEL (TS 102 221 11.1.17). */
async function openChannel(context: ShellContext): Promise<boolean> {
  const reply = await context.session.send(0x00, 0x70, 0x00, 0x00, undefined, 1);
  const [channel] = reply.data;
  if (!isDone(reply) || channel === undefined) return told(context, reply);
  context.session.channel = channel;
  await context.say(`channel ${channel}, and on it now`);
  return true;
}

async function closeChannel(context: ShellContext, [number]: readonly string[]): Promise<boolean> {
  const { session } = context;
  const channel = number === undefined ? session.channel : numberOf(number, 1, HIGHEST_CHANNEL, 'channel');
  if (channel === 0) throw new ShellError('the basic channel stays open: name another');
  if (session.channel === channel) session.channel = 0;
  session.forgetChannel(channel);
  return told(context, await session.send(0x00, 0x70, 0x80, channel));
}

/** Commands about the card. */
export const CARD_COMMANDS: readonly ShellCommand[] = [
  { name: 'status', parameters: '', does: 'where you are, and which PINs are asked', run: status },
  {
    ...{ name: 'reset', parameters: '', does: 'reset the card; its ATR' },
    async run(context) {
      await context.say(toHex(await context.session.reset()));
      return true;
    },
  },
  {
    ...{
      name: 'tries',
      parameters: '[WHICH]',
      does: 'the tries that a PIN or key has left; none is lost',
    },
    async run(context, [which = '1']) {
      const reply = await context.session.triesOf(referenceOf(which));
      const { statusWord } = reply;
      const left = statusWord & 0x0f;
      const isCount = statusWord >> 4 === 0x63c;
      await context.say(isCount ? `${left} ${left === 1 ? 'try' : 'tries'} left` : statusLine(reply));
      return true;
    },
  },
  pinCommand('verify_chv', 'verify a PIN, asked for without echo; WHICH: 1 (usual), 2, universal', 0x20, ['own']),
  pinCommand('verify_adm', 'verify a key; WHICH: adm1 (usual), adm2, adm3', 0x20, ['own'], 'adm1'),
  pinCommand('change_chv', 'change a PIN', 0x24, ['own', 'new']),
  pinCommand('disable_chv', 'let a PIN not be asked any more', 0x26, ['own']),
  pinCommand('enable_chv', 'let a PIN be asked again', 0x28, ['own']),
  pinCommand('unblock_chv', 'unblock a PIN by its PUK', 0x2c, ['unblocking', 'new']),
  {
    name: 'authenticate',
    parameters: 'RAND AUTN',
    does: 'AUTHENTICATE in the 3G context (TS 31.102 7.1.2)',
    run: authenticate,
  },
  {
    ...{ name: 'apdu', parameters: 'HEX', does: 'send a command as it is', isSecret: true },
    async run(context, words) {
      const reply = await context.session.sendRaw(octetsOf(words.join(''), 'APDU'));
      await context.say(
        ...(reply.data.length > 0 ? [toHex(reply.data), ...tlvLines(reply.data)] : []),
        statusLine(reply),
      );
      return isDone(reply);
    },
  },
  { name: 'open_channel', parameters: '', does: 'open a logical channel, and go on on it', run: openChannel },
  { name: 'close_channel', parameters: '[NUMBER]', does: 'close a logical channel', run: closeChannel },
  {
    ...{ name: 'use_channel', parameters: 'NUMBER', does: 'go on on another channel' },
    async run({ session, say }, [number]) {
      session.channel = numberOf(number, 0, HIGHEST_CHANNEL, 'channel');
      await say(`on channel ${session.channel}`);
      return true;
    },
  },
];
