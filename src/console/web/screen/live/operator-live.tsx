import { useCallback, useRef } from 'preact/hooks';
import { useAddress } from '../../address.ts';
import { useRead } from '../../api/use-read.ts';
import { Empty, Loading, ProblemNote } from '../../part/states.tsx';
import { useWholeIdentities, WholeIdentitiesSwitch } from '../../part/whole-identities.tsx';
import { t } from '../../text/index.ts';
import { ScreenHeading } from '../screen-heading.tsx';
import { Choice, Followed, Outcome, useChoice } from './followed.tsx';
import { useCalm } from './use-laboratory.ts';

/** Exchanges among which the newest UICCs are found, and those of the one that is looked at. */
const NEWEST = 200;
const OF_ONE = 50;

/** The same ladder for an operator without a laboratory: what it took part in itself. */
export function OperatorLive() {
  const whole = useWholeIdentities();
  const chosen = useAddress().parts[1];
  const all = useRead('/api/v1/exchanges', { query: { limit: NEWEST } });
  // The one that is followed stays, whoever else reports.
  const first = useRef<string | undefined>(undefined);
  first.current ??= all.value?.exchanges[0]?.handset;
  const iccid = chosen ?? first.current;
  const own = useRead(
    '/api/v1/exchanges',
    iccid === undefined ? undefined : { query: { limit: OF_ONE, handset: iccid } },
  );
  const { again: readAll } = all;
  const { again: readOwn } = own;
  const refresh = useCalm(
    useCallback(() => {
      readAll();
      readOwn();
    }, [readAll, readOwn]),
  );
  const exchanges = iccid === undefined ? [] : (own.value?.exchanges ?? []);
  const { exchange, show } = useChoice(exchanges);
  const problem = all.problem ?? own.problem;
  const isKept = all.value?.kept !== 0;
  return (
    <>
      <ScreenHeading title={t('live.title')}>{isKept && <WholeIdentitiesSwitch {...whole.switch} />}</ScreenHeading>
      <p>{t('live.operatorLead')}</p>
      {problem && <ProblemNote problem={problem} onRetry={refresh} />}
      {all.value === undefined && problem === undefined && <Loading />}
      {!isKept && <Empty>{t('live.noneKept')}</Empty>}
      {all.value !== undefined && isKept && (
        <Followed place="operator" whole={whole.query} exchange={exchange} onHops={refresh}>
          <Choice
            label={t('live.ofUicc')}
            names={[...new Set(all.value.exchanges.map(({ handset }) => handset))]}
            {...{ exchanges, exchange }}
            name={iccid ?? ''}
            onChoose={show}
          />
          <Outcome exchange={exchanges.find(({ number }) => number === exchange)} />
          <Whose iccid={iccid} hasNothing={own.value?.exchanges.length === 0} />
        </Followed>
      )}
    </>
  );
}

/** What is looked at, and where else it is told of. */
function Whose({ iccid, hasNothing }: { readonly iccid: string | undefined; readonly hasNothing: boolean }) {
  if (iccid === undefined) return <Empty>{t('live.nothingYet')}</Empty>;
  return (
    <p>
      {hasNothing && `${t('live.nothingOfUicc')} `}
      <a href={`/devices/${iccid}`}>{t('live.itsDevice')}</a>
    </p>
  );
}
