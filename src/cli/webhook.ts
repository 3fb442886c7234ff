import { type Command, Option } from 'commander';
import {
  EVENT_KINDS,
  type EventKind,
  IDENTITIES,
  type IdentityView,
  type WebhookStatus,
} from '#operator/event/index.ts';
import { numberArgument } from './argument.ts';
import { type ConfirmationOptions, confirm, withConfirmation } from './confirmation.ts';
import { withOperator } from './data-directory.ts';
import { EXIT, refusing, wrongInput } from './failure.ts';
import type { Io } from './io.ts';
import { type CommonOptions, group, leaf } from './leaf.ts';
import { columns, isoTime, say, sayJson, shortTime } from './print.ts';

interface AddOptions extends CommonOptions {
  readonly event?: readonly EventKind[];
  readonly identities: IdentityView;
  readonly allowPrivate: boolean;
  readonly reason: string;
  readonly author: string;
}

const idArgument = numberArgument(1, Number.MAX_SAFE_INTEGER);

function addCommand(io: Io): Command {
  return leaf(
    io,
    'add',
    'tell a receiver of events from now on; prints the secret that deliveries are signed with, once',
    [
      'assay webhook add https://fraud.example.org/assay --reason "fraud desk"',
      'assay webhook add http://10.0.0.9:8000/ --allow-private --event duplicateImei --identities whole --reason trial',
      'ASSAY_WEBHOOK_SECRET=whsec_… assay webhook add https://fraud.example.org/assay --reason "moved here"',
    ],
  )
    .argument('<url>', 'http or https; deliveries are posted there')
    .addOption(new Option('--event <kind...>', 'of which events; default all').choices(EVENT_KINDS))
    .addOption(
      new Option('--identities <how>', 'how IMSI and IMEI are in the body').choices(IDENTITIES).default('masked'),
    )
    .option('--allow-private', 'it may be this machine, or one in a network of your own', false)
    .requiredOption('--reason <text>', 'why')
    .option('--author <name>', 'who decides', io.userName)
    .addHelpText('after', RECEIVERS)
    .action((url: string, options: AddOptions) =>
      withOperator(io, options, ({ events }) => {
        const { identities, allowPrivate, reason, author, event: kinds = EVENT_KINDS } = options;
        if (reason.trim() === '') throw wrongInput('--reason: expected a reason, got nothing');
        const given = io.env['ASSAY_WEBHOOK_SECRET'];
        const { id, secret } = refusing(() =>
          events.subscribe({
            ...{ url, kinds, identities, allowPrivate, reason, author },
            ...(given !== undefined && { secret: given }),
          }),
        );
        if (options.json) return sayJson(io, { id, secret });
        return say(io, `webhook ${id} is told from the next event on`, `secret (shown only now): ${secret}`);
      }),
    );
}

const RECEIVERS = `
A delivery is a POST of JSON with the headers of Standard Webhooks 1.0.0:
  webhook-id         the same at every attempt: who knows it has taken the event already
  webhook-timestamp  seconds since 1970, at this attempt
  webhook-signature  v1, and Base64 of HMAC-SHA256(secret, id.timestamp.body); the secret is the Base64 behind whsec_
Any status 2xx takes it. Everything else is tried again, later and later, and given up in the end with a finding.
Events of one subscriber come in order: a later one waits for the earlier.
`;

interface RemoveOptions extends CommonOptions, ConfirmationOptions {
  readonly reason: string;
  readonly author: string;
}

function removeCommand(io: Io): Command {
  const command = leaf(
    io,
    'remove',
    'tell a receiver no more, and drop what waits for it; status 1 when there is none',
    ['assay webhook remove 3 --reason "fraud desk closed"'],
  )
    .argument('<number>', 'as add printed it', idArgument)
    .requiredOption('--reason <text>', 'why')
    .option('--author <name>', 'who decides', io.userName);
  return withConfirmation(command).action((id: number, options: RemoveOptions) =>
    withOperator(io, options, async ({ events }) => {
      await confirm(io, options, `Webhook ${id} and every delivery that waits for it will be gone.`);
      const removed = events.unsubscribe(id, options.author, options.reason);
      if (!removed) io.exitCode = EXIT.no;
      if (options.json) return sayJson(io, { removed });
      return say(io, removed ? `webhook ${id} is told no more` : `there is no webhook ${id}`);
    }),
  );
}

const HEADING = ['number', 'URL', 'events', 'identities', 'waiting', 'not queued', 'given up', 'author', 'since'];

const rowOf = (webhook: WebhookStatus): readonly string[] => [
  String(webhook.id),
  webhook.url,
  webhook.kinds.join(' '),
  webhook.identities,
  String(webhook.waiting),
  String(webhook.newest - webhook.queuedTo),
  String(webhook.dead),
  webhook.author,
  shortTime(webhook.addedAt),
];

function listCommand(io: Io): Command {
  return leaf(io, 'list', 'every receiver, and how it does; with a number, the events it was given up on', [
    'assay webhook list',
    'assay webhook list 3',
  ])
    .argument('[number]', 'of one webhook', idArgument)
    .option('--limit <number>', 'most events', numberArgument(1, 1000), 50)
    .action((id: number | undefined, options: CommonOptions & { readonly limit: number }) =>
      withOperator(io, options, ({ events }) => {
        const webhooks = events.list().filter((webhook) => id === undefined || webhook.id === id);
        const dead = id === undefined ? [] : events.deadLetters(id, options.limit);
        if (id !== undefined && webhooks.length === 0) io.exitCode = EXIT.no;
        if (options.json) {
          const shown = webhooks.map((webhook) => ({ ...webhook, addedAt: isoTime(webhook.addedAt) }));
          return sayJson(io, { webhooks: shown, ...(id !== undefined && { givenUp: dead }) });
        }
        if (webhooks.length === 0) return say(io, id === undefined ? 'no webhooks' : `there is no webhook ${id}`);
        const rows = dead.map(({ sequence, attempts, trouble }) => [String(sequence), String(attempts), trouble]);
        const below = rows.length === 0 ? [] : ['', ...columns([['event', 'attempts', 'last trouble'], ...rows])];
        return say(io, ...columns([HEADING, ...webhooks.map(rowOf)]), ...below);
      }),
    );
}

function testCommand(io: Io): Command {
  return leaf(
    io,
    'test',
    'send a receiver a test now; status 4 when it cannot be reached, 1 when it does not take it',
    ['assay webhook test 3'],
  )
    .argument('<number>', 'as add printed it', idArgument)
    .action((id: number, options: CommonOptions) =>
      withOperator(io, options, async ({ events }) => {
        const found = await events.test(id);
        if (found === undefined) throw wrongInput(`there is no webhook ${id}: see assay webhook list`);
        if (!found.isTaken) io.exitCode = found.status === undefined ? EXIT.peer : EXIT.no;
        if (options.json) return sayJson(io, found);
        return say(io, `${found.isTaken ? 'taken' : 'not taken'}: ${found.text} (${found.milliseconds} ms)`);
      }),
    );
}

/** `assay webhook`: receivers that are told of changes of IMEI and of duplicates. */
export function webhookCommand(io: Io): Command {
  return group('webhook', 'receivers that are told of changed IMEIs and duplicates: add, remove, list, test', [
    addCommand(io),
    removeCommand(io),
    listCommand(io),
    testCommand(io),
  ]);
}
