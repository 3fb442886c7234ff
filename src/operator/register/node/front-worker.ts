import { parentPort } from 'node:worker_threads';
import { systemClock, systemRandom } from '#base/port/index.ts';
import { systemScheduler } from '#protocol/smpp/index.ts';
import { answering } from './answering.ts';
import type { FromFronts, ToFronts } from './front-messages.ts';
import { openFronts } from './fronts.ts';
import { RegisterImage } from './image.ts';
import { ruleOfPlain } from './plain-rule.ts';

// A thread of fronts: it answers from shared memory, so that neither a slow disk nor a database that is gone makes a network wait.

/** How often pairs that were seen, and counts, go to the register. */
const SEEN_MILLISECONDS = 20;
const COUNTS_MILLISECONDS = 500;

type Begin = Extract<ToFronts, { kind: 'begin' }>;
type Told = Exclude<ToFronts, Begin>;

if (parentPort === null) throw new Error('front worker: expected to be started as a thread of the register');
const port = parentPort;
const tell = (message: FromFronts) => port.postMessage(message);

/** Opens the fronts; gives what takes messages from then on. */
async function begin({ settings, parts }: Begin): Promise<(message: Told) => void | Promise<void>> {
  const image = new RegisterImage(parts, ruleOfPlain);
  const answers = answering(image, systemClock);
  /** One portion is under way at a time: when the register is busy, pairs wait here, up to a limit. */
  let isUnderWay = false;
  const giveSeen = () => {
    if (isUnderWay) return;
    const pairs = answers.takeSeen();
    if (pairs.length === 0) return;
    isUnderWay = true;
    tell({ kind: 'seen', pairs });
  };
  const fronts = await openFronts(settings, {
    check: answers.check,
    clock: systemClock,
    scheduler: systemScheduler,
    random: systemRandom,
    news: (text) => tell({ kind: 'news', text }),
  });
  const giveCounts = () =>
    tell({ kind: 'counts', counts: { answers: answers.counts(), fronts: fronts.counts(), dropped: answers.dropped } });
  const timers = [setInterval(giveSeen, SEEN_MILLISECONDS), setInterval(giveCounts, COUNTS_MILLISECONDS)];
  tell({ kind: 'listening', addresses: fronts.addresses });
  return async (message) => {
    switch (message.kind) {
      case 'change':
        image.take(message.change);
        break;
      case 'settle':
        tell({ kind: 'settled' });
        break;
      case 'taken':
        isUnderWay = false;
        giveSeen();
        break;
      case 'drain':
        await fronts.drain();
        for (const timer of timers) clearInterval(timer);
        isUnderWay = false;
        giveSeen();
        giveCounts();
        tell({ kind: 'drained' });
        port.close();
        break;
    }
  };
}

let take: ((message: Told) => void | Promise<void>) | undefined;

async function handle(message: ToFronts): Promise<void> {
  if (message.kind !== 'begin') {
    // A thread that is ended before it began has nothing to answer.
    if (take === undefined && message.kind === 'drain') port.close();
    return take?.(message);
  }
  try {
    take = await begin(message);
  } catch (error) {
    tell({ kind: 'failed', problem: error instanceof Error ? error.message : String(error) });
    port.close();
  }
}

/** One after another: what is told while the fronts open is taken when they are open. */
let turn = Promise.resolve();
port.on('message', (message: ToFronts) => {
  turn = turn.then(() => handle(message));
});
