import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { fromHex } from '#base/codec/index.ts';
import { databaseOf, onBothDatabases as test } from '#test/operator/databases.ts';
import { temporaryDirectory, testOperator } from '#test/operator/operator.ts';
import { testUicc } from '#test/operator/uicc.ts';

const PROGRAM = fileURLToPath(new URL('../../../test/operator/gateway-process.ts', import.meta.url));

/** Runs the gateway process until it took `reports` reports, kills it with SIGKILL `milliseconds` later, and gives its whole lines. */
async function killedGateway(
  directory: string,
  card: { readonly iccid: string; readonly first: number; readonly databaseUrl?: string },
  when: { readonly reports: number; readonly milliseconds: number },
): Promise<readonly string[]> {
  const child = spawn(process.execPath, [PROGRAM, directory, card.iccid, String(card.first), card.databaseUrl ?? ''], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  let isDoomed = false;
  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (chunk: string) => {
    printed += chunk;
    if (isDoomed || printed.split('taken').length <= when.reports) return;
    isDoomed = true;
    setTimeout(() => child.kill('SIGKILL'), when.milliseconds);
  });
  const signal = await new Promise((resolve) => child.on('close', (_code, how) => resolve(how)));
  assert.equal(signal, 'SIGKILL', 'the gateway must die by the kill, not by itself');
  return printed.slice(0, printed.lastIndexOf('\n')).split('\n');
}

test('a gateway killed with SIGKILL again and again: no report lost, no counter for two packets, orders go on', async (context) => {
  const directory = temporaryDirectory(context);
  const prepared = testOperator(context, { directory });
  const { card } = prepared.issue();
  await prepared.operator.close();
  const packets = new Map<number, string>();
  let taken = 0;
  let resent = 0;
  for (const when of [
    { reports: 4, milliseconds: 0 },
    { reports: 6, milliseconds: 7 },
    { reports: 5, milliseconds: 16 },
  ]) {
    const lines = await killedGateway(
      directory,
      { iccid: card.iccid.digits, first: taken + 1, ...databaseOf(context, directory) },
      when,
    );
    for (const line of lines) {
      const [word, value = ''] = line.split(' ');
      if (word === 'taken') taken = Number(value);
      if (word !== 'sent') continue;
      // A UICC that has seen nothing opens every packet and tells its counter.
      const opened = testUicc(card).open(fromHex(value));
      assert.ok(opened, 'every packet is whole');
      const before = packets.get(opened.counter);
      if (before !== undefined) resent++;
      assert.equal(before ?? value, value, `counter ${opened.counter} was used for two packets`);
      packets.set(opened.counter, value);
    }
    const { subscribers, evidence, operator, gateway, audit } = testOperator(context, { directory });
    const reached = subscribers.lastReportCounter(card.iccid);
    assert.ok(reached >= taken, `report ${taken} was acknowledged, the database has ${reached}`);
    assert.equal(
      evidence.reports(1, card.iccid.digits)[0]?.counter,
      reached,
      'a counter stands or falls with its report',
    );
    assert.equal(gateway.outbox.newest(1)[0]?.state === 'acknowledged', false);
    assert.equal(audit.verify(), undefined);
    taken = reached;
    await operator.close();
  }
  assert.ok(
    taken >= 15 && packets.size > 5 && resent > 0,
    `the processes worked: ${taken} reports, ${packets.size} packets, ${resent} sent again`,
  );
});
