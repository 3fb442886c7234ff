import { type Answer, LAG_MILLISECONDS, type Model, type Question } from './model.ts';

/** Lags that are tried to say how late an answer was, in milliseconds. */
const LAGS = [0, 50, 100, 200, 300, 500, 700, 1000, 1500, 2000, 3000, 5000, 10_000, 30_000] as const;
const MOST_TOLD = 40;

/** Who answered, and in which words. */
interface Answerer {
  readonly node: string;
  readonly word: string;
  wordOf(answer: Answer): string;
}

/** Counts of a run, and judge of every answer. */
export class Tally {
  readonly counts = {
    checks: 0,
    wrong: 0,
    unanswered: 0,
    refused: 0,
    lost: 0,
    whileAway: 0,
    changes: 0,
    notMade: 0,
    files: 0,
  };
  /** The first things that were wrong, in words. */
  readonly faults: string[] = [];
  /** The first changes that were not made, and why. */
  readonly refusals: string[] = [];
  /** The longest time that an answer went on as if an acknowledged change had not been made, rounded up to one of the LAGS. */
  latest = 0;
  /** Answers that were wrong because they were late, by how late, rounded up to one of the LAGS in milliseconds. */
  readonly late: Record<string, number> = {};
  readonly #model: Model;
  readonly #tell: (text: string) => void;

  constructor(model: Model, tell: (text: string) => void) {
    this.#model = model;
    this.#tell = tell;
  }

  judge(question: Question, { node, word, wordOf }: Answerer, asked: number, answered: number): void {
    this.counts.checks++;
    const isRight = (lag: number) =>
      [...this.#model.answers(question, asked, answered, lag)].some((answer) => wordOf(answer) === word);
    const lag = LAGS.find(isRight);
    if (lag !== undefined && lag <= LAG_MILLISECONDS) {
      this.latest = Math.max(this.latest, lag);
      return;
    }
    // As much later as the database is away: nothing can be read of it meanwhile.
    const away = this.#model.away(asked, answered);
    if (away > 0 && isRight(LAG_MILLISECONDS + away)) {
      this.counts.whileAway++;
      return;
    }
    this.counts.wrong++;
    if (lag !== undefined) this.late[lag] = (this.late[lag] ?? 0) + 1;
    const right = [...this.#model.answers(question, asked, answered)].map(wordOf).join(' or ');
    const late = lag === undefined ? 'never right in the last 30 s' : `right up to ${lag} ms ago`;
    const what = `${question.imei} with ${question.imsi ?? 'no subscriber'}`;
    this.#fault(
      `wrong: ${node} ${question.front}: ${what}: expected ${right}, got ${word} (${late}; took ${answered - asked} ms)`,
    );
  }

  unanswered(what: string): void {
    this.counts.unanswered++;
    this.#fault(`unanswered: ${what}`);
  }

  lost(problems: readonly string[]): void {
    this.counts.lost += problems.length;
    for (const problem of problems) this.#fault(`lost: ${problem}`);
  }

  /** A change that was refused, or that the database failed: nobody was told that it was made. */
  notMade(why: string): void {
    this.counts.notMade++;
    if (this.refusals.length < MOST_TOLD) this.refusals.push(why);
  }

  /** Something else that must not be. */
  fault(what: string): void {
    this.counts.wrong++;
    this.#fault(`wrong: ${what}`);
  }

  #fault(text: string): void {
    if (this.faults.length >= MOST_TOLD) return;
    const told = `${new Date().toISOString()} ${text}`;
    this.faults.push(told);
    this.#tell(told);
  }
}
