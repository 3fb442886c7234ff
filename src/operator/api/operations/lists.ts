import Type from 'typebox';
import { Imei } from '#base/identity/index.ts';
import {
  entryRecord,
  exportList,
  LIST_REASONS,
  LISTS,
  type ListEntry,
  type ListName,
  listImei,
  OWN_SOURCE,
  problemWords,
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
import { entryView } from '../view.ts';
import { Entry } from './equipment.ts';

const List = names(LISTS, 'black: Prohibited, grey: Tracking, white: Permitted');

/** The IMEI of a list, as strict as a list file: a person may have mistyped a digit. Throws ProblemError. */
function strictImei(written: string): Imei {
  const read = listImei(written);
  if ('imei' in read) return read.imei;
  const words = problemWords(read);
  const [expected = '', got = ''] = words.replace(/^expected /, '').split(/, got (.*)/s);
  throw new ProblemError('invalid-value', {
    ...VALUE.say('badListImei'),
    expected,
    got: got.split(';', 1)[0] ?? '',
    advice: words.includes(';') ? words.slice(words.indexOf(';') + 1).trim() : 'look for a mistyped digit',
    at: '/imei',
  });
}

/** A page that does not end between two sources of one IMEI: the next one begins above that IMEI. */
function wholePage({ lists }: Register, name: ListName, after: Imei | undefined, rows: number): readonly ListEntry[] {
  const page = lists.page(name, after, rows);
  const last = page.at(-1)?.imei;
  if (last === undefined || page.length < rows) return page;
  const ofLast = lists.all(last).filter((entry) => entry.list === name);
  return [...page.filter(({ imei }) => !imei.equals(last)), ...ofLast];
}

interface EntryFilter {
  readonly prefix?: string;
  readonly matches: (entry: ListEntry) => boolean;
}

interface FilterQuery {
  readonly prefix?: string;
  readonly source?: string;
  readonly reason?: string;
  readonly caseReference?: string;
  readonly batch?: number;
}

function filterOf({ prefix, source, reason, caseReference, batch }: FilterQuery): EntryFilter | undefined {
  if ([prefix, source, reason, caseReference, batch].every((one) => one === undefined)) return undefined;
  return {
    ...(prefix !== undefined && { prefix }),
    matches: (entry) =>
      (source === undefined || entry.source === source) &&
      (reason === undefined || entry.reason === reason) &&
      (caseReference === undefined || entry.caseReference === caseReference) &&
      (batch === undefined || entry.batch === batch),
  };
}

/** Entries read for one page with a filter, at most; the page then says where it got to. */
const MOST_LOOKED = 200_000;
const LOOKED_TOGETHER = 1000;
const DIGITS = 14;

/** A page of what a filter lets through. It reads along the key and lets other requests go on in between; `next` is how far it looked. */
async function filteredPage(
  register: Register,
  name: ListName,
  after: Imei | undefined,
  rows: number,
  { prefix = '', matches }: EntryFilter,
): Promise<{ readonly entries: readonly ListEntry[]; readonly next: Imei | undefined }> {
  const first = Number(prefix.padEnd(DIGITS, '0'));
  const last = Number(prefix.padEnd(DIGITS, '9'));
  const entries: ListEntry[] = [];
  let from = first > 0 && (after?.number ?? -1) < first ? Imei.fromNumber(first - 1) : after;
  for (let looked = 0; looked < MOST_LOOKED; looked += LOOKED_TOGETHER) {
    const page = wholePage(register, name, from, LOOKED_TOGETHER);
    for (const [at, entry] of page.entries()) {
      if (entry.imei.number > last) return { entries, next: undefined };
      if (matches(entry)) entries.push(entry);
      // All sources of one IMEI stand on one page.
      const isLastOfImei = page[at + 1]?.imei.equals(entry.imei) !== true;
      if (entries.length >= rows && isLastOfImei) return { entries, next: entry.imei };
    }
    from = page.at(-1)?.imei;
    if (page.length < LOOKED_TOGETHER || from === undefined) return { entries, next: undefined };
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { entries, next: from };
}

/** Formats that a list of IMEIs can be written in. */
const EXPORTED = ['csv', 'dirbs-black-list'] as const;

/** Every entry in ascending order of IMEI, a page at a time. */
function* eachEntry(register: Register, name: ListName) {
  let after: Imei | undefined;
  for (;;) {
    const page = wholePage(register, name, after, LOOKED_TOGETHER);
    for (const entry of page) yield entryRecord(entry);
    after = page.at(-1)?.imei;
    if (page.length < LOOKED_TOGETHER) return;
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
    description: `The lengths may be ${COUNTS_MILLISECONDS / 1000} seconds old, the entries are not. With a filter a page may be short, even empty, and still have a \`next\`: so far it was looked.`,
    permission: 'lists.read',
    query: closed({
      list: Type.Optional(List),
      after: Type.Optional({ ...GivenImei, description: 'Entries above this IMEI: the `next` of the page before.' }),
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
    }),
    async run({ sources: { register }, query }) {
      const lists = register.lists.counts();
      if (query.list === undefined) return { lists };
      const after = query.after === undefined ? undefined : parsed(Imei.parse, query.after, 'after');
      const filter = filterOf(query);
      if (filter !== undefined) {
        const { entries, next } = await filteredPage(register, query.list, after, rowsOf(query.limit), filter);
        return { lists, list: query.list, entries: entries.map(entryView), next: next?.equipment };
      }
      const page = wholePage(register, query.list, after, rowsOf(query.limit));
      return { lists, list: query.list, entries: page.map(entryView), next: page.at(-1)?.imei.equipment };
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
      const imei = strictImei(body.imei);
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
      const imei = strictImei(body.imei);
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
