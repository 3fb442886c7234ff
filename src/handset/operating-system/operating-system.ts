import {
  berTlvSet,
  CodecError,
  concat,
  NO_OCTETS,
  Reader,
  required,
  rest,
  sameOctets,
  tagged,
} from '#base/codec/index.ts';
import { IdentityError, type Imei, type ImeiSv, Imsi } from '#base/identity/index.ts';
import {
  type Authentication,
  type CallResult,
  call,
  detach,
  emergencyCall,
  locationUpdate,
  type NetworkResult,
  type Terminal,
} from '#handset/baseband/index.ts';
import type { Procedure } from '#handset/connector/index.ts';
import { responseData, SW, statusWord } from '#protocol/apdu/index.ts';
import { IDENTITY_TYPE, type NasMessage, type NasMessageOf, REJECT_CAUSE } from '#protocol/nas/index.ts';
import { callControlAnswer, EVENT, encodeEnvelope, type RefreshMode } from '#protocol/usat/index.ts';
import { serveShortMessage } from './short-message.ts';
import { type CommandOf, NOT_POSSIBLE, PERFORMED, type Result, ToolkitTerminal } from './toolkit-terminal.ts';
import {
  authenticate,
  envelope,
  isDone,
  READ_FIRST_RECORD,
  readBinary,
  readRecord,
  SELECT_DIR,
  SELECT_MF,
  STATUS_INITIALISED,
  STATUS_POLL,
  selectApplication,
  terminalProfileCommand,
  transmit,
  updateBinary,
  verifyPin,
} from './uicc-access.ts';

/** What the maker or a repairer wrote into the handset's flash. The operating system believes it; nothing protects it. */
export interface Flash {
  readonly imei: Imei;
  readonly imeiSv?: ImeiSv;
  /** Data of TERMINAL PROFILE (TS 102 223 5.2). */
  readonly terminalProfile: Uint8Array;
  /** PIN that the person types at power-on, when the card asks for one. */
  readonly pin?: string;
}

/** How a power-on ended. */
export type BootResult =
  | { readonly kind: 'booted'; readonly network: NetworkResult }
  /** No card, or no USIM on it: emergency calls only. */
  | { readonly kind: 'noUsim' };

const NO_USIM: BootResult = { kind: 'noUsim' };

/** Short identifiers of the files a power-on reads (TS 102 221 13, TS 31.102 annex H). */
const SFI = {
  iccid: 0x02,
  serviceTable: 0x04,
  administrativeData: 0x03,
  imsi: 0x07,
  location: 0x0b,
  accessControl: 0x06,
  emergency: 0x01,
} as const;
/** The commands of every power-on that lead to the first record of EF.DIR, ready made. */
const FIND_USIM: readonly Uint8Array[] = [SELECT_MF, readBinary(SFI.iccid), SELECT_DIR, READ_FIRST_RECORD];
/** Those that read the USIM; IMSI, location and emergency numbers come last. */
const READ_USIM: readonly Uint8Array[] = [
  readBinary(SFI.serviceTable),
  readBinary(SFI.administrativeData),
  readBinary(SFI.accessControl),
  readBinary(SFI.imsi),
  readBinary(SFI.location),
  readRecord(SFI.emergency, 1),
];
/** AID of an application in a record of EF.DIR (TS 102 221 13.1). */
const APPLICATION = tagged(0x61, berTlvSet({ aid: required(0x4f, rest(0, 255)) }, 'ignore'));
const AUTHENTICATION_MAC_FAILED = SW.authenticationMacFailed;
const TAG_RES = 0xdb;
const TAG_AUTS = 0xdc;
/** Modes of REFRESH that ask for nothing but reading again. */
const READ_AGAIN: ReadonlySet<RefreshMode> = new Set([
  'initialisationAndFullFileChange',
  'fileChange',
  'initialisationAndFileChange',
  'initialisation',
]);
const NO_LOCATION = Uint8Array.of(0x00, 0xf1, 0x10, 0xff, 0xfe);
/** Numbers that are emergency numbers without any card (TS 22.101 10.1). */
const EMERGENCY_NUMBERS: ReadonlySet<string> = new Set(['112', '911', '000', '08', '110', '118', '119', '999']);
/** TON/NPI of a dialled number: unknown, ISDN plan (TS 24.008 10.5.4.7). */
const DIALLED = 0x81;
/** Most messages served after one procedure; a network that sends more is not listened to. */
const MOST_LATER = 16;

/**
 * A handset's operating system (4) that does what the standards ask: boots, relays every APDU as it is, attaches, calls, carries short
 * messages. It holds no key and knows no secret. Fraudulent operating systems are classes of their own that do one thing otherwise.
 * Every procedure runs to its end before another begins.
 */
export class OperatingSystem extends ToolkitTerminal implements Terminal {
  #imsi: Imsi | undefined;
  #isAttached = false;
  #location: Uint8Array = NO_LOCATION;
  /** The emergency number that the card adds. */
  #emergencyNumber: string | undefined;
  #later: NasMessage[] = [];
  /** The commands that begin a toolkit session. */
  readonly #startToolkit: readonly Uint8Array[];

  constructor(flash: Flash) {
    super(flash);
    this.#startToolkit = [STATUS_INITIALISED, terminalProfileCommand(flash.terminalProfile)];
  }

  /** Registered with the network: short messages and calls can go. */
  get isAttached(): boolean {
    return this.#isAttached;
  }

  protected override get subscriber(): Imsi | undefined {
    return this.#isAttached ? this.#imsi : undefined;
  }

  /** Power-on: reads the card, TERMINAL PROFILE, serves what the UICC asks (steps 101 to 103 happen there), attaches. */
  *boot(): Procedure<BootResult> {
    this.forgetSession();
    this.#imsi = undefined;
    this.#isAttached = false;
    this.#later = [];
    const atr = yield { type: 'resetUicc' };
    if (atr.length === 0) return NO_USIM;
    const aid = applicationIn((yield* this.commands(FIND_USIM)).at(-1) ?? NO_OCTETS);
    if (aid === undefined || !isDone(yield* this.command(selectApplication(aid)))) return NO_USIM;
    if (this.flash.pin !== undefined) yield* this.command(verifyPin(this.flash.pin));
    this.#remember(yield* this.commands(READ_USIM));
    if (this.#imsi === undefined) return NO_USIM;
    yield* this.commands(this.#startToolkit);
    const network = yield* this.attach();
    if (this.#later.length > 0) yield* this.#serveLater();
    return { kind: 'booted', network };
  }

  /** Registers with the network, or tries to. */
  *attach(): Procedure<NetworkResult> {
    if (this.#imsi === undefined) return { kind: 'noNetwork' };
    const result = yield* locationUpdate(this, this.#imsi, this.#location);
    this.#isAttached = result.kind === 'accepted';
    if (result.kind === 'accepted') {
      const { locationArea } = result;
      if (!sameOctets(locationArea, this.#location)) yield* this.#rememberLocation(locationArea);
    } else if (result.kind === 'rejected') yield* this.#reportRejection(result.cause);
    return result;
  }

  /** Power-off: tells the network. */
  *powerOff(): Procedure<void> {
    if (this.#imsi !== undefined && this.#isAttached) yield* detach(this.#imsi);
    this.#isAttached = false;
  }

  /** The poll that tells the UICC the terminal has time (TS 102 223 6.4.6), and what it then asks. */
  *poll(): Procedure<void> {
    yield* this.command(STATUS_POLL);
    yield* this.#serveLater();
  }

  /** The person dials. An emergency number needs no card, no attach and no leave of the UICC (TS 22.101 10.1). */
  *call(digits: string): Procedure<CallResult> {
    const result = this.#isEmergency(digits) ? yield* this.emergencyCall() : yield* this.placeCall(dialled(digits));
    yield* this.#serveLater();
    return result;
  }

  #isEmergency(digits: string): boolean {
    return EMERGENCY_NUMBERS.has(digits) || digits === this.#emergencyNumber;
  }

  /** An emergency call, in every state of card, lock and network (TS 22.016 clause 5). */
  emergencyCall(): Procedure<CallResult> {
    const identity = this.#imsi ? ({ type: 'imsi', imsi: this.#imsi } as const) : this.identity(IDENTITY_TYPE.imei);
    return emergencyCall(this, identity);
  }

  /** A message that the network began: a short message. */
  *downlink(message: NasMessage): Procedure<void> {
    this.later(message);
    yield* this.#serveLater();
  }

  protected override *placeCall(address: Uint8Array): Procedure<CallResult> {
    const control = encodeEnvelope({ type: 'CALL CONTROL', address, capabilities: [], location: this.#location });
    const response = yield* transmit(envelope(control));
    const isAllowed = isDone(response) && decisionOf(responseData(response)) !== 'notAllowed';
    if (!isAllowed) {
      // The UICC may call back by SET UP CALL once it has proved the IMEI: that call's result is then the result.
      yield* this.serve(response);
      return this.takeCallOfUicc() ?? { kind: 'notAllowed' };
    }
    yield* this.serve(response);
    if (this.#imsi === undefined || !this.#isAttached) return { kind: 'noNetwork' };
    return yield* call(this, this.#imsi, address);
  }

  *authenticate(rand: Uint8Array, autn: Uint8Array): Procedure<Authentication> {
    const response = yield* this.command(authenticate(rand, autn));
    const sw = statusWord(response);
    const end = response.length - 2;
    if (isDone(response) && end > 2) {
      const length = response[1] as number;
      if (response[0] === TAG_RES) return { kind: 'response', res: response.slice(2, Math.min(2 + length, end)) };
      if (response[0] === TAG_AUTS)
        return { kind: 'synchronisationFailure', auts: response.slice(2, Math.min(16, end)) };
    }
    return sw === AUTHENTICATION_MAC_FAILED ? { kind: 'macFailure' } : { kind: 'refused', statusWord: sw };
  }

  identity(type: number): NasMessageOf<'identityResponse'>['identity'] {
    if (type === IDENTITY_TYPE.imsi && this.#imsi) return { type: 'imsi', imsi: this.#imsi };
    if (type === IDENTITY_TYPE.imei) return { type: 'imei', imei: this.flash.imei };
    if (type === IDENTITY_TYPE.imeiSv && this.flash.imeiSv) return { type: 'imeiSv', imeiSv: this.flash.imeiSv };
    return { type: 'none' };
  }

  protected override asTerminal(): Terminal {
    return this;
  }

  later(message: NasMessage): void {
    if (this.#later.length < MOST_LATER) this.#later.push(message);
  }

  *#serveLater(): Procedure<void> {
    for (let served = 0; served < MOST_LATER; served++) {
      const message = this.#later.shift();
      if (message === undefined) return;
      yield* this.deliver(message);
    }
  }

  /** Serves a short message from the network. */
  protected *deliver(message: NasMessage): Procedure<void> {
    yield* serveShortMessage(this, message);
  }

  /** REFRESH. A card is not reset in the middle of its session: for what needs that, this terminal has to be switched off and on. */
  protected override *refresh({ mode }: CommandOf<'REFRESH'>): Procedure<Result> {
    if (!READ_AGAIN.has(mode)) return NOT_POSSIBLE;
    const responses: Uint8Array[] = [];
    // Whatever these answers announce waits: one proactive command is performed at a time.
    for (const command of READ_USIM) responses.push(yield* transmit(command));
    const before = this.#imsi;
    this.#remember(responses);
    if (before?.digits !== this.#imsi?.digits) this.#isAttached = false;
    return PERFORMED;
  }

  /** What a power-on needs of the files read: IMSI, location and emergency number come last. */
  #remember(responses: readonly Uint8Array[]): void {
    const location = responses.at(-2) ?? NO_OCTETS;
    this.#imsi = imsiIn(responses.at(-3) ?? NO_OCTETS);
    this.#location = location.length >= 9 + 2 ? location.slice(4, 9) : NO_LOCATION;
    this.#emergencyNumber = emergencyNumberIn(responses.at(-1) ?? NO_OCTETS);
  }

  *#rememberLocation(locationArea: Uint8Array): Procedure<void> {
    this.#location = locationArea;
    // EF.LOCI: TMSI (4, none), LAI (5), RFU, status "updated" (TS 31.102 4.2.17).
    yield* this.command(
      updateBinary(SFI.location, concat(new Uint8Array(4).fill(0xff), locationArea, Uint8Array.of(0x00, 0x00))),
    );
  }

  *#reportRejection(cause: number): Procedure<void> {
    if (cause === REJECT_CAUSE.illegalMe)
      yield { type: 'display', text: 'The network does not accept this handset. Emergency calls only.' };
    if (!this.wantsEvent(EVENT.networkRejection)) return;
    const event = encodeEnvelope({
      type: 'EVENT DOWNLOAD',
      event: 'networkRejection',
      location: this.#location,
      accessTechnology: 0x00,
      updateAttachType: 0x08,
      rejectionCause: cause,
    });
    yield* this.command(envelope(event));
  }
}

/** AID of the application in the first record of EF.DIR. */
function applicationIn(response: Uint8Array): Uint8Array | undefined {
  try {
    return APPLICATION.read(new Reader(response, 0, response.length - 2)).aid;
  } catch (error) {
    if (error instanceof CodecError) return undefined;
    throw error;
  }
}

function imsiIn(response: Uint8Array): Imsi | undefined {
  if (!isDone(response)) return undefined;
  try {
    return Imsi.fromEf(responseData(response));
  } catch (error) {
    if (error instanceof CodecError || error instanceof IdentityError) return undefined;
    throw error;
  }
}

/** The number in a record of EF.ECC, beside those every handset knows: three octets of swapped digits (TS 31.102 4.2.21). */
function emergencyNumberIn(response: Uint8Array): string | undefined {
  if (response.length < 3 + 2 || response[0] === 0xff) return undefined;
  let digits = '';
  for (let i = 0; i < 6; i++) {
    const octet = response[i >> 1] as number;
    const nibble = (i & 1) === 0 ? octet & 15 : octet >> 4;
    if (nibble < 10) digits += nibble;
  }
  return digits;
}

/** TON/NPI and swapped digits of a dialled number (TS 24.008 10.5.4.7). Characters that cannot be dialled are left out. */
function dialled(digits: string): Uint8Array {
  const nibbles = Array.from(digits, (digit) => '0123456789*#'.indexOf(digit)).filter((nibble) => nibble >= 0);
  const octets = [DIALLED];
  for (let i = 0; i < nibbles.length; i += 2) octets.push((nibbles[i] ?? 0) | ((nibbles[i + 1] ?? 15) << 4));
  return Uint8Array.from(octets);
}

function decisionOf(data: Uint8Array): 'allowed' | 'notAllowed' | 'allowedWithModifications' {
  try {
    return data.length === 0 ? 'allowed' : callControlAnswer.decode(data).decision;
  } catch (error) {
    // An answer that cannot be read gives no leave.
    if (error instanceof CodecError) return 'notAllowed';
    throw error;
  }
}
