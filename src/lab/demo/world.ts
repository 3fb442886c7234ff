import { join } from 'node:path';
import { fromHex } from '#base/codec/index.ts';
import { Msisdn } from '#base/identity/index.ts';
import type { Clock, Random } from '#base/port/index.ts';
import type { Trace } from '#base/trace/index.ts';
import { PERFORMED_FEATURES } from '#handset/operating-system/index.ts';
import { rootPoint } from '#handset/storage-support/index.ts';
import { type CoreNetwork, coreNetwork, ofOperator, viaSmsc } from '#lab/core-network/index.ts';
import { LabHandset } from '#lab/handset/index.ts';
import { type Smsc, startSmsc } from '#lab/smsc/index.ts';
import { type CardFile, Workshop } from '#lab/workshop/index.ts';
import { type Operator, openOperator } from '#operator/index.ts';
import { FLEET_POLICY, type LockPolicy, STANDARD_POLICY } from '#operator/subscriber/index.ts';
import type { Scheduler } from '#protocol/smpp/index.ts';
import { terminalProfile } from '#protocol/usat/index.ts';
import type { Part } from './cast.ts';

/** What a world is made with. */
export interface WorldOptions {
  /** Where operator, factory and cards keep their state; made when missing. */
  readonly directory: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly scheduler: Scheduler;
  readonly trace: Trace;
  /** Port of the SMSC; 0 takes a free one. */
  readonly smppPort: number;
}

/** Operator, SMSC and two small networks on loopback, and a workshop for handsets. */
export interface World {
  readonly operator: Operator;
  readonly smsc: Smsc;
  readonly workshop: Workshop;
  /** Asks the operator's register at each attach. */
  readonly home: CoreNetwork;
  /** A network abroad that asks nobody: what blocks there is the UICC. */
  readonly abroad: CoreNetwork;
  /** A handset of the cast, switched off; made in the factory the first time. `os` replaces the part's own operating system. */
  handset(part: Part, where: 'home' | 'abroad', os?: Part['os']): LabHandset;
  close(): Promise<void>;
}

/** Who the log says did it. */
const AUTHOR = 'assay demo';
const ESME = { systemId: 'assay-gateway', password: 'loopback' } as const;
const OPERATOR_ADDRESS = Msisdn.parse('27729');
const SERVICE_CENTRE = Msisdn.parse('1234567890');
/** Location area of the network abroad: 001 02, area 1. */
const ABROAD = fromHex('00F1200001');
/** On loopback nothing takes long: looked for often, sent again soon. */
const GATEWAY = { pollMilliseconds: 40, retryMilliseconds: 3_000, contact: '' };
const POLICY: Readonly<Record<Part['policy'], LockPolicy>> = {
  person: STANDARD_POLICY,
  fleet: FLEET_POLICY,
  none: { ...STANDARD_POLICY, gate: 'open', proveAtBoot: false },
};

/** Opens a world over a data directory: what it did before, it knows again. Throws what its rooms throw; nothing is left open then. */
export async function openWorld(options: WorldOptions): Promise<World> {
  const { directory, clock, random, scheduler, trace } = options;
  const smsc = await startSmsc({
    accounts: [{ ...ESME, numbers: [OPERATOR_ADDRESS.digits] }],
    port: options.smppPort,
    clock,
    scheduler,
    trace,
  });
  let operator: Operator;
  try {
    operator = openOperator({
      dataDirectory: join(directory, 'operator'),
      clock,
      random,
      scheduler,
      trace,
      smsc: { host: smsc.host, port: smsc.port, ...ESME },
      gateway: GATEWAY,
    });
  } catch (error) {
    await smsc.close();
    throw error;
  }
  operator.gateway.start();
  await operator.esme?.bound();
  const workshop = new Workshop(directory, { random, clock });
  const { subscribers, equipment } = ofOperator(operator.subscribers, operator.register);
  const shortMessages = viaSmsc(smsc, (imsi) => operator.subscribers.byImsi(imsi)?.msisdn);
  const ports = { subscribers, equipment, shortMessages, clock, scheduler, trace };
  const home = coreNetwork(ports);
  const abroad = coreNetwork({ ...ports, locationArea: ABROAD, equipmentCheck: 'off' });
  // A card has one body: a handset that is made again gets the same cards.
  const made = new Map<string, Cards>();
  const maker = workshop.makerRoot;
  operator.subscribers.trustMaker({ identifier: maker.identifier, publicPoint: rootPoint(maker) });
  return {
    ...{ operator, smsc, workshop, home, abroad },
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
        radio: (where === 'home' ? home : abroad).connect(part.name),
        clock,
        trace,
      });
    },
    async close() {
      await operator.close();
      await smsc.close();
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
      serviceCentre: SERVICE_CENTRE,
      operatorAddress: OPERATOR_ADDRESS,
      policy: POLICY[part.policy],
    };
    workshop.personalise(known ?? operator.subscribers.issueCard(order));
  }
  const uicc = workshop.openUicc(iccid);
  const support = imei === undefined ? undefined : workshop.openSupport(part.support);
  return { uicc, support };
}
