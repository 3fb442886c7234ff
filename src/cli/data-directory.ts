import { join } from 'node:path';
import { Workshop } from '#lab/workshop/index.ts';
import { type OpenIdSettings, USER_ROLES, type UserRole } from '#operator/access/index.ts';
import { type Operator, openOperator } from '#operator/index.ts';
import { secretIn } from './configuration.ts';
import { wrongInput } from './failure.ts';
import type { Io } from './io.ts';
import type { CommonOptions } from './leaf.ts';

/** Where the operator keeps its data in a data directory. */
export const operatorDirectory = (data: string): string => join(data, 'operator');

/** The database a command works on: PostgreSQL when ASSAY_DATABASE_URL names one (its password shows in no list of processes), else SQLite. */
export function databaseOf({ env }: Io): { readonly databaseUrl?: string } {
  const databaseUrl = env['ASSAY_DATABASE_URL'] ?? '';
  return databaseUrl === '' ? {} : { databaseUrl };
}

/** Opens the operator of the data directory, without an SMSC, for one act; another process may serve meanwhile. */
export async function withOperator<T>(
  io: Io,
  { data }: Pick<CommonOptions, 'data'>,
  act: (operator: Operator) => T | Promise<T>,
): Promise<T> {
  const { clock, random, scheduler } = io;
  const operator = openOperator({
    ...{ dataDirectory: operatorDirectory(data), clock, random, scheduler },
    ...databaseOf(io),
  });
  try {
    return await act(operator);
  } finally {
    await operator.close();
  }
}

/** Where what seals the card images lies, when ASSAY_CARD_KEYS names another directory than the data directory's own. */
export function cardKeysOf({ env }: Io): { readonly cardKeys?: string } {
  const cardKeys = env['ASSAY_CARD_KEYS'] ?? '';
  return cardKeys === '' ? {} : { cardKeys };
}

/** The factory and card shop of the data directory. */
export function workshopOf(io: Io, { data }: Pick<CommonOptions, 'data'>): Workshop {
  const { clock, random } = io;
  return new Workshop(data, { clock, random, ...cardKeysOf(io) });
}

const ROLE_CLAIM = 'roles';
const NAME_CLAIM = 'preferred_username';

/** Which role a value of the role claim means: `fraud-team=analyst,leads=approver`. */
function rolesOf(text: string): Record<string, UserRole> {
  const pairs = text.split(',').map((pair) => {
    const [, value = '', word] = /^(.+)=(\w+)$/.exec(pair.trim()) ?? [];
    const role = USER_ROLES.find((one) => one === word);
    if (role === undefined)
      throw wrongInput(`ASSAY_OPENID_ROLES: expected value=role,… with roles ${USER_ROLES.join(', ')}, got '${pair}'`);
    return [value, role] as const;
  });
  return Object.fromEntries(pairs);
}

/** The OpenID provider that ASSAY_OPENID_ISSUER names, and what else is said of it. Throws Failure for what is missing. */
export function openIdOf({ env }: Io): { readonly openId?: OpenIdSettings } {
  const said = (name: string, standard?: string): string => {
    const value = env[`ASSAY_OPENID_${name}`] ?? '';
    if (value !== '') return value;
    if (standard === undefined) throw wrongInput(`expected ASSAY_OPENID_${name} beside ASSAY_OPENID_ISSUER`);
    return standard;
  };
  const issuer = env['ASSAY_OPENID_ISSUER'] ?? '';
  if (issuer === '') return {};
  return {
    openId: {
      ...{ issuer, clientId: said('CLIENT_ID'), clientSecret: secretIn(said('CLIENT_SECRET_FILE')) },
      ...{ roleClaim: said('ROLE_CLAIM', ROLE_CLAIM), roles: rolesOf(said('ROLES')) },
      ...{ nameClaim: said('NAME_CLAIM', NAME_CLAIM), label: said('LABEL', new URL(issuer).hostname) },
    },
  };
}

/** How people reach the console from elsewhere, when ASSAY_PUBLIC_URL says it. */
export function siteOf({ env }: Io): { readonly site?: { readonly publicUrl: string } } {
  const publicUrl = env['ASSAY_PUBLIC_URL'] ?? '';
  return publicUrl === '' ? {} : { site: { publicUrl } };
}
