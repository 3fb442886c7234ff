import { useCallback, useEffect, useMemo, useRef } from 'preact/hooks';
import { useRead } from '../../api/use-read.ts';
import { useHappenings, usePause } from '../../live.ts';
import { Button } from '../../part/button.tsx';
import { Loading, ProblemNote } from '../../part/states.tsx';
import { useStore } from '../../store.ts';
import { language, t } from '../../text/index.ts';
import { ScreenHeading } from '../screen-heading.tsx';
import { Activity } from './activity.tsx';
import { Introduction } from './introduction.tsx';
import { ListAges } from './list-ages.tsx';
import './overview.css';
import { PowerOns } from './power-ons.tsx';
import { OverviewTiles } from './tiles.tsx';

/** At most so often is the overview read anew, however much happens; and so often when nothing seems to. Milliseconds. */
const SOONEST = 1000;
const LATEST = 10_000;

/** Calls `act` soon after the first `ask`, once for all that ask meanwhile. */
function useGathered(act: () => void, milliseconds: number): () => void {
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  return useCallback(() => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      act();
    }, milliseconds);
  }, [act, milliseconds]);
}

/** Screen 1: how the operator is doing. */
export default function Overview() {
  const { isPaused, setPaused } = usePause();
  const { value, problem, again } = useRead('/api/v1/overview', {}, isPaused ? undefined : LATEST);
  const soon = useGathered(again, SOONEST);
  useHappenings(soon);
  const spoken = useStore(language);
  // These have a pace of their own: what happens does not draw them again.
  const activity = useMemo(() => <Activity isPaused={isPaused} />, [isPaused, spoken]);
  const newest = value?.powerOns[0]?.iccid;
  const introduction = useMemo(() => <Introduction newest={newest} />, [newest, spoken]);
  return (
    <>
      <ScreenHeading title={t('overview.title')}>
        <Button icon={isPaused ? 'play' : 'pause'} isPressed={isPaused} onClick={() => setPaused(!isPaused)}>
          {t(isPaused ? 'overview.resume' : 'overview.pause')}
        </Button>
      </ScreenHeading>
      {problem && <ProblemNote problem={problem} onRetry={again} />}
      {value === undefined && problem === undefined && <Loading />}
      {value && (
        <>
          {introduction}
          <OverviewTiles overview={value} />
          <PowerOns powerOns={value.powerOns} />
          {activity}
          <ListAges lists={value.lists} listAges={value.listAges} />
        </>
      )}
    </>
  );
}
