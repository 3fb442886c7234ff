import { Argument, type Command, Option } from 'commander';
import { type CommandedOrder, ORDER_STATES, type OrderState } from '#operator/gateway/index.ts';
import { dayArgument, numberArgument } from './argument.ts';
import { withOperator } from './data-directory.ts';
import { EXIT, refusing } from './failure.ts';
import type { Io } from './io.ts';
import { type CommonOptions, group, leaf } from './leaf.ts';
import { policyCommand } from './ota-policy.ts';
import { fileCommand, scriptCommand } from './ota-remote.ts';
import { outcomeOf, type UiccOptions, uiccOf, withUicc } from './ota-target.ts';
import { columns, plain, say, sayJson, shortTime } from './print.ts';

/** Orders by the names that people type. */
const ORDERS = {
  permit: 'permit',
  track: 'track',
  block: 'block',
  'stop-keys': 'stopKeys',
  unblock: 'unblock',
  're-pair': 'rePair',
  'report-now': 'reportNow',
} as const satisfies Readonly<Record<string, CommandedOrder>>;
type OrderName = keyof typeof ORDERS;

interface SendOptions extends CommonOptions, UiccOptions {
  readonly reason: string;
  readonly case?: string;
  readonly author?: string;
  readonly expires?: number;
  readonly wait?: number;
  readonly dryRun: boolean;
}

const SHOWN = 50;
const MOST_SHOWN = 1000;

/** `assay ota`: orders to UICCs, over the air. */
export function otaCommand(io: Io): Command {
  const names = Object.keys(ORDERS).join(', ');
  const send = withUicc(
    leaf(io, 'send', `put an order into the outbox; 'assay operator serve' sends it. Orders: ${names}`, [
      'assay ota send block --imsi 001010000000002 --reason "stolen" --case 2026-114',
      'assay ota send unblock --imsi 001010000000002 --reason "found again" --wait 10',
      'assay ota send report-now --iccid 8988211000000000201 --reason "check"',
    ]),
  )
    .addArgument(new Argument('<order>', 'what to order').choices(Object.keys(ORDERS)))
    .requiredOption('--reason <text>', 'why; a block shows it to the person')
    .option('--case <reference>', 'case number')
    .option('--author <name>', 'who orders; default the user')
    .option('--expires <day>', 'last day of permit, track, block, stop-keys', dayArgument)
    .option(
      '--wait <seconds>',
      'wait for the acknowledgement; status 1 when it does not come',
      numberArgument(1, 86_400),
    )
    .option('--dry-run', 'only show what would be sent', false)
    .action((order: OrderName, options: SendOptions) => sendOrder(io, order, options));
  const list = leaf(io, 'list', 'orders and what became of them, the newest first', [
    'assay ota list',
    'assay ota list --state failed --before 5000 --limit 200',
    'assay ota list --json',
  ])
    .addOption(new Option('--state <state>', 'orders in this state alone').choices(ORDER_STATES))
    .option(
      '--before <number>',
      'orders below this number: the last one of the page before',
      numberArgument(1, Number.MAX_SAFE_INTEGER),
    )
    .option('--limit <rows>', 'rows at most', numberArgument(1, MOST_SHOWN), SHOWN)
    .action((options: ListOptions) => listOrders(io, options));
  return group('ota', 'orders to UICCs (step 104), and their remote management', [
    send,
    list,
    policyCommand(io),
    scriptCommand(io),
    fileCommand(io),
  ]);
}

async function sendOrder(io: Io, name: OrderName, options: SendOptions): Promise<void> {
  const order = ORDERS[name];
  const { reason, author = io.userName, dryRun, wait } = options;
  await withOperator(io, options, async (operator) => {
    const iccid = uiccOf(operator, options);
    const result = refusing(() =>
      operator.gateway.command({
        ...{ iccid, order, author, reason, dryRun },
        ...(options.case !== undefined && { caseReference: options.case }),
        ...(options.expires !== undefined && { expiresAt: options.expires }),
      }),
    );
    const state =
      result.order === undefined || wait === undefined ? undefined : await outcomeOf(io, operator, result.order, wait);
    const found = { iccid: iccid.digits, sends: result.sends, text: result.text, order: result.order, state };
    if (options.json) await sayJson(io, found);
    else {
      await say(
        io,
        `${dryRun ? 'Would send' : `Order ${result.order}:`} ${result.sends} to ${iccid}${result.text === '' ? '' : `; the person reads: "${plain(result.text)}"`}`,
      );
      if (state !== undefined) await say(io, `It is ${state}.`);
    }
    if (wait !== undefined && !dryRun && state !== 'acknowledged') io.exitCode = EXIT.no;
  });
}

interface ListOptions extends CommonOptions {
  readonly state?: OrderState;
  readonly before?: number;
  readonly limit: number;
}

async function listOrders(io: Io, options: ListOptions): Promise<void> {
  const { state, before = Number.MAX_SAFE_INTEGER, limit } = options;
  const orders = await withOperator(io, options, ({ gateway }) =>
    gateway.outbox.page(state && [state], { below: before }, limit),
  );
  if (options.json)
    return sayJson(
      io,
      orders.map(({ packet, otherPacket, ...order }) => order),
    );
  if (orders.length === 0)
    return say(
      io,
      state === undefined && options.before === undefined ? 'The outbox is empty.' : 'There is no such order.',
    );
  const rows = orders.map((order) => [
    String(order.id),
    shortTime(order.at),
    order.iccid,
    order.order,
    order.state,
    String(order.attempts),
    order.author,
    order.reason,
  ]);
  return say(io, ...columns([['order', 'at (UTC)', 'iccid', 'what', 'state', 'tries', 'author', 'reason'], ...rows]));
}
