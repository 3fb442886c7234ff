import { useCallback, useState } from 'preact/hooks';
import { type AnswerOf, type Problem, send } from '../../api/client.ts';
import { useRead } from '../../api/use-read.ts';
import { useHappenings } from '../../live.ts';
import { authorWords } from '../../part/author-words.ts';
import { Button } from '../../part/button.tsx';
import { Dialog } from '../../part/dialog.tsx';
import { Field } from '../../part/field.tsx';
import { Form } from '../../part/form.tsx';
import { Loading, ProblemNote } from '../../part/states.tsx';
import { Table } from '../../part/table.tsx';
import { Tile, Tiles } from '../../part/tiles.tsx';
import { Time } from '../../part/time.tsx';
import { say } from '../../part/toast.tsx';
import { may } from '../../session.ts';
import { numberText, t } from '../../text/index.ts';
import { plain } from './hexadecimal.ts';

type Preview = AnswerOf<'POST /api/v1/revocations/preview'>;

/** Certificates of storage supports that UICCs are not to believe any more. */
export function Revocations() {
  const { value, problem, again } = useRead('/api/v1/revocations', {});
  const [isAsking, setAsking] = useState(false);
  useHappenings(
    useCallback(
      (found) => {
        if (found.some(({ kind }) => kind === 'setting')) again();
      },
      [again],
    ),
  );
  return (
    <>
      <h2>{t('policy.revocations')}</h2>
      <p class="soft">{t('policy.revocationsWords', { most: numberText(value?.most ?? 0) })}</p>
      {may('settings.change') && (
        <div class="policy-actions">
          <Button onClick={() => setAsking(true)}>{t('policy.revoke')}</Button>
        </div>
      )}
      {problem && <ProblemNote problem={problem} onRetry={again} />}
      {value === undefined ? problem === undefined && <Loading /> : <RevokedTable {...value} />}
      {isAsking && (
        <Revoke
          onDone={() => {
            setAsking(false);
            say(t('policy.revoked'), 'good');
            again();
          }}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}

function RevokedTable({ revocations, uiccs }: AnswerOf<'GET /api/v1/revocations'>) {
  return (
    <Table
      caption={t('policy.revocations')}
      isCaptionHidden
      rows={revocations}
      keyOf={({ serial }) => serial}
      empty={t('policy.noRevocations')}
      columns={[
        {
          name: 'serial',
          heading: t('policy.serial'),
          isCode: true,
          isRowHeading: true,
          cell: ({ serial }) => <span class="fingerprint">{serial}</span>,
        },
        {
          name: 'told',
          heading: t('policy.told'),
          cell: ({ told }) => t('policy.toldOf', { told: numberText(told), uiccs: numberText(uiccs) }),
        },
        { name: 'why', heading: t('policy.why'), cell: ({ reason }) => reason },
        { name: 'by', heading: t('policy.by'), cell: ({ author }) => authorWords(author) },
        { name: 'at', heading: t('policy.since'), cell: ({ at }) => <Time at={at} /> },
      ]}
    />
  );
}

/** The serial number, whom it concerns, then the reason: what cannot be taken back is seen before. */
function Revoke({ onDone, onClose }: { onDone(): void; onClose(): void }) {
  const [serial, setSerial] = useState('');
  const [reason, setReason] = useState('');
  const [preview, setPreview] = useState<Preview>();
  const [problem, setProblem] = useState<Problem>();
  const [isTried, setTried] = useState(false);
  const look = async () => {
    const answer = await send('POST /api/v1/revocations/preview', { body: { serial: plain(serial) } });
    setProblem(answer.ok ? undefined : answer.problem);
    setPreview(answer.ok ? answer.value : undefined);
  };
  const revoke = async () => {
    setTried(true);
    if (reason.trim() === '') return;
    const answer = await send('POST /api/v1/revocations', { body: { serial: plain(serial), reason: reason.trim() } });
    if (answer.ok) onDone();
    else setProblem(answer.problem);
  };
  return (
    <Dialog title={t('policy.revoke')} onClose={onClose}>
      <Form
        problem={problem}
        onSubmit={() => void (preview === undefined ? look() : revoke())}
        actions={
          <footer>
            <Button onClick={onClose}>{t('part.cancel')}</Button>
            <Button type="submit" kind={preview === undefined ? 'primary' : 'danger'}>
              {preview === undefined ? t('policy.preview') : t('policy.revoke')}
            </Button>
          </footer>
        }
      >
        <Field
          label={t('policy.serial')}
          hint={t('policy.serialHint')}
          isCode
          isRequired
          value={serial}
          at="/serial"
          onInput={(text) => {
            setSerial(text);
            setPreview(undefined);
            setProblem(undefined);
          }}
        />
        {preview && <PreviewView preview={preview} />}
        {preview && (
          <Field
            label={t('part.reason')}
            at="/reason"
            hint={t('part.reasonHint')}
            error={isTried && reason.trim() === '' ? t('part.reasonMissing') : undefined}
            isRequired
            rows={2}
            value={reason}
            onInput={setReason}
          />
        )}
      </Form>
    </Dialog>
  );
}

function PreviewView({ preview: { uiccs, inUse, locked, ordered } }: { readonly preview: Preview }) {
  return (
    <>
      <Tiles label={t('policy.previewTitle')}>
        <Tile words={t('policy.inUseTile')} value={inUse} />
        <Tile words={t('policy.lockedTile')} value={locked} />
        <Tile words={t('policy.learningTile')} value={uiccs - ordered} />
      </Tiles>
      <p>{t('policy.revokeInUse')}</p>
      {locked > 0 && <p class="note watch">{t('policy.revokeLocked')}</p>}
      <p>{t('policy.revokeOthers')}</p>
    </>
  );
}
