import { concat, toHex } from '#base/codec/index.ts';
import { resultClass, type TerminalResponse } from '#protocol/usat/index.ts';
import type { ProactiveRequest } from './proactive-request.ts';

/** A place in the file tree as REFRESH names it: identifiers from 3F00, or in an application from 7FFF on (TS 102 223 8.18). */
export interface ChangedFile {
  readonly path: readonly number[];
  /** The application the file is in; undefined under the MF. */
  readonly aid: Uint8Array | undefined;
}

/** What the refresh of a UICC needs of its toolkit. */
export interface RefreshParts {
  issue(request: ProactiveRequest, answered: (response: TerminalResponse | undefined) => void): boolean;
  /** TERMINAL PROFILE announced REFRESH. */
  isAnnounced(): boolean;
}

/** More octets of paths than this, and the terminal is told to read everything. */
const LONGEST_LIST = 200;
/** A terminal that is busy is asked again so often, each time after twice as many polls; then it reads at its next power-on. */
const MOST_TIMES = 6;

/**
 * Tells the terminal which files a script from afar changed, so that it does not go on with what it read before (TS 102 223 6.4.7). A
 * terminal that announced no REFRESH reads them at its next power-on.
 */
export class Refresh {
  readonly #parts: RefreshParts;
  #changed = new Map<string, ChangedFile>();
  #isWhole = false;
  /** What a busy terminal did not take. */
  #waiting: readonly ProactiveRequest[] = [];
  #timesBusy = 0;
  #pollsLeft = 0;

  constructor(parts: RefreshParts) {
    this.#parts = parts;
  }

  /** A script changed the content of a file. */
  changed(file: ChangedFile): void {
    const application = file.aid === undefined ? '' : toHex(file.aid);
    this.#changed.set(`${application}/${file.path}`, file);
  }

  /** A script made, took away, closed or opened files: the tree is another one. */
  changedTree(): void {
    this.#isWhole = true;
  }

  /** The script has ended. */
  announce(): void {
    const requests = this.#requests();
    this.#changed.clear();
    this.#isWhole = false;
    if (requests.length > 0 && this.#parts.isAnnounced()) this.#issue(requests);
  }

  /** The terminal polled: it may have time now. */
  polled(): void {
    if (this.#pollsLeft === 0) return;
    this.#pollsLeft--;
    if (this.#pollsLeft > 0) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#issue(waiting);
  }

  /** Power-on: the terminal reads everything anyway. */
  reset(): void {
    this.#changed.clear();
    this.#isWhole = false;
    this.#waiting = [];
    this.#timesBusy = 0;
    this.#pollsLeft = 0;
  }

  #issue(requests: readonly ProactiveRequest[]): void {
    for (const request of requests)
      if (!this.#parts.issue(request, (response) => this.#answered(request, response))) this.#postpone(request);
  }

  #answered(request: ProactiveRequest, response: TerminalResponse | undefined): void {
    // No answer: a reset, after which everything is read.
    if (response !== undefined && resultClass(response.general) === 'tryAgainLater') this.#postpone(request);
  }

  #postpone(request: ProactiveRequest): void {
    if (this.#waiting.length === 0) {
      if (this.#timesBusy === MOST_TIMES) return;
      this.#pollsLeft = 2 ** this.#timesBusy;
      this.#timesBusy++;
    }
    this.#waiting = [...this.#waiting, request];
  }

  /** One REFRESH for the files of each application and for those under the MF, or one for everything. */
  #requests(): readonly ProactiveRequest[] {
    if (this.#isWhole) return [EVERYTHING];
    const byApplication = Map.groupBy(this.#changed.values(), ({ aid }) => (aid === undefined ? '' : toHex(aid)));
    return [...byApplication.values()].map((files) => {
      const paths = concat(...files.map(({ path }) => pathOctets(path)));
      if (paths.length > LONGEST_LIST) return EVERYTHING;
      const aid = files[0]?.aid;
      return { type: 'REFRESH', mode: 'fileChange', files: { count: files.length, paths }, ...(aid && { aid }) };
    });
  }
}

const EVERYTHING: ProactiveRequest = { type: 'REFRESH', mode: 'initialisationAndFullFileChange' };

const pathOctets = (path: readonly number[]): Uint8Array =>
  Uint8Array.from(path.flatMap((identifier) => [identifier >> 8, identifier & 0xff]));
