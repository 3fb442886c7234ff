import type { ScryptCost, Signer } from '#base/crypto/index.ts';
import { type Clock, type Random, systemClock, systemRandom } from '#base/port/index.ts';
import { silentTrace, type Trace } from '#base/trace/index.ts';
import { type Access, type OpenIdSettings, openAccess, openPeople, type People } from '#operator/access/index.ts';
import { type Activity, openActivity } from '#operator/activity/index.ts';
import { type Api, type ApiLimits, type Cursors, openApi, openCursors, type SiteOptions } from '#operator/api/index.ts';
import { type Audit, openAudit } from '#operator/audit/index.ts';
import { copyMadeAt, type Database, DatabaseError, openDataDirectory } from '#operator/database/index.ts';
import { type EventSettings, type Events, openEvents } from '#operator/event/index.ts';
import { type Evidence, openEvidence } from '#operator/evidence/index.ts';
import { type Exchanges, openExchanges } from '#operator/exchange/index.ts';
import {
  esmeCentre,
  type Gateway,
  type GatewaySettings,
  incomingOf,
  openGateway,
  type ShortMessageCentre,
} from '#operator/gateway/index.ts';
import { openPrivacy, type Privacy } from '#operator/privacy/index.ts';
import { openWitness, type Recovered, recovered, type Witness } from '#operator/recovery/index.ts';
import {
  type ImportKeeper,
  openPeopleChanges,
  openRegister,
  openRegisterNode,
  type Register,
  type RegisterNode,
  type RegisterNodeOptions,
} from '#operator/register/index.ts';
import { openSubscribers, type Subscribers } from '#operator/subscriber/index.ts';
import { connectEsme, type Esme, receiptOf, type Scheduler, systemScheduler } from '#protocol/smpp/index.ts';

/** Where the SMSC listens for ESMEs, and as whom the operator binds. */
export interface SmscAddress {
  readonly host: string;
  readonly port: number;
  readonly systemId: string;
  readonly password: string;
}

/** What an operator needs. */
export interface OperatorOptions {
  /** Made when it is missing. */
  readonly dataDirectory: string;
  /** postgres://user:password@host:port/database?…: keeps everything there instead of in the directory, the master key excepted. */
  readonly databaseUrl?: string;
  /** Opens also while that database does not answer: for a node that has a snapshot. Everything else throws until it does. */
  readonly databaseMayBeAway?: boolean;
  readonly clock?: Clock;
  readonly random?: Random;
  readonly scheduler?: Scheduler;
  readonly trace?: Trace;
  /** Signs certificates of UICCs; default: the platform's signatures, which differ each time. */
  readonly signer?: Signer;
  /** The SMSC to bind to; the operator then takes reports and sends orders. */
  readonly smsc?: SmscAddress;
  /** Another way to an SMSC, instead of `smsc`: incoming messages are then the caller's to give to `gateway.receive`. */
  readonly centre?: ShortMessageCentre;
  readonly gateway?: Partial<GatewaySettings>;
  readonly api?: Partial<ApiLimits>;
  /** How people reach the API with a browser. */
  readonly site?: SiteOptions;
  /** Who knows the people, besides their passwords. */
  readonly openId?: OpenIdSettings;
  /** What keeping a password costs; default: what is fit for a real one. */
  readonly passwordCost?: ScryptCost;
  readonly events?: Partial<EventSettings>;
  /** Hops of the live exchange that are kept in memory; 0: none. Default STANDARD_HOPS. */
  readonly liveHops?: number;
  /** Hears of faults inside the operator, which no answer explains: print them. Default: they go nowhere. */
  onFailure?(error: unknown): void;
  /** Hears when the link to the SMSC comes and goes, and why. */
  onSmscState?(state: 'bound' | 'not bound', because: string): void;
  /** Opens also a copy, and a database that is older than what was seen here: for who looks at it, or makes it fit. */
  readonly mayBeCopy?: boolean;
  /** How long a write waits for another process, in milliseconds; default 5000. */
  readonly busyMilliseconds?: number;
}

/** An operator, open. */
export interface Operator {
  /** Tokens of the API. */
  readonly access: Access;
  /** Users of the API and their sessions. */
  readonly people: People;
  readonly database: Database;
  readonly subscribers: Subscribers;
  readonly register: Register;
  readonly evidence: Evidence;
  /** How much happens, by time. */
  readonly activity: Activity;
  /** What happened, and the webhooks that are told; `start` begins to tell them. */
  readonly events: Events;
  readonly audit: Audit;
  /** Retention and erasure; `start` begins to do so. */
  readonly privacy: Privacy;
  /** Takes back what imports of dead processes left; `start` begins to do so. */
  readonly importKeeper: ImportKeeper;
  /** Seals places in lists of the API. */
  readonly cursors: Cursors;
  readonly gateway: Gateway;
  /** What this process took part in, hop by hop; undefined when nothing of it is kept. */
  readonly exchanges: Exchanges | undefined;
  readonly api: Api;
  /** Remembers beside the database how far it has come; `start` begins to do so. */
  readonly witness: Witness;
  /** Makes an older copy of the database fit to work, and logs who did so. */
  recover(by: { readonly author: string; readonly reason: string }): Recovered;
  /** The ESME, when there is an SMSC. */
  readonly esme: Esme | undefined;
  /** Opens fronts over this register; the API then tells how they do. Rejects with what to do when one cannot be had. */
  openNode(options: NodeOptions): Promise<RegisterNode>;
  /** Ends in order: fronts, API, SMSC, gateway, events, counts, database. */
  close(): Promise<void>;
}

/** What a register node needs besides its operator. */
export type NodeOptions = Pick<
  RegisterNodeOptions,
  'fronts' | 'threads' | 'sharesPorts' | 'snapshotPath' | 'statusAddress' | 'onNews'
>;

const directoryOf = (options: OperatorOptions, random: Random) =>
  openDataDirectory({
    directory: options.dataDirectory,
    random,
    ...(options.databaseUrl !== undefined && { databaseUrl: options.databaseUrl }),
    mayBeAway: options.databaseMayBeAway === true,
    ...(options.busyMilliseconds !== undefined && { busyMilliseconds: options.busyMilliseconds }),
  });

/** Throws DatabaseError for a database that would give numbers a second time. */
function refuseCopy(database: Database, witness: Witness): void {
  const madeAt = copyMadeAt(database);
  const trouble =
    madeAt === undefined
      ? witness.trouble()
      : `it is a copy of ${new Date(madeAt).toISOString()}: UICCs refuse the counters it would give; make it fit with 'assay operator restore'`;
  if (trouble === undefined) return;
  const { path } = database;
  database.close();
  throw new DatabaseError(`${path}: ${trouble}`);
}

/** Keeps what this process takes part in, unless nothing is to be kept. */
function exchangesOf(
  { liveHops: most }: OperatorOptions,
  rooms: { readonly clock: Clock; readonly subscribers: Subscribers; readonly evidence: Evidence },
): Exchanges | undefined {
  if (most === 0) return undefined;
  const exchanges = openExchanges({ ...rooms, ...(most !== undefined && { most }) });
  rooms.evidence.watch(exchanges);
  return exchanges;
}

/** The link to the SMSC, when there is one. */
function esmeOf(
  options: OperatorOptions,
  ports: { readonly clock: Clock; readonly scheduler: Scheduler; readonly random: Random },
  exchanges: Exchanges | undefined,
  gatewayOf: () => Gateway,
): Esme | undefined {
  const { smsc, onSmscState, onFailure } = options;
  return (
    smsc &&
    connectEsme({
      ...smsc,
      ...(exchanges && { watch: exchanges.pdus }),
      ...(onSmscState && { onState: onSmscState }),
      ...ports,
      // The SMSC hears "taken" only after the transaction; a database that fails makes it send the message again.
      async onDeliver(message) {
        const incoming = incomingOf(message);
        const receipt = receiptOf(message);
        const gateway = gatewayOf();
        try {
          if (receipt !== undefined) gateway.receipt(receipt);
          if (incoming !== undefined) gateway.receive(incoming.source, incoming.userData, message);
        } catch (error) {
          onFailure?.(error);
          throw error;
        }
      },
    })
  );
}

/** Opens the operator of a data directory. Throws DatabaseError when the directory cannot be used. */
export function openOperator(options: OperatorOptions): Operator {
  const { clock = systemClock, random = systemRandom, scheduler = systemScheduler, trace = silentTrace } = options;
  const onFailure = (error: unknown) => options.onFailure?.(error);
  const { database, masterKey } = directoryOf(options, random);
  const audit = openAudit({ database, masterKey, clock });
  const witness = openWitness({ directory: options.dataDirectory, audit, scheduler });
  if (options.mayBeCopy !== true && options.databaseMayBeAway !== true) refuseCopy(database, witness);
  const activity = openActivity({ database, clock, scheduler });
  const subscribers = openSubscribers({
    ...{ database, masterKey, audit, random, clock },
    ...(options.signer && { signer: options.signer }),
  });
  const evidence = openEvidence({ database, masterKey, audit, clock });
  const events = openEvents({
    ...{ database, masterKey, clock, scheduler, random, audit, evidence },
    ...(options.events && { settings: options.events }),
  });
  evidence.watch(events);
  const access = openAccess({ database, audit, clock, random });
  const cost = options.passwordCost && { cost: options.passwordCost };
  const openId = options.openId && { openId: options.openId };
  const people = openPeople({ database, masterKey, audit, clock, random, access, ...cost, ...openId });
  const forgetProposals = () => register.approvals.forgetSettled();
  const privacy = openPrivacy({ database, audit, clock, scheduler, subscribers, evidence, forgetProposals });
  const register: Register = openRegister({
    ...{ database, audit, clock, evidence, subscribers, activity },
    erase: privacy.order,
    people: openPeopleChanges({ users: people.users, access }),
  });
  const exchanges = exchangesOf(options, { clock, subscribers, evidence });
  const esme = esmeOf(options, { clock, scheduler, random }, exchanges, () => gateway);
  const centre = options.centre ?? (esme && esmeCentre(esme));
  const gateway: Gateway = openGateway({
    ...{ database, audit, clock, scheduler, trace, random, subscribers, evidence, register, activity, exchanges },
    ...(centre && { centre }),
    ...(options.gateway && { settings: options.gateway }),
  });
  const importKeeper = register.importKeeper(scheduler);
  const nodes: RegisterNode[] = [];
  const cursors = openCursors(masterKey);
  const rooms = {
    ...{ access, people, privacy, subscribers, register, evidence, activity, events, audit, gateway, cursors },
    exchanges,
  };
  const site = options.site && { site: options.site };
  const own = { clock, scheduler, esme, onFailure, nodes: () => nodes.map((node) => node.status()) };
  const sources = { ...rooms, ...own, ...site };
  const api = openApi(sources, options.api);
  return {
    ...rooms,
    ...{ database, api, esme, witness, importKeeper },
    recover(by) {
      const done = recovered({ ...rooms, database, clock }, by);
      witness.note();
      return done;
    },
    async openNode(wanted) {
      const node = await openRegisterNode({ ...wanted, database, register, activity, clock, scheduler, random });
      nodes.push(node);
      return node;
    },
    async close() {
      // One part that fails (a database that is gone) keeps no other from ending.
      let failure: unknown;
      for (const part of [...nodes.splice(0), api, importKeeper, privacy, esme, gateway, events, activity, witness])
        await part?.close().catch((error: unknown) => {
          failure ??= error;
        });
      database.close();
      if (failure !== undefined) throw failure;
    },
  };
}
