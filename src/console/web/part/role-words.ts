import type { AnswerOf } from '../api/client.ts';
import { type TextName, t } from '../text/index.ts';

type Roles = AnswerOf<'GET /api/v1/roles'>;
/** Whom a user or a token stands for. */
export type Role = Roles['roles'][number]['role'];
/** Something a role may do. */
export type Permission = Roles['permissions'][number];

/** Roles in words. */
export const ROLE_WORDS: Readonly<Record<Role, TextName>> = {
  viewer: 'frame.roleViewer',
  analyst: 'frame.roleAnalyst',
  approver: 'frame.roleApprover',
  administrator: 'frame.roleAdministrator',
  machine: 'frame.roleMachine',
};

/** A role in words; what a newer operator calls one stays as it is. */
export const roleWords = (role: string): string =>
  Object.hasOwn(ROLE_WORDS, role) ? t(ROLE_WORDS[role as Role]) : role;

/** What a permission lets do, in words. */
export const permissionWords = (permission: Permission): string => t(`permission.${permission}`);
