// A second person in a process of his own: `node approval-process.ts DIRECTORY NOW APPROVER ID END FILE [DATABASE-URL]` waits for a line, then approves
// change ID at the time NOW, the text FILE as an import when it is not empty, and prints what came of it. END `killed`: SIGKILL before the commit.
import { writeSync } from 'node:fs';
import { seededRandom } from '#base/port/index.ts';
import { openOperator } from '#operator/index.ts';
import { manualScheduler } from '#protocol/smpp/index.ts';

const [dataDirectory = '', now = '', approver = '', id = '', end = '', file = '', databaseUrl = ''] =
  process.argv.slice(2);
const clock = manualScheduler(Number(now));
const operator = openOperator({
  ...{ dataDirectory, clock, scheduler: clock, random: seededRandom(approver) },
  ...(databaseUrl !== '' && { databaseUrl }),
});
const { register, audit } = operator;

if (end === 'killed') {
  const { append } = audit;
  // The entry `approved` is the last thing that is written of an approval of one entry; all of it is in one transaction.
  const killing: typeof append = (entry) => {
    if (entry.detail['change'] === 'approved') process.kill(process.pid, 'SIGKILL');
    return append(entry);
  };
  Object.assign(audit, { append: killing });
}

async function approve(): Promise<string> {
  if (file === '') {
    register.approvals.decide(Number(id), { approver, verdict: 'approve', reason: 'checked' });
    return 'approved';
  }
  const { outcome } = await register.importList([new TextEncoder().encode(file)], {
    ...{ list: 'black', source: 'regulator', author: approver, name: 'copy.csv' },
    approval: { id: Number(id), approver },
  });
  return outcome;
}

writeSync(1, 'ready\n');
for await (const _ of process.stdin) {
  const said = await approve().catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
  writeSync(1, `${said}\n`);
  break;
}
await operator.close();
process.exit();
