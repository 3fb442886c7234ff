import { flag, integer, nullable, oneOf, text } from '#operator/database/index.ts';
import type { Role } from './permission.ts';

/** Roles of people. */
export const USER_ROLES = ['viewer', 'analyst', 'approver', 'administrator'] as const satisfies readonly Role[];
/** A role of a person. */
export type UserRole = (typeof USER_ROLES)[number];

/** Somebody who signs in. Times are milliseconds since 1970. */
export interface User {
  readonly id: number;
  /** Signs what this person does. */
  readonly name: string;
  readonly role: UserRole;
  /** False: cannot sign in, whatever the password. */
  readonly isEnabled: boolean;
  /** False: signs in by the OpenID provider only. */
  readonly hasPassword: boolean;
  /** The OpenID provider that knows this person. */
  readonly issuer: string | undefined;
  readonly createdBy: string;
  readonly createdAt: number;
  readonly signedInAt: number | undefined;
}

/** A row of the table, which has the kept password too: it leaves this room never. */
export interface UserRow extends Omit<User, 'isEnabled' | 'hasPassword'> {
  readonly enabled: boolean;
  readonly password: string | undefined;
}

/** The columns of a user. */
export const USER_ROW = {
  id: integer,
  name: text,
  role: oneOf(...USER_ROLES),
  enabled: flag,
  password: nullable(text),
  issuer: nullable(text),
  createdBy: text,
  createdAt: integer,
  signedInAt: nullable(integer),
};

/** What a row tells. */
export const userOf = ({ enabled, password, ...row }: UserRow): User => ({
  ...row,
  isEnabled: enabled,
  hasPassword: password !== undefined,
});
