import { type Caller, session } from '../session.ts';
import { useStore } from '../store.ts';
import { type TextName, t } from '../text/index.ts';

/** Roles in words. */
export const ROLE_WORDS: Readonly<Record<Caller['role'], TextName>> = {
  viewer: 'frame.roleViewer',
  analyst: 'frame.roleAnalyst',
  approver: 'frame.roleApprover',
  administrator: 'frame.roleAdministrator',
  machine: 'frame.roleMachine',
};

/** Who is signed in, and as what. */
export function You() {
  const now = useStore(session);
  if (now.state !== 'signedIn') return null;
  const { name, role } = now.caller;
  return (
    <span class="you" title={t('frame.you')}>
      {t('frame.youAre', { name, role: t(ROLE_WORDS[role]) })}
    </span>
  );
}
