import type { Activity } from '#operator/activity/index.ts';
import type { FrontStatus } from './front-messages.ts';

/** Turns the running counts of fronts into what happened since they were looked at last. */
export class AnsweredCount {
  readonly #activity: Pick<Activity, 'add'>;
  #before = new Map<string, number>();

  constructor(activity: Pick<Activity, 'add'>) {
    this.#activity = activity;
  }

  /** Counts what came since the last call. */
  take({ answers }: Pick<FrontStatus, 'answers'>): void {
    const now = new Map<string, number>();
    for (const counts of Object.values(answers))
      for (const [answer, number] of Object.entries(counts ?? {})) now.set(answer, (now.get(answer) ?? 0) + number);
    for (const [answer, number] of now) {
      // Fewer than before: a thread died, and what it had counted went with it.
      this.#activity.add(`answer.${answer}`, Math.max(0, number - (this.#before.get(answer) ?? 0)));
    }
    this.#before = now;
  }
}
