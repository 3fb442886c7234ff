import { fromHex } from '#base/codec/index.ts';
import { type AesProvider, deterministicSign } from '#base/crypto/index.ts';
import { Iccid, type Imei, Imsi, Msisdn } from '#base/identity/index.ts';
import { ramMemory, seededRandom } from '#base/port/index.ts';
import type { Trace } from '#base/trace/index.ts';
import { cardMemory } from '#handset/card/index.ts';
import type { VariantName } from '#handset/operating-system/index.ts';
import {
  blankSupport,
  makerRoot,
  provision,
  rootPoint,
  SUPPORT_MEMORY_SIZE,
  storageSupport,
} from '#handset/storage-support/index.ts';
import { imeiLock } from '#handset/uicc/imei-lock/index.ts';
import { personaliseUicc, uicc } from '#handset/uicc/index.ts';
import { coreNetworkNow, ofOperator } from '#lab/core-network/index.ts';
import { LabHandsetNow } from '#lab/handset/index.ts';
import { type Operator, openOperator } from '#operator/index.ts';
import { manualScheduler } from '#protocol/smpp/index.ts';
import { Post } from './post.ts';

const MAKER = fromHex('4C4142');
const CERTIFICATE_DATES = { validFrom: 2026_01_01, validTo: 2046_12_31 } as const;
const UICC_MEMORY_SIZE = 65_536;
const ABROAD = fromHex('00F1200001');
/** Rounds in which handset and operator hear each other out. */
const MOST_ROUNDS = 20;
/** When every replay begins: its clock stands still. */
const BEGIN = Date.UTC(2026, 0, 1, 12);
const CARD = {
  iccid: Iccid.issue('898821100000999999'),
  imsi: Imsi.parse('001019999999999'),
  msisdn: Msisdn.parse('99999999999'),
  serviceCentre: Msisdn.parse('1234567890'),
  operatorAddress: Msisdn.parse('27729'),
};

/** One handset, its operator and two networks, in their own time and from one seed: the same seed gives the same octets. */
export interface ReplayWorld {
  readonly operator: Operator;
  /** The handset with this operating system; the cards stay the same. */
  handset(os: VariantName, where: 'home' | 'abroad'): LabHandsetNow;
  /** Handset and operator hear each other out, until nothing moves any more. */
  settle(handset: LabHandsetNow): Promise<void>;
  close(): Promise<void>;
}

/** Opens a world over an empty directory. `name` is the handset's in the trace. */
export function openReplayWorld(options: {
  readonly directory: string;
  readonly seed: string;
  readonly name: string;
  readonly imei: Imei;
  readonly otherImei: Imei;
  readonly trace: Trace;
  readonly aes: AesProvider;
}): ReplayWorld {
  const { directory, seed, name, imei, otherImei, aes } = options;
  const clock = manualScheduler(BEGIN);
  const random = seededRandom(seed);
  // Other parties know the handset by what its UICC says.
  const trace: Trace = { enabled: true, record: (record) => options.trace.record({ ...record, handset: name }) };
  const post = new Post({
    clock,
    numberOf: (imsi) => operator.subscribers.byImsi(imsi)?.msisdn,
    toOperator: (source, userData) => operator.gateway.receive(source, userData),
  });
  const operator = openOperator({
    ...{ dataDirectory: directory, clock, scheduler: clock, random, trace },
    ...{ centre: post.ofOperator, signer: deterministicSign },
    gateway: { contact: '', rateLimit: { burst: 1000, refillMilliseconds: 1 } },
  });
  const cards = cardsOf(operator, { imei, aes, random });
  const ports = { ...ofOperator(operator.subscribers, operator.register), shortMessages: post.ofNetwork, clock, trace };
  const networks = {
    home: coreNetworkNow(ports),
    abroad: coreNetworkNow({ ...ports, locationArea: ABROAD, equipmentCheck: 'off' }),
  };
  return {
    operator,
    handset: (os, where) =>
      new LabHandsetNow({
        ...cards,
        name,
        os,
        clock,
        trace,
        flash: imei,
        other: otherImei,
        link: networks[where].connect(name),
      }),
    async settle(handset) {
      for (let round = 0; round < MOST_ROUNDS; round++) {
        const before = post.taken;
        operator.gateway.poll();
        await operator.gateway.settled();
        handset.serve();
        if (post.taken === before) return;
      }
    },
    close: () => operator.close(),
  };
}

/** A storage support from its maker and a UICC from its operator, in memory. */
function cardsOf(
  operator: Operator,
  {
    imei,
    aes,
    random,
  }: { readonly imei: Imei; readonly aes: AesProvider; readonly random: ReturnType<typeof seededRandom> },
) {
  const maker = makerRoot(MAKER, random);
  operator.subscribers.trustMaker({ identifier: maker.identifier, publicPoint: rootPoint(maker) });
  const { identifier: caIdentifier, publicPoint } = operator.subscribers.operatorRoot();
  const keys = { enc: random.octets(16), mac: random.octets(16), dek: random.octets(16) };
  const memory = cardMemory(ramMemory(SUPPORT_MEMORY_SIZE));
  blankSupport(memory, keys);
  const support = storageSupport({ memory, random, aes });
  const identity = fromHex('4C41420000000000');
  const order = { imei, identity, authorities: [{ caIdentifier, publicPoint }], ...CERTIFICATE_DATES };
  provision(support, keys, order, { root: maker, random, aes, signer: deterministicSign });
  const cardOfUicc = cardMemory(ramMemory(UICC_MEMORY_SIZE));
  personaliseUicc(cardOfUicc, operator.subscribers.issueCard({ ...CARD, author: 'replay' }));
  return { support, uicc: uicc({ memory: cardOfUicc, random, aes, application: (port) => imeiLock(port, aes) }) };
}
