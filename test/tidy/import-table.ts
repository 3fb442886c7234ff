import { builtinModules } from 'node:module';
import { posix } from 'node:path';
import { type Node, SyntaxKind } from 'typescript/unstable/ast';
import {
  isCallExpression,
  isExportDeclaration,
  isIdentifier,
  isImportDeclaration,
  isImportTypeNode,
  isLiteralTypeNode,
  isNewExpression,
  isNoSubstitutionTemplateLiteral,
  isPropertyAccessExpression,
  isStringLiteral,
} from 'typescript/unstable/ast/is';
import { everyNode, isTest, type Source, type Violation, violationAt } from './source.ts';

/** What a room's code may import, by the beginning of the other room's name: `base` admits `base/codec`, `base/port` … */
export const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  base: ['base'],
  protocol: ['base', 'protocol'],
  handset: ['base', 'protocol', 'handset'],
  operator: ['base', 'protocol', 'operator'],
  lab: ['base', 'protocol', 'handset', 'operator', 'lab'],
  console: ['console'],
  cli: ['base', 'protocol', 'handset', 'operator', 'lab', 'console', 'cli'],
  // Not a secure channel, not an OTA packet, not a cipher: the relay holds no keys.
  'handset/operating-system': [
    'base/codec',
    'base/identity',
    'base/port',
    'base/trace',
    'protocol/apdu',
    'protocol/usat',
    'protocol/sms',
    'protocol/nas',
    'handset/connector',
    'handset/baseband',
    'handset/operating-system',
  ],
};

/** Rooms that the relay must not reach at run time by any way, not even through rooms it may import. */
export const KEY_ROOMS: readonly string[] = [
  'base/crypto',
  'protocol/secure-channel',
  'protocol/ota',
  'handset/storage-support',
  'handset/uicc/imei-lock',
];

/** The room those are kept from. */
export const RELAY = 'handset/operating-system';

/** Files beside a room's index.ts that other rooms may import. */
const OTHER_FACES: readonly string[] = [
  'src/handset/uicc/application.ts',
  'src/handset/uicc/lock-personalisation.ts',
  // Held against the sentences that the operator declares.
  'src/console/web/text/fr/said/index.ts',
  'src/console/web/text/en/said/index.ts',
  // Held against what the pages show.
  'src/console/web/text/fr/index.ts',
  'src/console/web/text/catalogue.ts',
];

/** Areas that are one room each, whatever folders they have. */
const AREAS_WITHOUT_ROOMS: readonly string[] = ['console', 'cli'];

/** Rooms inside a room. */
const INNER_ROOMS: readonly string[] = ['handset/uicc/imei-lock'];

// Doors to the world outside: the network, the disk, the operating system. Tests may use any.
const NETWORK = ['node:net', 'node:tls', 'node:events', 'node:timers/promises'];
const HTTP = ['node:http', 'node:https', 'node:http2', 'node:stream'];
const DISK = ['node:fs', 'node:fs/promises', 'node:path', 'node:url'];

/** Node's own modules that product code may use, by room (the longest name that fits decides); the rest may use none. */
export const NODE_MODULES: Readonly<Record<string, readonly string[]>> = {
  'base/port': ['node:crypto', 'node:fs', 'node:path'],
  'base/crypto': ['node:crypto', 'node:zlib'],
  'base/trace': ['node:fs', 'node:dgram'],
  'protocol/smpp': NETWORK,
  'protocol/diameter': NETWORK,
  'protocol/gsup': NETWORK,
  'protocol/http2': NETWORK,
  'handset/connector': [...NETWORK, ...DISK, 'node:tty'],
  // node:dns: where a webhook leads is judged by address, before a connection is made.
  'operator/event': [...NETWORK, 'node:dns', 'node:http', 'node:https'],
  'operator/database': [...DISK, 'node:sqlite', 'node:worker_threads'],
  'operator/gateway': NETWORK,
  'operator/recovery': DISK,
  'operator/register': [...NETWORK, ...HTTP, 'node:fs', 'node:fs/promises', 'node:path', 'node:worker_threads'],
  'operator/api': [...NETWORK, ...HTTP, ...DISK, 'node:zlib'],
  console: [...DISK, 'node:child_process', 'node:crypto', 'node:zlib'],
  lab: [...NETWORK, ...HTTP, ...DISK, 'node:dgram', 'node:os', 'node:util', 'node:worker_threads'],
};

/** What runs in a browser: it has no Node. */
const PAGE = 'src/console/web/';

/** Packages and who may use them. */
const PACKAGES: Readonly<Record<string, (path: string) => boolean>> = {
  commander: (path) => path.startsWith('src/cli/'),
  pg: (path) => path.startsWith('src/operator/database/') || path === 'test/operator/copied-databases.ts',
  fastify: (path) => path.startsWith('src/operator/api/'),
  'openid-client': (path) => path === 'src/operator/access/open-id.ts',
  'oidc-provider': (path) => path === 'test/operator/openid-provider.ts',
  typebox: (path) =>
    path.startsWith('src/operator/api/') ||
    path.startsWith('src/lab/laboratory-api/') ||
    path === 'src/cli/configuration.ts',
  yaml: (path) => path.startsWith('src/cli/'),
  'prom-client': (path) => path.startsWith('src/operator/api/'),
  smartcard: (path) => path.startsWith('src/handset/connector/'),
  serialport: (path) => path.startsWith('src/handset/connector/'),
  preact: (path) => path.startsWith(PAGE),
  'preact-iso': (path) => path.startsWith(PAGE),
  uplot: (path) => path.startsWith(PAGE),
  vite: (path) => path === 'src/console/build.ts',
  'axe-core': (path) => path.startsWith('test/console/'),
  'playwright-core': (path) => path.startsWith('test/console/') || path === 'bench/console.ts',
  'fast-check': (path) => path.endsWith('.test.ts'),
  typescript: (path) => path.startsWith('test/tidy/'),
};

/** The beginnings that package.json's `imports` gives a meaning. */
const SHORT_NAMES = /^#(base|protocol|handset|operator|lab|console|cli)\//;

/** One import, export-from, import(), import type or worker address in a file. `target` undefined: the name is computed. */
interface Import {
  readonly node: Node;
  readonly target: string | undefined;
  readonly typeOnly: boolean;
}

/** The room a file belongs to: `base/codec`, `handset/uicc/imei-lock`, `lab`, `test`. */
export function roomOf(path: string): string {
  const [top = '', area = '', room = ''] = path.split('/');
  if (top !== 'src') return top;
  const inner = INNER_ROOMS.find((name) => path.startsWith(`src/${name}/`));
  if (inner !== undefined) return inner;
  return AREAS_WITHOUT_ROOMS.includes(area) || room.endsWith('.ts') ? area : `${area}/${room}`;
}

const isWithin = (room: string, name: string): boolean => room === name || room.startsWith(`${name}/`);

/** The entry of a table whose name fits a room best: the longest. */
function entryFor<T>(table: Readonly<Record<string, T>>, room: string): T | undefined {
  const names = Object.keys(table).filter((name) => isWithin(room, name));
  const longest = names.sort((a, b) => b.length - a.length)[0];
  return longest === undefined ? undefined : table[longest];
}

function textOf(node: Node | undefined): string | undefined {
  if (node === undefined) return undefined;
  return isStringLiteral(node) || isNoSubstitutionTemplateLiteral(node) ? node.text : undefined;
}

/** `new URL('./worker.ts', import.meta.url)` names a file as an import does. */
function addressedFile(node: Node): string | undefined {
  if (!isNewExpression(node) || !isIdentifier(node.expression) || node.expression.text !== 'URL') return undefined;
  const [address, base] = node.arguments ?? [];
  if (base === undefined || !isPropertyAccessExpression(base) || base.name.text !== 'url') return undefined;
  const file = textOf(address);
  return file?.endsWith('.ts') === true ? file : undefined;
}

function importAt(node: Node): Import | undefined {
  if (isImportDeclaration(node)) {
    const typeOnly = node.importClause?.phaseModifier === SyntaxKind.TypeKeyword;
    return { node, target: textOf(node.moduleSpecifier), typeOnly };
  }
  if (isExportDeclaration(node) && node.moduleSpecifier !== undefined) {
    return { node, target: textOf(node.moduleSpecifier), typeOnly: node.isTypeOnly };
  }
  if (isCallExpression(node) && node.expression.kind === SyntaxKind.ImportKeyword) {
    return { node, target: textOf(node.arguments[0]), typeOnly: false };
  }
  if (isImportTypeNode(node)) {
    return {
      node,
      target: isLiteralTypeNode(node.argument) ? textOf(node.argument.literal) : undefined,
      typeOnly: true,
    };
  }
  const file = addressedFile(node);
  return file === undefined ? undefined : { node, target: file, typeOnly: false };
}

/** Every import of a source, in order. */
export function importsOf(source: Source): readonly Import[] {
  const found: Import[] = [];
  everyNode(source, (node) => {
    const one = importAt(node);
    if (one !== undefined) found.push(one);
  });
  return found;
}

/** The path in the house that an import names, or undefined for a package or one of Node's modules. */
function pathOf(from: string, target: string): string | undefined {
  if (target.startsWith('.')) return posix.join(posix.dirname(from), target);
  if (target.startsWith('#test/')) return target.slice(1);
  return SHORT_NAMES.test(target) ? `src/${target.slice(1)}` : undefined;
}

/** Why code in `from` may not import the file `to` of another room, or undefined. */
function whyNotRoom(from: string, to: string, target: string): string | undefined {
  const [room, other] = [roomOf(from), roomOf(to)];
  if (isTest(to) && !isTest(from)) return 'product code may not import test code';
  if (from.startsWith(PAGE) !== to.startsWith(PAGE) && room === other && !isTest(from))
    return 'the page and the program that serves it share no code';
  if (room === other)
    return target.startsWith('#') && room !== 'test' ? 'inside a room, import by a relative path' : undefined;
  if (!to.startsWith('src/')) return isTest(to) ? undefined : `${other} is not a room`;
  // A test of the relay may stand a card behind it; the relay itself may not know one.
  const judged = room === RELAY && isTest(from) ? 'handset' : room;
  const allowed = from.startsWith('src/') ? (entryFor(MAY_IMPORT, judged) ?? []) : undefined;
  if (allowed?.some((name) => isWithin(other, name)) === false) return `${room} may not import ${other}`;
  if (to !== `src/${other}/index.ts` && !OTHER_FACES.includes(to)) return `import ${other} through its index.ts`;
  const nested = isWithin(room, other) || isWithin(other, room);
  return target.startsWith('#') || nested ? undefined : `import another room as #${other}/index.ts`;
}

/** Why a file may not import a package or one of Node's modules, or undefined. */
function whyNotPackage(from: string, target: string): string | undefined {
  const name = target.startsWith('@') ? target.split('/', 2).join('/') : (target.split('/')[0] ?? '');
  if (target.startsWith('node:') || builtinModules.includes(name)) {
    const module = target.startsWith('node:') ? target : `node:${target}`;
    if (isTest(from) || roomOf(from) === 'cli') return undefined;
    if (from.startsWith(PAGE)) return `the page runs in a browser, which has no ${module}`;
    return entryFor(NODE_MODULES, roomOf(from))?.includes(module) ? undefined : `${roomOf(from)} may not use ${module}`;
  }
  return PACKAGES[name]?.(from) === true ? undefined : `package ${name} may not be used here`;
}

/** The imports of a source that the house's table does not allow. */
export function importViolations(source: Source): readonly Violation[] {
  return importsOf(source).flatMap(({ node, target }) => {
    if (target === undefined) return [violationAt(source, node, 'imports a computed name: nobody can check it')];
    const path = pathOf(source.path, target);
    const reason = path === undefined ? whyNotPackage(source.path, target) : whyNotRoom(source.path, path, target);
    return reason === undefined ? [] : [violationAt(source, node, `imports ${target}: ${reason}`)];
  });
}

/**
 * Ways by which product code of room `from` reaches one of the rooms `forbidden` at run time (types are erased and do not count),
 * each as the chain of files.
 */
export function waysInto(sources: readonly Source[], from: string, forbidden: readonly string[]): readonly string[][] {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const seen = new Set<string>();
  const ways: string[][] = [];
  const follow = (path: string, way: readonly string[]): void => {
    const source = byPath.get(path);
    if (source === undefined || seen.has(path)) return;
    seen.add(path);
    if (forbidden.some((name) => isWithin(roomOf(path), name))) {
      ways.push([...way, path]);
      return;
    }
    for (const { target, typeOnly } of importsOf(source)) {
      const next = target === undefined || typeOnly ? undefined : pathOf(path, target);
      if (next !== undefined) follow(next, [...way, path]);
    }
  };
  for (const { path } of sources) if (roomOf(path) === from && !isTest(path)) follow(path, []);
  return ways;
}
