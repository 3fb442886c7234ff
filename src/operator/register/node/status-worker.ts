import { parentPort, workerData } from 'node:worker_threads';
import { systemClock } from '#base/port/index.ts';
import { FRESHNESS } from './freshness.ts';
import type { NodeHealth } from './node-health.ts';
import type { FromStatus, StatusWorkerData, ToStatus } from './status-messages.ts';
import { listenStatus } from './status-server.ts';

// The thread of a node's status: it answers also while the thread that follows the database waits for it, or loads for minutes.

const port = parentPort;
if (port === null) throw new Error('status worker: expected to be started as a thread of the register');
const tell = (message: FromStatus) => port.postMessage(message);

// The node starts it with nothing else.
const data = workerData as StatusWorkerData;
const freshness = new Float64Array(data.freshness);
let { report } = data;

const health = (): NodeHealth => ({
  ...report,
  now: systemClock.now(),
  sequence: freshness[FRESHNESS.sequence] as number,
  completeAt: freshness[FRESHNESS.completeAt] as number,
  residentOctets: process.memoryUsage.rss(),
});

try {
  const server = await listenStatus(data.address, health);
  port.on('message', async (message: ToStatus) => {
    if (message.kind === 'report') report = message.report;
    else {
      await server.close();
      port.close();
    }
  });
  tell({ kind: 'listening', address: server.address });
} catch (error) {
  tell({ kind: 'failed', problem: error instanceof Error ? error.message : String(error) });
  port.close();
}
