import { authorWords } from '../../part/author-words.ts';
import { Badge, LevelBadge } from '../../part/badge.tsx';
import { Identity } from '../../part/identity.tsx';
import { Table } from '../../part/table.tsx';
import { Time } from '../../part/time.tsx';
import { numberText, t } from '../../text/index.ts';
import { type Alarm, alarmWords, kindWords, SEVERITY_LOOK, stateWords } from '../alarms/words.ts';
import { sourceWords } from '../lists/reasons.ts';
import { modelText } from './device-list.tsx';
import type { DeviceAnswer } from './words.ts';

interface OfDevice {
  readonly device: DeviceAnswer;
}

/** What the network said against what was proved. */
export function Uses({ device }: OfDevice) {
  return (
    <Table<DeviceAnswer['uses'][number]>
      caption={t('devices.uses')}
      rows={device.uses}
      keyOf={({ imei }) => imei}
      empty={t('devices.noUses')}
      columns={[
        { name: 'imei', heading: t('devices.imei'), isRowHeading: true, cell: ({ imei }) => <Identity value={imei} /> },
        { name: 'model', heading: t('devices.model'), cell: ({ model }) => modelText(model) },
        { name: 'level', heading: t('devices.level'), cell: ({ level }) => <LevelBadge level={level} /> },
        { name: 'first', heading: t('devices.firstSeen'), cell: ({ firstAt }) => <Time at={firstAt} /> },
        { name: 'last', heading: t('devices.lastSeen'), cell: ({ lastAt }) => <Time at={lastAt} /> },
        { name: 'times', heading: t('devices.times'), isNumber: true, cell: ({ times }) => numberText(times) },
        { name: 'claimed', heading: t('devices.claimedAt'), cell: ({ claimedAt }) => <Time at={claimedAt} /> },
        { name: 'contested', heading: t('devices.contestedAt'), cell: ({ contestedAt }) => <Time at={contestedAt} /> },
      ]}
    />
  );
}

type Pairing = NonNullable<DeviceAnswer['uicc']>['pairings'][number];

/** The storage supports that a UICC met, the newest first. */
export function Pairings({ device }: OfDevice) {
  return (
    <Table<Pairing>
      caption={t('devices.pairings')}
      rows={device.uicc?.pairings ?? []}
      keyOf={({ support, fromAt }) => `${support} ${fromAt}`}
      empty={t('devices.noPairings')}
      columns={[
        {
          name: 'support',
          heading: t('devices.support'),
          isRowHeading: true,
          cell: ({ support }) => <Identity value={support} />,
        },
        { name: 'imei', heading: t('devices.imei'), cell: ({ imei }) => <Identity value={imei} /> },
        { name: 'from', heading: t('devices.from'), cell: ({ fromAt }) => <Time at={fromAt} /> },
        {
          name: 'until',
          heading: t('devices.until'),
          cell: ({ untilAt }) => (untilAt === undefined ? t('devices.now') : <Time at={untilAt} />),
        },
      ]}
    />
  );
}

const LIST_WORDS = { black: 'part.prohibited', grey: 'part.tracking', white: 'part.permitted' } as const;
type Entry = NonNullable<DeviceAnswer['equipment']>['entries'][number];

/** What lists say about the IMEI. */
export function Entries({ device }: OfDevice) {
  return (
    <Table<Entry>
      caption={t('devices.lists')}
      rows={device.equipment?.entries ?? []}
      keyOf={({ list, source }) => `${list} ${source}`}
      empty={t('devices.noLists')}
      columns={[
        { name: 'list', heading: t('devices.list'), isRowHeading: true, cell: ({ list }) => t(LIST_WORDS[list]) },
        { name: 'source', heading: t('devices.source'), cell: ({ source }) => sourceWords(source) },
        { name: 'reason', heading: t('devices.reason'), cell: ({ reason, note }) => `${reason} ${note}`.trim() },
        { name: 'case', heading: t('devices.caseReference'), cell: ({ caseReference }) => caseReference },
        { name: 'author', heading: t('devices.author'), cell: ({ author }) => authorWords(author) },
        { name: 'from', heading: t('devices.from'), cell: ({ addedAt }) => <Time at={addedAt} /> },
        { name: 'expires', heading: t('devices.expires'), cell: ({ expiresAt }) => <Time at={expiresAt} /> },
      ]}
    />
  );
}

/** What contradicts itself about this device. */
export function AlarmsOf({ device }: OfDevice) {
  return (
    <Table<Alarm>
      caption={t('devices.alarms')}
      rows={device.alarms}
      keyOf={({ id }) => id}
      empty={t('devices.noAlarms')}
      columns={[
        {
          name: 'kind',
          heading: t('alarms.kind'),
          isRowHeading: true,
          cell: ({ id, kind }) => <a href={`/alarms?alarm=${id}`}>{kindWords(kind)}</a>,
        },
        {
          name: 'severity',
          heading: t('alarms.severity'),
          cell: ({ severity }) => {
            const [tone, icon] = SEVERITY_LOOK[severity];
            return <Badge {...{ tone, icon }}>{t(`alarms.${severity}`)}</Badge>;
          },
        },
        { name: 'state', heading: t('alarms.state'), cell: ({ state }) => stateWords(state) },
        { name: 'last', heading: t('alarms.last'), cell: ({ lastAt }) => <Time at={lastAt} /> },
        { name: 'text', heading: t('alarms.what'), cell: alarmWords },
      ]}
    />
  );
}

type Claimant = NonNullable<DeviceAnswer['equipment']>['cluster']['claimants'][number];

/** Some of those who use the IMEI, the genuine one first. */
export function Claimants({ device }: OfDevice) {
  const { equipment } = device;
  return (
    <>
      <Table<Claimant>
        caption={t('devices.claimants')}
        rows={equipment?.cluster.claimants ?? []}
        keyOf={({ imsi, firstAt }) => `${imsi} ${firstAt}`}
        empty={t('devices.noUses')}
        columns={[
          {
            name: 'imsi',
            heading: t('devices.imsi'),
            isRowHeading: true,
            cell: ({ imsi }) => <Identity value={imsi} />,
          },
          {
            name: 'genuine',
            heading: t('alarms.genuine'),
            cell: ({ isGenuine }) =>
              isGenuine && (
                <Badge tone="good" icon="permitted">
                  {t('devices.genuine')}
                </Badge>
              ),
          },
          { name: 'level', heading: t('devices.level'), cell: ({ level }) => <LevelBadge level={level} /> },
          { name: 'last', heading: t('devices.lastSeen'), cell: ({ lastAt }) => <Time at={lastAt} /> },
          { name: 'times', heading: t('devices.times'), isNumber: true, cell: ({ times }) => numberText(times) },
        ]}
      />
      {equipment && equipment.cluster.subscribers > equipment.cluster.claimants.length && (
        <p>
          <a href={`/alarms/duplicates/${equipment.imei}`}>{t('devices.claimantsMore')}</a>
        </p>
      )}
    </>
  );
}
