import assert from 'node:assert/strict';
import { Imsi } from '#base/identity/index.ts';
import { onBothDatabases } from '#test/operator/databases.ts';
import { testImei, testOperator } from '#test/operator/operator.ts';

const foreign = (number: number) => Imsi.parse(`26201${String(number).padStart(10, '0')}`);

onBothDatabases(
  'clusters come in pages, the largest first, alike ones by when they became one; a single subscriber is none',
  async (context) => {
    const operator = testOperator(context);
    const { evidence, register } = operator;
    // IMEI number n has n + 1 subscribers, up to three: 0 alone, then 2, 3, 3, 3 …
    for (let imei = 0; imei < 12; imei++)
      for (let imsi = 0; imsi < Math.min(imei + 1, 3); imsi++)
        register.check({ imei: testImei(imei), imsi: foreign(imsi) });
    const phone = operator.issue();
    await operator.receive(phone, phone.uicc.report(testImei(1)));
    const found: string[] = [];
    let after: Parameters<typeof evidence.clusters.page>[0];
    do {
      const { clusters, next } = evidence.clusters.page(after, 4, 2);
      found.push(
        ...clusters.map(
          ({ imei, subscribers, claimants }) => `${imei.number % 100} ${subscribers} ${claimants.length}`,
        ),
      );
      after = next;
    } while (after !== undefined);
    const three = [11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1].map((imei) => `${imei} 3 2`);
    assert.deepEqual(found, three);
    const cluster = evidence.cluster(testImei(1), 2);
    assert.deepEqual(
      [cluster.genuine, cluster.isExact, cluster.claimants.map(({ isGenuine }) => isGenuine)],
      [phone.imsi.digits, true, [true, false]],
    );
    assert.equal(cluster.because.code, 'proved');
  },
);

onBothDatabases(
  'of very many subscribers of one IMEI the number is as counted, and they come in pages by IMSI',
  (context) => {
    const { evidence, register } = testOperator(context);
    const imei = testImei(7);
    for (let number = 1; number <= 1005; number++) register.check({ imei, imsi: foreign(number) });
    const { subscribers, isExact, claimants, genuine } = evidence.cluster(imei);
    assert.deepEqual([subscribers, isExact, claimants.length, genuine], [1005, false, 1000, undefined]);
    const first = evidence.clusters.claimants(imei, '', 1000);
    const rest = evidence.clusters.claimants(imei, first.at(-1)?.imsi ?? '', 1000);
    assert.deepEqual(
      [first.length, rest.map(({ imsi }) => imsi)],
      [1000, [1001, 1002, 1003, 1004, 1005].map((one) => foreign(one).digits)],
    );
  },
);
