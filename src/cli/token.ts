import { type Command, Option } from 'commander';
import { type ApiToken, ROLES, type Role } from '#operator/access/index.ts';
import { dayArgument, numberArgument } from './argument.ts';
import { type ConfirmationOptions, confirm, withConfirmation } from './confirmation.ts';
import { withOperator } from './data-directory.ts';
import type { Io } from './io.ts';
import { type CommonOptions, group, leaf } from './leaf.ts';
import { columns, isoTime, say, sayJson, shortTime } from './print.ts';
import { proposing } from './proposing.ts';

const json = ({ createdAt, expiresAt, lastUsedAt, revokedAt, ...token }: ApiToken) => {
  const time = (at: number | undefined) => (at === undefined ? undefined : isoTime(at));
  return {
    ...token,
    createdAt: isoTime(createdAt),
    expiresAt: isoTime(expiresAt),
    lastUsedAt: time(lastUsedAt),
    revokedAt: time(revokedAt),
  };
};

function createCommand(io: Io): Command {
  return leaf(io, 'create', 'make a token for the HTTP API; it is printed once and kept nowhere', [
    'assay token create "fraud desk" --role analyst --reason "new console"',
    'assay token create ceir --role machine --expires 2027-06-30 --reason "nightly lists"',
  ])
    .argument('<name>', 'whose it is: 1 to 80 letters, digits, spaces and . _ @ -')
    .addOption(new Option('--role <role>', 'what it may do').choices(ROLES).makeOptionMandatory())
    .requiredOption('--reason <text>', 'what it is for')
    .option('--expires <day>', 'last day it works, YYYY-MM-DD (UTC); default 90 days from now', dayArgument)
    .option('--author <name>', 'who makes it', io.userName)
    .action(
      (
        name: string,
        options: CommonOptions & {
          readonly role: Role;
          readonly reason: string;
          readonly expires?: number;
          readonly author: string;
        },
      ) =>
        withOperator(io, options, async ({ access, register }) => {
          const { role, reason, author, expires = access.standardEnd() } = options;
          const { token, kept } = access.draw();
          const change = { about: 'token', change: 'add', name, role, expiresAt: expires, kept } as const;
          const order = { author, why: reason, json: options.json, more: { token } };
          const made = await proposing(io, register, change, order);
          if (options.json) {
            const record = access.authenticate(token);
            if (made !== undefined && typeof record === 'object') await sayJson(io, { token, ...json(record) });
            return;
          }
          if (made === undefined) io.warn('It opens nothing until then.\n');
          io.warn('This is shown once; whoever has it may do what its role may.\n');
          return say(io, token);
        }),
    );
}

function listCommand(io: Io): Command {
  return leaf(io, 'list', 'the tokens of the HTTP API, the living and the dead', ['assay token list'])
    .option(
      '--after <number>',
      'go on behind the token with this number',
      numberArgument(0, Number.MAX_SAFE_INTEGER),
      0,
    )
    .option('--limit <number>', 'most tokens', numberArgument(1, 1000), 50)
    .action((options: CommonOptions & { readonly after: number; readonly limit: number }) =>
      withOperator(io, options, async ({ access }) => {
        const tokens = access.page(options.after, options.limit);
        if (options.json) return sayJson(io, { tokens: tokens.map(json) });
        if (tokens.length === 0)
          return say(io, 'no tokens; while there are no users either, on loopback anybody may read, nobody may change');
        const rows = tokens.map(({ id, name, role, createdBy, expiresAt, lastUsedAt, revokedAt }) => [
          ...[String(id), name, role, createdBy, shortTime(expiresAt)],
          ...[
            lastUsedAt === undefined ? 'never' : shortTime(lastUsedAt),
            revokedAt === undefined ? '' : shortTime(revokedAt),
          ],
        ]);
        return say(io, ...columns([['number', 'name', 'role', 'made by', 'until', 'last used', 'revoked'], ...rows]));
      }),
    );
}

interface RevokeOptions extends CommonOptions, ConfirmationOptions {
  readonly reason: string;
  readonly author: string;
}

function revokeCommand(io: Io): Command {
  const command = leaf(io, 'revoke', 'end a token at once', [
    'assay token revoke 3 --reason "left the team"',
    'assay token revoke 3 --reason "left the team" --yes',
  ])
    .argument('<number>', 'of the token, as list shows it', numberArgument(1, Number.MAX_SAFE_INTEGER))
    .requiredOption('--reason <text>', 'why')
    .option('--author <name>', 'who ends it', io.userName);
  return withConfirmation(command).action((id: number, options: RevokeOptions) =>
    withOperator(io, options, async ({ access }) => {
      const { reason, author } = options;
      await confirm(io, options, `Token ${id} will never work again.`);
      const revoked = access.revoke({ id, author, reason });
      if (options.json) return sayJson(io, json(revoked));
      return say(io, `token ${id} (${revoked.name}) works no more`);
    }),
  );
}

/** `assay token`: who may use the HTTP API. */
export const tokenCommand = (io: Io): Command =>
  group('token', 'tokens of the HTTP API and their roles: create, list, revoke', [
    createCommand(io),
    listCommand(io),
    revokeCommand(io),
  ]);
