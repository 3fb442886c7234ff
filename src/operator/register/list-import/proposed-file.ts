import { toHex } from '#base/codec/index.ts';
import { runningDigest } from '#base/crypto/index.ts';
import { RefusalError } from '#base/sentence/index.ts';
import type { FileApprovals } from '../approval.ts';
import type { FileChange, FileMeaning } from '../list-change.ts';
import type { Chunks } from '../list-format/index.ts';
import { REGISTER_REFUSALS } from '../refusals.ts';
import { ACTION, type Difference } from './comparison.ts';
import type { ImportEffect, ImportOptions } from './options.ts';
import type { RuleLine } from './staging.ts';

/** The same chunks; `sha256` of all of them when they have been read, 64 hexadecimal digits. */
export function hashing(chunks: Chunks): { readonly chunks: AsyncIterable<Uint8Array>; sha256(): string } {
  const running = runningDigest('sha256');
  return {
    chunks: (async function* () {
      for await (const chunk of chunks) {
        running.update(chunk);
        yield chunk;
      }
    })(),
    sha256: () => toHex(running.finish()),
  };
}

/**
 * The options of an import, and the proposal that it approves, if any: then the file is read as its proposer meant it, in his name. Throws
 * RangeError when this person may not approve it, or means something else.
 */
export function meantOptions(
  approvals: FileApprovals,
  given: ImportOptions,
): { readonly options: ImportOptions; readonly proposed: FileChange | undefined } {
  if (given.approval === undefined) return { options: given, proposed: undefined };
  const { change: proposed, author } = approvals.proposedFile(given.approval);
  checkSameMeaning(given.approval.id, meaningOf(given), proposed);
  const { name, kind, format, pairs, lines, lostZeros, reason, caseReference, expiresAt } = proposed;
  const options: ImportOptions = {
    ...{ ...given, author, name, kind },
    ...(format !== undefined && { format }),
    ...(pairs !== undefined && { pairs }),
    ...(lines !== undefined && { change: lines }),
    ...(lostZeros !== undefined && { lostZeros }),
    ...(reason !== undefined && { reason }),
    ...(caseReference !== undefined && { caseReference }),
    ...(expiresAt !== undefined && { expiresAt }),
  };
  return { options, proposed };
}

/** What the approver says about the file has to be what was proposed; what he leaves out is taken from there, a mapping excepted. */
function checkSameMeaning(id: number, given: FileMeaning, proposed: FileMeaning): void {
  const names = new Set([...Object.keys(given), 'mapping']) as ReadonlySet<keyof FileMeaning>;
  for (const name of names)
    if (given[name] !== proposed[name])
      throw new RefusalError(
        REGISTER_REFUSALS.say('otherMeaning', {
          member: name,
          proposed: String(proposed[name] ?? '(none)'),
          came: String(given[name] ?? '(none)'),
        }),
        `change ${id}`,
      );
}

/** Throws RangeError for another file than the one that was proposed. */
export function checkSameFile(proposed: FileChange, sha256: string): void {
  if (sha256 !== proposed.sha256)
    throw new RefusalError(
      REGISTER_REFUSALS.say('otherFile', { proposed: proposed.sha256, came: sha256 }),
      proposed.name,
    );
}

function meaningOf(options: ImportOptions): FileMeaning {
  const { list, source, kind = 'delta', format, mapping, pairs, change, lostZeros, reason, caseReference } = options;
  const { expiresAt } = options;
  return {
    ...{ list, source, kind },
    ...(format !== undefined && { format }),
    ...(mapping !== undefined && { mapping: JSON.stringify(mapping) }),
    ...(pairs !== undefined && { pairs }),
    ...(change !== undefined && { lines: change }),
    ...(lostZeros !== undefined && { lostZeros }),
    ...(reason !== undefined && { reason }),
    ...(caseReference !== undefined && caseReference !== '' && { caseReference }),
    ...(expiresAt !== undefined && { expiresAt }),
  };
}

/** The import as a change that a second person may have to approve. */
export function fileChangeOf(
  options: ImportOptions,
  sha256: string,
  { added, removed, updated, rules, bad, subscribersHit }: ImportEffect,
  prohibiting: number,
): FileChange {
  const numbers = { added, removed, updated, rules, bad, subscribersHit, prohibiting };
  return { about: 'file', sha256, name: options.name, ...meaningOf(options), ...numbers };
}

/** How many entries of the black list, and locks, a file makes or changes. */
export function prohibitingIn(
  differences: readonly Difference[],
  rules: readonly RuleLine[],
  { list }: ImportOptions,
): number {
  let count = 0;
  for (const { actions } of differences.filter((difference) => difference.list === 'black'))
    for (const action of actions) if (action === ACTION.added || action === ACTION.updated) count++;
  for (const rule of rules) {
    if (rule.change === 'remove') continue;
    const isProhibiting = rule.about === 'pair' ? rule.kind === 'lock' : (rule.list ?? list) === 'black';
    if (isProhibiting) count++;
  }
  return count;
}
