import { CodecError, toHex } from '#base/codec/index.ts';
import { Iccid, Imsi, Msisdn } from '#base/identity/index.ts';
import {
  catalogue,
  type ElementaryFile,
  type FilePath,
  type FurtherCode,
  isAdministrative,
  isDirectory,
  isReference,
  isSecondPin,
  type RemoteFileApplication,
  servicesWithoutFile,
  serviceTableOf,
  tableAt,
} from '#handset/uicc/index.ts';
import {
  type AkaParameter,
  decodePackage,
  type PinConfiguration,
  type ProfileElement,
  type ProfileHeader,
  type RemoteFileManagement,
  type SecurityDomainElement,
} from '#protocol/profile-package/index.ts';
import type { CardDocument } from './document.ts';
import { type Finding, PackageFiles } from './package-files.ts';
import { ProfileError } from './reading.ts';

/** What a package makes: a profile, and what of the package this card has otherwise or not at all. */
export interface ImportedProfile {
  readonly document: CardDocument;
  readonly findings: readonly Finding[];
}

/** Services that a package may call mandatory and this card has (SAIP 8.2). */
const SERVICES_HERE: ReadonlySet<string> = new Set([
  ...['usim', 'isim', 'milenage', 'tuak128', 'tuak256', 'usim-test-algorithm', 'gba-usim', 'ber-tlv', 'multiple-usim'],
  ...['dfLink', 'get-identity', 'profile-a-x25519', 'profile-b-p256', 's16mode'],
]);
const USIM: FilePath = [0x7ff0];
const IMSI: FilePath = [...USIM, 0x6f07];
const ADMINISTRATIVE_DATA: FilePath = [...USIM, 0x6fad];
const SUBSCRIBER_NUMBER: FilePath = [...USIM, 0x6f40];
const ICCID: FilePath = [0x2fe2];

const ALGORITHM = { milenage: 1, tuak: 2, test: 3 } as const;
/** algorithmOptions: length of RES in octets. */
const RES = [4, 8, 16] as const;
const ROTATION = '4000204060';
const XORING = [0, 1, 2, 4, 8].map((last) => last.toString(16).padStart(32, '0')).join('');
/** sqnOptions: whether the limits on SQN hold. 02 is on wrapping around, which the 43 bits of SEQ never do here. */
const SQN = { delta: 0x04, age: 0x08, known: 0x0e } as const;
const SCP03_FIRST = 0x30;
const PACKETS = 0x03;
const AES_KEY = '88';
const PIN = { pin1: 0x01, adm1: 0x0a, pin2: 0x81 } as const;
const PIN_ENABLED = 0x01;
const USUAL_ATTRIBUTES = 7;
/** Most tries and tries left, a nibble each. */
const MOST_TRIES = { pin: 0x33, adm: 0xaa, unblock: 0xaa } as const;
const USIM_IDENTIFIER = 0x7ff0;

/** A code as a package has it: its unblock code by the reference of that. */
interface ImportedCode extends Omit<FurtherCode, 'unblockCode'> {
  readonly unblockReference?: number;
}
const hex = (octet: number) => octet.toString(16).toUpperCase().padStart(2, '0');
const MOST_FURTHER_ADM = 4;
const NO_ACCESS = 0xff;
const FULL_ACCESS = 0x00;
/** PIN1, universal PIN, PIN2, ADM1 to ADM5. */
const EVERY_KEY = Uint8Array.of(0x01, 0x11, 0x81, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e);
const STRONG_LEVEL = 0x1e;
const USUAL_LEVEL = 0x16;
const TAR_AT = 12;

class Importer {
  readonly findings: Finding[] = [];
  readonly #isLenient: boolean;
  readonly #files = new PackageFiles(this.findings);
  readonly #puks = new Map<number, Uint8Array>();
  /** By application and key reference. */
  readonly #codes = new Map<string, ImportedCode>();
  readonly #remote: RemoteFileApplication[] = [];
  #aka: NonNullable<AkaParameter['configuration']['algorithm']> | undefined;
  #sequence: CardDocument['order']['sequence'];
  #keySets: NonNullable<CardDocument['order']['keySets']> = [];

  constructor(isLenient: boolean) {
    this.#isLenient = isLenient;
  }

  /** What is mandatory and not here refuses the package, unless it was asked to be lenient; what is not mandatory is listed. */
  #missing(position: number, element: string, problem: string, isMandated: boolean): void {
    if (isMandated && !this.#isLenient)
      throw new ProfileError(
        `${element} at octet ${position}: ${problem}, and the package makes it mandatory: --lenient goes on without it`,
      );
    this.findings.push({ position, element, problem });
  }

  header({ majorVersion, services }: ProfileHeader): void {
    if (majorVersion !== 2 && majorVersion !== 3)
      throw new ProfileError(`ProfileHeader: expected version 2 or 3 of the format, got ${majorVersion}`);
    for (const service of services)
      if (!SERVICES_HERE.has(service)) this.#missing(0, 'ProfileHeader', `this card has no ${service}`, true);
  }

  element(element: ProfileElement): void {
    const { position, name, isMandated } = element;
    switch (element.kind) {
      case 'files':
        this.#files.template(element);
        break;
      case 'management':
        this.#files.management(element.actions);
        break;
      case 'puks':
        for (const { reference, value, attempts = MOST_TRIES.unblock } of element.puks) {
          this.#puks.set(reference, value);
          if (attempts !== MOST_TRIES.unblock)
            this.#missing(position, 'pukCodes', `unblock code ${hex(reference)} has 10 tries here`, false);
        }
        break;
      case 'pins':
        this.#pinsOf(element, position);
        break;
      case 'aka':
        this.#authentication(element.aka, position);
        break;
      case 'securityDomain':
        this.#domain(element.domain, position);
        break;
      case 'remoteFiles':
        this.#remoteFiles(element.remote, position);
        break;
      case 'end':
        break;
      case 'other':
        this.#missing(position, name, 'this card has nothing for this element', isMandated);
        break;
    }
  }

  #pinsOf({ pins, sharedWith }: Extract<ProfileElement, { kind: 'pins' }>, position: number): void {
    for (const pin of pins) this.#pin(pin, position);
    const application = this.#files.application;
    const other = sharedWith && this.#files.applicationAt(sharedWith, position);
    if (application === undefined || other === undefined || other === application) return;
    for (const code of [...this.#codes.values()])
      if (code.application === other) this.#keep({ reference: code.reference, application, sharedWith: other });
  }

  #pin({ reference, value, attributes = USUAL_ATTRIBUTES, attempts, unblockReference }: PinConfiguration, at: number) {
    const application = isSecondPin(reference) ? this.#files.application : undefined;
    if (!isReference(reference) || (isSecondPin(reference) && application === undefined)) {
      this.#missing(
        at,
        'pinCodes',
        `key reference ${hex(reference)} is none of this card, or of no application`,
        false,
      );
      return;
    }
    const most = isAdministrative(reference) ? MOST_TRIES.adm : MOST_TRIES.pin;
    if (attempts !== undefined && attempts !== most)
      this.#missing(at, 'pinCodes', `key reference ${hex(reference)} has ${most & 0x0f} tries here`, false);
    this.#keep({
      reference,
      ...(application !== undefined && { application }),
      code: value,
      isEnabled: (attributes & PIN_ENABLED) !== 0,
      ...(unblockReference !== undefined && { unblockReference }),
    });
  }

  /** The first of a key reference counts: that of the MF, or of its application. */
  #keep(code: ImportedCode): void {
    const name = `${code.application ?? ''} ${code.reference}`;
    if (!this.#codes.has(name)) this.#codes.set(name, code);
  }

  #authentication(
    { configuration, sqnOptions = 0x02, sqnDelta, sqnAgeLimit, sqnInitial = [] }: AkaParameter,
    position: number,
  ): void {
    const { algorithm } = configuration;
    if (algorithm === undefined) return;
    const { rotationConstants, xoringConstants, counterMaximum } = algorithm;
    const isUsual = [
      [rotationConstants, ROTATION],
      [xoringConstants, XORING.toUpperCase()],
    ].every(([given, usual]) => given === undefined || (given instanceof Uint8Array && toHex(given) === usual));
    if (algorithm.identifier === ALGORITHM.milenage && !isUsual)
      throw new ProfileError(
        `akaParameter at octet ${position}: expected the rotation and xoring constants of TS 35.206, got others: this card has Milenage with those alone`,
      );
    const isSame =
      this.#aka === undefined ||
      (toHex(this.#aka.key) === toHex(algorithm.key) && toHex(this.#aka.code) === toHex(algorithm.code));
    if (!isSame) {
      this.#missing(position, 'akaParameter', 'this card has one key for all applications, that of the first', true);
      return;
    }
    const isTest = algorithm.identifier === ALGORITHM.test;
    if (counterMaximum !== undefined && !isTest)
      this.#missing(position, 'authCounterMax', 'this card counts no failed authentications', false);
    this.#aka = algorithm;
    // The limits are not for the test algorithm (SAIP 8.5, PE-AKAParameter).
    const options = isTest ? 0 : sqnOptions;
    if ((options & ~SQN.known) !== 0)
      this.#missing(position, 'sqnOptions', `${hex(options & ~SQN.known)}: this card knows 02, 04 and 08`, false);
    const number = (octets: Uint8Array) => Number.parseInt(toHex(octets), 16);
    const limit = (octets: Uint8Array | undefined, bit: number) =>
      (options & bit) === 0 ? undefined : octets === undefined ? 2 ** 28 : number(octets);
    const [delta, ageLimit] = [limit(sqnDelta, SQN.delta), limit(sqnAgeLimit, SQN.age)];
    const initial = sqnInitial.map(number);
    this.#sequence = {
      indBits: 5,
      ...(delta !== undefined && { delta }),
      ...(ageLimit !== undefined && { ageLimit }),
      ...(initial.some((seq) => seq > 0) && { initial }),
    };
  }

  #domain({ keys = [] }: SecurityDomainElement, position: number): void {
    const sets = new Map<number, Map<number, Uint8Array>>();
    for (const { version, identifier, components } of keys) {
      const [first] = components;
      if (first === undefined || toHex(first.type) !== AES_KEY) {
        this.#missing(position, `key ${version.toString(16)}/${identifier}`, 'this card has keys of AES alone', false);
        continue;
      }
      sets.set(version, (sets.get(version) ?? new Map<number, Uint8Array>()).set(identifier, first.data));
    }
    const whole = [...sets].flatMap(([version, set]) => {
      const [first, second, dek] = [set.get(1), set.get(2), set.get(3)];
      return first && second && dek ? [{ version, first, second, dek }] : [];
    });
    const isEnough =
      whole.some(({ version }) => version === PACKETS) && whole.some(({ version }) => version >= SCP03_FIRST);
    if (this.#keySets.length === 0 && isEnough) this.#keySets = whole;
    else if (whole.length > 0 || keys.length > 0)
      this.#missing(
        position,
        'securityDomain',
        'expected AES key sets 03 (packets) and 30 to 3F (sessions) of one domain: the card has keys of its own',
        false,
      );
  }

  #remoteFiles({ tars, instance, securityLevel, access, application }: RemoteFileManagement, position: number): void {
    const own = instance.length > TAR_AT + 2 ? [instance.slice(TAR_AT, TAR_AT + 3)] : [];
    const given = application === undefined ? access : application.access;
    const [kind = NO_ACCESS] = given;
    if (kind !== FULL_ACCESS && kind !== NO_ACCESS)
      this.#missing(position, 'rfm', 'this card grants all or nothing by access domain: nothing', false);
    if (securityLevel !== USUAL_LEVEL && securityLevel !== STRONG_LEVEL)
      this.#missing(
        position,
        'rfm',
        `minimum security level ${securityLevel.toString(16)}: this card asks for 16`,
        false,
      );
    for (const tar of tars.length > 0 ? tars : own)
      this.#remote.push({
        tar,
        minimumLevel: securityLevel === STRONG_LEVEL ? 'level1E' : 'level16',
        granted: kind === FULL_ACCESS ? EVERY_KEY : new Uint8Array(0),
        ...(application && { application: application.aid }),
      });
  }

  /** Bits of EF.UST and EF.IST without a file are cleared, as an eUICC does for what it cannot (SAIP annex A). */
  #clearServices(): void {
    for (const application of catalogue().directories) {
      const table = serviceTableOf(application);
      if (table === undefined) continue;
      const path = [application.identifier, table];
      const octets = this.#files.contentAt(path);
      if (octets === undefined) continue;
      const missing = servicesWithoutFile(application, octets, this.#filesOf(application.identifier));
      const cleared = octets.slice();
      for (const { service, files } of missing) {
        const at = (service - 1) >> 3;
        cleared[at] = (cleared[at] ?? 0) & ~(1 << ((service - 1) & 7));
        this.findings.push({
          position: 0,
          element: application.name,
          problem: `service ${service} is cleared: no ${files.join(' or ')}`,
        });
      }
      this.#files.replace(path, cleared);
    }
  }

  /** Rows of the tables for the files that the package makes in an application, and for those of the card. */
  #filesOf(application: number): readonly ElementaryFile[] {
    const { files = [] } = this.#files.plan([]);
    return files.flatMap(({ path }) => {
      const row = path.length > 1 && (path[0] === application || path[0] === 0x7f10) ? tableAt(path) : undefined;
      return row === undefined || isDirectory(row) ? [] : [row];
    });
  }

  #algorithm(): CardDocument['order']['algorithm'] {
    const aka = this.#aka;
    if (aka === undefined)
      throw new ProfileError('akaParameter: expected one with an algorithm, got none: the card could not authenticate');
    const { key: k, code } = aka;
    const res = RES[aka.options & 0x07];
    switch (aka.identifier) {
      case ALGORITHM.milenage:
        return { kind: 'milenage', k, opc: code };
      case ALGORITHM.tuak:
        return { kind: 'tuak', k, topc: code, ...(res !== undefined && { res }), iterations: aka.iterations ?? 1 };
      case ALGORITHM.test:
        return { kind: 'xor', k };
      default:
        throw new ProfileError(
          `akaParameter: expected algorithm 1 (Milenage), 2 (TUAK) or 3 (test), got ${aka.identifier}`,
        );
    }
  }

  #unblockOctets({ unblockReference }: ImportedCode): Uint8Array | undefined {
    return unblockReference === undefined ? undefined : this.#puks.get(unblockReference);
  }

  /** Codes by the names that usual ones have, and by key reference where a name says less. */
  #pins(): { readonly pin?: string; readonly adm?: Uint8Array; readonly card: Partial<CardDocument['card']> } {
    const codes = new Map(this.#codes);
    const take = (name: string, isUsual: (code: ImportedCode) => boolean) => {
      const code = codes.get(name);
      if (code?.code === undefined || !isUsual(code)) return undefined;
      codes.delete(name);
      const unblock = this.#unblockOctets(code);
      return { octets: code.code, unblock: unblock && digitsIn(unblock, 'pukCodes') };
    };
    const isOn = ({ isEnabled = true }: ImportedCode) => isEnabled;
    const isPlain = (code: ImportedCode) => isOn(code) && code.unblockReference === undefined;
    const pin1 = take(` ${PIN.pin1}`, isOn);
    const pin2 = take(`${USIM_IDENTIFIER} ${PIN.pin2}`, isOn);
    // The operator knows ADM1 in any case.
    const adm = this.#codes.get(` ${PIN.adm1}`)?.code;
    take(` ${PIN.adm1}`, isPlain);
    const furtherAdm: Uint8Array[] = [];
    for (let reference = PIN.adm1 + 1; reference <= PIN.adm1 + MOST_FURTHER_ADM; reference++) {
      const further = take(` ${reference}`, isPlain);
      if (further === undefined) break;
      furtherAdm.push(further.octets);
    }
    const furtherCodes = [...codes.values()].map((code): FurtherCode => {
      const { unblockReference: _named, ...rest } = code;
      const unblockCode = this.#unblockOctets(code);
      return { ...rest, ...(unblockCode && { unblockCode }) };
    });
    return {
      ...(pin1 && { pin: digitsIn(pin1.octets, 'pinCodes') }),
      ...(adm && { adm }),
      card: {
        ...(pin1?.unblock !== undefined && { unblockCode: pin1.unblock }),
        ...(pin2 && { pin2: digitsIn(pin2.octets, 'pinCodes') }),
        ...(pin2?.unblock !== undefined && { unblockCode2: pin2.unblock }),
        ...(furtherAdm.length > 0 && { furtherAdm }),
        ...(furtherCodes.length > 0 && { furtherCodes }),
      },
    };
  }

  document(header: ProfileHeader): CardDocument {
    this.#files.followLinks();
    this.#clearServices();
    const imsi = identityFrom(() => Imsi.fromEf(this.#files.contentAt(IMSI) ?? new Uint8Array(0)));
    const iccid = identityFrom(() => Iccid.fromEf(header.iccid));
    const msisdn = this.#msisdn();
    const { pin, adm, card } = this.#pins();
    const networkDigits = this.#files.contentAt(ADMINISTRATIVE_DATA)?.[3];
    return {
      ...(iccid && { iccid }),
      ...(imsi && { imsi }),
      ...(msisdn && { msisdn }),
      order: {
        algorithm: this.#algorithm() ?? 'milenage',
        mncLength: networkDigits === 3 ? 3 : 2,
        ...(this.#sequence && { sequence: this.#sequence }),
        ...(pin !== undefined && { pin }),
        ...(adm && { adm }),
        ...(this.#keySets.length > 0 && { keySets: this.#keySets }),
      },
      card: {
        ...card,
        files: this.#files.plan([ICCID, IMSI]),
      },
      management: { ...(this.#remote.length > 0 && { remoteFiles: this.#remote }) },
    };
  }

  /** The number in the first record of EF.MSISDN, when it is one in international form. */
  #msisdn(): Msisdn | undefined {
    const [record] = this.#files.recordsAt(SUBSCRIBER_NUMBER);
    const field = record?.subarray(-14, -2);
    const [length = 0xff, type] = field ?? [];
    if (field === undefined || length < 2 || length > 11 || type !== 0x91) return undefined;
    const digits = [...field.subarray(2, 1 + length)]
      .flatMap((octet) => [octet & 0x0f, octet >> 4])
      .filter((digit) => digit < 10);
    return identityFrom(() => Msisdn.parse(digits.join('')));
  }
}

function digitsIn(octets: Uint8Array, element: string): string {
  const digits = String.fromCharCode(...octets.filter((octet) => octet !== 0xff));
  if (!/^\d{4,8}$/.test(digits))
    throw new ProfileError(`${element}: expected 4 to 8 digits filled with FF, got something else`);
  return digits;
}

/** An identity of the package; undefined when it has none that is one. */
function identityFrom<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof CodecError || (error instanceof Error && error.name === 'IdentityError')) return undefined;
    throw error;
  }
}

/**
 * The profile in a package of DER. Throws CodecError with the position of what is malformed, ProfileError for what is mandatory and not here;
 * `isLenient` lists that too.
 */
export function importPackage(octets: Uint8Array, isLenient = false): ImportedProfile {
  const { header, elements } = decodePackage(octets);
  const importer = new Importer(isLenient);
  importer.header(header);
  for (const element of elements) importer.element(element);
  return { document: importer.document(header), findings: importer.findings };
}
