import { MalformedFile } from '../csv.ts';
import { fileProblem } from '../file-problem.ts';
import { lineProblem } from '../line-problem.ts';
import type { ListName } from '../list-entry.ts';
import {
  type AnyLine,
  type BadLine,
  badLine,
  type Chunks,
  DETECT_OCTETS,
  detectFormat,
  type ListLine,
  listLineBatches,
  type NormalisationCode,
  type PairSubject,
  type RangeSubject,
  type ReadOptions,
  type TacSubject,
} from '../list-format/index.ts';
import { breathe } from './breathe.ts';
import { type EntryFacts, LineFactStore } from './line-facts.ts';
import type { ImportOptions, ImportProgress, NormalisedLine, ProblemCount } from './options.ts';
import { StagedImeis } from './staged-imeis.ts';
import { Tally } from './tally.ts';

/** Bad lines that are kept with their reason; further ones are counted, and told to whoever listens. */
const MOST_BAD_LINES = 1000;
/** Lines about ranges and pairs in one file. */
const MOST_RULES = 10_000;
/** Lines that are shown of each thing that is done to values. */
const MOST_EXAMPLES = 3;
/** Lines taken between two looks at what else there is to do. */
const LINES_TOGETHER = 4000;

/** A line about more than one handset, or about a subscriber. */
export type RuleLine = ListLine & (TacSubject | RangeSubject | PairSubject);

/** Everything a file says, in order and once, before it is compared with what is listed. */
export class Staging {
  readonly imeis = new Map<ListName, StagedImeis>();
  readonly rules: RuleLine[] = [];
  readonly facts = new LineFactStore();
  readonly badLines: BadLine[] = [];
  readonly problems = new Tally<Omit<ProblemCount, 'count'>>();
  readonly normalisations = new Tally<{ readonly code: NormalisationCode; readonly examples: NormalisedLine[] }>();
  readonly counts = { lines: 0, duplicates: 0, notInForce: 0, notifications: 0, normalised: 0, bad: 0 };
  readonly #options: ImportOptions;
  readonly #standardReason: EntryFacts['reason'];

  constructor(options: ImportOptions) {
    this.#options = options;
    this.#standardReason = options.reason ?? (options.list === 'black' ? 'stolen' : 'other');
  }

  /** Reads the whole file. Throws MalformedFile when it is none, or when nothing in it can be used. */
  async read(chunks: Chunks, progress: (done: Pick<ImportProgress, 'done' | 'octets'>) => void): Promise<void> {
    let octets = 0;
    const counted = async function* () {
      for await (const chunk of chunks) {
        octets += chunk.length;
        yield chunk;
      }
    };
    const { options, whole } = await opened(counted(), this.#options);
    let breathed = 0;
    for await (const batch of listLineBatches(whole, options)) {
      for (const line of batch) this.#take(line);
      if (this.counts.lines - breathed >= LINES_TOGETHER) {
        breathed = this.counts.lines;
        progress({ done: breathed, octets });
        await breathe();
      }
    }
    progress({ done: this.counts.lines, octets });
    const [firstBad] = this.badLines;
    if (firstBad !== undefined && this.counts.bad === this.counts.lines)
      throw new MalformedFile(fileProblem('noLineUsable', { line: firstBad.number }), {
        problem: firstBad.said,
        ...(firstBad.column !== undefined && { column: firstBad.column }),
      });
    for (const staged of this.imeis.values()) this.counts.duplicates += await staged.settle();
    this.facts.settle();
  }

  close(): void {
    this.facts.close();
  }

  #take(line: AnyLine): void {
    const { counts } = this;
    counts.lines++;
    if ('problem' in line) this.#bad(line);
    else if (!line.inForce) counts.notInForce++;
    else {
      if (line.normalised.length > 0) counts.normalised++;
      for (const { code } of line.normalised) this.#normalised(code, line);
      if (line.about === 'imei') this.#stage(line);
      else if (line.about === 'pair' && line.kind === 'notify') counts.notifications++;
      else if (this.rules.length === MOST_RULES)
        this.#bad(badLine(line.number, { problem: lineProblem('rulesMany', { most: MOST_RULES }) }, ''));
      else this.rules.push(line as RuleLine);
    }
  }

  #normalised(code: NormalisationCode, line: ListLine): void {
    const { examples } = this.normalisations.add(code, () => ({ code, examples: [] }));
    if (examples.length < MOST_EXAMPLES && line.about !== 'tac')
      examples.push({ number: line.number, imei: (line.about === 'imei' ? line.imei : line.first).equipment });
  }

  #stage(line: ListLine & { readonly about: 'imei' }): void {
    const list = line.list ?? this.#options.list;
    let staged = this.imeis.get(list);
    if (staged === undefined) {
      staged = new StagedImeis();
      this.imeis.set(list, staged);
    }
    const isRemoval = line.change === 'remove';
    staged.add(line.imei.number, this.facts.put(this.factsOf(line)) * 2 + (isRemoval ? 1 : 0));
  }

  /** What a line says besides its subject, with what the import says for lines that do not. */
  factsOf({ reason, note, caseReference, expiresAt }: ListLine): EntryFacts {
    return {
      reason: reason ?? this.#standardReason,
      note,
      caseReference: caseReference || (this.#options.caseReference ?? ''),
      expiresAt: expiresAt ?? this.#options.expiresAt,
    };
  }

  #bad(line: BadLine): void {
    const { said, column } = line;
    this.counts.bad++;
    this.problems.add(`${said.code} ${column}`, () => ({ code: said.code, ...(column !== undefined && { column }) }));
    this.#options.onBadLine?.(line);
    if (this.badLines.length < MOST_BAD_LINES) this.badLines.push(line);
  }
}

/** What the file is, from its first octets, and the whole of it again. */
async function opened(
  chunks: AsyncIterable<Uint8Array>,
  { format, mapping, pairs, change, lostZeros }: ImportOptions,
): Promise<{ readonly options: ReadOptions; readonly whole: AsyncIterable<Uint8Array> }> {
  const said = {
    ...(pairs !== undefined && { pairs }),
    ...(change !== undefined && { change }),
    ...(lostZeros !== undefined && { lostZeros }),
  };
  if (mapping !== undefined) return { options: { ...said, format: 'mapped', mapping }, whole: chunks };
  if (format !== undefined) return { options: { ...said, format }, whole: chunks };
  const first: Uint8Array[] = [];
  const iterator = chunks[Symbol.asyncIterator]();
  let length = 0;
  let isEnd = false;
  while (length < DETECT_OCTETS && !isEnd) {
    const next = await iterator.next();
    isEnd = next.done === true;
    if (next.done === true) break;
    first.push(next.value);
    length += next.value.length;
  }
  const beginning = new Uint8Array(Math.min(length, DETECT_OCTETS));
  let at = 0;
  for (const chunk of first) {
    const part = chunk.subarray(0, beginning.length - at);
    beginning.set(part, at);
    at += part.length;
  }
  const detected = detectFormat(beginning);
  if ('said' in detected) throw new MalformedFile(detected.said, detected.line);
  const whole = (async function* () {
    yield* first;
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
  })();
  return { options: { ...said, format: detected.format }, whole };
}
