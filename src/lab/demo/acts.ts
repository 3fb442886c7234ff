import type { Imei } from '#base/identity/index.ts';
import type { CallResult } from '#handset/baseband/index.ts';
import type { BootResult } from '#handset/operating-system/index.ts';
import type { LabHandset } from '#lab/handset/index.ts';
import type { Order } from '#protocol/imei-lock/index.ts';
import { CAST, type Part } from './cast.ts';
import type { World } from './world.ts';

/** What an act showed, and whether that is what the patent promises. */
export interface Verdict {
  readonly handset: string;
  readonly story: string;
  /** What happened, in words a person understands. */
  readonly finding: string;
  readonly isExpected: boolean;
}

/** One act: switches handsets on and says what came of it. */
export interface Act {
  readonly title: string;
  readonly play: (world: World) => Promise<readonly Verdict[]>;
}

const EMERGENCY = '112';
const ILLEGAL_ME = 0x06;
const NUMBER = '0301234567';
const STEP_MILLISECONDS = 40;
/** Reports, answers and acknowledgements are over loopback within milliseconds; a machine under load gets this long. */
const MOST_STEPS = 250;

/** Polls the UICC and waits until `isDone`; false when it did not happen in time. */
async function until(handset: LabHandset, isDone: () => boolean): Promise<boolean> {
  for (let step = 0; step < MOST_STEPS; step++) {
    await handset.settled();
    if (isDone()) return true;
    await new Promise((resolve) => setTimeout(resolve, STEP_MILLISECONDS));
    await handset.poll();
  }
  return false;
}

const standing = (world: World, part: Part) => world.operator.evidence.standing(part.imsi);
const lastOrder = (world: World, part: Part) => world.operator.gateway.outbox.newest(1, part.iccid.digits)[0];

/** The operator's last order for a UICC, and what became of it. */
function orderWords(world: World, part: Part): string {
  const order = lastOrder(world, part);
  return order === undefined ? 'no answer' : `${order.order}, ${order.state}`;
}

/** The operator's order was carried out and acknowledged by the UICC. */
const isAnswered = (world: World, part: Part, orders: readonly Order[]) => () => {
  const order = lastOrder(world, part);
  return order?.state === 'acknowledged' && orders.includes(order.order as Order);
};

const isAttached = (boot: BootResult) => boot.kind === 'booted' && boot.network.kind === 'accepted';
const isRefusedByUicc = (boot: BootResult) =>
  boot.kind === 'booted' && boot.network.kind === 'uiccRefused' && boot.network.statusWord === 0x6985;
const isIllegalMe = (boot: BootResult) =>
  boot.kind === 'booted' && boot.network.kind === 'rejected' && boot.network.cause === ILLEGAL_ME;
const isConnected = (call: CallResult) => call.kind === 'connected';
const shortImei = (imei: Imei | undefined) => imei?.withCheckDigit ?? 'none';

/** What came of a power-on, in a few words. */
function wordsFor(boot: BootResult): string {
  if (boot.kind === 'noUsim') return 'no USIM';
  const { network } = boot;
  switch (network.kind) {
    case 'accepted':
      return 'attached';
    case 'rejected':
      return `attach rejected with cause ${network.cause}${network.cause === ILLEGAL_ME ? ' (illegal ME)' : ''}`;
    case 'uiccRefused':
      return `AUTHENTICATE refused by the UICC with ${network.statusWord.toString(16)}`;
    case 'noNetwork':
      return 'no answer from the network';
  }
}

async function honest(world: World): Promise<readonly Verdict[]> {
  const part = CAST.honest;
  const handset = world.handset(part, 'home');
  const boot = await handset.powerOn();
  const isPermitted = await until(handset, isAnswered(world, part, ['permit']));
  const call = await handset.call(NUMBER);
  const proved = standing(world, part)?.provedImei;
  const isExpected = isAttached(boot) && isPermitted && isConnected(call) && proved?.equals(part.flash) === true;
  return [
    {
      handset: part.name,
      story: part.story,
      finding: `${wordsFor(boot)}; IMEI proved: ${shortImei(proved)}; operator: ${orderWords(world, part)}; call ${call.kind}`,
      isExpected,
    },
  ];
}

async function stolen(world: World): Promise<readonly Verdict[]> {
  const part = CAST.stolen;
  const handset = world.handset(part, 'abroad');
  await handset.powerOn();
  const isBlocked = await until(handset, isAnswered(world, part, ['block']));
  const again = await handset.powerOn();
  const emergency = await handset.call(EMERGENCY);
  return [
    {
      handset: part.name,
      story: part.story,
      finding: `operator (104): ${orderWords(world, part)}; then ${wordsFor(again)}; emergency call ${emergency.kind}`,
      isExpected: isBlocked && isRefusedByUicc(again) && isConnected(emergency),
    },
  ];
}

async function forger(world: World): Promise<readonly Verdict[]> {
  const part = CAST.forger;
  const handset = world.handset(part, 'home');
  const boot = await handset.powerOn();
  const emergency = await handset.call(EMERGENCY);
  const { evidence } = world.operator;
  evidence.flush();
  const claimants = [part.flash, part.otherImei].flatMap((imei) => (imei ? evidence.cluster(imei).claimants : []));
  const isAsked = standing(world, part) !== undefined || claimants.some(({ imsi }) => imsi === part.imsi.digits);
  return [
    {
      handset: part.name,
      story: part.story,
      finding: `the UICC alone: ${wordsFor(boot)}; the register was ${isAsked ? '' : 'never '}asked; emergency call ${emergency.kind}`,
      isExpected: isRefusedByUicc(boot) && !isAsked && isConnected(emergency),
    },
  ];
}

async function liar(world: World): Promise<readonly Verdict[]> {
  const part = CAST.liar;
  if (standing(world, part)?.provedImei === undefined) {
    // Before its software was changed the device was honest, and its UICC reported what it proved.
    const before = world.handset(part, 'home', 'honest');
    await before.powerOn();
    await until(before, isAnswered(world, part, ['permit']));
    await before.powerOff();
  }
  const handset = world.handset(part, 'home');
  const boot = await handset.powerOn();
  const proved = standing(world, part)?.provedImei;
  return [
    {
      handset: part.name,
      story: part.story,
      finding: `at attach: claims ${shortImei(part.otherImei)}, its UICC proved ${shortImei(proved)}; ${wordsFor(boot)}`,
      isExpected: isIllegalMe(boot) && proved?.equals(part.flash) === true,
    },
  ];
}

async function clones(world: World): Promise<readonly Verdict[]> {
  const { genuine, copy, copyWithProof } = CAST;
  const first = world.handset(genuine, 'home');
  await first.powerOn();
  const isPermitted = await until(first, isAnswered(world, genuine, ['permit']));
  const others = [world.handset(copy, 'home'), world.handset(copyWithProof, 'home')] as const;
  await Promise.all(others.map((handset) => handset.powerOn()));
  const isCopyCaught = await until(others[1], isAnswered(world, copyWithProof, ['block']));
  world.operator.evidence.flush();
  const cluster = world.operator.evidence.cluster(genuine.flash);
  const isGenuine = cluster.genuine === genuine.imsi.digits;
  const copied = world.operator.register.explain({ imei: copy.flash, imsi: copy.imsi });
  const named = isGenuine ? 'named genuine among' : 'not named among';
  return [
    {
      handset: genuine.name,
      story: genuine.story,
      finding: `IMEI ${shortImei(genuine.flash)}: ${named} ${cluster.claimants.length} handsets that claim it; operator: ${orderWords(world, genuine)}`,
      isExpected: isGenuine && isPermitted,
    },
    {
      handset: copy.name,
      story: copy.story,
      finding: `${copied.equipmentStatus}: ${copied.reasons[0].text}`,
      isExpected: copied.equipmentStatus !== 'permitted' && copied.reasons.some(({ code }) => code === 'clone'),
    },
    {
      handset: copyWithProof.name,
      story: copyWithProof.story,
      finding: `operator (104): ${orderWords(world, copyWithProof)}; its UICC proves ${shortImei(standing(world, copyWithProof)?.provedImei)}`,
      isExpected: isCopyCaught,
    },
  ];
}

/** The demonstration, act by act. */
export const ACTS: readonly Act[] = [
  { title: 'An honest handset proves its IMEI and is let in', play: honest },
  { title: 'A stolen handset, honest software, abroad: the operator blocks it through its UICC', play: stolen },
  { title: 'An operating system forges the IMEI in the relay: the UICC blocks alone', play: forger },
  { title: 'An operating system lies to the network only: caught at attach', play: liar },
  { title: 'One IMEI in three handsets: which one is genuine', play: clones },
];
