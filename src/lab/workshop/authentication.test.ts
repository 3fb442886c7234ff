import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fromHex, toHex } from '#base/codec/index.ts';
import { GSM_ALGORITHMS } from '#base/crypto/index.ts';
import { Iccid, Imsi, Msisdn } from '#base/identity/index.ts';
import { fixedClock, seededRandom } from '#base/port/index.ts';
import { openAudit } from '#operator/audit/index.ts';
import { type CardOrder, openSubscribers, STANDARD_POLICY } from '#operator/subscriber/index.ts';
import type { Card } from '#protocol/apdu/index.ts';
import { openDatabase, temporaryDirectory } from '#test/operator/databases.ts';
import { Workshop } from './index.ts';

const ALGORITHMS = ['milenage', 'tuak', 'xor'] as const;
const SELECT_USIM = '00A4040407A000000087100200';

/** An operator's subscribers and a card shop; a card is ordered from the one and made by the other. */
function house(context: TestContext) {
  const [random, clock] = [seededRandom('authentication'), fixedClock(Date.UTC(2026, 10, 24))];
  const opened = openDatabase(context, { directory: temporaryDirectory(context), random });
  const subscribers = openSubscribers({ ...opened, audit: openAudit({ ...opened, clock }), random, clock });
  const directory = mkdtempSync(join(tmpdir(), 'assay-shop-'));
  context.after(() => rmSync(directory, { recursive: true }));
  const workshop = new Workshop(directory, { random, clock });
  let number = 0;
  const make = (more: Partial<CardOrder>) => {
    number++;
    const order = subscribers.issueCard({
      iccid: Iccid.issue(`8988211${String(number).padStart(11, '0')}`),
      imsi: Imsi.parse(`00101${String(number).padStart(10, '0')}`),
      msisdn: Msisdn.parse(`999${String(number).padStart(9, '0')}`),
      ...{ serviceCentre: Msisdn.parse('99900'), operatorAddress: Msisdn.parse('4321'), author: 'Ada' },
      policy: { ...STANDARD_POLICY, gate: 'open' },
      ...more,
    });
    workshop.personalise(order);
    const { card, close } = workshop.openUicc(order.iccid);
    context.after(close);
    card.reset();
    sent(card, SELECT_USIM);
    return { card, imsi: order.imsi };
  };
  return { subscribers, make };
}

const sent = (card: Card, command: string): string => toHex(card.transmit(fromHex(command)));
const threeG = ({ rand, autn }: { rand: Uint8Array; autn: Uint8Array }) =>
  `008800812210${toHex(rand)}10${toHex(autn)}00`;

for (const algorithm of ALGORITHMS)
  for (const indBits of [0, 1, 3, 5])
    test(`${algorithm}, ${indBits} bits of IND: the operator's vectors convince the card; an old one leads back into step`, (context) => {
      const { subscribers, make } = house(context);
      const { card, imsi } = make({ algorithm, sequence: { indBits, delta: 2 ** 28 } });
      const next = () => subscribers.authenticationVector(imsi) ?? assert.fail('a subscriber that is known');
      const old = next();
      for (let time = 0; time < 40; time++) {
        const vector = next();
        const length = vector.xres.length.toString(16).padStart(2, '0');
        assert.ok(sent(card, threeG(vector)).startsWith(`DB${length}${toHex(vector.xres)}10${toHex(vector.ck)}`));
      }
      const answer = sent(card, threeG(old));
      assert.ok(answer.startsWith('DC0E'), answer);
      assert.ok(subscribers.resynchronise(imsi, old.rand, fromHex(answer).slice(2, 16)));
      assert.ok(sent(card, threeG(next())).startsWith('DB'));
    });

for (const gsmAlgorithm of [undefined, ...GSM_ALGORITHMS])
  test(`GSM, ${gsmAlgorithm ?? 'conversions'}: the operator's triplets are the card's SRES and Kc`, (context) => {
    const { subscribers, make } = house(context);
    for (const algorithm of ALGORITHMS) {
      const { card, imsi } = make({ algorithm, ...(gsmAlgorithm && { gsmAlgorithm }) });
      const { rand, sres, kc } = subscribers.gsmTriplet(imsi) ?? assert.fail('a subscriber that is known');
      assert.equal(sent(card, `008800801110${toHex(rand)}00`), `04${toHex(sres)}08${toHex(kc)}9000`);
    }
  });

for (const scheme of ['null', 'profile-a', 'profile-b'] as const)
  test(`the SUCI of ${scheme} that the USIM calculates reveals its IMSI to the operator`, (context) => {
    const { subscribers, make } = house(context);
    const { card, imsi } = make({ suci: { by: 'usim', scheme, routingIndicator: '17' } });
    const answer = card.transmit(fromHex('8078000100'));
    assert.deepEqual(subscribers.revealSuci(answer.slice(2, -2)), imsi);
  });

test('the IMEI lock holds in every context and with every algorithm: no key works before the IMEI is proved', (context) => {
  const { subscribers, make } = house(context);
  const policy = { ...STANDARD_POLICY, terminalCannotProve: 'grace' } as const;
  for (const algorithm of ALGORITHMS)
    for (const gsmAlgorithm of GSM_ALGORITHMS) {
      const { card, imsi } = make({ algorithm, gsmAlgorithm, policy });
      const vector = subscribers.authenticationVector(imsi) ?? assert.fail('a subscriber that is known');
      const rand = toHex(vector.rand);
      for (const command of [
        threeG(vector),
        `008800801110${rand}00`,
        `0088008423DD10${rand}10${toHex(vector.autn)}00`,
        '0088008405DE0161016100',
      ])
        assert.equal(sent(card, command), '6985', command);
    }
});
