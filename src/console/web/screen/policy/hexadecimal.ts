/** Hexadecimal as people write it, with blanks and colons, as the API takes it. */
export const plain = (text: string): string => text.replaceAll(/[\s:]/g, '');
