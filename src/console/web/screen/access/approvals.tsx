import { useCallback, useState } from 'preact/hooks';
import { useAddress } from '../../address.ts';
import { type AnswerOf, send } from '../../api/client.ts';
import { useRead } from '../../api/use-read.ts';
import { useHappenings } from '../../live.ts';
import { Badge } from '../../part/badge.tsx';
import { Button } from '../../part/button.tsx';
import { Confirm } from '../../part/confirm.tsx';
import { Select } from '../../part/field.tsx';
import { Loading, ProblemNote } from '../../part/states.tsx';
import { Table } from '../../part/table.tsx';
import { Time } from '../../part/time.tsx';
import { say } from '../../part/toast.tsx';
import { may, session } from '../../session.ts';
import { useStore } from '../../store.ts';
import { type TextName, t } from '../../text/index.ts';
import { Facts } from './facts.tsx';

type Proposed = AnswerOf<'GET /api/v1/approvals'>['proposed'][number];
type Verdict = 'approval' | 'rejection';

const TONES = { waiting: 'watch', approved: 'good', rejected: 'bad', expired: 'plain' } as const;
const ICONS = { waiting: 'waits', approved: 'permitted', rejected: 'refuted', expired: 'close' } as const;

/** Changes that wait for a second person, and what became of the others. */
export function Approvals() {
  const { query, setQuery } = useAddress();
  const state = query['state'] === 'any' ? 'any' : 'waiting';
  const { value, problem, again } = useRead('/api/v1/approvals', { query: { state, limit: 200 } });
  useHappenings(
    useCallback((found) => found.some(({ kind }) => ['list', 'setting', 'erasure'].includes(kind)) && again(), [again]),
  );
  return (
    <>
      <p>{t('access.approvalsText')}</p>
      <div class="filters">
        <Select
          label={t('access.state')}
          value={state}
          options={[
            ['waiting', t('access.stateWaiting')],
            ['any', t('access.any')],
          ]}
          onChange={(chosen) => setQuery({ state: chosen === 'any' ? 'any' : undefined })}
        />
      </div>
      {problem && <ProblemNote problem={problem} onRetry={again} />}
      {value === undefined ? problem === undefined && <Loading /> : <Changes proposed={value.proposed} again={again} />}
    </>
  );
}

function Changes({ proposed, again }: { readonly proposed: readonly Proposed[]; again(): void }) {
  const [deciding, setDeciding] = useState<{ readonly one: Proposed; readonly verdict: Verdict }>();
  return (
    <>
      <Table
        caption={t('access.approvals')}
        isCaptionHidden
        rows={proposed}
        keyOf={({ id }) => id}
        empty={t('access.noApprovals')}
        columns={[
          { name: 'id', heading: t('access.number'), isNumber: true, isRowHeading: true, cell: ({ id }) => id },
          { name: 'at', heading: t('access.time'), cell: ({ at }) => <Time at={at} /> },
          { name: 'author', heading: t('access.proposedBy'), cell: ({ author }) => author },
          { name: 'reason', heading: t('access.why'), cell: ({ reason }) => reason },
          { name: 'change', heading: t('access.change'), cell: ({ change }) => <Facts facts={change} /> },
          { name: 'state', heading: t('access.state'), cell: (one) => <State one={one} /> },
          {
            name: 'act',
            heading: t('access.decide'),
            cell: (one) => <Decide one={one} onDecide={(verdict) => setDeciding({ one, verdict })} />,
          },
        ]}
      />
      {deciding && (
        <Decision
          {...deciding}
          onClose={(isDone) => {
            setDeciding(undefined);
            if (isDone) again();
          }}
        />
      )}
    </>
  );
}

function State({ one: { state, decidedBy, decidedAt } }: { readonly one: Proposed }) {
  return (
    <>
      <Badge tone={TONES[state]} icon={ICONS[state]}>
        {t(`access.state-${state}` as TextName)}
      </Badge>{' '}
      {decidedBy} <Time at={decidedAt} />
    </>
  );
}

/** What this person can do about it; a file is approved where it is imported. */
function Decide({ one, onDecide }: { readonly one: Proposed; onDecide(verdict: Verdict): void }) {
  const now = useStore(session);
  if (one.state !== 'waiting' || !may('approvals.decide')) return null;
  const isOwn = now.state === 'signedIn' && now.caller.name.toLowerCase() === one.author.toLowerCase();
  if (isOwn) return <span class="soft">{t('access.notYours')}</span>;
  return (
    <>
      {one.change.about === 'file' ? (
        <span class="soft">{t('access.fileAgain')}</span>
      ) : (
        <Button onClick={() => onDecide('approval')}>{t('access.agree')}</Button>
      )}{' '}
      <Button onClick={() => onDecide('rejection')}>{t('access.reject')}</Button>
    </>
  );
}

function Decision({
  one,
  verdict,
  onClose,
}: {
  readonly one: Proposed;
  readonly verdict: Verdict;
  onClose(isDone: boolean): void;
}) {
  const isYes = verdict === 'approval';
  const path = { id: one.id };
  return (
    <Confirm
      title={t(isYes ? 'access.agreeTitle' : 'access.rejectTitle', { id: one.id })}
      action={t(isYes ? 'access.agree' : 'access.reject')}
      kind={isYes ? 'primary' : 'danger'}
      act={async (reason) => {
        const body = { reason };
        return isYes
          ? await send('POST /api/v1/approvals/{id}/approval', { path, body })
          : await send('POST /api/v1/approvals/{id}/rejection', { path, body });
      }}
      onDone={() => {
        say(t(isYes ? 'access.agreed' : 'access.rejected', { id: one.id }), isYes ? 'good' : 'plain');
        onClose(true);
      }}
      onClose={() => onClose(false)}
    >
      <p>{t(isYes ? 'access.agreeText' : 'access.rejectText', { author: one.author })}</p>
      <Facts facts={one.change} />
    </Confirm>
  );
}
