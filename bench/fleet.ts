import assert from 'node:assert/strict';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { tableAes } from '#base/crypto/index.ts';
import { ramMemory } from '#base/port/index.ts';
import { type CardMemory, type Changes, cardMemory, recordsOn } from '#handset/card/index.ts';
import { storageSupport } from '#handset/storage-support/index.ts';
import { imeiLock } from '#handset/uicc/imei-lock/index.ts';
import { type ToolkitPort, uicc } from '#handset/uicc/index.ts';
import type { Card } from '#protocol/apdu/index.ts';
import { FleetCard, FleetMemory } from '#test/fleet-card.ts';
import { inHandset } from '#test/lone-handset.ts';
import { homeNetwork, IMEI, random, supportMemory, uiccMemory } from './cards.ts';
import { type Bench, perSecond, type Row, rates } from './measure.ts';

/** Pairs of a UICC and a storage support, of the usual run and of the full one. */
const [PAIRS, PAIRS_OF_ALL] = [5_000, 100_000];
/** Pairs that are kept awake for comparison, and pairs that are switched on again. */
const AWAKE = 500;
/** Octets of a card's medium. */
const MEDIUM = 16_384;
/** Octets of records a card may have: what a memory of 16 KiB with two banks holds. */
const MOST_OCTETS = MEDIUM / 2;

const makeUicc = (memory: CardMemory): Card =>
  uicc({ memory, random, aes: tableAes, application: (port: ToolkitPort) => imeiLock(port, tableAes) });
const makeSupport = (memory: CardMemory): Card => storageSupport({ memory, random, aes: tableAes });

interface Pair {
  readonly card: Card;
  readonly support: Card;
}

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

/** Octets that the process holds, in V8's heap and in buffers, when nothing is left to collect. */
function held(): number {
  collect();
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** The records of a UICC and of a storage support that have met: what every pair here begins as, each in memory of its own. */
function recordsOfPair(): { readonly ofUicc: Changes; readonly ofSupport: Changes } {
  const [card, support] = [ramMemory(MEDIUM), ramMemory(MEDIUM)];
  const [first, second] = [cardMemory(card), cardMemory(support)];
  powerOn({ card: makeUicc(uiccMemory(first)), support: makeSupport(supportMemory(second)) });
  return { ofUicc: recordsOn(card), ofSupport: recordsOn(support) };
}

/** So many pairs, each switched on once; and the octets that each holds. */
function measured(count: number, make: () => Pair): { readonly pairs: readonly Pair[]; readonly octets: number } {
  powerOn(make());
  const before = held();
  const pairs = Array.from({ length: count }, make);
  for (const pair of pairs) powerOn(pair);
  return { pairs, octets: Math.round((held() - before) / count) };
}

const network = homeNetwork();

/** A power-on that proves the IMEI, attaches, and reports what is new. Off again afterwards. */
function powerOn({ card, support }: Pair): void {
  const handset = inHandset(card, support, network, IMEI);
  const result = handset.boot();
  assert.equal(result.kind === 'booted' && result.network.kind, 'accepted');
  handset.poll();
  handset.leave();
  card.powerOff();
  support.powerOff();
}

/** Later power-ons, each of the next pair, which is off before and after. */
function inTurn(pairs: readonly Pair[]): () => void {
  let next = 0;
  return () => {
    powerOn(pairs[next] as Pair);
    next = (next + 1) % pairs.length;
  };
}

/** What a fleet costs. */
export const fleet: Bench = {
  name: 'fleet',
  what: 'UICC and storage support pairs alive in one process: octets that an idle pair holds (--full: 100,000 pairs)',
  run({ isFull }): readonly Row[] {
    const count = isFull ? PAIRS_OF_ALL : PAIRS;
    const { ofUicc, ofSupport } = recordsOfPair();
    const inMemory = <M extends CardMemory>(memory: M, records: Changes): M => {
      memory.commit(records);
      return memory;
    };
    const journalled = (records: Changes) => inMemory(cardMemory(ramMemory(MEDIUM)), records);
    const kept = measured(AWAKE, () => ({
      card: makeUicc(journalled(ofUicc)),
      support: makeSupport(journalled(ofSupport)),
    }));
    const packed = (records: Changes) => inMemory(new FleetMemory(MOST_OCTETS), records);
    const resting = measured(count, () => ({
      card: new FleetCard(packed(ofUicc), makeUicc),
      support: new FleetCard(packed(ofSupport), makeSupport),
    }));
    const every = Math.floor(count / AWAKE);
    const some = resting.pairs.filter((_, i) => i % every === 0);
    // The collections above threw away code that V8 had compiled for objects they found dead: a hundred functions, and a thousand power-ons
    // until they are back. So these are warmed up, as every way is.
    const { fleet, objects } = rates({ fleet: inTurn(some), objects: inTurn(kept.pairs) });
    const octets = (value: number) => `${value.toLocaleString('en-US')} octets`;
    return [
      {
        what: `an idle pair in a fleet of ${count.toLocaleString('en-US')}, off after its first power-on`,
        result: octets(resting.octets),
        goal: '2,048: 1 KiB an idle card (performance.md goals)',
      },
      { what: 'the same pair as objects with a journalled memory each', result: octets(kept.octets) },
      { what: 'power-ons of pairs of the fleet, each another, with a report', result: perSecond(fleet) },
      { what: 'power-ons of pairs that are objects, each another, with a report', result: perSecond(objects) },
    ];
  },
};
