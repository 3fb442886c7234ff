import { AccessError } from './access-error.ts';
import { ACCESS_REFUSALS } from './refusals.ts';

const LONGEST_NAME = 80;
const LONGEST_REASON = 200;
const NAME = /^[\p{L}\p{N}][\p{L}\p{N} ._@-]*$/u;

/** As whom the people of the laboratory sign, who need no password on this machine. */
export const LABORATORY_NAMES = ['laboratory', 'laboratory 2'] as const;
/** As whom a person of the laboratory signs. */
export type LaboratoryName = (typeof LABORATORY_NAMES)[number];

/** Authors that the operator's own parts write into the audit log: no person may write under them. */
const OWN_AUTHORS: ReadonlySet<string> = new Set([
  ...['network', 'uicc', 'register', 'operator', 'loopback', 'anyone', 'retention'],
  ...LABORATORY_NAMES,
]);

/** Names are the same whatever their capitals, their form in Unicode, and the space around them. */
export const plainName = (name: string): string => name.normalize('NFKC').trim().toLowerCase();

/** Throws AccessError for a name that nobody may sign with. */
export function checkName(name: string): void {
  if (name.length > LONGEST_NAME || !NAME.test(name) || name.trim() !== name)
    throw new AccessError('invalid', 'name', ACCESS_REFUSALS.say('badName', { longest: LONGEST_NAME }));
  if (OWN_AUTHORS.has(plainName(name)))
    throw new AccessError('invalid', 'name', ACCESS_REFUSALS.say('reservedName', { name }));
}

/** Throws AccessError when it is not said who does it, and why. */
export function checkReason({ author, reason }: { readonly author: string; readonly reason: string }): void {
  if (author.trim() === '') throw new AccessError('invalid', 'author', ACCESS_REFUSALS.say('noAuthor'));
  if (reason.trim() === '' || reason.length > LONGEST_REASON)
    throw new AccessError(
      'invalid',
      'reason',
      ACCESS_REFUSALS.say('badReason', { longest: LONGEST_REASON, came: reason.length }),
    );
}
