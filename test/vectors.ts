import { readFileSync } from 'node:fs';

/** A case of test/vectors: facts only, see test/vectors/README.md for the fields of each family. */
export interface VectorCase {
  readonly id: string;
  readonly kind: string;
  // Families differ in their fields; each test names those it reads and checks the types it needs.
  // biome-ignore lint/suspicious/noExplicitAny: the files are JSON documents of twenty shapes
  readonly [field: string]: any;
}

/** The cases of one file of test/vectors, named without its ending. Throws when the file is missing or says another count. */
export function loadVectors(family: string): readonly VectorCase[] {
  const path = new URL(`./vectors/${family}.json`, import.meta.url);
  const file = JSON.parse(readFileSync(path, 'utf8')) as { count: number; cases: VectorCase[] };
  if (file.cases.length !== file.count)
    throw new Error(`${path.pathname}: says ${file.count} cases, has ${file.cases.length}`);
  return file.cases;
}
