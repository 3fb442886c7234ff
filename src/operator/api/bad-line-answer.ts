import type { ServerResponse } from 'node:http';
import {
  BAD_LINE_HEADING,
  badLineRow,
  type FileRefusal,
  type ReportRow,
  refusalWords,
} from '#operator/register/index.ts';
import type { Scheduler } from '#protocol/smpp/index.ts';
import { written } from './file-answer.ts';
import type { ApiLimits } from './limits.ts';

/** What a report may cost. */
export type ReportLimits = Pick<ApiLimits, 'reportOctets' | 'slowReaderMilliseconds'>;

/**
 * All bad lines of an upload as the answer to it. It is held until the file was read, so that a sender who listens only then gets it; when
 * `reportOctets` are held it begins, and the file is read no faster than its report is taken.
 */
export class BadLineAnswer {
  readonly #begin: () => ServerResponse;
  readonly #scheduler: Scheduler;
  readonly #limits: ReportLimits;
  #rows: string[] = [BAD_LINE_HEADING];
  #held = 0;
  #response: ServerResponse | undefined;
  #lines = 0;

  /** `begin` gives the answer, its headers sent. */
  constructor(begin: () => ServerResponse, scheduler: Scheduler, limits: ReportLimits) {
    this.#begin = begin;
    this.#scheduler = scheduler;
    this.#limits = limits;
  }

  /** Bad lines so far. */
  get lines(): number {
    return this.#lines;
  }

  /** True when nothing else can be answered any more. */
  get hasBegun(): boolean {
    return this.#response !== undefined;
  }

  /** One more bad line. */
  put(line: ReportRow): void {
    const row = badLineRow(line);
    this.#rows.push(row);
    this.#held += row.length;
    this.#lines++;
  }

  /** The same file, of which the next piece comes only when not too much of its report is held. Throws ProblemError for a reader that takes nothing. */
  async *paced(file: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const piece of file) {
      yield piece;
      if (this.hasBegun || this.#held >= this.#limits.reportOctets) await this.#send();
    }
  }

  /** The rest, and the end. `refusal`: why the file could not be read further; its row has the number 0. */
  async end(refusal?: FileRefusal): Promise<void> {
    if (refusal !== undefined) this.put({ number: 0, problem: refusalWords(refusal), said: refusal.said, line: '' });
    await this.#send();
    this.#response?.end();
  }

  /** Cuts an answer that has begun: half a report must not be taken for a whole one. */
  abandon(): void {
    this.#response?.destroy();
  }

  async #send(): Promise<void> {
    this.#response ??= this.#begin();
    const text = this.#rows.join('');
    this.#rows = [];
    this.#held = 0;
    await written(this.#response, text, this.#scheduler, this.#limits);
  }
}
