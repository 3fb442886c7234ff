import { useCallback, useMemo, useRef, useState } from 'preact/hooks';
import { useAddress } from '../../address.ts';
import { LevelBadge } from '../../part/badge.tsx';
import { Select } from '../../part/field.tsx';
import { Identity } from '../../part/identity.tsx';
import { Empty, Loading, ProblemNote } from '../../part/states.tsx';
import { Table } from '../../part/table.tsx';
import { Tabs } from '../../part/tabs.tsx';
import { say } from '../../part/toast.tsx';
import { may } from '../../session.ts';
import { clockText, t } from '../../text/index.ts';
import { ScreenHeading } from '../screen-heading.tsx';
import { Attacks } from './attacks.tsx';
import { FirstMinute, OutcomeBadge } from './first-minute.tsx';
import { HopDetail } from './hop-detail.tsx';
import { Ladder } from './ladder.tsx';
import './live.css';
import { Playback } from './playback.tsx';
import { Replay } from './replay.tsx';
import type { Exchange, Handset, Hop } from './types.ts';
import { useExchangeHops, useLaboratory } from './use-laboratory.ts';
import { kindText, osText, outcomeText, partyText, serviceText } from './words.ts';

const PATH = '/live';
const REPLAY = 'replay';
const NO_LABORATORY = 404;
const FIRST = 'honest';

type View = 'drawing' | 'table';
type Filter = 'story' | 'all';

/** Screen 2: what handsets of a laboratory do, hop by hop and octet by octet. */
export default function Live() {
  const { parts, query, goTo, setQuery } = useAddress();
  const chosen = parts[1];
  const [isStoryOpen, setStoryOpen] = useState(chosen === undefined);
  const columns = useRef<HTMLDivElement>(null);
  const name = chosen ?? FIRST;
  const { handsets, exchanges, problem, refresh } = useLaboratory(name);
  const asked = Number(query['exchange'] ?? 0);
  // Without a choice the newest in which something was proved is shown.
  const exchange = asked > 0 ? asked : (exchanges.find(({ steps }) => steps.length > 0) ?? exchanges[0])?.number;
  const hops = useExchangeHops(exchange, refresh);
  const filter: Filter = query['hops'] === 'all' ? 'all' : 'story';
  const shown = useMemo(() => (filter === 'all' ? hops : hops.filter(({ isStory }) => isStory)), [hops, filter]);
  const askedHop = Number(query['hop'] ?? 0);
  // A hop of another exchange was chosen before this one was begun.
  const hop = askedHop > 0 && asked > 0 ? askedHop : mostTelling(shown)?.number;
  const select = useCallback(
    (one: Hop) => setQuery({ exchange: String(one.exchange), hop: String(one.number) }, 'replace'),
    [setQuery],
  );
  const show = (handset: string, exchangeNumber?: number, hopNumber?: number) =>
    goTo(`${PATH}/${encodeURIComponent(handset)}`, {
      ...(exchangeNumber !== undefined && { exchange: String(exchangeNumber) }),
      ...(hopNumber !== undefined && { hop: String(hopNumber) }),
      hops: query['hops'],
      view: query['view'],
    });
  /** From the story to the octets: they are further down. */
  const lead = (...where: Parameters<typeof show>) => {
    show(...where);
    columns.current?.scrollIntoView({ block: 'start' });
  };
  if (problem?.status === NO_LABORATORY) return <NoLaboratory />;
  const handset = handsets?.find((one) => one.name === name);
  return (
    <>
      <ScreenHeading title={t('live.title')} />
      {problem && <ProblemNote problem={problem} onRetry={refresh} />}
      {handsets === undefined ? (
        <Loading />
      ) : (
        <>
          <details
            class="live-more"
            open={isStoryOpen}
            onToggle={({ currentTarget }) => setStoryOpen(currentTarget.open)}
          >
            <summary>{t('live.firstMinute')}</summary>
            <FirstMinute handsets={handsets} shown={name} onShow={(one) => lead(one)} onForged={lead} />
          </details>
          <Choice
            handsets={handsets}
            exchanges={exchanges}
            name={name}
            exchange={exchange}
            handset={handset}
            onChoose={show}
          />
          <div class="live-columns" ref={columns}>
            <Hops
              hops={shown}
              all={hops.length}
              selected={hop}
              view={query['view'] === 'table' ? 'table' : 'drawing'}
              filter={filter}
              exchange={exchange}
              onSelect={select}
              onView={(view) => setQuery({ view: view === 'table' ? view : undefined })}
              onFilter={(wanted) => setQuery({ hops: wanted === 'all' ? wanted : undefined })}
            />
            <HopDetail hop={hop} />
          </div>
          {may('laboratory.drive') && (
            <>
              <details class="live-more" open={query['do'] === 'attack'}>
                <summary>{t('live.doSomething')}</summary>
                {handset === undefined ? (
                  <Empty>{t('live.chooseHandset')}</Empty>
                ) : (
                  <Attacks
                    key={handset.name}
                    handset={handset}
                    handsets={handsets}
                    onDone={(made) => {
                      refresh();
                      if (made?.exchange === undefined) return;
                      say(
                        t('live.done', {
                          handset: handset.name,
                          kind: kindText(made.exchange),
                          outcome: outcomeText(made.exchange),
                        }),
                      );
                      show(handset.name, made.exchange.number);
                    }}
                    onGone={() => show(FIRST)}
                  />
                )}
              </details>
              <details class="live-more">
                <summary>{t('live.replay')}</summary>
                <Replay onReplayed={(number) => show(REPLAY, number)} />
              </details>
            </>
          )}
        </>
      )}
    </>
  );
}

function NoLaboratory() {
  return (
    <>
      <ScreenHeading title={t('live.title')} />
      <Empty>{t('live.noLaboratory')}</Empty>
    </>
  );
}

/** Which handset, which exchange, and how they stand. */
function Choice({
  handsets,
  exchanges,
  name,
  exchange,
  handset,
  onChoose,
}: {
  readonly handsets: readonly Handset[];
  readonly exchanges: readonly Exchange[];
  readonly name: string;
  readonly exchange: number | undefined;
  readonly handset: Handset | undefined;
  onChoose(handset: string, exchange?: number): void;
}) {
  const names = [...handsets.map((one) => one.name), REPLAY];
  const options = names.includes(name) ? names : [name, ...names];
  const current = exchanges.find(({ number }) => number === exchange);
  return (
    <section class="live-choice" aria-label={t('live.choice')}>
      <Select
        label={t('live.handset')}
        value={name}
        options={options.map((one) => [one, one])}
        onChange={(one) => onChoose(one)}
      />
      <Select
        label={t('live.exchange')}
        value={String(exchange ?? '')}
        options={exchanges.map((one) => [String(one.number), exchangeText(one)])}
        onChange={(one) => onChoose(name, Number(one))}
      />
      {current && <OutcomeBadge exchange={current} />}
      {handset && (
        <dl class="handset-facts">
          <Fact words={t('live.service')}>{serviceText(handset)}</Fact>
          <Fact words={t('live.os')}>{osText(handset.os)}</Fact>
          <Fact words={t('live.claimed')}>
            <Identity value={handset.claimedImei} />
          </Fact>
          <Fact words={t('live.proved')}>
            {handset.proved?.imei === undefined ? t('live.nothing') : <Identity value={handset.proved.imei} />}
            <LevelBadge level={levelOf(handset)} />
          </Fact>
        </dl>
      )}
    </section>
  );
}

const LEVELS = ['attested', 'attested-static', 'signed', 'claimed', 'refuted'] as const;
const levelOf = ({ proved }: Handset) => LEVELS.find((level) => level === proved?.level);

function Fact({ words, children }: { readonly words: string; readonly children: preact.ComponentChildren }) {
  return (
    <div>
      <dt>{words}</dt>
      <dd>{children}</dd>
    </div>
  );
}

const exchangeText = (exchange: Exchange): string =>
  t('live.exchangeText', {
    kind: kindText(exchange),
    time: clockText(Date.parse(exchange.at)),
    outcome: outcomeText(exchange),
    count: exchange.hops,
  });

/** Where a look begins that nobody chose: at what was altered, else where the IMEI crosses, else at the beginning. */
const mostTelling = (hops: readonly Hop[]): Hop | undefined =>
  hops.find(({ isAltered }) => isAltered) ??
  hops.find(({ meaning, to }) => meaning === 'read-imei' && to === 'storageSupport') ??
  hops[0];

/** The hops of the exchange, drawn or in a table, and what acts on all of them. */
function Hops({
  hops,
  all,
  selected,
  view,
  filter,
  exchange,
  onSelect,
  onView,
  onFilter,
}: {
  readonly hops: readonly Hop[];
  readonly all: number;
  readonly selected: number | undefined;
  readonly view: View;
  readonly filter: Filter;
  readonly exchange: number | undefined;
  onSelect(hop: Hop): void;
  onView(view: View): void;
  onFilter(filter: Filter): void;
}) {
  return (
    <section class="live-hops" aria-label={t('live.hopsOf')}>
      <div class="live-bar">
        <Select
          label={t('live.filter')}
          value={filter}
          options={[
            ['story', t('live.filterStory')],
            ['all', t('live.filterAll', { count: all })],
          ]}
          onChange={onFilter}
        />
        <Playback hops={hops} selected={selected} onSelect={onSelect} />
        {exchange !== undefined && (
          <p class="exports">
            <a href={`/api/v1/laboratory/exchanges/${exchange}/capture`} download>
              {t('live.exportPcapng')}
            </a>
            <a href={`/api/v1/laboratory/exchanges/${exchange}/record`} download={`assay-${exchange}.json`}>
              {t('live.exportJson')}
            </a>
          </p>
        )}
      </div>
      <Tabs
        label={t('live.view')}
        tabs={[
          ['drawing', t('live.drawing')],
          ['table', t('live.table')],
        ]}
        open={view}
        onOpen={onView}
      >
        {hops.length === 0 ? (
          <Empty>{t('live.noHops')}</Empty>
        ) : view === 'table' ? (
          <HopTable hops={hops} selected={selected} onSelect={onSelect} />
        ) : (
          <Ladder hops={hops} selected={selected} onSelect={onSelect} />
        )}
      </Tabs>
    </section>
  );
}

/** The same in a table, for people who do not see the drawing. */
function HopTable({
  hops,
  selected,
  onSelect,
}: {
  readonly hops: readonly Hop[];
  readonly selected: number | undefined;
  onSelect(hop: Hop): void;
}) {
  return (
    <Table
      caption={t('live.hops')}
      isCaptionHidden
      rows={hops}
      keyOf={({ number }) => number}
      selected={selected}
      empty={t('live.noHops')}
      columns={[
        {
          ...{ name: 'number', heading: t('live.number'), isRowHeading: true },
          cell: (hop) => (
            <button type="button" class="button quiet" onClick={() => onSelect(hop)}>
              {hop.number}
            </button>
          ),
        },
        { name: 'step', heading: t('live.step'), cell: ({ step }) => step ?? '' },
        { name: 'from', heading: t('live.from'), cell: ({ from }) => partyText(from) },
        { name: 'to', heading: t('live.to'), cell: ({ to }) => partyText(to) },
        {
          ...{ name: 'what', heading: t('live.what') },
          cell: ({ name, isAltered }) => (
            <>
              {name}
              {isAltered && <strong class="node-failed"> {t('live.altered')}</strong>}
            </>
          ),
        },
        { name: 'clause', heading: t('live.clause'), cell: ({ clause }) => clause ?? '' },
        {
          name: 'result',
          heading: t('live.result'),
          isCode: true,
          cell: ({ statusWord, detail }) => statusWord ?? detail ?? '',
        },
      ]}
    />
  );
}
