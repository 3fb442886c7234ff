import type { Change } from './list-line.ts';

/** What the name of a file that DIRBS-Core made says (its `listgen`): the list, whose, and of a delta which. */
export interface DirbsFileName {
  readonly list: 'blacklist' | 'notifications' | 'exceptions';
  /** Missing for the black list: it is for everyone. */
  readonly operator: string | undefined;
  /** When the lists were made: YYYYMMDD_HHMMSS. */
  readonly date: string;
  readonly delta: DirbsDelta | undefined;
}

/** Which delta: it fits only on the list of run `base`, and makes it that of `run`. */
export interface DirbsDelta {
  readonly base: number;
  readonly run: number;
  /** blocked, unblocked, changed; new, resolved, blacklisted, no_longer_seen, changed; added, removed. */
  readonly what: string;
  /** What its lines do, as they do not say it themselves. */
  readonly change: Change;
}

const DELTAS: Readonly<Record<DirbsFileName['list'], Readonly<Record<string, Change>>>> = {
  blacklist: { blocked: 'add', unblocked: 'remove', changed: 'update' },
  notifications: { new: 'add', resolved: 'remove', blacklisted: 'remove', no_longer_seen: 'remove', changed: 'update' },
  exceptions: { added: 'add', removed: 'remove' },
};
const NAME =
  /^(\d{8}_\d{6})_(blacklist|(?:notifications|exceptions)_([A-Za-z0-9-]{1,32}))(?:_delta_(\d{1,9})_(\d{1,9})_([a-z_]{1,20}))?\.csv$/;

/** The files of a delta of each list, in DIRBS-Core's order. */
export const DELTA_NAMES: Readonly<
  Record<DirbsFileName['list'], readonly { readonly what: string; readonly change: Change }[]>
> = {
  blacklist: entriesOf('blacklist'),
  notifications: entriesOf('notifications'),
  exceptions: entriesOf('exceptions'),
};

function entriesOf(list: DirbsFileName['list']) {
  return Object.entries(DELTAS[list]).map(([what, change]) => ({ what, change }));
}

/** The name of a file, as DIRBS-Core would give it. */
export function dirbsFileNameText({ list, operator, date, delta }: DirbsFileName): string {
  const whose = operator === undefined ? '' : `_${operator}`;
  const which = delta === undefined ? '' : `_delta_${delta.base}_${delta.run}_${delta.what}`;
  return `${date}_${list}${whose}${which}.csv`;
}

/** What a file name says when it is one of DIRBS-Core's; undefined for any other. */
export function dirbsFileName(name: string): DirbsFileName | undefined {
  const [, date, kind, operator, base, run, what] = NAME.exec(name) ?? [];
  if (date === undefined || kind === undefined) return undefined;
  const list = kind.split('_', 1)[0] as DirbsFileName['list'];
  if (what === undefined) return { list, operator, date, delta: undefined };
  const change = new Map(Object.entries(DELTAS[list])).get(what);
  if (change === undefined) return undefined;
  return { list, operator, date, delta: { base: Number(base), run: Number(run), what, change } };
}
