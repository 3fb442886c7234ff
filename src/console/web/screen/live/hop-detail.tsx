import { useEffect, useState } from 'preact/hooks';
import { useRead } from '../../api/use-read.ts';
import { Empty, Loading, ProblemNote } from '../../part/states.tsx';
import type { WholeIdentities } from '../../part/whole-identities.tsx';
import { may } from '../../session.ts';
import { saidWords, t } from '../../text/index.ts';
import { operatorWords } from '../said-words.ts';
import { OctetTree, treesOf } from './octet-tree.tsx';
import { Octets } from './octets.tsx';
import type { DescribedHop, Place, Range, Sheet } from './types.ts';
import { hopText, meaningText, partyText, resultText, titleText } from './words.ts';

/** All about the chosen hop. An operator gives its octets as `whole` asks for them, or not. */
export function HopDetail({
  hop,
  place,
  whole,
}: {
  readonly hop: number | undefined;
  readonly place: Place;
  readonly whole: WholeIdentities;
}) {
  const path = hop === undefined ? undefined : { path: { hop } };
  const laboratory = useRead('/api/v1/laboratory/hops/{hop}', place === 'laboratory' ? path : undefined);
  const operator = useRead('/api/v1/hops/{hop}', place === 'operator' && path ? { ...path, query: whole } : undefined);
  const { value, problem, again } = place === 'laboratory' ? laboratory : operator;
  return (
    <section class="hop-detail" aria-label={t('live.detail')}>
      {hop === undefined && <Empty>{t('live.chooseHop')}</Empty>}
      {problem && <ProblemNote problem={problem} onRetry={again} />}
      {hop !== undefined && value === undefined && problem === undefined && <Loading />}
      {hop !== undefined && value && <Detail described={value} place={place} />}
    </section>
  );
}

/** Why the register and the policy decided so. */
function Reasons({ reasons }: Pick<DescribedHop, 'reasons'>) {
  if (reasons.length === 0) return null;
  return (
    <ol class="reasons" aria-label={t('live.reasonsOf')}>
      {reasons.map(({ text, said }) => (
        <li key={text}>{operatorWords('reason', said, text)}</li>
      ))}
    </ol>
  );
}

function Detail({ described, place }: { readonly described: DescribedHop; readonly place: Place }) {
  const { hop, status, sheets, alteration, brokenSeals } = described;
  const [shown, setShown] = useState<Range>();
  useEffect(() => setShown(undefined), [hop.number]);
  const marked = [
    ...(alteration?.ranges ?? []).map((range) => ({ sheet: alteration?.sheet ?? '', ...range })),
    ...brokenSeals.map(({ sheet, from, to }) => ({ sheet, from, to })),
  ];
  return (
    <>
      <h2>{hopText(hop)}</h2>
      <p class="soft">
        {partyText(hop.from)} → {partyText(hop.to)}
        {hop.step !== undefined && ` · ${t('live.stepText', { step: String(hop.step) })}`}
        {hop.clause !== undefined && ` · ${hop.clause}`}
      </p>
      <p>{meaningText(hop)}</p>
      {hop.detail !== undefined && hop.statusWord === undefined && <p>{resultText(hop)}</p>}
      {status && (
        <p>
          <span class="code">{status.statusWord}</span> {saidWords('statusWord', status.said, status.text)}{' '}
          <span class="soft">({status.clause})</span>
        </p>
      )}
      <Reasons reasons={described.reasons} />
      <Findings described={described} />
      {described.isWithheld && <p class="note">{t(may('identities.whole') ? 'live.withheld' : 'live.withheldRole')}</p>}
      {sheets.length === 0 && !described.isWithheld && <p class="soft">{t('live.noOctets')}</p>}
      {inOrder(sheets).map((sheet) => (
        <SheetView
          key={sheet.id}
          place={place}
          sheet={sheet}
          sheets={sheets}
          shown={shown}
          marked={marked}
          onShow={setShown}
        />
      ))}
    </>
  );
}

/** What was altered on the way, and the MAC that did not hold. */
function Findings({ described: { alteration, brokenSeals, sheets } }: { readonly described: DescribedHop }) {
  if (alteration === undefined && brokenSeals.length === 0) return null;
  const altered = alteration?.ranges.map(({ from, to }) => {
    const octets = sheets.find(({ id }) => id === alteration.sheet)?.octets ?? '';
    const given = alteration.given.slice(2 * (from - alteration.at), 2 * (to - alteration.at));
    return { from, to, given, received: octets.slice(2 * from, 2 * to) };
  });
  return (
    <section class="note bad findings" aria-label={t('live.findings')}>
      {altered && altered.length > 0 && (
        <>
          <p>
            <strong>{t('live.alteredTitle')}</strong>
          </p>
          <dl class="compared">
            {altered.map(({ from, to, given, received }) => (
              <div key={from}>
                <dt>{t('live.octetsFromTo', { from, to: to - 1 })}</dt>
                <dd>
                  {t('live.given')} <span class="code">{given}</span>
                </dd>
                <dd>
                  {t('live.passedOn')} <span class="code">{received}</span>
                </dd>
              </div>
            ))}
          </dl>
        </>
      )}
      {brokenSeals.map(({ sheet, from, received, computed }) => (
        <div key={`${sheet}-${from}`} class="compared">
          <p>
            <strong>{t('live.macFailed')}</strong>
          </p>
          <p>
            {t('live.macReceived')} <span class="code">{received}</span>
          </p>
          <p>
            {computed === undefined ? (
              t('live.macNotComputed')
            ) : (
              <>
                {t('live.macComputed')} <span class="code">{computed}</span>
              </>
            )}
          </p>
        </div>
      ))}
    </section>
  );
}

/** Each plain text directly behind the octets that hide it. */
const inOrder = (sheets: readonly Sheet[]): readonly Sheet[] =>
  sheets
    .filter(({ plainOf }) => plainOf === undefined)
    .flatMap((sheet) => [sheet, ...sheets.filter(({ plainOf }) => plainOf?.sheet === sheet.id)]);

function SheetView({
  place,
  sheet,
  sheets,
  shown,
  marked,
  onShow,
}: {
  readonly place: Place;
  readonly sheet: Sheet;
  readonly sheets: readonly Sheet[];
  readonly shown: Range | undefined;
  readonly marked: readonly Range[];
  onShow(range: Range | undefined): void;
}) {
  const sealed = sheets.find(({ id }) => id === sheet.plainOf?.sheet);
  return (
    <section class={sheet.plainOf ? 'sheet plain' : 'sheet'} aria-label={titleText(sheet)}>
      <h3>{titleText(sheet)}</h3>
      {sheet.plainOf && sealed && (
        <p class="soft">
          {t(place === 'operator' ? 'live.plainOfOperator' : 'live.plainOf', {
            ...{ sheet: titleText(sealed), from: sheet.plainOf.from, to: sheet.plainOf.to - 1 },
          })}{' '}
          <button
            type="button"
            class="button quiet"
            onClick={() => onShow(sheet.plainOf)}
            onFocus={() => onShow(sheet.plainOf)}
          >
            {t('live.showSealed')}
          </button>
        </p>
      )}
      <Octets sheet={sheet} title={titleText(sheet)} shown={shown} marked={marked} />
      <OctetTree sheet={sheet.id} trees={treesOf(sheet.nodes)} onShow={onShow} />
    </section>
  );
}
