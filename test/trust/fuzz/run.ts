import { type Finding, type Step, type Subject, shrink } from './subject.ts';

/** What a run did. */
export interface FuzzResult {
  readonly sequences: number;
  readonly apdus: number;
  readonly foreseen: number;
  readonly found: { readonly seed: string; readonly steps: readonly Step[]; readonly finding: Finding } | undefined;
}

/** Plays sequences from a seed until it is over or one finds something, which is made as short as it can be. */
export function fuzz(subject: Subject, seed: string, isOver: (sequences: number) => boolean): FuzzResult {
  let [sequences, apdus, foreseen] = [0, 0, 0];
  for (; !isOver(sequences); sequences++) {
    const own = `${seed}/${sequences}`;
    const steps = subject.sequence(own);
    const played = subject.play(steps);
    apdus += played.apdus;
    foreseen += played.foreseen;
    if (played.finding !== undefined)
      return { sequences, apdus, foreseen, found: { seed: own, ...shrink(subject, steps) } };
  }
  return { sequences, apdus, foreseen, found: undefined };
}
