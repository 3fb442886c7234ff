import { posix } from 'node:path';
import { type Node, SyntaxKind } from 'typescript/unstable/ast';
import {
  isAsExpression,
  isCallExpression,
  isClassDeclaration,
  isExportDeclaration,
  isFunctionDeclaration,
  isFunctionLikeDeclaration,
  isIdentifier,
  isInterfaceDeclaration,
  isJsxAttribute,
  isJsxText,
  isNamedExports,
  isNewExpression,
  isPropertyAccessExpression,
  isStringLiteral,
  isTypeAliasDeclaration,
  isVariableStatement,
} from 'typescript/unstable/ast/is';
import { roomOf } from './import-table.ts';
import { everyNode, hasDocstring, isTest, lineAt, type Source, type Violation, violationAt } from './source.ts';

/** A function is at most this many lines, not counting functions of several lines inside it. */
export const LONGEST_FUNCTION_LINES = 60;

const ANY_EXCUSE = /biome-ignore lint\/suspicious\/noExplicitAny: \S/;

/** Explicit `any`, unless the line above gives the linter a reason; and `as unknown as` in product code. */
export function untyped(source: Source): readonly Violation[] {
  const found: Violation[] = [];
  const lines = source.text.split('\n');
  everyNode(source, (node) => {
    if (node.kind === SyntaxKind.AnyKeyword) {
      const violation = violationAt(source, node, 'any: say the type, or unknown and check it');
      if (!ANY_EXCUSE.test(lines[violation.line - 2] ?? '')) found.push(violation);
    }
    const isDouble = isAsExpression(node) && isAsExpression(node.expression) && !isTest(source.path);
    if (isDouble && node.expression.type.kind === SyntaxKind.UnknownKeyword) {
      found.push(violationAt(source, node, 'as unknown as: a cast that hides a wrong type'));
    }
  });
  return found;
}

const UNFINISHED = new RegExp(
  `\\b(${['TO-DO', 'FIX-ME', 'X-X-X'].map((word) => word.replaceAll('-', '')).join('|')})\\b`,
);

/** Words that say a text is unfinished. */
export function unfinished({ path, text }: { readonly path: string; readonly text: string }): readonly Violation[] {
  return text.split('\n').flatMap((line, index) => {
    const word = UNFINISHED.exec(line)?.[1];
    return word === undefined ? [] : [{ path, line: index + 1, problem: `${word}: finish it, or file it elsewhere` }];
  });
}

/** The names that a top-level statement declares. */
function namesOf(statement: Node): readonly string[] {
  if (isVariableStatement(statement)) {
    return statement.declarationList.declarations.flatMap(({ name }) => (isIdentifier(name) ? [name.text] : []));
  }
  const isNamed =
    isFunctionDeclaration(statement) ||
    isClassDeclaration(statement) ||
    isInterfaceDeclaration(statement) ||
    isTypeAliasDeclaration(statement);
  return isNamed && statement.name !== undefined ? [statement.name.text] : [];
}

/** The names exported by `export { a, b }` without `from`. */
function exportedLater(source: Source): ReadonlySet<string> {
  const names = new Set<string>();
  for (const statement of source.tree.statements) {
    if (!isExportDeclaration(statement) || statement.moduleSpecifier !== undefined) continue;
    const clause = statement.exportClause;
    if (clause === undefined || !isNamedExports(clause)) continue;
    for (const { propertyName, name } of clause.elements) names.add((propertyName ?? name).text);
  }
  return names;
}

const isExported = (statement: Node): boolean =>
  (isVariableStatement(statement) ||
    isFunctionDeclaration(statement) ||
    isClassDeclaration(statement) ||
    isInterfaceDeclaration(statement) ||
    isTypeAliasDeclaration(statement)) &&
  statement.modifiers?.some(({ kind }) => kind === SyntaxKind.ExportKeyword) === true;

/** Whether a constant stands on the line right below another, in a group that one docstring describes. */
function continuesGroup(source: Source, statement: Node, previous: Node | undefined): boolean {
  if (previous === undefined || !isVariableStatement(statement) || !isVariableStatement(previous)) return false;
  return lineAt(source, statement.getStart(source.tree)) === lineAt(source, previous.end) + 1;
}

/**
 * Exports of product code that have no docstring right before them. A name declared twice (overloads, type and value) needs
 * one, and so does a group of constants on consecutive lines.
 */
export function undocumented(source: Source): readonly Violation[] {
  if (!source.path.startsWith('src/') || isTest(source.path)) return [];
  const later = exportedLater(source);
  const documented = new Set<string>();
  const found: Violation[] = [];
  let previous: Node | undefined; // the last documented statement, as long as its group goes on
  for (const statement of source.tree.statements) {
    const names = namesOf(statement);
    const isDocumented = hasDocstring(source, statement) || continuesGroup(source, statement, previous);
    previous = isDocumented ? statement : undefined;
    const isShown = isExported(statement) || names.some((name) => later.has(name));
    if (!isShown || names.some((name) => documented.has(name))) continue;
    if (isDocumented) for (const name of names) documented.add(name);
    else found.push(violationAt(source, statement, `${names.join(', ')} is exported without a docstring`));
  }
  return found;
}

const AREAS_WITH_FACES = /^src\/(base|protocol|handset|operator)\//;

/** Rooms without an index.ts, and index.ts files that do not begin with the three lines a newcomer reads. */
export function facelessRooms(sources: readonly Source[]): readonly Violation[] {
  const paths = new Set(sources.map(({ path }) => path));
  const rooms = new Set(sources.filter(({ path }) => AREAS_WITH_FACES.test(path)).map(({ path }) => roomOf(path)));
  const missing = [...rooms].filter((room) => !paths.has(`src/${room}/index.ts`));
  const mute = sources.filter(({ path, text }) => {
    if (path !== `src/${roomOf(path)}/index.ts`) return false;
    const [what = '', standard = '', never = ''] = text.split('\n');
    return ![what, standard, never].every((line) => line.startsWith('// ')) || !/must never/i.test(never);
  });
  return [
    ...missing.map((room) => ({ path: `src/${room}/index.ts`, line: 1, problem: 'missing: every room has a face' })),
    ...mute.map(({ path }) => ({
      path,
      line: 1,
      problem: 'begin with three // lines: what it is, the standard it follows, what it "Must never" do',
    })),
  ];
}

const AMBIENT_MEMBERS = /^(Date\.now|Math\.random|performance\.now|process\.hrtime)$/;
// `generateKeyPair` is not here: base/crypto has one that takes its chance from the port, and node's own is kept out by the import table.
const AMBIENT_NAMES = new Set([
  'generateKey',
  'generateKeyPairSync',
  'generateKeySync',
  'getRandomValues',
  'hrtime',
  'randomBytes',
  'randomFill',
  'randomFillSync',
  'randomInt',
  'randomUUID',
]);

function ambientAt(node: Node): string | undefined {
  if (isPropertyAccessExpression(node) && isIdentifier(node.expression)) {
    const member = `${node.expression.text}.${node.name.text}`;
    return AMBIENT_MEMBERS.test(member) ? member : undefined;
  }
  if (isNewExpression(node) && isIdentifier(node.expression) && node.expression.text === 'Date') {
    return (node.arguments?.length ?? 0) === 0 ? 'new Date()' : undefined;
  }
  if (!isCallExpression(node)) return undefined;
  const { expression } = node;
  if (isIdentifier(expression) && expression.text === 'Date') return 'Date()';
  const name = isIdentifier(expression)
    ? expression.text
    : isPropertyAccessExpression(expression)
      ? expression.name.text
      : '';
  return AMBIENT_NAMES.has(name) ? name : undefined;
}

/** The page's own port for time. */
const PAGE_CLOCK = 'src/console/web/clock.ts';

/** Time and chance taken from the machine instead of a port: such a run cannot be replayed. */
export function ambient(source: Source): readonly Violation[] {
  const isFree =
    ['base/port', 'cli'].includes(roomOf(source.path)) || source.path === PAGE_CLOCK || isTest(source.path);
  if (isFree) return [];
  const found: Violation[] = [];
  everyNode(source, (node) => {
    const what = ambientAt(node);
    if (what !== undefined)
      found.push(violationAt(source, node, `${what}: take time and chance from #base/port/index.ts`));
  });
  return found;
}

/** Printing from rooms that answer to other code, not to a person. */
export function printing(source: Source): readonly Violation[] {
  if (['cli', 'lab'].includes(roomOf(source.path)) || isTest(source.path)) return [];
  const found: Violation[] = [];
  everyNode(source, (node) => {
    if (isPropertyAccessExpression(node) && isIdentifier(node.expression) && node.expression.text === 'console') {
      found.push(violationAt(source, node, `console.${node.name.text}: only cli, lab and bench speak to a person`));
    }
  });
  return found;
}

/** Functions of product code that do not fit a screen. */
export function longFunctions(source: Source): readonly Violation[] {
  if (isTest(source.path)) return [];
  const found: Violation[] = [];
  const linesOf = (node: Node): number => lineAt(source, node.end) - lineAt(source, node.getStart(source.tree)) + 1;
  /** Lines of functions of several lines right inside `node`. */
  const inside = (node: Node): number => {
    let lines = 0;
    node.forEachChild((child) => {
      lines += isFunctionLikeDeclaration(child) && linesOf(child) > 1 ? linesOf(child) : inside(child);
      return undefined;
    });
    return lines;
  };
  everyNode(source, (node) => {
    if (!isFunctionLikeDeclaration(node) || linesOf(node) <= LONGEST_FUNCTION_LINES) return;
    const own = linesOf(node) - inside(node);
    if (own > LONGEST_FUNCTION_LINES) {
      found.push(
        violationAt(source, node, `a function of ${own} lines; at most ${LONGEST_FUNCTION_LINES} fit a screen`),
      );
    }
  });
  return found;
}

const SPOKEN_ATTRIBUTES = /^(alt|aria-label|aria-description|caption|heading|hint|label|placeholder|title)$/;

/** Words in a component instead of a catalogue: nobody can translate them. */
export function spokenLiterals(source: Source): readonly Violation[] {
  if (isTest(source.path)) return [];
  const found: Violation[] = [];
  const judge = (node: Node, text: string) => {
    if (/\p{L}/u.test(text))
      found.push(violationAt(source, node, `words in a component (${text.trim()}): see web/text`));
  };
  everyNode(source, (node) => {
    if (isJsxText(node)) judge(node, node.text);
    if (!isJsxAttribute(node) || !isIdentifier(node.name) || !SPOKEN_ATTRIBUTES.test(node.name.text)) return;
    if (node.initializer !== undefined && isStringLiteral(node.initializer)) judge(node, node.initializer.text);
  });
  return found;
}

/** Vector families that no test loads by name. `families` are file names without their ending. */
export function idleVectors(families: readonly string[], sources: readonly Source[]): readonly Violation[] {
  const loaded = new Set<string>();
  for (const source of sources.filter(({ path }) => path.endsWith('.test.ts'))) {
    everyNode(source, (node) => {
      if (!isCallExpression(node) || !isIdentifier(node.expression) || node.expression.text !== 'loadVectors') return;
      const family = node.arguments[0];
      if (family !== undefined && isStringLiteral(family)) loaded.add(family.text);
    });
  }
  return families
    .filter((family) => !loaded.has(family))
    .map((family) => ({
      path: `test/vectors/${family}.json`,
      line: 1,
      problem: `no test calls loadVectors('${family}')`,
    }));
}

const CODE_BLOCK = /^(```|~~~)[\s\S]*?^\1/gm;
const CODE_SPAN = /`[^`\n]*`/g;
const LINK = /\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)|^ {0,3}\[[^\]]+\]:\s+<?([^\s>]+)/gm;

/** The anchors of a Markdown text as its headings make them. */
function anchorsOf(text: string): ReadonlySet<string> {
  const headings = text.replace(CODE_BLOCK, '').matchAll(/^#{1,6}\s+(.+?)\s*#*$/gm);
  const slug = (heading: string): string =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-');
  return new Set([...headings].map(([, heading = '']) => slug(heading)));
}

/** Relative links of a Markdown text that lead nowhere. `read` gives a file's text, or undefined when it is missing; a folder's is ''. */
export function brokenLinks(
  path: string,
  text: string,
  read: (path: string) => string | undefined,
): readonly Violation[] {
  const blank = (part: string): string => part.replace(/[^\n]/g, ' ');
  const prose = text.replace(CODE_BLOCK, blank).replace(CODE_SPAN, blank);
  return [...prose.matchAll(LINK)].flatMap((match) => {
    const target = match[1] ?? match[2] ?? '';
    if (/^([a-z][a-z0-9+.-]*:|\/\/)/i.test(target)) return [];
    const [file = '', anchor] = target.split('#', 2);
    const to = file === '' ? path : posix.join(posix.dirname(path), decodeURIComponent(file));
    const found = read(to);
    const line = prose.slice(0, match.index).split('\n').length;
    if (found === undefined) return [{ path, line, problem: `the link ${target} leads to no file` }];
    const isLost = anchor !== undefined && to.endsWith('.md') && !anchorsOf(found).has(anchor);
    return isLost ? [{ path, line, problem: `the link ${target} leads to no heading` }] : [];
  });
}
