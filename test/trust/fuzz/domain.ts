import { concat, fromHex, toHex } from '#base/codec/index.ts';
import { type NonVolatile, ramMemory } from '#base/port/index.ts';
import { type CardMemory, cardMemory, recordsOn } from '#handset/card/index.ts';
import type { Card } from '#protocol/apdu/index.ts';
import { Chance } from '#test/register/soak/chance.ts';
import { exchange, type Played, responseProblem, type Step, type Subject } from './subject.ts';

/** An application that serves key holders by SCP03, as a thief without the keys meets it. */
export interface Domain {
  readonly name: string;
  readonly medium: NonVolatile;
  readonly card: (memory: CardMemory, fault: (error: unknown) => void) => Card;
  readonly aid: string;
  /** Key versions, and the failures after which one is closed; 0: never. */
  readonly versions: ReadonlyMap<number, number>;
  /** What a closed version answers to INITIALIZE UPDATE. */
  readonly closed: number;
  /** Commands that must be refused without a session, up to their data: class to P2. */
  readonly guarded: readonly string[];
  /** In hexadecimal. */
  readonly secrets: readonly string[];
  /** Records that a thief may move: counters and tries. */
  readonly counters: readonly number[];
}

interface Channel {
  isSelected: boolean;
  pending: number | undefined;
}

/** What the domain must answer, from GPC Amendment D 7.1 and its own limits. */
class DomainModel {
  readonly #domain: Domain;
  #channels: (Channel | undefined)[] = [{ isSelected: false, pending: undefined }];
  readonly #failures = new Map<number, number>();
  readonly #sequences = new Map<number, number>();
  /** A command whose data goes on in the next one was the last. */
  #isChained = false;

  constructor(domain: Domain) {
    this.#domain = domain;
  }

  reset(): void {
    this.#channels = [{ isSelected: false, pending: undefined }];
  }

  /** What is wrong with an answer; undefined when nothing is, or nothing is known. */
  judge(command: Uint8Array, answer: Uint8Array): string | undefined {
    const [cla = 0, ins = 0, p1 = 0, p2 = 0, lc = 0] = command;
    if (command.length < 4) return undefined;
    const isContinued = this.#isChained;
    this.#isChained = (cla & 0x10) !== 0;
    const word = ((answer.at(-2) as number) << 8) | (answer.at(-1) as number);
    const number = (cla & 0x40) === 0 ? cla & 3 : 4 + (cla & 15);
    const channel = this.#channels[number];
    const isPlain = (cla & 0x50) === 0x40 ? (cla & 0x20) === 0 : (cla & 0x7c) === 0;
    if (channel === undefined)
      return word >= 0x6000 && word < 0x7000 ? undefined : `channel ${number} is closed, got ${four(word)}`;
    if (isPlain && ins === 0x70 && word === 0x9000 && cla < 0x80 && !this.#isChained)
      this.#manage(p1, p2, number, answer);
    if (isContinued) {
      // Its data is not what it was sent with: what became of it is open.
      Object.assign(channel, { isSelected: false, pending: undefined });
      return undefined;
    }
    if (ins === 0xa4 && isPlain && cla < 0x80) return this.#select(command, channel, word);
    // No thief gets a secure channel, so the card serves nothing in it. 6700: the octets were no command; 6E00: no such class.
    if ((ins === 0xa4 || ins === 0x70) && isSecured(cla) && cla < 0x80)
      return [0x6882, 0x6700, 0x6e00].includes(word) ? undefined : `secured ${octet(ins)}, got ${four(word)}`;
    if (!channel.isSelected) return undefined;
    const isWhole = command.length === 5 + lc || command.length === 6 + lc;
    const own = number < 4 ? 0x80 + number : 0xc0 + number - 4;
    if (cla === own && ins === 0x50 && isWhole) return this.#challenge([p1, p2, lc], channel, answer, word);
    if (cla === own + (number < 4 ? 0x04 : 0x20) && ins === 0x82 && isWhole)
      return this.#authenticate([p1, p2, lc], channel, word);
    const text = toHex(command.subarray(0, 4).with(0, isPlain ? cla & 0x80 : cla));
    if (!this.#domain.guarded.some((one) => text.startsWith(one))) return undefined;
    return word >> 8 === 0x69 || word >> 8 === 0x6d || word >> 8 === 0x6e || word === 0x6700
      ? undefined
      : `guarded ${text}, got ${four(word)}`;
  }

  #manage(p1: number, p2: number, from: number, answer: Uint8Array): void {
    const selected = this.#channels[from] as Channel;
    const isOf = { isSelected: from !== 0 && selected.isSelected, pending: undefined };
    if (p1 === 0) this.#channels[p2 === 0 ? (answer[0] as number) : p2] = isOf;
    else this.#channels[p2 === 0 ? from : p2] = undefined;
  }

  #select(command: Uint8Array, channel: Channel, word: number): string | undefined {
    const isAid =
      toHex(command.subarray(2, 4)) === '0400' &&
      toHex(command.subarray(5, 5 + (command[4] ?? 0))) === this.#domain.aid;
    const isDone = word < 0x6400 || word >= 0x9000;
    if (isDone) Object.assign(channel, { isSelected: isAid, pending: undefined });
    const isWhole = [0, 1].includes(command.length - 5 - (command[4] ?? 0));
    // 6E00: a command of class A0 came first, and made it a SIM.
    return isAid && isWhole && !isDone && word !== 0x6e00 ? `SELECT of the domain, got ${four(word)}` : undefined;
  }

  #challenge(
    [asked, p2, lc]: readonly number[],
    channel: Channel,
    answer: Uint8Array,
    word: number,
  ): string | undefined {
    channel.pending = undefined;
    if (asked === undefined || p2 !== 0 || lc !== 8) return undefined;
    // The default key set: the answer says which it is.
    if (asked === 0 && answer.length !== 34) return word === 0x9000 ? 'a challenge without data' : undefined;
    const version = asked === 0 ? (answer[10] as number) : asked;
    const most = this.#domain.versions.get(version);
    if (most === undefined) return word === 0x6a88 ? undefined : `key version ${version} is unknown, got ${four(word)}`;
    if (most > 0 && (this.#failures.get(version) ?? 0) >= most)
      return word === this.#domain.closed ? undefined : `key version ${version} is closed, got ${four(word)}`;
    if (word !== 0x9000 || answer.length !== 34) return `expected a challenge, got ${toHex(answer)}`;
    const sequence = Number.parseInt(toHex(answer.subarray(29, 32)), 16);
    const last = this.#sequences.get(version) ?? 0;
    if (sequence <= last) return `the sequence counter stood at ${last}, then at ${sequence}`;
    this.#sequences.set(version, sequence);
    channel.pending = version;
    return undefined;
  }

  /** No guess of eight octets hits: each costs a try, and only a whole one. */
  #authenticate([level, p2, lc]: readonly number[], channel: Channel, word: number): string | undefined {
    const version = channel.pending;
    channel.pending = undefined;
    if (version === undefined) return word >> 8 === 0x69 ? undefined : `no challenge is open, got ${four(word)}`;
    if (level !== 0x33 || p2 !== 0 || lc !== 16) return word === 0x9000 ? 'a guess was taken' : undefined;
    this.#failures.set(version, (this.#failures.get(version) ?? 0) + 1);
    return word === 0x6300 ? undefined : `expected 6300 for a guess, got ${four(word)}`;
  }
}

/** Secure messaging without chaining (ISO/IEC 7816-4 5.4.1). */
const isSecured = (cla: number) =>
  (cla & 0x50) === 0x40 ? (cla & 0x20) !== 0 : (cla & 0x70) === 0 && (cla & 0x0c) !== 0;
const four = (word: number) => word.toString(16).toUpperCase().padStart(4, '0');
const octet = (value: number) => value.toString(16).padStart(2, '0');
const lcOf = (data: string) => octet(data.length / 2) + data;

function sequenceOf({ aid, versions, guarded }: Domain, seed: string): readonly Step[] {
  const chance = new Chance(seed);
  const octets = (length: number) => toHex(Uint8Array.from({ length }, () => chance.below(256)));
  const select = `00A40400${lcOf(aid)}`;
  const commands: (() => string)[] = [
    () => select,
    () => `8050${octet(chance.one([...versions.keys(), ...versions.keys(), 0x00, 0x7f]))}0008${octets(8)}00`,
    () => `8050${octet(chance.one([...versions.keys()]))}0008${octets(8)}00`,
    () => `848233001 0${octets(16)}`.replace(' ', ''),
    () => `848233001 0${octets(16)}`.replace(' ', ''),
    () => `8482${octet(chance.one([0x00, 0x01, 0x33]))}00${lcOf(octets(chance.one([8, 16, 17])))}`,
    () => `${chance.one(guarded)}${lcOf(octets(1 + chance.below(30)))}`,
    () => `${chance.one(guarded)}00`,
    () => `84${chance.one(guarded).slice(2)}${lcOf(octets(8 + chance.below(20)))}`,
    () => chance.one(['0070000001', '0070000001', `007080${octet(chance.below(6))}`]),
    () => chance.one([`04A40400${lcOf(aid)}`, '0470000001', '0C708001', '04C0000008', '84C0000000']),
    () => chance.one(['00A4000C023F00', '80CA006600', '80CA9F7000', '00C0000000', octets(chance.below(24))]),
  ];
  const steps: Step[] = [{ kind: 'apdu', octets: fromHex(select) }];
  const count = 10 + chance.below(50);
  for (let i = 0; i < count; i++) {
    if (chance.percent(1)) steps.push({ kind: 'reset', protocol: 'both' });
    let command = fromHex(chance.one(commands)());
    const channel = chance.percent(60) ? 0 : chance.percent(80) ? chance.below(4) : chance.below(20);
    if (command.length > 3 && command[0] !== undefined)
      command = command.with(0, channel < 4 ? command[0] | channel : ((command[0] & ~0x04) | 0x40) + (channel - 4));
    if (command.length > 0 && chance.percent(6))
      command = command.with(chance.below(Math.min(6, command.length)), chance.below(256));
    if (chance.percent(2)) command = concat(command, Uint8Array.of(chance.below(256)));
    steps.push({ kind: 'apdu', octets: command });
  }
  return steps;
}

function playOn(domain: Domain, steps: readonly Step[]): Played {
  const copy = ramMemory(domain.medium.size);
  copy.write(0, domain.medium.read(0, copy.size));
  const faults: unknown[] = [];
  const card = domain.card(cardMemory(copy), (error) => faults.push(error));
  const model = new DomainModel(domain);
  card.reset();
  let apdus = 0;
  for (const [at, step] of steps.entries()) {
    if (step.kind !== 'apdu') {
      card.reset();
      model.reset();
      continue;
    }
    apdus++;
    const { first, whole } = exchange(card, step.octets);
    const what =
      faults.length > 0
        ? `a fault: ${faults[0]}`
        : (responseProblem(first, domain.secrets) ??
          responseProblem(whole.slice(-258), domain.secrets) ??
          model.judge(step.octets, whole));
    if (what !== undefined) return { finding: { at, what }, apdus, foreseen: 0 };
  }
  const changed = changedRecords(domain, copy);
  const finding =
    changed.length === 0 ? undefined : { at: steps.length - 1, what: `records changed: ${changed.join()}` };
  return { finding, apdus, foreseen: 0 };
}

/** Records that a thief changed and had no right to. */
function changedRecords({ medium, counters }: Domain, now: NonVolatile): readonly string[] {
  const texts = (of: NonVolatile) =>
    new Map(recordsOn(of).map(([key, value]) => [key, toHex(value ?? new Uint8Array(0))] as const));
  const [before, after] = [texts(medium), texts(now)];
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((key) => !counters.includes(key) && before.get(key) !== after.get(key))
    .map((key) => key.toString(16));
}

/** A domain to be fuzzed. */
export const domainSubject = (domain: Domain): Subject => ({
  name: domain.name,
  sequence: (seed) => sequenceOf(domain, seed),
  play: (steps) => playOn(domain, steps),
});
