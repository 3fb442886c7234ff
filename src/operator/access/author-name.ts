import type { Said } from '#base/sentence/index.ts';
import { type AuditReasonCode, PROGRAM_AUTHORS, type ProgramAuthor } from '#operator/audit/index.ts';
import { AccessError } from './access-error.ts';
import { ACCESS_REFUSALS } from './refusals.ts';

const LONGEST_NAME = 80;
const LONGEST_REASON = 200;
const NAME = /^[\p{L}\p{N}][\p{L}\p{N} ._@-]*$/u;

/** As whom the people of the laboratory sign, who need no password on this machine. */
export const LABORATORY_NAMES = ['laboratory', 'laboratory 2'] as const satisfies readonly ProgramAuthor[];
/** As whom a person of the laboratory signs. */
export type LaboratoryName = (typeof LABORATORY_NAMES)[number];

/** Names are the same whatever their capitals, their form in Unicode, and the space around them. */
export const plainName = (name: string): string => name.normalize('NFKC').trim().toLowerCase();

/** Authors that the operator's own parts write into the audit log: no person may write under them. */
const OWN_AUTHORS: ReadonlySet<string> = new Set(PROGRAM_AUTHORS.codes.map((code) => plainName(code)));

/** Throws AccessError for a name that nobody may sign with. */
export function checkName(name: string): void {
  if (name.length > LONGEST_NAME || !NAME.test(name) || name.trim() !== name)
    throw new AccessError('invalid', 'name', ACCESS_REFUSALS.say('badName', { longest: LONGEST_NAME }));
  if (OWN_AUTHORS.has(plainName(name)))
    throw new AccessError('invalid', 'name', ACCESS_REFUSALS.say('reservedName', { name }));
}

/** Who makes a change, and why: in a person's words, or in the operator's own. */
export interface Signed {
  readonly author: string;
  readonly reason: string | Said<AuditReasonCode>;
}

/** Throws AccessError when it is not said who does it, and why. */
export function checkReason({ author, reason }: Signed): void {
  if (author.trim() === '') throw new AccessError('invalid', 'author', ACCESS_REFUSALS.say('noAuthor'));
  if (typeof reason !== 'string') return;
  if (reason.trim() === '' || reason.length > LONGEST_REASON)
    throw new AccessError(
      'invalid',
      'reason',
      ACCESS_REFUSALS.say('badReason', { longest: LONGEST_REASON, came: reason.length }),
    );
}
