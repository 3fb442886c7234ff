import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';

const WEB = join(import.meta.dirname, 'web');
const read = (path: string): string => readFileSync(join(WEB, path), 'utf8');

/** The selectors of a style sheet, each by itself. */
const selectorsOf = (sheet: string): readonly string[] =>
  [
    ...read(sheet)
      .replaceAll(/\/\*.*?\*\//gs, '')
      .matchAll(/([^{}]+)\{/g),
  ]
    .map(([, list = '']) => list.trim())
    .filter((list) => !list.startsWith('@') && !/^(from|to|\d)/.test(list))
    .flatMap((list) => list.split(/,(?![^(]*\))/));

const classesIn = (selector: string): readonly string[] =>
  [...selector.matchAll(/\.([a-z][\w-]*)/g)].map(([, name = '']) => name);

/** The classes that a component gives, in plain attributes. */
const givenIn = (component: string): readonly string[] =>
  [...read(component).matchAll(/class="([^"]+)"/g)].flatMap(([, names = '']) => names.split(/\s+/));

test('the sheet of a screen styles its own alone: it stays when the screen is left, and would change another one', () => {
  const common = new Set(globSync('style/*.css', { cwd: WEB }).flatMap(selectorsOf).flatMap(classesIn));
  const components = globSync('{screen,part,frame}/**/*.tsx', { cwd: WEB });
  const sheets = globSync('screen/*/*.css', { cwd: WEB });
  assert.ok(sheets.length >= 7 && components.length > 40);
  const leaks = sheets.flatMap((sheet) => {
    const elsewhere = new Set(components.filter((one) => dirname(one) !== dirname(sheet)).flatMap(givenIn));
    const isOwn = (name: string): boolean => !common.has(name) && !elsewhere.has(name);
    return selectorsOf(sheet)
      .filter((selector) => !classesIn(selector).some(isOwn))
      .map((selector) => `${sheet}: ${selector.trim()}: begin with a class of this screen, or style it in style/`);
  });
  assert.deepEqual(leaks, []);
});
