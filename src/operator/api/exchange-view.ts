import Type, { type Static } from 'typebox';
import { toHex } from '#base/codec/index.ts';
import type { TraceParty } from '#base/trace/index.ts';
import { REASON_SENTENCES, type Reason } from '#operator/register/index.ts';
import { STATUS_MEANINGS, statusWord } from '#protocol/apdu/index.ts';
import {
  describeHop,
  EXCHANGE_KINDS,
  EXCHANGE_OUTCOMES,
  type Exchange,
  HOP_DETAILS,
  HOP_NAMES,
  type Hop,
  type HopDescription,
  hopMeaning,
  hopName,
  MEANING_CODES,
  OCTET_MEANINGS,
  OCTET_NAMES,
  type OctetNode,
  type OctetSheet,
  type OpenedOctets,
  saidMeaning,
} from '#protocol/exchange/index.ts';
import { Identities } from './identities.ts';
import { Count, closed, Hex, list, names, SaidAs, Text, Time } from './schema.ts';
import { time } from './view.ts';

/** The numbers of a laboratory are made up. */
const ALL_WHOLE = new Identities({ subscribers: false, equipment: true });

const PARTY_CODES = [
  'storageSupport',
  'operatingSystem',
  'uicc',
  'smsc',
  'operator',
  'register',
  'network',
  'person',
] as const;
const PARTY: Readonly<Record<TraceParty, (typeof PARTY_CODES)[number]>> = {
  'storage support (2)': 'storageSupport',
  'operating system (4)': 'operatingSystem',
  'UICC (31)': 'uicc',
  SMSC: 'smsc',
  'operator (5)': 'operator',
  'register (7)': 'register',
  network: 'network',
  person: 'person',
};
const PROTOCOLS = ['apdu', 'atr', 'usat', 'sms', 'ota', 'smpp', 'nas', 'eir', 'local'] as const;
const Step = Type.Union([Type.Literal(101), Type.Literal(102), Type.Literal(103), Type.Literal(104)]);
const WordOfStatus = Type.String({ pattern: '^[0-9A-F]{4}$', title: 'a status word in hexadecimal' });

/** An exchange, as it is answered. */
export const ExchangeView = closed({
  number: Count,
  handset: { ...Text, description: 'its name in a laboratory; at an operator the ICCID of its UICC' },
  kind: names(EXCHANGE_KINDS, 'what began it; message: nobody touched the handset, the operator or the network began'),
  at: Time,
  outcome: Type.Optional(
    closed({
      kind: names(EXCHANGE_OUTCOMES),
      code: Type.Optional({ ...Count, description: 'reject cause of TS 24.008, or status word of the UICC' }),
    }),
  ),
  ...{ hops: Count, storyHops: Count, steps: list(Step) },
  isAltered: Type.Boolean({ description: 'the operating system carried other octets than it was given' }),
});

/** An exchange as its schema says. */
export const exchangeView = (exchange: Exchange): Static<typeof ExchangeView> => {
  const { at, outcome, steps, ...rest } = exchange;
  return { ...rest, at: time(at), steps: [...steps], ...(outcome && { outcome }) };
};

/** A hop in a list, as it is answered. */
export const HopView = closed({
  ...{ number: Count, exchange: Count, handset: Text, at: Time },
  ...{ from: names(PARTY_CODES), to: names(PARTY_CODES), protocol: names(PROTOCOLS) },
  name: Text,
  named: Type.Optional(SaidAs(HOP_NAMES.codes)),
  clause: Type.Optional(Text),
  step: Type.Optional(Step),
  detail: Type.Optional(Text),
  detailed: Type.Optional(SaidAs(HOP_DETAILS.codes)),
  statusWord: Type.Optional(WordOfStatus),
  octets: { ...Count, description: 'how many, both ways' },
  meaning: names(MEANING_CODES, 'what it means in the story, as a code'),
  isStory: Type.Boolean({ description: 'false: housekeeping, and messages that carry others' }),
  isAltered: Type.Boolean({ description: 'the operating system carried other octets than it was given' }),
});

/** A hop as its schema says. */
export function hopView({ number, exchange, handset, record, isStory, isAltered }: Hop): Static<typeof HopView> {
  const { at, from, to, protocol, name, clause, step, detail, said, octets, response } = record;
  const named = hopName(record);
  const hasStatus = protocol === 'apdu' && response !== undefined && response.length >= 2;
  return {
    ...{ number, exchange, handset, at: time(at), from: PARTY[from], to: PARTY[to], protocol, name },
    ...(named && { named }),
    ...(clause !== undefined && { clause }),
    ...(step !== undefined && { step }),
    ...(detail !== undefined && { detail }),
    ...(said && HOP_DETAILS.has(said.code) && { detailed: { code: said.code, values: said.values } }),
    ...(hasStatus && { statusWord: statusWord(response).toString(16).toUpperCase().padStart(4, '0') }),
    octets: octets.length + (response?.length ?? 0),
    meaning: hopMeaning(record).code,
    ...{ isStory, isAltered },
  };
}

const Range = { from: Count, to: { ...Count, description: 'behind the last octet' } };
const Named = SaidAs(OCTET_NAMES.codes);
/** A decoded element, in the order of the octets; what stands inside it follows with a higher level. */
const Node = closed({
  level: { ...Count, description: 'how deep it stands: elements that follow with a higher one are inside' },
  name: Text,
  named: Type.Optional({ ...Named, description: 'the name by its code; none: a standard’s own term' }),
  tag: Type.Optional({ ...Text, description: 'the tag of a data object' }),
  ...Range,
  value: Type.Optional(Text),
  meaning: Type.Optional(Text),
  said: Type.Optional({ ...list(SaidAs(OCTET_MEANINGS.codes)), description: 'the meaning by its sentences' }),
});

/** A name in English, and by its code where it describes. */
const named = (name: string) =>
  OCTET_NAMES.has(name)
    ? { name: OCTET_NAMES.words({ code: name, values: {} }), named: { code: name, values: {} } }
    : { name };

/** A tree as a list: each element before what stands inside it. */
const nodeViews = (nodes: readonly OctetNode[], level = 0): readonly Static<typeof Node>[] =>
  nodes.flatMap(({ name, children = [], meaning, ...node }) => {
    const { meaning: words, said } = meaning === undefined ? {} : saidMeaning(meaning);
    return [
      {
        ...{ level, ...named(name), ...node },
        ...(words !== undefined && { meaning: words }),
        ...(said && { said: [...said] }),
      },
      ...nodeViews(children, level + 1),
    ];
  });

/** All about a hop, as it is answered. */
export const DescribedHop = closed({
  hop: HopView,
  isWithheld: Type.Boolean({ description: 'octets are personal data: they are for who asks for whole identities' }),
  reasons: Type.Array(closed({ text: Text, said: list(SaidAs(REASON_SENTENCES.codes)) }), {
    description: 'of a verdict: why it is so, the decisive reason first',
  }),
  meaning: { ...Text, description: 'what it means in the story, in a sentence' },
  status: Type.Optional(
    closed({ statusWord: WordOfStatus, text: Text, clause: Text, said: SaidAs(STATUS_MEANINGS.codes) }),
  ),
  sheets: list(
    closed({
      id: Text,
      title: Text,
      titled: Type.Optional(Named),
      octets: Hex,
      nodes: list(Node),
      plainOf: Type.Optional(closed({ sheet: Text, ...Range }, 'the sealed octets that these are the plain text of')),
    }),
  ),
  alteration: Type.Optional(
    closed(
      { sheet: Text, ranges: list(closed(Range)), given: Hex, at: Count },
      'octets that the operating system changed on the way, and what it was given',
    ),
  ),
  brokenSeals: list(
    closed(
      { sheet: Text, ...Range, received: Hex, computed: Type.Optional(Hex) },
      'a MAC that did not hold: as it came, and as the holder of the key computes it',
    ),
  ),
});

function statusView({ statusWord: word, text, clause, said }: NonNullable<HopDescription['status']>) {
  return { statusWord: word.toString(16).toUpperCase().padStart(4, '0'), text, clause, said };
}

function sheetView({ octets, nodes, plainOf, id, title }: OctetSheet) {
  const { name, named: titled } = named(title);
  return {
    ...{ id, title: name, octets: toHex(octets), nodes: [...nodeViews(nodes)] },
    ...(titled && { titled }),
    ...(plainOf && { plainOf }),
  };
}

/** How much of a hop is shown, and what is known beside its octets. */
export interface HopShown {
  readonly opened: OpenedOctets;
  readonly reasons?: readonly Reason[];
  readonly identities?: Identities;
  /** Octets are kept back. */
  readonly isWithheld?: boolean;
}

/** All about a hop as its schema says. */
export function describedHop(hop: Hop, shown: HopShown): Static<typeof DescribedHop> {
  const { opened, reasons = [], identities = ALL_WHOLE, isWithheld = false } = shown;
  const { sheets, meaning, status, alteration, brokenSeals } = describeHop(hop, opened);
  return {
    ...{ hop: hopView(hop), isWithheld },
    meaning: meaning.sentence,
    reasons: reasons.map(({ text, said }) => ({ text: identities.words(text), said: identities.said(said) })),
    ...(status && { status: statusView(status) }),
    sheets: isWithheld ? [] : sheets.map((sheet) => sheetView(sheet)),
    ...(alteration && {
      alteration: { ...alteration, ranges: [...alteration.ranges], given: toHex(alteration.given) },
    }),
    brokenSeals: brokenSeals.map(({ received, computed, ...place }) => ({
      ...{ ...place, received: toHex(received) },
      ...(computed && { computed: toHex(computed) }),
    })),
  };
}
