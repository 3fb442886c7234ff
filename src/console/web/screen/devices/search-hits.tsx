import { useEffect } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { useAddress } from '../../address.ts';
import type { AnswerOf } from '../../api/client.ts';
import { useRead } from '../../api/use-read.ts';
import { LevelBadge } from '../../part/badge.tsx';
import { Button } from '../../part/button.tsx';
import { Identity } from '../../part/identity.tsx';
import { Loading, ProblemNote } from '../../part/states.tsx';
import { Table } from '../../part/table.tsx';
import { useWholeIdentities, WholeIdentitiesSwitch } from '../../part/whole-identities.tsx';
import { type TextName, t } from '../../text/index.ts';
import { modelText } from './device-list.tsx';

type Found = AnswerOf<'GET /api/v1/search'>;
type Hit = Found['hits'][number];

const MATCH: Readonly<Record<Extract<Hit, { kind: 'uicc' }>['match'], TextName>> = {
  iccid: 'devices.matchIccid',
  imsi: 'devices.matchImsi',
  msisdn: 'devices.matchMsisdn',
  support: 'devices.matchSupport',
  formerSupport: 'devices.matchFormerSupport',
  imei: 'devices.matchImei',
};

/** Where a hit leads; undefined for an IMEI that this role sees masked. */
const placeOf = (hit: Hit): string | undefined => {
  if (hit.kind === 'uicc') return `/devices/${hit.iccid}`;
  return /^\d+$/.test(hit.imei) ? `/devices/${hit.imei}` : undefined;
};

/** What the one search box found. A single hit is opened at once. */
export function SearchHits({ text }: { readonly text: string }) {
  const { setQuery } = useAddress();
  const { route } = useLocation();
  const whole = useWholeIdentities();
  const { value, problem, again } = useRead('/api/v1/search', { query: { q: text, ...whole.query } });
  const only = value?.hits.length === 1 ? value.hits[0] : undefined;
  const place = only && placeOf(only);
  useEffect(() => {
    // In the place of the search: the back button leads to where the person was before it.
    if (place !== undefined) route(place, true);
  }, [place]);
  if (problem !== undefined) return <ProblemNote problem={problem} onRetry={again} />;
  if (value === undefined) return <Loading />;
  return (
    <div class="hits">
      {value.hits.length > 0 && <HitTable text={text} hits={value.hits} />}
      <div role="status">
        {value.hits.length === 0 && <p class="note watch">{t('devices.noHits', { text })}</p>}
        {value.isCheckDigitWrong && <p class="note watch">{t('devices.wrongCheckDigit')}</p>}
        {value.notSearched.length > 0 && <p class="soft">{t('devices.notSearched')}</p>}
        {value.onlyWhole.includes('imsi') && <p class="soft">{t('devices.onlyWhole')}</p>}
      </div>
      <WholeIdentitiesSwitch {...whole.switch} />
      <Button icon="close" onClick={() => setQuery({ search: undefined })}>
        {t('devices.clearSearch')}
      </Button>
    </div>
  );
}

function HitTable({ text, hits }: { readonly text: string; readonly hits: readonly Hit[] }) {
  const identity = (hit: Hit) => {
    const href = placeOf(hit);
    return <Identity value={hit.kind === 'uicc' ? hit.iccid : hit.imei} {...(href !== undefined && { href })} />;
  };
  return (
    <Table<Hit>
      caption={t('devices.hits', { text })}
      rows={hits}
      keyOf={(hit) => (hit.kind === 'uicc' ? hit.iccid : hit.imei)}
      empty=""
      columns={[
        { name: 'identity', heading: t('devices.what'), isRowHeading: true, cell: identity },
        {
          name: 'kind',
          heading: t('devices.foundBy'),
          cell: (hit) =>
            hit.kind === 'uicc'
              ? `${t('devices.hitUicc')}, ${t(MATCH[hit.match])}`
              : `${t('devices.hitEquipment')}${hit.isKnown ? '' : `, ${t('devices.hitUnknown')}`}`,
        },
        { name: 'imei', heading: t('devices.imei'), cell: (hit) => <Identity value={hit.imei} /> },
        {
          name: 'model',
          heading: t('devices.model'),
          cell: (hit) => (hit.kind === 'equipment' ? modelText(hit.model) : undefined),
        },
        {
          name: 'imsi',
          heading: t('devices.imsi'),
          cell: (hit) => (hit.kind === 'uicc' ? <Identity value={hit.imsi} /> : undefined),
        },
        {
          name: 'level',
          heading: t('devices.level'),
          cell: (hit) => (hit.kind === 'uicc' ? <LevelBadge level={hit.level} /> : undefined),
        },
      ]}
    />
  );
}
