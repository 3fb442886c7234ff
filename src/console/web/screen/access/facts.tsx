import { factName, factValue } from '../fact-words.ts';

/** Plain facts by their names, in one run of words. */
export function Facts({ facts }: { readonly facts: Readonly<Record<string, unknown>> }) {
  const shown = Object.entries(facts).filter(([, value]) => value !== null && value !== undefined && value !== '');
  return (
    <dl class="access-facts">
      {shown.map(([name, value]) => (
        <div key={name}>
          <dt>{factName(name)} </dt>
          <dd lang={name === 'text' ? 'en' : undefined}>{factValue(name, value)}</dd>
        </div>
      ))}
    </dl>
  );
}
