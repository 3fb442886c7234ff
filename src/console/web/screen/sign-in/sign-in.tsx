import type { Problem } from '../../api/client.ts';
import { ProblemNote } from '../../part/states.tsx';
import { t } from '../../text/index.ts';
import { ScreenHeading } from '../screen-heading.tsx';

/** Who are you? Shown instead of everything else until the operator knows. */
export default function SignIn({ problem }: { readonly problem?: Problem }) {
  return (
    <main class="alone">
      <ScreenHeading title={t('signIn.title')} />
      {problem && <ProblemNote problem={problem} />}
    </main>
  );
}
