/** What this browser remembers for a person: language, theme, whether the introduction was closed. Nothing of the operator is kept here. */
export type KeptName = 'language' | 'theme' | 'introduction';

const nameOf = (name: KeptName) => `assay.${name}`;

/** What was kept under a name, or undefined; also where a browser keeps nothing. */
export function kept(name: KeptName): string | undefined {
  try {
    return localStorage.getItem(nameOf(name)) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Keeps a value, or forgets it. */
export function keep(name: KeptName, value: string | undefined): void {
  try {
    if (value === undefined) localStorage.removeItem(nameOf(name));
    else localStorage.setItem(nameOf(name), value);
  } catch {
    // A browser that keeps nothing: the choice holds as long as the page is open.
  }
}
