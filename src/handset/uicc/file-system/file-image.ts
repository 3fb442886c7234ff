import { concat, NO_OCTETS } from '#base/codec/index.ts';
import { responseApdu, SW } from '#protocol/apdu/index.ts';
import { type AccessRule, accessRule } from './access-rule.ts';
import { type DedicatedFile, type ElementaryFile, STRUCTURE } from './elementary-file.ts';
import {
  ANY_ENVIRONMENT,
  type DirectoryParameters,
  directoryFcp,
  fileFcp,
  LIFE_CYCLE,
  referenced,
  securityObject,
} from './file-control-parameters.ts';

/** Where a file's rule stands, and what it is while nobody changed the EF.ARR. */
export interface Security {
  /** The security object as the FCP shows it: 8B or AB. */
  readonly octets: Uint8Array;
  /** The EF.ARR that the object names; undefined when there is none, or the rule is the file's own. */
  readonly arr: FileNode | undefined;
  /** Records of the EF.ARR by security environment. */
  readonly records: ReadonlyMap<number, number>;
  /** The one rule that holds in every environment, and its record; undefined when it depends, or when there is none. */
  readonly usual: { readonly rule: AccessRule; readonly record: number } | undefined;
  /** Rules by security environment: the file's own, or those of the EF.ARR as it was issued. */
  readonly rules: ReadonlyMap<number, AccessRule>;
}

/** Bits of a PIN status. */
const STATUS_BITS = 6;
/** Tells how the PINs that a DF shows stand now (TS 102 221 11.1.1.4.10): as a number of 6 bits, and as the template of such a number. */
export interface PinStatus {
  statusOf(application: DirectoryNode | undefined): number;
  statusTemplate(status: number): Uint8Array;
}

/** An EF in the tree, with its R-APDU of SELECT ready. */
export interface FileNode {
  readonly kind: 'file';
  readonly file: ElementaryFile;
  readonly directory: DirectoryNode;
  readonly security: Security;
  readonly fcp: Uint8Array;
}

/** A DF, an ADF or the MF in the tree. */
export interface DirectoryNode {
  readonly kind: 'directory';
  /** 1 to 31, or from 256 on for one that a command created. */
  readonly number: number;
  readonly identifier: number;
  readonly aid: Uint8Array | undefined;
  readonly parent: DirectoryNode | undefined;
  readonly security: Security;
  /** DF name TLV for STATUS; undefined for a DF without name. */
  readonly name: Uint8Array | undefined;
  /** Children by identifier; an ADF is no child: only its AID or 7FFF selects it. */
  readonly children: ReadonlyMap<number, FileNode | DirectoryNode>;
  /** EFs by short identifier 1 to 30. */
  readonly byShortIdentifier: readonly (FileNode | undefined)[];
  /** Its R-APDU of SELECT with a life cycle and a PIN status. */
  fcp(lifeCycle: number, pins: PinStatus): Uint8Array;
}

/**
 * The files of a kind of card: made once of tables, never changed, shared by all cards of that kind. What a card changes stands in its own
 * memory.
 */
export interface FileImage {
  readonly master: DirectoryNode;
  /** ADFs in the order of EF.DIR. */
  readonly applications: readonly DirectoryNode[];
  /** EFs by number; more than one where standards share a content. */
  readonly files: ReadonlyMap<number, readonly FileNode[]>;
  readonly directories: ReadonlyMap<number, DirectoryNode>;
}

const SHORT_IDENTIFIERS = 31;
/** UICC characteristics (clock may stop), and TERMINAL CAPABILITY is understood (TS 102 221 11.1.1.4.6). */
const PROPRIETARY = Uint8Array.of(0x80, 0x01, 0x71, 0x87, 0x01, 0x01);
/** FCPs of one DF that are kept ready: as many as its PINs have states. */
const MOST_FCPS = 64;

const NOTHING_GRANTED: Security = {
  octets: NO_OCTETS,
  records: new Map(),
  arr: undefined,
  usual: undefined,
  rules: new Map(),
};

/** A directory while its children are put in. */
export interface OpenDirectory extends DirectoryNode {
  security: Security;
  readonly children: Map<number, FileNode | DirectoryNode>;
  readonly byShortIdentifier: (FileNode | undefined)[];
}

/** Finds an EF or DF right below a directory. */
type ChildOf = (directory: DirectoryNode, identifier: number) => FileNode | DirectoryNode | undefined;
const childOf: ChildOf = (directory, identifier) => directory.children.get(identifier);

/** The EF.ARR of an identifier from a directory upwards (TS 102 221 9.2.7). */
function ruleFile(directory: DirectoryNode, identifier: number, child = childOf): FileNode | undefined {
  for (let at: DirectoryNode | undefined = directory; at !== undefined; at = at.parent) {
    const found = child(at, identifier);
    if (found?.kind === 'file' && found.file.structure === STRUCTURE.linear) return found;
  }
  return undefined;
}

/** The EF.ARR that a security object names, seen from `directory`. */
function ruleFileOf(octets: Uint8Array, directory: DirectoryNode, child?: ChildOf): FileNode | undefined {
  const object = securityObject(octets);
  return object.kind === 'referenced' ? ruleFile(directory, object.file, child) : undefined;
}

/** The security of a file below `directory`, whose security object is `octets`; `child` finds what stands in a directory. */
export function securityBelow(octets: Uint8Array, directory: DirectoryNode, child?: ChildOf): Security {
  return securityBy(octets, ruleFileOf(octets, directory, child));
}

function securityBy(octets: Uint8Array, arr: FileNode | undefined): Security {
  const object = securityObject(octets);
  if (object.kind === 'own') {
    const rules = new Map([[ANY_ENVIRONMENT, accessRule(object.rule)]]);
    return { octets, records: new Map(), arr: undefined, usual: undefined, rules };
  }
  const start = arr?.file.start;
  const contents = typeof start === 'object' ? start : [];
  const rules = new Map<number, AccessRule>();
  for (const [environment, record] of object.records) {
    const content = contents[record - 1];
    if (content !== undefined) rules.set(environment, ruleOf(content));
  }
  const [rule, record] = [rules.get(ANY_ENVIRONMENT), object.records.get(ANY_ENVIRONMENT)];
  const usual = rule && record !== undefined ? { rule, record } : undefined;
  return { octets, records: object.records, arr, usual, rules };
}

/** Rules of records that never change: one for each record, whatever number of files names it. */
const known = new WeakMap<Uint8Array, AccessRule>();
function ruleOf(record: Uint8Array): AccessRule {
  let rule = known.get(record);
  if (rule === undefined) {
    rule = accessRule(record);
    known.set(record, rule);
  }
  return rule;
}

/** A directory without children yet. */
export function openDirectory(
  number: number,
  parameters: DirectoryParameters,
  parent: DirectoryNode | undefined,
  security: Security,
): OpenDirectory {
  const { identifier, aid } = parameters;
  const ready = new Map<number, Uint8Array>();
  const directory: OpenDirectory = {
    kind: 'directory',
    number,
    identifier,
    aid,
    parent,
    security,
    name: aid && responseApdu(SW.ok, concat(Uint8Array.of(0x84, aid.length), aid)),
    children: new Map(),
    byShortIdentifier: new Array(SHORT_IDENTIFIERS).fill(undefined),
    fcp(lifeCycle, pins) {
      const status = pins.statusOf(application);
      const key = (lifeCycle << STATUS_BITS) | status;
      let fcp = ready.get(key);
      if (fcp === undefined) {
        fcp = responseApdu(SW.ok, directoryFcp(parameters, lifeCycle, pins.statusTemplate(status)));
        if (ready.size < MOST_FCPS) ready.set(key, fcp);
      }
      return fcp;
    },
  };
  const application = applicationOf(directory);
  return directory;
}

function applicationOf(directory: DirectoryNode): DirectoryNode | undefined {
  let at: DirectoryNode | undefined = directory;
  while (at !== undefined && at.aid === undefined) at = at.parent;
  return at;
}

/** An EF in a directory. */
export function fileNode(file: ElementaryFile, directory: DirectoryNode, security: Security): FileNode {
  const fcp = responseApdu(SW.ok, fileFcp(file, security.octets, LIFE_CYCLE.activated));
  return { kind: 'file', file, directory, security, fcp };
}

class ImageBuilder {
  readonly applications: DirectoryNode[] = [];
  readonly files = new Map<number, FileNode[]>();
  readonly directories = new Map<number, DirectoryNode>();

  /** `rules` is the EF.ARR that rules this directory itself. */
  build(table: DedicatedFile, parent: DirectoryNode | undefined, rules: number): DirectoryNode {
    const { identifier, aid, number } = table;
    const own = table.rules ?? rules;
    const octets = typeof table.access === 'number' ? referenced(rules, table.access) : table.access;
    const parameters: DirectoryParameters = {
      identifier,
      security: octets,
      ...(aid && { aid }),
      ...(parent === undefined && { proprietary: PROPRIETARY }),
    };
    const directory = openDirectory(number, parameters, parent, NOTHING_GRANTED);
    this.directories.set(number, directory);
    this.#fill(directory, table, own);
    // The MF has nothing above it: its EF.ARR rules it too.
    directory.security = securityBelow(octets, parent ?? directory);
    return directory;
  }

  #fill(directory: OpenDirectory, { files, directories }: DedicatedFile, rules: number): void {
    // EF.ARR first: the others look their rules up in it.
    const ordered = files.toSorted((a, b) => Number(b.identifier === rules) - Number(a.identifier === rules));
    for (const file of ordered) this.#addFile(directory, file, rules);
    for (const child of directories) {
      const node = this.build(child, directory, rules);
      if (node.aid === undefined) directory.children.set(child.identifier, node);
      else this.applications.push(node);
    }
  }

  #addFile(directory: OpenDirectory, file: ElementaryFile, rules: number): void {
    const { identifier, access, number, shortIdentifier } = file;
    const octets = typeof access === 'number' ? referenced(rules, access) : access;
    const draft = fileNode(file, directory, { ...NOTHING_GRANTED, octets });
    const isRuleFile = identifier === rules;
    const node = { ...draft, security: securityBy(octets, isRuleFile ? draft : ruleFileOf(octets, directory)) };
    directory.children.set(identifier, node);
    if (shortIdentifier !== undefined) directory.byShortIdentifier[shortIdentifier] = node;
    const same = this.files.get(number);
    if (same === undefined) this.files.set(number, [node]);
    else same.push(node);
  }
}

/** The image of the master file and everything below it. */
export function fileImage(master: DedicatedFile): FileImage {
  const builder = new ImageBuilder();
  const node = builder.build(master, undefined, master.rules ?? 0);
  const { applications, files, directories } = builder;
  return { master: node, applications, files, directories };
}
