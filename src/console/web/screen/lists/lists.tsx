import './lists.css';
import { useAddress } from '../../address.ts';
import { Tabs } from '../../part/tabs.tsx';
import { may } from '../../session.ts';
import { t } from '../../text/index.ts';
import { ScreenHeading } from '../screen-heading.tsx';
import { Entries } from './entries.tsx';
import { Imports } from './imports.tsx';
import { Rules } from './rules.tsx';
import { Wizard } from './wizard.tsx';

const VIEWS = ['entries', 'ranges', 'pairs', 'import', 'imports'] as const;
type View = (typeof VIEWS)[number];
const isView = (text: string | undefined): text is View => VIEWS.some((view) => view === text);

/** Screen 4: the lists of the register, their entries and their files. */
export default function Lists() {
  const { parts, goTo } = useAddress();
  const open = isView(parts[1]) ? parts[1] : 'entries';
  const tabs = VIEWS.filter((view) => view !== 'import' || may('imports.upload')).map(
    (view) => [view, t(`lists.${view}`)] as const,
  );
  return (
    <>
      <ScreenHeading title={t('lists.title')} />
      <Tabs label={t('lists.title')} tabs={tabs} open={open} onOpen={(view) => goTo(`/lists/${view}`)}>
        {open === 'entries' && <Entries />}
        {(open === 'ranges' || open === 'pairs') && <Rules key={open} of={open} />}
        {open === 'import' && <Wizard />}
        {open === 'imports' && <Imports />}
      </Tabs>
    </>
  );
}
