import { useMemo, useRef, useState } from 'preact/hooks';
import { useAddress } from '../../address.ts';
import { LevelBadge } from '../../part/badge.tsx';
import { Fact } from '../../part/fact.tsx';
import { Select } from '../../part/field.tsx';
import { Identity } from '../../part/identity.tsx';
import { Empty, Loading, ProblemNote } from '../../part/states.tsx';
import { say } from '../../part/toast.tsx';
import { may } from '../../session.ts';
import { clockText, language, t } from '../../text/index.ts';
import { ScreenHeading } from '../screen-heading.tsx';
import { Attacks } from './attacks.tsx';
import { FirstMinute, OutcomeBadge } from './first-minute.tsx';
import { HopDetail } from './hop-detail.tsx';
import { type Filter, Hops, HopsBar, type View } from './hops.tsx';
import './live.css';
import { Replay } from './replay.tsx';
import type { Exchange, Handset, Hop } from './types.ts';
import { useExchangeHops, useLaboratory } from './use-laboratory.ts';
import { kindText, osText, outcomeText, serviceText } from './words.ts';

const PATH = '/live';
const REPLAY = 'replay';
const NO_LABORATORY = 404;
const FIRST = 'honest';

/** Screen 2: what handsets of a laboratory do, hop by hop and octet by octet. */
export default function Live() {
  const chosen = useAddress().parts[1];
  const name = chosen ?? FIRST;
  const { handsets, exchanges, problem, refresh } = useLaboratory(name);
  const { exchange, show } = useChoice(exchanges);
  const [isStoryOpen, setStoryOpen] = useState(chosen === undefined);
  const top = useRef<HTMLDivElement>(null);
  /** From the story to the octets: they are further up. */
  const lead = (...where: Parameters<typeof show>) => {
    show(...where);
    top.current?.scrollIntoView({ block: 'start' });
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
          <div class="live-followed" ref={top}>
            <Followed exchange={exchange} onHops={refresh}>
              <Choice {...{ handsets, exchanges, name }} exchange={exchange} onChoose={show} />
              <Outcome exchange={exchanges.find(({ number }) => number === exchange)} />
              <Standing handset={handset} />
            </Followed>
          </div>
          <details
            class="live-more"
            open={isStoryOpen}
            onToggle={({ currentTarget }) => setStoryOpen(currentTarget.open)}
          >
            <summary>{t('live.firstMinute')}</summary>
            <FirstMinute handsets={handsets} shown={name} onShow={(one) => lead(one)} onForged={lead} />
          </details>
          {may('laboratory.drive') && <Driving handset={handset} handsets={handsets} onDone={refresh} onShow={show} />}
        </>
      )}
    </>
  );
}

/** Which exchange is looked at, as the address says it, and how to look at another. */
function useChoice(exchanges: readonly Exchange[]) {
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
function Followed({
  exchange,
  onHops,
  children: [choice, outcome, standing],
}: {
  readonly exchange: number | undefined;
  onHops(): void;
  readonly children: readonly [preact.VNode, preact.VNode, preact.VNode];
}) {
  const { query, setQuery } = useAddress();
  const all = useExchangeHops(exchange, onHops);
  const filter: Filter = query['hops'] === 'all' ? 'all' : 'story';
  const hops = useMemo(() => (filter === 'all' ? all : all.filter(({ isStory }) => isStory)), [all, filter]);
  const asked = Number(query['hop'] ?? 0);
  // A hop of another exchange was chosen before this one was begun.
  const selected = asked > 0 && query['exchange'] !== undefined ? asked : mostTelling(hops)?.number;
  const detail = useMemo(() => <HopDetail hop={selected} />, [selected, language.get()]);
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
          {...{ exchange, hops, selected }}
          view={query['view'] === 'table' ? 'table' : 'drawing'}
          onSelect={select}
          onView={(view: View) => setQuery({ view: view === 'table' ? view : undefined })}
        />
        {detail}
      </div>
    </>
  );
}

/** Everything that changes the laboratory. */
function Driving({
  handset,
  handsets,
  onDone,
  onShow,
}: {
  readonly handset: Handset | undefined;
  readonly handsets: readonly Handset[];
  onDone(): void;
  onShow(handset: string, exchange?: number): void;
}) {
  const done = (of: Handset, exchange: Exchange | undefined) => {
    onDone();
    if (exchange === undefined) return;
    say(t('live.done', { handset: of.name, kind: kindText(exchange), outcome: outcomeText(exchange) }));
    onShow(of.name, exchange.number);
  };
  return (
    <>
      <details class="live-more">
        <summary>{t('live.doSomething')}</summary>
        {handset === undefined ? (
          <Empty>{t('live.chooseHandset')}</Empty>
        ) : (
          <Attacks
            key={handset.name}
            handset={handset}
            handsets={handsets}
            onDone={(made) => done(handset, made?.exchange)}
            onGone={() => onShow(FIRST)}
          />
        )}
      </details>
      <details class="live-more">
        <summary>{t('live.replay')}</summary>
        <Replay onReplayed={(number) => onShow(REPLAY, number)} />
      </details>
    </>
  );
}

/** Where a look begins that nobody chose: at what was altered, else where the IMEI crosses, else at the beginning. */
const mostTelling = (hops: readonly Hop[]): Hop | undefined =>
  hops.find(({ isAltered }) => isAltered) ??
  hops.find(({ meaning, to }) => meaning === 'read-imei' && to === 'storageSupport') ??
  hops[0];

function NoLaboratory() {
  return (
    <>
      <ScreenHeading title={t('live.title')} />
      <Empty>{t('live.noLaboratory')}</Empty>
    </>
  );
}

/** Which handset, and which exchange. */
function Choice({
  handsets,
  exchanges,
  name,
  exchange,
  onChoose,
}: {
  readonly handsets: readonly Handset[];
  readonly exchanges: readonly Exchange[];
  readonly name: string;
  readonly exchange: number | undefined;
  onChoose(handset: string, exchange?: number): void;
}) {
  const names = [...handsets.map((one) => one.name), REPLAY];
  const options = names.includes(name) ? names : [name, ...names];
  // An address may lead to an exchange that is no longer among the newest.
  const older =
    exchange === undefined || exchanges.some(({ number }) => number === exchange)
      ? []
      : [[String(exchange), t('live.exchangeNumber', { number: exchange })] as const];
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
        options={[...older, ...exchanges.map((one) => [String(one.number), exchangeText(one)] as const)]}
        onChange={(one) => onChoose(name, Number(one))}
      />
    </section>
  );
}

/** How the exchange ended. */
function Outcome({ exchange }: { readonly exchange: Exchange | undefined }) {
  return <p class="live-outcome">{exchange && <OutcomeBadge exchange={exchange} />}</p>;
}

/** How the handset stands, in one line. */
function Standing({ handset }: { readonly handset: Handset | undefined }) {
  if (handset === undefined) return null;
  return (
    <dl class="handset-facts">
      <Fact words={t('live.service')}>{serviceText(handset)}</Fact>
      <Fact words={t('live.os')}>{osText(handset.os)}</Fact>
      <Fact words={t('live.claimed')}>
        <Identity value={handset.claimedImei} />
      </Fact>
      <Fact words={t('live.proved')}>
        <Proved handset={handset} />
      </Fact>
    </dl>
  );
}

/** What the operator knows to be proved. A UICC that blocked by itself could tell nobody: its proof was refuted all the same. */
function Proved({ handset }: { readonly handset: Handset }) {
  const { proved, service } = handset;
  if (proved === undefined) return service === 'emergencyOnly' ? <LevelBadge level="refuted" /> : t('live.nothing');
  return (
    <>
      {proved.imei !== undefined && <Identity value={proved.imei} />}
      <LevelBadge level={levelOf(handset)} />
    </>
  );
}

const LEVELS = ['attested', 'attested-static', 'signed', 'claimed', 'refuted'] as const;
const levelOf = ({ proved }: Handset) => LEVELS.find((level) => level === proved?.level);

const exchangeText = (exchange: Exchange): string =>
  t('live.exchangeText', {
    kind: kindText(exchange),
    time: clockText(Date.parse(exchange.at)),
    outcome: outcomeText(exchange),
    count: exchange.hops,
  });
