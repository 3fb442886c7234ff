import Type from 'typebox';
import { Imei } from '#base/identity/index.ts';
import {
  type EntryFilter,
  entryRecord,
  exportList,
  LIST_REASONS,
  LISTS,
  type ListEntry,
  type ListName,
  type ListReason,
  OWN_SOURCE,
  type Register,
} from '#operator/register/index.ts';
import { answerWithFile } from '../file-answer.ts';
import { form } from '../form.ts';
import { momentOf, parsed, withCase } from '../given.ts';
import { COUNTS_MILLISECONDS } from '../list-counts.ts';
import { operation } from '../operation.ts';
import { ProblemError } from '../problem.ts';
import { proposed, WAITS } from '../proposal.ts';
import { RESOURCE, VALUE } from '../refusals.ts';
import {
  CaseReference,
  Count,
  closed,
  GivenImei,
  GivenTime,
  Imei14,
  Limit,
  list,
  Note,
  names,
  Reason,
  rowsOf,
  Source,
} from '../schema.ts';
import { strictImei } from '../strict-imei.ts';
import { entryView } from '../view.ts';
import { Entry } from './equipment.ts';

const List = names(LISTS, 'black: Prohibited, grey: Tracking, white: Permitted');

/** A page that does not end between two sources of one IMEI: the next one begins above that IMEI. */
function wholePage({ lists }: Register, name: ListName, after: Imei | undefined, rows: number): readonly ListEntry[] {
  const page = lists.page(name, after, rows);
  const last = page.at(-1)?.imei;
  if (last === undefined || page.length < rows) return page;
  const ofLast = lists.all(last).filter((entry) => entry.list === name);
  return [...page.filter(({ imei }) => !imei.equals(last)), ...ofLast];
}

const DIGITS = 14;

interface FilterQuery {
  readonly prefix?: string;
  readonly source?: string;
  readonly reason?: ListReason;
  readonly caseReference?: string;
  readonly batch?: number;
}

const filterOf = (list: ListName, { prefix, ...filter }: FilterQuery): EntryFilter => ({
  ...{ list, ...filter },
  ...(prefix !== undefined && { first: Number(prefix.padEnd(DIGITS, '0')), last: Number(prefix.padEnd(DIGITS, '9')) }),
});

/** Where a page begins or ends, in one of four ways. */
interface PlaceQuery {
  readonly after?: string;
  readonly from?: string;
  readonly before?: string;
  readonly row?: number;
}

/** A page of what fits, where it stands, and where the next one begins. Throws ProblemError for two places. */
function entryPage(register: Register, filter: EntryFilter, query: PlaceQuery, rows: number) {
  const { search } = register.lists;
  const given = PLACES.filter((name) => query[name] !== undefined);
  if (given.length > 1)
    throw new ProblemError('invalid-value', { ...VALUE.say('twoPlaces', { got: given.join(' and ') }), at: 'query' });
  const imei = (name: 'after' | 'from' | 'before') => {
    const written = query[name];
    return written === undefined ? undefined : parsed(Imei.parse, written, name);
  };
  const standing = query.row === undefined ? undefined : register.positions.at(filter, query.row);
  const [before, from] = [imei('before'), standing?.imei ?? imei('from')];
  const page =
    before === undefined
      ? search.page(filter, { above: from === undefined ? (imei('after')?.number ?? -1) : from.number - 1 }, rows)
      : search.page(filter, { below: before.number }, rows);
  const { entries, lookedTo } = page;
  const [first] = entries;
  const position = standing ?? register.positions.rowOf(filter, first?.imei ?? Imei.fromNumber(0));
  const isLast = before === undefined && entries.length < rows;
  return {
    entries: entries.map(entryView),
    next: isLast ? lookedTo?.equipment : entries.at(-1)?.imei.equipment,
    ...(position && { place: { row: position.row, total: position.total, isExact: position.isExact } }),
  };
}

const PLACES = ['after', 'from', 'before', 'row'] as const;

/** Formats that a list of IMEIs can be written in. */
const EXPORTED = ['csv', 'dirbs-black-list'] as const;

/** Entries of an export read at a time. */
const READ_TOGETHER = 1000;

/** Every entry in ascending order of IMEI, a page at a time. */
function* eachEntry(register: Register, name: ListName) {
  let after: Imei | undefined;
  for (;;) {
    const page = wholePage(register, name, after, READ_TOGETHER);
    for (const entry of page) yield entryRecord(entry);
    after = page.at(-1)?.imei;
    if (page.length < READ_TOGETHER) return;
  }
}

/** Entries of the lists. */
export const listOperations = [
  operation({
    id: 'getLists',
    method: 'GET',
    path: '/api/v1/lists',
    tag: 'lists',
    summary: 'How long the lists are; with `list`, a page of its entries in ascending order of IMEI.',
    description: `The lengths may be ${COUNTS_MILLISECONDS / 1000} seconds old, the entries are not. A page goes on from an IMEI (\`after\`, \`from\`, \`before\`) or begins at a row; \`place\` says where it stands, and is missing until the lists were counted once after the start. For some seconds after a large change a page by source or reason may be short: \`next\` says where to go on.`,
    permission: 'lists.read',
    query: closed({
      list: Type.Optional(List),
      after: Type.Optional({ ...GivenImei, description: 'Entries above this IMEI: the `next` of the page before.' }),
      from: Type.Optional({ ...GivenImei, description: 'Entries from this IMEI on, itself included.' }),
      before: Type.Optional({
        ...GivenImei,
        description: 'The last entries below this IMEI: the page before the one it begins.',
      }),
      row: Type.Optional(
        Type.Integer({
          ...{ minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
          description:
            'Entries from this row on, of those that fit; the first one is 0. Behind the last one: from there.',
        }),
      ),
      prefix: Type.Optional(
        form('formImeiBeginning', '^\\d{1,14}$', { description: 'IMEIs that begin so: a TAC, or more of one.' }),
      ),
      source: Type.Optional({ ...Source, description: 'Entries of this source alone.' }),
      reason: Type.Optional(names(LIST_REASONS, 'Entries for this reason alone.')),
      caseReference: Type.Optional({ ...CaseReference, description: 'Entries of this case alone.' }),
      batch: Type.Optional(Type.Integer({ minimum: 1, description: 'Entries of this import alone.' })),
      limit: Type.Optional(Limit),
    }),
    answer: closed({
      lists: list(closed({ list: List, entries: Count, expired: Count })),
      list: Type.Optional(List),
      entries: Type.Optional(list(Entry)),
      next: Type.Optional(Imei14),
      place: Type.Optional(
        closed({
          row: { ...Count, description: 'of the first entry; the first one of all is 0' },
          total: { ...Count, description: 'entries that fit' },
          isExact: Type.Boolean({ description: 'false for some seconds after a large change: it is being counted' }),
        }),
      ),
    }),
    run({ sources: { register }, query }) {
      const lists = register.lists.counts();
      if (query.list === undefined) return { lists };
      const { list, after, from, before, row, limit, ...filter } = query;
      const place = { ...(after && { after }), ...(from && { from }), ...(before && { before }) };
      const page = entryPage(
        register,
        filterOf(list, filter),
        { ...place, ...(row !== undefined && { row }) },
        rowsOf(limit),
      );
      return { lists, list, ...page };
    },
  }),
  operation({
    id: 'exportList',
    method: 'GET',
    path: '/api/v1/lists/:list/export',
    tag: 'lists',
    summary: 'A whole list as a file.',
    description:
      'It is written while it is read, page by page: an entry that changes meanwhile may be in it as it was or as it is.',
    permission: 'lists.read',
    params: closed({ list: List }),
    query: closed({
      format: Type.Optional(names(EXPORTED, 'csv (default): every column, can be imported again')),
    }),
    answer: Type.String({ description: 'the file' }),
    mediaType: 'text/csv',
    problems: ['unavailable'],
    async run(call) {
      const { sources, params, query } = call;
      const format = query.format ?? 'csv';
      await answerWithFile(call, {
        ...{ type: 'text/csv; charset=utf-8', name: `${params.list}.csv` },
        pieces: () => exportList(eachEntry(sources.register, params.list), format, { list: params.list }),
      });
      return '';
    },
  }),
  operation({
    id: 'addListEntry',
    method: 'POST',
    path: '/api/v1/lists/:list/entries',
    tag: 'lists',
    summary: 'Lists one IMEI, or changes its entry of the same list and source.',
    description: 'The author is the name of the token. UICCs that proved this IMEI get their order thought over.',
    permission: 'lists.change',
    params: closed({ list: List }),
    body: closed({
      imei: GivenImei,
      reason: names(LIST_REASONS),
      note: Type.Optional({ ...Note, description: 'The reason in your own words.' }),
      caseReference: Type.Optional(CaseReference),
      source: Type.Optional(Source),
      expiresAt: Type.Optional({
        ...GivenTime,
        description: 'From when it no longer counts; without it until it is removed.',
      }),
    }),
    status: 201,
    answer: closed({ entry: Entry }),
    others: [WAITS],
    problems: ['conflict'],
    run(call) {
      const { register } = call.sources;
      const { params, body } = call;
      const { source = OWN_SOURCE, note = '', caseReference = '', reason, expiresAt } = body;
      const imei = strictImei(body.imei, call.caller);
      const proposal = proposed(
        call,
        {
          ...{ about: 'imei', change: 'add', imei: imei.equipment, list: params.list },
          ...{ reason, source, note, caseReference },
          ...(expiresAt !== undefined && { expiresAt: momentOf(expiresAt, '/expiresAt') }),
        },
        note,
      );
      if ('waiting' in proposal) return proposal;
      const made = register.lists.all(imei).find((one) => one.list === params.list && one.source === source);
      if (made === undefined)
        throw new ProblemError('conflict', RESOURCE.say('entryGoneAgain', { imei: imei.equipment }));
      return { entry: entryView(made) };
    },
  }),
  operation({
    id: 'removeListEntry',
    method: 'POST',
    path: '/api/v1/lists/:list/removals',
    tag: 'lists',
    summary: 'Takes one IMEI off a list. Other sources keep their entries.',
    permission: 'lists.change',
    params: closed({ list: List }),
    body: closed({
      imei: GivenImei,
      reason: Reason,
      caseReference: Type.Optional(CaseReference),
      source: Type.Optional(Source),
    }),
    answer: closed({ removed: Type.Boolean(), remaining: list(Entry) }),
    others: [WAITS],
    problems: ['conflict'],
    run(call) {
      const { params, body } = call;
      const imei = strictImei(body.imei, call.caller);
      const { caseReference, source = OWN_SOURCE } = body;
      const proposal = proposed(
        call,
        { about: 'imei', change: 'remove', imei: imei.equipment, list: params.list, source },
        withCase(body.reason, caseReference),
      );
      if ('waiting' in proposal) return proposal;
      if (!proposal.isChanged)
        throw new ProblemError('conflict', {
          ...RESOURCE.say('entryUnknown', { source, list: params.list, imei: imei.equipment }),
          at: '/imei',
        });
      return { removed: true, remaining: call.sources.register.lists.all(imei).map(entryView) };
    },
  }),
] as const;
