import { useAddress } from '../../address.ts';
import { Tabs } from '../../part/tabs.tsx';
import { t } from '../../text/index.ts';
import { ScreenHeading } from '../screen-heading.tsx';
import { ClusterDetail } from './cluster-detail.tsx';
import { Clusters } from './clusters.tsx';
import { Inbox } from './inbox.tsx';
import './alarms.css';

const VIEWS = ['inbox', 'duplicates'] as const;

/** Screen 5: `/alarms` is the inbox, `/alarms/duplicates` the clusters, `/alarms/duplicates/<IMEI>` one of them. */
export default function Alarms() {
  const { parts, goTo } = useAddress();
  const [, view, imei] = parts;
  if (view === 'duplicates' && imei !== undefined) return <ClusterDetail key={imei} imei={imei} />;
  const open = view === 'duplicates' ? 'duplicates' : 'inbox';
  return (
    <>
      <ScreenHeading title={t('alarms.title')} />
      <Tabs
        label={t('alarms.views')}
        tabs={VIEWS.map((one) => [one, t(`alarms.${one}`)] as const)}
        open={open}
        onOpen={(one) => goTo(one === 'inbox' ? '/alarms' : '/alarms/duplicates')}
      >
        {open === 'inbox' ? <Inbox /> : <Clusters />}
      </Tabs>
    </>
  );
}
