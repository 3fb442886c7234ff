import assert from 'node:assert/strict';
import { CAST } from '#lab/demo/index.ts';
import { laboratoryTests } from './laboratory.ts';

const laboratoryTest = laboratoryTests();
const LIST = { list: 'black', source: 'operator' } as const;

laboratoryTest(
  'reported stolen, a handset is blocked while its page is open, and unblocked when a second person approves',
  async ({ world, open }) => {
    const { operator } = world;
    const { iccid, flash: imei } = CAST.honest;
    const handset = world.handset(CAST.honest, 'home');
    await handset.powerOn();
    const page = await open(`/devices/${iccid.digits}`);
    await page.getByText(/proved this IMEI over a channel with session keys/).waitFor();
    const facts = page.locator('dl.facts');
    /** Lets the handset ask its UICC, as handsets do, until the page shows these words. */
    const shows = async (words: string) => {
      for (let tries = 0; (await facts.getByText(words, { exact: true }).count()) === 0 && tries < 300; tries++) {
        await handset.poll();
        await handset.settled();
        await page.waitForTimeout(50);
      }
      await facts.getByText(words, { exact: true }).waitFor();
    };
    await shows('enabled');
    operator.register.settings.set('approval', 'always', 'Ada', 'two persons');
    const said = { author: 'Ada', reason: 'stolen in a tram' };
    const reported = operator.register.propose(
      {
        about: 'imei',
        change: 'add',
        imei: imei.equipment,
        ...LIST,
        reason: 'stolen',
        note: '',
        caseReference: '4711',
      },
      said.author,
      said.reason,
    );
    assert.ok(reported.outcome === 'waiting');
    operator.register.approvals.decide(reported.id, { approver: 'Bob', verdict: 'approve', reason: 'it is so' });
    await shows('blocked by the operator');
    await page.getByText('Prohibited').first().waitFor();
    const orders = page.getByRole('region', { name: 'Orders and how far each is' });
    await orders
      .getByRole('row')
      .filter({ hasText: 'Block' })
      .first()
      .getByText(/^acknowledged with proof/)
      .waitFor();
    // Not switched off meanwhile: a handset that could not attach would hear of its way back by no message.
    const found = operator.register.propose(
      { about: 'imei', change: 'remove', imei: imei.equipment, ...LIST },
      'Ada',
      'found again',
    );
    assert.ok(found.outcome === 'waiting');
    await page.waitForTimeout(300);
    assert.equal(await facts.getByText('blocked by the operator', { exact: true }).count(), 1);
    operator.register.approvals.decide(found.id, { approver: 'Bob', verdict: 'approve', reason: 'it is so' });
    await shows('enabled');
    await orders
      .getByRole('row')
      .filter({ hasText: 'Unblock' })
      .first()
      .getByText(/^acknowledged with proof/)
      .waitFor();
  },
);
