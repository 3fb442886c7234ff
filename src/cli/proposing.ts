import type { EntryChange, Register } from '#operator/register/index.ts';
import { refusing } from './failure.ts';
import type { Io } from './io.ts';
import { say, sayJson } from './print.ts';

/** What a person says who changes an entry or rule. */
interface Proposer {
  readonly author: string;
  /** Why, in his own words; may be empty. */
  readonly why: string;
  readonly json: boolean;
}

/**
 * Changes an entry or rule, or says that it waits for a second person. Whether there was something to change; undefined when it waits: all is
 * said then.
 */
export async function proposing(
  io: Io,
  register: Register,
  change: EntryChange,
  { author, why, json }: Proposer,
): Promise<boolean | undefined> {
  const proposal = refusing(() => register.propose(change, author, why));
  if (proposal.outcome === 'done') return proposal.changed;
  if (json) await sayJson(io, { waiting: proposal.id });
  else await say(io, `waits for a second person: assay approval approve ${proposal.id} --approver …`);
  return undefined;
}
