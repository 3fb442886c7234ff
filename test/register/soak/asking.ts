import { setTimeout as pause } from 'node:timers/promises';
import { Imei } from '#base/identity/index.ts';
import { Asker } from '../node-process.ts';
import type { Population } from './changes.ts';
import { GsupLine } from './gsup-line.ts';
import type { Answer, Question } from './model.ts';
import type { NodePlace } from './node.ts';
import { S13Line } from './s13-line.ts';
import type { Tally } from './tally.ts';

/** Of so many questions to GSUP, one is for the HLR. */
const UPDATES_EACH = 20;
/** A question that was not answered is asked again so often, as a core network does: for a second, then it counts. */
const TRIES = 50;
const RETRY_MILLISECONDS = 20;
const STRANGER = '001019999999999';

/** How an answer reads on a front: what the model's answer is called there. */
const ON_N5G_EIR = { permitted: 'WHITELISTED', tracking: 'GREYLISTED', prohibited: 'BLACKLISTED', unknown: 'HTTP 404' };
const ON_GSUP = { permitted: 'ACK', tracking: 'ACK', prohibited: 'NACK', unknown: 'ACK' };

/** Not now: a front that is overloaded says so, and is asked again. */
const REFUSALS: readonly string[] = ['HTTP 503', 'HTTP 429', 'Result-Code 3004'];

/** One core network element on one front of one node. */
interface Client {
  /** The answer in the front's own words; undefined when none came. */
  ask(question: Question, turn: number): Promise<string | undefined>;
  /** What the front says for an answer. */
  wordOf(answer: Answer): string;
  close(): void;
}

function n5gEirClient(port: number): Client {
  const asker = new Asker(port);
  return {
    async ask({ imei, imsi }, turn) {
      const pei = turn % 3 === 0 ? `imeisv-${imei}01` : `imei-${Imei.parse(imei).withCheckDigit}`;
      const outcome = await asker.ask(`pei=${pei}${imsi === undefined ? '' : `&supi=imsi-${imsi}`}`);
      return outcome === 'broken' ? undefined : outcome;
    },
    wordOf: (answer) => ON_N5G_EIR[answer],
    close: () => asker.close(),
  };
}

function s13Client(port: number, originHost: string): Client {
  const line = new S13Line(port, originHost);
  const spellings = ['', '0', '01'] as const;
  return {
    ask: ({ imei, imsi }, turn) => line.ask(imei + (spellings[turn % spellings.length] ?? ''), imsi),
    wordOf: (answer) => answer,
    close: () => line.close(),
  };
}

function gsupClient(port: number, name: string): Client {
  const line = new GsupLine(port, name);
  return {
    async ask({ imei, imsi = '' }, turn) {
      if (turn % UPDATES_EACH === 0 && (await line.update(imsi)) !== 'updated') return undefined;
      return line.check(imei, imsi);
    },
    wordOf: (answer) => ON_GSUP[answer],
    close: () => line.close(),
  };
}

/** Asks a node on one front, so many times a second, until it is over. */
export class Asking {
  readonly #node: NodePlace;
  readonly #front: Question['front'];
  readonly #client: Client;
  readonly #tally: Tally;
  #turn = 0;

  constructor(node: NodePlace, front: Question['front'], tally: Tally) {
    this.#node = node;
    this.#front = front;
    this.#tally = tally;
    const { n5gEir, s13, gsup } = node.ports;
    const name = `${node.name}.mme.test`;
    this.#client =
      front === 'n5g-eir' ? n5gEirClient(n5gEir) : front === 's13' ? s13Client(s13, name) : gsupClient(gsup, name);
  }

  /** Until `isOver`. */
  async run(population: Population, perSecond: number, isOver: () => boolean): Promise<void> {
    const begun = performance.now();
    for (let asked = 0; !isOver(); asked++) {
      const ahead = (asked * 1000) / perSecond - (performance.now() - begun);
      if (ahead > 1) await pause(ahead);
      const { imei, imsi } = population.pair();
      const isNamed = this.#front === 'gsup' || this.#turn % 8 !== 0;
      await this.ask(imei, isNamed ? imsi : undefined);
    }
  }

  /** One question, asked until it is answered; a node that was killed need not answer. */
  async ask(imei: string, imsi: string | undefined): Promise<void> {
    // A Check-IMEI has a subscriber: one that no rule knows.
    const question = { front: this.#front, imei, imsi: imsi ?? (this.#front === 'gsup' ? STRANGER : undefined) };
    for (let tries = 0; ; ) {
      const asked = Date.now();
      const word = await this.#client.ask(question, ++this.#turn);
      if (word !== undefined && !REFUSALS.includes(word)) {
        this.#judge(question, word, asked);
        return;
      }
      if (word !== undefined) this.#tally.counts.refused++;
      // A node that is down answers nothing; one that nobody touched answers at once.
      if (!this.#node.isDown) tries++;
      if (tries >= TRIES || (word === undefined && !this.#node.isTouched)) {
        this.#tally.unanswered(`${this.#node.name} ${this.#front}: ${word ?? 'no answer'} about ${question.imei}`);
        return;
      }
      await pause(RETRY_MILLISECONDS);
    }
  }

  close(): void {
    this.#client.close();
  }

  #judge(question: Question, word: string, asked: number): void {
    const who = { node: this.#node.name, word, wordOf: (answer: Answer) => this.#client.wordOf(answer) };
    this.#tally.judge(question, who, asked, Date.now());
  }
}
