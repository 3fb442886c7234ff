import type { IncomingMessage } from 'node:http';
import type { Scheduler } from '#protocol/smpp/index.ts';
import type { ApiLimits } from './limits.ts';
import { ProblemError } from './problem.ts';
import { REQUEST } from './refusals.ts';

/** What a streamed body may cost. */
export type StreamLimits = Pick<ApiLimits, 'uploadOctets' | 'uploadIdleMilliseconds' | 'uploadMilliseconds'>;

/**
 * The body of a request as it comes. Throws ProblemError when it is too large or comes too slowly, and leaves the connection open for the answer
 * that says so; a sender that goes away is an error of the stream, so that nothing half is taken for whole.
 */
export async function* streamedBody(
  request: IncomingMessage,
  scheduler: Scheduler,
  { uploadOctets, uploadIdleMilliseconds, uploadMilliseconds }: StreamLimits,
): AsyncGenerator<Uint8Array> {
  const whole = deadline(scheduler, uploadMilliseconds);
  const chunks = request.iterator({ destroyOnReturn: false })[Symbol.asyncIterator]();
  let octets = 0;
  try {
    for (;;) {
      const idle = deadline(scheduler, uploadIdleMilliseconds);
      const next = await Promise.race([chunks.next(), idle.passed, whole.passed]).finally(idle.stop);
      if (next.done === true) break;
      octets += next.value.length;
      if (octets > uploadOctets) throw tooLarge(uploadOctets);
      yield next.value;
    }
    if (!request.complete) throw goneAway();
  } finally {
    whole.stop();
  }
}

function deadline(scheduler: Scheduler, milliseconds: number) {
  let stop = () => {};
  const passed = new Promise<never>((_resolve, reject) => {
    stop = scheduler.after(milliseconds, () => reject(tooSlow(milliseconds)));
  });
  // Whoever races it hears of it; nobody else needs to.
  passed.catch(() => {});
  return { passed, stop };
}

/** The problem of a body that has more octets than allowed. */
export const tooLarge = (most: number): ProblemError =>
  new ProblemError('too-large', REQUEST.say('bodyTooLarge', { most }));

/** The problem of a body that does not come. */
export const tooSlow = (milliseconds: number): ProblemError =>
  new ProblemError('too-slow', REQUEST.say('bodyTooSlow', { seconds: milliseconds / 1000 }));

/** The problem of a sender that went away; nobody hears it, but it is no fault of this program. */
export const goneAway = (): ProblemError => new ProblemError('malformed-request', REQUEST.say('bodyCut'));
