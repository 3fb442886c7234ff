import { isProviderAddress, type OpenIdSettings, USER_ROLES, type UserRole } from '#operator/access/index.ts';
import { publicOriginOf } from '#operator/api/index.ts';
import { secretIn } from './configuration.ts';
import { wrongInput } from './failure.ts';
import type { Io } from './io.ts';

const ROLE_CLAIM = 'roles';
const NAME_CLAIM = 'preferred_username';
const ROLES_EXPECTED = `expected value=role,… with roles ${USER_ROLES.join(', ')}`;

/** What is wrong with the address by which people come from elsewhere; undefined when nothing is. */
export const publicUrlTrouble = (publicUrl: string): string | undefined =>
  publicOriginOf(publicUrl) === undefined ? 'expected https://name or https://name:port' : undefined;

/** What is wrong with the address of an OpenID provider; undefined when nothing is. */
export const issuerTrouble = (issuer: string): string | undefined =>
  isProviderAddress(issuer) ? undefined : 'expected https://…, or http://… on this machine';

const roleIn = (word: unknown): UserRole | undefined => USER_ROLES.find((role) => role === word);

/** What a text of roles says: pairs, or as JSON where a value has a comma or = in it. Undefined when it cannot be read. */
function rolePairs(text: string): readonly (readonly [string, unknown])[] | undefined {
  if (!text.startsWith('{')) return text.split(',').map((pair) => pairOf(pair.trim()));
  try {
    return Object.entries(JSON.parse(text) as object);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function pairOf(pair: string): readonly [string, unknown] {
  const [, value = '', role = ''] = /^(.+)=(\w+)$/.exec(pair) ?? [];
  return [value, role];
}

/** Which role a value of the role claim means, from `fraud-team=analyst,leads=approver` or a JSON object; undefined when it says no roles. */
export function rolesIn(text: string): Readonly<Record<string, UserRole>> | undefined {
  const pairs = rolePairs(text)?.map(([value, word]) => [value, roleIn(word)] as const) ?? [];
  const known = pairs.flatMap(([value, role]) => (value === '' || role === undefined ? [] : [[value, role] as const]));
  return known.length === 0 || known.length < pairs.length ? undefined : Object.fromEntries(known);
}

/** What is wrong with a text of roles; undefined when nothing is. */
export const rolesTrouble = (text: string): string | undefined =>
  rolesIn(text) === undefined ? ROLES_EXPECTED : undefined;

/** The OpenID provider that ASSAY_OPENID_ISSUER or a configuration names, and what else is said of it. Throws Failure for what is missing or wrong. */
export function openIdOf({ env }: Io): { readonly openId?: OpenIdSettings } {
  const said = (name: string, standard?: string): string => {
    const value = env[`ASSAY_OPENID_${name}`] ?? '';
    if (value !== '') return value;
    if (standard === undefined) throw wrongInput(`expected ASSAY_OPENID_${name} beside ASSAY_OPENID_ISSUER, got none`);
    return standard;
  };
  const issuer = env['ASSAY_OPENID_ISSUER'] ?? '';
  if (issuer === '') return {};
  const trouble = issuerTrouble(issuer);
  if (trouble !== undefined) throw wrongInput(`ASSAY_OPENID_ISSUER (openId.issuer): ${trouble}, got '${issuer}'`);
  const text = said('ROLES');
  const roles = rolesIn(text);
  if (roles === undefined) throw wrongInput(`ASSAY_OPENID_ROLES (openId.roles): ${ROLES_EXPECTED}, got '${text}'`);
  return {
    openId: {
      ...{ issuer, clientId: said('CLIENT_ID'), clientSecret: secretIn(said('CLIENT_SECRET_FILE')) },
      ...{ roleClaim: said('ROLE_CLAIM', ROLE_CLAIM), roles },
      ...{ nameClaim: said('NAME_CLAIM', NAME_CLAIM), label: said('LABEL', new URL(issuer).hostname) },
    },
  };
}

/** How people reach the console from elsewhere, when ASSAY_PUBLIC_URL or a configuration says it. Throws Failure for a wrong address. */
export function siteOf({ env }: Io): { readonly site?: { readonly publicUrl: string } } {
  const publicUrl = env['ASSAY_PUBLIC_URL'] ?? '';
  if (publicUrl === '') return {};
  const trouble = publicUrlTrouble(publicUrl);
  if (trouble !== undefined) throw wrongInput(`ASSAY_PUBLIC_URL (http.publicUrl): ${trouble}, got '${publicUrl}'`);
  return { site: { publicUrl } };
}
