import { concat, fromHex, NO_OCTETS } from '#base/codec/index.ts';
import { type AesProvider, tableAes } from '#base/crypto/index.ts';
import type { Random } from '#base/port/index.ts';
import { type Applet, type CardMemory, CardMemoryFull, cardRuntime } from '#handset/card/index.ts';
import { type Card, type CommandApdu, isSecureMessaging, responseApdu, SW } from '#protocol/apdu/index.ts';
import { supports } from '#protocol/usat/index.ts';
import type { ToolkitApplication, ToolkitPort } from './application.ts';
import { type ApplicationTree, applicationFiles, isOfKind } from './application-files.ts';
import { Authentication, readAuthenticate } from './authenticate.ts';
import { CardManagement, isPinCommand, type RemoteFileApplication, type ServeRemote } from './card-management/index.ts';
import { type FileService, remoteFileCommand, type Session, uiccCommand } from './commands.ts';
import { KEY } from './file-system/access-rule.ts';
import { filled, STRUCTURE } from './file-system/elementary-file.ts';
import {
  AdministrativeCommands,
  CardFiles,
  DataCommands,
  type DirectoryNode,
  FileCommands,
  type FileImage,
  type FileNode,
  ISIM_AID,
  plannedImage,
  Selection,
  standardImage,
  USIM_AID,
} from './file-system/index.ts';
import { getIdentity } from './get-identity.ts';
import { GsmCommands } from './gsm-commands.ts';
import { MEMORY_KEY } from './memory-key.ts';
import { OtaEndpoint } from './ota.ts';
import { UiccPersonalisationError } from './personalisation.ts';
import { Pins } from './pin.ts';
import { type ReadProfile, type UiccProfile, uiccProfile } from './profile.ts';
import { ISIM_VITAL, Reserve } from './reserve.ts';
import { Suspension } from './suspension.ts';
import {
  type ChangedFile,
  digitsOf,
  ProactiveQueue,
  type ProactiveRequest,
  Refresh,
  Toolkit,
} from './toolkit/index.ts';

/** What a UICC is made of. */
export interface UiccParts {
  /** Memory that `personaliseUicc` has written. */
  readonly memory: CardMemory;
  readonly random: Random;
  /** Its files: the standard card's when they are not given. One image serves any number of cards. */
  readonly image?: FileImage;
  /** `tableAes` when it is not given. */
  readonly aes?: AesProvider;
  /** The one application of its toolkit. */
  readonly application?: (port: ToolkitPort) => ToolkitApplication;
  /** Hears of a fault inside, which the outside sees as 6F00. */
  readonly fault?: (error: unknown) => void;
}

/** Offers T=0, as real terminals and readers take it (facts/uicc.md 13.1); TA3 behind T=15 is clock stop and voltages. A slot may have it offer T=1. */
const ATR = fromHex('3B9F96801FC78031A073BE21136743200718000001A5');

/** EF.ECC: records that begin with three octets of digits (TS 31.102 4.2.21). */
const ECC = 0x6fb7;
const ECC_DIGITS = 3;
const DF_GSM = 0x7f20;
const SUSPEND_UICC = 0x76;

/** No room, as 2G says it (TS 51.011 9.4.3). */
const GSM_MEMORY_PROBLEM = 0x9240;

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
      applet.poweredOff();
    },
  };
}

/** A logical channel of the UICC: what is selected there, and all that serves its commands. */
class ChannelSession implements Session {
  readonly selection: Selection;
  readonly grants: Pins;
  readonly pins: Pins;
  readonly files: FileCommands;
  readonly toolkit: Toolkit;
  readonly random: Random;
  readonly #applet: UiccApplet;

  constructor(applet: UiccApplet) {
    this.#applet = applet;
    this.selection = new Selection(applet.files.files.structure.image.master);
    this.grants = applet.pins;
    this.pins = applet.pins;
    this.files = applet.files;
    this.toolkit = applet.toolkit;
    this.random = applet.random;
  }

  get administrative() {
    return this.#applet.administrative;
  }
  get data() {
    return this.#applet.data;
  }
  status(command: CommandApdu): Uint8Array {
    return this.#applet.status(command, this);
  }
  authenticate(command: CommandApdu): Uint8Array {
    return this.#applet.authenticate(command, this);
  }
  identity(command: CommandApdu): Uint8Array {
    return this.#applet.identity(command, this);
  }
  suspend(command: CommandApdu): Uint8Array {
    return this.#applet.suspend(command, this.selection);
  }
}

class UiccApplet implements Applet {
  readonly aid = USIM_AID;
  readonly ownsSelect = true;
  /** Security domains and remote management. */
  readonly management: CardManagement;
  readonly random: Random;
  readonly pins: Pins;
  readonly files: FileCommands;
  readonly toolkit: Toolkit;
  readonly #memory: CardMemory;
  readonly #profile: ReadProfile;
  /** Kept from its first use to the next power off. */
  #decoded: UiccProfile | undefined;
  readonly #aes: AesProvider;
  readonly #own: ApplicationTree;
  readonly #queue = new ProactiveQueue();
  readonly #application: ToolkitApplication | undefined;
  /** By channel, from the first use of a channel on. */
  readonly #sessions: ChannelSession[] = [];
  // Made when they are needed: most cards of a fleet wait long.
  #authentications: Authentication | undefined;
  #endpoint: OtaEndpoint | undefined;
  /** From the first script from afar that changes a file. */
  #refresh: Refresh | undefined;
  #suspension: Suspension | undefined;
  /** True until the first command after a reset: only that one may end a suspension. */
  #isFirst = true;
  #gsm: GsmCommands | undefined;
  #administrative: AdministrativeCommands | undefined;
  #data: DataCommands | undefined;
  readonly #succeeded = () => this.#application?.authenticated();

  constructor({ memory, random, aes = tableAes, application, image }: UiccParts) {
    const stored = memory.get(MEMORY_KEY.profile);
    if (stored === undefined)
      throw new UiccPersonalisationError('UICC: expected a personalised card memory, got a fresh one: personalise it');
    const profile = () => {
      this.#decoded ??= uiccProfile.decode(memory.get(MEMORY_KEY.profile) ?? stored);
      return this.#decoded;
    };
    const files = image ?? imageOf(memory, profile());
    this.random = random;
    this.#memory = memory;
    this.#profile = profile;
    this.#aes = aes;
    this.pins = new Pins(memory, files.applications);
    this.#application = application?.(this.#port(memory));
    const vital = [...(this.#application?.vitalRecords ?? []), ...(hasIsim(files) ? [ISIM_VITAL] : [])];
    const reserve = new Reserve(memory, vital);
    this.files = new FileCommands(new CardFiles(files, memory, profile, reserve), this.pins);
    this.#own = applicationFiles(this.files.files, USIM_AID);
    this.management = new CardManagement({
      ...{ memory, aes, random },
      serial: () => profile().iccid.toEf().slice(-4),
      leaves: (growth) => reserve.leaves(growth),
      toolkit: (command, channel) => this.process(command, channel),
      files: (target) => this.#remoteFiles(target),
    });
    this.toolkit = new Toolkit({
      queue: this.#queue,
      application: this.#application,
      download: (tpdu) => this.#ota().download(tpdu),
      emergencyNumbers: () => this.#emergencyNumbers(),
    });
  }

  #authentication(): Authentication {
    if (this.#authentications === undefined) {
      const files = { usim: this.#own, isim: applicationFiles(this.files.files, ISIM_AID) };
      this.#authentications = new Authentication(this.#memory, this.#profile, this.#aes, files);
    }
    return this.#authentications;
  }

  #ota(): OtaEndpoint {
    const parts = { memory: this.#memory, profile: this.#profile, aes: this.#aes, queue: this.#queue };
    this.#endpoint ??= new OtaEndpoint({ ...parts, management: this.management }, this.#application);
    return this.#endpoint;
  }

  get suspension(): Suspension {
    this.#suspension ??= new Suspension({
      ...{ files: this.files.files, pins: this.pins, random: this.random },
      profile: () => this.toolkit.profile,
      resumed: (profile) => this.toolkit.resume(profile),
    });
    return this.#suspension;
  }

  get administrative(): AdministrativeCommands {
    this.#administrative ??= new AdministrativeCommands(this.files);
    return this.#administrative;
  }

  get data(): DataCommands {
    this.#data ??= new DataCommands(this.files);
    return this.#data;
  }

  reset(): void {
    for (const session of this.#sessions) session?.selection.reset();
    this.#refresh?.reset();
    this.#gsm?.reset();
    this.pins.reset();
    this.#endpoint?.reset();
    this.#isFirst = true;
    this.toolkit.reset();
    this.management.reset();
  }

  /** A cold reset has happened: the application hears of it before any command. */
  poweredOn(): void {
    this.#application?.poweredOn();
  }

  /** The card may stay without power for long: what its memory holds anyway is let go. */
  poweredOff(): void {
    this.#decoded = undefined;
  }

  select(channel: number, command: CommandApdu | undefined, from?: number): Uint8Array {
    if (this.#isTerminated()) return sw(SW.conditionsOfUseNotSatisfied);
    this.#begin();
    const session = this.#sessionOf(channel);
    if (command !== undefined) return this.toolkit.announce(this.files.selectApplication(session, command));
    if (from === undefined || from === 0) session.selection.reset();
    else session.selection.follow(this.#sessionOf(from).selection);
    return OK;
  }

  deselect(channel: number): void {
    this.#sessionOf(channel).selection.reset();
  }

  process(command: CommandApdu, channel: number): Uint8Array {
    if (isSecureMessaging(command.cla)) return sw(SW.secureMessagingNotSupported);
    if (this.#isTerminated()) return sw(SW.conditionsOfUseNotSatisfied);
    if (command.ins !== SUSPEND_UICC) this.#begin();
    const session = this.#sessionOf(channel);
    const { transfer } = session.selection;
    const response = whileRoom(uiccCommand, command, session);
    // Blocks of one data object follow each other, or they are void.
    if (transfer !== undefined && session.selection.transfer === transfer) session.selection.transfer = undefined;
    this.#refresh?.announce();
    return this.toolkit.announce(response);
  }

  undelivered(command: CommandApdu): void {
    this.toolkit.undelivered(command);
  }

  /** A command of a 2G terminal. */
  processGsm(command: CommandApdu): Uint8Array {
    if (this.#isTerminated()) return sw(SW.conditionsOfUseNotSatisfied);
    this.#begin();
    this.#gsm ??= new GsmCommands({
      ...{ files: this.files, pins: this.pins, toolkit: this.toolkit, grants: this.pins },
      code: (pinCommand) => this.pins.process(pinCommand, undefined),
      administrative: () => this.administrative,
      authenticate: (rand) => this.#runGsmAlgorithm(rand),
      polled: () => this.#polled(),
    });
    return whileRoom(processGsm, command, this.#gsm, GSM_MEMORY_PROBLEM);
  }

  /** The first command after a reset, when it is none of a suspension: what was kept over the reset is void. */
  #begin(): void {
    if (!this.#isFirst) return;
    this.#isFirst = false;
    if (this.files.files.has(MEMORY_KEY.suspension)) this.suspension.forget();
  }

  /** SUSPEND UICC. */
  suspend(command: CommandApdu, selection: Selection): Uint8Array {
    const isFirst = this.#isFirst;
    this.#isFirst = false;
    return this.suspension.process(command, selection, isFirst);
  }

  /** SRES and Kc; undefined when the whole card is locked, or its application refuses: it is asked here as for AUTHENTICATE. */
  #runGsmAlgorithm(rand: Uint8Array): Uint8Array | undefined {
    if (this.management.isCardLocked || this.#application?.authenticateRequested() !== undefined) return undefined;
    const { sres, kc } = this.#authentication().a3a8(rand, this.#succeeded);
    return concat(sres, kc);
  }

  /** By TERMINATE CARD USAGE, or by the issuer's security domain. */
  #isTerminated(): boolean {
    return this.management.isTerminated || this.files.files.structure.isTerminated;
  }

  #sessionOf(channel: number): ChannelSession {
    let session = this.#sessions[channel];
    if (session === undefined) {
      session = new ChannelSession(this);
      this.#sessions[channel] = session;
    }
    return session;
  }

  #polled(): void {
    this.#application?.statusPolled();
    this.#refresh?.polled();
  }

  /** STATUS; the application hears of the poll. */
  status(command: CommandApdu, session: Session): Uint8Array {
    const response = this.files.status(session, command);
    if (command.p1 === 0 && response[response.length - 2] === SW.ok >> 8) this.#polled();
    return response;
  }

  /** AUTHENTICATE: form, application, PIN; then the application is asked; only then a key is touched (TS 31.102 7.1.2). */
  authenticate(command: CommandApdu, { selection }: Session): Uint8Array {
    const request = readAuthenticate(command);
    if (typeof request === 'number') return sw(request);
    const unfit = this.#refusalOf(selection);
    if (unfit !== undefined) return unfit;
    const refusal = this.#application?.authenticateRequested();
    if (refusal !== undefined) return sw(refusal);
    const { aid = USIM_AID } = selection.application ?? {};
    return this.#authentication().run(request, this.#succeeded, isOfKind(aid, ISIM_AID));
  }

  /** GET IDENTITY (TS 31.102 7.5). */
  identity(command: CommandApdu, { selection }: Session): Uint8Array {
    const tools = { random: this.random, aes: this.#aes };
    return this.#refusalOf(selection) ?? getIdentity(command, this.#own, tools);
  }

  /** Why a command of an application cannot be served on a channel: none selected, the whole card locked, PIN1 not verified. */
  #refusalOf({ application }: Selection): Uint8Array | undefined {
    if (application === undefined || this.management.isCardLocked) return sw(SW.conditionsOfUseNotSatisfied);
    return this.pins.isVerified(KEY.pin1, application) ? undefined : sw(SW.securityStatusNotSatisfied);
  }

  /** File commands of a script from afar: on a selection of its own, with what the operator counts as verified, and what it verifies. */
  #remoteFiles({ application, granted, personality }: RemoteFileApplication): ServeRemote | undefined {
    const { files, administrative, data, pins } = this;
    const verified = new Set(granted);
    const grants = { isVerified: (reference: number) => verified.has(reference), environment: pins.environment };
    const session: FileService = {
      ...{ selection: new Selection(files.files.structure.image.master), grants, files, administrative, data },
    };
    const code = (command: CommandApdu) => {
      const { response, verified: reference } = pins.processApart(command, session.selection.application);
      if (reference !== undefined) verified.add(reference);
      return response;
    };
    if (personality === 'sim') {
      const sim = new GsmCommands({
        ...{ files, pins, toolkit: this.toolkit, grants, code },
        administrative: () => administrative,
        authenticate: () => undefined,
        polled: () => {},
      });
      return (command) => whileRoom((one, context) => context.serve(one), command, sim, GSM_MEMORY_PROBLEM);
    }
    if (application !== undefined) {
      const selected = files.selectApplication(session, { cla: 0, ins: 0xa4, p1: 4, p2: 4, data: application });
      if (selected.length === 2) return undefined;
    }
    const serve = (command: CommandApdu, context: FileService) =>
      isPinCommand(command) ? code(command) : remoteFileCommand(command, context);
    return (command) => {
      const response = whileRoom(serve, command, session);
      if (response[response.length - 2] === SW.ok >> 8) this.#noteChange(command.ins, session.selection);
      return response;
    };
  }

  /** What a script from afar did to files: the terminal is told when the script has ended. */
  #noteChange(ins: number, { file }: Selection): void {
    if (!CHANGES_CONTENT.has(ins) && !CHANGES_TREE.has(ins)) return;
    this.#refresh ??= new Refresh({
      issue: (request, answered) => this.#queue.issue(request, answered),
      isAnnounced: () => this.toolkit.profile !== undefined && supports(this.toolkit.profile, 'refresh'),
    });
    if (CHANGES_TREE.has(ins)) this.#refresh.changedTree();
    else if (file !== undefined) this.#refresh.changed(placeOf(file));
  }

  #port(memory: CardMemory): ToolkitPort {
    return {
      issue: (command: ProactiveRequest, answered) => this.#queue.issue(command, answered),
      isInSession: () => this.toolkit.profile !== undefined,
      supports: (feature) => {
        const { profile } = this.toolkit;
        return profile !== undefined && supports(profile, feature);
      },
      report: (data, ended) => this.#ota().report(data, (this.#application as ToolkitApplication).tar, ended),
      writeFile: (identifier, content, record) => this.#writeFile(identifier, content, record),
      memory,
      random: this.random,
    };
  }

  #writeFile(identifier: number, content: Uint8Array, record = 1): boolean {
    const file = this.#own.at([identifier]);
    // An operator's card may be without the file, or have a smaller one: then there is no room.
    if (file === undefined || content.length > file.recordLength || record < 1 || record > file.records) return false;
    const whole = filled(file.recordLength);
    whole.set(content);
    const { files } = this.files;
    return file.structure === STRUCTURE.cyclic ? files.append(file, whole) : files.write(file, whole, record - 1);
  }

  /** Numbers of EF.ECC, of the USIM and of the SIM: neither terminal may be hindered. */
  #emergencyNumbers(): readonly string[] {
    const { files } = this.files;
    const own = this.#own.at([ECC]);
    const numbers = own === undefined ? [] : files.records(own).map((record) => record.subarray(0, ECC_DIGITS));
    const sim = files.at([DF_GSM, ECC]);
    const list = sim === undefined ? NO_OCTETS : files.read(sim);
    for (let at = 0; at + ECC_DIGITS <= list.length; at += ECC_DIGITS) numbers.push(list.subarray(at, at + ECC_DIGITS));
    return numbers.flatMap((octets) => digitsOf(octets) || []);
  }
}

const hasIsim = ({ applications }: FileImage): boolean =>
  applications.some(({ aid }) => aid !== undefined && isOfKind(aid, ISIM_AID));

/** The files that the card was personalised with. */
function imageOf(memory: CardMemory, profile: UiccProfile): FileImage {
  const plan = memory.get(MEMORY_KEY.filePlan);
  return plan === undefined ? standardImage(profile) : plannedImage(plan, profile.ims !== undefined);
}

/** UPDATE BINARY, UPDATE RECORD, INCREASE, SET DATA. */
const CHANGES_CONTENT: ReadonlySet<number> = new Set([0xd6, 0xdc, 0x32, 0xdb]);
/** CREATE, DELETE, RESIZE, TERMINATE, DEACTIVATE and ACTIVATE FILE. */
const CHANGES_TREE: ReadonlySet<number> = new Set([0xe0, 0xe4, 0xd4, 0xe6, 0xe8, 0x04, 0x44]);
/** The current application, in a path (TS 102 221 8.4.1). */
const CURRENT_APPLICATION = 0x7fff;

/** A file as REFRESH names it. */
function placeOf({ file, directory }: FileNode): ChangedFile {
  const path = [file.identifier];
  for (let at: DirectoryNode | undefined = directory; at !== undefined; at = at.parent) {
    path.unshift(at.aid === undefined ? at.identifier : CURRENT_APPLICATION);
    if (at.aid !== undefined) return { path, aid: at.aid };
  }
  return { path, aid: undefined };
}

/** Serves a command; refused, with nothing changed, when it finds no room in the memory. */
function whileRoom<C>(
  serve: (command: CommandApdu, context: C) => Uint8Array,
  command: CommandApdu,
  context: C,
  refusal: number = SW.memoryProblem,
): Uint8Array {
  try {
    return serve(command, context);
  } catch (error) {
    if (error instanceof CardMemoryFull) return sw(refusal);
    throw error;
  }
}

const processGsm = (command: CommandApdu, gsm: GsmCommands) => gsm.process(command);
