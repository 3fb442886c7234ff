import { type Command, Option } from 'commander';
import type { Iccid, Imsi } from '#base/identity/index.ts';
import type { Operator } from '#operator/index.ts';
import type { Order } from '#protocol/imei-lock/index.ts';
import { dayArgument, iccidArgument, imsiArgument, numberArgument } from './argument.ts';
import { withOperator } from './data-directory.ts';
import { EXIT, refusing, wrongInput } from './failure.ts';
import type { Io } from './io.ts';
import { type CommonOptions, group, leaf } from './leaf.ts';
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
} as const satisfies Readonly<Record<string, Order>>;
type OrderName = keyof typeof ORDERS;

interface SendOptions extends CommonOptions {
  readonly iccid?: Iccid;
  readonly imsi?: Imsi;
  readonly reason: string;
  readonly case?: string;
  readonly author?: string;
  readonly expires?: number;
  readonly wait?: number;
  readonly dryRun: boolean;
}

const LOOK_MILLISECONDS = 200;
const SHOWN = 50;

/** `assay ota`: orders to UICCs, over the air. */
export function otaCommand(io: Io): Command {
  const names = Object.keys(ORDERS).join(', ');
  const send = leaf(io, 'send', `put an order into the outbox; 'assay operator serve' sends it. Orders: ${names}`, [
    'assay ota send block --imsi 001010000000002 --reason "stolen" --case 2026-114',
    'assay ota send unblock --imsi 001010000000002 --reason "found again" --wait 10',
    'assay ota send report-now --iccid 8988211000000000201 --reason "check"',
  ])
    .argument('<order>', names)
    .addOption(new Option('--iccid <iccid>', 'the UICC').argParser(iccidArgument))
    .addOption(new Option('--imsi <imsi>', 'or its subscriber').argParser(imsiArgument))
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
    .action((order: string, options: SendOptions) => sendOrder(io, order, options));
  const list = leaf(io, 'list', 'the newest orders and what became of them', [
    'assay ota list',
    'assay ota list --json',
  ]).action((options: CommonOptions) => listOrders(io, options));
  return group('ota', 'orders to UICCs (step 104)', [send, list]);
}

function uiccOf({ subscribers }: Operator, { iccid, imsi }: SendOptions): Iccid {
  if ((iccid === undefined) === (imsi === undefined)) throw wrongInput('expected either --iccid or --imsi');
  const found = imsi === undefined ? iccid && subscribers.byIccid(iccid) : subscribers.byImsi(imsi);
  if (found === undefined) throw wrongInput(`no such subscriber: ${imsi ?? iccid}: 'assay subscribers' lists them`);
  return found.iccid;
}

async function sendOrder(io: Io, name: string, options: SendOptions): Promise<void> {
  const order = ORDERS[name as OrderName];
  if (order === undefined) throw wrongInput(`${plain(name)}: expected one of ${Object.keys(ORDERS).join(', ')}`);
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
      result.order === undefined || wait === undefined
        ? undefined
        : await acknowledged(io, operator, result.order, wait);
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

async function acknowledged(io: Io, { gateway }: Operator, id: number, seconds: number): Promise<string> {
  const until = io.clock.now() + seconds * 1000;
  for (;;) {
    const state = gateway.outbox.byId(id)?.state ?? 'gone';
    if (state === 'acknowledged' || state === 'failed' || state === 'superseded' || io.clock.now() >= until)
      return state;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MILLISECONDS));
  }
}

async function listOrders(io: Io, options: CommonOptions): Promise<void> {
  const orders = await withOperator(io, options, ({ gateway }) => gateway.outbox.newest(SHOWN));
  if (options.json)
    return sayJson(
      io,
      orders.map(({ packet, ...order }) => order),
    );
  if (orders.length === 0) return say(io, 'The outbox is empty.');
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
