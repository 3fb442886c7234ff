import type { ChildProcess } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { forEachLeadingCommentRange, type Node, type SourceFile, SyntaxKind } from 'typescript/unstable/ast';
import { createVirtualFileSystem, type FileSystem } from 'typescript/unstable/fs';
import { API, type Project } from 'typescript/unstable/sync';

/** The folder that package.json is in, without a slash at its end. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');

/** One TypeScript file as the compiler's own parser sees it. `path` counts from the root of the house, with `/`. */
export interface Source {
  readonly path: string;
  readonly text: string;
  readonly tree: SourceFile;
}

/** Something that breaks a rule of the house; `line` counts from 1. */
export interface Violation {
  readonly path: string;
  readonly line: number;
  readonly problem: string;
}

const VIRTUAL_ROOT = '/house';

/** Runs `act` on the project of a compiler that sees only the files of `fs`. */
function withCompiler<T>(fs: FileSystem, act: (project: Project) => T): T {
  const children: ChildProcess[] = [];
  const onStart = (message: unknown): void => void children.push((message as { process: ChildProcess }).process);
  subscribe('child_process', onStart);
  const compiler = new API({ cwd: VIRTUAL_ROOT, fs });
  try {
    const snapshot = compiler.updateSnapshot({ openProjects: [`${VIRTUAL_ROOT}/tsconfig.json`] });
    try {
      const project = snapshot.getProjects()[0];
      if (project === undefined) throw new Error('the compiler opened no project');
      return act(project);
    } finally {
      snapshot.dispose(); // close() would do it, but after the process is gone
    }
  } finally {
    unsubscribe('child_process', onStart);
    // close() asks the compiler's process to end, which sometimes complains on standard error; it has nothing to save.
    for (const child of children) child.kill('SIGKILL');
    compiler.close();
  }
}

/**
 * Parses texts, keyed by path, with the compiler that checks the house. Nothing is resolved and nothing is read from the disk.
 * Throws when a text is not TypeScript, or when the parser did not see every file: a rule that sees nothing is green for nothing.
 */
export function parseSources(texts: Readonly<Record<string, string>>): readonly Source[] {
  const paths = Object.keys(texts);
  const config = { compilerOptions: { noResolve: true, noLib: true, types: [], jsx: 'preserve' }, files: paths };
  const files = Object.fromEntries(paths.map((path) => [`${VIRTUAL_ROOT}/${path}`, texts[path] ?? '']));
  const fs = createVirtualFileSystem({ ...files, [`${VIRTUAL_ROOT}/tsconfig.json`]: JSON.stringify(config) });
  return withCompiler(fs, ({ program }) =>
    paths.map((path) => {
      const tree = program.getSourceFile(`${VIRTUAL_ROOT}/${path}`);
      const text = texts[path] ?? '';
      if (tree === undefined) throw new Error(`${path}: the parser did not see this file`);
      if (tree.text !== text) throw new Error(`${path}: the parser saw another text`);
      const wrong = program.getSyntacticDiagnostics(`${VIRTUAL_ROOT}/${path}`)[0];
      if (wrong !== undefined) throw new Error(`${path}: not TypeScript: ${wrong.text}`);
      return { path, text, tree };
    }),
  );
}

/** The paths, sorted, of all files below the given folders of the house whose names end so; a folder may be missing. */
export function filesBelow(folders: readonly string[], ending: string, root = ROOT): readonly string[] {
  const found: string[] = [];
  const visit = (folder: string): void => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = folder === '.' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory() && entry.name !== 'node_modules' && !entry.name.startsWith('.')) visit(path);
      else if (entry.isFile() && entry.name.endsWith(ending)) found.push(path);
    }
  };
  const present = new Set(readdirSync(root));
  for (const folder of folders) if (folder === '.' || present.has(folder)) visit(folder);
  return found.sort();
}

/** The text of a file of the house. */
export function readText(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

let house: readonly Source[] | undefined;

/** How the names of TypeScript files end. */
export const CODE_ENDINGS: readonly string[] = ['.ts', '.tsx'];

/** All TypeScript of the house: src, test and bench, parsed once. */
export function houseSources(): readonly Source[] {
  if (house === undefined) {
    const paths = CODE_ENDINGS.flatMap((ending) => filesBelow(['src', 'test', 'bench'], ending));
    house = parseSources(Object.fromEntries(paths.map((path) => [path, readText(path)])));
  }
  return house;
}

/** Calls `visit` for every node of a source, parents first. */
export function everyNode(source: Source, visit: (node: Node) => void): void {
  const descend = (node: Node): undefined => {
    visit(node);
    node.forEachChild(descend);
    return undefined;
  };
  descend(source.tree);
}

/** The line, from 1, of a position in a source. */
export function lineAt(source: Source, position: number): number {
  return source.text.slice(0, position).split('\n').length;
}

/** A violation at a node. */
export function violationAt(source: Source, node: Node, problem: string): Violation {
  return { path: source.path, line: lineAt(source, node.getStart(source.tree)), problem };
}

/** Whether a node has a docstring right before it that says something. */
export function hasDocstring(source: Source, node: Node): boolean {
  let says = false;
  forEachLeadingCommentRange(source.text, node.pos, (start, end, kind) => {
    const comment = source.text.slice(start, end);
    says = kind === SyntaxKind.MultiLineCommentTrivia && comment.startsWith('/**') && /[A-Za-z]{2}/.test(comment);
  });
  return says;
}

/** Test code: it may use what product code may not. */
export function isTest(path: string): boolean {
  return path.startsWith('test/') || path.startsWith('bench/') || /\.(test|fixture)\.ts$/.test(path);
}

/** Violations as a person reads them, one a line. */
export function report(violations: readonly Violation[]): string {
  return violations.map(({ path, line, problem }) => `${path}:${line} ${problem}`).join('\n');
}
