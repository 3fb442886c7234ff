import { useRead } from '../../api/use-read.ts';
import { Icon } from '../../part/icon.tsx';
import { permissionWords, ROLE_WORDS } from '../../part/role-words.ts';
import { Loading, ProblemNote } from '../../part/states.tsx';
import { Table } from '../../part/table.tsx';
import { t } from '../../text/index.ts';

/** What each role may do, as the operator's own table says. */
export function Roles() {
  const { value, problem, again } = useRead('/api/v1/roles', {});
  if (value === undefined)
    return problem === undefined ? <Loading /> : <ProblemNote problem={problem} onRetry={again} />;
  const rows = value.permissions.map((permission) => ({
    permission,
    roles: new Set(value.roles.filter(({ permissions }) => permissions.includes(permission)).map(({ role }) => role)),
  }));
  return (
    <>
      <p>{t('access.rolesText')}</p>
      <Table
        caption={t('access.roles')}
        isCaptionHidden
        rows={rows}
        keyOf={({ permission }) => permission}
        empty=""
        columns={[
          {
            name: 'permission',
            heading: t('access.permission'),
            isRowHeading: true,
            cell: ({ permission }) => permissionWords(permission),
          },
          ...value.roles.map(({ role }) => ({
            name: role,
            heading: t(ROLE_WORDS[role]),
            cell: ({ roles }: (typeof rows)[number]) =>
              roles.has(role) ? <Yes /> : <span class="soft">{t('access.no')}</span>,
          })),
        ]}
      />
    </>
  );
}

const Yes = () => (
  <span class="badge">
    <Icon name="permitted" />
    {t('access.yes')}
  </span>
);
