import type { Proposable, Register } from '#operator/register/index.ts';
import { refusing } from './failure.ts';
import type { Io } from './io.ts';
import { say, sayJson } from './print.ts';

/** What a person says who changes an entry or rule. */
interface Proposer {
  readonly author: string;
  /** Why, in his own words; may be empty. */
  readonly why: string;
  readonly json: boolean;
  /** Goes into the JSON of what waits. */
  readonly more?: object;
}

/**
 * Changes an entry, a rule, a setting or a person, or says that it waits for a second person. Whether there was something to change; undefined when it waits: all is
 * said then.
 */
export async function proposing(
  io: Io,
  register: Register,
  change: Proposable,
  { author, why, json, more = {} }: Proposer,
): Promise<boolean | undefined> {
  const proposal = refusing(() => register.propose(change, author, why));
  if (proposal.outcome === 'done') return proposal.changed;
  await sayWaiting(io, proposal.id, json, more);
  return undefined;
}

/** Says that a change waits, and how the second person agrees; `more` goes into the JSON. */
export const sayWaiting = (io: Io, id: number, json: boolean, more: object = {}): Promise<void> =>
  json
    ? sayJson(io, { waiting: id, ...more })
    : say(io, `waits for a second person: assay approval approve ${id} --approver …`);
