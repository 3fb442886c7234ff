import type { AnswerOf } from '../../api/client.ts';
import { Tile, Tiles } from '../../part/tiles.tsx';
import { type TextName, t } from '../../text/index.ts';
import { screenAt } from '../all-screens.ts';

type OverviewAnswer = AnswerOf<'GET /api/v1/overview'>;

const SEVERITIES: readonly (readonly [name: string, words: TextName])[] = [
  ['critical', 'overview.severityCritical'],
  ['major', 'overview.severityMajor'],
  ['minor', 'overview.severityMinor'],
  ['warning', 'overview.severityWarning'],
];

/** Leads somewhere as soon as that screen is there. */
const leading = (href: string) => (screenAt(href.split('?', 1)[0] ?? '') === undefined ? {} : { href });

/** What matters, in eight figures. */
export function OverviewTiles({ overview }: { readonly overview: OverviewAnswer }) {
  const { open } = overview.alarms;
  const alarms = SEVERITIES.flatMap(([name, words]) =>
    (open[name] ?? 0) > 0 ? [t(words, { count: open[name] ?? 0 })] : [],
  );
  const total = Object.values(open).reduce((sum, number) => sum + number, 0);
  const isGrave = (open['critical'] ?? 0) + (open['major'] ?? 0) > 0;
  return (
    <Tiles label={t('overview.figures')}>
      <Tile words={t('overview.proved')} value={overview.proved} tone="good">
        {t('overview.provedOf', { count: overview.subscribers })}
      </Tile>
      <Tile words={t('overview.unproved')} value={overview.unproved} tone="watch">
        {t('overview.unprovedWhy')}
      </Tile>
      <Tile words={t('overview.refuted')} value={overview.refuted} tone="bad">
        {t('overview.refutedWhy')}
      </Tile>
      <Tile words={t('overview.mismatches')} value={overview.mismatches} tone="bad">
        {t('overview.mismatchesWhy')}
      </Tile>
      <Tile words={t('overview.prohibitedHits')} value={overview.prohibitedHits} tone="bad">
        {t('overview.prohibitedHitsWhy')}
      </Tile>
      <Tile words={t('overview.localBlocks')} value={overview.localBlocks} tone="bad">
        {t('overview.localBlocksWhy')}
      </Tile>
      <Tile words={t('overview.alarms')} value={total} tone={isGrave ? 'bad' : 'watch'} {...leading('/alarms')}>
        {alarms.length === 0 ? t('overview.noAlarms') : alarms.join(', ')}
      </Tile>
      <Tile words={t('overview.checksPerSecond')} value={Math.round(overview.checksPerSecond * 10) / 10}>
        {t('overview.checksPerSecondWhy')}
      </Tile>
    </Tiles>
  );
}
