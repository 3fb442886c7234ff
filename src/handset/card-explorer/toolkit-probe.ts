import { CodecError, NO_OCTETS, toHex } from '#base/codec/index.ts';
import {
  commandDetails,
  decodeProactiveCommand,
  encodeTerminalResponse,
  GENERAL_RESULT,
  type ProactiveCommand,
  TERMINAL_FEATURE,
  type TerminalFeature,
  terminalProfile,
} from '#protocol/usat/index.ts';
import { type Content, plainly } from './content.ts';
import { MASTER_FILE } from './known-files.ts';
import { type CardSession, isDone, type Reply } from './session.ts';

/** A proactive command that a card sent, and what it was answered. */
export interface ProbedCommand {
  readonly name: string;
  readonly octets: string;
  /** What it says; undefined when it cannot be read. */
  readonly meaning?: Content;
  readonly answer: 'performed' | 'beyond capabilities';
}

const SW1_PROACTIVE = 0x91;
/** A card that goes on for ever is left. */
const MOST_COMMANDS = 64;
const INS = { profile: 0x10, fetch: 0x12, response: 0x14, status: 0xf2 } as const;
/** Polls after the profile, each of which may bring a command. */
const POLLS = 4;
/**
 * What is never announced: a card reader. A card that wants to speak to another card would take a refusal for that card's, and an IMEI
 * lock would hold it against the handset.
 */
const NOT_ANNOUNCED: ReadonlySet<TerminalFeature> = new Set([
  'powerOnCard',
  'powerOffCard',
  'performCardApdu',
  'readerStatus',
  'readerIdentifier',
]);
/** Commands that leave nothing to do: saying that they were performed is true. */
const NOTHING_TO_DO: ReadonlySet<ProactiveCommand['type']> = new Set([
  'MORE TIME',
  'SET UP EVENT LIST',
  'SET UP MENU',
  'SET UP IDLE MODE TEXT',
  'POLLING OFF',
]);

/** Every feature but those; a probe performs none of them. */
const FEATURES = (Object.keys(TERMINAL_FEATURE) as TerminalFeature[]).filter((name) => !NOT_ANNOUNCED.has(name));
const PROFILE = terminalProfile(FEATURES);

/**
 * Boots a card as a handset does, with a terminal profile, and lists the proactive commands that it sends then and at its first polls. What
 * needs a handset is answered "beyond capabilities". A card counts this as a power-on. Rejects with MuteCardError.
 */
export async function probeToolkit(session: CardSession): Promise<readonly ProbedCommand[]> {
  await session.reset();
  await session.select(MASTER_FILE);
  const found: ProbedCommand[] = [];
  let reply = await session.send(0x80, INS.profile, 0x00, 0x00, PROFILE);
  for (let polls = 0; ; polls++) {
    reply = await performed(session, reply, found);
    if (polls === POLLS || found.length >= MOST_COMMANDS) return found;
    reply = await session.send(0x80, INS.status, 0x00, 0x0c);
    if (!isDone(reply)) return found;
  }
}

/** Fetches and answers as long as a status word announces a command; the last reply. */
async function performed(session: CardSession, first: Reply, found: ProbedCommand[]): Promise<Reply> {
  let reply = first;
  while (reply.statusWord >> 8 === SW1_PROACTIVE && found.length < MOST_COMMANDS) {
    const fetched = await session.send(0x80, INS.fetch, 0x00, 0x00, NO_OCTETS, reply.statusWord & 0xff || 256);
    const details = isDone(fetched) ? commandDetails(fetched.data, fetched.data.length) : undefined;
    if (details === undefined) return fetched;
    const command = readable(fetched.data);
    const isNothing = command !== undefined && NOTHING_TO_DO.has(command.type);
    found.push(told(fetched.data, command, isNothing));
    const general = isNothing ? GENERAL_RESULT.performed : GENERAL_RESULT.beyondCapabilities;
    const response = encodeTerminalResponse({ details, general, additional: NO_OCTETS });
    reply = await session.send(0x80, INS.response, 0x00, 0x00, response);
  }
  return reply;
}

function readable(octets: Uint8Array): ProactiveCommand | undefined {
  try {
    return decodeProactiveCommand(octets);
  } catch (error) {
    if (error instanceof CodecError) return undefined;
    throw error;
  }
}

function told(octets: Uint8Array, command: ProactiveCommand | undefined, isNothing: boolean): ProbedCommand {
  const type = command?.type ?? 'not readable';
  const meaning = command === undefined ? undefined : plainly({ ...command, type: undefined, number: undefined });
  return {
    name: type,
    octets: toHex(octets),
    ...(meaning !== undefined && { meaning }),
    answer: isNothing ? 'performed' : 'beyond capabilities',
  };
}
