/** The value of a cookie that a browser sent (RFC 6265 4.2); undefined when it has none of this name. The first one counts. */
export function cookieValue(header: string | undefined, name: string): string | undefined {
  for (const pair of (header ?? '').split(';')) {
    const at = pair.indexOf('=');
    if (at >= 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return undefined;
}

/** What a cookie is to be. No script reads it, and it has no Domain: only this very host gets it back. */
export interface CookieOptions {
  /** Over https only. */
  readonly isSecure: boolean;
  /** Strict: with requests of this site's own pages alone. Lax: also when another site leads here. */
  readonly sameSite: 'Strict' | 'Lax';
  /** Seconds until the browser forgets it; 0 at once. Default: when the browser ends. */
  readonly maxAge?: number;
}

/** A Set-Cookie (RFC 6265 4.1). Name and value have letters, digits, `-` and `_` only. */
export function setCookie(name: string, value: string, { isSecure, sameSite, maxAge }: CookieOptions): string {
  const parts = [`${name}=${value}`, 'Path=/', 'HttpOnly', `SameSite=${sameSite}`];
  if (isSecure) parts.push('Secure');
  if (maxAge !== undefined) parts.push(`Max-Age=${maxAge}`);
  return parts.join('; ');
}
