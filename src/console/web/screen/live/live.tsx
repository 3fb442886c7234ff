import { useEffect, useRef, useState } from 'preact/hooks';
import { useAddress } from '../../address.ts';
import { LevelBadge } from '../../part/badge.tsx';
import { Fact } from '../../part/fact.tsx';
import { Identity } from '../../part/identity.tsx';
import { Empty, Loading, ProblemNote } from '../../part/states.tsx';
import { say } from '../../part/toast.tsx';
import { hasLaboratory, may } from '../../session.ts';
import { t } from '../../text/index.ts';
import { ScreenHeading } from '../screen-heading.tsx';
import { Attacks } from './attacks.tsx';
import { FirstMinute } from './first-minute.tsx';
import { Choice, Followed, Outcome, useChoice } from './followed.tsx';
import './live.css';
import { OperatorLive } from './operator-live.tsx';
import { Replay } from './replay.tsx';
import type { Exchange, Handset } from './types.ts';
import { useLaboratory } from './use-laboratory.ts';
import { kindText, osText, outcomeText, serviceText } from './words.ts';

const REPLAY = 'replay';
const FIRST = 'honest';

/** Screen 2: what handsets of a laboratory do, hop by hop and octet by octet; without one, what the operator took part in. */
export default function Live() {
  return hasLaboratory() ? <LaboratoryLive /> : <OperatorLive />;
}

function LaboratoryLive() {
  const { parts, goTo } = useAddress();
  const chosen = parts[1];
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
  // A page of a device knows its UICC, not what the laboratory calls its handset.
  const named = handsets?.find(({ uicc }) => uicc?.iccid === chosen)?.name;
  useEffect(() => {
    if (named !== undefined) goTo(`/live/${encodeURIComponent(named)}`);
  }, [named]);
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
            <Followed place="laboratory" whole={{}} exchange={exchange} onHops={refresh}>
              <Choice
                label={t('live.handset')}
                names={[...handsets.map((one) => one.name), REPLAY]}
                {...{ exchanges, name, exchange }}
                onChoose={show}
              />
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
