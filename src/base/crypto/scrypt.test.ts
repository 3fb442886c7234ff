import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toHex } from '#base/codec/index.ts';
import { scrypt } from './index.ts';

const text = (words: string) => new TextEncoder().encode(words);

// RFC 7914 12.
for (const [password, salt, logCost, blockSize, parallelism, expected] of [
  [
    ...['', '', 4, 1, 1],
    '77D6576238657B203B19CA42C18A0497F16B4844E3074AE8DFDFFA3FEDE21442FCD0069DED0948F8326A753A0FC81F17E8D3E0FB2E0D3628CF35E20C38D18906',
  ],
  [
    ...['password', 'NaCl', 10, 8, 16],
    'FDBABE1C9D3472007856E7190D01E9FE7C6AD7CBC8237830E77376634B3731622EAF30D92E22A3886FF109279D9830DAC727AFB94A83EE6D8360CBDFA2CC0640',
  ],
  [
    ...['pleaseletmein', 'SodiumChloride', 14, 8, 1],
    '7023BDCB3AFD7348461C06CD81FD38EBFDA8FBBA904F8E3EA9B543F6545DA1F2D5432955613F0FCF62D49705242A9AF9E61E85DC0D651E40DFCF017B45575887',
  ],
] as const)
  test(`scrypt, RFC 7914 12: '${password}', '${salt}', 2^${logCost}, ${blockSize}, ${parallelism}`, async () => {
    const made = await scrypt(text(password), text(salt), { logCost, blockSize, parallelism }, expected.length / 2);
    assert.equal(toHex(made), expected);
  });

test('costs that no scrypt has are refused', async () => {
  for (const cost of [
    { logCost: 0, blockSize: 8, parallelism: 1 },
    { logCost: 4, blockSize: 0, parallelism: 1 },
    { logCost: 4, blockSize: 8, parallelism: 0 },
    { logCost: 1.5, blockSize: 8, parallelism: 1 },
    { logCost: 60, blockSize: 8, parallelism: 1 },
  ])
    await assert.rejects(scrypt(text('a'), text('b'), cost, 32), RangeError, JSON.stringify(cost));
});
