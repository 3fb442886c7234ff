import { LIST_REASONS, LISTS, type SettingName } from '#operator/register/index.ts';
import { Chance } from './chance.ts';
import {
  type Bounds,
  type Change,
  type FileChange,
  factKey,
  type ImsiBounds,
  SETTINGS,
  type Source,
} from './change.ts';
import type { Model } from './model.ts';

const TAC = '00888801';
/** IMEIs that single changes are about; the first of them are in files too. */
const SINGLES = 200;
const SINGLES_IN_FILES = 40;
const FIRST_IN_FILES = 1000;
const SUBSCRIBERS = 500;
const SHORTEST_EXPIRY = 2000;
const EXPIRY_SPREAD = 8000;

const imeiOf = (serial: number, tac = TAC) => `${tac}${String(serial).padStart(6, '0')}`;
const imsiOf = (number: number) => `00101${String(number % SUBSCRIBERS).padStart(10, '0')}`;

/** First and last IMEI of every file, listed by nothing else: who sees the one must see the other. */
export const PROBES = [imeiOf(0, '00888800'), imeiOf(999_999, '00888809')] as const;

const RANGES: readonly Bounds[] = [
  ...Array.from({ length: 10 }, (_, i) => ({ first: imeiOf(i * 20), last: imeiOf(i * 20 + 29) })),
  ...Array.from({ length: 5 }, (_, i) => ({ first: imeiOf(i * 40 + 5), last: imeiOf(i * 40 + 14) })),
  ...Array.from({ length: 4 }, (_, i) => ({ first: imeiOf(1000 + i * 700), last: imeiOf(1999 + i * 700) })),
  { first: imeiOf(0), last: imeiOf(999_999) },
];

const PAIRS: readonly (Bounds & ImsiBounds)[] = Array.from({ length: 24 }, (_, i) => ({
  first: imeiOf(i * 8),
  last: imeiOf(i * 8 + (i % 3) * 3),
  firstImsi: imsiOf(i * 8),
  lastImsi: imsiOf(i * 8 + (i % 4) * 2),
}));

/** What is asked about and changed. */
export class Population {
  readonly #chance: Chance;
  readonly singles = Array.from({ length: SINGLES }, (_, i) => imeiOf(i));
  readonly filed: readonly string[];

  /** `lines`: IMEIs that files are made of. */
  constructor(seed: string, lines: number) {
    this.#chance = new Chance(seed);
    this.filed = [
      ...this.singles.slice(0, SINGLES_IN_FILES),
      ...Array.from({ length: lines }, (_, i) => imeiOf(FIRST_IN_FILES + i)),
    ];
  }

  /** An IMEI and who asks with it: mostly the same subscriber, so that the register remembers few pairs. */
  pair(): { readonly imei: string; readonly imsi: string } {
    const chance = this.#chance;
    const imei = chance.percent(60)
      ? chance.one(this.singles)
      : chance.percent(80)
        ? chance.one(this.filed)
        : chance.percent(50)
          ? chance.one(PROBES)
          : imeiOf(900_000 + chance.below(200));
    const serial = Number(imei.slice(-6));
    return { imei, imsi: imsiOf(serial + (chance.percent(90) ? 0 : 1 + chance.below(3))) };
  }
}

/** Draws changes that fit what stands. */
export class Changes {
  readonly #chance: Chance;
  readonly #model: Model;
  readonly #population: Population;
  readonly #lines: number;
  #number = 0;

  /** `lines`: of a file, on average. */
  constructor(seed: string, model: Model, population: Population, lines: number) {
    this.#chance = new Chance(seed);
    this.#model = model;
    this.#population = population;
    this.#lines = lines;
  }

  /** A change of one entry, range, rule or setting; `isFileFree`: no file is being written, its entries may change too. */
  single(isFileFree: boolean): Change {
    const drawn = this.#chance.below(100);
    if (drawn < 40) return this.#add(isFileFree);
    if (drawn < 62) return this.#remove(isFileFree) ?? this.#add(isFileFree);
    if (drawn < 72) return { does: 'add range', ...this.#rangePlace(), mark: this.#mark(), ...this.#expiry() };
    if (drawn < 80) return this.#removeRange() ?? this.#add(isFileFree);
    if (drawn < 88) return { does: 'add pair', ...this.#pairPlace(), mark: this.#mark() };
    if (drawn < 95) return this.#removePair() ?? this.#add(isFileFree);
    return this.#set();
  }

  /** A file, or the undoing of one. */
  file(): Change {
    const chance = this.#chance;
    const undoable = this.#model.undoable.slice(0, 3);
    if (undoable.length > 0 && chance.percent(40)) return { does: 'undo', name: chance.one(undoable) };
    const kind = chance.one(['add', 'add', 'full', 'remove'] as const satisfies readonly FileChange['kind'][]);
    const least = this.#lines / 2;
    const { filed } = this.#population;
    const imeis = new Set(Array.from({ length: least + chance.below(this.#lines) }, () => chance.one(filed)));
    if (kind !== 'full' || chance.percent(50)) for (const probe of PROBES) imeis.add(probe);
    const mark = chance.one(['case A', 'case B']);
    return { does: 'import', name: `file ${++this.#number}.csv`, kind, mark, imeis: [...imeis].toSorted() };
  }

  #mark(): string {
    return `change ${++this.#number}`;
  }

  #expiry(): { readonly expiresAt?: number } {
    if (!this.#chance.percent(15)) return {};
    return { expiresAt: Date.now() + SHORTEST_EXPIRY + this.#chance.below(EXPIRY_SPREAD) };
  }

  #add(isFileFree: boolean): Change {
    const chance = this.#chance;
    const source: Source = isFileFree && chance.percent(15) ? 'regulator' : 'operator';
    return {
      ...{ does: 'add', source, imei: chance.one(this.#population.singles), mark: this.#mark() },
      list: source === 'regulator' ? 'black' : chance.one(LISTS),
      reason: chance.one(LIST_REASONS),
      ...this.#expiry(),
    };
  }

  #remove(isFileFree: boolean): Change | undefined {
    const found = this.#drawn('entry', (key) => !PROBES.some((probe) => key.includes(probe)) && fits(key, isFileFree));
    const [imei = '', list, source] = found;
    const name = LISTS.find((one) => one === list);
    if (name === undefined) return undefined;
    return { does: 'remove', imei, list: name, source: source === 'regulator' ? source : 'operator' };
  }

  #rangePlace() {
    return { ...this.#chance.one(RANGES), list: this.#chance.one(LISTS) };
  }

  #removeRange(): Change | undefined {
    const [first = '', last = '', list] = this.#drawn('range');
    const name = LISTS.find((one) => one === list);
    return name && { does: 'remove range', first, last, list: name };
  }

  #pairPlace() {
    return { ...this.#chance.one(PAIRS), kind: this.#chance.percent(60) ? ('allow' as const) : ('lock' as const) };
  }

  #removePair(): Change | undefined {
    const [first = '', last = '', firstImsi = '', lastImsi = '', kind] = this.#drawn('pair');
    if (kind === undefined) return undefined;
    return { does: 'remove pair', first, last, firstImsi, lastImsi, kind: kind === 'lock' ? 'lock' : 'allow' };
  }

  /** Words after the kind of a fact that stands; none when there is none. */
  #drawn(kind: 'entry' | 'range' | 'pair', is: (key: string) => boolean = () => true): readonly string[] {
    const keys = this.#model.standing(kind).filter(is);
    return keys.length === 0 ? [] : this.#chance.one(keys).split(' ').slice(1);
  }

  /** The register enforces most of the time: in the other modes there is little to be wrong about. */
  #set(): Change {
    const chance = this.#chance;
    const isEnforcing = this.#model.current(factKey.setting('mode'))?.mark === 'enforce';
    if (!isEnforcing) return { does: 'set', name: 'mode', value: 'enforce' };
    const name = chance.one(Object.keys(SETTINGS) as (keyof typeof SETTINGS)[]);
    return { does: 'set', name: name satisfies SettingName, value: chance.one(SETTINGS[name].values) };
  }
}

const isOfFile = (key: string) => key.endsWith(' black regulator');
/** Entries of files are many: single changes leave most of them alone. */
const fits = (key: string, isFileFree: boolean) =>
  !isOfFile(key) || (isFileFree && Number(key.split(' ')[1]?.slice(-6)) < SINGLES_IN_FILES);
