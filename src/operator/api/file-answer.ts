import type { ServerResponse } from 'node:http';
import type { Scheduler } from '#protocol/smpp/index.ts';
import type { ApiLimits } from './limits.ts';
import type { Call } from './operation.ts';
import { ProblemError } from './problem.ts';
import { goneAway, tooSlow } from './streamed-body.ts';

/** A file that is given out. */
export interface GivenFile {
  readonly type: string;
  /** What a browser calls it. */
  readonly name: string;
  /** Begins it: before the first octet goes out, so that what is refused is still answered as a problem. At an empty piece others get their turn. */
  pieces(): Iterable<string>;
}

/** Answers with a file, as one of the few at the same time. Throws ProblemError when there are as many as there may be. */
export async function answerWithFile(
  { sources, limits, takeDownload, takeOver }: Pick<Call, 'sources' | 'limits' | 'takeDownload' | 'takeOver'>,
  { type, name, pieces }: GivenFile,
): Promise<void> {
  const giveBack = takeDownload();
  try {
    const begun = pieces();
    const headers = { 'Content-Type': type, 'Content-Disposition': `attachment; filename="${name}"` };
    const fault = await new FileAnswer(takeOver(headers), sources.scheduler, limits).send(begun);
    if (fault !== undefined) sources.onFailure(fault);
  } finally {
    giveBack();
  }
}

/** Characters held before they are written. */
const HELD = 65_536;

/** Writes to an answer no faster than it is read. Throws ProblemError for a reader that takes nothing, or went away. */
export async function written(
  response: ServerResponse,
  text: string,
  scheduler: Scheduler,
  { slowReaderMilliseconds }: Pick<ApiLimits, 'slowReaderMilliseconds'>,
): Promise<void> {
  if (response.destroyed) throw goneAway();
  if (response.write(text)) return;
  await new Promise<void>((resolve, reject) => {
    const over = (error?: Error) => {
      stop();
      response.off('drain', over).off('close', gone);
      if (error === undefined) resolve();
      else reject(error);
    };
    const gone = () => over(goneAway());
    const stop = scheduler.after(slowReaderMilliseconds, () => over(tooSlow(slowReaderMilliseconds)));
    response.on('drain', over).on('close', gone);
  });
}

/** A file as an answer, made while it is sent: nothing of it is kept, and other requests are answered in between. */
class FileAnswer {
  readonly #response: ServerResponse;
  readonly #scheduler: Scheduler;
  readonly #limits: Pick<ApiLimits, 'slowReaderMilliseconds'>;

  constructor(response: ServerResponse, scheduler: Scheduler, limits: Pick<ApiLimits, 'slowReaderMilliseconds'>) {
    this.#response = response;
    this.#scheduler = scheduler;
    this.#limits = limits;
  }

  /**
   * Sends all pieces and ends; cuts the answer when it cannot be whole, so that half a list is not taken for one. The error is given back when it is
   * no fault of the reader.
   */
  async send(pieces: Iterable<string>): Promise<unknown> {
    let held = '';
    try {
      for (const piece of pieces) {
        held += piece;
        if (held.length < HELD && piece !== '') continue;
        await this.#write(held);
        held = '';
      }
      await this.#write(held);
      this.#response.end();
      return undefined;
    } catch (error) {
      const isOfReader = this.#response.destroyed || error instanceof ProblemError;
      this.#response.destroy();
      return isOfReader ? undefined : error;
    }
  }

  async #write(text: string): Promise<void> {
    if (text !== '') await written(this.#response, text, this.#scheduler, this.#limits);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
