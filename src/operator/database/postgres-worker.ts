import { parentPort } from 'node:worker_threads';
import type { Answered, Asked, Opening } from './postgres-message.ts';
import { PostgresSession, SessionError } from './postgres-session.ts';

// The thread that speaks with PostgreSQL while the threads that ask stand still. One session for each Opening.

async function answer(session: PostgresSession, { number, step }: Asked): Promise<Answered> {
  try {
    return { number, outcome: { result: await session.do(step) } };
  } catch (error) {
    // Anything else is a fault of ours; what is known of the connection then is nothing.
    const failure =
      error instanceof SessionError
        ? error.failure
        : { kind: 'refused' as const, state: undefined, message: `fault in the session: ${(error as Error).message}` };
    return { number, outcome: { failure } };
  }
}

parentPort?.on('message', ({ port, signal, settings }: Opening) => {
  const session = new PostgresSession(settings);
  port.on('message', async (asked: Asked) => {
    const answered = await answer(session, asked);
    port.postMessage(answered);
    Atomics.store(signal, 0, asked.number);
    Atomics.notify(signal, 0);
    if (asked.step.kind === 'close') port.close();
  });
});
