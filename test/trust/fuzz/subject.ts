import { fromHex, toHex } from '#base/codec/index.ts';
import type { Card } from '#protocol/apdu/index.ts';

/** One step of a sequence. */
export type Step =
  | { readonly kind: 'apdu'; readonly octets: Uint8Array }
  | { readonly kind: 'reset'; readonly protocol: 'T=0' | 'T=1' | 'both' }
  /** The application of the toolkit begins or ceases to refuse AUTHENTICATE. */
  | { readonly kind: 'lock'; readonly isLocked: boolean };

/** What a sequence brought to light: at which step, and what. */
export interface Finding {
  readonly at: number;
  readonly what: string;
}

/** How a sequence went. */
export interface Played {
  readonly finding: Finding | undefined;
  /** C-APDUs that the card answered, and how many of them the model knew the answer of. */
  readonly apdus: number;
  readonly foreseen: number;
}

/** Something to be fuzzed: sequences from chance, and what is wrong with a card after one. */
export interface Subject {
  readonly name: string;
  /** A sequence; the same for the same seed. */
  readonly sequence: (seed: string) => readonly Step[];
  /** Plays a sequence on a fresh card. */
  readonly play: (steps: readonly Step[]) => Played;
}

/** A step as a person reads it, and `readStep` takes it. */
export function stepText(step: Step): string {
  switch (step.kind) {
    case 'apdu':
      return toHex(step.octets);
    case 'reset':
      return `reset ${step.protocol}`;
    case 'lock':
      return step.isLocked ? 'lock' : 'unlock';
  }
}

/** The step of a text. */
export function readStep(text: string): Step {
  const [, protocol] = /^reset (T=0|T=1|both)$/.exec(text) ?? [];
  if (protocol === 'T=0' || protocol === 'T=1' || protocol === 'both') return { kind: 'reset', protocol };
  if (text === 'lock' || text === 'unlock') return { kind: 'lock', isLocked: text === 'lock' };
  return { kind: 'apdu', octets: fromHex(text) };
}

/** Why a response may not leave a card: it is no R-APDU, or holds one of these secrets (in hexadecimal). Undefined when it may. */
export function responseProblem(response: Uint8Array, secrets: readonly string[]): string | undefined {
  if (response.length < 2 || response.length > 258) return `a response of ${response.length} octets`;
  const sw1 = response.at(-2) as number;
  if (!((sw1 >= 0x61 && sw1 <= 0x6f) || (sw1 >= 0x90 && sw1 <= 0x9f)))
    return `status word ${toHex(response.slice(-2))}`;
  if (response.length < 10) return undefined;
  const text = toHex(response);
  const secret = secrets.find((one) => text.includes(one));
  return secret === undefined ? undefined : `a secret: ${secret} in ${text}`;
}

/** A response with what GET RESPONSE and the command with its right Le bring, as a reader of T=0 asks for it. */
export function exchange(card: Card, command: Uint8Array): { readonly first: Uint8Array; readonly whole: Uint8Array } {
  const first = card.transmit(command);
  let whole = first;
  const parts: Uint8Array[] = [];
  for (let rounds = 0; rounds < 16; rounds++) {
    const sw1 = whole.at(-2);
    const sw2 = whole.at(-1) as number;
    if (sw1 === 0x6c && whole.length === 2 && command.length <= 5) {
      whole = card.transmit(Uint8Array.of(...command.subarray(0, 4), sw2));
    } else if (sw1 === 0x61) {
      parts.push(whole.subarray(0, -2));
      const channel = (command[0] as number) & ((command[0] as number) & 0x40 ? 0x4f : 0x03);
      whole = card.transmit(Uint8Array.of(channel, 0xc0, 0, 0, sw2));
    } else break;
  }
  return { first, whole: parts.length === 0 ? whole : Buffer.concat([...parts, whole]) };
}

/** The shortest sequence that still finds something: pieces are left out as long as it does. */
export function shrink(
  subject: Subject,
  steps: readonly Step[],
): { readonly steps: readonly Step[]; readonly finding: Finding } {
  let { finding } = subject.play(steps);
  if (finding === undefined)
    throw new Error('shrink: expected a sequence with a finding, got one without: give the one that failed');
  let kept = steps.slice(0, finding.at + 1);
  for (let size = kept.length >> 1; size > 0; size = size === 1 ? 0 : size >> 1)
    for (let at = 0; at < kept.length; ) {
      const fewer = kept.toSpliced(at, size);
      const { finding: found } = subject.play(fewer);
      if (found === undefined) at += size;
      else {
        finding = found;
        kept = fewer.slice(0, found.at + 1);
      }
    }
  return { steps: kept, finding };
}
