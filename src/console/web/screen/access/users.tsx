import { useState } from 'preact/hooks';
import { type AnswerOf, send } from '../../api/client.ts';
import { useRead } from '../../api/use-read.ts';
import { Badge } from '../../part/badge.tsx';
import { Button } from '../../part/button.tsx';
import { Confirm } from '../../part/confirm.tsx';
import { Check, Field, Select } from '../../part/field.tsx';
import { ROLE_WORDS } from '../../part/role-words.ts';
import { Loading, ProblemNote } from '../../part/states.tsx';
import { Pager, Table } from '../../part/table.tsx';
import { Time } from '../../part/time.tsx';
import { say } from '../../part/toast.tsx';
import { may } from '../../session.ts';
import { t } from '../../text/index.ts';
import { usePages } from '../../use-pages.ts';

const ROWS = 100;

type User = AnswerOf<'GET /api/v1/users'>['users'][number];
type UserRole = User['role'];
const ROLES: readonly UserRole[] = ['viewer', 'analyst', 'approver', 'administrator'];
const roleOptions = () => ROLES.map((role) => [role, t(ROLE_WORDS[role])] as const);

/** Who may sign in. */
export function Users() {
  const pages = usePages();
  const after = pages.cursor === undefined ? undefined : Number(pages.cursor);
  const { value, problem, again } = useRead('/api/v1/users', { query: { limit: ROWS, after } });
  const [changing, setChanging] = useState<User | 'new'>();
  const close = (isDone: boolean) => {
    setChanging(undefined);
    if (isDone) again();
  };
  return (
    <>
      {may('users.change') && (
        <p class="access-act">
          <Button kind="primary" onClick={() => setChanging('new')}>
            {t('access.newUser')}
          </Button>
        </p>
      )}
      {problem && <ProblemNote problem={problem} onRetry={again} />}
      {value === undefined ? (
        problem === undefined && <Loading />
      ) : (
        <UserTable users={value.users} onChange={setChanging} />
      )}
      {value && (
        <Pager caption={t('access.users')} {...pages.steps(value.users.length < ROWS ? undefined : value.next)} />
      )}
      {changing === 'new' && <NewUser onClose={close} />}
      {changing !== undefined && changing !== 'new' && <ChangeUser user={changing} onClose={close} />}
    </>
  );
}

const UserTable = ({ users, onChange }: { readonly users: readonly User[]; onChange(user: User): void }) => (
  <Table
    caption={t('access.users')}
    isCaptionHidden
    rows={users}
    keyOf={({ id }) => id}
    empty={t('access.noUsers')}
    columns={[
      { name: 'name', heading: t('access.name'), isRowHeading: true, cell: ({ name }) => name },
      { name: 'role', heading: t('access.role'), cell: ({ role }) => t(ROLE_WORDS[role]) },
      {
        name: 'state',
        heading: t('access.state'),
        cell: ({ isEnabled }) => (
          <Badge tone={isEnabled ? 'good' : 'plain'} icon={isEnabled ? 'permitted' : 'prohibited'}>
            {t(isEnabled ? 'access.enabled' : 'access.disabled')}
          </Badge>
        ),
      },
      {
        name: 'by',
        heading: t('access.signsIn'),
        cell: ({ hasPassword, issuer }) => (hasPassword ? t('access.byPassword') : issuer),
      },
      { name: 'made', heading: t('access.madeBy'), cell: ({ createdBy }) => createdBy },
      {
        name: 'last',
        heading: t('access.lastSignIn'),
        cell: ({ signedInAt }) => (signedInAt === undefined ? t('access.never') : <Time at={signedInAt} />),
      },
      {
        name: 'act',
        heading: t('access.act'),
        cell: (user) =>
          may('users.change') && (
            <Button
              label={t('access.changeUser', { name: user.name })}
              icon="settings"
              onClick={() => onChange(user)}
            />
          ),
      },
    ]}
  />
);

/** Says what was done, or that a second person is asked. */
function sayMade(made: object | { readonly waiting: { readonly id: number } }, words: string): void {
  if ('waiting' in made) say(t('access.changeWaits', { id: made.waiting.id }));
  else say(words, 'good');
}

function NewUser({ onClose }: { onClose(isDone: boolean): void }) {
  const [name, setName] = useState('');
  const [role, setRole] = useState<UserRole>('viewer');
  const [password, setPassword] = useState('');
  return (
    <Confirm
      title={t('access.newUser')}
      action={t('access.makeUser')}
      act={(reason) => send('POST /api/v1/users', { body: { name: name.trim(), role, password, reason } })}
      onDone={(made) => {
        sayMade(made, t('access.userMade', { name: name.trim() }));
        onClose(true);
      }}
      onClose={() => onClose(false)}
    >
      <Field
        label={t('access.name')}
        at="/name"
        isRequired
        hint={t('access.nameHint')}
        value={name}
        onInput={setName}
      />
      <Select
        label={t('access.role')}
        at="/role"
        value={role}
        options={roleOptions()}
        onChange={(one) => setRole(one)}
      />
      <Field
        label={t('access.password')}
        at="/password"
        type="password"
        isRequired
        autocomplete="new-password"
        hint={t('access.passwordHint')}
        value={password}
        onInput={setPassword}
      />
    </Confirm>
  );
}

function ChangeUser({ user, onClose }: { readonly user: User; onClose(isDone: boolean): void }) {
  const [role, setRole] = useState<UserRole>(user.role);
  const [isEnabled, setEnabled] = useState(user.isEnabled);
  const [password, setPassword] = useState('');
  return (
    <Confirm
      title={t('access.changeUser', { name: user.name })}
      action={t('access.save')}
      act={(reason) =>
        send('POST /api/v1/users/{id}/change', {
          path: { id: user.id },
          body: { role, isEnabled, reason, ...(password !== '' && { password }) },
        })
      }
      onDone={(made) => {
        sayMade(made, t('access.userChanged', { name: user.name }));
        onClose(true);
      }}
      onClose={() => onClose(false)}
    >
      <p>{t('access.changeUserText')}</p>
      <Select
        label={t('access.role')}
        at="/role"
        value={role}
        options={roleOptions()}
        onChange={(one) => setRole(one)}
      />
      <Check label={t('access.maySignIn')} isChecked={isEnabled} onChange={setEnabled} />
      {user.hasPassword && (
        <Field
          label={t('access.newPassword')}
          at="/password"
          type="password"
          autocomplete="new-password"
          hint={t('access.newPasswordHint')}
          value={password}
          onInput={setPassword}
        />
      )}
    </Confirm>
  );
}
