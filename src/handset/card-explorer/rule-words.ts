import {
  accessRule,
  type Condition,
  conditionOf,
  conditionOfInstruction,
  DIRECTORY_MODE,
  FILE_MODE,
  INSTRUCTION,
} from '#handset/uicc/index.ts';
import type { FileFacts } from './file-facts.ts';

/** What each access to a file wants, in words. */
export type CardRule = Readonly<Record<string, string>>;

/** Key references in words (TS 102 221 9.5.1). */
export function keyName(reference: number): string {
  if (reference >= 0x01 && reference <= 0x08) return `PIN${reference === 1 ? '1' : ` of application ${reference}`}`;
  if (reference >= 0x81 && reference <= 0x88)
    return `PIN2${reference === 0x81 ? '' : ` of application ${reference - 0x80}`}`;
  if (reference === 0x11) return 'universal PIN';
  if (reference >= 0x0a && reference <= 0x0e) return `ADM${reference - 9}`;
  if (reference >= 0x8a && reference <= 0x8e) return `ADM${reference - 0x8a + 6}`;
  return `key ${reference.toString(16).toUpperCase().padStart(2, '0')}`;
}

function words(condition: Condition): string {
  switch (condition.kind) {
    case 'always':
    case 'never':
      return condition.kind;
    case 'key':
      return keyName(condition.reference);
    case 'or':
    case 'and':
      return condition.conditions.length === 0 ? 'never' : condition.conditions.map(words).join(` ${condition.kind} `);
  }
}

const OF_FILE = {
  read: FILE_MODE.read,
  update: FILE_MODE.update,
  deactivate: FILE_MODE.deactivate,
  activate: FILE_MODE.activate,
} as const;
const OF_DIRECTORY = {
  create: DIRECTORY_MODE.createFile,
  'delete child': DIRECTORY_MODE.deleteChild,
  deactivate: DIRECTORY_MODE.deactivate,
  activate: DIRECTORY_MODE.activate,
} as const;

/** The rule in a record of an EF.ARR or an object AB, in words. */
export function ruleWords(rule: Uint8Array, kind: FileFacts['kind']): CardRule {
  const read = accessRule(rule);
  const modes = Object.entries(kind === 'directory' ? OF_DIRECTORY : OF_FILE);
  const named = modes.map(([name, mode]) => [name, words(conditionOf(read, mode))] as const);
  const increase =
    kind === 'cyclic' ? [['increase', words(conditionOfInstruction(read, INSTRUCTION.increase))] as const] : [];
  return Object.fromEntries([...named, ...increase]);
}

/** The EF.ARR and the record that a security object 8B names; of several environments the first. */
export function ruleReference(value: Uint8Array): { readonly file: number; readonly record: number } | undefined {
  const [high, low, first, second] = value;
  if (high === undefined || low === undefined || first === undefined) return undefined;
  const record = value.length === 3 ? first : second;
  return record === undefined ? undefined : { file: (high << 8) | low, record };
}
