import { useState } from 'preact/hooks';
import { type AnswerOf, send } from '../../api/client.ts';
import { useRead } from '../../api/use-read.ts';
import { Button } from '../../part/button.tsx';
import { Confirm } from '../../part/confirm.tsx';
import { Field } from '../../part/field.tsx';
import { Loading, ProblemNote } from '../../part/states.tsx';
import { Table } from '../../part/table.tsx';
import { say } from '../../part/toast.tsx';
import { may } from '../../session.ts';
import { t } from '../../text/index.ts';
import { plain } from './hexadecimal.ts';

type Maker = AnswerOf<'GET /api/v1/makers'>['makers'][number];

/** Roots of makers, and what taking one away does and does not do. */
export function Makers() {
  const { value, problem, again } = useRead('/api/v1/makers', {});
  const [isAdding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<Maker>();
  const done = (text: string) => {
    setAdding(false);
    setRemoving(undefined);
    say(text, 'good');
    again();
  };
  if (value === undefined) return problem ? <ProblemNote problem={problem} onRetry={again} /> : <Loading />;
  return (
    <>
      <p class="soft">{t('policy.makersWords', { count: value.uiccs })}</p>
      {may('settings.change') && (
        <div class="policy-actions">
          <Button kind="primary" onClick={() => setAdding(true)}>
            {t('policy.addMaker')}
          </Button>
        </div>
      )}
      <Table
        caption={t('policy.makers')}
        isCaptionHidden
        rows={value.makers}
        keyOf={(maker) => maker.identifier}
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
            name: 'fingerprint',
            heading: t('policy.fingerprint'),
            isCode: true,
            cell: (maker) => <span class="fingerprint">{maker.fingerprint}</span>,
          },
          {
            name: 'actions',
            heading: t('policy.actions'),
            cell: (maker) =>
              may('settings.change') && (
                <Button kind="quiet" onClick={() => setRemoving(maker)}>
                  {t('policy.removeMaker')}
                </Button>
              ),
          },
        ]}
      />
      <p>
        {t('policy.ownRoot')} <code class="fingerprint">{value.operator.fingerprint}</code>
      </p>
      {isAdding && <AddMaker onDone={done} onClose={() => setAdding(false)} />}
      {removing && (
        <Confirm
          title={t('policy.removeMakerTitle', { maker: removing.identifier })}
          action={t('policy.removeMaker')}
          kind="danger"
          act={(reason) => send('POST /api/v1/makers/removals', { body: { identifier: removing.identifier, reason } })}
          onDone={({ stillBelieving }) => done(t('policy.makerRemoved', { count: stillBelieving }))}
          onClose={() => setRemoving(undefined)}
        >
          <p>{t('policy.removeMakerWords', { count: value.uiccs })}</p>
        </Confirm>
      )}
    </>
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
