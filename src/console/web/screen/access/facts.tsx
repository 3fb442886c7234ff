/** Plain facts by their names, in one run of words. The names are the operator's own. */
export function Facts({ facts }: { readonly facts: Readonly<Record<string, unknown>> }) {
  const shown = Object.entries(facts).filter(([, value]) => value !== null && value !== undefined && value !== '');
  return (
    <dl class="access-facts" lang="en">
      {shown.map(([name, value]) => (
        <div key={name}>
          <dt>{name} </dt>
          <dd>{Array.isArray(value) ? value.join(' ') : String(value)}</dd>
        </div>
      ))}
    </dl>
  );
}
