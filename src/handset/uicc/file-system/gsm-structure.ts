import { enumeration, octets, struct, u8, u16 } from '#base/codec/index.ts';
import { type Condition, FILE_MODE, INSTRUCTION, KEY } from './access-rule.ts';
import type { CardFiles } from './card-files.ts';
import { STRUCTURE } from './elementary-file.ts';
import { LIFE_CYCLE } from './file-control-parameters.ts';
import type { DirectoryNode, FileNode } from './file-image.ts';
import type { FileSession } from './grants.ts';

/** What a 2G terminal is told of the MF or a DF (TS 51.011 9.2.1). */
export const directoryStructure = struct({
  reserved: u16,
  free: u16,
  identifier: u16,
  type: enumeration(u8, { master: 0x01, directory: 0x02 }),
  unused: octets(5),
  /** Octets that follow. */
  following: u8,
  characteristics: u8,
  directories: u8,
  files: u8,
  /** CHVs, their unblock codes and administrative codes. */
  codes: u8,
  unused2: u8,
  chv1: u8,
  unblock1: u8,
  chv2: u8,
  unblock2: u8,
});

/** What a 2G terminal is told of an EF (TS 51.011 9.2.1). */
export const fileStructure = struct({
  reserved: u16,
  size: u16,
  identifier: u16,
  type: enumeration(u8, { file: 0x04 }),
  /** b7: INCREASE is allowed. */
  increase: u8,
  /** Nibbles: read and update, INCREASE and unused, REHABILITATE and INVALIDATE. */
  conditions: octets(3),
  /** b1: not invalidated. */
  status: u8,
  following: u8,
  structure: enumeration(u8, { transparent: 0, linear: 1, cyclic: 3 }),
  recordLength: u8,
});

/** Clock stop, 3 V and 1.8 V: a card that says 5 V only is not powered by a handset (TS 51.011 9.2.1, TS 11.12, TS 11.18). */
const CHARACTERISTICS = 0x33;
const CHV1_DISABLED = 0x80;
const INITIALISED = 0x80;
const MOST_FREE = 0xffff;
const INCREASE_ALLOWED = 0x40;
const DIRECTORY_REST = 9;
const FILE_REST = 2;
/** PIN1 and PIN2 with their unblock codes, and ADM1. */
const CODES = 5;

/** Access conditions as 2G knows them (TS 51.011 9.3). */
const CONDITION = { always: 0x0, chv1: 0x1, chv2: 0x2, adm: 0x4, never: 0xf } as const;

/** The 2G condition that comes nearest; one of several keys is the first of them. */
function gsmCondition(condition: Condition): number {
  switch (condition.kind) {
    case 'always':
      return CONDITION.always;
    case 'never':
      return CONDITION.never;
    case 'key':
      if (condition.reference === KEY.pin1) return CONDITION.chv1;
      return condition.reference === KEY.pin2 ? CONDITION.chv2 : CONDITION.adm;
    case 'or':
    case 'and': {
      const [first] = condition.conditions;
      return first === undefined ? CONDITION.never : gsmCondition(first);
    }
  }
}

/** State of the codes of a card, for the structure of a DF. */
export interface GsmCodes {
  /** Tries left, of a PIN and of its unblock code; undefined when there is none. */
  status(
    reference: number,
  ): { readonly tries: number; readonly unblockTries: number; readonly isEnabled: boolean } | undefined;
}

/** The structure of a DF as 2G terminals read it. */
export function gsmDirectory(files: CardFiles, node: DirectoryNode, codes: GsmCodes): Uint8Array {
  const { structure, free } = files;
  const children = structure.childrenOf(node).filter((child) => child.kind === 'file' || child.aid === undefined);
  const count = (kind: FileNode['kind'] | DirectoryNode['kind']) =>
    Math.min(0xff, children.filter((child) => child.kind === kind).length);
  const [first, second] = [codes.status(KEY.pin1), codes.status(KEY.pin2)];
  const state = (tries: number | undefined) => (tries === undefined ? 0 : INITIALISED | tries);
  return directoryStructure.encode({
    reserved: 0,
    free: Math.min(MOST_FREE, free),
    identifier: node.identifier,
    type: node.parent === undefined ? 'master' : 'directory',
    unused: new Uint8Array(5),
    following: DIRECTORY_REST,
    characteristics: CHARACTERISTICS | (first?.isEnabled === false ? CHV1_DISABLED : 0),
    directories: count('directory'),
    files: count('file'),
    codes: CODES,
    unused2: 0,
    chv1: state(first?.tries),
    unblock1: state(first?.unblockTries),
    chv2: state(second?.tries),
    unblock2: state(second?.unblockTries),
  });
}

const GSM_STRUCTURE = {
  [STRUCTURE.transparent]: 'transparent',
  [STRUCTURE.linear]: 'linear',
  [STRUCTURE.cyclic]: 'cyclic',
} as const;

/** The structure of an EF as 2G terminals read it; undefined for a BER-TLV EF, which 2G has not. */
export function gsmFile(files: CardFiles, session: FileSession, node: FileNode): Uint8Array | undefined {
  const { identifier, structure, recordLength, records } = node.file;
  if (structure === STRUCTURE.berTlv) return undefined;
  const nibble = (mode: number) => gsmCondition(files.conditionFor(session, node, mode));
  const increase = gsmCondition(files.conditionForInstruction(session, node, INSTRUCTION.increase));
  const isCyclic = structure === STRUCTURE.cyclic;
  const isActive = files.structure.lifeCycle(node) === LIFE_CYCLE.activated;
  return fileStructure.encode({
    reserved: 0,
    size: Math.min(0xffff, recordLength * records),
    identifier,
    type: 'file',
    increase: isCyclic && increase !== CONDITION.never ? INCREASE_ALLOWED : 0,
    conditions: Uint8Array.of(
      (nibble(FILE_MODE.read) << 4) | nibble(FILE_MODE.update),
      ((isCyclic ? increase : CONDITION.never) << 4) | CONDITION.never,
      (nibble(FILE_MODE.activate) << 4) | nibble(FILE_MODE.deactivate),
    ),
    status: isActive ? 1 : 0,
    following: FILE_REST,
    structure: GSM_STRUCTURE[structure],
    recordLength: structure === STRUCTURE.transparent ? 0 : recordLength,
  });
}
