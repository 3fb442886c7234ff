import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex, NO_OCTETS, toHex } from '#base/codec/index.ts';
import { authenticationVector, milenage, tableAes } from '#base/crypto/index.ts';
import { Imei } from '#base/identity/index.ts';
import { airFrames, runNow, surroundingsNow } from '#handset/connector/index.ts';
import { OperatingSystem } from '#handset/operating-system/index.ts';
import { type NasMessage, nasMessage } from '#protocol/nas/index.ts';
import { terminalProfile } from '#protocol/usat/index.ts';
import type { ToolkitApplication } from './index.ts';
import { subject } from './uicc.fixture.ts';

const vector = authenticationVector(
  milenage(tableAes.key(fromHex('465b5ce8b199b49faa5f0a2ee238a6bc')), fromHex('cd63cb71954a9f4e48a5994e37a02baf')),
  fromHex('00112233445566778899AABBCCDDEEFF'),
  33,
  0x8000,
);
const LOCATION = fromHex('00F1100001');

/** A network that authenticates and accepts. */
function network(): { readonly heard: string[]; readonly air: (message: Uint8Array) => Uint8Array } {
  const heard: string[] = [];
  const answer = (message: NasMessage): NasMessage | undefined => {
    switch (message.name) {
      case 'locationUpdatingRequest':
        return { name: 'authenticationRequest', keySequence: 0, rand: vector.rand, autn: vector.autn };
      case 'authenticationResponse': {
        const res = toHex(message.res) + toHex(message.extension ?? NO_OCTETS);
        return res === toHex(vector.xres)
          ? { name: 'locationUpdatingAccept', locationArea: LOCATION }
          : { name: 'authenticationReject' };
      }
      default:
        return undefined;
    }
  };
  return {
    heard,
    air(octets) {
      const message = nasMessage.decode(octets);
      heard.push(message.name);
      const down = answer(message);
      return down === undefined ? NO_OCTETS : airFrames([nasMessage.encode(down)]);
    },
  };
}

function handset(parts: { readonly application?: () => ToolkitApplication; readonly pin?: string } = {}) {
  const { card } = subject(
    parts.pin === undefined ? {} : { pin: parts.pin },
    parts.application ? { application: parts.application } : {},
  );
  const { heard, air } = network();
  const system = new OperatingSystem({
    imei: Imei.parse('490154203237518'),
    terminalProfile: terminalProfile(['profileDownload', 'performCardApdu']),
    ...(parts.pin !== undefined && { pin: parts.pin }),
  });
  const around = surroundingsNow({ uicc: card, readers: new Map(), air, display: () => {} });
  return { card, heard, boot: () => runNow(system.boot(), around) };
}

test('an honest handset boots, authenticates and attaches; the location is written back', () => {
  const { boot, heard, card } = handset();
  const result = boot();
  assert.deepEqual(result, { kind: 'booted', network: { kind: 'accepted', locationArea: LOCATION } });
  assert.deepEqual(heard, ['locationUpdatingRequest', 'authenticationResponse']);
  assert.equal(toHex(card.transmit(fromHex('00B08B0000'))), 'FFFFFFFF00F110000100009000');
});

test('with PIN1 the handset needs the right one', () => {
  assert.equal(handset({ pin: '4711' }).boot().kind, 'booted');
  const { card } = subject({ pin: '4711' });
  const system = new OperatingSystem({
    imei: Imei.parse('490154203237518'),
    terminalProfile: terminalProfile([]),
    pin: '0000',
  });
  const around = surroundingsNow({ uicc: card, readers: new Map(), air: network().air, display: () => {} });
  assert.deepEqual(runNow(system.boot(), around), { kind: 'noUsim' });
});

test('an application that refuses AUTHENTICATE keeps the handset from the network', () => {
  const application = (): ToolkitApplication => ({
    tar: fromHex('BFFF31'),
    vitalRecords: [],
    poweredOn: () => {},
    profileDownloaded: () => {},
    callControl: () => 'allowed',
    authenticateRequested: () => 0x6985,
    authenticated: () => assert.fail('authenticated'),
    secured: () => NO_OCTETS,
    statusPolled: () => {},
  });
  const result = handset({ application }).boot();
  assert.deepEqual(result, { kind: 'booted', network: { kind: 'uiccRefused', statusWord: 0x6985 } });
});
