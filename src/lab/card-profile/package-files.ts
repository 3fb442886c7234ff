import { CodecError, concat, fromHex, toHex } from '#base/codec/index.ts';
import {
  catalogue,
  type FilePath,
  type FilePlan,
  type PlannedDirectory,
  type PlannedFile,
  pathText,
} from '#handset/uicc/index.ts';
import {
  type FileAction,
  type FileControl,
  type FilesElement,
  type ManagementAction,
  TEMPLATES,
  type TemplateFile,
  type TemplateRow,
} from '#protocol/profile-package/index.ts';

/** What a package said that this card has otherwise, or not at all. */
export interface Finding {
  readonly position: number;
  readonly element: string;
  readonly problem: string;
}

const RULE_FILE = { master: 0x2f06, other: 0x6f06 } as const;
const DIRECTORY_RULE = 14;
const REFERENCED = 0x8b;
const SHAREABLE = 0x40;
const DIRECTORY = 0x78;
const STRUCTURES: ReadonlyMap<number, TemplateFile['structure']> = new Map([
  [0x41, 'transparent'],
  [0x42, 'linear'],
  [0x46, 'cyclic'],
  [0x79, 'berTlv'],
]);
const ACTIVATED = 0x05;
const LARGEST_FILE = 0x7fff;

const identifierOf = (octets: Uint8Array): number => ((octets[0] ?? 0) << 8) | (octets[1] ?? 0);
const numberOf = (octets: Uint8Array): number => octets.reduce((value, octet) => value * 256 + octet, 0);
const isOfRecords = (structure: TemplateFile['structure']) => structure === 'linear' || structure === 'cyclic';

/** A file while its steps are gone through. */
interface OpenFile {
  readonly path: FilePath;
  readonly structure: TemplateFile['structure'];
  readonly recordLength: number;
  readonly records: number;
  readonly shortIdentifier: number | undefined;
  readonly security: Uint8Array;
  readonly link: FilePath | undefined;
  content: Uint8Array;
  /** Where the next content goes. */
  at: number;
}

/** The files of a package while its elements are gone through in order. */
export class PackageFiles {
  readonly #files = new Map<string, OpenFile>();
  readonly #directories = new Map<string, PlannedDirectory>();
  /** ADFs as the plan knows them, by the identifier that the package gives them while it is installed. */
  readonly #applications = new Map<number, number>();
  /** Directories that show the files of another one (SAIP 8.3.2: linkPath of a DF). */
  readonly #linked: { readonly path: FilePath; readonly target: FilePath; readonly position: number }[] = [];
  readonly findings: Finding[];
  /** Directory that optional files of an application belong to, and where generic file management stands. */
  #application: FilePath = [];
  #at: FilePath = [];
  #last: OpenFile | undefined;

  constructor(findings: Finding[]) {
    this.findings = findings;
  }

  /** Identifier of the application that elements belong to now; undefined while there is none. */
  get application(): number | undefined {
    return this.#application[0];
  }

  /** Identifier of the application at a path; undefined when it names none. */
  applicationAt(path: Uint8Array, position: number): number | undefined {
    const [first] = this.#pathOf(path, position);
    return [...this.#applications.values()].find((identifier) => identifier === first);
  }

  // ---- templates ----

  /** An element of a template: its directories, the files it describes, and those that come by default. */
  template(element: FilesElement & { readonly position: number; readonly name: string }): void {
    const { files, template, members, position, name } = element;
    const { rows, isByDefault, identifier } = TEMPLATES[files];
    if (template !== identifier && !template.startsWith(`${identifier}.`))
      throw new CodecError(
        'templateID',
        position,
        `expected ${identifier} or a version of it in ${name}, got ${template}`,
      );
    const said = new Map(members.map((member) => [member.name, member]));
    let directory = this.#parentOf(files);
    for (const row of rows) {
      const member = said.get(row.name);
      if (row.kind === 'directory') {
        if (member !== undefined)
          directory = this.#openDirectory(row, member.actions, this.#parentOf(files, row), member.position);
        else directory = [...this.#parentOf(files, row), row.identifier ?? 0];
        continue;
      }
      const isMade =
        member === undefined ? isByDefault && row.size !== undefined && row.identifier !== undefined : true;
      if (isMade) this.#templateFile(row, member?.actions ?? [], directory, member?.position ?? position);
    }
  }

  /** Where an element's directory stands: applications and those of the card below the MF, others in the application. */
  #parentOf(files: FilesElement['files'], row?: TemplateRow): FilePath {
    if (files === 'opt-usim' || files === 'opt-isim') return this.#application;
    if (files === 'telecom' && row !== undefined && row.identifier !== 0x7f10) return [0x7f10];
    if (files === 'phonebook' || files === 'gsm-access' || files === 'df-5gs' || files === 'df-saip')
      return this.#application;
    return [];
  }

  #openDirectory(row: TemplateRow, actions: readonly FileAction[], parent: FilePath, position: number): FilePath {
    const control = actions.find((action) => action.kind === 'descriptor')?.control ?? {};
    const identifier = control.identifier === undefined ? row.identifier : identifierOf(control.identifier);
    if (row.identifier === 0x3f00) {
      this.#directories.set('', {
        path: [],
        rules: RULE_FILE.master,
        security: this.#securityOf(control, [], DIRECTORY_RULE),
      });
      return [];
    }
    if (identifier === undefined) throw new CodecError(row.name, position, 'expected a fileID, got none');
    return this.#directory(control, identifier, parent, position);
  }

  #directory(control: FileControl, identifier: number, parent: FilePath, position: number): FilePath {
    const { aid, link } = control;
    const known = aid === undefined ? identifier : this.#applicationOf(identifier, aid);
    const path = [...parent, known];
    if (path.length > 3) throw new CodecError('fileID', position, 'expected directories of at most three levels');
    this.#directories.set(pathText(path), {
      path,
      ...(aid && { aid }),
      security: this.#securityOf(control, path, DIRECTORY_RULE),
    });
    if (aid !== undefined) this.#application = path;
    if (link !== undefined && link.length > 0)
      this.#linked.push({ path, target: this.#pathOf(link, position), position });
    return path;
  }

  /** The first USIM and the first ISIM stand where the tables have them. */
  #applicationOf(identifier: number, aid: Uint8Array): number {
    const code = toHex(aid).slice(0, 14);
    const table = catalogue().directories.find((one) => one.aid !== undefined && toHex(one.aid).startsWith(code));
    const isTaken = table !== undefined && [...this.#applications.values()].includes(table.identifier);
    const known = table === undefined || isTaken ? identifier : table.identifier;
    this.#applications.set(identifier, known);
    return known;
  }

  #templateFile(row: TemplateFile, actions: readonly FileAction[], directory: FilePath, position: number): void {
    if (actions.some(({ kind }) => kind === 'doNotCreate')) return;
    const controls = actions.filter((action) => action.kind === 'descriptor');
    const control = Object.assign({}, ...controls.map((one) => one.control)) as FileControl;
    const file = this.#openFile(control, row, directory, position);
    for (const action of actions) this.#fill(file, action);
  }

  // ---- generic file management ----

  /** Steps of PE-GenericFileManagement. */
  management(actions: readonly ManagementAction[]): void {
    this.#at = [];
    this.#last = undefined;
    for (const action of actions) {
      if (action.kind === 'path') this.#at = this.#pathOf(action.path, action.position);
      else if (action.kind === 'create') this.#create(action.control, action.position);
      else if (this.#last === undefined)
        throw new CodecError('FileManagement', action.position, 'expected createFCP before content');
      else this.#fill(this.#last, action);
    }
  }

  #pathOf(octets: Uint8Array, position: number): FilePath {
    if (octets.length % 2 !== 0) throw new CodecError('filePath', position, 'expected identifiers of two octets each');
    const path = Array.from({ length: octets.length / 2 }, (_, i) => identifierOf(octets.subarray(2 * i)));
    if (path[0] === 0x3f00) path.shift();
    const [first, ...below] = path;
    return first === undefined ? [] : [this.#applications.get(first) ?? first, ...below];
  }

  #create(control: FileControl, position: number): void {
    const { identifier, descriptor } = control;
    if (identifier === undefined || descriptor === undefined)
      throw new CodecError('createFCP', position, 'expected fileDescriptor and fileID, got less');
    this.#last = undefined;
    if (((descriptor[0] ?? 0) | SHAREABLE) === DIRECTORY)
      this.#directory(control, identifierOf(identifier), this.#at, position);
    else this.#last = this.#openFile(control, undefined, this.#at, position);
  }

  // ---- files ----

  #openFile(control: FileControl, row: TemplateFile | undefined, directory: FilePath, position: number): OpenFile {
    const identifier = control.identifier === undefined ? row?.identifier : identifierOf(control.identifier);
    const name = row?.name ?? 'createFCP';
    if (identifier === undefined) throw new CodecError(name, position, 'expected a fileID, got none');
    const path = [...directory, identifier];
    const link =
      control.link === undefined || control.link.length === 0 ? undefined : this.#pathOf(control.link, position);
    const shape =
      link === undefined
        ? shapeOf(control, row, name, position)
        : { structure: 'transparent' as const, recordLength: 0, records: 1 };
    const fill = control.proprietary?.fillPattern ?? control.proprietary?.repeatPattern;
    const size = shape.structure === 'berTlv' ? 0 : shape.recordLength * shape.records;
    const file: OpenFile = {
      path,
      ...shape,
      shortIdentifier: this.#shortIdentifierOf(control, row, identifier),
      security: this.#securityOf(control, path, row?.rule ?? DIRECTORY_RULE),
      link,
      content:
        fill === undefined
          ? patterned(row?.fill ?? 'FF*', size, shape.recordLength)
          : filledWith(control, size, shape.recordLength),
      at: 0,
    };
    this.#files.set(pathText(path), file);
    if (control.lifeCycle !== undefined && control.lifeCycle !== ACTIVATED)
      this.findings.push({ position, element: name, problem: 'a file that is not activated: it is activated here' });
    return file;
  }

  /** Without the member, a template's own; where there is no template, the low bits of the identifier (TS 102 221 11.1.1.4.8). */
  #shortIdentifierOf(
    { shortIdentifier }: FileControl,
    row: TemplateFile | undefined,
    identifier: number,
  ): number | undefined {
    if (shortIdentifier !== undefined) return shortIdentifier[0] === undefined ? undefined : shortIdentifier[0] >> 3;
    return row === undefined ? identifier & 0x1f : row.shortIdentifier;
  }

  /** A record alone means EF.ARR 2F06 for the MF, what is right below it and ADFs, and 6F06 for the rest (SAIP 8.3.2). */
  #securityOf({ security }: FileControl, path: FilePath, usual: number): Uint8Array {
    const given = security ?? Uint8Array.of(usual);
    const file = path.length <= 1 ? RULE_FILE.master : RULE_FILE.other;
    const whole = given.length === 1 ? concat(Uint8Array.of(file >> 8, file & 0xff), given) : given;
    return concat(Uint8Array.of(REFERENCED, whole.length), whole);
  }

  #fill(file: OpenFile, action: FileAction | ManagementAction): void {
    if (action.kind === 'offset') file.at += action.offset;
    if (action.kind !== 'content') return;
    const { content, position } = action;
    const room = file.structure === 'berTlv' ? file.recordLength : file.content.length;
    if (file.at + content.length > room)
      throw new CodecError(
        'fillFileContent',
        position,
        `expected content up to octet ${room} of ${pathText(file.path)}, got more`,
      );
    if (file.structure !== 'berTlv') file.content.set(content, file.at);
    else file.content = concat(file.content, content);
    file.at += content.length;
  }

  /** Content of an EF, when the package makes it. */
  contentAt(path: FilePath): Uint8Array | undefined {
    return this.#files.get(pathText(path))?.content;
  }

  /** Records of an EF, when the package makes it. */
  recordsAt(path: FilePath): readonly Uint8Array[] {
    const file = this.#files.get(pathText(path));
    if (file === undefined) return [];
    return Array.from({ length: file.records }, (_, i) =>
      file.content.subarray(i * file.recordLength, (i + 1) * file.recordLength),
    );
  }

  /** Octets of an EF replaced, as those of EF.UST where a service has no file here. */
  replace(path: FilePath, content: Uint8Array): void {
    this.#files.get(pathText(path))?.content.set(content);
  }

  /** Each EF below the target of a link, under the directory that is the link: one content, two places. */
  followLinks(): void {
    for (const { path, target, position } of this.#linked) {
      const isBelow = (one: FilePath) => one.length > target.length && target.every((part, i) => one[i] === part);
      for (const directory of [...this.#directories.values()].filter((one) => isBelow(one.path))) {
        const linked = [...path, ...directory.path.slice(target.length)];
        this.#directories.set(pathText(linked), { ...directory, path: linked });
      }
      const files = [...this.#files.values()].filter((one) => isBelow(one.path));
      for (const file of files) {
        const linked = [...path, ...file.path.slice(target.length)];
        if (linked.length > 4)
          throw new CodecError('linkPath', position, 'expected directories of at most three levels, got more');
        this.#files.set(pathText(linked), { ...file, path: linked, link: file.link ?? file.path });
      }
    }
  }

  /** The plan of all this; files of `personal` take their content from the card's personalisation. */
  plan(personal: readonly FilePath[]): FilePlan {
    const own = new Set(personal.map(pathText));
    const directories = [...this.#directories.values()].map((directory) => {
      const below = [...this.#files.values()].some(
        ({ path }) => pathText(path) === pathText([...directory.path, RULE_FILE.other]),
      );
      return below ? { ...directory, rules: RULE_FILE.other } : directory;
    });
    const taken = new Set<string>();
    const files = [...this.#files.values()].map((file): PlannedFile => {
      const { path, security, link } = file;
      const shortIdentifier = this.#freeShortIdentifier(file, taken);
      if (link !== undefined) return { path, link, shortIdentifier, security };
      const { structure, recordLength: size, records } = file;
      const shape = { path, structure, size, shortIdentifier, security, ...(isOfRecords(structure) && { records }) };
      return own.has(pathText(path)) ? shape : { ...shape, ...contentOf(file) };
    });
    return { base: 'none', directories, files };
  }

  #freeShortIdentifier({ path, shortIdentifier = 0 }: OpenFile, taken: Set<string>): number {
    if (shortIdentifier === 0 || shortIdentifier > 30) return 0;
    const name = `${pathText(path.slice(0, -1))} ${shortIdentifier}`;
    if (taken.has(name)) {
      this.findings.push({
        position: 0,
        element: pathText(path),
        problem: `short identifier ${shortIdentifier} is another file's: it has none`,
      });
      return 0;
    }
    taken.add(name);
    return shortIdentifier;
  }
}

function shapeOf(control: FileControl, row: TemplateFile | undefined, name: string, position: number) {
  const { descriptor, size } = control;
  const structure = descriptor === undefined ? row?.structure : STRUCTURES.get((descriptor[0] ?? 0) | SHAREABLE);
  if (structure === undefined) throw new CodecError(name, position, 'expected a fileDescriptor of an EF, got none');
  const maximum = control.proprietary?.maximumSize;
  const total = size === undefined ? maximum && numberOf(maximum) : numberOf(size);
  const refuse = (): never => {
    throw new CodecError(
      name,
      position,
      'expected efFileSize of 1 to 32767 octets in whole records of up to 255, got none such',
    );
  };
  if (!isOfRecords(structure)) {
    const octets = total ?? row?.size ?? refuse();
    return octets < 1 || octets > LARGEST_FILE ? refuse() : { structure, recordLength: octets, records: 1 };
  }
  const recordLength =
    descriptor !== undefined && descriptor.length >= 4 ? identifierOf(descriptor.subarray(2)) : (row?.size ?? refuse());
  const records = total === undefined ? (row?.records ?? refuse()) : total / recordLength;
  const isPossible =
    Number.isInteger(records) && records >= 1 && records <= 254 && recordLength >= 1 && recordLength <= 255;
  return isPossible ? { structure, recordLength, records } : refuse();
}

/** Content as a template says it: each record the same; (…) again and again, * the last octet to the end. */
function patterned(fill: string, size: number, recordLength: number): Uint8Array {
  const content = new Uint8Array(size).fill(0xff);
  if (size === 0) return content;
  const isRepeated = fill.startsWith('(');
  const octets = fromHex(fill.replaceAll(/[()*]/g, ''));
  const last = fill.endsWith('*') ? (octets.at(-1) ?? 0xff) : 0xff;
  for (let i = 0; i < size; i++) {
    const at = i % recordLength;
    content[i] = isRepeated ? (octets[i % octets.length] as number) : (octets[at] ?? last);
  }
  return content;
}

/** In each record anew: fillPattern ends in its last octet, repeatPattern begins again (TS 102 222 6.3.2.2.2). */
function filledWith({ proprietary }: FileControl, size: number, recordLength: number): Uint8Array {
  const { fillPattern, repeatPattern = Uint8Array.of(0xff) } = proprietary ?? {};
  const octetAt = (at: number): number =>
    (fillPattern === undefined
      ? repeatPattern[at % repeatPattern.length]
      : fillPattern[Math.min(at, fillPattern.length - 1)]) ?? 0xff;
  const content = new Uint8Array(size);
  for (let i = 0; i < size; i++) content[i] = octetAt(i % recordLength);
  return content;
}

/** Without the FF that a card fills up itself. */
function trimmed(octets: Uint8Array): Uint8Array {
  let end = octets.length;
  while (end > 0 && octets[end - 1] === 0xff) end--;
  return octets.slice(0, end);
}

function contentOf({ structure, content, recordLength, records }: OpenFile): Pick<PlannedFile, 'content' | 'contents'> {
  if (structure === 'berTlv') return { content: content.slice() };
  if (!isOfRecords(structure)) return { content: trimmed(content) };
  const all = Array.from({ length: records }, (_, i) => ({
    record: i + 1,
    content: trimmed(content.subarray(i * recordLength, (i + 1) * recordLength)),
  }));
  return { contents: all.filter((record) => record.content.length > 0) };
}
