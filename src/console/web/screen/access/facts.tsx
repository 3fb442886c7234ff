import { factName, factValue, type SaidFacts, saysSomething } from '../fact-words.ts';

/** Plain facts by their names, in one run of words; `setting`: the setting that they are about, if it is one. */
export function Facts({
  facts,
  said,
  setting,
}: {
  readonly facts: Readonly<Record<string, unknown>>;
  readonly said?: SaidFacts | undefined;
  readonly setting?: string;
}) {
  const shown = Object.entries(facts).filter(([name, value]) => saysSomething(name, value));
  return (
    <dl class="access-facts">
      {shown.map(([name, value]) => (
        <div key={name}>
          <dt>{factName(name)} </dt>
          <dd lang={name === 'text' && said?.text === undefined ? 'en' : undefined}>
            {factValue(name, value, { said, setting: setting ?? String(facts['name']) })}
          </dd>
        </div>
      ))}
    </dl>
  );
}
