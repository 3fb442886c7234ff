import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { UICC_COMMANDS } from './commands.ts';
import { GSM_COMMANDS } from './gsm-commands.ts';

test('docs/uicc.md names every command of the UICC and of the SIM', () => {
  const page = readFileSync(new URL('../../../docs/uicc.md', import.meta.url), 'utf8');
  for (const name of [...UICC_COMMANDS, ...GSM_COMMANDS]) assert.ok(page.includes(name), name);
});
