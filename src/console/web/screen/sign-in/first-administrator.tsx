import { useState } from 'preact/hooks';
import { useAddress } from '../../address.ts';
import { type Problem, send } from '../../api/client.ts';
import { Button } from '../../part/button.tsx';
import { Field } from '../../part/field.tsx';
import { Form } from '../../part/form.tsx';
import { enter, type SessionAnswer } from '../../session.ts';
import { t } from '../../text/index.ts';
import { ScreenHeading } from '../screen-heading.tsx';

/** The path of the link that the operator prints; its secret stands behind `#`, which no server ever sees. */
export const FIRST_PATH = '/first';

/** Makes the first administrator. */
export function FirstAdministrator({ answer }: { readonly answer: SessionAnswer }) {
  const [secret] = useState(() => location.hash.slice(1));
  return (
    <main class="alone">
      <ScreenHeading title={t('signIn.firstTitle')} />
      {secret === '' ? <Incomplete /> : <Making secret={secret} shortest={answer.password.shortest} />}
    </main>
  );
}

function Incomplete() {
  return (
    <>
      <p>
        <strong>{t('signIn.firstGone')}</strong>
      </p>
      <p>{t('signIn.firstGoneText')}</p>
    </>
  );
}

function Making({ secret, shortest }: { readonly secret: string; readonly shortest: number }) {
  const { goTo } = useAddress();
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [isTried, setTried] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const isShort = [...password].length < shortest;
  const submit = async () => {
    setTried(true);
    if (name === '' || isShort || isBusy) return;
    setBusy(true);
    const refused = enter(await send('POST /api/v1/first-administrator', { body: { secret, name, password } }));
    setBusy(false);
    setProblem(refused);
    if (refused === undefined) goTo('/');
  };
  return (
    <Form
      problem={problem}
      onSubmit={() => void submit()}
      actions={
        <Button type="submit" kind="primary" isBusy={isBusy}>
          {t('signIn.firstSubmit')}
        </Button>
      }
    >
      <p>{t('signIn.firstText')}</p>
      <Field
        label={t('signIn.name')}
        at="/name"
        name="name"
        autocomplete="username"
        error={isTried && name === '' ? t('signIn.missing') : undefined}
        value={name}
        onInput={setName}
      />
      <Field
        label={t('signIn.password')}
        at="/password"
        name="password"
        type="password"
        autocomplete="new-password"
        hint={t('signIn.firstPassword', { shortest })}
        error={isTried && isShort ? t('signIn.firstPassword', { shortest }) : undefined}
        value={password}
        onInput={setPassword}
      />
    </Form>
  );
}
