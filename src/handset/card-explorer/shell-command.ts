import { CodecError, fromHex, toHex } from '#base/codec/index.ts';
import { statusMeaning } from '#protocol/apdu/index.ts';
import type { Content } from './content.ts';
import type { DomainChannel } from './domain-channel.ts';
import { type CardSession, isDone, type Reply } from './session.ts';

/** What a command of the shell works with. */
export interface ShellContext {
  readonly session: CardSession;
  /** Commands to a security domain, secured while a secure channel is open. */
  readonly domain: DomainChannel;
  /** Prints lines. */
  say(...lines: readonly string[]): Promise<void>;
  /** Asks for what must not be seen; undefined when there is nobody to ask. */
  secret(question: string): Promise<string | undefined>;
}

/** A command of the shell. */
export interface ShellCommand {
  readonly name: string;
  /** Its parameters, as help shows them; what stands in brackets may be left out. */
  readonly parameters: string;
  readonly does: string;
  /** Parameters are a PIN, a key, or may be: the line is kept nowhere. */
  readonly isSecret?: true;
  /** The first parameter is a file. */
  readonly takesFile?: true;
  /** What the first parameter may be. */
  readonly choices?: readonly string[];
  /** False when the card refused. Throws ShellError for wrong use. */
  run(context: ShellContext, words: readonly string[], rest: string): Promise<boolean>;
}

/** A line that the shell cannot do: what was expected. */
export class ShellError extends Error {
  override readonly name = 'ShellError';
}

/** Octets that a person wrote in hexadecimal. */
export function octetsOf(text: string | undefined, what: string): Uint8Array {
  if (text === undefined || !/^(?:[0-9a-f]{2})+$/i.test(text))
    throw new ShellError(`${what}: expected octets in hexadecimal`);
  return fromHex(text);
}

/** A number that a person wrote, in a range. */
export function numberOf(text: string | undefined, least: number, most: number, what: string): number {
  const value = Number(text);
  if (text === undefined || !/^\d{1,6}$/.test(text) || value < least || value > most)
    throw new ShellError(`${what}: expected a number from ${least} to ${most}`);
  return value;
}

/** JSON that a person wrote. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ShellError(
      `expected JSON, as 'read_binary_decoded' prints it: ${error instanceof Error ? error.message : error}`,
    );
  }
}

/** Runs what refuses octets or values with CodecError: that is wrong use then. */
export function refusing<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw error instanceof CodecError ? new ShellError(error.message) : error;
  }
}

const OCTETS_A_LINE = 32;

/** Octets in hexadecimal, a line for every 32. */
export function hexLines(octets: Uint8Array): readonly string[] {
  const lines: string[] = [];
  for (let at = 0; at < octets.length; at += OCTETS_A_LINE) lines.push(toHex(octets.subarray(at, at + OCTETS_A_LINE)));
  return lines;
}

/** A value as JSON for people. */
export const jsonLines = (value: Content): readonly string[] => JSON.stringify(value, undefined, 2).split('\n');

/** A status word in words, with its clause. */
export function statusLine({ statusWord }: Reply): string {
  const { text, clause } = statusMeaning(statusWord);
  return `${statusWord.toString(16).toUpperCase().padStart(4, '0')} ${text} (${clause})`;
}

/** Tells how a command ended: nothing but its data when all is well, the status word in words else. True when it was done. */
export async function told({ say }: ShellContext, reply: Reply): Promise<boolean> {
  await say(...hexLines(reply.data));
  if (reply.statusWord !== 0x9000) await say(statusLine(reply));
  return isDone(reply);
}
