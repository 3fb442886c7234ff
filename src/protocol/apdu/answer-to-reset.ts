import { type Format, format, type Reader } from '#base/codec/index.ts';
import type { ProtocolOffer } from './card.ts';

/** Interface octets TA, TB, TC of one group, and the protocol T they belong to; the first group belongs to none. 15: to all. */
export interface InterfaceGroup {
  readonly protocol?: number;
  readonly ta?: number;
  readonly tb?: number;
  readonly tc?: number;
}

/** What a card answers to reset (ISO/IEC 7816-3 8.2). */
export interface AnswerToReset {
  /** TS: 3B direct, 3F inverse convention. */
  readonly convention: 'direct' | 'inverse';
  /** At least the first; TD of each group announces the next. */
  readonly groups: readonly [InterfaceGroup, ...InterfaceGroup[]];
  /** 0 to 15 octets. */
  readonly historical: Uint8Array;
}

const TS = { direct: 0x3b, inverse: 0x3f } as const;
const NAMES = ['ta', 'tb', 'tc'] as const;
/** b5 to b8 of T0 and TD: TA, TB, TC, TD follow. */
const FIRST_BIT = 0x10;
const TD_FOLLOWS = 0x80;
/** T=15 stands for octets that belong to the card, not to a protocol. */
const GLOBAL = 15;
/** TS and at most 32 octets after it. */
const MOST_GROUPS = 8;

/** TCK stands at the end unless T=0 alone is offered; with it, T0 to TCK give 0 by exclusive or (ISO/IEC 7816-3 8.2.5). */
const hasCheck = (groups: readonly InterfaceGroup[]) => groups.some(({ protocol = 0 }) => protocol !== 0);

/** An answer to reset as a declared format. */
export const answerToReset: Format<AnswerToReset> = format(read, (writer, { convention, groups, historical }) => {
  if (historical.length > 15) throw writer.error(`historical octets: expected at most 15, got ${historical.length}`);
  const octets: number[] = [];
  groups.forEach((group, i) => {
    const next = groups[i + 1];
    const follows = NAMES.reduce((bits, name, at) => bits | (group[name] === undefined ? 0 : FIRST_BIT << at), 0);
    const low = i === 0 ? historical.length : (group.protocol ?? 0);
    octets.push(follows | (next === undefined ? 0 : TD_FOLLOWS) | low);
    for (const name of NAMES) if (group[name] !== undefined) octets.push(group[name]);
  });
  octets.push(...historical);
  writer.uint(1, TS[convention]);
  writer.put(Uint8Array.from(octets));
  if (hasCheck(groups))
    writer.uint(
      1,
      octets.reduce((sum, octet) => sum ^ octet, 0),
    );
});

function read(reader: Reader): AnswerToReset {
  const ts = reader.u8();
  if (ts !== TS.direct && ts !== TS.inverse) throw reader.error(`TS: expected 3B or 3F, got ${ts.toString(16)}`, 0);
  const start = reader.position;
  const count = reader.u8();
  const first = readGroup(reader, count);
  const groups: [InterfaceGroup, ...InterfaceGroup[]] = [first.group];
  for (let { td } = first; td !== undefined; ) {
    if (groups.length === MOST_GROUPS) throw reader.error(`TD: expected at most ${MOST_GROUPS} groups`);
    const { group, td: next } = readGroup(reader, td);
    groups.push({ protocol: td & 0x0f, ...group });
    td = next;
  }
  const historical = reader.copy(count & 0x0f);
  if (hasCheck(groups)) readCheck(reader, start);
  return { convention: ts === TS.direct ? 'direct' : 'inverse', groups, historical };
}

/** The interface octets that `follows` announces, and TD when it announces one. */
function readGroup(
  reader: Reader,
  follows: number,
): { readonly group: InterfaceGroup; readonly td: number | undefined } {
  const group: { ta?: number; tb?: number; tc?: number } = {};
  NAMES.forEach((name, at) => {
    if ((follows & (FIRST_BIT << at)) !== 0) group[name] = reader.u8();
  });
  return { group, td: (follows & TD_FOLLOWS) === 0 ? undefined : reader.u8() };
}

function readCheck(reader: Reader, start: number): void {
  reader.u8();
  const sum = reader.octets.subarray(start, reader.position).reduce((left, octet) => left ^ octet, 0);
  if (sum !== 0) throw reader.error('TCK: expected that T0 to TCK give 0 by exclusive or', reader.position - 1);
}

const OFFERED: Readonly<Record<ProtocolOffer, readonly number[]>> = { 'T=0': [0], 'T=1': [1], both: [0, 1] };

/**
 * An answer to reset that offers these protocols and says everything else as this one does. Throws CodecError when it is none. T=0 comes
 * first where both are offered: a reader that does not choose speaks T=0.
 */
export function atrOffering(atr: Uint8Array, offer: ProtocolOffer): Uint8Array {
  const { groups, ...rest } = answerToReset.decode(atr);
  const [first, ...others] = groups;
  const offered = OFFERED[offer].flatMap((protocol) => {
    const own = others.filter((group) => group.protocol === protocol);
    return own.length > 0 ? own : [{ protocol }];
  });
  const shared = others.filter(({ protocol }) => protocol === GLOBAL);
  return answerToReset.encode({ ...rest, groups: [first, ...offered, ...shared] });
}
