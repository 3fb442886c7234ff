import { berTlv, CodecError, sameOctets, toHex } from '#base/codec/index.ts';
import { IdentityError } from '#base/identity/index.ts';
import {
  type AccessRule,
  accessRuleFormat,
  type Condition,
  catalogue,
  type DedicatedFile,
  type ElementaryFile,
  FILE_MODE,
  type FilePath,
  type FilePlan,
  INSTRUCTION,
  isDirectory,
  KEY,
  type PlannedDirectory,
  type PlannedFile,
  pathText,
  STRUCTURE,
  tableAt,
} from '#handset/uicc/index.ts';
import { type Json, jsonOf, meaningOf, sameJson } from './json-value.ts';
import { hex, kindOf, list, membersOf, object, type Read, refuse, text, whole, word } from './reading.ts';

const MOST_FILES = 1024;
/** The master file itself, whose rule a directory of this path says. */
const MASTER = 'MF';
const RULES_TAG = 0xab;
const IDENTIFIER = /^[0-9a-f]{4}$/i;

// ---- paths: names of the tables, or identifiers ----

/** Applications that are made as one of the tables: a second USIM as the first. */
type Kinds = ReadonlyMap<number, number>;
const NO_KINDS: Kinds = new Map();

/** A path such as ADF.USIM/EF.SPN or 7FF0/6F46: each part a name of the tables, or an identifier. */
const pathOf =
  (kinds: Kinds): Read<FilePath> =>
  (value, at) => {
    if (typeof value !== 'string') return refuse(at, 'a path such as ADF.USIM/EF.SPN or 7FF0/6F46', kindOf(value));
    if (value === MASTER) return [];
    const parts = value.split('/');
    if (parts.length > 4) return refuse(at, 'a path of at most 4 parts', String(parts.length));
    let from: DedicatedFile | undefined = catalogue();
    return parts.map((part) => {
      const identifier = IDENTIFIER.test(part) ? Number.parseInt(part, 16) : undefined;
      const row = childOf(from, part, identifier && (kinds.get(identifier) ?? identifier));
      from = row && isDirectory(row) ? row : undefined;
      const found = identifier ?? row?.identifier;
      const expected = 'names of files of the tables, as EF.SPN, or identifiers of 4 hexadecimal digits';
      return found ?? refuse(at, expected, `'${part.slice(0, 40)}'`);
    });
  };
const path = pathOf(NO_KINDS);

const childOf = (from: DedicatedFile | undefined, name: string, identifier: number | undefined) =>
  [...(from?.directories ?? []), ...(from?.files ?? [])].find(
    (one) => one.name === name || one.identifier === identifier,
  );

/** The path in names, where the tables have them. */
export function pathName(identifiers: FilePath, kinds: Kinds = NO_KINDS): string {
  if (identifiers.length === 0) return MASTER;
  const [first = 0, ...below] = identifiers;
  const named = [kinds.get(first) ?? first, ...below];
  return identifiers
    .map((identifier, i) => {
      const isKind = i === 0 && kinds.get(identifier) !== undefined;
      return (isKind ? undefined : tableAt(named.slice(0, i + 1))?.name) ?? pathText([identifier]);
    })
    .join('/');
}

// ---- access: words for AM and SC data objects ----

const CONDITIONS: Readonly<Record<string, Condition>> = {
  always: { kind: 'always' },
  never: { kind: 'never' },
  pin1: { kind: 'key', reference: KEY.pin1 },
  pin2: { kind: 'key', reference: KEY.pin2 },
  universal: { kind: 'key', reference: KEY.universalPin },
  ...Object.fromEntries([0, 1, 2, 3, 4].map((i) => [`adm${i + 1}`, { kind: 'key', reference: KEY.adm1 + i }] as const)),
};
const condition: Read<Condition> = (value, at) => {
  if (!Array.isArray(value)) return CONDITIONS[word(...Object.keys(CONDITIONS))(value, at)] as Condition;
  return { kind: 'or', conditions: list(condition, 8)(value, at) };
};
const MODES = { ...FILE_MODE, ...INSTRUCTION } as const;

/** A rule in words, as a security object of its own (AB; TS 102 221 11.1.1.4.7.3). */
const access: Read<Uint8Array> = (value, at) => {
  const given = object({}, Object.fromEntries(Object.keys(MODES).map((name) => [name, condition])))(value, at);
  const rule: AccessRule = Object.entries(given).flatMap(([name, one]) => {
    if (one === undefined) return [];
    const isInstruction = Object.hasOwn(INSTRUCTION, name);
    const number = MODES[name as keyof typeof MODES];
    return [{ modes: isInstruction ? 0 : number, instruction: isInstruction ? number : undefined, condition: one }];
  });
  return berTlv(RULES_TAG, accessRuleFormat.encode(rule));
};

const ruleMembers = { rule: whole(1, 254), access, security: hex(3, 130) } as const;
function ruleOf(
  {
    rule,
    access: words,
    security,
  }: { readonly rule?: number; readonly access?: Uint8Array; readonly security?: Uint8Array },
  at: string,
) {
  const given = [rule, words, security].filter((one) => one !== undefined);
  if (given.length > 1) refuse(at, 'one of rule, access and security', 'more than one');
  const octets = words ?? security;
  return { ...(rule !== undefined && { rule }), ...(octets && { security: octets }) };
}

// ---- contents ----

/** What a file or record is to hold: octets, or what they mean by the coding of the file's table. */
const contentOf =
  (row: ElementaryFile | undefined): Read<Uint8Array> =>
  (value, at) => {
    const { hex: octets, value: meaning } = object({}, { hex: hex(0, 0x7fff), value: (any: unknown) => any ?? null })(
      value,
      at,
    );
    if (octets !== undefined && meaning !== undefined) return refuse(at, 'hex or value', 'both');
    if (octets !== undefined) return octets;
    if (meaning === undefined) return refuse(at, 'hex or value', 'neither');
    return encoded(row, meaning, at);
  };

function encoded(row: ElementaryFile | undefined, meaning: unknown, at: string): Uint8Array {
  const { coding } = row ?? {};
  if (coding === undefined) return refuse(at, 'hex, as no table says what this file means', 'a value');
  const example = `a value such as ${JSON.stringify(jsonOf(coding.meaning))}`;
  try {
    const octets = coding.format.encode(meaningOf(meaning));
    // What is read again is what was meant: a member that the coding does not know would be lost without a word.
    if (sameJson(jsonOf(coding.format.decode(octets)), meaning)) return octets;
  } catch (error) {
    const isOfValue = [CodecError, IdentityError, TypeError, RangeError].some((kind) => error instanceof kind);
    if (!isOfValue) throw error;
  }
  return refuse(at, example, 'one that this file cannot hold');
}

const records =
  (row: ElementaryFile | undefined): Read<NonNullable<PlannedFile['contents']>> =>
  (value, at) =>
    [...membersOf(value, at)].map(([name, content]) => ({
      record: whole(1, 254)(/^\d{1,3}$/.test(name) ? Number(name) : name, `${at} ${name}`),
      content: contentOf(row)(content, `${at}.${name}`),
    }));

const structure = word(...(Object.keys(STRUCTURE) as (keyof typeof STRUCTURE)[]));

const file = (identifiers: FilePath, row: ElementaryFile | undefined): Read<PlannedFile> => {
  const shape = object(
    {},
    {
      structure,
      size: whole(1, 0x7fff),
      count: whole(1, 254),
      sfi: whole(0, 30),
      link: path,
      hex: (value: unknown) => value,
      value: (value: unknown) => value ?? null,
      records: records(row),
      ...ruleMembers,
    },
  );
  return (value, at) => {
    const { size, count, sfi, link, records: contents, hex: octets, value: meaning, ...rest } = shape(value, at);
    const content = { ...(octets !== undefined && { hex: octets }), ...(meaning !== undefined && { value: meaning }) };
    return {
      path: identifiers,
      ...(rest.structure && { structure: rest.structure }),
      ...(size !== undefined && { size }),
      ...(count !== undefined && { records: count }),
      ...(sfi !== undefined && { shortIdentifier: sfi }),
      ...(link && { link }),
      ...(contents && { contents }),
      ...(Object.keys(content).length > 0 && { content: contentOf(row)(content, at) }),
      ...ruleOf(rest, at),
    };
  };
};

/** Files of a second USIM are coded as those of the first. */
function rowFor(identifiers: FilePath, kinds: Kinds): ElementaryFile | undefined {
  const [first = 0, ...below] = identifiers;
  const found = tableAt([kinds.get(first) ?? first, ...below]);
  return found && !isDirectory(found) ? found : undefined;
}

const APPLICATION_CODE = 7;
function kindsOf(directories: readonly PlannedDirectory[]): Kinds {
  const code = (aid: Uint8Array) => aid.subarray(0, APPLICATION_CODE);
  return new Map(
    directories.flatMap(({ path: [first = 0], aid }) => {
      const kind = aid && catalogue().directories.find((table) => table.aid && sameOctets(code(table.aid), code(aid)));
      return kind === undefined || kind.identifier === first ? [] : [[first, kind.identifier] as const];
    }),
  );
}

const directory: Read<PlannedDirectory> = (value, at) => {
  const { rules, ...rest } = object(
    { path },
    {
      aid: hex(5, 16),
      label: text(/^.{1,32}$/u, '1 to 32 characters'),
      rules: text(IDENTIFIER, '4 hexadecimal digits'),
      ...ruleMembers,
    },
  )(value, at);
  return {
    path: rest.path,
    ...(rest.aid && { aid: rest.aid }),
    ...(rest.label !== undefined && { label: rest.label }),
    ...(rules !== undefined && { rules: Number.parseInt(rules, 16) }),
    ...ruleOf(rest, at),
  };
};

/** The members of a document that make its files. */
export const FILE_MEMBERS = {
  base: word('standard', 'none'),
  services: list(whole(1, 255), 255),
  directories: list(directory, 128),
  files: (value: unknown) => value,
  removed: list(path, 512),
} as const;

/** The plan that the members make; undefined when they say nothing. */
export function planFrom(given: {
  readonly base?: FilePlan['base'];
  readonly services?: readonly number[];
  readonly directories?: readonly PlannedDirectory[];
  readonly files?: unknown;
  readonly removed?: readonly FilePath[];
}): FilePlan | undefined {
  const { base = 'standard', services, directories, files, removed } = given;
  if (Object.keys(given).length === 0) return undefined;
  const kinds = kindsOf(directories ?? []);
  const entries = files === undefined ? [] : [...membersOf(files, 'files')];
  if (entries.length > MOST_FILES) refuse('files', `at most ${MOST_FILES} files`, String(entries.length));
  return {
    base,
    ...(services && { services }),
    ...(directories && { directories }),
    ...(files !== undefined && {
      files: entries.map(([name, content]) => {
        const at = `files["${name}"]`;
        const identifiers = pathOf(kinds)(name, at);
        return file(identifiers, rowFor(identifiers, kinds))(content, at);
      }),
    }),
    ...(removed && { removed }),
  };
}

// ---- the way back ----

const ruleJson = ({ rule, security }: Pick<PlannedFile, 'rule' | 'security'>) => ({
  ...(rule !== undefined && { rule }),
  ...(security && { security: toHex(security) }),
});

/** A content as what it means where its coding says that and nothing else, and in hexadecimal otherwise. */
function contentJson(row: ElementaryFile | undefined, content: Uint8Array): { readonly [name: string]: Json } {
  try {
    const value = jsonOf(row?.coding?.format.decode(content));
    if (row?.coding !== undefined && sameOctets(row.coding.format.encode(meaningOf(value)), content)) return { value };
  } catch (error) {
    if (!(error instanceof CodecError || error instanceof IdentityError || error instanceof TypeError)) throw error;
  }
  return { hex: toHex(content) };
}

function fileJson(planned: PlannedFile, row: ElementaryFile | undefined): { readonly [name: string]: Json } {
  const { structure: kind, size, records: count, shortIdentifier, link, content, contents } = planned;
  return {
    ...(kind && { structure: kind }),
    ...(size !== undefined && { size }),
    ...(count !== undefined && { count }),
    ...(shortIdentifier !== undefined && { sfi: shortIdentifier }),
    ...ruleJson(planned),
    ...(link && { link: pathName(link) }),
    ...(content && contentJson(row, content)),
    ...(contents && {
      records: Object.fromEntries(contents.map(({ record, content: one }) => [String(record), contentJson(row, one)])),
    }),
  };
}

/** The members of a document that make this plan. */
export function planJson(plan: FilePlan): { readonly [name: string]: Json } {
  const { base, services, directories, files, removed } = plan;
  const kinds = kindsOf(directories ?? []);
  return {
    base,
    ...(services && { services: [...services] }),
    ...(directories && {
      directories: directories.map(({ path: where, aid, label, rules, ...rule }) => ({
        path: pathName(where),
        ...(aid && { aid: toHex(aid) }),
        ...(label !== undefined && { label }),
        ...(rules !== undefined && { rules: pathText([rules]) }),
        ...ruleJson(rule),
      })),
    }),
    ...(files && {
      files: Object.fromEntries(
        files.map((planned) => [pathName(planned.path, kinds), fileJson(planned, rowFor(planned.path, kinds))]),
      ),
    }),
    ...(removed && { removed: removed.map((where) => pathName(where)) }),
  };
}
