import { useState } from 'preact/hooks';
import { useAddress } from '../../address.ts';
import { type Problem, send } from '../../api/client.ts';
import { ProviderLink } from '../../frame/provider-link.tsx';
import { Button } from '../../part/button.tsx';
import { Field } from '../../part/field.tsx';
import { Form } from '../../part/form.tsx';
import { ProblemNote } from '../../part/states.tsx';
import { enter, type SessionAnswer } from '../../session.ts';
import { t } from '../../text/index.ts';
import { ScreenHeading } from '../screen-heading.tsx';

const MAKE_USER = 'assay user add Ada --role administrator --reason first';

const REFUSALS = ['noRole', 'nameTaken', 'disabled', 'refused', 'unreachable'] as const;

/** Why the provider's sign-in did not open this console. */
function refusalWords(why: string | undefined): string | undefined {
  const known = REFUSALS.find((one) => one === why);
  return known && t(`signIn.openId-${known}`);
}

/** Who are you? Shown instead of everything else until the operator knows; the address stays, and is where one is afterwards. */
export function SignIn({
  answer: { ways },
  because,
}: {
  readonly answer: SessionAnswer;
  readonly because?: Problem | undefined;
}) {
  const refused = refusalWords(useAddress().query['signIn']);
  return (
    <main class="alone">
      <ScreenHeading title={t('signIn.title')} />
      {because?.code === 'session-ended' && <ProblemNote problem={because} />}
      {refused && (
        <p class="note bad" role="alert">
          {refused}
        </p>
      )}
      {ways.openId !== undefined && (
        <p>
          <ProviderLink label={ways.openId} />
        </p>
      )}
      {ways.password && <PasswordForm />}
      {!ways.password && ways.openId === undefined && <Nobody isFirst={ways.firstAdministrator} />}
    </main>
  );
}

function Nobody({ isFirst }: { readonly isFirst: boolean }) {
  return (
    <>
      <p>
        <strong>{t('signIn.nobody')}</strong>
      </p>
      <p>{t(isFirst ? 'signIn.nobodyHow' : 'signIn.noWay', { command: MAKE_USER })}</p>
    </>
  );
}

function PasswordForm() {
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [isTried, setTried] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const submit = async () => {
    setTried(true);
    if (name === '' || password === '' || isBusy) return;
    setBusy(true);
    const refused = enter(await send('POST /api/v1/session', { body: { name, password } }));
    if (refused === undefined) return;
    setProblem(refused);
    setPassword('');
    setTried(false);
    setBusy(false);
  };
  const missing = (value: string) => (isTried && value === '' ? t('signIn.missing') : undefined);
  return (
    <Form
      problem={problem}
      onSubmit={() => void submit()}
      actions={
        <Button type="submit" kind="primary" isBusy={isBusy}>
          {t('signIn.submit')}
        </Button>
      }
    >
      <Field
        label={t('signIn.name')}
        at="/name"
        name="name"
        autocomplete="username"
        error={missing(name)}
        value={name}
        onInput={setName}
      />
      <Field
        label={t('signIn.password')}
        at="/password"
        name="password"
        type="password"
        autocomplete="current-password"
        error={missing(password)}
        value={password}
        onInput={setPassword}
      />
    </Form>
  );
}
