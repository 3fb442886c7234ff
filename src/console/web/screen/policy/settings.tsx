import { useState } from 'preact/hooks';
import { type AnswerOf, type Problem, send } from '../../api/client.ts';
import { useRead } from '../../api/use-read.ts';
import { StatusBadge } from '../../part/badge.tsx';
import { Button } from '../../part/button.tsx';
import { Dialog } from '../../part/dialog.tsx';
import { Field, Select } from '../../part/field.tsx';
import { Form } from '../../part/form.tsx';
import { Loading, ProblemNote } from '../../part/states.tsx';
import { Table } from '../../part/table.tsx';
import { Tile, Tiles } from '../../part/tiles.tsx';
import { say } from '../../part/toast.tsx';
import { may } from '../../session.ts';
import { numberText, t } from '../../text/index.ts';
import { isOfRegister, MINUTE, type SettingName, settingChoices, settingWord, timeOf } from './setting-words.ts';

interface Setting {
  readonly name: SettingName;
  readonly value: string;
}

type Preview = AnswerOf<'POST /api/v1/settings/{name}/preview'>;

/** How the register acts, in words, each with what another value would do. */
export function Settings() {
  const { value, problem, again } = useRead('/api/v1/settings', {});
  const [changing, setChanging] = useState<Setting>();
  return (
    <>
      <p class="soft">{t('policy.registerWords')}</p>
      {problem && <ProblemNote problem={problem} onRetry={again} />}
      {value === undefined ? (
        problem === undefined && <Loading />
      ) : (
        <Table
          caption={t('policy.register')}
          isCaptionHidden
          rows={value.settings.flatMap(({ name, value: is }) => (isOfRegister(name) ? [{ name, value: is }] : []))}
          keyOf={({ name }) => name}
          empty=""
          columns={[
            {
              name: 'name',
              heading: t('policy.setting'),
              isRowHeading: true,
              cell: ({ name }) => t(`policy.set-${name}`),
            },
            { name: 'value', heading: t('policy.value'), cell: ({ name, value: is }) => settingWord(name, is) },
            {
              name: 'change',
              heading: t('policy.actions'),
              cell: (setting) => (
                <Button kind="quiet" onClick={() => setChanging(setting)}>
                  {may('settings.change') ? t('policy.change') : t('policy.preview')}
                </Button>
              ),
            },
          ]}
        />
      )}
      {changing && (
        <SettingDialog
          setting={changing}
          onDone={(text) => {
            setChanging(undefined);
            say(text, 'good');
            again();
          }}
          onClose={() => setChanging(undefined)}
        />
      )}
    </>
  );
}

function SettingDialog({
  setting,
  onDone,
  onClose,
}: {
  readonly setting: Setting;
  onDone(text: string): void;
  onClose(): void;
}) {
  const name: SettingName = setting.name;
  const isTime = timeOf(name) !== undefined;
  const [written, setWritten] = useState(isTime ? String(Number(setting.value) / MINUTE) : setting.value);
  const [reason, setReason] = useState('');
  const [preview, setPreview] = useState<Preview>();
  const [problem, setProblem] = useState<Problem>();
  const [isTried, setTried] = useState(false);
  const value = isTime ? String(Math.round(Number(written.replace(',', '.')) * MINUTE)) : written;
  const write = (text: string) => {
    setWritten(text);
    setPreview(undefined);
  };
  const look = async () => {
    const answer = await send('POST /api/v1/settings/{name}/preview', { path: { name }, body: { value } });
    setProblem(answer.ok ? undefined : answer.problem);
    setPreview(answer.ok ? answer.value : undefined);
  };
  const save = async () => {
    setTried(true);
    if (reason.trim() === '') return;
    const answer = await send('PUT /api/v1/settings/{name}', { path: { name }, body: { value, reason } });
    if (!answer.ok) setProblem(answer.problem);
    else onDone('waiting' in answer.value ? t('policy.waits') : t('policy.saved'));
  };
  return (
    <Dialog title={t(`policy.set-${name}`)} onClose={onClose}>
      <Form
        className="wide"
        problem={problem}
        onSubmit={() => void (preview === undefined ? look() : save())}
        actions={<DialogActions preview={preview} onClose={onClose} />}
      >
        <Value {...{ name, written }} onWritten={write} />
        {preview && <PreviewView preview={preview} />}
        {preview && may('settings.change') && (
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

/** First what would change is shown, then it can be saved. */
function DialogActions({ preview, onClose }: { readonly preview: Preview | undefined; onClose(): void }) {
  const takesAway = preview !== undefined && preview.after.prohibited > preview.before.prohibited;
  return (
    <footer>
      <Button onClick={onClose}>{t('part.cancel')}</Button>
      {preview === undefined && (
        <Button type="submit" kind="primary">
          {t('policy.preview')}
        </Button>
      )}
      {preview && may('settings.change') && (
        <Button type="submit" kind={takesAway ? 'danger' : 'primary'}>
          {preview.mustWait ? t('policy.propose') : t('policy.save')}
        </Button>
      )}
    </footer>
  );
}

/** The new value: one of a few, a number, or minutes. */
function Value({
  name,
  written,
  onWritten,
}: {
  readonly name: SettingName;
  readonly written: string;
  onWritten(text: string): void;
}) {
  const choices = settingChoices(name);
  if (choices !== undefined)
    return (
      <Select
        label={t('policy.value')}
        at="/value"
        value={written}
        options={choices.map((one) => [one, settingWord(name, one)] as const)}
        onChange={(one) => onWritten(one)}
      />
    );
  return (
    <Field
      label={timeOf(name) === undefined ? t('policy.value') : t('policy.minutes')}
      value={written}
      at="/value"
      onInput={onWritten}
    />
  );
}

const STATUSES = ['permitted', 'tracking', 'prohibited'] as const;

function PreviewView({ preview }: { readonly preview: Preview }) {
  const { about, looked, isWhole, changed, before, after, handsets, mustWait } = preview;
  return (
    <>
      {mustWait && <p class="note watch">{t('policy.secondPerson')}</p>}
      {about === 'later' && <p>{t('policy.later')}</p>}
      {about === 'duplicates' && (
        <p>
          {t('policy.duplicates', { before: preview.duplicatesBefore, after: preview.duplicatesAfter })}{' '}
          {t('policy.lookedImeis', { count: looked })}
        </p>
      )}
      {about === 'answers' && (
        <>
          <p>
            {t('policy.changedAnswers', { count: changed })} {t('policy.lookedHandsets', { count: looked })}{' '}
            {!isWhole && t('policy.notWhole')}
          </p>
          <Tiles label={t('policy.previewTitle')}>
            {STATUSES.map((status) => (
              <Tile key={status} words={t(`part.${status}`)} value={after[status]}>
                {t('policy.was', { count: numberText(before[status]) })}
              </Tile>
            ))}
          </Tiles>
          {handsets.length > 0 && (
            <Table
              caption={t('policy.affected')}
              rows={handsets}
              keyOf={({ imei, imsi }) => `${imei} ${imsi}`}
              empty=""
              columns={[
                { name: 'imei', heading: t('policy.imei'), isCode: true, isRowHeading: true, cell: ({ imei }) => imei },
                { name: 'before', heading: t('policy.now'), cell: (one) => <StatusBadge status={one.before} /> },
                { name: 'after', heading: t('policy.afterwards'), cell: (one) => <StatusBadge status={one.after} /> },
                { name: 'why', heading: t('policy.why'), cell: ({ code }) => t(`reason.${code}`) },
              ]}
            />
          )}
        </>
      )}
    </>
  );
}
