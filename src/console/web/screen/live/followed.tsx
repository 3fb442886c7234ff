import { useMemo } from 'preact/hooks';
import { useAddress } from '../../address.ts';
import { Select } from '../../part/field.tsx';
import type { WholeIdentities } from '../../part/whole-identities.tsx';
import { clockText, language, t } from '../../text/index.ts';
import { OutcomeBadge } from './first-minute.tsx';
import { HopDetail } from './hop-detail.tsx';
import { type Filter, Hops, HopsBar, type View } from './hops.tsx';
import type { Exchange, Hop, Place } from './types.ts';
import { useExchangeHops } from './use-hops.ts';
import { kindText, outcomeText } from './words.ts';

const PATH = '/live';

/** Which exchange is looked at, as the address says it, and how to look at another. */
export function useChoice(exchanges: readonly Exchange[]) {
  const { query, goTo } = useAddress();
  const asked = Number(query['exchange'] ?? 0);
  return {
    // Without a choice the newest in which something was proved is shown.
    exchange: asked > 0 ? asked : (exchanges.find(({ steps }) => steps.length > 0) ?? exchanges[0])?.number,
    show: (handset: string, exchangeNumber?: number, hopNumber?: number) =>
      goTo(`${PATH}/${encodeURIComponent(handset)}`, {
        ...(exchangeNumber !== undefined && { exchange: String(exchangeNumber) }),
        ...(hopNumber !== undefined && { hop: String(hopNumber) }),
        ...{ hops: query['hops'], view: query['view'] },
      }),
  };
}

/** The exchange as it goes on, and the chosen hop: all that is drawn again when a hop comes. What is chosen and how it stands are given. */
export function Followed({
  place,
  whole,
  exchange,
  onHops,
  children: [choice, outcome, standing],
}: {
  readonly place: Place;
  readonly whole: WholeIdentities;
  readonly exchange: number | undefined;
  onHops(): void;
  readonly children: readonly [preact.VNode, preact.VNode, preact.VNode];
}) {
  const { query, setQuery } = useAddress();
  const all = useExchangeHops(place, exchange, onHops);
  const filter: Filter = query['hops'] === 'all' ? 'all' : 'story';
  const hops = useMemo(() => (filter === 'all' ? all : all.filter(({ isStory }) => isStory)), [all, filter]);
  const asked = Number(query['hop'] ?? 0);
  // A hop of another exchange was chosen before this one was begun.
  const selected = asked > 0 && query['exchange'] !== undefined ? asked : mostTelling(hops)?.number;
  const detail = useMemo(
    () => <HopDetail hop={selected} place={place} whole={whole} />,
    [selected, place, JSON.stringify(whole), language.get()],
  );
  const select = (one: Hop) => setQuery({ exchange: String(one.exchange), hop: String(one.number) }, 'replace');
  return (
    <>
      <div class="live-bar">
        {choice}
        <HopsBar
          {...{ hops, filter, selected, all: all.length }}
          onSelect={select}
          onFilter={(wanted: Filter) => setQuery({ hops: wanted === 'all' ? wanted : undefined })}
        />
        {outcome}
      </div>
      {standing}
      <div class="live-columns">
        <Hops
          {...{ exchange, hops, selected, place, whole }}
          view={query['view'] === 'table' ? 'table' : 'drawing'}
          onSelect={select}
          onView={(view: View) => setQuery({ view: view === 'table' ? view : undefined })}
        />
        {detail}
      </div>
    </>
  );
}

/** Where a look begins that nobody chose: at what was altered, else where the IMEI crosses, else at the beginning. */
const mostTelling = (hops: readonly Hop[]): Hop | undefined =>
  hops.find(({ isAltered }) => isAltered) ??
  hops.find(({ meaning, to }) => meaning === 'read-imei' && to === 'storageSupport') ??
  hops[0];

/** Which handset, and which exchange. */
export function Choice({
  label,
  names,
  exchanges,
  name,
  exchange,
  onChoose,
}: {
  /** What is chosen among: handsets of a laboratory, UICCs of an operator. */
  readonly label: string;
  readonly names: readonly string[];
  readonly exchanges: readonly Exchange[];
  readonly name: string;
  readonly exchange: number | undefined;
  onChoose(handset: string, exchange?: number): void;
}) {
  const options = names.includes(name) ? names : [name, ...names];
  // An address may lead to an exchange that is no longer among the newest.
  const older =
    exchange === undefined || exchanges.some(({ number }) => number === exchange)
      ? []
      : [[String(exchange), t('live.exchangeNumber', { number: exchange })] as const];
  return (
    <section class="live-choice" aria-label={t('live.choice')}>
      <Select label={label} value={name} options={options.map((one) => [one, one])} onChange={(one) => onChoose(one)} />
      <Select
        label={t('live.exchange')}
        value={String(exchange ?? '')}
        options={[...older, ...exchanges.map((one) => [String(one.number), exchangeText(one)] as const)]}
        onChange={(one) => onChoose(name, Number(one))}
      />
    </section>
  );
}

/** How the exchange ended. */
export function Outcome({ exchange }: { readonly exchange: Exchange | undefined }) {
  return <p class="live-outcome">{exchange && <OutcomeBadge exchange={exchange} />}</p>;
}

const exchangeText = (exchange: Exchange): string =>
  t('live.exchangeText', {
    kind: kindText(exchange),
    time: clockText(Date.parse(exchange.at)),
    outcome: outcomeText(exchange),
    count: exchange.hops,
  });
