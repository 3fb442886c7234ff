/** Numbers that one statement asks about: a database at a distance is asked once for all of them. */
const TOGETHER = 500;

/** `IN (?, …)` with a place for each number of a group. */
export const IN_GROUP: string = `IN (${Array(TOGETHER).fill('?').join(', ')})`;

/** A group: the numbers, and what stands for the places of `IN_GROUP`: the first one also for those that are left over. */
export interface NumberGroup {
  readonly numbers: readonly number[];
  readonly places: readonly number[];
}

/** Any number of numbers in groups, in their order. */
export function* numberGroups(numbers: Iterable<number>): Generator<NumberGroup> {
  let group: number[] = [];
  for (const number of numbers) {
    if (group.push(number) < TOGETHER) continue;
    yield { numbers: group, places: group };
    group = [];
  }
  const [first] = group;
  if (first === undefined) return;
  yield { numbers: group, places: [...group, ...Array<number>(TOGETHER - group.length).fill(first)] };
}
