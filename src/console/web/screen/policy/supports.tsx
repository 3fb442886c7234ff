import type { AnswerOf } from '../../api/client.ts';
import { useRead } from '../../api/use-read.ts';
import { Badge } from '../../part/badge.tsx';
import { Identity } from '../../part/identity.tsx';
import { Loading, ProblemNote } from '../../part/states.tsx';
import { Pager, Table } from '../../part/table.tsx';
import { Time } from '../../part/time.tsx';
import { numberText, t } from '../../text/index.ts';
import { usePages } from '../../use-pages.ts';

const ROWS = 100;

/** Storage supports that UICCs met, as reports told it: to be read only. */
export function Supports() {
  const pages = usePages();
  const { value, problem, again } = useRead('/api/v1/supports', { query: { after: pages.cursor, limit: ROWS } });
  return (
    <>
      <p class="soft">{t('policy.supportsWords')}</p>
      {problem && <ProblemNote problem={problem} onRetry={again} />}
      {value === undefined ? problem === undefined && <Loading /> : <SupportTable supports={value.supports} />}
      <Pager caption={t('policy.supports')} {...pages.steps(value?.next)} />
    </>
  );
}

function SupportTable({ supports }: { readonly supports: AnswerOf<'GET /api/v1/supports'>['supports'] }) {
  return (
    <Table
      caption={t('policy.supports')}
      isCaptionHidden
      rows={supports}
      keyOf={({ identity }) => identity}
      empty={t('policy.noSupports')}
      columns={[
        {
          name: 'identity',
          heading: t('policy.supportIdentity'),
          isRowHeading: true,
          cell: ({ identity }) => <Identity value={identity} href={`/devices?search=${identity}`} />,
        },
        {
          name: 'revoked',
          heading: t('policy.certificate'),
          cell: ({ isRevoked }) => isRevoked && <Badge tone="bad">{t('policy.isRevoked')}</Badge>,
        },
        { name: 'inUse', heading: t('policy.inUse'), isNumber: true, cell: ({ inUse }) => numberText(inUse) },
        { name: 'uiccs', heading: t('policy.everMet'), isNumber: true, cell: ({ uiccs }) => numberText(uiccs) },
        { name: 'firstAt', heading: t('policy.firstSeen'), cell: ({ firstAt }) => <Time at={firstAt} /> },
        { name: 'lastAt', heading: t('policy.lastSeen'), cell: ({ lastReportAt }) => <Time at={lastReportAt} /> },
      ]}
    />
  );
}
