import { RefusalError } from '#base/sentence/index.ts';
import {
  type Access,
  checkReason,
  mayUse,
  type NewUser,
  plainName,
  USER_ROLES,
  type UserChange,
  type Users,
} from '#operator/access/index.ts';
import type { AccessChange, UserProposal } from './access-change.ts';
import type { AccessChanges } from './approval.ts';
import { REGISTER_REFUSALS } from './refusals.ts';

/** Roles whose people may say yes or no to what another proposed. */
const DECIDING = USER_ROLES.filter((role) => mayUse(role, 'approvals.decide'));

/** How proposals change these users and tokens. */
export function openPeopleChanges({
  users,
  access,
}: {
  readonly users: Users;
  readonly access: Access;
}): AccessChanges {
  /** The number of a user who is as when the change was proposed. */
  const unchanged = ({ user = 0, name, roleBefore, wasEnabled }: UserProposal): number => {
    const found = users.find(user);
    if (found?.role === roleBefore && found?.isEnabled === wasEnabled) return user;
    throw new RefusalError(REGISTER_REFUSALS.say('stateIsAnother', { name }), 'change');
  };
  const secret = ({ kept }: AccessChange): string => {
    if (kept !== undefined) return kept;
    throw new Error('expected what the password or token is kept as, got none');
  };
  return {
    hasOtherDecider: (author) => users.hasOther(author, DECIDING),
    isSamePerson(author, approver, at) {
      const standsFor = (name: string, other: string, then: number) => {
        const given = users.passwordFrom(name);
        const others = [...access.makersOf(name, then), ...(given === undefined ? [] : [given])];
        return others.some((one) => plainName(one) === plainName(other));
      };
      return standsFor(author, approver, at.proposed) || standsFor(approver, author, at.decided);
    },
    isStopped(author) {
      const user = users.named(author);
      return user === undefined ? access.isRevoked(author) : !user.isEnabled;
    },
    check(change, by) {
      checkReason(by);
      if (change.about === 'token') access.check({ ...change, ...by });
      else if (change.change === 'add') users.checkNew({ name: change.name, author: by.author });
      else users.checkChange(unchanged(change), change);
    },
    make(change, by) {
      if (change.about === 'token') access.make({ ...change, ...by, kept: secret(change) });
      else if (change.change === 'add')
        users.make({ name: change.name, role: change.role ?? 'viewer', ...by, kept: secret(change) });
      else {
        const { role, isEnabled, isPasswordNew } = change;
        users.alter(unchanged(change), {
          ...by,
          ...(role !== undefined && { role }),
          ...(isEnabled !== undefined && { isEnabled }),
          ...(isPasswordNew && { kept: secret(change) }),
        });
      }
    },
  };
}

/** The proposal of a new user. Rejects with AccessError for one who could not be made. */
export async function newUserProposal(
  users: Users,
  { name, role, password, author }: Pick<NewUser, 'name' | 'role' | 'password' | 'author'>,
): Promise<UserProposal> {
  users.checkNew({ name, author });
  const kept = await users.keep(password, name);
  return { about: 'user', change: 'add', name, role, isPasswordNew: true, kept };
}

/** The proposal that a user becomes another, with what is so now. Rejects with AccessError. */
export async function userChangeProposal(
  users: Users,
  id: number,
  { role, isEnabled, password }: Pick<UserChange, 'role' | 'isEnabled' | 'password'>,
): Promise<UserProposal> {
  const before = users.existing(id);
  const kept = password === undefined ? undefined : await users.keep(password, before.name);
  return {
    ...{ about: 'user', change: 'change', name: before.name },
    ...{ user: id, roleBefore: before.role, wasEnabled: before.isEnabled },
    ...(role !== undefined && { role }),
    ...(isEnabled !== undefined && { isEnabled }),
    isPasswordNew: kept !== undefined,
    ...(kept !== undefined && { kept }),
  };
}
