import './policy.css';
import { useAddress } from '../../address.ts';
import { Tabs } from '../../part/tabs.tsx';
import { t } from '../../text/index.ts';
import { ScreenHeading } from '../screen-heading.tsx';
import { KeySets } from './key-sets.tsx';
import { Makers } from './makers.tsx';
import { Revocations } from './revocations.tsx';
import { Settings } from './settings.tsx';
import { Supports } from './supports.tsx';
import { UiccPolicies } from './uicc-policies.tsx';

const VIEWS = ['uiccs', 'register', 'keys', 'makers', 'supports'] as const;
type View = (typeof VIEWS)[number];
const isView = (text: string | undefined): text is View => VIEWS.some((view) => view === text);

/** Screen 6: the rules of UICCs and of the register, keys, makers and their storage supports. */
export default function Policy() {
  const { parts, goTo } = useAddress();
  const open = isView(parts[1]) ? parts[1] : 'uiccs';
  return (
    <>
      <ScreenHeading title={t('policy.title')} />
      <Tabs
        label={t('policy.title')}
        tabs={VIEWS.map((view) => [view, t(`policy.${view}`)] as const)}
        open={open}
        onOpen={(view) => goTo(`/policy/${view}`)}
      >
        {open === 'uiccs' && <UiccPolicies />}
        {open === 'register' && <Settings />}
        {open === 'keys' && <KeySets />}
        {open === 'makers' && <Makers />}
        {open === 'makers' && <Revocations />}
        {open === 'supports' && <Supports />}
      </Tabs>
    </>
  );
}
