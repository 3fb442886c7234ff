import { useState } from 'preact/hooks';
import { type Problem, send } from '../../api/client.ts';
import { Button } from '../../part/button.tsx';
import { Confirm } from '../../part/confirm.tsx';
import { Dialog } from '../../part/dialog.tsx';
import { Field, Select } from '../../part/field.tsx';
import { Form } from '../../part/form.tsx';
import { t } from '../../text/index.ts';
import type { Entry } from './entries.tsx';
import { type ListName, listOptions, type Reason, reasonOptions, STATUS_OF, sourceWords } from './reasons.ts';

/** The last moment of a day that was chosen, in UTC. */
export const endOfDay = (day: string): string | undefined => (day === '' ? undefined : `${day}T23:59:59Z`);

interface Given {
  readonly list: ListName;
  readonly imei: string;
  readonly reason: Reason;
  readonly note: string;
  readonly caseReference: string;
  readonly day: string;
}

const givenOf = (entry: Entry | undefined, standard: ListName): Given => ({
  list: entry?.list ?? standard,
  imei: entry?.imei ?? '',
  reason: entry?.reason ?? 'stolen',
  note: entry?.note ?? '',
  caseReference: entry?.caseReference ?? '',
  day: entry?.expiresAt?.slice(0, 10) ?? '',
});

function listed({ list, imei, reason, note, caseReference, day }: Given, entry: Entry | undefined) {
  const expiresAt = endOfDay(day);
  return send('POST /api/v1/lists/{list}/entries', {
    path: { list },
    body: {
      ...{ imei: imei.trim(), reason, note, caseReference },
      ...(entry && { source: entry.source }),
      ...(expiresAt !== undefined && { expiresAt }),
    },
  });
}

/** Lists a handset, or changes its entry. */
export function EntryDialog({
  list: standard,
  entry,
  onDone,
  onClose,
}: {
  readonly list: ListName;
  readonly entry: Entry | undefined;
  onDone(text: string): void;
  onClose(): void;
}) {
  const [given, setGiven] = useState(() => givenOf(entry, standard));
  const { imei } = given;
  const set = (change: Partial<Given>) => setGiven({ ...given, ...change });
  const [problem, setProblem] = useState<Problem>();
  const [isBusy, setBusy] = useState(false);
  const submit = async () => {
    setBusy(true);
    const answer = await listed(given, entry);
    setBusy(false);
    if (!answer.ok) setProblem(answer.problem);
    else onDone('waiting' in answer.value ? t('lists.waits') : t('lists.listed', { imei: imei.trim() }));
  };
  return (
    <Dialog title={entry === undefined ? t('lists.add') : t('lists.changeOf', { imei: entry.imei })} onClose={onClose}>
      <Form
        problem={problem}
        onSubmit={() => {
          if (!isBusy) void submit();
        }}
        actions={
          <footer>
            <Button onClick={onClose}>{t('part.cancel')}</Button>
            <Button type="submit" kind="primary" isBusy={isBusy}>
              {entry === undefined ? t('lists.add') : t('lists.change')}
            </Button>
          </footer>
        }
      >
        <EntryFields isNew={entry === undefined} {...{ given, set }} />
      </Form>
    </Dialog>
  );
}

function EntryFields({
  isNew,
  given: { list, imei, reason, note, caseReference, day },
  set,
}: {
  readonly isNew: boolean;
  readonly given: Given;
  set(change: Partial<Given>): void;
}) {
  return (
    <>
      {isNew && (
        <>
          <Select
            label={t('lists.list')}
            value={list}
            options={listOptions()}
            onChange={(value) => set({ list: value })}
          />
          <Field
            label={t('lists.imei')}
            hint={t('lists.imeiHint')}
            isCode
            isRequired
            value={imei}
            at="/imei"
            onInput={(value) => set({ imei: value })}
          />
        </>
      )}
      <Select
        label={t('lists.reason')}
        value={reason}
        options={reasonOptions()}
        onChange={(value) => set({ reason: value })}
      />
      <Field label={t('lists.note')} at="/note" rows={2} value={note} onInput={(value) => set({ note: value })} />
      <Field
        label={t('lists.case')}
        at="/caseReference"
        value={caseReference}
        onInput={(value) => set({ caseReference: value })}
      />
      <Field
        label={t('lists.expires')}
        hint={t('lists.expiresHint')}
        type="date"
        value={day}
        at="/expiresAt"
        onInput={(value) => set({ day: value })}
      />
    </>
  );
}

/** Takes a handset off a list. */
export function RemovalDialog({
  entry,
  onDone,
  onClose,
}: {
  readonly entry: Entry;
  onDone(text: string): void;
  onClose(): void;
}) {
  const { imei, list, source } = entry;
  return (
    <Confirm
      title={t('lists.removeOf', { imei })}
      action={t('lists.remove')}
      kind="danger"
      act={(reason) => send('POST /api/v1/lists/{list}/removals', { path: { list }, body: { imei, source, reason } })}
      onDone={(value) => onDone('waiting' in value ? t('lists.waits') : t('lists.removed', { imei }))}
      onClose={onClose}
    >
      <p>{t('lists.removeWords', { list: t(`part.${STATUS_OF[list]}`), source: sourceWords(source) })}</p>
    </Confirm>
  );
}
