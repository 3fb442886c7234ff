import { berTlvs, CodecError, fromHex, NO_OCTETS, toHex } from '#base/codec/index.ts';
import { Iccid, IdentityError, Imsi } from '#base/identity/index.ts';
import { type AnswerToReset, answerToReset, SW, statusMeaning } from '#protocol/apdu/index.ts';
import { type Content, contentOf } from './content.ts';
import { type FileFacts, type FileKind, lifeCycleWords } from './file-facts.ts';
import { filesBelow, hex4, type KnownFile, MASTER_FILE, pathOf, unknownFile } from './known-files.ts';
import { type CardRule, keyName, ruleReference, ruleWords } from './rule-words.ts';
import { isimServiceName, usimServiceName } from './service-names.ts';
import { aidIn, applicationOf, type CardSession, isDone } from './session.ts';

/** A file of the tables on a card. */
export interface ProbedFile {
  readonly path: string;
  readonly identifier: string;
  readonly kind: FileKind;
  readonly size?: number;
  readonly recordLength?: number;
  readonly records?: number;
  readonly shortIdentifier?: number;
  readonly lifeCycle: string;
  /** What each access wants, in words; undefined when the rule could not be read. */
  readonly access?: CardRule;
  /** The content in hexadecimal, record by record; undefined when it may not be read, or is masked. */
  readonly content?: readonly string[];
  /** What it means, record by record. */
  readonly meaning?: readonly (Content | null)[];
  /** Why there is no content. */
  readonly unread?: string;
}

/** An application of EF.DIR. */
export interface ProbedApplication {
  readonly aid: string;
  readonly name: string;
  readonly label?: string;
}

/** A PIN or key: whether it is there, and the tries it has left. */
export interface ProbedPin {
  readonly name: string;
  readonly reference: number;
  readonly isEnabled?: boolean;
  readonly tries?: number;
  readonly state: string;
}

/** What the issuer security domain tells of itself (GPC 2.3.1 H.2). */
export interface ProbedIssuerDomain {
  readonly aid: string;
  readonly version?: string;
  readonly secureChannels: readonly string[];
}

/** A service that a table of services offers. */
export interface ProbedService {
  readonly number: number;
  readonly name: string;
}

/** What a card is and can do. */
export interface CardReport {
  readonly atr: string;
  readonly atrMeaning?: {
    readonly convention: string;
    readonly protocols: readonly string[];
    readonly historical: string;
  };
  readonly iccid?: string;
  readonly imsi?: string;
  readonly applications: readonly ProbedApplication[];
  /** Of EF.UST. */
  readonly services: readonly ProbedService[];
  /** Of EF.IST; undefined for a card without. */
  readonly imsServices?: readonly ProbedService[];
  readonly pins: readonly ProbedPin[];
  readonly issuerDomain?: ProbedIssuerDomain;
  readonly files: readonly ProbedFile[];
}

/** How much to ask, and how much to tell. */
export interface ProbeOptions {
  /** Contents that name the subscriber or are keys are told as they are. */
  readonly isRevealing: boolean;
  /** Hears how far it is. */
  progress?(done: number, of: number, name: string): void;
}

/** Files whose content is the subscriber's name, a key, or leads to one. */
const MASKED: ReadonlySet<string> = new Set([
  ...[
    'EF.IMSI',
    'EF.MSISDN',
    'EF.KEYS',
    'EF.KEYSPS',
    'EF.KC',
    'EF.KCGPRS',
    'EF.LOCI',
    'EF.PSLOCI',
    'EF.EPSLOCI',
    'EF.EPSNSC',
  ],
  ...['EF.5GS3GPPLOCI', 'EF.5GSN3GPPLOCI', 'EF.5GS3GPPNSC', 'EF.5GSN3GPPNSC', 'EF.5GAUTHKEYS', 'EF.GBABP', 'EF.GBANL'],
  ...[
    'EF.IMPI',
    'EF.IMPU',
    'EF.NETPAR',
    'EF.LOCIGPRS',
    'EF.ICI',
    'EF.OCI',
    'EF.LND',
    'EF.SMS',
    'EF.ADN',
    'EF.DCK',
    'EF.NAI',
  ],
]);
const isMasked = (file: KnownFile) => MASKED.has(file.name.toUpperCase());

const PINS = [0x01, 0x81, 0x11, 0x0a, 0x0b, 0x0c] as const;
const ISSUER_DOMAINS = [NO_OCTETS, fromHex('A000000151000000'), fromHex('A000000003000000')];

function atrMeaning(atr: Uint8Array): CardReport['atrMeaning'] {
  let read: AnswerToReset;
  try {
    read = answerToReset.decode(atr);
  } catch (error) {
    if (error instanceof CodecError) return undefined;
    throw error;
  }
  const offered = read.groups.flatMap(({ protocol }) =>
    protocol === undefined || protocol === 15 ? [] : [`T=${protocol}`],
  );
  const protocols = offered.length === 0 ? ['T=0'] : [...new Set(offered)];
  return { convention: read.convention, protocols, historical: toHex(read.historical) };
}

/** Asks a card what it is and can do. Nothing on it is changed, and no try of a PIN is lost. Rejects with MuteCardError. */
export async function probe(session: CardSession, options: ProbeOptions): Promise<CardReport> {
  const atr = await session.reset();
  const prober = new Prober(session, options);
  const applications = (await session.applications()).flatMap((record) => applicationIn(record) ?? []);
  const files = await prober.files();
  const pins = await prober.pins();
  const issuerDomain = await prober.issuerDomain();
  const meaning = atrMeaning(atr);
  const { iccid, imsi, services, imsServices } = prober;
  return {
    atr: toHex(atr),
    ...(meaning && { atrMeaning: meaning }),
    ...(iccid !== undefined && { iccid }),
    ...(imsi !== undefined && { imsi }),
    applications,
    services: services.map((number) => ({ number, name: usimServiceName(number) })),
    ...(imsServices && { imsServices: imsServices.map((number) => ({ number, name: isimServiceName(number) })) }),
    pins,
    ...(issuerDomain && { issuerDomain }),
    files,
  };
}

function applicationIn(record: Uint8Array): ProbedApplication | undefined {
  const aid = aidIn(record);
  if (aid === undefined) return undefined;
  const label = berTlvs(berTlvs(record.subarray(0, (record[1] ?? 0) + 2))[0]?.value ?? record.subarray(0, 0)).find(
    ({ tag }) => tag === 0x50,
  );
  return {
    aid: toHex(aid),
    name: applicationOf(aid).name,
    ...(label && { label: new TextDecoder().decode(label.value) }),
  };
}

/** Walks over the files of the tables on one card. */
class Prober {
  readonly #session: CardSession;
  readonly #options: ProbeOptions;
  /** Records of the EF.ARRs that were read, by path and record. */
  readonly #rules = new Map<string, Promise<Uint8Array | undefined>>();
  #enabled: ReadonlyMap<number, boolean> = new Map();
  iccid: string | undefined;
  imsi: string | undefined;
  services: readonly number[] = [];
  imsServices: readonly number[] | undefined;

  constructor(session: CardSession, options: ProbeOptions) {
    this.#session = session;
    this.#options = options;
  }

  async files(): Promise<readonly ProbedFile[]> {
    const session = this.#session;
    const known = [MASTER_FILE, ...filesBelow(MASTER_FILE)];
    const missing = new Set<KnownFile>();
    const found: ProbedFile[] = [];
    for (const [i, file] of known.entries()) {
      this.#options.progress?.(i, known.length, pathOf(file));
      if (file.parent !== undefined && missing.has(file.parent)) {
        missing.add(file);
        continue;
      }
      const reply = await session.select(file);
      if (isDone(reply)) found.push(await this.#probed(file, session.facts));
      else missing.add(file);
    }
    return found;
  }

  async #probed(file: KnownFile, facts: FileFacts | undefined): Promise<ProbedFile> {
    const kind = facts?.kind ?? (file.isDirectory ? 'directory' : 'unknown');
    if (kind === 'directory') this.#noticePins(facts);
    const content = kind === 'directory' || kind === 'unknown' ? {} : await this.#content(file, kind);
    const access = await this.#access(file, facts);
    return {
      path: pathOf(file),
      identifier: hex4(file.identifier),
      kind,
      ...(facts?.size !== undefined && { size: facts.size }),
      ...(facts?.recordLength !== undefined && { recordLength: facts.recordLength }),
      ...(facts?.records !== undefined && { records: facts.records }),
      ...(facts?.shortIdentifier !== undefined && { shortIdentifier: facts.shortIdentifier }),
      lifeCycle: lifeCycleWords(facts?.lifeCycle),
      ...(access && { access }),
      ...content,
    };
  }

  #noticePins(facts: FileFacts | undefined): void {
    const enabled = new Map(this.#enabled);
    for (const { reference, isEnabled } of facts?.pins ?? []) enabled.set(reference, isEnabled);
    this.#enabled = enabled;
  }

  async #content(file: KnownFile, kind: FileKind): Promise<Pick<ProbedFile, 'content' | 'meaning' | 'unread'>> {
    if (kind === 'berTlv') return { unread: 'a BER-TLV file: its objects are asked for by tag' };
    const isTransparent = kind === 'transparent';
    const session = this.#session;
    const read = isTransparent ? await session.readBinary() : await session.readRecords();
    const records = 'data' in read ? (read.data.length > 0 ? [read.data] : []) : read.records;
    if (records.length === 0) {
      const { statusWord } = read.reply;
      return statusWord === SW.ok
        ? { content: [] }
        : { unread: `${hex4(statusWord)} ${statusMeaning(statusWord).text}` };
    }
    this.#notice(file, records);
    if (isMasked(file) && !this.#options.isRevealing) return { unread: 'masked: read, and not told without --reveal' };
    const meaning = records.map((record) => contentOf(file.row?.coding, record) ?? null);
    return {
      content: records.map((record) => toHex(record)),
      ...(meaning.some((one) => one !== null) && { meaning }),
    };
  }

  /** What identifies the card, and the services it offers. */
  #notice(file: KnownFile, [first]: readonly Uint8Array[]): void {
    if (first === undefined) return;
    const path = pathOf(file);
    try {
      if (path === 'MF/EF.ICCID') this.iccid = Iccid.fromEf(first).digits;
      if (path === 'MF/ADF.USIM/EF.IMSI') this.imsi = this.#shown(Imsi.fromEf(first).digits);
    } catch (error) {
      if (!(error instanceof CodecError || error instanceof IdentityError)) throw error;
    }
    if (path === 'MF/ADF.USIM/EF.UST') this.services = servicesIn(first);
    if (path === 'MF/ADF.ISIM/EF.IST') this.imsServices = servicesIn(first);
  }

  /** Country and network stay readable, the subscriber does not. */
  #shown(digits: string): string {
    return this.#options.isRevealing ? digits : `${digits.slice(0, 5)}${'x'.repeat(digits.length - 5)}`;
  }

  async #access(file: KnownFile, facts: FileFacts | undefined): Promise<CardRule | undefined> {
    const { security, kind = 'unknown' } = facts ?? {};
    if (security === undefined) return undefined;
    if (security.tag === 0xab) return ruleWords(security.value, kind);
    const reference = security.tag === 0x8b ? ruleReference(security.value) : undefined;
    if (reference === undefined) return undefined;
    const rule = await this.#rule(file, reference.file, reference.record);
    return rule && ruleWords(rule, kind);
  }

  /** The record of the nearest EF.ARR of that identifier, from the file's directory upwards (TS 102 221 9.2.7). */
  async #rule(file: KnownFile, identifier: number, record: number): Promise<Uint8Array | undefined> {
    for (let at = file.parent ?? file; ; at = at.parent) {
      const arr =
        at.children.find((child) => child.identifier === identifier && !child.isDirectory) ??
        unknownFile(identifier, false, at);
      const key = `${pathOf(arr)} ${record}`;
      const known = this.#rules.get(key) ?? this.#readRule(arr, record);
      this.#rules.set(key, known);
      const rule = await known;
      if (rule !== undefined || at.parent === undefined) return rule;
    }
  }

  async #readRule(arr: KnownFile, record: number): Promise<Uint8Array | undefined> {
    if (!isDone(await this.#session.select(arr))) return undefined;
    const reply = await this.#session.readRecord(record);
    return isDone(reply) ? reply.data : undefined;
  }

  async pins(): Promise<readonly ProbedPin[]> {
    const usim = MASTER_FILE.children.find(({ name }) => name === 'ADF.USIM') ?? MASTER_FILE;
    await this.#session.select(usim);
    const found: ProbedPin[] = [];
    for (const reference of PINS) {
      const { statusWord } = await this.#session.triesOf(reference);
      const isEnabled = this.#enabled.get(reference);
      const state = pinState(statusWord, isEnabled);
      if (state === undefined) continue;
      found.push({
        ...{ name: keyName(reference), reference, state: state.words },
        ...(isEnabled !== undefined && { isEnabled }),
        ...(state.tries !== undefined && { tries: state.tries }),
      });
    }
    return found;
  }

  /** The application that a SELECT without a name finds (GPC 2.3.1 11.9), or an issuer security domain by its usual names. */
  async issuerDomain(): Promise<ProbedIssuerDomain | undefined> {
    const session = this.#session;
    for (const name of ISSUER_DOMAINS) {
      const selected = await session.send(0x00, 0xa4, 0x04, 0x00, name, 256);
      const aid = isDone(selected) ? nameIn(selected.data) : undefined;
      if (aid === undefined) continue;
      const data = await session.send(0x80, 0xca, 0x00, 0x66, undefined, 256);
      const told = isDone(data) ? recognition(data.data) : { secureChannels: [] };
      await session.select(MASTER_FILE);
      return { aid: toHex(aid), ...told };
    }
    return undefined;
  }
}

/** DF name in an FCI template (ISO/IEC 7816-4 7.4.3); undefined when the answer is none. */
function nameIn(fci: Uint8Array): Uint8Array | undefined {
  try {
    const template = berTlvs(fci).find(({ tag }) => tag === 0x6f);
    return (
      template &&
      berTlvs(template.value)
        .find(({ tag }) => tag === 0x84)
        ?.value.slice()
    );
  } catch (error) {
    if (error instanceof CodecError) return undefined;
    throw error;
  }
}

function pinState(sw: number, isEnabled: boolean | undefined): { words: string; tries?: number } | undefined {
  if (sw === SW.ok) return { words: isEnabled === false ? 'not asked' : 'verified, or not asked' };
  if (sw >> 4 === 0x63c) {
    const tries = sw & 0x0f;
    return {
      words: `${isEnabled === false ? 'not asked' : 'asked'}, ${tries} ${tries === 1 ? 'try' : 'tries'} left`,
      tries,
    };
  }
  if (sw === SW.authenticationMethodBlocked) return { words: 'blocked: no tries left', tries: 0 };
  if (sw === SW.referencedDataInvalidated) return { words: 'not asked (disabled)' };
  return undefined;
}

/** Bits of EF.UST or EF.IST, from service 1 on. */
function servicesIn(table: Uint8Array): readonly number[] {
  const numbers: number[] = [];
  for (let i = 0; i < table.length * 8; i++)
    if ((((table[i >> 3] as number) >> (i & 7)) & 1) === 1) numbers.push(i + 1);
  return numbers;
}

/** Arcs of an object identifier (ITU-T X.690 8.19). */
function arcs(octets: Uint8Array): readonly number[] {
  const [first = 0, ...rest] = octets;
  const found = [Math.floor(first / 40), first % 40];
  let value = 0;
  for (const octet of rest) {
    value = value * 128 + (octet & 0x7f);
    if ((octet & 0x80) === 0) {
      found.push(value);
      value = 0;
    }
  }
  return found;
}

/** OID of GlobalPlatform: 1.2.840.114283. */
const GP_ARCS = 4;
const TAG = { cardData: 0x66, recognition: 0x73, version: 0x60, channel: 0x64, oid: 0x06 } as const;
const AFTER = { version: 2, channel: 4 } as const;

/** Card recognition data (GPC 2.3.1 H.2): version and secure channel protocols with their options. */
function recognition(octets: Uint8Array): Pick<ProbedIssuerDomain, 'version' | 'secureChannels'> {
  try {
    const outer = berTlvs(octets).find(({ tag }) => tag === TAG.cardData);
    const inner = outer && berTlvs(outer.value).find(({ tag }) => tag === TAG.recognition);
    const objects = inner ? berTlvs(inner.value) : [];
    const numbersOf = (tag: number, kind: number) =>
      objects
        .filter((object) => object.tag === tag)
        .flatMap(({ value }) => berTlvs(value).filter((one) => one.tag === TAG.oid))
        .map(({ value }) => arcs(value).slice(GP_ARCS))
        .filter(([first]) => first === kind)
        .map((numbers) => numbers.slice(1));
    const [version] = numbersOf(TAG.version, AFTER.version);
    const channels = numbersOf(TAG.channel, AFTER.channel);
    return {
      ...(version && { version: version.join('.') }),
      secureChannels: channels.map(([protocol = 0, option = 0]) => `SCP${hex2(protocol)} i=${hex2(option)}`),
    };
  } catch (error) {
    if (error instanceof CodecError) return { secureChannels: [] };
    throw error;
  }
}

const hex2 = (value: number) => value.toString(16).toUpperCase().padStart(2, '0');
