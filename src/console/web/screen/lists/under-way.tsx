import { useEffect, useId, useState } from 'preact/hooks';
import { send } from '../../api/client.ts';
import { StatusBadge } from '../../part/badge.tsx';
import { Button } from '../../part/button.tsx';
import { Confirm } from '../../part/confirm.tsx';
import { say } from '../../part/toast.tsx';
import { may } from '../../session.ts';
import { numberText, t } from '../../text/index.ts';
import type { ImportRun } from './import-runs.ts';
import { STATUS_OF } from './reasons.ts';

/** Tenths of the way: so many steps a bar has for whoever wants nothing to move. */
const STEPS = 10;
const STILL = '(prefers-reduced-motion: reduce)';

/** Imports under way with how far they are, and the end of one; nothing when there are none. */
export function UnderWay({ runs }: { readonly runs: readonly ImportRun[] }) {
  const [cancelling, setCancelling] = useState<ImportRun>();
  const isStill = useStill();
  return (
    <>
      {runs.length > 0 && (
        <section class="import-runs" aria-label={t('lists.underWay')}>
          <h2>{t('lists.underWay')}</h2>
          <ul>
            {runs.map((run) => (
              <li key={run.run}>
                <Run run={run} isStill={isStill} onCancel={() => setCancelling(run)} />
              </li>
            ))}
          </ul>
        </section>
      )}
      <p class="unseen" role="status">
        {runs.map((run) => `${run.name}: ${stateWords(run)}`).join(' ')}
      </p>
      {cancelling && (
        <Confirm
          title={t('lists.cancelOf', { name: cancelling.name })}
          action={t('lists.cancelImport')}
          kind="danger"
          act={(reason) =>
            send('POST /api/v1/import-runs/{run}/cancel', { path: { run: cancelling.run }, body: { reason } })
          }
          onDone={() => {
            setCancelling(undefined);
            say(t('lists.cancelled', { name: cancelling.name }), 'good');
          }}
          onClose={() => setCancelling(undefined)}
        >
          <p>{t('lists.cancelMeans')}</p>
        </Confirm>
      )}
    </>
  );
}

/** What it does, or how it ended: changes a few times in its life, and is what is read out. */
function stateWords({ state, phase, isDryRun, cancelledBy = '', cancelReason = '' }: ImportRun): string {
  if (state === 'cancelled') return t('lists.run-cancelled', { by: cancelledBy, reason: cancelReason });
  if (state !== 'running') return t(`lists.run-${state}`);
  if (cancelledBy !== '') return t('lists.run-ending', { by: cancelledBy });
  return isDryRun ? t(`lists.tried-${phase === 'writing' ? 'checking' : phase}`) : t(`lists.phase-${phase}`);
}

function Run({ run, isStill, onCancel }: { readonly run: ImportRun; readonly isStill: boolean; onCancel(): void }) {
  const { name, list, source, author, state, done, of, cancelledBy } = run;
  const id = useId();
  const isRunning = state === 'running';
  return (
    <>
      <p>
        <strong>{name}</strong> <StatusBadge status={STATUS_OF[list]} /> {t('lists.runOf', { source, author })}
      </p>
      <label for={id}>
        {stateWords(run)} {isRunning && doneWords(run, isStill)}
      </label>
      {isRunning && <Bar {...{ id, done, of, isStill }} />}
      {isRunning && cancelledBy === undefined && may('imports.upload') && (
        <Button onClick={onCancel}>{t('lists.cancelImport')}</Button>
      )}
    </>
  );
}

const shareOf = (done: number, of: number): number => (of === 0 ? 1 : Math.min(1, done / of));

/** How many are done; in tenths of all for whoever wants nothing to move. */
function doneWords({ done, of }: ImportRun, isStill: boolean): string {
  if (of === undefined) return isStill ? '' : t('lists.linesDone', { count: done });
  if (isStill) return t('lists.partDone', { part: numberText(Math.floor(shareOf(done, of) * STEPS) * STEPS) });
  return t('lists.doneOf', { done: numberText(done), of: numberText(of) });
}

function Bar({
  id,
  done,
  of,
  isStill,
}: {
  readonly id: string;
  readonly done: number;
  readonly of: number | undefined;
  readonly isStill: boolean;
}) {
  // A bar without an end moves to and fro by itself.
  if (of === undefined) return isStill ? null : <progress id={id} />;
  const share = shareOf(done, of);
  return <progress id={id} max={1} value={isStill ? Math.floor(share * STEPS) / STEPS : share} />;
}

/** Whether this person wants nothing to move. */
function useStill(): boolean {
  const [isStill, setStill] = useState(() => matchMedia(STILL).matches);
  useEffect(() => {
    const asked = matchMedia(STILL);
    const hear = () => setStill(asked.matches);
    asked.addEventListener('change', hear);
    return () => asked.removeEventListener('change', hear);
  }, []);
  return isStill;
}
