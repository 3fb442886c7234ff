import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex, toHex } from '#base/codec/index.ts';
import { aesSiv, compressedPoint, generateKeyPair, nodeAes } from '#base/crypto/index.ts';
import { type NonVolatile, ramMemory, seededRandom } from '#base/port/index.ts';
import {
  type CardMemory,
  cardMemory,
  imageSeal,
  NEWEST_STATE_OCTETS,
  sealImage,
  type TransactionSeal,
} from '#handset/card/index.ts';
import { LOCK_KEY, lastingState } from '#handset/uicc/imei-lock/index.ts';
import { type Answer, answer, IMEI_LOCK_TAR, OTA_KEY_SET } from '#protocol/imei-lock/index.ts';
import { PROOF_BY_DELIVER_REPORT, packetToSegments, securedCommand } from '#protocol/ota/index.ts';
import { internationalAddress, smsDeliver } from '#protocol/sms/index.ts';
import { encodeEnvelope, terminalProfile } from '#protocol/usat/index.ts';
import { ANSWER_KEYS, handsetOf, supportMedium, supportOn, uiccMedium, uiccOn } from './pair.ts';
import { type PowerSource, powerSource } from './power.ts';
import { type CardKind, tearBoth, titleOf, type WritingCommand } from './tearing.ts';

/** A card's image with what remembers its newest state, sealed or not. */
interface Media {
  readonly image: NonVolatile;
  readonly newest: NonVolatile;
  readonly isSealed: boolean;
}
interface Pair {
  readonly uicc: Media;
  readonly support: Media;
}

const SIV = aesSiv(new Uint8Array(32).fill(7));
const copyOf = (medium: NonVolatile): NonVolatile => {
  const copy = ramMemory(medium.size);
  copy.write(0, medium.read(0, medium.size));
  return copy;
};
const copyOfMedia = ({ image, newest, isSealed }: Media): Media => ({
  image: copyOf(image),
  newest: copyOf(newest),
  isSealed,
});
const copyOfPair = ({ uicc, support }: Pair): Pair => ({ uicc: copyOfMedia(uicc), support: copyOfMedia(support) });

function mediaOf(plain: NonVolatile, isSealed: boolean): Media {
  const newest = ramMemory(NEWEST_STATE_OCTETS);
  if (!isSealed) return { image: plain, newest, isSealed };
  const image = ramMemory(plain.size);
  sealImage(plain, image, imageSeal({ siv: SIV, newest }));
  return { image, newest, isSealed };
}

const NO_SOURCE: Pick<PowerSource, 'feed'> = { feed: (medium) => medium };
function opened({ image, newest, isSealed }: Media, { feed } = NO_SOURCE): CardMemory {
  const seal: TransactionSeal | undefined = isSealed ? imageSeal({ siv: SIV, newest: feed(newest) }) : undefined;
  return cardMemory(feed(image), seal);
}

/** Whose power fails: the handset's, or by a fault of one slot that of one card alone. */
type Failing = 'handset' | 'uicc' | 'support';

/** An honest life of a handset on these cards; the power is from `source`. */
function live(pair: Pair, source = NO_SOURCE, failing: Failing = 'handset') {
  const of = (name: Failing) => (failing === 'handset' || failing === name ? source : NO_SOURCE);
  const card = uiccOn(opened(pair.uicc, of('uicc')));
  const handset = handsetOf(card, supportOn(opened(pair.support, of('support'))));
  const booted = handset.boot();
  handset.poll();
  return booted.kind === 'booted' ? booted.network.kind : booted.kind;
}

const lastingOf = (pair: Pair) => {
  const stored = opened(copyOfMedia(pair.uicc)).get(LOCK_KEY.lasting);
  return stored === undefined ? undefined : lastingState.decode(stored);
};
/** Counter of proofs of the support, and the sequence counter of its first pairing. */
const countersOf = (pair: Pair) => {
  const memory = opened(copyOfMedia(pair.support));
  return [0x10, 0x30].map((record) => toHex(memory.get(record) ?? fromHex('000000')));
};

/** Cuts the power at every octet of a power-on, then powers on again: the handset has service, and nothing went back. */
function tearPowerOn(pair: Pair, failing: Failing, step: number): number {
  let cuts = 0;
  for (let octets = 0; ; octets += step) {
    const torn = copyOfPair(pair);
    const source = powerSource();
    source.endAfter(octets);
    const before = countersOf(pair);
    try {
      live(torn, source, failing);
    } catch (error) {
      // The card could not even be opened: it was cut while it tidied its memory.
      assert.match(String(error), /power lost|a write failed before/);
    }
    if (!source.isLost) return cuts;
    cuts++;
    const where = `power of the ${failing} cut at octet ${octets}`;
    const between = countersOf(torn);
    assert.ok(
      between.every((counter, i) => counter >= (before[i] as string)),
      where,
    );
    assert.equal(live(torn), 'accepted', where);
    const after = countersOf(torn);
    assert.ok(
      after.some((counter, i) => counter > (between[i] as string)),
      `${where}: ${between} then ${after}`,
    );
    assert.equal(lastingOf(torn)?.block, 'none', where);
    assert.equal(lastingOf(torn)?.brokenProofs, 0, where);
  }
}

const fresh = (isSealed: boolean): Pair => ({
  uicc: mediaOf(uiccMedium(), isSealed),
  support: mediaOf(supportMedium(), isSealed),
});
function met(isSealed: boolean): Pair {
  const pair = fresh(isSealed);
  assert.equal(live(pair), 'accepted');
  return pair;
}

for (const isSealed of [false, true])
  for (const failing of ['handset', 'uicc', 'support'] as const) {
    const memory = isSealed ? 'sealed' : 'plain';
    // What a seal writes is torn octet by octet where its commands are; here it is met at enough places.
    test(`first meeting and report, ${memory}: power of the ${failing} cut anywhere blocks nobody (T22)`, () => {
      assert.ok(tearPowerOn(fresh(isSealed), failing, isSealed ? 13 : 3) > 15);
    });
    test(`a later power-on, ${memory}: power of the ${failing} cut anywhere blocks nobody (T22)`, () => {
      assert.ok(tearPowerOn(met(isSealed), failing, isSealed ? 5 : 1) > 10);
    });
  }

const KEYS = { cipher: nodeAes.key(ANSWER_KEYS.kic), check: nodeAes.key(ANSWER_KEYS.kid) };
const HEADER = {
  tar: IMEI_LOCK_TAR,
  counterMode: 'higher',
  keySet: OTA_KEY_SET.answer,
  proof: PROOF_BY_DELIVER_REPORT,
} as const;

/** Another maker than the one that the UICC came with. */
const OTHER_TRUST = {
  roots: [
    {
      caIdentifier: fromHex('4E4557'),
      publicPoint: compressedPoint(generateKeyPair('P-256', seededRandom('a new maker')).publicKey),
    },
  ],
};

/** ENVELOPE with an order of the operator to the lock. */
function envelope(order: Answer['order'], counter: number): Uint8Array {
  const content = answer.encode({
    version: 'one',
    direction: 'answer',
    order,
    ...(order === 'setRoots' && { trust: OTHER_TRUST }),
  });
  const packet = securedCommand({ ...HEADER, counter }, KEYS, content);
  const [userData] = packetToSegments({ kind: 'command', packet }, 7);
  assert.ok(userData !== undefined);
  const tpdu = smsDeliver.encode({
    ...{ type: 'SMS-DELIVER', moreMessages: false, loopPrevention: false, statusReport: false, replyPath: false },
    ...{ originator: internationalAddress('12345'), protocolIdentifier: 0x7f, dataCoding: 0xf6 },
    ...{ timestamp: fromHex('62115291050200'), userData },
  });
  const data = encodeEnvelope({ type: 'SMS-PP DOWNLOAD', address: fromHex('912143F5'), tpdu });
  return Uint8Array.of(0x80, 0xc2, 0, 0, data.length, ...data, 0);
}

// The proof that begins waits for FETCH, so that nothing but the order is written.
const PROFILE = terminalProfile(['profileDownload', 'performCardApdu']);
const afterPowerOn: readonly Uint8Array[] = [Uint8Array.of(0x80, 0x10, 0, 0, PROFILE.length, ...PROFILE)];
const plainUicc = met(false).uicc.image;
const LOCKED_UICC: CardKind = {
  personalised: () => plainUicc,
  powerOn(memory) {
    const card = uiccOn(memory);
    card.reset();
    return card;
  },
  dump: (card) => toHex(card.transmit(fromHex('80F2000000'))),
};

/** Orders that came before, then the one that is torn. */
const ordered = (...orders: readonly Answer['order'][]): WritingCommand => ({
  command: 'ENVELOPE',
  case: `with the order ${orders.join(', then ')}`,
  ready(card) {
    for (const command of afterPowerOn) card.transmit(command);
    const last = orders.length;
    for (const [i, order] of orders.slice(0, -1).entries()) card.transmit(envelope(order, i + 1));
    return () => toHex(card.transmit(envelope(orders[last - 1] as Answer['order'], last)));
  },
  answer: /^0271/,
  // The counter of the packet, then what the lock makes of its content.
  changes: 2,
});

for (const command of [
  ...[ordered('block'), ordered('block', 'unblock'), ordered('stopKeys'), ordered('rePair')],
  ordered('setRoots'),
])
  test(`the IMEI lock: ${titleOf(command)}`, () => tearBoth(LOCKED_UICC, command));

test('a block that was acknowledged is there after every power cut; one that was not can be given again (T22)', () => {
  const pair = met(false);
  for (let octets = 0; ; octets++) {
    const torn = copyOfPair(pair);
    const source = powerSource();
    const card = uiccOn(opened(torn.uicc, source));
    card.reset();
    for (const command of afterPowerOn) card.transmit(command);
    source.endAfter(octets);
    const isAcknowledged = toHex(card.transmit(envelope('block', 1))).startsWith('0271');
    if (isAcknowledged) assert.equal(lastingOf(torn)?.block, 'operator');
    const again = uiccOn(opened(torn.uicc));
    again.reset();
    for (const command of afterPowerOn) again.transmit(command);
    again.transmit(envelope('block', 2));
    assert.equal(lastingOf(torn)?.block, 'operator', `cut at octet ${octets}`);
    if (isAcknowledged) break;
  }
});
