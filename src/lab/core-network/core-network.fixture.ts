import { NO_OCTETS } from '#base/codec/index.ts';
import {
  type AuthenticationAlgorithm,
  authenticationVector,
  buildAuts,
  milenage,
  readAuts,
  tableAes,
  verifyAutn,
} from '#base/crypto/index.ts';
import { Imei, Imsi } from '#base/identity/index.ts';
import { fixedClock, seededRandom } from '#base/port/index.ts';
import { type Authentication, relayedIn, type Terminal } from '#handset/baseband/index.ts';
import { type Effect, type Procedure, run, runNow } from '#handset/connector/index.ts';
import { IDENTITY_TYPE, type NasMessage, type NasMessageOf } from '#protocol/nas/index.ts';
import type { CoreNetworkNowOptions } from './core-network.ts';
import type { Deliver, EquipmentStatus, HomeSubscribersNow, ShortMessagesNow, SubmitOutcome, Vector } from './ports.ts';

/** What a handset knows before it has ever been anywhere. */
export const NOWHERE: Uint8Array = Uint8Array.of(0x00, 0xf1, 0x10, 0xff, 0xfe);
/** RP address of service centre +1234. */
export const SERVICE_CENTRE: Uint8Array = Uint8Array.of(0x91, 0x21, 0x43);

/** Milenage with a key that is the subscriber's number over and over: the same on both sides. */
function algorithmOf(imsi: Imsi): AuthenticationAlgorithm {
  const key = Uint8Array.from({ length: 16 }, (_, i) => Number(imsi.digits[i % imsi.digits.length]) + 16 * i);
  return milenage(tableAes.key(key), key.toReversed());
}

/** A home network with sequence numbers. */
export class TestHome implements HomeSubscribersNow {
  readonly #sqn = new Map<string, number>();
  readonly #random = seededRandom('core network');
  readonly unknown = new Set<string>();
  /** What is done to a vector before it is handed out. */
  spoil: (vector: Vector) => Vector = (vector) => vector;
  resynchronised = 0;

  authenticationVector(imsi: Imsi): Vector | undefined {
    if (this.unknown.has(imsi.digits)) return undefined;
    const sqn = (this.#sqn.get(imsi.digits) ?? 0) + 1;
    this.#sqn.set(imsi.digits, sqn);
    return this.spoil(authenticationVector(algorithmOf(imsi), this.#random.octets(16), sqn, 0));
  }

  resynchronise(imsi: Imsi, rand: Uint8Array, auts: Uint8Array): boolean {
    const sqn = readAuts(algorithmOf(imsi), rand, auts);
    if (sqn === undefined) return false;
    this.resynchronised++;
    this.#sqn.set(imsi.digits, sqn);
    return true;
  }
}

/** A service centre that keeps what it gets, and delivers what a test tells it to. */
export class TestCentre implements ShortMessagesNow {
  readonly submitted: string[] = [];
  readonly present = new Map<string, Deliver>();
  outcome: SubmitOutcome = { accepted: true };

  submit(from: Imsi, tpdu: Uint8Array): SubmitOutcome {
    this.submitted.push(`${from} ${tpdu.length}`);
    return this.outcome;
  }
  attached(imsi: Imsi, deliver: Deliver): void {
    this.present.set(imsi.digits, deliver);
  }
  detached(imsi: Imsi): void {
    this.present.delete(imsi.digits);
  }
  /** Delivers a message and notes how it ended. */
  deliver(imsi: Imsi, tpdu: Uint8Array, ends: string[]): void {
    this.present.get(imsi.digits)?.(tpdu, (delivery) =>
      ends.push(delivery.kind === 'refused' ? `refused ${delivery.cause}` : delivery.kind),
    );
  }
}

/** A network's ports that a test can play with. */
export function testPorts() {
  const home = new TestHome();
  const centre = new TestCentre();
  const lists = new Map<string, EquipmentStatus>();
  const asked: string[] = [];
  const options: CoreNetworkNowOptions = {
    subscribers: home,
    equipment: {
      check(imei, imsi) {
        asked.push(`${imei} ${imsi}`);
        return lists.get(imei.equipment) ?? 'permitted';
      },
    },
    shortMessages: centre,
    clock: fixedClock(1_000_000),
  };
  return { home, centre, lists, asked, options };
}

/** What a baseband works for: a USIM that counts sequence numbers, and an IMEI that is claimed. */
export class TestTerminal implements Terminal {
  readonly imsi: Imsi;
  imei: Imei | undefined;
  /** Highest sequence number seen; a test sets it to be out of step. */
  sqn = 0;
  /** The UICC refuses AUTHENTICATE, as a blocked one does. */
  isBlocked = false;
  /** RES is told wrong. */
  isImpostor = false;
  /** The network's sequence number is never good enough. */
  isNeverInStep = false;
  readonly served: NasMessage[] = [];

  constructor(imsi: string, imei?: string) {
    this.imsi = Imsi.parse(imsi);
    this.imei = imei === undefined ? undefined : Imei.parse(imei);
  }

  // biome-ignore lint/correctness/useYield: the interface is a procedure; this USIM is in the same process.
  *authenticate(rand: Uint8Array, autn: Uint8Array): Procedure<Authentication> {
    if (this.isBlocked) return { kind: 'refused', statusWord: 0x6985 };
    const algorithm = algorithmOf(this.imsi);
    const verified = verifyAutn(algorithm, rand, autn);
    if (!verified.macValid) return { kind: 'macFailure' };
    if (verified.sqn <= this.sqn || this.isNeverInStep)
      return { kind: 'synchronisationFailure', auts: buildAuts(algorithm, rand, this.sqn) };
    this.sqn = verified.sqn;
    return { kind: 'response', res: this.isImpostor ? verified.res.toReversed() : verified.res };
  }

  identity(type: number): NasMessageOf<'identityResponse'>['identity'] {
    return type === IDENTITY_TYPE.imei && this.imei ? { type: 'imei', imei: this.imei } : { type: 'none' };
  }

  later(message: NasMessage): void {
    this.served.push(message);
  }

  /** TPDU and reference of the oldest short message not yet taken. */
  takeShortMessage(): { reference: number; tpdu: Uint8Array } | undefined {
    for (let message = this.served.shift(); message !== undefined; message = this.served.shift()) {
      const relayed = relayedIn(message);
      if (relayed?.name === 'dataDownlink') return relayed;
    }
    return undefined;
  }
}

/** Runs a baseband's procedure over a connection that answers at once. */
export function over<T>(link: { air(message: Uint8Array): Uint8Array }, procedure: Procedure<T>): T {
  return runNow(procedure, (effect: Effect) => (effect.type === 'air' ? link.air(effect.message) : NO_OCTETS));
}

/** Runs a baseband's procedure over a connection that takes its time. */
export function overLater<T>(
  link: { air(message: Uint8Array): Promise<Uint8Array> },
  procedure: Procedure<T>,
): Promise<T> {
  return run(procedure, (effect: Effect) => (effect.type === 'air' ? link.air(effect.message) : NO_OCTETS));
}
