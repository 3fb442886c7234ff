import assert from 'node:assert/strict';
import { toHex } from '#base/codec/index.ts';
import { aesSiv } from '#base/crypto/index.ts';
import { type NonVolatile, ramMemory } from '#base/port/index.ts';
import {
  type CardMemory,
  cardMemory,
  imageSeal,
  NEWEST_STATE_OCTETS,
  recordsOn,
  sealImage,
  type TransactionSeal,
} from '#handset/card/index.ts';
import type { Card } from '#protocol/apdu/index.ts';
import { powerSource } from './power.ts';

// Cuts the power at every octet of every write of a command, and judges what the card is after it (T22). No part of the product.

/** A kind of card: its memory as it left the factory, how a card is made of it, and all that can be read of it. */
export interface CardKind {
  /** A fresh medium without seal. */
  readonly personalised: () => NonVolatile;
  /** A card of this memory, powered on. */
  readonly powerOn: (memory: CardMemory) => Card;
  /** What can be read of a card by who holds its keys: it may write. */
  readonly dump: (card: Card) => string;
}

/** A command that writes. */
export interface WritingCommand {
  /** The standard's name, as the table of commands has it. */
  readonly command: string;
  /** What of it is meant, where it writes different things. */
  readonly case?: string;
  /** Brings the card to where the command may be given, with good power; back with the command, which gives its answer in hexadecimal. */
  readonly ready: (card: Card) => () => string;
  /** What a card that keeps its power answers. */
  readonly answer: RegExp;
  /** Changes that the command makes one after another, each safe before the next: a try is counted, then judged. 1 when not given. */
  readonly changes?: number;
  /** What leaves a card whose power is cut, in one process: 6F00 when not given. */
  readonly silence?: RegExp;
}

/** An image, and where its newest state is remembered. */
interface Media {
  readonly image: NonVolatile;
  readonly newest: NonVolatile;
}
type Sealing = 'plain' | 'sealed';

const SIV = aesSiv(new Uint8Array(32).fill(7));
/** Of how many cuts one is looked at whole, besides the first and the last of each state. */
const LOOKED_AT = 64;

function copyOf(medium: NonVolatile): NonVolatile {
  const copy = ramMemory(medium.size);
  copy.write(0, medium.read(0, medium.size));
  return copy;
}
const copyOfMedia = ({ image, newest }: Media): Media => ({ image: copyOf(image), newest: copyOf(newest) });

function freshMedia(plain: NonVolatile, sealing: Sealing): Media {
  const newest = ramMemory(NEWEST_STATE_OCTETS);
  if (sealing === 'plain') return { image: plain, newest };
  const image = ramMemory(plain.size);
  sealImage(plain, image, imageSeal({ siv: SIV, newest }));
  return { image, newest };
}

const sealOf = (sealing: Sealing, newest: NonVolatile): TransactionSeal | undefined =>
  sealing === 'plain' ? undefined : imageSeal({ siv: SIV, newest });

/** Every record of a memory, and nothing but them. */
function recordsIn(media: Media, sealing: Sealing): string {
  const { image, newest } = copyOfMedia(media);
  return recordsOn(image, sealOf(sealing, newest))
    .map(([key, value]) => `${key.toString(16).padStart(4, '0')}=${toHex(value ?? new Uint8Array(0))}`)
    .sort()
    .join('\n');
}

/** A state that the command goes through: what is kept, and media that stand so. */
interface State {
  readonly records: string;
  readonly media: Media;
}

/** A state as the world sees it: what can be read, and what the command answers when it is given now. */
function seen(kind: CardKind, command: WritingCommand, media: Media, sealing: Sealing): string {
  const open = (from: Media) => kind.powerOn(cardMemory(from.image, sealOf(sealing, from.newest)));
  const dump = kind.dump(open(copyOfMedia(media)));
  const card = open(copyOfMedia(media));
  let again: string;
  try {
    again = command.ready(card)();
  } catch (error) {
    // What made the command possible is gone with it: the same on a card that never lost power.
    again = error instanceof assert.AssertionError ? 'impossible now' : assert.fail(String(error));
  }
  return `${again}\n${dump}`;
}

/** A card of these media on a power source that lasts, ready for the command; `changed` hears of every change that is safe. */
function readied(kind: CardKind, command: WritingCommand, media: Media, sealing: Sealing, changed: () => void) {
  const power = powerSource();
  const memory = cardMemory(power.feed(media.image), sealOf(sealing, power.feed(media.newest)));
  let isGiven = false;
  const watched: CardMemory = {
    get: (key) => memory.get(key),
    get free() {
      return memory.free;
    },
    commit(changes) {
      memory.commit(changes);
      if (isGiven) changed();
    },
  };
  const act = command.ready(kind.powerOn(watched));
  isGiven = true;
  return { power, act };
}

/** Runs the command with good power: the states it goes through, its octets, its answer. */
function undisturbed(kind: CardKind, command: WritingCommand, from: Media, sealing: Sealing) {
  const media = copyOfMedia(from);
  const states: State[] = [];
  const keep = () => states.push({ records: recordsIn(media, sealing), media: copyOfMedia(media) });
  const { power, act } = readied(kind, command, media, sealing, keep);
  keep();
  const before = power.written;
  const answer = act();
  return { states, octets: power.written - before, answer };
}

/** Runs the command with power for so many octets of it: what is left, what was heard of it, how many changes were safe to the card. */
function disturbed(kind: CardKind, command: WritingCommand, from: Media, sealing: Sealing, octets: number) {
  const media = copyOfMedia(from);
  let safe = 0;
  const { power, act } = readied(kind, command, media, sealing, () => safe++);
  power.endAfter(octets);
  const answer = act();
  return { media, answer, isLost: power.isLost, safe };
}

/**
 * Cuts the power at every octet that the command writes. Each time: nothing but `silence` left the card; its records are those after the
 * last change that was safe to it, or after the one that was cut, and no others; and where the state is looked at whole, the card can be
 * read and answers the same command as a card does that stands so and never lost power. Back with how often each state was met.
 */
function tear(kind: CardKind, command: WritingCommand, sealing: Sealing): readonly number[] {
  const from = freshMedia(kind.personalised(), sealing);
  const { states, octets, answer } = undisturbed(kind, command, from, sealing);
  assert.match(answer, command.answer);
  assert.equal(states.length - 1, command.changes ?? 1, 'changes of the command');
  const met = states.map(() => 0);
  const whole = states.map(({ media }) => seen(kind, command, media, sealing));
  for (let cut = 0; cut < octets; cut++) {
    const after = disturbed(kind, command, from, sealing, cut);
    const where = `cut at octet ${cut} of ${octets}, ${sealing}, ${after.safe} of ${states.length - 1} changes safe`;
    assert.ok(after.isLost, where);
    assert.match(after.answer, command.silence ?? /^6F00$/, where);
    const records = recordsIn(after.media, sealing);
    const state = records === states[after.safe]?.records ? after.safe : after.safe + 1;
    assert.equal(records, states[state]?.records, where);
    const isLookedAt = met[state] === 0 || cut % LOOKED_AT === 0 || cut === octets - 1;
    if (isLookedAt) assert.equal(seen(kind, command, after.media, sealing), whole[state], where);
    met[state] = (met[state] as number) + 1;
  }
  return met;
}

/** Tears a command over the plain and over the sealed memory; every state it goes through is met. */
export function tearBoth(kind: CardKind, command: WritingCommand): void {
  for (const sealing of ['plain', 'sealed'] as const) {
    const met = tear(kind, command, sealing);
    // Without a seal nothing is written behind what makes the last state.
    for (const times of sealing === 'sealed' ? met : met.slice(0, -1)) assert.ok(times > 0, `${sealing}: ${met}`);
  }
}

/** A guess at a secret of the card, right or wrong by what `ready` is given. */
export interface Guess {
  readonly what: string;
  readonly ready: (isRight: boolean) => WritingCommand['ready'];
  /** Tries left, as the card says or keeps them. */
  readonly tries: (memory: CardMemory) => number;
}

/** The records that the first change of a command writes. */
function firstChange(kind: CardKind, ready: WritingCommand['ready']): string {
  const memory = cardMemory(copyOf(kind.personalised()));
  let first: string | undefined;
  let isGiven = false;
  const act = ready(
    kind.powerOn({
      get: (key) => memory.get(key),
      get free() {
        return memory.free;
      },
      commit(changes) {
        if (isGiven) first ??= changes.map(([key, value]) => `${key}=${toHex(value ?? new Uint8Array(0))}`).join();
        memory.commit(changes);
      },
    }),
  );
  isGiven = true;
  act();
  return first ?? 'nothing';
}

/**
 * A guess is counted before it is judged (T32): up to its first change the card does the same for a right one and a wrong one; and a
 * thief who cuts the power at the same octet of every wrong guess never finds a try more than before, and is shut out once that octet is behind the
 * count.
 */
export function guess(kind: CardKind, { what, ready, tries }: Guess): void {
  assert.equal(firstChange(kind, ready(false)), firstChange(kind, ready(true)), what);
  const whole = cardMemory(copyOf(kind.personalised()));
  const most = tries(whole);
  assert.ok(most > 0, what);
  ready(false)(kind.powerOn(whole))();
  assert.equal(tries(whole), most - 1, what);
  let left = most;
  for (let cut = 0; left > 0; cut++) {
    const medium = copyOf(kind.personalised());
    left = most;
    for (let guesses = 0; guesses < most; guesses++) {
      const power = powerSource();
      const act = ready(false)(kind.powerOn(cardMemory(power.feed(medium))));
      power.endAfter(cut);
      act();
      const now = tries(cardMemory(medium));
      assert.ok(now === left || now === left - 1, `${what}, cut at octet ${cut}: ${left} tries, then ${now}`);
      left = now;
    }
  }
}

/** What a test of a torn command is called. */
export const titleOf = (command: WritingCommand): string =>
  `power cut at every octet of ${command.command}${command.case === undefined ? '' : `, ${command.case}`}, over plain and sealed memory (T22)`;
