import type { ComponentType } from 'preact';
import { useAddress } from '../../address.ts';
import { Tabs } from '../../part/tabs.tsx';
import { may, type Permission, session } from '../../session.ts';
import { useStore } from '../../store.ts';
import { type TextName, t } from '../../text/index.ts';
import { ScreenHeading } from '../screen-heading.tsx';
import './access.css';
import { Approvals } from './approvals.tsx';
import { AuditLog } from './audit-log.tsx';
import { Privacy } from './privacy.tsx';
import { Roles } from './roles.tsx';
import { Tokens } from './tokens.tsx';
import { Users } from './users.tsx';
import { YourAccount } from './your-account.tsx';

const PATH = '/access';

interface Part {
  readonly name: 'audit' | 'approvals' | 'users' | 'roles' | 'tokens' | 'privacy' | 'you';
  readonly words: TextName;
  readonly needs?: Permission;
  /** For those alone who signed in with a name and a password, or by a provider. */
  readonly isOwn?: boolean;
  readonly View: ComponentType;
}

const PARTS: readonly Part[] = [
  { name: 'audit', words: 'access.audit', needs: 'audit.read', View: AuditLog },
  { name: 'approvals', words: 'access.approvals', needs: 'lists.read', View: Approvals },
  { name: 'users', words: 'access.users', needs: 'users.read', View: Users },
  { name: 'roles', words: 'access.roles', View: Roles },
  { name: 'tokens', words: 'access.tokens', needs: 'tokens.read', View: Tokens },
  { name: 'privacy', words: 'access.privacy', needs: 'settings.read', View: Privacy },
  { name: 'you', words: 'access.you', isOwn: true, View: YourAccount },
];

/** Screen 7: who did what, who may do what, and what is kept of whom. Each part has an address of its own. */
export default function Access() {
  const { parts, goTo } = useAddress();
  const now = useStore(session);
  const hasSession = now.state === 'signedIn' && now.caller.kind === 'session';
  const shown = PARTS.filter(
    ({ needs, isOwn }) => (needs === undefined || may(needs)) && (isOwn !== true || hasSession),
  );
  const open = shown.find(({ name }) => name === parts[1]) ?? shown[0];
  if (open === undefined) return null;
  const { name, View } = open;
  return (
    <>
      <ScreenHeading title={t('access.title')} />
      <Tabs
        label={t('access.title')}
        tabs={shown.map((part) => [part.name, t(part.words)])}
        open={name}
        onOpen={(part) => goTo(`${PATH}/${part}`)}
      >
        <View />
      </Tabs>
    </>
  );
}
