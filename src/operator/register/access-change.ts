import { mayUse, ROLES, type Role, USER_ROLES, type UserRole } from '#operator/access/index.ts';
import type { Members } from './change-members.ts';

/** A user who is made, or is to be another, with what is so now: it is made only while that still is. */
export interface UserProposal {
  readonly about: 'user';
  readonly change: 'add' | 'change';
  readonly name: string;
  /** Number of the user who is changed. */
  readonly user?: number;
  readonly role?: UserRole;
  readonly roleBefore?: UserRole;
  readonly isEnabled?: boolean;
  readonly wasEnabled?: boolean;
  /** The password becomes another; of a new user it is the first. */
  readonly isPasswordNew: boolean;
  /** As what the password is kept. Nobody is shown it, and it is forgotten when the change is decided. */
  readonly kept?: string;
}

/** A token that is made. */
export interface TokenProposal {
  readonly about: 'token';
  readonly change: 'add';
  readonly name: string;
  readonly role: Role;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  /** By what it will be known, in hexadecimal; forgotten when the change is decided. */
  readonly kept?: string;
}

/** A change of who may do what. */
export type AccessChange = UserProposal | TokenProposal;

/** Characters of a kept password. */
const LONGEST_KEPT = 400;
const TOKEN_OCTETS = 32;

const decides = (role: Role | undefined): boolean => role !== undefined && mayUse(role, 'approvals.decide');
const rank = (role: UserRole): number => USER_ROLES.indexOf(role);

/**
 * True for what gives somebody more than before, and for what takes one away who could have said no. To take something from others is left to one
 * person: it is how an account that fell into wrong hands is stopped at once.
 */
export function isGranting(change: AccessChange): boolean {
  if (change.about === 'token') return decides(change.role);
  const { role, roleBefore, isEnabled, wasEnabled, isPasswordNew } = change;
  if (change.change === 'add' || isPasswordNew || roleBefore === undefined) return true;
  const becomes = role ?? roleBefore;
  if (rank(becomes) > rank(roleBefore) || (isEnabled === true && wasEnabled !== true)) return true;
  const staysDeciding = decides(becomes) && isEnabled !== false;
  return decides(roleBefore) && wasEnabled === true && (!staysDeciding || becomes !== roleBefore);
}

/** Without what only the operator itself may know. */
export function withoutSecret<C extends AccessChange>({ kept: _, ...change }: C): Omit<C, 'kept'> {
  return change;
}

/** A change of a user out of anything. Throws RangeError. */
export function userChange(members: Members): UserProposal {
  return {
    ...{ about: 'user', change: members.oneOf('change', ['add', 'change']), name: members.text('name') },
    ...(members.has('user') && { user: members.count('user') }),
    ...(members.has('role') && { role: members.oneOf('role', USER_ROLES) }),
    ...(members.has('roleBefore') && { roleBefore: members.oneOf('roleBefore', USER_ROLES) }),
    ...(members.has('isEnabled') && { isEnabled: members.flag('isEnabled') }),
    ...(members.has('wasEnabled') && { wasEnabled: members.flag('wasEnabled') }),
    isPasswordNew: members.flag('isPasswordNew'),
    ...(members.has('kept') && { kept: members.text('kept', LONGEST_KEPT) }),
  };
}

/** A new token out of anything. Throws RangeError. */
export function tokenChange(members: Members): TokenProposal {
  return {
    ...{ about: 'token', change: members.oneOf('change', ['add']), name: members.text('name') },
    ...{ role: members.oneOf('role', ROLES), expiresAt: members.count('expiresAt') },
    ...(members.has('kept') && { kept: members.hex('kept', TOKEN_OCTETS) }),
  };
}
