import {
  berTlv,
  berTlvSet,
  concat,
  type Format,
  type Infer,
  map,
  NO_OCTETS,
  optional,
  required,
  rest,
  tagged,
  u8,
  u16,
} from '#base/codec/index.ts';
import { type ElementaryFile, isOfRecords, STRUCTURE, type Structure } from './elementary-file.ts';

/** Life cycle of a file (TS 102 221 11.1.1.4.9). */
export const LIFE_CYCLE = { activated: 0x05, deactivated: 0x04, terminated: 0x0c } as const;

/** What the FCP of a DF says (TS 102 221 11.1.1.3.2), but for its life cycle and the status of its PINs. */
export interface DirectoryParameters {
  readonly identifier: number;
  readonly aid?: Uint8Array;
  /** The security object: 8B or AB. */
  readonly security: Uint8Array;
  /** Value of the proprietary object A5; only the MF has one. */
  readonly proprietary?: Uint8Array;
}

const TEMPLATE = 0x62;
const TAG = { referenced: 0x8b, expanded: 0xab } as const;
/** Descriptor of a shareable DF, data coding octet 21. */
const DIRECTORY = Uint8Array.of(0x78, 0x21);
const DATA_CODING = 0x21;
const octets16 = (value: number) => Uint8Array.of(value >> 8, value);
const lifeCycle = (state: number) => berTlv(0x8a, Uint8Array.of(state));

/** The security object that names a record of an EF.ARR (TS 102 221 11.1.1.4.7.2). */
export const referenced = (file: number, record: number): Uint8Array =>
  berTlv(TAG.referenced, octets16(file), Uint8Array.of(record));

/** FCP template of the MF, a DF or an ADF; `pinStatus` is the value of C6 (11.1.1.4.10). */
export function directoryFcp(directory: DirectoryParameters, state: number, pinStatus: Uint8Array): Uint8Array {
  const { identifier, aid, security, proprietary } = directory;
  const objects = [berTlv(0x82, DIRECTORY), berTlv(0x83, octets16(identifier))];
  if (aid) objects.push(berTlv(0x84, aid));
  if (proprietary) objects.push(berTlv(0xa5, proprietary));
  objects.push(lifeCycle(state), security);
  if (pinStatus.length > 0) objects.push(berTlv(0xc6, pinStatus));
  return berTlv(TEMPLATE, ...objects);
}

/** FCP template of an EF (TS 102 221 11.1.1.3.1). */
export function fileFcp(file: ElementaryFile, security: Uint8Array, state: number): Uint8Array {
  const { identifier, shortIdentifier, structure, recordLength, records } = file;
  const descriptor = isOfRecords(file)
    ? concat(Uint8Array.of(structure, DATA_CODING), octets16(recordLength), Uint8Array.of(records))
    : Uint8Array.of(structure, DATA_CODING);
  return berTlv(
    TEMPLATE,
    berTlv(0x82, descriptor),
    berTlv(0x83, octets16(identifier)),
    lifeCycle(state),
    security,
    berTlv(0x80, octets16(recordLength * records)),
    // An empty object says that there is none; without the object the identifier would give one (11.1.1.4.8).
    berTlv(0x88, shortIdentifier === undefined ? NO_OCTETS : Uint8Array.of(shortIdentifier << 3)),
  );
}

// ---- FCP that CREATE FILE and RESIZE FILE bring ----

/** File descriptor: a DF, or the structure of an EF with its record length (TS 102 222 6.3.2.2.2). */
export type Descriptor =
  | { readonly kind: 'directory' }
  | { readonly kind: 'file'; readonly structure: Structure; readonly recordLength: number };

const SHAREABLE = 0x40;
const DIRECTORY_BYTE = 0x78;

const descriptor: Format<Descriptor> = map(
  rest(2, 6),
  (octets, reader) => {
    const first = (octets[0] as number) | SHAREABLE;
    if (first === DIRECTORY_BYTE) return { kind: 'directory' };
    const structure = Object.values(STRUCTURE).find((known) => known === first);
    if (structure === undefined) throw reader.error('expected a structure of an EF, or a DF');
    const recordLength = isOfRecords({ structure }) ? ((octets[2] ?? 0) << 8) | (octets[3] ?? 0) : 0;
    if (isOfRecords({ structure }) && octets.length < 4) throw reader.error('expected a record length');
    return { kind: 'file', structure, recordLength };
  },
  (value) => {
    if (value.kind === 'directory') return DIRECTORY;
    const { structure, recordLength } = value;
    const head = Uint8Array.of(structure, DATA_CODING);
    return recordLength === 0 ? head : concat(head, octets16(recordLength));
  },
);

/** A number of one to four octets, most significant first. */
const size: Format<number> = map(
  rest(1, 4),
  (octets) => octets.reduce((value, octet) => value * 256 + octet, 0),
  (value) => (value > 0xffff ? Uint8Array.of(value >> 24, value >> 16, value >> 8, value) : octets16(value)),
);

/** What stands in A5: with what the file is filled, to the end by the last octet (C1) or over and over (C2) (TS 102 222 6.3.2.2.2). */
export const createdProprietary = berTlvSet(
  { filling: optional(0xc1, rest(1, 200)), repeated: optional(0xc2, rest(1, 200)) },
  'ignore',
);

/** The FCP template of CREATE FILE (TS 102 222 6.3.2.2). */
export const createdFile = tagged(
  TEMPLATE,
  berTlvSet(
    {
      descriptor: required(0x82, descriptor),
      identifier: required(0x83, u16),
      aid: optional(0x84, rest(5, 16)),
      // Kept as octets: cards in the field hold heads with whatever a tool wrote here.
      proprietary: optional(0xa5, rest(0, 255)),
      lifeCycle: optional(0x8a, u8),
      referenced: optional(TAG.referenced, rest(3, 32)),
      expanded: optional(TAG.expanded, rest(0, 128)),
      size: optional(0x80, size),
      totalSize: optional(0x81, size),
      shortIdentifier: optional(0x88, rest(0, 1)),
      pinStatus: optional(0xc6, rest(0, 64)),
    },
    'ignore',
  ),
);
/** The FCP template of CREATE FILE. */
export type CreatedFile = Infer<typeof createdFile>;

/** The FCP template of RESIZE FILE (TS 102 222 6.10.2). */
export const resizedFile = tagged(
  TEMPLATE,
  berTlvSet({ identifier: required(0x83, u16), size: optional(0x80, size), totalSize: optional(0x81, size) }, 'ignore'),
);

/** The security object of a created file; undefined when it brings none, or both. */
export function securityOf({ referenced: reference, expanded }: CreatedFile): Uint8Array | undefined {
  if ((reference === undefined) === (expanded === undefined)) return undefined;
  return reference ? berTlv(TAG.referenced, reference) : expanded && berTlv(TAG.expanded, expanded);
}

/** Where a file's rule stands: its own, or records of an EF.ARR by security environment. */
export type SecurityObject =
  | { readonly kind: 'own'; readonly rule: Uint8Array }
  | { readonly kind: 'referenced'; readonly file: number; readonly records: ReadonlyMap<number, number> };

/** Security environment of a reference without one: it holds in all (TS 102 221 11.1.1.4.7.2). */
export const ANY_ENVIRONMENT = -1;

/** Reads a security object: FID and record, FID and pairs of environment and record, or a rule of its own. */
export function securityObject(object: Uint8Array): SecurityObject {
  const value = object.subarray(object.length > 129 ? 3 : 2);
  if (object[0] === TAG.expanded) return { kind: 'own', rule: value };
  const file = ((value[0] as number) << 8) | (value[1] as number);
  const records = new Map<number, number>();
  if (value.length === 3) records.set(ANY_ENVIRONMENT, value[2] as number);
  else for (let i = 2; i + 1 < value.length; i += 2) records.set(value[i] as number, value[i + 1] as number);
  return { kind: 'referenced', file, records };
}
