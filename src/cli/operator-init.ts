import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { writePrivateFile } from '#lab/workshop/index.ts';
import { isLoopback } from '#operator/api/index.ts';
import { type Configuration, parseConfiguration, readConfiguration } from './configuration.ts';
import { configurationText } from './configuration-text.ts';
import type { ConfirmationOptions } from './confirmation.ts';
import { EXIT, Failure, wrongInput } from './failure.ts';
import { ANSWER_NAMES, type Answers, configurationFrom, QUESTIONS, type Question } from './init-questions.ts';
import type { Io } from './io.ts';
import { type CommonOptions, leaf } from './leaf.ts';
import { say, sayJson } from './print.ts';

interface InitOptions extends CommonOptions, ConfirmationOptions {
  readonly output: string;
  readonly answers?: string;
}

const OUTPUT = './assay.yaml';
/** Characters of an answer that are said again. */
const LONGEST_ECHO = 60;
const INTRODUCTION =
  "Enter takes what stands in [brackets]; 'none' says that there is none. Nothing is written before the last answer; Ctrl-C ends it.\n\n";

/** Ctrl-D: the question stands alone on its line. */
function nothingWritten(io: Io): Failure {
  io.warn('\n');
  return new Failure(EXIT.no, 'nothing was written');
}

/** `assay operator init`: a configuration file, from the answers to a few questions. */
export function initCommand(io: Io): Command {
  const command = leaf(
    io,
    'init',
    'write a commented configuration file for a deployment: asks at a terminal, takes options elsewhere',
    [
      'assay operator init --output /etc/assay/assay.yaml',
      'assay operator init --yes --output assay.yaml --smsc 192.0.2.5:2775 --smsc-password-file smsc-password --n5g-eir-port 7777',
      'assay operator init --answers other.yaml --output assay.yaml --yes',
    ],
  )
    .option('--output <file>', 'where it is written, with mode 0600; - prints it', OUTPUT)
    .option('--answers <file>', 'a configuration whose values are taken over: what it says is not asked')
    .option(
      '-y, --yes',
      'ask nothing: what no option says is as usual, and a file that is there is written over',
      false,
    );
  for (const { name, flag, words, choices } of QUESTIONS) {
    if (name === 'data') continue;
    const option = new Option(`--${flag}`, words);
    // Only said: what an answer has to be is judged as a typed one is.
    if (choices !== undefined) option.argChoices = [...choices];
    command.addOption(option);
  }
  return command.action((options: InitOptions, init: Command) => writeConfiguration(io, options, init));
}

async function writeConfiguration(io: Io, options: InitOptions, command: Command): Promise<void> {
  const { output, yes, json } = options;
  const path = output === '-' ? undefined : writable(output);
  const isAsking = !yes && io.person !== undefined;
  if (path !== undefined && existsSync(path) && !yes) await mayReplace(io, path);
  const before = options.answers === undefined ? {} : readConfiguration(options.answers).configuration;
  const said = answersOf(command);
  const answers = isAsking ? await asked(io, said, before) : said;
  const configuration = configurationFrom(answers, before);
  const text = configurationText(configuration);
  // What is written is read back: nobody gets a file that 'serve' refuses.
  parseConfiguration(text, path ?? 'the configuration');
  if (path === undefined) return json ? sayJson(io, { configuration, text }) : io.write(text);
  writePrivateFile(path, new TextEncoder().encode(text));
  if (json) return sayJson(io, { written: path, configuration });
  return say(io, `written: ${path}`, '', ...nextSteps(path, configuration));
}

/** The path of a file that can be written: looked at before anything is asked. Throws Failure. */
function writable(output: string): string {
  const path = resolve(output);
  const expected = `--output: expected a file to write, got`;
  if (output === '') throw wrongInput(`${expected} nothing; - prints it`);
  if (existsSync(path) && !statSync(path).isFile())
    throw wrongInput(
      `${expected} ${statSync(path).isDirectory() ? `the directory ${path}: --output ${path}/assay.yaml` : `${path}, which is no file: - prints it`}`,
    );
  let directory = dirname(path);
  while (!existsSync(directory)) directory = dirname(directory);
  try {
    accessSync(directory, constants.W_OK | constants.X_OK);
  } catch {
    throw new Failure(
      EXIT.machine,
      `${expected} ${path}: this user may not write in ${directory}; choose another place, or run it as a user who may (sudo)`,
    );
  }
  return path;
}

async function mayReplace(io: Io, path: string): Promise<void> {
  if (io.person === undefined) throw wrongInput(`${path}: expected no such file, got one: --yes writes over it`);
  const line = await io.person.ask(`${path} is there already. Write over it? [y/N] `);
  if (line === undefined) throw nothingWritten(io);
  if (!['y', 'yes'].includes(line.trim().toLowerCase())) throw new Failure(EXIT.no, 'nothing was written');
}

/** What the options say, each understood as its question would. */
function answersOf(command: Command): Answers {
  const given = command.opts<Readonly<Record<string, string | undefined>>>();
  const isSaid = (name: string) => ['cli', 'config'].includes(command.getOptionValueSource(name) ?? '');
  return Object.fromEntries(
    ANSWER_NAMES.flatMap((name) => {
      const value = isSaid(name) ? given[name] : undefined;
      return value === undefined ? [] : [[name, understood(name, value)]];
    }),
  );
}

function understood(name: string, text: string): string {
  const question = QUESTIONS.find((one) => one.name === name) as Question;
  const trouble = question.trouble(text);
  if (trouble !== undefined)
    throw wrongInput(`--${question.flag.split(' ')[0]}: ${trouble}, got '${text.slice(0, 60)}'`);
  return text;
}

/** Asks what is not said yet and makes sense after the answers before. An empty line takes what stands in brackets. */
async function asked(io: Io, said: Answers, before: Configuration): Promise<Answers> {
  const answers: Record<string, string> = { ...said };
  io.warn(INTRODUCTION);
  for (const question of QUESTIONS) {
    const { name, ask, usual, isAsked = () => true } = question;
    if (answers[name] !== undefined || !isAsked(answers)) continue;
    const standing = question.standing(before) ?? usual;
    for (;;) {
      const line = await io.person?.ask(`${ask} [${standing === '' ? 'none' : standing}]: `);
      if (line === undefined) throw nothingWritten(io);
      const answer = line.trim() === '' ? standing : line.trim() === 'none' ? '' : line.trim();
      const trouble = answer === '' && usual === '' ? undefined : question.trouble(answer);
      if (trouble === undefined) {
        answers[name] = answer;
        break;
      }
      io.warn(`${trouble}, got '${answer.slice(0, LONGEST_ECHO)}'\n`);
    }
  }
  return answers;
}

function nextSteps(path: string, { data, database, smsc, http, openId }: Configuration): readonly string[] {
  const named: readonly (readonly [string, string | undefined])[] = [
    ['the password of the SMSC', smsc?.passwordFile],
    ['the secret of the OpenID provider', openId?.clientSecretFile],
    ['the address of the database with its password', database?.urlFile],
  ];
  const secrets = named.flatMap(([what, file]) =>
    file === undefined ? [] : [`  ${what}, alone in ${resolve(dirname(path), file)}`],
  );
  const isHereOnly = http?.tls !== undefined && isLoopback(http.host ?? '127.0.0.1');
  return [
    ...(isHereOnly
      ? [`Nobody elsewhere reaches https on ${http.host}: let http.host be an address of this machine, or 0.0.0.0`]
      : []),
    ...(secrets.length > 0
      ? ['Write the secrets that it names (mode 0600; deploy.md, 2, has a line for it):', ...secrets]
      : []),
    'Next:',
    `  assay operator check-config --config ${path}`,
    `  assay doctor --config ${path}`,
    `  assay operator serve --config ${path}      # keeps its data in ${resolve(dirname(path), data ?? '')}`,
    `The first start prints a link: who opens it${http?.publicUrl === undefined ? ' on this machine' : ''} becomes the first administrator.`,
  ];
}
