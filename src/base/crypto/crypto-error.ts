/**
 * A key, point, length or shared secret that must not be used. The message says what was expected and what came,
 * by length or by name: it never carries key octets, plain text or a MAC.
 */
export class CryptoError extends Error {
  override readonly name = 'CryptoError';
}
