import type { AnswerOf } from '../../api/client.ts';
import { Table } from '../../part/table.tsx';
import { Tile, Tiles } from '../../part/tiles.tsx';
import { Time } from '../../part/time.tsx';
import { numberText, saidWords, t } from '../../text/index.ts';
import { BadLines, type Report } from './bad-lines.tsx';

/** What a file does, or would do. */
export type Effect = Extract<AnswerOf<'POST /api/v1/imports'>, { readonly outcome: 'applied' | 'dryRun' }>['effect'];
type Handset = Effect['hitHandsets'][number];

/** The figures of a file's effect, its bad lines, and the handsets in use that it hits. */
export function EffectView({ effect, report }: { readonly effect: Effect; readonly report?: Report | undefined }) {
  return (
    <>
      <Tiles label={t('lists.effect')}>
        <Tile words={t('lists.lines')} value={effect.lines} />
        <Tile words={t('lists.addedCount')} value={effect.added} />
        <Tile words={t('lists.removedCount')} value={effect.removed} />
        <Tile words={t('lists.updatedCount')} value={effect.updated} />
        <Tile words={t('lists.alreadyThere')} value={effect.alreadyThere} />
        <Tile words={t('lists.duplicates')} value={effect.duplicates} />
        <Tile words={t('lists.badCount')} value={effect.bad} tone="watch" />
        <Tile words={t('lists.hitCount')} value={effect.subscribersHit} tone="bad" />
      </Tiles>
      <p class="soft">{t('lists.beforeAfter', { before: effect.before, after: effect.after })}</p>
      <Hit count={effect.subscribersHit} handsets={effect.hitHandsets} />
      {effect.normalised > 0 && <Normalised effect={effect} />}
      {effect.bad > 0 && <BadLines effect={effect} report={report} />}
    </>
  );
}

/** What is done to values before they are kept, with the first lines of each kind. */
const Normalised = ({ effect: { normalised, normalisations } }: { readonly effect: Effect }) => (
  <Table
    caption={t('lists.normalised', { count: normalised })}
    rows={normalisations}
    keyOf={({ said }) => said.code}
    empty=""
    columns={[
      {
        ...{ name: 'done', heading: t('lists.normalisation'), isRowHeading: true },
        cell: ({ said, text }) => saidWords('normalisation', said, text),
      },
      { name: 'count', heading: t('lists.lines'), isNumber: true, cell: ({ count }) => numberText(count) },
      {
        ...{ name: 'examples', heading: t('lists.normalisedFirst') },
        cell: ({ examples }) =>
          examples.map(({ number, imei }) => t('lists.normalisedLine', { number, imei })).join(', '),
      },
    ]}
  />
);

/** Own subscribers in use that would be cut off. */
export function Hit({ count, handsets }: { readonly count: number; readonly handsets: readonly Handset[] }) {
  if (count === 0) return <p>{t('lists.noneHit')}</p>;
  return (
    <Table
      caption={t('lists.hit', { count })}
      rows={handsets}
      keyOf={({ imei, imsi }) => `${imei} ${imsi}`}
      empty=""
      columns={[
        { name: 'imei', heading: t('lists.imei'), isCode: true, isRowHeading: true, cell: ({ imei }) => imei },
        { name: 'imsi', heading: t('lists.imsi'), isCode: true, cell: ({ imsi }) => imsi },
        { name: 'seen', heading: t('lists.lastSeen'), cell: ({ lastSeenAt }) => <Time at={lastSeenAt} /> },
      ]}
    />
  );
}
