import assert from 'node:assert/strict';
import { tableAes } from '#base/crypto/index.ts';
import { storageSupport } from '#handset/storage-support/index.ts';
import { imeiLock, LOCK_KEY, lastingState } from '#handset/uicc/imei-lock/index.ts';
import { type ToolkitPort, uicc } from '#handset/uicc/index.ts';
import type { Card } from '#protocol/apdu/index.ts';
import { inHandset } from '#test/lone-handset.ts';
import { homeNetwork, IMEI, random, supportMemory, uiccMemory } from './cards.ts';
import { type Bench, perSecond, type Row, rates } from './measure.ts';

/** Both cards of a handset in steady state: met before, the first report answered, nothing new to report. */
function handset() {
  const memory = uiccMemory();
  const parts = { memory, random, aes: tableAes, application: (port: ToolkitPort) => imeiLock(port, tableAes) };
  const support = storageSupport({ memory: supportMemory(), random, aes: tableAes });
  const network = homeNetwork();
  const switchOn = (card: Card) => inHandset(card, support, network, IMEI);
  const fresh = switchOn(uicc(parts));
  const first = fresh.boot();
  // The report goes out at the first poll with service.
  fresh.poll();
  assert.equal(first.kind === 'booted' && first.network.kind, 'accepted');
  // What the operator's answer leaves behind: the report is no longer open, its facts are known.
  const { outstanding, ...lasting } = lastingState.decode(memory.get(LOCK_KEY.lasting) ?? new Uint8Array(0));
  if (outstanding === undefined) throw new Error('expected an open report after the first boot');
  memory.commit([[LOCK_KEY.lasting, lastingState.encode({ ...lasting, reported: outstanding.facts })]]);
  return { switchOn, card: uicc(parts) };
}

function counted(card: Card): { readonly card: Card; readonly seen: { apdus: number; octets: number } } {
  const seen = { apdus: 0, octets: 0 };
  const transmit = (command: Uint8Array) => {
    const response = card.transmit(command);
    seen.apdus++;
    seen.octets += command.length + response.length;
    return response;
  };
  return { card: { reset: () => card.reset(), powerOff: () => card.powerOff(), transmit }, seen };
}

/** Whole power-ons: both cards, the operating system, the network. */
export const boots: Bench = {
  name: 'boots',
  what: 'whole handset boots a second on one core: SCP03, IMEI read, AUTHENTICATE, attach; no sockets',
  run(): readonly Row[] {
    const { switchOn, card } = handset();
    const { boot: one } = switchOn(card);
    const result = one();
    assert.equal(result.kind === 'booted' && result.network.kind, 'accepted');
    const { card: observed, seen } = counted(card);
    switchOn(observed).boot();
    const { whole } = rates({ whole: one });
    return [
      { what: 'whole boots, steady state', result: perSecond(whole), goal: '30,000 /s (performance.md 5)' },
      { what: 'on the UICC interface, each boot', result: `${seen.apdus} APDUs, ${seen.octets} octets` },
    ];
  },
};
