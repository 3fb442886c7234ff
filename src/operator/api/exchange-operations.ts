import Type, { type TSchema } from 'typebox';
import { pcapngOctets } from '#base/trace/index.ts';
import type { Permission } from '#operator/access/index.ts';
import type { Exchange, ExchangeLog, Hop } from '#protocol/exchange/index.ts';
import type { EventStreams, Followed } from './event-stream.ts';
import {
  DescribedHop,
  describedHop,
  ExchangeView,
  exchangeView,
  type HopShown,
  HopView,
  hopView,
} from './exchange-view.ts';
import { Identities } from './identities.ts';
import { type Call, type Operation, operation, type Tag } from './operation.ts';
import { positionOf } from './operations/events.ts';
import { ProblemError } from './problem.ts';
import { RESOURCE } from './refusals.ts';
import { Count, closed, Limit, list, rowsOf } from './schema.ts';
import type { ApiSources } from './sources.ts';

const EXCHANGE = closed({ exchange: Type.Integer({ minimum: 1 }) });
const HOP = closed({ hop: Type.Integer({ minimum: 1 }) });
/** Hops of an exchange that one file holds. */
const MOST_IN_FILE = 5_000;

type Log = Pick<ExchangeLog, 'newest' | 'after' | 'hop' | 'exchange' | 'exchangesBefore'>;

/** Where exchanges are kept: a laboratory, or a process of an operator. */
export interface ExchangePlace {
  readonly tag: Tag;
  readonly permission: Permission;
  /** Before `/exchanges`. */
  readonly path: string;
  /** In the identifiers of operations: `listLaboratoryExchanges`. */
  readonly name: string;
  /** A handset, as a query names it. */
  readonly handset: TSchema;
  /** What stands behind the summaries: who kept it, and what opens seals. */
  readonly about: string;
  /** True when its identities are those of real people. */
  readonly isPersonal: boolean;
  /** What is kept, and how many hops at most; undefined when nothing is. */
  log(sources: ApiSources): { readonly log: Log; readonly most: number } | undefined;
  /** How a hop is shown to this caller. Throws ProblemError. */
  shown(call: Call, hop: Hop): HopShown;
  /** Before octets of an exchange are given out. Throws ProblemError for a caller who may not see them. */
  given(call: Call, exchange: Exchange): void;
}

const gone = (what: 'exchangeGone' | 'hopGone') => new ProblemError('no-such-resource', RESOURCE.say(what));

function logOf({ log }: ExchangePlace, { sources }: Pick<Call, 'sources'>): Log {
  const found = log(sources);
  if (found === undefined) throw gone('exchangeGone');
  return found.log;
}

function exchangeOf(log: Log, number: number): Exchange {
  const found = log.exchange(number);
  if (found === undefined) throw gone('exchangeGone');
  return found;
}

/** Exchanges and their hops in pages. */
function listing(place: ExchangePlace): readonly Operation[] {
  const { tag, permission, path, name, about } = place;
  return [
    operation({
      id: `list${name}Exchanges`,
      method: 'GET',
      path: `${path}/exchanges`,
      ...{ tag, permission },
      summary:
        'Exchanges, newest first: a power-on, a call, a report, an order; `next` is the `before` of the next page.',
      description: about,
      query: closed({
        handset: Type.Optional(place.handset),
        before: Type.Optional({ ...Count, description: 'Exchanges below this number; default: from the newest.' }),
        limit: Type.Optional(Limit),
      }),
      answer: closed({
        exchanges: list(ExchangeView),
        next: Count,
        kept: { ...Count, description: 'hops kept at most; 0: none are' },
      }),
      run({ sources, query: { handset, before = Number.MAX_SAFE_INTEGER, limit } }) {
        const kept = place.log(sources);
        const wanted = handset === undefined ? undefined : String(handset);
        const found = kept?.log.exchangesBefore(before, rowsOf(limit), wanted) ?? [];
        return { exchanges: found.map(exchangeView), next: found.at(-1)?.number ?? 0, kept: kept?.most ?? 0 };
      },
    }),
    operation({
      id: `get${name}Exchange`,
      method: 'GET',
      path: `${path}/exchanges/:exchange`,
      ...{ tag, permission },
      summary: 'One exchange.',
      params: EXCHANGE,
      answer: ExchangeView,
      problems: ['no-such-resource'],
      run: (call) => exchangeView(exchangeOf(logOf(place, call), call.params.exchange)),
    }),
    operation({
      id: `list${name}Hops`,
      method: 'GET',
      path: `${path}/exchanges/:exchange/hops`,
      ...{ tag, permission },
      summary: 'The hops of an exchange, oldest first; `next` is the `after` of the next page.',
      params: EXCHANGE,
      query: closed({ after: Type.Optional(Count), limit: Type.Optional(Limit) }),
      answer: closed({ hops: list(HopView), next: Count }),
      problems: ['no-such-resource'],
      run(call) {
        const { exchange } = call.params;
        const { after = 0, limit } = call.query;
        const log = logOf(place, call);
        exchangeOf(log, exchange);
        const found = log.after(after, rowsOf(limit), { exchange });
        return { hops: found.map(hopView), next: found.at(-1)?.number ?? after };
      },
    }),
    operation({
      id: `get${name}Hop`,
      method: 'GET',
      path: `${path}/hops/:hop`,
      ...{ tag, permission, showsIdentities: place.isPersonal },
      summary: 'One hop: its octets, what they say, what seals hide, what was altered, and which seal did not hold.',
      description: about,
      params: HOP,
      answer: DescribedHop,
      problems: ['no-such-resource'],
      run(call) {
        const log = logOf(place, call);
        const found = log.hop(call.params.hop);
        if (found === undefined) throw gone('hopGone');
        const shown = place.shown(call, found);
        if (shown.isWithheld !== true) place.given(call, exchangeOf(log, found.exchange));
        return describedHop(found, shown);
      },
    }),
  ];
}

const fileName = ({ handset, number }: Exchange, ending: string) =>
  `attachment; filename="assay-${handset.replaceAll(/[^A-Za-z0-9]/g, '-')}-${number}.${ending}"`;

/** An exchange as a file. */
function exporting(place: ExchangePlace): readonly Operation[] {
  const { tag, permission, path, name, about } = place;
  const given = (call: Call, number: number) => {
    const log = logOf(place, call);
    const exchange = exchangeOf(log, number);
    place.given(call, exchange);
    return { exchange, hops: log.after(0, MOST_IN_FILE, { exchange: number }) };
  };
  return [
    operation({
      id: `export${name}Capture`,
      method: 'GET',
      path: `${path}/exchanges/:exchange/capture`,
      ...{ tag, permission, showsIdentities: place.isPersonal },
      summary: 'An exchange as a pcapng file: what Wireshark can read of it.',
      params: EXCHANGE,
      answer: Type.String({ description: 'application/x-pcapng' }),
      mediaType: 'application/x-pcapng',
      problems: ['no-such-resource'],
      run(call) {
        const { exchange, hops } = given(call, call.params.exchange);
        const octets = pcapngOctets(hops.map(({ record }) => record));
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
      id: `export${name}Record`,
      method: 'GET',
      path: `${path}/exchanges/:exchange/record`,
      ...{ tag, permission, showsIdentities: place.isPersonal },
      summary: 'An exchange with the octets of every hop, described.',
      description: about,
      params: EXCHANGE,
      answer: closed({ exchange: ExchangeView, hops: list(DescribedHop) }),
      problems: ['no-such-resource'],
      run(call) {
        const { exchange, hops } = given(call, call.params.exchange);
        return {
          exchange: exchangeView(exchange),
          hops: hops.map((hop) => describedHop(hop, place.shown(call, hop))),
        };
      },
    }),
  ];
}

/** A list of hops names nobody but a UICC. */
const NONE_WHOLE = new Identities({ subscribers: false, equipment: false });

const FOLLOWING =
  'Each event has the number of the hop as `id`, `hop` as `event` and the hop as `data`. A reader that comes back with Last-Event-ID (or `after`) misses nothing that is kept.';

/** Hops as they happen. */
function following(place: ExchangePlace, streams: EventStreams): Operation {
  const { tag, permission, path, name } = place;
  let followed: Followed | undefined;
  return operation({
    id: `follow${name}Hops`,
    method: 'GET',
    path: `${path}/hops/stream`,
    ...{ tag, permission },
    summary: 'Hops as they happen, as server-sent events.',
    description: FOLLOWING,
    query: closed({
      after: Type.Optional(Type.Integer({ minimum: 0, description: 'Begin behind this number; default now.' })),
    }),
    answer: Type.String({ description: 'text/event-stream' }),
    mediaType: 'text/event-stream',
    problems: ['unavailable'],
    run(call) {
      const log = place.log(call.sources)?.log;
      followed ??= {
        newest: () => log?.newest ?? 0,
        after: (number, most) =>
          (log?.after(number, most) ?? []).map((hop) => ({ id: hop.number, kind: 'hop', data: hopView(hop) })),
      };
      const after = positionOf(call, followed.newest());
      streams.admit(call.caller);
      const { caller } = call;
      const response = call.takeOver({ 'Content-Type': 'text/event-stream; charset=utf-8' });
      streams.follow(followed, response, { caller, identities: NONE_WHOLE }, after);
      return '';
    },
  });
}

/** What can be asked about exchanges that are kept somewhere. */
export const exchangeOperationsOf = (place: ExchangePlace, streams: EventStreams): readonly Operation[] => [
  ...listing(place),
  following(place, streams),
  ...exporting(place),
];
