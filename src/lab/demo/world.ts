import { fromHex } from '#base/codec/index.ts';
import { PERFORMED_FEATURES } from '#handset/operating-system/index.ts';
import { LabHandset } from '#lab/handset/index.ts';
import { LAB_NUMBERS, type Loopback, type LoopbackOptions, openLoopback } from '#lab/loopback/index.ts';
import type { CardFile, Workshop } from '#lab/workshop/index.ts';
import type { Operator } from '#operator/index.ts';
import { FLEET_POLICY, type LockPolicy, STANDARD_POLICY } from '#operator/subscriber/index.ts';
import { terminalProfile } from '#protocol/usat/index.ts';
import type { Part } from './cast.ts';

/** What a world is made with. */
export type WorldOptions = Omit<LoopbackOptions, 'gateway'>;

/** Operator, SMSC and two small networks on loopback, and handsets of the cast. */
export interface World extends Loopback {
  /** A handset of the cast, switched off; made in the factory the first time. `os` replaces the part's own operating system. */
  handset(part: Part, where: 'home' | 'abroad', os?: Part['os']): LabHandset;
}

/** Who the log says did it. */
const AUTHOR = 'assay demo';
/** On loopback nothing takes long: looked for often, sent again soon. */
const GATEWAY = { pollMilliseconds: 40, retryMilliseconds: 3_000, contact: '' };
const POLICY: Readonly<Record<Part['policy'], LockPolicy>> = {
  person: STANDARD_POLICY,
  fleet: FLEET_POLICY,
  none: { ...STANDARD_POLICY, gate: 'open', proveAtBoot: false },
};

/** Opens a world over a data directory. Throws what its rooms throw; nothing is left open then. */
export async function openWorld(options: WorldOptions): Promise<World> {
  const { clock, trace } = options;
  const loopback = await openLoopback({ ...options, gateway: GATEWAY });
  const { operator, workshop } = loopback;
  // A card has one body: a handset that is made again gets the same cards.
  const made = new Map<string, Cards>();
  return {
    ...loopback,
    handset(part, where, os = part.os) {
      const cards = made.get(part.name) ?? cardsOf(part, operator, workshop);
      made.set(part.name, cards);
      return new LabHandset({
        name: part.name,
        uicc: cards.uicc.card,
        readers: new Map(cards.support ? [[1, cards.support.card]] : []),
        flash: { imei: part.flash, terminalProfile: terminalProfile(PERFORMED_FEATURES) },
        os,
        ...(part.otherImei && { otherImei: part.otherImei }),
        radio: loopback[where].connect(part.name),
        clock,
        trace,
      });
    },
    async close() {
      await loopback.close();
      for (const { uicc, support } of made.values()) {
        uicc.close();
        support?.close();
      }
      made.clear();
    },
  };
}

/** Cards of a handset. */
interface Cards {
  readonly uicc: CardFile;
  readonly support: CardFile | undefined;
}

/** The cards of a part: personalised the first time, then the same as before. */
function cardsOf(part: Part, operator: Operator, workshop: Workshop): Cards {
  const { iccid, imsi, msisdn, imei } = part;
  const isMade = imei === undefined || workshop.supports().includes(part.support);
  if (!isMade) {
    const { identifier: caIdentifier, publicPoint } = operator.subscribers.operatorRoot();
    workshop.provision({ imei, identity: fromHex(part.support), authorities: [{ caIdentifier, publicPoint }] });
  }
  if (!workshop.uiccs().includes(iccid.digits)) {
    const known = operator.subscribers.personalisation(iccid);
    const order = {
      author: AUTHOR,
      iccid,
      imsi,
      msisdn,
      ...LAB_NUMBERS,
      policy: POLICY[part.policy],
    };
    workshop.personalise(known ?? operator.subscribers.issueCard(order));
  }
  const uicc = workshop.openUicc(iccid);
  const support = imei === undefined ? undefined : workshop.openSupport(part.support);
  return { uicc, support };
}
