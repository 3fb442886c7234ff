import type { TestContext } from 'node:test';
import { concat, fromHex, NO_OCTETS } from '#base/codec/index.ts';
import { tableAes } from '#base/crypto/index.ts';
import type { Imei } from '#base/identity/index.ts';
import { type NonVolatile, ramMemory, seededRandom } from '#base/port/index.ts';
import { type CollectingTrace, collectingTrace, type TraceRecord } from '#base/trace/index.ts';
import { cardMemory } from '#handset/card/index.ts';
import {
  type Authority,
  blankSupport,
  type MakerRoot,
  makerRoot,
  provision,
  rootPoint,
  SUPPORT_MEMORY_SIZE,
  storageSupport,
} from '#handset/storage-support/index.ts';
import { imeiLock } from '#handset/uicc/imei-lock/index.ts';
import {
  personaliseUicc,
  type ToolkitApplication,
  type ToolkitPort,
  type UiccPersonalisation,
  uicc,
} from '#handset/uicc/index.ts';
import { type CoreNetworkNow, coreNetworkNow, ofOperator } from '#lab/core-network/index.ts';
import { LabHandsetNow as Handset, type SystemName } from '#lab/handset/index.ts';
import { Post } from '#lab/replay/index.ts';
import { type Operator, openOperator } from '#operator/index.ts';
import { type CardOrder, STANDARD_POLICY } from '#operator/subscriber/index.ts';
import type { Card } from '#protocol/apdu/index.ts';
import { manualScheduler } from '#protocol/smpp/index.ts';
import { encodeEnvelope } from '#protocol/usat/index.ts';
import { cardOrder, START, temporaryDirectory } from '#test/operator/operator.ts';

const MAKER = fromHex('4D414B4552');
const CERTIFICATE_DATES = { validFrom: 2026_01_01, validTo: 2046_12_31 } as const;
const UICC_MEMORY_SIZE = 65_536;
/** Location area of the network abroad, 001 02: it asks nobody about an IMEI. */
const ABROAD = fromHex('00F1200001');
const SERVICE_CENTRE = fromHex('912143658709');
const NO_NETWORK = { air: () => NO_OCTETS, pending: () => NO_OCTETS, disconnect: () => {} };
/** Rounds in which handsets and operator hear each other out; a conversation that needs more does not end. */
const MOST_ROUNDS = 20;

/** A storage support (2) that has left the factory, and the memory it stands on. */
export interface Support {
  readonly card: Card;
  readonly identity: Uint8Array;
}

/** How a storage support is to be made, where it is not the usual one. */
export interface SupportChange {
  /** Another maker than the one the operator's UICCs believe. */
  readonly root?: MakerRoot;
  /** Other operators than this one. */
  readonly authorities?: readonly Authority[];
  readonly secondImei?: Imei;
  readonly staticKey?: Uint8Array;
}

/** A UICC (31) as the operator issued it, and the memory it stands on. */
export interface Uicc {
  readonly card: Card;
  readonly given: UiccPersonalisation;
  readonly medium: NonVolatile;
}

/** How a UICC is to be made, where it is not the usual one. */
export interface UiccChange extends Partial<Omit<CardOrder, 'author'>> {
  /** Another application in the place of the IMEI lock: for counter-runs. */
  readonly application?: (port: ToolkitPort) => ToolkitApplication;
  /** What is changed in the record before it is written to the card. */
  readonly given?: Partial<UiccPersonalisation>;
}

/** Who plays. */
export interface Part {
  readonly name: string;
  readonly imei: Imei;
  readonly os?: SystemName;
  /** The IMEI that a fraudulent operating system claims. */
  readonly other?: Imei;
  readonly uicc?: Uicc | Card | 'none';
  readonly support?: Support | Card | 'none';
  readonly elsewhere?: Support;
  /** `nowhere`: no network answers. */
  readonly where?: 'home' | 'abroad' | 'nowhere';
}

/** Everything the patent needs, in one process, from one seed, at a time that stands still. */
export interface Stage {
  readonly operator: Operator;
  readonly trace: CollectingTrace;
  readonly clock: ReturnType<typeof manualScheduler>;
  readonly home: CoreNetworkNow;
  readonly maker: MakerRoot;
  readonly post: Post;
  /** This operator's authority, as storage supports hold it. */
  readonly authority: Authority;
  /** The factory makes a storage support: blank, personalised over its APDUs, closed. */
  factory(imei: Imei, change?: SupportChange): Support;
  /** The operator issues a UICC. */
  issue(change?: UiccChange): Uicc;
  /** A handset with the parts of its part; usual ones where none are named. */
  handset(part: Part): Handset;
  /** Handsets and operator hear each other out, until nothing moves any more. */
  settle(): Promise<void>;
  /** In the operator's shop: what waits for a UICC is given to it by a card reader, in the envelope a handset would have used. */
  inTheShop(handset: Handset, uicc: Uicc): void;
  /** The hops of a step, oldest first. */
  step(step: 101 | 102 | 103 | 104): readonly TraceRecord[];
}

/** Sets a stage that is gone after the test. */
export function setStage(context: TestContext): Stage {
  const clock = manualScheduler(START);
  const random = seededRandom('the patent');
  const trace = collectingTrace(100_000);
  const maker = makerRoot(MAKER, random);
  const post = new Post({
    clock,
    numberOf: (imsi) => operator.subscribers.byImsi(imsi)?.msisdn,
    toOperator: (source, userData) => operator.gateway.receive(source, userData),
  });
  const operator = openOperator({
    dataDirectory: temporaryDirectory(context),
    ...{ clock, scheduler: clock, random, trace, centre: post.ofOperator },
    gateway: { contact: '0800 1', rateLimit: { burst: 1000, refillMilliseconds: 1 } },
  });
  context.after(() => operator.close());
  operator.subscribers.trustMaker({ identifier: maker.identifier, publicPoint: rootPoint(maker) });
  const { identifier: caIdentifier, publicPoint } = operator.subscribers.operatorRoot();
  const authority = { caIdentifier, publicPoint };
  const ports = { ...ofOperator(operator.subscribers, operator.register), shortMessages: post.ofNetwork, clock, trace };
  const home = coreNetworkNow(ports);
  const abroad = coreNetworkNow({ ...ports, locationArea: ABROAD, equipmentCheck: 'off' });
  const handsets: Handset[] = [];
  let [supports, cards] = [0, 0];

  const factory: Stage['factory'] = (imei, { root = maker, authorities = [authority], ...more } = {}) => {
    const keys = { enc: random.octets(16), mac: random.octets(16), dek: random.octets(16) };
    const identity = concat(fromHex('41535341590000'), Uint8Array.of(++supports));
    const memory = cardMemory(ramMemory(SUPPORT_MEMORY_SIZE));
    blankSupport(memory, keys);
    const card = storageSupport({ memory, random, aes: tableAes }, faulty);
    const order = { imei, identity, authorities, ...CERTIFICATE_DATES, ...more };
    provision(card, keys, order, { root, random, aes: tableAes });
    return { card, identity };
  };

  const issue: Stage['issue'] = ({ application = usualLock, given: changed = {}, ...order } = {}) => {
    const issued = operator.subscribers.issueCard(cardOrder(++cards, order));
    const given = { ...issued, ...changed };
    const medium = ramMemory(UICC_MEMORY_SIZE);
    const memory = cardMemory(medium);
    personaliseUicc(memory, given);
    return { card: uicc({ memory, random, aes: tableAes, application, fault: faulty }), given, medium };
  };

  return {
    ...{ operator, trace, clock, home, maker, post, authority, factory, issue },
    handset({ name, imei, os, other, where = 'home', elsewhere, ...cardsOf }) {
      const handset = new Handset({
        ...{ name, flash: imei, os, other, clock, trace },
        uicc: cardIn(cardsOf.uicc, issue),
        support: cardIn(cardsOf.support, () => factory(imei)),
        elsewhere: elsewhere?.card,
        link: where === 'nowhere' ? NO_NETWORK : (where === 'home' ? home : abroad).connect(name),
      });
      handsets.push(handset);
      return handset;
    },
    async settle() {
      for (let round = 0; round < MOST_ROUNDS; round++) {
        const before = post.taken;
        operator.gateway.poll();
        await operator.gateway.settled();
        for (const handset of handsets) handset.serve();
        if (post.taken === before) return;
      }
      throw new Error(`the stage: expected silence after ${MOST_ROUNDS} rounds`);
    },
    inTheShop(handset, { given }) {
      for (const tpdu of post.take(given.msisdn.digits)) {
        const data = encodeEnvelope({ type: 'SMS-PP DOWNLOAD', address: SERVICE_CENTRE, tpdu });
        handset.giveToUicc(concat(fromHex('80C20000'), Uint8Array.of(data.length), data, Uint8Array.of(0)));
      }
      handset.serve();
    },
    step: (step) => trace.records.filter((record) => record.step === step),
  };
}

/** The IMEI lock as it is delivered. */
const usualLock = (port: ToolkitPort) => imeiLock(port, tableAes);

/** A card that fails inside fails the test; it would say 6F00. */
function faulty(error: unknown): never {
  throw error;
}

function cardIn(given: { readonly card: Card } | Card | 'none' | undefined, make: () => { readonly card: Card }) {
  if (given === 'none') return undefined;
  if (given === undefined) return make().card;
  return 'card' in given ? given.card : given;
}

/** The usual policy, for tests that change a rule of it. */
export const POLICY = STANDARD_POLICY;
