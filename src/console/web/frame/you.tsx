import { send } from '../api/client.ts';
import { authorWords } from '../part/author-words.ts';
import { Button } from '../part/button.tsx';
import { Select } from '../part/field.tsx';
import { ROLE_WORDS } from '../part/role-words.ts';
import { type Caller, enter, type SessionAnswer, session, signOut } from '../session.ts';
import { useStore } from '../store.ts';
import { t } from '../text/index.ts';

import { ProviderLink } from './provider-link.tsx';

type Person = SessionAnswer['ways']['laboratory'][number];

/** Who is signed in and as what, and the way out. */
export function You() {
  const now = useStore(session);
  if (now.state !== 'signedIn') return null;
  const { name, role } = now.caller;
  return (
    <>
      <button type="button" class="button quiet you" popovertarget="you" title={t('frame.you')}>
        {t('frame.youAre', { name: authorWords(name), role: t(ROLE_WORDS[role]) })}
      </button>
      <div id="you" popover="auto" class="popover">
        <Ways answer={now.answer} caller={now.caller} />
      </div>
    </>
  );
}

function Ways({ answer, caller: { kind, name, role } }: { readonly answer: SessionAnswer; readonly caller: Caller }) {
  switch (kind) {
    case 'laboratory':
      return <LaboratoryPeople people={answer.ways.laboratory} name={name} />;
    case 'session':
      return (
        <>
          <p>{t('signIn.signedInAs', { name, role: t(ROLE_WORDS[role]) })}</p>
          <p>
            <a href="/access/you">{t('signIn.account')}</a>
          </p>
          <Button onClick={() => void signOut()}>{t('signIn.signOut')}</Button>
        </>
      );
    case 'loopback':
      return (
        <>
          <p>{t('signIn.loopback')}</p>
          {answer.ways.openId !== undefined && <ProviderLink label={answer.ways.openId} />}
        </>
      );
    default:
      return <p>{t('signIn.signedInAs', { name, role: t(ROLE_WORDS[role]) })}</p>;
  }
}

/** In a laboratory one may be either of two people; the page is then the other's. */
function LaboratoryPeople({ people, name }: { readonly people: readonly Person[]; readonly name: string }) {
  const options = people.map(
    (one, index) => [one, t(index === 0 ? 'signIn.laboratoryOne' : 'signIn.laboratoryTwo')] as const,
  );
  const current = people.find((one) => one === name) ?? people[0];
  return (
    <>
      <p class="soft">{t('signIn.laboratory')}</p>
      {current !== undefined && (
        <Select
          label={t('signIn.person')}
          value={current}
          options={options}
          onChange={async (one) => {
            enter(await send('POST /api/v1/session/person', { body: { name: one } }));
          }}
        />
      )}
    </>
  );
}
