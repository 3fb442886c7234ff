import { fromHex } from '#base/codec/index.ts';
import { type AesProvider, tableAes } from '#base/crypto/index.ts';
import type { Random } from '#base/port/index.ts';
import { type Applet, type CardMemory, CardMemoryFull, cardRuntime } from '#handset/card/index.ts';
import { type Card, type CommandApdu, isSecureMessaging, responseApdu, SW } from '#protocol/apdu/index.ts';
import { supports } from '#protocol/usat/index.ts';
import type { ToolkitApplication, ToolkitPort } from './application.ts';
import { Authentication, readAuthenticate } from './authenticate.ts';
import { CardManagement, type ServeRemote } from './card-management/index.ts';
import { type Session, uiccCommand } from './commands.ts';
import { CONDITION, type Condition } from './file-system/access-rule.ts';
import { type ElementaryFile, filled, STRUCTURE } from './file-system/elementary-file.ts';
import { FileCommands, FileContents, Selection, USIM_AID } from './file-system/index.ts';
import { ADF_USIM } from './file-system/ts-31-102.ts';
import { getIdentity } from './get-identity.ts';
import { MEMORY_KEY } from './memory-key.ts';
import { OtaEndpoint } from './ota.ts';
import { UiccPersonalisationError } from './personalisation.ts';
import { Pins } from './pin.ts';
import { uiccProfile } from './profile.ts';
import { Reserve } from './reserve.ts';
import { digitsOf, ProactiveQueue, type ProactiveRequest, Toolkit } from './toolkit/index.ts';
import { usimFiles } from './usim-files.ts';

/** What a UICC is made of. */
export interface UiccParts {
  /** Memory that `personaliseUicc` has written. */
  readonly memory: CardMemory;
  readonly random: Random;
  /** `tableAes` when it is not given. */
  readonly aes?: AesProvider;
  /** The one application of its toolkit. */
  readonly application?: (port: ToolkitPort) => ToolkitApplication;
  /** Hears of a fault inside, which the outside sees as 6F00. */
  readonly fault?: (error: unknown) => void;
}

/** T=0 and T=1, as real terminals and readers take it (facts/uicc.md 13.1). */
const ATR = fromHex('3B9F96801FC78031A073BE21136743200718000001A5');

/** CLA bits of classes that this card has not: only 0X and 8X (TS 102 221 10.1.1). */
const NO_CLASS_HERE = 0x70;
const CHANNELS = 4;
const ECC = 0x6fb7;

const sw = (statusWord: number) => responseApdu(statusWord);
const OK = sw(SW.ok);
/** A card without power does not answer; in one process it has to say something. */
const MUTE = sw(SW.noDiagnosis);

/**
 * The UICC (31): files, PINs, AUTHENTICATE, toolkit, over-the-air endpoint. Throws UiccPersonalisationError when the memory was never
 * personalised, CodecError when it is damaged. `reset` powers it; until then every command gets 6F00.
 */
export function uicc(parts: UiccParts): Card {
  const applet = new UiccApplet(parts);
  const { management } = applet;
  const card = cardRuntime({
    atr: ATR,
    applets: [applet],
    installed: (asked) => management.installed(asked),
    issuer: () => management.issuer(),
    ...(parts.fault && { fault: parts.fault }),
  });
  let isPowered = false;
  return {
    reset(offer) {
      const atr = card.reset(offer);
      isPowered = false;
      try {
        applet.poweredOn();
        isPowered = true;
      } catch (error) {
        // An application that cannot start must not make a card that looks open: it stays mute.
        parts.fault?.(error);
      }
      return atr;
    },
    transmit: (command) => (isPowered ? card.transmit(command) : MUTE.slice()),
    powerOff() {
      isPowered = false;
      card.powerOff();
    },
  };
}

class UiccApplet implements Applet {
  readonly aid = USIM_AID;
  readonly ownsSelect = true;
  /** Security domains and remote management. */
  readonly management: CardManagement;
  readonly #random: Random;
  readonly #contents: FileContents;
  readonly #pins: Pins;
  readonly #files: FileCommands;
  readonly #authentication: Authentication;
  readonly #queue = new ProactiveQueue();
  readonly #ota: OtaEndpoint;
  readonly #toolkit: Toolkit;
  readonly #application: ToolkitApplication | undefined;
  readonly #sessions: readonly Session[];
  readonly #succeeded = () => this.#application?.authenticated();

  constructor({ memory, random, aes = tableAes, application }: UiccParts) {
    const stored = memory.get(MEMORY_KEY.profile);
    if (stored === undefined)
      throw new UiccPersonalisationError('UICC: expected a personalised card memory, got a fresh one: personalise it');
    const profile = uiccProfile.decode(stored);
    this.#random = random;
    this.#pins = new Pins(memory);
    this.#application = application?.(this.#port(memory));
    const reserve = new Reserve(memory, this.#application?.vitalRecords ?? []);
    this.#contents = new FileContents(memory, profile, reserve);
    this.#files = new FileCommands(this.#contents, this.#pins);
    const own = usimFiles(this.#contents);
    this.#authentication = new Authentication(memory, profile, aes, own);
    this.management = new CardManagement({
      ...{ memory, aes, random },
      serial: () => profile.iccid.toEf().slice(-4),
      leaves: (growth) => reserve.leaves(growth),
      toolkit: (command, channel) => this.process(command, channel),
      files: (application, granted) => this.#remoteFiles(application, granted),
    });
    const { management } = this;
    this.#ota = new OtaEndpoint({ memory, profile, aes, queue: this.#queue, management }, this.#application);
    this.#toolkit = new Toolkit({
      queue: this.#queue,
      application: this.#application,
      download: (tpdu) => this.#ota.download(tpdu),
      emergencyNumbers: () => this.#emergencyNumbers(),
    });
    const parts = { files: this.#files, pins: this.#pins, toolkit: this.#toolkit, random };
    const status = (command: CommandApdu, selection: Selection) => this.#status(command, selection);
    const authenticate = (command: CommandApdu, selection: Selection) => this.#authenticate(command, selection);
    const identity = (command: CommandApdu, selection: Selection) =>
      this.#refusalOf(selection) ?? getIdentity(command, own, { random, aes });
    this.#sessions = Array.from({ length: CHANNELS }, () => ({
      ...parts,
      status,
      authenticate,
      identity,
      selection: new Selection(),
    }));
  }

  reset(): void {
    for (const { selection } of this.#sessions) selection.reset();
    this.#pins.reset();
    this.#ota.reset();
    this.#toolkit.reset();
    this.management.reset();
  }

  /** A cold reset has happened: the application hears of it before any command. */
  poweredOn(): void {
    this.#application?.poweredOn();
  }

  select(channel: number, command: CommandApdu | undefined): Uint8Array {
    if (this.management.isTerminated) return sw(SW.conditionsOfUseNotSatisfied);
    const { selection } = this.#sessionOf(channel);
    if (command !== undefined) return this.#toolkit.announce(this.#files.selectApplication(selection, command));
    selection.reset();
    return OK;
  }

  deselect(channel: number): void {
    this.#sessionOf(channel).selection.reset();
  }

  process(command: CommandApdu, channel: number): Uint8Array {
    const { cla } = command;
    if (this.management.isTerminated) return sw(SW.conditionsOfUseNotSatisfied);
    // The GSM class A0 of 2G cards is not offered (facts/uicc.md 12).
    if ((cla & NO_CLASS_HERE) !== 0) return sw(SW.classNotSupported);
    if (isSecureMessaging(cla)) return sw(SW.secureMessagingNotSupported);
    return whileRoom(() => this.#toolkit.announce(uiccCommand(command, this.#sessionOf(channel))));
  }

  #sessionOf(channel: number): Session {
    // The runtime opens these channels only.
    return this.#sessions[channel] as Session;
  }

  #status(command: CommandApdu, selection: Selection): Uint8Array {
    const response = this.#files.status(selection, command);
    if (command.p1 === 0 && response[response.length - 2] === SW.ok >> 8) this.#application?.statusPolled();
    return response;
  }

  /** AUTHENTICATE: form, application, PIN; then the application is asked; only then a key is touched (TS 31.102 7.1.2). */
  #authenticate(command: CommandApdu, selection: Selection): Uint8Array {
    const request = readAuthenticate(command);
    if (typeof request === 'number') return sw(request);
    const unfit = this.#refusalOf(selection);
    if (unfit !== undefined) return unfit;
    const refusal = this.#application?.authenticateRequested();
    return refusal === undefined ? this.#authentication.run(request, this.#succeeded) : sw(refusal);
  }

  /** Why a command of the USIM cannot be served on a channel: no USIM selected, the whole card locked, PIN1 not verified. */
  #refusalOf(selection: Selection): Uint8Array | undefined {
    if (selection.application === undefined || this.management.isCardLocked) return sw(SW.conditionsOfUseNotSatisfied);
    return this.#pins.satisfies(CONDITION.pin1) ? undefined : sw(SW.securityStatusNotSatisfied);
  }

  /** File commands of a script from afar: on a selection of its own, with what the operator counts as verified. */
  #remoteFiles(application: Uint8Array | undefined, granted: Uint8Array): ServeRemote | undefined {
    const pins = {
      isPinEnabled: this.#pins.isPinEnabled,
      satisfies: (condition: Condition) => isGranted(condition, granted),
    };
    const files = new FileCommands(this.#contents, pins);
    const selection = new Selection();
    if (application !== undefined) {
      const selected = files.selectApplication(selection, { cla: 0, ins: 0xa4, p1: 4, p2: 4, data: application });
      if (selected.length === 2) return undefined;
    }
    const session: Session = { ...this.#sessionOf(0), files, selection };
    return (command) => whileRoom(() => uiccCommand(command, session));
  }

  #port(memory: CardMemory): ToolkitPort {
    return {
      issue: (command: ProactiveRequest, answered) => this.#queue.issue(command, answered),
      supports: (feature) => {
        const { profile } = this.#toolkit;
        return profile !== undefined && supports(profile, feature);
      },
      report: (data, sent) => this.#ota.report(data, (this.#application as ToolkitApplication).tar, sent),
      writeFile: (identifier, content, record) => this.#writeFile(identifier, content, record),
      memory,
      random: this.#random,
    };
  }

  #writeFile(identifier: number, content: Uint8Array, record = 1): boolean {
    const file = ADF_USIM.files.find((candidate) => candidate.identifier === identifier);
    if (file === undefined || content.length > file.recordLength || record < 1 || record > file.records)
      throw new RangeError(`toolkit: no place for ${content.length} octets in record ${record} of EF ${identifier}`);
    const whole = filled(file.recordLength);
    whole.set(content);
    return file.structure === STRUCTURE.cyclic
      ? this.#contents.append(file, whole)
      : this.#contents.write(file, whole, record - 1);
  }

  #emergencyNumbers(): readonly string[] {
    const numbers: string[] = [];
    for (let i = 0; i < EMERGENCY_FILE.records; i++) {
      const digits = digitsOf(this.#contents.read(EMERGENCY_FILE, i).subarray(0, 3));
      if (digits.length > 0) numbers.push(digits);
    }
    return numbers;
  }
}

/** A command that finds no room in the memory is refused, and has changed nothing. */
function whileRoom(serve: () => Uint8Array): Uint8Array {
  try {
    return serve();
  } catch (error) {
    if (error instanceof CardMemoryFull) return sw(SW.memoryProblem);
    throw error;
  }
}

const isGranted = (condition: Condition, granted: Uint8Array): boolean =>
  condition === CONDITION.always || (condition !== CONDITION.never && granted.includes(condition));

/** EF.ECC is in the table (TS 31.102 4.2.21). */
const EMERGENCY_FILE = ADF_USIM.files.find(({ identifier }) => identifier === ECC) as ElementaryFile;
