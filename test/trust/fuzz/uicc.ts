import { concat, fromHex, NO_OCTETS, toHex } from '#base/codec/index.ts';
import { authenticationVector, milenage, tableAes } from '#base/crypto/index.ts';
import { type NonVolatile, ramMemory, seededRandom } from '#base/port/index.ts';
import { cardMemory } from '#handset/card/index.ts';
import { type ToolkitApplication, uicc } from '#handset/uicc/index.ts';
import type { Card } from '#protocol/apdu/index.ts';
import { Chance } from '#test/register/soak/chance.ts';
import { ANSWER_KEYS, K, OPC, uiccMedium } from '../pair.ts';
import { exchange, type Finding, type Played, responseProblem, type Step, type Subject } from './subject.ts';
import { type Expected, type FileFacts, KNOWN_FILES, sent, UiccModel } from './uicc-model.ts';

const padded = (digits: string) => Buffer.from(digits).toString('hex').padEnd(16, 'f');
const CODES = {
  ...{ pin1: padded('4711'), unblock1: padded('87654321'), pin2: padded('2222'), unblock2: padded('12345678') },
  adm: '0102030405060708',
};
const medium: NonVolatile = uiccMedium({
  pin: '4711',
  unblockCode: '87654321',
  pin2: '2222',
  unblockCode2: '12345678',
});
/** What no response may ever hold. */
const SECRETS = [K, OPC, ANSWER_KEYS.kic, ANSWER_KEYS.kid].map(toHex);
/** EF.IMSI, which only the PIN opens. */
const IMSI = '0809101000000000';

const home = milenage(tableAes.key(K), OPC);
/** Whether AUTN is what the home network makes for RAND and the SQN in it (TS 33.102 6.3). */
function isOfHome(rand: Uint8Array, autn: Uint8Array): boolean {
  const concealed = authenticationVector(home, rand, 0, 0).autn;
  let sqn = 0;
  for (let i = 0; i < 6; i++) sqn = sqn * 256 + ((autn[i] as number) ^ (concealed[i] as number));
  const amf = ((autn[6] as number) << 8) | (autn[7] as number);
  return toHex(authenticationVector(home, rand, sqn, amf).autn) === toHex(autn);
}

/** Makes a card worse than it is. */
export type Spoil = (card: Card) => Card;

/** A fresh card, its faults, and the switch of its application. */
function freshCard(spoilt: Spoil = (card) => card) {
  const copy = ramMemory(medium.size);
  copy.write(0, medium.read(0, medium.size));
  const faults: unknown[] = [];
  const state = { isLocked: false };
  const application = (): ToolkitApplication => ({
    tar: fromHex('BFFF31'),
    vitalRecords: [],
    poweredOn: () => {},
    profileDownloaded: () => {},
    callControl: () => 'allowed',
    authenticateRequested: () => (state.isLocked ? 0x6985 : undefined),
    authenticated: () => {},
    secured: () => NO_OCTETS,
    statusPolled: () => {},
  });
  const fault = (error: unknown) => faults.push(error);
  const card = spoilt(uicc({ memory: cardMemory(copy), random: seededRandom('fuzz'), application, fault }));
  return { card, faults, state };
}

/** Structures by the last bits of a file descriptor (TS 102 221 11.1.1.4.3). */
const STRUCTURES: Readonly<Record<number, FileFacts['structure']>> = { 1: 'transparent', 2: 'linear', 6: 'cyclic' };

/** What the card itself says of the files that the model knows: how they are built, and what is in them. */
function fileFacts(): readonly FileFacts[] {
  const { card } = freshCard();
  card.reset();
  const send = (command: string) => exchange(card, fromHex(command)).whole;
  send('00A4040C07A0000000871002');
  send(`0020000108${CODES.pin1}`);
  return KNOWN_FILES.map((file) => {
    const path = { MF: '', USIM: '7FFF', '7F10': '7F10' }[file.directory] + file.identifier;
    const fcp = send(`00A40804${(path.length / 2).toString(16).padStart(2, '0')}${path}`);
    // 82: file descriptor octet and coding; of records also their length and number. 80: octets of the file.
    const at = fcp.indexOf(0x82);
    const structure = STRUCTURES[(fcp[at + 2] as number) & 7];
    if (structure === undefined) throw new Error(`fuzz: expected an EF ${file.identifier}, got ${toHex(fcp)}`);
    const count = structure === 'transparent' ? 1 : (fcp[at + 6] as number);
    const read = (record: number) =>
      structure === 'transparent' ? send('00B0000000') : send(`00B2${record.toString(16).padStart(2, '0')}0400`);
    const records = Array.from({ length: count }, (_, i) => read(i + 1).slice(0, -2));
    return { ...file, structure, length: (records[0] as Uint8Array).length, records };
  });
}
const FILES = fileFacts();

/** Plays a sequence on a fresh card beside a fresh model. */
function play(steps: readonly Step[], spoilt?: Spoil): Played {
  const { card, faults, state } = freshCard(spoilt);
  const model = new UiccModel(FILES, isOfHome, CODES);
  card.reset();
  let [apdus, foreseen] = [0, 0];
  for (const [at, step] of steps.entries()) {
    if (step.kind === 'reset') {
      card.reset(step.protocol === 'both' ? undefined : step.protocol);
      model.reset(step.protocol);
      continue;
    }
    if (step.kind === 'lock') {
      state.isLocked = step.isLocked;
      model.isLocked = step.isLocked;
      continue;
    }
    apdus++;
    const isPinWanted = model.isPinWanted;
    const expected = model.isLost ? ({ kind: 'unknown' } as const) : model.expect(step.octets);
    const { first, whole } = exchange(card, step.octets);
    const word = ((whole.at(-2) as number) << 8) | (whole.at(-1) as number);
    if (expected.kind === 'unknown')
      model.surprised(step.octets, ((first.at(-2) as number) << 8) | (first.at(-1) as number));
    else foreseen++;
    const secrets = isPinWanted && model.isPinWanted ? [...SECRETS, IMSI] : SECRETS;
    const what =
      faults.length > 0
        ? `a fault: ${faults[0]}`
        : (responseProblem(first, secrets) ??
          responseProblem(whole.slice(-258), secrets) ??
          difference(expected, step.octets, first, whole, word));
    if (what !== undefined) return { finding: { at, what } satisfies Finding, apdus, foreseen };
  }
  return { finding: undefined, apdus, foreseen };
}

const four = (word: number) => word.toString(16).toUpperCase().padStart(4, '0');

/** How the answer differs from what was expected; undefined when it does not. */
function difference(
  expected: Expected,
  command: Uint8Array,
  first: Uint8Array,
  whole: Uint8Array,
  word: number,
): string | undefined {
  if (expected.kind === 'unknown') return undefined;
  const came = `${toHex(first)}${first === whole ? '' : `, then ${toHex(whole)}`}`;
  if (expected.kind === 'error') {
    // A wrong Le is told, and then put right: what came first counts.
    const told = ((first.at(-2) as number) << 8) | (first.at(-1) as number);
    const isExpected = first.length === 2 && expected.words.includes(told);
    return isExpected ? undefined : `expected ${expected.words.map(four).join(' or ')}, got ${came}`;
  }
  const data = whole.subarray(0, -2);
  const { warning } = expected;
  const isDone = warning === undefined ? word === 0x9000 || word >> 8 === 0x91 : word === warning;
  const le = sent(command)?.le;
  const fits = typeof expected.data === 'function' ? expected.data(data) : toHex(data) === toHex(expected.data);
  if (isDone && fits) return undefined;
  const wanted = typeof expected.data === 'function' ? 'data of its kind' : toHex(expected.data);
  return `expected ${wanted} and ${four(warning ?? 0x9000)} (Le ${le ?? 'none'}), got ${came}`;
}

// ---- sequences ----

const octet = (value: number) => value.toString(16).padStart(2, '0');
const lc = (data: string) => octet(data.length / 2) + data;
const IDENTIFIERS = [
  ...KNOWN_FILES.map(({ identifier }) => identifier),
  '3F00',
  '7F10',
  '7FFF',
  'FFFE',
  '6F3C',
  '2F06',
  '5FC0',
];
/** Those of files that the model knows, of others, and of none. */
const SHORT_IDENTIFIERS = [...KNOWN_FILES.flatMap(({ short }) => short ?? []), 0x04, 0x06, 0x15, 0x1f];
const WRONG_CODE = padded('0000');

/** Makes sequences that mostly make sense, of what was drawn before. */
class Sequence {
  readonly #chance: Chance;
  #sqn = 0;

  constructor(seed: string) {
    this.#chance = new Chance(seed);
  }

  steps(): readonly Step[] {
    const chance = this.#chance;
    const steps: Step[] = [];
    if (chance.percent(50)) steps.push({ kind: 'reset', protocol: chance.one(['T=0', 'T=1', 'both'] as const) });
    const isSim = chance.percent(8);
    if (!isSim && chance.percent(75)) {
      steps.push(apdu('00A4040C07A0000000871002'));
      if (chance.percent(75)) steps.push(apdu(`0020000108${CODES.pin1}`));
      if (chance.percent(30)) steps.push(apdu(`0020000A08${CODES.adm}`));
      if (chance.percent(30)) steps.push(apdu(`0020008108${CODES.pin2}`));
    }
    const count = 20 + chance.below(40);
    for (let i = 0; i < count; i++) steps.push(this.#step(isSim));
    return steps;
  }

  #step(isSim: boolean): Step {
    const chance = this.#chance;
    const kind = chance.below(200);
    if (kind === 0) return { kind: 'reset', protocol: chance.one(['T=0', 'T=1', 'both'] as const) };
    if (kind < 3) return { kind: 'lock', isLocked: kind === 1 };
    const command = fromHex(isSim ? this.#simCommand() : this.#command());
    if (!isSim) command[0] = this.#onChannel(command[0] as number);
    return { kind: 'apdu', octets: chance.percent(8) ? this.#mutated(command) : command };
  }

  /** Its class on some channel: mostly the basic one or a low one. */
  #onChannel(cla: number): number {
    const chance = this.#chance;
    const channel = chance.percent(60) ? 0 : chance.percent(80) ? chance.below(5) : chance.below(20);
    const secured = chance.percent(3) ? (channel < 4 ? chance.one([0x04, 0x08, 0x0c]) : 0x20) : 0;
    return secured | (channel < 4 ? cla | channel : cla | 0x40 | (channel - 4));
  }

  #mutated(command: Uint8Array): Uint8Array {
    const chance = this.#chance;
    switch (chance.below(5)) {
      case 0:
        return command.slice(0, chance.below(command.length));
      case 1:
        return concat(
          command,
          Uint8Array.from({ length: 1 + chance.below(6) }, () => chance.below(256)),
        );
      case 2:
        return Uint8Array.from({ length: chance.below(40) }, () => chance.below(256));
      default:
        return command.with(chance.below(Math.min(command.length, 8)), chance.below(256));
    }
  }

  /** Le, right or wrong, or none. */
  #le(): string {
    return this.#chance.one(['', '00', '00', octet(1 + this.#chance.below(40))]);
  }

  #command(): string {
    const chance = this.#chance;
    const kind = chance.below(100);
    if (kind < 24)
      return `00A400${chance.one(['04', '0C'])}02${chance.one(IDENTIFIERS)}${chance.percent(30) ? '00' : ''}`;
    if (kind < 42)
      return `00B0${chance.one(['00', '00', '00', '01', this.#short(), this.#short()])}${octet(chance.below(12))}${this.#le()}`;
    if (kind < 52)
      return `00D6${chance.one(['00', '00', this.#short()])}${octet(chance.below(6))}${lc(this.#octets(1 + chance.below(12)))}`;
    if (kind < 58)
      return `00B2${octet(chance.one([0, 0, 0, 1, 2, 3, 6]))}${this.#mode([4, 4, 4, 2, 2, 3])}${this.#le()}`;
    if (kind < 62)
      return `00DC${octet(chance.below(4))}${this.#mode([4, 4, 3, 2])}${lc(this.#octets(chance.one([3, 28, 38])))}`;
    if (kind < 67) return this.#search();
    if (kind < 70)
      return `8032${chance.one(['00', '00', this.#short()])}00${lc(chance.one(['000001', '7FFFFF', '05', '00000001']))}${this.#le()}`;
    if (kind < 74)
      return chance.one(['00040000', '00440000', '00440000', '00E80000', '0004000000', '0004000002', '00A40004022F05']);
    if (kind < 82) return this.#pinCommand('00');
    if (kind < 86) return this.#authenticate();
    if (kind < 91)
      return chance.one(['0070000001', '0070000001', `007080${octet(chance.below(6))}`, '0070000000', '00700005']);
    if (kind < 95) return `80F2${octet(chance.below(3))}${chance.one(['00', '01', '0C'])}${this.#le()}`;
    if (kind < 97) return '00A4040C07A0000000871002';
    return chance.one([
      '00C0000000',
      '80100000021FFF',
      '0084000008',
      '8012000010',
      '80C2000003D60100',
      '00A20106030C0041',
    ]);
  }

  /** P1 with the short identifier of some file. */
  #short(): string {
    return octet(0x80 | this.#chance.one(SHORT_IDENTIFIERS));
  }

  /** P2 of a record command: one of these modes, of the current EF or by short identifier. */
  #mode(modes: readonly number[]): string {
    const chance = this.#chance;
    return octet((chance.percent(25) ? chance.one(SHORT_IDENTIFIERS) << 3 : 0) | chance.one(modes));
  }

  /** SEARCH RECORD for what may well be there. */
  #search(): string {
    const pattern = this.#chance.one(['FF', 'FFFF', '61', '4F10', '00', '000000', 'A000000087', this.#octets(1)]);
    return `00A2${octet(this.#chance.below(4))}${this.#mode([4, 4, 5])}${lc(pattern)}${this.#le()}`;
  }

  #octets(length: number): string {
    return toHex(Uint8Array.from({ length }, () => this.#chance.below(256)));
  }

  #pinCommand(cla: string): string {
    const chance = this.#chance;
    const isSim = cla === 'A0';
    const value = () => chance.one([CODES.pin1, CODES.pin1, CODES.pin2, CODES.adm, WRONG_CODE, CODES.unblock1]);
    const reference = () =>
      isSim ? chance.one(['01', '01', '02', '00']) : chance.one(['01', '01', '81', '0A', '0B', '11']);
    switch (chance.below(8)) {
      case 0:
        return isSim
          ? `${cla}24000110${value()}${CODES.pin1}`
          : `${cla}2400${reference()}10${value()}${chance.one([CODES.pin1, CODES.pin2])}`;
      case 1:
        return `${cla}260001${lc(value())}`;
      case 2:
        return `${cla}280001${lc(value())}`;
      case 3:
        return `${cla}2C00${isSim ? chance.one(['00', '02']) : reference()}10${chance.one([CODES.unblock1, CODES.unblock2, WRONG_CODE])}${chance.one([CODES.pin1, CODES.pin2])}`;
      case 4:
        return `${cla}2000${reference()}`;
      default:
        return `${cla}2000${reference()}${lc(value())}`;
    }
  }

  /** AUTHENTICATE with a true AUTN or a false one. */
  #authenticate(): string {
    this.#sqn += 32;
    const isTrue = this.#chance.percent(50);
    const rand = fromHex(this.#octets(16));
    const { autn } = authenticationVector(home, rand, this.#sqn, 0x8000);
    if (!isTrue) autn[15] = (autn[15] as number) ^ 1;
    return `008800812210${toHex(rand)}10${toHex(autn)}${this.#le()}`;
  }

  #simCommand(): string {
    const chance = this.#chance;
    const kind = chance.below(100);
    if (kind < 30) return `A0A4000002${chance.one([...IDENTIFIERS, '7F20'])}`;
    if (kind < 60) return this.#pinCommand('A0');
    if (kind < 75) return `A0B00000${octet(chance.below(12))}`;
    if (kind < 85) return `A0B2${octet(chance.below(4))}04${octet(chance.one([3, 28]))}`;
    if (kind < 92) return `A0C00000${octet(chance.below(32))}`;
    return chance.one([
      'A0F2000016',
      `A088000010${this.#octets(16)}`,
      '00A4000C023F00',
      `A0D6000002${this.#octets(2)}`,
    ]);
  }
}

const apdu = (text: string): Step => ({ kind: 'apdu', octets: fromHex(text) });

/** The UICC beside its model; a spoilt one, to see that it would be found. */
export const uiccSubject = (spoilt?: Spoil): Subject => ({
  name: 'uicc',
  sequence: (seed) => new Sequence(seed).steps(),
  play: (steps) => play(steps, spoilt),
});
