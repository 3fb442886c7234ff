import { useCallback, useEffect, useState } from 'preact/hooks';
import { type AnswerOf, send } from '../../api/client.ts';
import { useRead } from '../../api/use-read.ts';
import { useHappenings } from '../../live.ts';
import { Badge } from '../../part/badge.tsx';
import { Button } from '../../part/button.tsx';
import { Confirm } from '../../part/confirm.tsx';
import { Field } from '../../part/field.tsx';
import { Loading, ProblemNote } from '../../part/states.tsx';
import { Table } from '../../part/table.tsx';
import { say } from '../../part/toast.tsx';
import { may } from '../../session.ts';
import { numberText, t } from '../../text/index.ts';
import { plain } from './hexadecimal.ts';
import { RollOut, RolloutEffect, RolloutProgress, useRolloutEffect } from './rollout.tsx';

/** How often a roll-out is looked at. */
const PROGRESS_MILLISECONDS = 3000;

type Makers = AnswerOf<'GET /api/v1/makers'>;
type Maker = Makers['makers'][number];

/** What is being asked about. */
type Asking = { readonly kind: 'add' | 'rollOut' } | { readonly kind: 'remove'; readonly maker: Maker };

/** Roots of makers, how many UICCs believe each, and how far they are on their way to the UICCs in the field. */
export function Makers() {
  const { value, problem, again } = useRead('/api/v1/makers', {});
  const [asking, setAsking] = useState<Asking>();
  const close = () => setAsking(undefined);
  useHappenings(
    useCallback(
      (found) => {
        if (found.some(({ kind }) => kind === 'setting')) again();
      },
      [again],
    ),
  );
  const { state, underWay = 0 } = value?.rollout ?? {};
  const isMoving = state === 'ordering' || underWay > 0;
  useEffect(() => {
    if (!isMoving) return;
    // A look now and then: what is counted here is every UICC.
    const timer = setInterval(again, PROGRESS_MILLISECONDS);
    return () => clearInterval(timer);
  }, [isMoving, again]);
  const done = (text: string) => {
    close();
    say(text, 'good');
    again();
  };
  if (value === undefined) return problem ? <ProblemNote problem={problem} onRetry={again} /> : <Loading />;
  return (
    <>
      <p class="soft">{t('policy.makersWords', { count: value.uiccs, most: numberText(value.most) })}</p>
      {may('settings.change') && (
        <div class="policy-actions">
          <Button kind="primary" onClick={() => setAsking({ kind: 'add' })}>
            {t('policy.addMaker')}
          </Button>
          <Button onClick={() => setAsking({ kind: 'rollOut' })}>{t('policy.rollOut')}</Button>
        </div>
      )}
      <MakerTable makers={value} onRemove={(maker) => setAsking({ kind: 'remove', maker })} />
      {value.unknown > 0 && <p class="soft">{t('policy.rootsUnknown', { count: value.unknown })}</p>}
      {value.fixed > 0 && <p class="soft">{t('policy.rolloutFixed', { count: value.fixed })}</p>}
      <p>
        {t('policy.ownRoot')} <code class="fingerprint">{value.operator.fingerprint}</code>
      </p>
      {value.rollout && <RolloutProgress rollout={value.rollout} />}
      {asking?.kind === 'add' && <AddMaker onDone={done} onClose={close} />}
      {asking?.kind === 'rollOut' && <RollOut onDone={() => done(t('policy.rolloutBegun'))} onClose={close} />}
      {asking?.kind === 'remove' && <RemoveMaker maker={asking.maker} onDone={done} onClose={close} />}
    </>
  );
}

function MakerTable({ makers, onRemove }: { readonly makers: Makers; onRemove(maker: Maker): void }) {
  return (
    <Table
      caption={t('policy.makers')}
      isCaptionHidden
      rows={makers.makers}
      keyOf={(maker) => maker.fingerprint}
      empty={t('policy.noMakers')}
      columns={[
        {
          name: 'identifier',
          heading: t('policy.maker'),
          isCode: true,
          isRowHeading: true,
          cell: (maker) => maker.identifier,
        },
        {
          name: 'state',
          heading: t('policy.state'),
          cell: ({ isBelieved }) => (
            <Badge tone={isBelieved ? 'good' : 'watch'}>
              {t(isBelieved ? 'policy.isBelieved' : 'policy.isTakenAway')}
            </Badge>
          ),
        },
        {
          name: 'uiccs',
          heading: t('policy.believing'),
          cell: ({ uiccs }) => t('policy.toldOf', { told: numberText(uiccs), uiccs: numberText(makers.uiccs) }),
        },
        {
          name: 'fingerprint',
          heading: t('policy.fingerprint'),
          isCode: true,
          cell: (maker) => <span class="fingerprint">{maker.fingerprint}</span>,
        },
        {
          name: 'actions',
          heading: t('policy.actions'),
          cell: (maker) =>
            maker.isBelieved &&
            may('settings.change') && (
              <Button kind="quiet" onClick={() => onRemove(maker)}>
                {t('policy.removeMaker')}
              </Button>
            ),
        },
      ]}
    />
  );
}

function RemoveMaker({
  maker,
  onDone,
  onClose,
}: {
  readonly maker: Maker;
  onDone(text: string): void;
  onClose(): void;
}) {
  const { identifier } = maker;
  const found = useRolloutEffect(identifier);
  return (
    <Confirm
      title={t('policy.removeMakerTitle', { maker: identifier })}
      action={t('policy.removeMaker')}
      kind="danger"
      act={(reason) => send('POST /api/v1/makers/removals', { body: { identifier, reason } })}
      onDone={(value) =>
        onDone('waiting' in value ? t('policy.waits') : t('policy.makerRemoved', { count: value.stillBelieving }))
      }
      onClose={onClose}
    >
      <p>{t('policy.removeMakerWords', { count: maker.uiccs })}</p>
      <RolloutEffect {...found} />
    </Confirm>
  );
}

function AddMaker({ onDone, onClose }: { onDone(text: string): void; onClose(): void }) {
  const [identifier, setIdentifier] = useState('');
  const [publicPoint, setPoint] = useState('');
  const [fingerprint, setFingerprint] = useState('');
  return (
    <Confirm
      title={t('policy.addMaker')}
      action={t('policy.addMaker')}
      act={(reason) =>
        send('POST /api/v1/makers', {
          body: {
            ...{ identifier: plain(identifier), publicPoint: plain(publicPoint) },
            ...{ fingerprint: plain(fingerprint), reason },
          },
        })
      }
      onDone={() => onDone(t('policy.makerAdded'))}
      onClose={onClose}
    >
      <Field label={t('policy.maker')} at="/identifier" isCode isRequired value={identifier} onInput={setIdentifier} />
      <Field
        label={t('policy.point')}
        at="/publicPoint"
        hint={t('policy.pointHint')}
        isCode
        isRequired
        rows={3}
        value={publicPoint}
        onInput={setPoint}
      />
      <Field
        label={t('policy.fingerprint')}
        at="/fingerprint"
        hint={t('policy.fingerprintHint')}
        isCode
        isRequired
        rows={2}
        value={fingerprint}
        onInput={setFingerprint}
      />
    </Confirm>
  );
}
