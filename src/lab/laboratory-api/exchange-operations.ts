import Type from 'typebox';
import { pcapngOctets } from '#base/trace/index.ts';
import type { Laboratory } from '#lab/laboratory/index.ts';
import {
  Count,
  closed,
  type EventStreams,
  type Followed,
  Identities,
  Limit,
  list,
  type Operation,
  operation,
  ProblemError,
  positionOf,
  rowsOf,
} from '#operator/api/index.ts';
import type { Exchange, ExchangeLog, Hop } from '#protocol/exchange/index.ts';
import { DRIVING_REFUSALS, HandsetName } from './operation.ts';
import { DescribedHop, describedHop, ExchangeView, exchangeView, HopView, hopView } from './view.ts';

const EXCHANGE = closed({ exchange: Type.Integer({ minimum: 1 }) });
const HOP = closed({ hop: Type.Integer({ minimum: 1 }) });
/** Hops of an exchange that one file holds. */
const MOST_IN_FILE = 5_000;

const gone = (what: 'exchangeGone' | 'hopGone') => new ProblemError('no-such-resource', DRIVING_REFUSALS.say(what));

function exchangeOf(exchanges: ExchangeLog, number: number): Exchange {
  const found = exchanges.exchange(number);
  if (found === undefined) throw gone('exchangeGone');
  return found;
}

const hopsOf = (exchanges: ExchangeLog, exchange: number): readonly Hop[] =>
  exchanges.after(0, MOST_IN_FILE, { exchange });

/** Exchanges and their hops in pages. */
function listing({ exchanges, opened }: Laboratory): readonly Operation[] {
  return [
    operation({
      id: 'listLaboratoryExchanges',
      method: 'GET',
      path: '/api/v1/laboratory/exchanges',
      tag: 'laboratory',
      summary:
        'What handsets did, newest first: a power-on, a call, a message; `next` is the `before` of the next page.',
      permission: 'laboratory.read',
      query: closed({
        handset: Type.Optional(HandsetName),
        before: Type.Optional({ ...Count, description: 'Exchanges below this number; default: from the newest.' }),
        limit: Type.Optional(Limit),
      }),
      answer: closed({ exchanges: list(ExchangeView), next: Count }),
      run({ query: { handset, before = Number.MAX_SAFE_INTEGER, limit } }) {
        const found = exchanges.exchangesBefore(before, rowsOf(limit), handset);
        return { exchanges: found.map(exchangeView), next: found.at(-1)?.number ?? 0 };
      },
    }),
    operation({
      id: 'getLaboratoryExchange',
      method: 'GET',
      path: '/api/v1/laboratory/exchanges/:exchange',
      tag: 'laboratory',
      summary: 'One exchange.',
      permission: 'laboratory.read',
      params: EXCHANGE,
      answer: ExchangeView,
      problems: ['no-such-resource'],
      run: ({ params: { exchange } }) => exchangeView(exchangeOf(exchanges, exchange)),
    }),
    operation({
      id: 'listLaboratoryHops',
      method: 'GET',
      path: '/api/v1/laboratory/exchanges/:exchange/hops',
      tag: 'laboratory',
      summary: 'The hops of an exchange, oldest first; `next` is the `after` of the next page.',
      permission: 'laboratory.read',
      params: EXCHANGE,
      query: closed({ after: Type.Optional(Count), limit: Type.Optional(Limit) }),
      answer: closed({ hops: list(HopView), next: Count }),
      problems: ['no-such-resource'],
      run({ params: { exchange }, query: { after = 0, limit } }) {
        exchangeOf(exchanges, exchange);
        const found = exchanges.after(after, rowsOf(limit), { exchange });
        return { hops: found.map(hopView), next: found.at(-1)?.number ?? after };
      },
    }),
    operation({
      id: 'getLaboratoryHop',
      method: 'GET',
      path: '/api/v1/laboratory/hops/:hop',
      tag: 'laboratory',
      summary: 'One hop: its octets, what they say, what seals hide, what was altered, and which seal did not hold.',
      description:
        'Plain texts are there because the laboratory’s own cards opened them; no key leaves a card, and no real card is asked.',
      permission: 'laboratory.read',
      params: HOP,
      answer: DescribedHop,
      problems: ['no-such-resource'],
      run({ params }) {
        const found = exchanges.hop(params.hop);
        if (found === undefined) throw gone('hopGone');
        return describedHop(found, opened);
      },
    }),
  ];
}

const fileName = ({ handset, number }: Exchange, ending: string) =>
  `attachment; filename="assay-${handset.replaceAll(/[^A-Za-z0-9]/g, '-')}-${number}.${ending}"`;

/** An exchange as a file. */
function exporting({ exchanges, opened }: Laboratory): readonly Operation[] {
  return [
    operation({
      id: 'exportLaboratoryCapture',
      method: 'GET',
      path: '/api/v1/laboratory/exchanges/:exchange/capture',
      tag: 'laboratory',
      summary: 'An exchange as a pcapng file: what Wireshark can read of it.',
      permission: 'laboratory.read',
      params: EXCHANGE,
      answer: Type.String({ description: 'application/x-pcapng' }),
      mediaType: 'application/x-pcapng',
      problems: ['no-such-resource'],
      run(call) {
        const exchange = exchangeOf(exchanges, call.params.exchange);
        const octets = pcapngOctets(hopsOf(exchanges, exchange.number).map(({ record }) => record));
        call
          .takeOver({
            'Content-Type': 'application/x-pcapng',
            'Content-Disposition': fileName(exchange, 'pcapng'),
            'Content-Length': String(octets.length),
          })
          .end(octets);
        return '';
      },
    }),
    operation({
      id: 'exportLaboratoryRecord',
      method: 'GET',
      path: '/api/v1/laboratory/exchanges/:exchange/record',
      tag: 'laboratory',
      summary: 'An exchange with the octets of every hop, described.',
      permission: 'laboratory.read',
      params: EXCHANGE,
      answer: closed({ exchange: ExchangeView, hops: list(DescribedHop) }),
      problems: ['no-such-resource'],
      run({ params }) {
        const exchange = exchangeOf(exchanges, params.exchange);
        const hops = hopsOf(exchanges, exchange.number).map((hop) => describedHop(hop, opened));
        return { exchange: exchangeView(exchange), hops };
      },
    }),
  ];
}

/** The numbers of a laboratory are made up; others are not in its hops. */
const NONE_WHOLE = new Identities({ subscribers: false, equipment: false });

const FOLLOWING =
  'Each event has the number of the hop as `id`, `hop` as `event` and the hop as `data`. A reader that comes back with Last-Event-ID (or `after`) misses nothing that is kept.';

/** Hops as they happen. */
function following({ exchanges }: Laboratory, streams: EventStreams): Operation {
  const followed: Followed = {
    newest: () => exchanges.newest,
    after: (number, most) =>
      exchanges.after(number, most).map((hop) => ({ id: hop.number, kind: 'hop', data: hopView(hop) })),
  };
  return operation({
    id: 'followLaboratoryHops',
    method: 'GET',
    path: '/api/v1/laboratory/hops/stream',
    tag: 'laboratory',
    summary: 'Hops as they happen, as server-sent events.',
    description: FOLLOWING,
    permission: 'laboratory.read',
    query: closed({
      after: Type.Optional(Type.Integer({ minimum: 0, description: 'Begin behind this number; default now.' })),
    }),
    answer: Type.String({ description: 'text/event-stream' }),
    mediaType: 'text/event-stream',
    problems: ['unavailable'],
    run(call) {
      const after = positionOf(call, exchanges.newest);
      streams.admit(call.caller);
      const { caller } = call;
      const response = call.takeOver({ 'Content-Type': 'text/event-stream; charset=utf-8' });
      streams.follow(followed, response, { caller, identities: NONE_WHOLE }, after);
      return '';
    },
  });
}

/** Exchanges of the laboratory. */
export const exchangeOperations = (laboratory: Laboratory, streams: EventStreams): readonly Operation[] => [
  ...listing(laboratory),
  following(laboratory, streams),
  ...exporting(laboratory),
];
