import { concat } from '#base/codec/index.ts';
import { AVP_FLAG, type Avp, type AvpBudget, AvpFault, avp as avpFormat, readAvps } from './avp.ts';
import type { AvpType } from './avp-type.ts';
import { RESULT } from './result-code.ts';

/** An AVP as a standard declares it. `flags` are those it is sent with; V says that it belongs to `vendor`. */
export interface AvpDefinition<T> {
  readonly name: string;
  readonly code: number;
  readonly vendor: number;
  readonly flags: number;
  readonly type: AvpType<T>;
}
type Definitions = Readonly<Record<string, AvpDefinition<unknown>>>;
/** The type of an AVP's value. */
export type ValueOf<D> = D extends AvpDefinition<infer T> ? T : never;

/** How often an AVP occurs: required once, at most once, any number, at least once (RFC 6733 3.2). */
export type Occurrence = '1' | '0-1' | '*' | '1*';
type Rules<D> = { readonly [K in keyof D]?: Occurrence };

type Once<D, R> = {
  readonly [K in keyof R & keyof D as R[K] extends '1' ? K : never]: ValueOf<D[K]>;
};
type AtMostOnce<D, R> = {
  readonly [K in keyof R & keyof D as R[K] extends '0-1' ? K : never]?: ValueOf<D[K]>;
};
type Often<D, R> = {
  readonly [K in keyof R & keyof D as R[K] extends '*' | '1*' ? K : never]?: readonly ValueOf<D[K]>[];
};
/** What a grammar reads: values by the names of their AVPs; what may be missing is missing. */
export type GrammarValue<D, R> = Once<D, R> & AtMostOnce<D, R> & Often<D, R>;

/** The AVPs that a command or a grouped AVP consists of (RFC 6733 3.2, 4.4). Others may come too, as `* [ AVP ]` has it. */
export interface Grammar<T> {
  /** The values, or the first fault: 3009, 5001, 5004, 5005, 5009, 5014. Never throws. */
  read(avps: readonly Avp[], budget: AvpBudget): T | AvpFault;
  /** The AVPs in the order of the declaration. Throws CodecError for a value that does not fit. */
  write(value: T): Uint8Array;
}
/** The type of a grammar's value. */
export type GrammarOf<G> = G extends Grammar<infer T> ? T : never;

const keyOf = (code: number, vendor: number): number => vendor * 2 ** 32 + code;

// Every AVP of the dictionary: known is what has been defined, wherever it stands.
const KNOWN = new Set<number>();

/** Gives each definition its name and makes its AVP known. */
export function named<D extends Readonly<Record<string, Omit<AvpDefinition<unknown>, 'name'>>>>(
  table: D,
): { readonly [K in keyof D]: D[K] & { readonly name: string } } {
  for (const { code, vendor } of Object.values(table)) KNOWN.add(keyOf(code, vendor));
  const entries = Object.entries(table).map(([name, definition]) => [name, { ...definition, name }]);
  // Object.fromEntries forgets the names of the members; they are those of the table.
  return Object.fromEntries(entries);
}

/** One AVP of a definition. Throws CodecError when the value does not fit its type. */
export function avpOf<T>({ code, vendor, flags, type }: AvpDefinition<T>, value: T): Avp {
  return { code, vendor, flags, data: type.write(value) };
}

/** An AVP as a missing one is shown in Failed-AVP: its header and the least data, zeros (RFC 6733 7.1.5, 5005). */
export function missingAvp({ code, vendor, flags, type }: AvpDefinition<unknown>): Avp {
  return { code, vendor, flags, data: new Uint8Array(type.least) };
}

interface Field {
  readonly definition: AvpDefinition<unknown>;
  readonly occurrence: Occurrence;
}

/** Why the flags or the presence of an AVP is a fault, whatever its value (RFC 6733 4.1, 7.1.3, 7.1.5). */
function faultOfHeader(avp: Avp, isKnown: boolean): AvpFault | undefined {
  if (isKnown) {
    const isBad = (avp.flags & AVP_FLAG.RESERVED) !== 0 || ((avp.flags & AVP_FLAG.V) !== 0 && avp.vendor === 0);
    return isBad
      ? new AvpFault(RESULT.INVALID_AVP_BITS, avp, `AVP ${avp.code}: flags that are not defined`)
      : undefined;
  }
  if ((avp.flags & AVP_FLAG.M) === 0) return undefined;
  const vendor = avp.vendor === 0 ? '' : ` of vendor ${avp.vendor}`;
  return new AvpFault(RESULT.AVP_UNSUPPORTED, avp, `AVP ${avp.code}${vendor} is mandatory and not known`);
}

function readField(field: Field, avp: Avp, into: Record<string, unknown>, budget: AvpBudget): AvpFault | undefined {
  const { definition, occurrence } = field;
  const before = into[definition.name];
  if (before !== undefined && !occurrence.endsWith('*'))
    return new AvpFault(RESULT.AVP_OCCURS_TOO_MANY_TIMES, avp, `${definition.name}: expected it once, it came again`);
  const value = definition.type.read(avp, budget);
  if (value instanceof AvpFault) return value;
  if (!occurrence.endsWith('*')) into[definition.name] = value;
  else if (before === undefined) into[definition.name] = [value];
  else (before as unknown[]).push(value);
  return undefined;
}

function firstMissing(fields: Iterable<Field>, value: Readonly<Record<string, unknown>>): AvpFault | undefined {
  for (const { definition, occurrence } of fields)
    if (occurrence.startsWith('1') && value[definition.name] === undefined)
      return new AvpFault(RESULT.MISSING_AVP, missingAvp(definition), `${definition.name} is missing`);
  return undefined;
}

/** Declares a grammar: AVPs of `table` by name, each with its occurrence, in the order they are written. */
export function grammar<D extends Definitions, const R extends Rules<D>>(
  table: D,
  rules: R,
): Grammar<GrammarValue<D, R>> {
  const fields = new Map<number, Field>();
  for (const [name, occurrence] of Object.entries(rules) as [string, Occurrence][]) {
    const definition = table[name] as AvpDefinition<unknown>;
    fields.set(keyOf(definition.code, definition.vendor), { definition, occurrence });
  }
  return {
    read(avps, budget) {
      const value: Record<string, unknown> = {};
      for (const avp of avps) {
        const key = keyOf(avp.code, avp.vendor);
        const field = fields.get(key);
        const fault =
          faultOfHeader(avp, field !== undefined || KNOWN.has(key)) ??
          (field === undefined ? undefined : readField(field, avp, value, budget));
        if (fault !== undefined) return fault;
      }
      // The record was filled from the same tables the type is inferred from.
      return firstMissing(fields.values(), value) ?? (value as GrammarValue<D, R>);
    },
    write(value) {
      const parts: Uint8Array[] = [];
      for (const { definition, occurrence } of fields.values()) {
        const member = (value as Readonly<Record<string, unknown>>)[definition.name];
        if (member === undefined) continue;
        const all = occurrence.endsWith('*') ? (member as readonly unknown[]) : [member];
        for (const one of all) parts.push(avpFormat.encode(avpOf(definition, one)));
      }
      return concat(...parts);
    },
  };
}

/** Grouped (RFC 6733 4.4): AVPs in an AVP, by their grammar. */
export function Grouped<T>(inner: Grammar<T>): AvpType<T> {
  return {
    least: 0,
    write: (value) => inner.write(value),
    read(avp, budget) {
      if (budget.depth <= 0) return new AvpFault(RESULT.UNABLE_TO_COMPLY, undefined, 'AVPs nested deeper than is read');
      const members: Avp[] = [];
      budget.depth--;
      const value = readAvps(avp.data, 0, avp.data.length, budget, members) ?? inner.read(members, budget);
      budget.depth++;
      return value;
    },
  };
}

/** A grouped AVP whose members are kept as they are: Failed-AVP, whose content may be anything at all. */
export const AnyAvps: AvpType<readonly Avp[]> = {
  least: 0,
  write: (value) => concat(...value.map((one) => avpFormat.encode(one))),
  read(avp, budget) {
    const members: Avp[] = [];
    return readAvps(avp.data, 0, avp.data.length, budget, members) ?? members;
  },
};
