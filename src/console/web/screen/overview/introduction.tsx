import { useState } from 'preact/hooks';
import { keep, kept } from '../../kept.ts';
import { t } from '../../text/index.ts';
import { screenAt } from '../all-screens.ts';
import { Figure } from './figure.tsx';

const EXCHANGE = '/live';
const DEMONSTRATION = 'npm start';

/** The parts of figure 1, one sentence each, in the order in which a proof goes through them. */
const PARTS = [
  [2, 'overview.part2', 'overview.part2Text'],
  [4, 'overview.part4', 'overview.part4Text'],
  [31, 'overview.part31', 'overview.part31Text'],
  [5, 'overview.part5', 'overview.part5Text'],
  [7, 'overview.part7', 'overview.part7Text'],
] as const;

/** What a newcomer sees first: the idea in a drawing and five sentences, and where to begin. Once closed it stays closed in this browser. */
export function Introduction({ newest }: { readonly newest: string | undefined }) {
  const [isOpen, setOpen] = useState(() => kept('introduction') !== 'closed');
  return (
    <details
      class="introduction"
      open={isOpen}
      onToggle={({ currentTarget }) => {
        setOpen(currentTarget.open);
        keep('introduction', currentTarget.open ? undefined : 'closed');
      }}
    >
      <summary>
        <h2>{t('overview.introduction')}</h2>
      </summary>
      <p>{t('overview.introductionText')}</p>
      <div class="picture">
        <Figure />
        <dl>
          {PARTS.map(([numeral, name, text]) => (
            <div key={numeral}>
              <dt>
                {t(name)} <span class="numeral">({numeral})</span>
              </dt>
              <dd>{t(text)}</dd>
            </div>
          ))}
        </dl>
      </div>
      <BeginHere newest={newest} />
    </details>
  );
}

function BeginHere({ newest }: { readonly newest: string | undefined }) {
  return (
    <p>
      <strong>{t('overview.beginWith')}:</strong>{' '}
      {newest === undefined ? (
        t('overview.beginNobody', { command: DEMONSTRATION })
      ) : (
        <>
          {t('overview.beginPowerOn')} {screenAt(EXCHANGE) && <a href={EXCHANGE}>{t('overview.beginExchange')}</a>}
          {' · '}
          {screenAt('/devices') && (
            <a href={`/devices?search=${encodeURIComponent(newest)}`}>{t('overview.beginDevice')}</a>
          )}
        </>
      )}
    </p>
  );
}
