import { AccessError } from './access-error.ts';

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
    throw new AccessError('invalid', `name: expected 1 to ${LONGEST_NAME} letters, digits, spaces or . _ @ -`);
  if (OWN_AUTHORS.has(plainName(name)))
    throw new AccessError('invalid', `name: '${name}' is how a part of the operator signs; choose another`);
}

/** Throws AccessError when it is not said who does it, and why. */
export function checkReason({ author, reason }: { readonly author: string; readonly reason: string }): void {
  if (author.trim() === '') throw new AccessError('invalid', 'author: expected a name, got nothing');
  if (reason.trim() === '' || reason.length > LONGEST_REASON)
    throw new AccessError('invalid', `reason: expected 1 to ${LONGEST_REASON} characters, got ${reason.length}`);
}
