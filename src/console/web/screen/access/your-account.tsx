import { useState } from 'preact/hooks';
import { type AnswerOf, type Problem, send } from '../../api/client.ts';
import { useRead } from '../../api/use-read.ts';
import { Button } from '../../part/button.tsx';
import { Field } from '../../part/field.tsx';
import { Form } from '../../part/form.tsx';
import { Loading, ProblemNote } from '../../part/states.tsx';
import { Table } from '../../part/table.tsx';
import { Age, Time } from '../../part/time.tsx';
import { say } from '../../part/toast.tsx';
import { loadSession } from '../../session.ts';
import { t } from '../../text/index.ts';

type Session = AnswerOf<'GET /api/v1/sessions'>['sessions'][number];

/** Your own password, and where you are signed in. */
export function YourAccount() {
  return (
    <>
      <Password />
      <Sessions />
    </>
  );
}

function Password() {
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [problem, setProblem] = useState<Problem>();
  const [isBusy, setBusy] = useState(false);
  const submit = async () => {
    if (isBusy) return;
    setBusy(true);
    const answer = await send('POST /api/v1/session/password', { body: { current, next } });
    setBusy(false);
    setProblem(answer.ok ? undefined : answer.problem);
    if (!answer.ok) return;
    setCurrent('');
    setNext('');
    say(t('access.passwordChanged'), 'good');
  };
  return (
    <Form
      className="access-block access-form"
      problem={problem}
      onSubmit={() => void submit()}
      actions={
        <Button type="submit" kind="primary" isBusy={isBusy}>
          {t('access.changePassword')}
        </Button>
      }
    >
      <h2>{t('access.changePassword')}</h2>
      <Field
        label={t('access.currentPassword')}
        at="/current"
        type="password"
        autocomplete="current-password"
        value={current}
        onInput={setCurrent}
      />
      <Field
        label={t('access.newPassword')}
        at="/next"
        type="password"
        autocomplete="new-password"
        hint={t('access.passwordHint')}
        value={next}
        onInput={setNext}
      />
    </Form>
  );
}

function Sessions() {
  const { value, problem, again } = useRead('/api/v1/sessions', {});
  const [refused, setRefused] = useState<Problem>();
  if (value === undefined)
    return problem === undefined ? <Loading /> : <ProblemNote problem={problem} onRetry={again} />;
  const end = async (session: Session | undefined) => {
    const answer =
      session === undefined
        ? await send('POST /api/v1/sessions/end')
        : await send('POST /api/v1/sessions/{id}/end', { path: { id: session.id } });
    setRefused(answer.ok ? undefined : answer.problem);
    if (session?.isThis) await loadSession();
    else again();
  };
  return (
    <section class="access-block">
      {refused && <ProblemNote problem={refused} />}
      <Table
        caption={t('access.sessions')}
        rows={value.sessions}
        keyOf={({ id }) => id}
        empty=""
        columns={[
          {
            name: 'from',
            heading: t('access.address'),
            isRowHeading: true,
            cell: ({ address, isThis }) => (isThis ? t('access.thisSession', { address }) : address),
          },
          { name: 'agent', heading: t('access.browser'), cell: ({ agent }) => agent },
          { name: 'since', heading: t('access.since'), cell: ({ createdAt }) => <Time at={createdAt} /> },
          { name: 'used', heading: t('access.lastUse'), cell: ({ usedAt }) => <Age at={usedAt} /> },
          { name: 'ends', heading: t('access.until'), cell: ({ endsAtLatest }) => <Time at={endsAtLatest} /> },
          {
            name: 'act',
            heading: t('access.act'),
            cell: (session) => <Button onClick={() => void end(session)}>{t('access.endSession')}</Button>,
          },
        ]}
      />
      {value.sessions.length > 1 && (
        <p class="access-act">
          <Button onClick={() => void end(undefined)}>{t('access.endOthers')}</Button>
        </p>
      )}
    </section>
  );
}
