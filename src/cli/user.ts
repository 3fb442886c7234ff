import { isUtf8 } from 'node:buffer';
import { type Command, Option } from 'commander';
import { USER_ROLES, type User, type UserChange, type UserRole, type Users } from '#operator/access/index.ts';
import type { Operator } from '#operator/index.ts';
import { newUserProposal, type UserProposal, userChangeProposal } from '#operator/register/index.ts';
import { numberArgument } from './argument.ts';
import { withOperator } from './data-directory.ts';
import { wrongInput } from './failure.ts';
import type { Io } from './io.ts';
import { type CommonOptions, group, leaf } from './leaf.ts';
import { columns, isoTime, say, sayJson, shortTime } from './print.ts';
import { proposing } from './proposing.ts';

/** Letters and digits that nobody mistakes for another; 32 of them, so that each octet gives one without a bias. */
const ALPHABET = 'abcdefghijkmnopqrstuvwxyz2345678';
/** 125 bits, in groups that can be read out. */
const DRAWN = 25;
/** Octets read of standard input at most. */
const LONGEST_LINE = 4096;
const LINE_FEED = 0x0a;

interface ChangeOptions extends CommonOptions {
  readonly reason: string;
  readonly author: string;
}

interface PasswordOptions {
  readonly passwordStdin: boolean;
}

const json = ({ createdAt, signedInAt, ...user }: User) => ({
  ...user,
  createdAt: isoTime(createdAt),
  signedInAt: signedInAt === undefined ? undefined : isoTime(signedInAt),
});

/** The first line of standard input. */
async function lineOf(io: Io): Promise<string> {
  const read: Uint8Array[] = [];
  let length = 0;
  for await (const octets of io.stdin) {
    read.push(octets);
    length += octets.length;
    if (octets.includes(LINE_FEED) || length > LONGEST_LINE) break;
  }
  const octets = Buffer.concat(read);
  if (!isUtf8(octets)) throw wrongInput('expected a password in UTF-8 on standard input, got other octets');
  return octets.toString('utf8').split(/\r?\n/, 1)[0] ?? '';
}

/** The password to set, and whether it was drawn here and has to be shown. */
async function passwordOf(io: Io, { passwordStdin }: PasswordOptions) {
  if (passwordStdin) return { password: await lineOf(io), isDrawn: false };
  const drawn = [...io.random.octets(DRAWN)].map((octet) => ALPHABET[octet % ALPHABET.length]);
  const groups = drawn.join('').match(/.{5}/g) ?? [];
  return { password: groups.join('-'), isDrawn: true };
}

const withReason = (io: Io, command: Command): Command =>
  command
    .requiredOption('--reason <text>', 'why, for the audit log')
    .option('--author <name>', 'who does it', io.userName);

const withPassword = (command: Command): Command =>
  command.option('--password-stdin', 'read the password from standard input instead of drawing one', false);

const roleOption = () => new Option('--role <role>', 'what the user may do').choices(USER_ROLES).makeOptionMandatory();

function named(users: Users, name: string): User {
  const user = users.named(name);
  if (user === undefined) throw wrongInput(`expected the name of a user, got '${name}'; 'assay user list' shows them`);
  return user;
}

/** What was done, and the password when nobody knows it yet. */
function told(io: Io, options: CommonOptions, user: User, words: string, drawn: string | undefined): Promise<void> {
  if (options.json) return sayJson(io, { user: json(user), ...(drawn !== undefined && { password: drawn }) });
  if (drawn === undefined) return say(io, words);
  io.warn(`${words}; the password is shown once:\n`);
  return say(io, drawn);
}

/** Changes a user and tells it, or says that it waits for a second person; a password that was drawn is shown in any case. */
async function proposedUser(
  io: Io,
  { people: { users }, register }: Pick<Operator, 'people' | 'register'>,
  options: ChangeOptions,
  change: UserProposal,
  { words, drawn }: { readonly words: (user: User) => string; readonly drawn: string | undefined },
): Promise<void> {
  const { author, reason, json } = options;
  const password = drawn === undefined ? {} : { password: drawn };
  const made = await proposing(io, register, change, { author, why: reason, json, more: password });
  if (made !== undefined) {
    const user = named(users, change.name);
    return told(io, options, user, words(user), drawn);
  }
  if (json || drawn === undefined) return;
  io.warn('The password, which works once it is approved, is shown once:\n');
  return say(io, drawn);
}

function addCommand(io: Io): Command {
  const command = leaf(io, 'add', 'make a user of the console; a password is drawn and printed once', [
    'assay user add Ada --role administrator --reason "nobody can sign in any more"',
    'assay user add Bob --role analyst --reason "new colleague" --password-stdin < password',
  ])
    .argument('<name>', 'whose it is: 1 to 80 letters, digits, spaces and . _ @ -')
    .addOption(roleOption());
  return withPassword(withReason(io, command)).action(
    (name: string, options: ChangeOptions & PasswordOptions & { readonly role: UserRole }) =>
      withOperator(io, options, async (operator) => {
        const { role, author } = options;
        const { password, isDrawn } = await passwordOf(io, options);
        const change = await newUserProposal(operator.people.users, { name, role, password, author });
        await proposedUser(io, operator, options, change, {
          ...{ words: () => `${name} may sign in as ${role}`, drawn: isDrawn ? password : undefined },
        });
      }),
  );
}

function listCommand(io: Io): Command {
  return leaf(io, 'list', 'the users of the console', ['assay user list'])
    .option('--after <number>', 'go on behind this user', numberArgument(0, Number.MAX_SAFE_INTEGER), 0)
    .option('--limit <number>', 'most users', numberArgument(1, 1000), 50)
    .action((options: CommonOptions & { readonly after: number; readonly limit: number }) =>
      withOperator(io, options, ({ people }) => {
        const users = people.users.page(options.after, options.limit);
        if (options.json) return sayJson(io, { users: users.map(json) });
        if (users.length === 0)
          return say(io, "no users: 'assay operator serve' prints a link for the first administrator");
        const rows = users.map(({ id, name, role, isEnabled, hasPassword, createdBy, signedInAt }) => [
          ...[String(id), name, role, isEnabled ? 'enabled' : 'disabled', hasPassword ? 'password' : 'OpenID'],
          ...[createdBy, signedInAt === undefined ? 'never' : shortTime(signedInAt)],
        ]);
        return say(io, ...columns([['number', 'name', 'role', 'state', 'signs in by', 'made by', 'last'], ...rows]));
      }),
    );
}

/** A command that changes one user. */
function changeCommand<O extends ChangeOptions>(
  io: Io,
  command: Command,
  changeOf: (options: O) => Pick<UserChange, 'role' | 'isEnabled'>,
  words: (user: User) => string,
): Command {
  return withReason(io, command.argument('<name>', 'of the user')).action((name: string, options: O) =>
    withOperator(io, options, async (operator) => {
      const { users } = operator.people;
      const change = await userChangeProposal(users, named(users, name).id, changeOf(options));
      await proposedUser(io, operator, options, change, { words, drawn: undefined });
    }),
  );
}

function passwordCommand(io: Io): Command {
  const command = leaf(io, 'password', 'give a user another password; it is drawn and printed once', [
    'assay user password Ada --reason "forgotten"',
  ]).argument('<name>', 'of the user');
  return withPassword(withReason(io, command)).action((name: string, options: ChangeOptions & PasswordOptions) =>
    withOperator(io, options, async (operator) => {
      const { users } = operator.people;
      const { id } = named(users, name);
      const { password, isDrawn } = await passwordOf(io, options);
      const change = await userChangeProposal(users, id, { password });
      const drawn = isDrawn ? password : undefined;
      await proposedUser(io, operator, options, change, {
        words: (user) => `${user.name} has another password`,
        drawn,
      });
    }),
  );
}

/** `assay user`: who may sign in to the console; the way back in when nobody can. */
export const userCommand = (io: Io): Command =>
  group('user', 'users of the console and their roles: add, list, password, role, disable, enable', [
    addCommand(io),
    listCommand(io),
    passwordCommand(io),
    changeCommand(
      io,
      leaf(io, 'role', 'give a user another role; all sessions of that user end', [
        'assay user role Ada --role approver --reason "second person of the desk"',
      ]).addOption(roleOption()),
      ({ role }: ChangeOptions & { readonly role: UserRole }) => ({ role }),
      ({ name, role }) => `${name} is ${role}`,
    ),
    changeCommand(
      io,
      leaf(io, 'disable', 'let a user in no more; all sessions of that user end', [
        'assay user disable Ada --reason "left the team"',
      ]),
      () => ({ isEnabled: false }),
      ({ name }) => `${name} cannot sign in any more`,
    ),
    changeCommand(
      io,
      leaf(io, 'enable', 'let a disabled user in again', ['assay user enable Ada --reason "is back"']),
      () => ({ isEnabled: true }),
      ({ name }) => `${name} may sign in again`,
    ),
  ]);
