import { join } from 'node:path';
import { fromHex, sameOctets } from '#base/codec/index.ts';
import type { AesProvider } from '#base/crypto/index.ts';
import { Msisdn } from '#base/identity/index.ts';
import type { Clock, Random } from '#base/port/index.ts';
import type { Trace } from '#base/trace/index.ts';
import { rootPoint } from '#handset/storage-support/index.ts';
import { type CoreNetwork, coreNetwork, ofOperator, viaSmsc } from '#lab/core-network/index.ts';
import { type Smsc, startSmsc } from '#lab/smsc/index.ts';
import { Workshop } from '#lab/workshop/index.ts';
import { type Operator, type OperatorOptions, openOperator } from '#operator/index.ts';
import type { Scheduler } from '#protocol/smpp/index.ts';

/** What stands on loopback, and where it keeps its state. */
export interface LoopbackOptions {
  /** The data directory: operator, factory and cards; made when missing. */
  readonly directory: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly scheduler: Scheduler;
  readonly trace: Trace;
  /** PostgreSQL of the operator instead of a file in the directory. */
  readonly databaseUrl?: string;
  /** Port of the SMSC; 0 takes a free one. */
  readonly smppPort: number;
  readonly gateway?: OperatorOptions['gateway'];
  /** As of `Workshop`. */
  readonly cardKeys?: string;
  /** What the workshop's cards compute with; default their own. */
  readonly cardAes?: AesProvider;
  /** How people reach the operator's API with a browser. */
  readonly site?: OperatorOptions['site'];
  readonly openId?: OperatorOptions['openId'];
  readonly api?: OperatorOptions['api'];
  readonly liveHops?: OperatorOptions['liveHops'];
  readonly onFailure?: (error: unknown) => void;
}

/** An operator, an SMSC it is bound to, and two small networks. */
export interface Loopback {
  readonly operator: Operator;
  readonly smsc: Smsc;
  readonly workshop: Workshop;
  /** Asks the operator's register at each attach. */
  readonly home: CoreNetwork;
  /** A network abroad that asks nobody: what blocks there is the UICC. */
  readonly abroad: CoreNetwork;
  close(): Promise<void>;
}

/** As whom the gateway binds on loopback. */
const ESME = { systemId: 'assay-gateway', password: 'loopback' } as const;
/** The operator's address for reports, and the service centre, that UICCs of the lab are personalised with. */
export const LAB_NUMBERS = {
  operatorAddress: Msisdn.parse('27729'),
  serviceCentre: Msisdn.parse('1234567890'),
} as const;
/** Location area of the network abroad: 001 02, area 1. */
const ABROAD = fromHex('00F1200001');

/** Opens all of it over a data directory: what it did before, it knows again. Throws what its rooms throw; nothing is left open then. */
export async function openLoopback(options: LoopbackOptions): Promise<Loopback> {
  const { directory, clock, random, scheduler, trace, smppPort: port, gateway, site, onFailure } = options;
  const { cardKeys, cardAes } = options;
  const accounts = [{ ...ESME, numbers: [LAB_NUMBERS.operatorAddress.digits] }];
  const smsc = await startSmsc({ accounts, port, clock, scheduler, trace });
  let operator: Operator | undefined;
  try {
    operator = openOperator({
      ...{ dataDirectory: join(directory, 'operator'), clock, random, scheduler, trace },
      smsc: { host: smsc.host, port: smsc.port, ...ESME },
      ...(options.databaseUrl !== undefined && { databaseUrl: options.databaseUrl }),
      ...(gateway && { gateway }),
      ...(site && { site }),
      ...(options.openId && { openId: options.openId }),
      ...(options.api && { api: options.api }),
      ...(options.liveHops !== undefined && { liveHops: options.liveHops }),
      ...(onFailure && { onFailure }),
    });
    operator.gateway.start();
    operator.events.start();
    operator.privacy.start((error) => onFailure?.(error));
    operator.importKeeper.start((error) => onFailure?.(error));
    operator.witness.start((error) => onFailure?.(error));
    await operator.esme?.bound();
    const workshop = new Workshop(directory, {
      ...{ random, clock },
      ...(cardKeys !== undefined && { cardKeys }),
      ...(cardAes && { aes: cardAes }),
    });
    trustMaker(operator, workshop);
    return { operator, smsc, workshop, ...networks(operator, smsc, options), close: closing(operator, smsc) };
  } catch (error) {
    await closing(operator, smsc)();
    throw error;
  }
}

/** UICCs that the operator issues from now on believe the workshop's storage supports, unless a person took that maker away. */
export function trustMaker(operator: Operator, workshop: Workshop): void {
  const { identifier } = workshop.makerRoot;
  const publicPoint = rootPoint(workshop.makerRoot);
  const root = { identifier, publicPoint };
  const { subscribers } = operator;
  const isKnown = subscribers.makerRoots().some((one) => sameOctets(one.publicPoint, publicPoint));
  if (!isKnown && !subscribers.trusts.wasBelieved(root)) subscribers.trustMaker(root);
}

function networks(
  operator: Operator,
  smsc: Smsc,
  { clock, scheduler, trace }: LoopbackOptions,
): Pick<Loopback, 'home' | 'abroad'> {
  const shortMessages = viaSmsc(smsc, (imsi) => operator.subscribers.byImsi(imsi)?.msisdn);
  const ports = { ...ofOperator(operator.subscribers, operator.register), shortMessages, clock, scheduler, trace };
  return { home: coreNetwork(ports), abroad: coreNetwork({ ...ports, locationArea: ABROAD, equipmentCheck: 'off' }) };
}

function closing(operator: Operator | undefined, smsc: Smsc): () => Promise<void> {
  return async () => {
    await operator?.close();
    await smsc.close();
  };
}
