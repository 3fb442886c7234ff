import { readFileSync } from 'node:fs';

/** Names of the commands that a source has rows for, once each: in the order they stand there. */
export function commandsIn(source: URL): readonly string[] {
  const text = readFileSync(source, 'utf8');
  const rows = text.matchAll(/\brow(?:<[^>]*>)?\(\s*'([A-Z0-9 ]+)'|\bname: '([A-Z0-9 ]+)'/g);
  return [...new Set([...rows].map(([, called, named]) => called ?? named ?? ''))];
}
