import { useState } from 'preact/hooks';
import { type AnswerOf, send } from '../../api/client.ts';
import { useRead } from '../../api/use-read.ts';
import { now } from '../../clock.ts';
import { Badge } from '../../part/badge.tsx';
import { Button } from '../../part/button.tsx';
import { Confirm } from '../../part/confirm.tsx';
import { Dialog } from '../../part/dialog.tsx';
import { Field, Select } from '../../part/field.tsx';
import { Identity } from '../../part/identity.tsx';
import { ROLE_WORDS } from '../../part/role-words.ts';
import { Loading, ProblemNote } from '../../part/states.tsx';
import { Pager, Table } from '../../part/table.tsx';
import { Time } from '../../part/time.tsx';
import { say } from '../../part/toast.tsx';
import { may } from '../../session.ts';
import { t } from '../../text/index.ts';
import { usePages } from '../../use-pages.ts';

const ROWS = 100;

type Token = AnswerOf<'GET /api/v1/tokens'>['tokens'][number];
type Role = Token['role'];
const ROLES: readonly Role[] = ['viewer', 'analyst', 'approver', 'administrator', 'machine'];

/** Tokens of programs: made here, shown once, ended here. */
export function Tokens() {
  const pages = usePages();
  const after = pages.cursor === undefined ? undefined : Number(pages.cursor);
  const { value, problem, again } = useRead('/api/v1/tokens', { query: { limit: ROWS, after } });
  const [isMaking, setMaking] = useState(false);
  const [made, setMade] = useState<string>();
  const [ending, setEnding] = useState<Token>();
  return (
    <>
      <p>{t('access.tokensText')}</p>
      {may('tokens.change') && (
        <p class="access-act">
          <Button kind="primary" onClick={() => setMaking(true)}>
            {t('access.newToken')}
          </Button>
        </p>
      )}
      {problem && <ProblemNote problem={problem} onRetry={again} />}
      {value === undefined ? (
        problem === undefined && <Loading />
      ) : (
        <TokenTable tokens={value.tokens} onEnd={setEnding} />
      )}
      {value && (
        <Pager caption={t('access.tokens')} {...pages.steps(value.tokens.length < ROWS ? undefined : value.next)} />
      )}
      {isMaking && (
        <NewToken
          onClose={(token) => {
            setMaking(false);
            setMade(token);
            if (token !== undefined) again();
          }}
        />
      )}
      {made !== undefined && (
        <Dialog title={t('access.tokenMade')} onClose={() => setMade(undefined)}>
          <p>{t('access.tokenOnce')}</p>
          <p class="once">
            <Identity value={made} />
          </p>
        </Dialog>
      )}
      {ending && (
        <EndToken
          token={ending}
          onClose={(isDone) => {
            setEnding(undefined);
            if (isDone) again();
          }}
        />
      )}
    </>
  );
}

const TokenTable = ({ tokens, onEnd }: { readonly tokens: readonly Token[]; onEnd(token: Token): void }) => (
  <Table
    caption={t('access.tokens')}
    isCaptionHidden
    rows={tokens}
    keyOf={({ id }) => id}
    empty={t('access.noTokens')}
    columns={[
      { name: 'name', heading: t('access.name'), isRowHeading: true, cell: ({ name }) => name },
      { name: 'role', heading: t('access.role'), cell: ({ role }) => t(ROLE_WORDS[role]) },
      { name: 'state', heading: t('access.state'), cell: (token) => <TokenState token={token} /> },
      { name: 'until', heading: t('access.until'), cell: ({ expiresAt }) => <Time at={expiresAt} /> },
      { name: 'made', heading: t('access.madeBy'), cell: ({ createdBy }) => createdBy },
      { name: 'why', heading: t('access.why'), cell: ({ reason }) => reason },
      {
        name: 'used',
        heading: t('access.lastUse'),
        cell: ({ lastUsedAt }) => (lastUsedAt === undefined ? t('access.never') : <Time at={lastUsedAt} />),
      },
      {
        name: 'act',
        heading: t('access.act'),
        cell: (token) =>
          token.revokedAt === undefined &&
          may('tokens.change') && <Button onClick={() => onEnd(token)}>{t('access.revoke')}</Button>,
      },
    ]}
  />
);

function TokenState({ token: { revokedAt, expiresAt } }: { readonly token: Token }) {
  if (revokedAt !== undefined) return <Badge icon="prohibited">{t('access.revoked')}</Badge>;
  const isOver = Date.parse(expiresAt) <= now();
  if (isOver) return <Badge icon="close">{t('access.expired')}</Badge>;
  return (
    <Badge tone="good" icon="permitted">
      {t('access.living')}
    </Badge>
  );
}

function NewToken({ onClose }: { onClose(token: string | undefined): void }) {
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('machine');
  const [day, setDay] = useState('');
  return (
    <Confirm
      title={t('access.newToken')}
      action={t('access.makeToken')}
      act={(reason) =>
        send('POST /api/v1/tokens', {
          body: { name: name.trim(), role, reason, ...(day !== '' && { expiresAt: `${day}T23:59:59Z` }) },
        })
      }
      onDone={(made) => {
        if ('waiting' in made) say(t('access.changeWaits', { id: made.waiting.id }));
        onClose(made.token);
      }}
      onClose={() => onClose(undefined)}
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
        value={role}
        options={ROLES.map((one) => [one, t(ROLE_WORDS[one])] as const)}
        onChange={(one) => setRole(one)}
      />
      <Field
        label={t('access.lastDay')}
        at="/expiresAt"
        type="date"
        hint={t('access.lastDayHint')}
        value={day}
        onInput={setDay}
      />
    </Confirm>
  );
}

const EndToken = ({ token, onClose }: { readonly token: Token; onClose(isDone: boolean): void }) => (
  <Confirm
    title={t('access.revokeTitle', { name: token.name })}
    action={t('access.revoke')}
    kind="danger"
    act={(reason) => send('POST /api/v1/tokens/{id}/revocation', { path: { id: token.id }, body: { reason } })}
    onDone={() => {
      say(t('access.tokenRevoked', { name: token.name }));
      onClose(true);
    }}
    onClose={() => onClose(false)}
  >
    <p>{t('access.revokeText')}</p>
  </Confirm>
);
