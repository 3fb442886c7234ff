/** Steps from one text to another: a character more, less, another, or two exchanged (optimal string alignment). */
function distance(from: string, to: string): number {
  const rows = Array.from({ length: from.length + 1 }, (_, i) => [i, ...Array<number>(to.length).fill(0)]);
  const at = (i: number, j: number): number => rows[i]?.[j] ?? 0;
  for (let j = 1; j <= to.length; j++) (rows[0] as number[])[j] = j;
  for (let i = 1; i <= from.length; i++)
    for (let j = 1; j <= to.length; j++) {
      const replaced = at(i - 1, j - 1) + (from[i - 1] === to[j - 1] ? 0 : 1);
      const isExchanged = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      const exchanged = isExchanged ? at(i - 2, j - 2) + 1 : replaced;
      (rows[i] as number[])[j] = Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, replaced, exchanged);
    }
  return at(from.length, to.length);
}

/** A name longer than this is no slip of the fingers. */
const LONGEST = 64;

/** The name that was most likely meant, or undefined when none is near: at most two slips, and no more than 40 of 100 letters. */
export function suggestion(typed: string, names: Iterable<string>): string | undefined {
  if (typed.length > LONGEST) return undefined;
  let found: { readonly name: string; readonly steps: number } | undefined;
  for (const name of names) {
    const steps = distance(typed.toLowerCase(), name.toLowerCase());
    if (steps <= Math.min(2, 0.4 * Math.max(typed.length, name.length)) && steps < (found?.steps ?? Infinity))
      found = { name, steps };
  }
  return found?.name;
}

/** The same as the end of an error message: empty when no name is near. */
export function didYouMean(typed: string, names: Iterable<string>): string {
  const name = suggestion(typed, names);
  return name === undefined ? '' : ` (did you mean ${name}?)`;
}
