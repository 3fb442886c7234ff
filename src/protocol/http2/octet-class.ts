/** What an octet may not be part of; a string's classes are those of all its octets together (OR). */
export const NOT_IN = {
  /** A field name: lower-case token characters (RFC 9113 8.2.1, RFC 9110 5.6.2). */
  NAME: 1,
  /** A token, capitals admitted: a method (RFC 9110 9.1). */
  TOKEN: 2,
  /** A field value: no control character but the tab (RFC 9110 5.5). */
  VALUE: 4,
  /** A path, scheme or authority: visible ASCII (RFC 3986 2). */
  URI: 8,
} as const;

const TOKEN_CHARACTERS = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]$/;

function classOf(octet: number): number {
  const character = String.fromCharCode(octet);
  const isToken = TOKEN_CHARACTERS.test(character);
  const isControl = (octet < 0x20 && octet !== 0x09) || octet === 0x7f;
  return (
    (isToken && !/[A-Z]/.test(character) ? 0 : NOT_IN.NAME) |
    (isToken ? 0 : NOT_IN.TOKEN) |
    (isControl ? NOT_IN.VALUE : 0) |
    (octet > 0x20 && octet < 0x7f ? 0 : NOT_IN.URI)
  );
}

/** Classes by octet. */
export const OCTET_CLASS: Uint8Array = Uint8Array.from({ length: 256 }, (_, octet) => classOf(octet));

/** The classes of all characters of a text of ISO 8859-1. */
export function classesOf(text: string): number {
  let classes = 0;
  for (let at = 0; at < text.length; at++) classes |= OCTET_CLASS[text.charCodeAt(at)] ?? 0xff;
  return classes;
}
