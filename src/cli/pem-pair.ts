import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { wrongInput } from './failure.ts';

/** Options that name key and certificate of the console. */
export const HTTP_TLS = ['--http-tls-key', '--http-tls-cert'] as const;

/** The text of a file. Throws Failure when it cannot be read. */
export function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw wrongInput(`${path}: expected a file that this user may read, got ${code ?? message}`);
  }
}

/** The first certificate of a file in PEM. Throws Failure when there is none. */
export function certificateIn(path: string): X509Certificate {
  const text = textOf(path);
  try {
    return new X509Certificate(text);
  } catch {
    throw wrongInput(`${path}: expected a certificate in PEM (-----BEGIN CERTIFICATE-----), got something else`);
  }
}

/** The private key of a file in PEM. Throws Failure when there is none, or when it asks for a passphrase. */
export function keyIn(path: string): KeyObject {
  const text = textOf(path);
  try {
    return createPrivateKey(text);
  } catch {
    throw wrongInput(
      `${path}: expected a private key in PEM without a passphrase (-----BEGIN PRIVATE KEY-----), got something else`,
    );
  }
}

/** Key and certificate from their files; undefined without them. `names`: of the options, for who gave only one. Throws Failure unless they belong together. */
export function pemPair(
  key: string | undefined,
  cert: string | undefined,
  names: readonly [string, string],
): { readonly key: string; readonly cert: string } | undefined {
  if (key === undefined && cert === undefined) return undefined;
  if (key === undefined || cert === undefined)
    throw wrongInput(`TLS: expected both ${names.join(' and ')}, got one of them`);
  if (!certificateIn(cert).checkPrivateKey(keyIn(key)))
    throw wrongInput(`${cert}: expected the certificate of the key ${key}, got that of another key`);
  return { key: textOf(key), cert: textOf(cert) };
}
