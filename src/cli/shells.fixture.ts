import { spawnSync } from 'node:child_process';

/** Why a test that runs this program is skipped on a person's machine; on a build machine a missing program is a failure. */
export const missing = (program: string): string | false =>
  process.env['CI'] || spawnSync('sh', ['-c', `command -v ${program}`]).status === 0
    ? false
    : `${program} is missing: install the package ${program}`;

/** Runs a program to its end: what it printed, in lines without the empty ones. */
export function linesOf(
  program: string,
  args: readonly string[],
  more: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
) {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', timeout: 60_000, ...more });
  if (status !== 0) throw new Error(`${program}: status ${status}: ${stderr}${stdout}`);
  return stdout.split('\n').filter((line) => line !== '');
}

const BASH = `
source "$1"; shift
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
_assay
printf '%s\\n' "\${COMPREPLY[@]}"`;

/** A zsh in a pseudo terminal: what it adds to its list of matches is printed between < and >. */
const ZSH = `
zmodload zsh/zpty
zpty z zsh -f -i
zpty -w z "PROMPT=; autoload -Uz compinit; compinit -u -C -d \${1:h}/zcompdump; source $1"
zpty -w z 'compadd () {
  if [[ \${@[1,(i)(-|--)]} == *-(O|A|D)\\ * ]]; then builtin compadd "$@"; return $?; fi
  typeset -a __hits; builtin compadd -A __hits "$@"
  (( $#__hits )) && print -rl -- "<"$^__hits">"
  builtin compadd "$@"
}
bindkey "^I" complete-word
zstyle ":completion:*" insert-tab false
comppostfuncs=(bye); bye () { print "<END>" }
print READY'
zpty -r z out '*READY*READY*'
zpty -n -w z "$2"$'\\t'
zpty -r z out '*<END>*'
print -r -- "$out"`;

/** What a shell offers for a line that ends where the cursor is, sorted. `script` is the path of its completion. */
export function offeredBy(
  shell: 'bash' | 'zsh' | 'fish',
  script: string,
  line: string,
  env: NodeJS.ProcessEnv = {},
): readonly string[] {
  const more = { env: { ...process.env, TERM: 'dumb', ...env } };
  if (shell === 'bash') return linesOf('bash', ['--norc', '-c', BASH, 'bash', script, ...line.split(' ')], more).sort();
  if (shell === 'fish')
    return linesOf('fish', ['--no-config', '-c', 'source $argv[1]; complete -C $argv[2]', '--', script, line], more)
      .map((one) => one.split('\t')[0] ?? '')
      .sort();
  const text = linesOf('zsh', ['-f', '-c', ZSH, 'zsh', script, line], more).join('\n');
  return [...text.matchAll(/<([^<>\s]+)>/g)].flatMap(([, word = '']) => (word === 'END' ? [] : [word])).sort();
}
