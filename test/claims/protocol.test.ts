import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { CodecError, type Format, fromHex, toHex } from '#base/codec/index.ts';
import {
  acknowledgement,
  answer,
  IMEI_LOCK_AID,
  IMEI_LOCK_TAR,
  imeiProof,
  policyChange,
  proofReason,
  report,
  STORAGE_SUPPORT_AID,
  staticProof,
  supportIdentity,
} from '#protocol/imei-lock/index.ts';

const DOCUMENT = readFileSync(new URL('../../docs/protocol.md', import.meta.url), 'utf8');
const FORMATS: Readonly<Record<string, Format<unknown>>> = {
  imeiProof,
  supportIdentity,
  staticProof,
  report,
  reportOfVersion2: report,
  answer,
  acknowledgement,
  setPolicy: answer,
  setRoots: answer,
  policyChange,
};

for (const [name, format] of Object.entries(FORMATS)) {
  test(`the example of ${name} in docs/protocol.md is decoded and written the same`, () => {
    const example = new RegExp(`^${name} +([0-9A-F]+)$`, 'm').exec(DOCUMENT)?.[1];
    assert.ok(example, `no example of ${name}`);
    assert.equal(toHex(format.encode(format.decode(fromHex(example)))), example);
  });
}

test('the names in docs/protocol.md are those of the code', () => {
  for (const octets of [STORAGE_SUPPORT_AID, IMEI_LOCK_AID, IMEI_LOCK_TAR])
    assert.ok(DOCUMENT.includes(toHex(octets).replaceAll(/(..)(?=.)/g, '$1 ')), toHex(octets));
});

test('the reasons in docs/protocol.md are those of the code, code by code', () => {
  const table = DOCUMENT.slice(DOCUMENT.indexOf('| reason | name |'), DOCUMENT.indexOf('10 to 1F are'));
  const rows = [...table.matchAll(/^\| ([0-9A-F]{2}) \| ([a-zA-Z]+) \| .+ \|$/gm)];
  const written = new Map(rows.map(([, code = '', name = '']) => [Number.parseInt(code, 16), name]));
  const known = new Map<number, string>();
  for (let code = 0; code < 256; code++) {
    try {
      known.set(code, proofReason.decode(Uint8Array.of(code)));
    } catch (error) {
      assert.ok(error instanceof CodecError);
    }
  }
  assert.deepEqual(written, known);
});
