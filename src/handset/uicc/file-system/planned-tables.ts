import { fromHex, sameOctets, toHex } from '#base/codec/index.ts';
import { ACCESS } from './access-rule.ts';
import { blank, type DedicatedFile, type ElementaryFile, isOfRecords, STRUCTURE } from './elementary-file.ts';
import type { FilePath, FilePlan, PlannedDirectory, PlannedFile } from './file-plan.ts';
import { FIRST_OWN, LAST_OWN, OWN_KEYS } from './own-numbers.ts';
import { servicesByFiles, servicesWithoutFile, serviceTableOf } from './planned-services.ts';
import { filesBelow, STANDARD_SERVICES, standardTables } from './standard-image.ts';
import { applicationFile } from './ts-102-221.ts';

/** A plan that makes no file system: where, what was expected, what came. */
export class FilePlanError extends Error {
  override readonly name = 'FilePlanError';
}

/** A directory while a plan is put into it. */
interface Draft {
  readonly head: Omit<DedicatedFile, 'files' | 'directories'>;
  readonly files: Map<number, ElementaryFile>;
  readonly directories: Map<number, Draft>;
}

const ALL_SERVICES: ReadonlySet<number> = new Set(Array.from({ length: 255 }, (_, i) => i + 1));
const DIRECTORY_FILE = 0x2f00;
const LARGEST = { file: 0x7fff, record: 255, records: 254 } as const;
/** Numbers of ADFs that no table has; other directories have theirs from FIRST_OWN on. */
const ADF_NUMBERS = { first: 11, last: 31 } as const;
/** Octets 1 to 7 of an AID: RID and application code. */
const APPLICATION_CODE = 14;

const hex4 = (identifier: number) => identifier.toString(16).toUpperCase().padStart(4, '0');
/** A path as messages say it. */
export const pathText = (path: FilePath): string => (path.length === 0 ? 'MF' : path.map(hex4).join('/'));

const draftOf = ({ files, directories, ...head }: DedicatedFile): Draft => ({
  head,
  files: new Map(files.map((file) => [file.identifier, file])),
  directories: new Map(directories.map((child) => [child.identifier, draftOf(child)])),
});
const tableOf = ({ head, files, directories }: Draft): DedicatedFile => ({
  ...head,
  files: [...files.values()],
  directories: [...directories.values()].map(tableOf),
});

let everything: DedicatedFile | undefined;
/** All that the tables declare, offered or not. */
export function catalogue(): DedicatedFile {
  everything ??= standardTables(ALL_SERVICES, true);
  return everything;
}

/** What the tables have at a path. */
export function tableAt(path: FilePath, from: DedicatedFile = catalogue()): ElementaryFile | DedicatedFile | undefined {
  let at: DedicatedFile = from;
  for (const [i, identifier] of path.entries()) {
    const below = at.directories.find((child) => child.identifier === identifier);
    const file = at.files.find((candidate) => candidate.identifier === identifier);
    if (i === path.length - 1) return below ?? file;
    if (below === undefined) return undefined;
    at = below;
  }
  return at;
}

/** True for a directory of a table. */
export const isDirectory = (found: ElementaryFile | DedicatedFile): found is DedicatedFile => 'directories' in found;

class Planner {
  readonly #plan: FilePlan;
  #root: Draft;
  /** Paths of a second application of a kind, as the tables have the first. */
  readonly #kinds = new Map<number, number>();
  readonly #numbers = new Set<number>();
  #next = FIRST_OWN;
  #nextAdf: number = ADF_NUMBERS.first;

  constructor(plan: FilePlan, hasIsim: boolean) {
    this.#plan = plan;
    const { services } = plan;
    const offered = services ? new Set(services) : STANDARD_SERVICES;
    const all = draftOf(standardTables(offered, hasIsim));
    this.#root =
      plan.base === 'standard' ? all : { head: all.head, files: new Map(), directories: new Map<number, Draft>() };
  }

  tables(): DedicatedFile {
    const { removed = [], directories = [], files = [] } = this.#plan;
    for (const path of removed) this.#remove(path);
    for (const directory of directories.toSorted((a, b) => a.path.length - b.path.length))
      this.#addDirectory(directory);
    for (const file of files.filter(({ link }) => link === undefined)) this.#addFile(file);
    for (const file of files.filter(({ link }) => link !== undefined)) this.#addLink(file);
    this.#listApplications();
    this.#listServices();
    return tableOf(this.#root);
  }

  #refuse(path: FilePath, problem: string): never {
    throw new FilePlanError(`file ${pathText(path)}: ${problem}`);
  }

  #directory(path: FilePath): Draft {
    let at = this.#root;
    for (const [i, identifier] of path.entries()) {
      const below = at.directories.get(identifier);
      if (below === undefined)
        this.#refuse(
          path,
          `expected a directory ${pathText(path.slice(0, i + 1))}, got none: list it before its files`,
        );
      at = below;
    }
    return at;
  }

  #remove(path: FilePath): void {
    const parent = this.#directory(path.slice(0, -1));
    const identifier = path.at(-1) ?? 0;
    if (!parent.files.delete(identifier) && !parent.directories.delete(identifier))
      this.#refuse(path, 'expected a file that this card would have, to take it out, got none there');
  }

  /** What the tables have there; in a second application of a kind, what they have in the first. */
  #row(path: FilePath): ElementaryFile | DedicatedFile | undefined {
    const [first = 0, ...below] = path;
    return tableAt([this.#kinds.get(first) ?? first, ...below]);
  }

  #addDirectory(planned: PlannedDirectory): void {
    const { path } = planned;
    if (path.length === 0) this.#ruleMaster(planned);
    else this.#addBelow(planned, path.at(-1) ?? 0);
  }

  #addBelow({ path, aid, label, rules, ...planned }: PlannedDirectory, identifier: number): void {
    const parent = this.#directory(path.slice(0, -1));
    if (parent.files.has(identifier)) this.#refuse(path, 'expected a free identifier, got that of an EF');
    if (aid !== undefined && path.length > 1) this.#refuse(path, 'expected an application right below the MF');
    if (aid !== undefined) this.#learnKind(identifier, aid);
    const found = this.#row(path);
    const row = found && isDirectory(found) ? found : undefined;
    const existing = parent.directories.get(identifier);
    const isTables = row !== undefined && !this.#kinds.has(path[0] ?? 0);
    const { files: _files, directories: _directories, ...usual } = row ?? catalogue();
    const head = {
      ...(existing?.head ?? usual),
      identifier,
      number: existing?.head.number ?? (isTables ? usual.number : this.#directoryNumber(aid !== undefined)),
      name: row?.name ?? pathText([identifier]),
      access: planned.security ?? planned.rule ?? row?.access ?? ACCESS.directory,
    };
    const { aid: _aid, label: _label, rules: _rules, ...plain } = head;
    const ownRules = rules ?? (row === undefined ? undefined : head.rules);
    const draft: Draft = {
      head: {
        ...plain,
        ...((aid ?? row?.aid) && { aid: aid ?? (row?.aid as Uint8Array) }),
        ...((label ?? row?.label) !== undefined && { label: label ?? (row?.label as string) }),
        ...(ownRules !== undefined && { rules: ownRules }),
      },
      files: existing?.files ?? new Map(),
      directories: existing?.directories ?? new Map<number, Draft>(),
    };
    parent.directories.set(identifier, draft);
  }

  #ruleMaster({ rule, security, rules }: PlannedDirectory): void {
    const { head } = this.#root;
    const access = security ?? rule ?? head.access;
    this.#root = { ...this.#root, head: { ...head, access, ...(rules !== undefined && { rules }) } };
  }

  /** A second USIM is made as the first, under files of its own. */
  #learnKind(identifier: number, aid: Uint8Array): void {
    const code = (octets: Uint8Array | undefined) => octets && toHex(octets).slice(0, APPLICATION_CODE);
    const kind = catalogue().directories.find((table) => table.aid && code(table.aid) === code(aid));
    if (kind !== undefined && kind.identifier !== identifier) this.#kinds.set(identifier, kind.identifier);
  }

  #directoryNumber(isApplication: boolean): number {
    if (!isApplication) return this.#ownNumber(0);
    if (this.#nextAdf > ADF_NUMBERS.last) throw new FilePlanError('expected at most 21 applications of its own');
    return this.#nextAdf++;
  }

  #ownNumber(records: number): number {
    const number = this.#next;
    this.#next += OWN_KEYS + records;
    if (this.#next > LAST_OWN) throw new FilePlanError('files of its own: expected fewer records, got more than 8000');
    return number;
  }

  #addFile(planned: PlannedFile): void {
    const { path } = planned;
    const parent = this.#directory(path.slice(0, -1));
    const identifier = path.at(-1) ?? 0;
    if (parent.directories.has(identifier)) this.#refuse(path, 'expected a free identifier, got that of a directory');
    const found = parent.files.get(identifier) ?? this.#row(path);
    const row = found && !isDirectory(found) ? found : undefined;
    const file = this.#shaped(planned, row);
    parent.files.set(identifier, file);
    if (row !== undefined && file.number === row.number && this.#plan.base === 'standard')
      this.#share(this.#root, file);
    this.#numbers.add(file.number);
  }

  #shaped(planned: PlannedFile, row: ElementaryFile | undefined): ElementaryFile {
    const { path } = planned;
    const structure = planned.structure === undefined ? row?.structure : STRUCTURE[planned.structure];
    const size = planned.size ?? row?.recordLength;
    if (structure === undefined || size === undefined)
      this.#refuse(path, 'expected structure and size, as no table has this file, got none');
    const records = isOfRecords({ structure }) ? (planned.records ?? row?.records ?? 1) : 1;
    const isPossible = isOfRecords({ structure })
      ? size >= 1 && size <= LARGEST.record && records >= 1 && records <= LARGEST.records
      : size >= 1 && size <= LARGEST.file;
    if (!isPossible)
      this.#refuse(
        path,
        `expected 1 to 255 octets and 1 to 254 records, or 1 to 32767 octets, got ${size} and ${records}`,
      );
    const isTables = row !== undefined && row.structure === structure && !this.#kinds.has(path[0] ?? 0);
    const isFree = this.#plan.base === 'standard' || (row !== undefined && !this.#numbers.has(row.number));
    const { shortIdentifier = row?.shortIdentifier } = planned;
    const file: ElementaryFile = {
      number: row !== undefined && isTables && isFree ? row.number : this.#ownNumber(records),
      name: row?.name ?? pathText(path.slice(-1)),
      identifier: path.at(-1) ?? 0,
      shortIdentifier: shortIdentifier === 0 ? undefined : shortIdentifier,
      structure,
      recordLength: size,
      records,
      access: planned.security ?? planned.rule ?? row?.access ?? ACCESS.alwaysAdm,
      services: row?.services ?? [],
      start: row?.start ?? '',
      coding: row?.coding,
      clause: row?.clause ?? '',
    };
    return { ...file, start: this.#content(planned, file) };
  }

  #content({ path, content, contents }: PlannedFile, file: ElementaryFile): ElementaryFile['start'] {
    const { start, records, recordLength } = file;
    if (content !== undefined) {
      if (isOfRecords(file)) this.#refuse(path, 'expected contents of records, got that of a file without records');
      if (content.length > recordLength)
        this.#refuse(path, `expected at most ${recordLength} octets of content, got ${content.length}`);
      return [content];
    }
    if (contents !== undefined && !isOfRecords(file))
      this.#refuse(path, 'expected one content, as the file has no records, got contents of records');
    if (typeof start === 'function' && contents === undefined) return start;
    if (contents === undefined) return isOfRecords(file) ? usualRecords(file) : start;
    // A plan of all files says all records that are not empty.
    const all = this.#plan.base === 'none' ? usualRecords({ ...file, start: '' }) : usualRecords(file);
    for (const { record, content: one } of contents) {
      if (record < 1 || record > records) this.#refuse(path, `expected records 1 to ${records}, got ${record}`);
      if (one.length > recordLength)
        this.#refuse(path, `record ${record}: expected at most ${recordLength} octets, got ${one.length}`);
      all[record - 1] = one;
    }
    return all;
  }

  /** Rows of other standards that mean the same content take its new form. */
  #share(at: Draft, file: ElementaryFile): void {
    const { structure, recordLength, records, start } = file;
    for (const [identifier, other] of at.files)
      if (other.number === file.number && other !== file)
        at.files.set(identifier, { ...other, structure, recordLength, records, start });
    for (const child of at.directories.values()) this.#share(child, file);
  }

  #addLink(planned: PlannedFile): void {
    const { path, link = [] } = planned;
    const parent = this.#directory(path.slice(0, -1));
    const target = this.#directory(link.slice(0, -1)).files.get(link.at(-1) ?? 0);
    if (target === undefined) this.#refuse(path, `expected an EF at ${pathText(link)} to share its content, got none`);
    const found = this.#row(path);
    const row = found && !isDirectory(found) ? found : undefined;
    const { shortIdentifier = row?.shortIdentifier } = planned;
    parent.files.set(path.at(-1) ?? 0, {
      ...target,
      name: row?.name ?? pathText(path.slice(-1)),
      identifier: path.at(-1) ?? 0,
      shortIdentifier: shortIdentifier === 0 ? undefined : shortIdentifier,
      access: planned.security ?? planned.rule ?? row?.access ?? target.access,
    });
  }

  /** EF.UST and EF.IST say what is there; what the plan wants them to say must be there. */
  #listServices(): void {
    const root = tableOf(this.#root);
    for (const application of root.directories) {
      const table = serviceTableOf(application);
      const draft = this.#root.directories.get(application.identifier);
      const file = table === undefined ? undefined : draft?.files.get(table);
      if (file === undefined || draft === undefined) continue;
      const files = filesFor(root, application);
      const path = [application.identifier, file.identifier];
      const planned = this.#plan.files?.find((one) => pathText(one.path) === pathText(path))?.content;
      if (planned === undefined) {
        draft.files.set(file.identifier, { ...file, start: servicesByFiles(application, files) ?? file.start });
        continue;
      }
      const [missing] = servicesWithoutFile(application, planned, files);
      if (missing === undefined) continue;
      const names = missing.files.join(', ');
      this.#refuse(path, `service ${missing.service}: expected ${names}, got no such file: add it, or clear the bit`);
    }
  }

  /** EF.DIR names the applications that are there, unless the plan says what stands in it. */
  #listApplications(): void {
    const { files = [] } = this.#plan;
    const planned = files.find(({ path }) => path.length === 1 && path[0] === DIRECTORY_FILE);
    const current = this.#root.files.get(DIRECTORY_FILE);
    if (planned?.contents !== undefined || current === undefined) return;
    const applications = [...this.#root.directories.values()].map(tableOf).filter(({ aid }) => aid !== undefined);
    const { start, records } = applicationFile(applications);
    this.#root.files.set(DIRECTORY_FILE, { ...current, start, records: Math.max(current.records, records) });
  }
}

/** Records as the table has them; where it has them all alike, so are those that a file has more than its table. */
function usualRecords(file: ElementaryFile): Uint8Array[] {
  const { start, records } = file;
  const given = typeof start === 'string' ? [fromHex(start)] : typeof start === 'object' ? start : [];
  const [first] = given;
  const isAlike =
    typeof start === 'string' || (given.length > 1 && given.every((record) => first && sameOctets(record, first)));
  return Array.from({ length: records }, (_, i) => given[i] ?? (isAlike ? first : undefined) ?? blank(file));
}

/** The files that services of an application may need: its own, and those below the MF that belong to no application. */
function filesFor(root: DedicatedFile, application: DedicatedFile): readonly ElementaryFile[] {
  const shared = root.directories.filter(({ aid }) => aid === undefined);
  return [application, ...shared].flatMap(filesBelow);
}

/** The tables of the card that a plan describes. Throws FilePlanError when it describes none. */
export function plannedTables(plan: FilePlan, hasIsim: boolean): DedicatedFile {
  const tables = new Planner(plan, hasIsim).tables();
  const problem = shortIdentifierProblem(tables, []);
  if (problem !== undefined) throw new FilePlanError(problem);
  return tables;
}

/** Two EFs of a directory with one short identifier, or one that is none; undefined when all is well. */
function shortIdentifierProblem(table: DedicatedFile, path: FilePath): string | undefined {
  const seen = new Map<number, number>();
  for (const { identifier, shortIdentifier } of table.files) {
    if (shortIdentifier === undefined) continue;
    const at = `file ${pathText([...path, identifier])}`;
    if (shortIdentifier > 30) return `${at}: expected a short identifier from 1 to 30, got ${shortIdentifier}`;
    const other = seen.get(shortIdentifier);
    if (other !== undefined) return `${at}: expected a free short identifier, got ${shortIdentifier} of ${hex4(other)}`;
    seen.set(shortIdentifier, identifier);
  }
  for (const child of table.directories) {
    const problem = shortIdentifierProblem(child, [...path, child.identifier]);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
