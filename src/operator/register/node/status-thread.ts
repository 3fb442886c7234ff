import { Worker } from 'node:worker_threads';
import type { NodeReport } from './node-health.ts';
import type { FromStatus, StatusAddress, StatusWorkerData, ToStatus } from './status-messages.ts';

const WORKER = new URL('./status-worker.ts', import.meta.url);

/** The thread of a node's status. */
export interface StatusThread {
  readonly address: StatusAddress;
  tell(report: NodeReport): void;
  /** Kept when it has ended. */
  end(): Promise<void>;
}

/** Starts it; kept when it listens. Rejects with what to do when the port cannot be had. `news` hears when it fails later. */
export async function startStatus(data: StatusWorkerData, news: (text: string) => void): Promise<StatusThread> {
  const worker = new Worker(WORKER, { workerData: data });
  const send = (message: ToStatus) => worker.postMessage(message);
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  const address = await new Promise<StatusAddress>((resolve, reject) => {
    worker.on('error', (error) => {
      news(`register: the status listens no more: ${error instanceof Error ? error.message : String(error)}`);
      reject(error);
    });
    worker.once('message', (message: FromStatus) => {
      if (message.kind === 'listening') resolve(message.address);
      else reject(new Error(message.problem));
    });
  });
  return {
    address,
    tell: (report) => send({ kind: 'report', report }),
    async end() {
      send({ kind: 'end' });
      await ended;
    },
  };
}
