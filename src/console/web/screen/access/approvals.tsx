import { useCallback, useState } from 'preact/hooks';
import { useAddress } from '../../address.ts';
import { type Answer, type AnswerOf, type Problem, send } from '../../api/client.ts';
import type { Happening } from '../../api/stream.ts';
import { useRead } from '../../api/use-read.ts';
import { now } from '../../clock.ts';
import { useHappenings } from '../../live.ts';
import { authorWords } from '../../part/author-words.ts';
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
import { ChangeFacts } from './change-facts.tsx';

type Proposed = AnswerOf<'GET /api/v1/approvals'>['proposed'][number];
type Verdict = 'approval' | 'rejection';

const TONES = { waiting: 'watch', approved: 'good', rejected: 'bad', expired: 'plain' } as const;
const ICONS = { waiting: 'waits', approved: 'permitted', rejected: 'refuted', expired: 'close' } as const;

const KINDS = ['list', 'setting', 'erasure', 'user', 'token'];
/** Of the orders to UICCs, which are many, only those to a fleet are proposed. */
const isOfProposals = ({ kind, data }: Happening): boolean =>
  KINDS.includes(kind) || (kind === 'order' && (data as { readonly subject?: unknown }).subject === 'fleet');

/** An approved order to a fleet can be carried out for a day; more than once does no harm. */
const DAY = 24 * 3_600_000;
const isToOrder = ({ state, change, decidedAt = '' }: Proposed): boolean =>
  state === 'approved' && change.about === 'fleet' && Date.parse(decidedAt) > now() - DAY;

/** Carries out an approved order, part after part; how many orders. */
async function orderAll(id: number): Promise<Answer<number>> {
  let queued = 0;
  let after: string | undefined;
  do {
    const body = after === undefined ? {} : { after };
    const answer = await send('POST /api/v1/approvals/{id}/orders', { path: { id }, body });
    if (!answer.ok) return answer;
    queued += answer.value.queued;
    after = answer.value.next;
  } while (after !== undefined);
  return { ok: true, value: queued };
}

/** Changes that wait for a second person, and what became of the others. */
export function Approvals() {
  const { query, setQuery } = useAddress();
  const state = query['state'] === 'any' ? 'any' : 'waiting';
  const { value, problem, again } = useRead('/api/v1/approvals', { query: { state, limit: 200 } });
  useHappenings(useCallback((found) => found.some(isOfProposals) && again(), [again]));
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
          { name: 'author', heading: t('access.proposedBy'), cell: ({ author }) => authorWords(author) },
          { name: 'reason', heading: t('access.why'), cell: ({ reason }) => reason },
          { name: 'change', heading: t('access.change'), cell: ({ change }) => <ChangeFacts change={change} /> },
          { name: 'state', heading: t('access.state'), cell: (one) => <State one={one} /> },
          {
            name: 'act',
            heading: t('access.decide'),
            cell: (one) => <Decide one={one} onDecide={(verdict) => setDeciding({ one, verdict })} onOrdered={again} />,
          },
        ]}
      />
      {deciding && (
        <Decision
          {...deciding}
          onClose={() => {
            setDeciding(undefined);
            // Also what was refused may be shown otherwise now: an order to a fleet that has grown.
            again();
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
      {decidedBy && authorWords(decidedBy)} <Time at={decidedAt} />
    </>
  );
}

/** What this person can do about it; a file is approved where it is imported. */
function Decide({
  one,
  onDecide,
  onOrdered,
}: {
  readonly one: Proposed;
  onDecide(verdict: Verdict): void;
  onOrdered(): void;
}) {
  const who = useStore(session);
  if (isToOrder(one) && may('policies.change')) return <OrderAgain id={one.id} onDone={onOrdered} />;
  if (one.state !== 'waiting' || !may('approvals.decide')) return null;
  const isOwn = who.state === 'signedIn' && who.caller.name.toLowerCase() === one.author.toLowerCase();
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

/** For an order whose page was closed before it was carried out to the end. */
function OrderAgain({ id, onDone }: { readonly id: number; onDone(): void }) {
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const order = async () => {
    setBusy(true);
    const answer = await orderAll(id);
    setBusy(false);
    setProblem(answer.ok ? undefined : answer.problem);
    if (!answer.ok) return;
    say(t('access.fleetOrdered', { id, count: answer.value }), 'good');
    onDone();
  };
  return (
    <>
      <Button isBusy={isBusy} onClick={() => void order()}>
        {t('access.fleetOrder')}
      </Button>
      {problem && <ProblemNote problem={problem} />}
    </>
  );
}

/** What is agreed to is what stands in this dialog, whatever others were shown since. */
const shownOf = ({ changed, losing }: { readonly changed: number; readonly losing: number }) => ({ changed, losing });

function Decision({ one, verdict, onClose }: { readonly one: Proposed; readonly verdict: Verdict; onClose(): void }) {
  const isYes = verdict === 'approval';
  const path = { id: one.id };
  return (
    <Confirm
      title={t(isYes ? 'access.agreeTitle' : 'access.rejectTitle', { id: one.id })}
      action={t(isYes ? 'access.agree' : 'access.reject')}
      kind={isYes ? 'primary' : 'danger'}
      act={async (reason): Promise<Answer<number | undefined>> => {
        const shown = one.change.about === 'fleet' ? { shown: shownOf(one.change) } : {};
        const decided = isYes
          ? await send('POST /api/v1/approvals/{id}/approval', { path, body: { reason, ...shown } })
          : await send('POST /api/v1/approvals/{id}/rejection', { path, body: { reason } });
        if (!decided.ok) return decided;
        return isYes && one.change.about === 'fleet' ? await orderAll(one.id) : { ok: true, value: undefined };
      }}
      onDone={(orders) => {
        if (orders !== undefined) say(t('access.fleetOrdered', { id: one.id, count: orders }), 'good');
        else say(t(isYes ? 'access.agreed' : 'access.rejected', { id: one.id }), isYes ? 'good' : 'plain');
        onClose();
      }}
      onClose={onClose}
    >
      <p>{t(isYes ? 'access.agreeText' : 'access.rejectText', { author: authorWords(one.author) })}</p>
      <ChangeFacts change={one.change} />
    </Confirm>
  );
}
