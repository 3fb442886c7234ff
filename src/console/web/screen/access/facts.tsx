import { factName, factValue } from '../fact-words.ts';

/** Plain facts by their names, in one run of words. */
export function Facts({
  facts,
  said,
}: {
  readonly facts: Readonly<Record<string, unknown>>;
  readonly said?: Parameters<typeof factValue>[2];
}) {
  const shown = Object.entries(facts).filter(([, value]) => value !== null && value !== undefined && value !== '');
  return (
    <dl class="access-facts">
      {shown.map(([name, value]) => (
        <div key={name}>
          <dt>{factName(name)} </dt>
          <dd lang={name === 'text' && said?.text === undefined ? 'en' : undefined}>{factValue(name, value, said)}</dd>
        </div>
      ))}
    </dl>
  );
}
