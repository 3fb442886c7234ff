import { type Command, Help, type Option } from 'commander';
import { ENVIRONMENT, EXIT_STATUSES, FILES, FIRST_STEPS } from './about-program.ts';
import { programOf } from './completion.ts';
import type { Io } from './io.ts';
import { type CommonOptions, examplesOf, leaf, optionWords } from './leaf.ts';
import { isoTime, sayJson } from './print.ts';
import { VERSION } from './version.ts';

/** Text as roff prints it: no character has a meaning, `-` stays the one that can be copied to a shell. */
function printed(text: string): string {
  const safe = text
    .replaceAll('\\', String.raw`\e`)
    .replaceAll('-', String.raw`\-`)
    .replaceAll(
      /[^\x20-\x7e\n]/gu,
      (character) => `\\[u${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}]`,
    );
  return safe.replaceAll(/^(?=[.'])/gm, String.raw`\&`);
}

/** A heading of a command, in bold. */
const bold = (text: string): string => `\\fB${printed(text)}\\fR`;

/** A paragraph with a tag before it: a macro's line must not hold spaces without quotes, so the tag has its own. */
const tagged = (tag: string, text: string): readonly string[] => ['.TP', tag, printed(text)];

const literal = (lines: readonly string[]): readonly string[] => [
  '.PP',
  '.RS 4',
  '.nf',
  ...lines.map(printed),
  '.fi',
  '.RE',
];

const help = new Help();

/** Options that a command does not share with all others. */
const ownOptions = (command: Command): readonly Option[] =>
  command.options.filter(({ hidden, long }) => !hidden && long !== '--json' && long !== '--data');

function wordsOf(command: Command): string {
  return command.parent === null ? command.name() : `${wordsOf(command.parent)} ${command.name()}`;
}

function commandPart(command: Command): readonly string[] {
  if (command.commands.length > 0) return command.commands.flatMap(commandPart);
  const places = command.registeredArguments.map((one) => (one.required ? `<${one.name()}>` : `[${one.name()}]`));
  return [
    '.SS',
    printed([wordsOf(command), ...places].join(' ')),
    printed(command.description()),
    ...command.registeredArguments.flatMap((one) => tagged(bold(one.name()), help.argumentDescription(one))),
    ...ownOptions(command).flatMap((option) => tagged(bold(option.flags), optionWords(option))),
    ...literal(examplesOf(command)),
  ];
}

const descriptionOf = (program: Command): readonly string[] => [
  '.SH DESCRIPTION',
  printed(program.description()),
  '.PP',
  printed(
    'A secure element in the handset, the storage support, holds the IMEI; the UICC of the operator checks it over an encrypted channel and reports it by secure text message; the operator answers: permit, track or block. Assay is the operator with its equipment register, and, for a laboratory, everything around it.',
  ),
  '.PP',
  printed(
    'Commands work on a data directory. Several may run at once over one; one of them serves. What cannot be undone is asked at a terminal, and needs --yes elsewhere.',
  ),
];

/** The manual page assay(1) of this program, in roff with the man macros; `day` is YYYY-MM-DD. */
export function manPage(program: Command, day: string): string {
  const pairs = (rows: readonly (readonly [string, string])[]) =>
    rows.flatMap(([name, text]) => tagged(bold(name), text));
  const common = leafOptions(program);
  const lines = [
    `.TH ASSAY 1 ${day} "Assay ${VERSION}" "User Commands"`,
    '.SH NAME',
    printed('assay - prove which handset really owns an IMEI'),
    '.SH SYNOPSIS',
    `${bold('assay')} [${printed('options')}] \\fIcommand\\fR [${printed('arguments')}]`,
    ...descriptionOf(program),
    '.SH OPTIONS',
    printed('Every command has these:'),
    ...common.flatMap((option) => tagged(bold(option.flags), optionWords(option))),
    '.SH COMMANDS',
    ...program.commands.flatMap(commandPart),
    '.SH ENVIRONMENT',
    ...pairs(ENVIRONMENT),
    '.SH FILES',
    printed('In the data directory:'),
    ...pairs(FILES),
    '.SH EXIT STATUS',
    ...pairs(EXIT_STATUSES),
    '.SH EXAMPLES',
    printed('First steps:'),
    ...literal(FIRST_STEPS),
    '.SH SEE ALSO',
    `${bold('pcscd')}(8), ${bold('opensc-tool')}(1), ${bold('wireshark')}(1)`,
    '.PP',
    printed(
      '3GPP TS 22.016 (IMEI), TS 29.511 (N5g-eir), TS 29.272 (S13), TS 31.102 (USIM), TS 102 225 (OTA); GlobalPlatform SCP03, SCP11.',
    ),
  ];
  return `${lines.join('\n')}\n`;
}

/** The options of every command: those of any one that the program does not describe itself, and the program's. */
function leafOptions(program: Command): readonly Option[] {
  const some = program.commands.find(({ commands }) => commands.length === 0);
  const json = some?.options.find(({ long }) => long === '--json');
  const common = program.options.filter(({ long }) => long !== '--version');
  return [...common, ...(json === undefined ? [] : [json])];
}

/** `assay man`: the manual page. */
export function manCommand(io: Io): Command {
  return leaf(io, 'man', 'print the manual page assay(1), in roff', [
    'assay man | man -l -',
    'assay man > /usr/local/share/man/man1/assay.1',
  ]).action(({ json }: CommonOptions, command: Command) => {
    const page = manPage(programOf(command), isoTime(io.clock.now()).slice(0, 'YYYY-MM-DD'.length));
    return json ? sayJson(io, { page }) : io.write(page);
  });
}
