import { type Command, Option } from 'commander';
import { toHex } from '#base/codec/index.ts';
import type { Iccid } from '#base/identity/index.ts';
import type { Trace } from '#base/trace/index.ts';
import {
  CardSlot,
  connectVpcd,
  listenVpcd,
  VPCD_PORT,
  type VpcdReaders,
  type VpcdState,
} from '#handset/connector/index.ts';
import { type CardParty, exchangeRecord, resetRecord } from '#lab/ladder/index.ts';
import { SAMPLE, sampleCards } from '#lab/workshop/index.ts';
import type { Card, ProtocolOffer } from '#protocol/apdu/index.ts';
import { type HostPort, hostArgument, iccidArgument, numberArgument, supportArgument } from './argument.ts';
import { probeCommand } from './card-probe.ts';
import { shellCommand } from './card-shell.ts';
import { workshopOf } from './data-directory.ts';
import { wrongInput } from './failure.ts';
import type { Io } from './io.ts';
import { type CommonOptions, group, jsonLines, leaf } from './leaf.ts';
import { facts, plain, say, sayJson } from './print.ts';
import { openTraces, type TraceOptions, withTraceOptions } from './trace-options.ts';

interface ServeOptions extends CommonOptions, TraceOptions {
  readonly uicc?: Iccid;
  readonly support?: string;
  readonly connect: HostPort;
  readonly listen?: number;
  readonly listenHost?: string;
  readonly protocol: ProtocolName;
}

/** A card of this process. */
interface ServedCard {
  readonly party: CardParty;
  /** Its number as people write it: ICCID, or identity. */
  readonly number: string;
  readonly card: Card;
  close(): void;
}
/** What is in slot 0 and in slot 1. */
type Served = readonly [ServedCard | undefined, ServedCard | undefined];

const PROTOCOL: Readonly<Record<string, ProtocolOffer>> = { t0: 'T=0', t1: 'T=1', both: 'both' };
type ProtocolName = 't0' | 't1' | 'both';
/** The reader that Debian's vpcd makes has two slots, named so. */
const READER = 'Virtual PCD 00';
const HIGHEST_PORT = 65_534;

/** `assay card`: our cards where other programs reach them. */
export function cardCommand(io: Io): Command {
  const serve = leaf(
    io,
    'serve',
    'put a UICC and a storage support into the slots of a virtual PC/SC reader (pcscd with vpcd); without options, sample cards',
    [
      'assay card serve',
      'assay card serve --uicc 8988211000000000201 --support 4153534159000001 --gsmtap 127.0.0.1',
      'assay card serve --uicc 8988211000000000201 --protocol t1',
      'assay card serve --listen 35970        # for a vpcd with DEVICENAME 127.0.0.1:35970',
    ],
  )
    .option('--uicc <iccid>', "a UICC of 'assay uicc personalise', in slot 0; what is done to it lasts", iccidArgument)
    .option(
      '--support <identity>',
      "a storage support of 'assay factory provision', in slot 1; what is done to it lasts",
      supportArgument,
    )
    .addOption(
      new Option('--connect <host[:port]>', 'where the reader listens for slot 0; slot 1 has the next port')
        .argParser(hostArgument(VPCD_PORT))
        .default({ host: '127.0.0.1', port: VPCD_PORT }, `127.0.0.1:${VPCD_PORT}`),
    )
    .addOption(
      new Option(
        '--listen <port>',
        'let the reader dial instead: slot 0 here, slot 1 on the next port; 0 takes free ones',
      )
        .argParser(numberArgument(0, HIGHEST_PORT))
        .conflicts('connect'),
    )
    .option('--listen-host <host>', 'with --listen: an address that others reach too; whoever does can use the cards')
    .addOption(
      new Option(
        '--protocol <name>',
        't0: TPDUs, as most UICCs; t1: whole APDUs, extended lengths; both: the reader chooses',
      )
        .choices(Object.keys(PROTOCOL))
        .default('t0'),
    );
  const traced = withTraceOptions(jsonLines(serve)).action((options: ServeOptions) => serveCards(io, options));
  return group('card', 'cards: ours in readers that other programs use, and any UICC looked at', [
    traced,
    probeCommand(io),
    shellCommand(io),
  ]);
}

const close = () => {};

/** The cards that were asked for; sample cards when none was. Nothing stays open when one cannot be had. */
function cardsOf(io: Io, options: ServeOptions): Served {
  const { uicc, support } = options;
  if (uicc === undefined && support === undefined) {
    const sample = sampleCards(io);
    return [
      { party: 'UICC (31)', number: SAMPLE.iccid.digits, card: sample.uicc, close },
      { party: 'storage support (2)', number: SAMPLE.support, card: sample.support, close },
    ];
  }
  const workshop = workshopOf(io, options);
  const first = uicc && { party: 'UICC (31)' as const, number: uicc.digits, ...workshop.openUicc(uicc) };
  try {
    const second = support && {
      party: 'storage support (2)' as const,
      number: support,
      ...workshop.openSupport(support),
    };
    return [first, second || undefined];
  } catch (error) {
    first?.close();
    throw error;
  }
}

function slotOf(
  { clock }: Io,
  { party, card }: ServedCard,
  slot: number,
  offer: ProtocolOffer,
  trace: Trace,
): CardSlot {
  const handset = `slot ${slot}`;
  if (!trace.enabled) return new CardSlot(card, offer);
  return new CardSlot(card, offer, {
    reset: (atr) => trace.record({ at: clock.now(), handset, ...resetRecord(party, atr) }),
    exchange: (command, response) =>
      trace.record({ at: clock.now(), handset, ...exchangeRecord(party, command, response) }),
  });
}

async function openReaders(io: Io, options: ServeOptions, [uicc, support]: Served, trace: Trace): Promise<VpcdReaders> {
  const { connect, listen: port, listenHost, protocol } = options;
  const offer = PROTOCOL[protocol] as ProtocolOffer;
  const slots = [uicc && slotOf(io, uicc, 0, offer, trace), support && slotOf(io, support, 1, offer, trace)] as const;
  const onState = (slot: number, state: VpcdState, because: string) =>
    void tellState(io, options, slot, state, because);
  const vpcd = { slots, scheduler: io.scheduler, onState };
  if (port === undefined && listenHost !== undefined) throw wrongInput('--listen-host: expected with --listen');
  if (port === undefined) return connectVpcd({ ...vpcd, ...connect });
  return listenVpcd({ ...vpcd, port, ...(listenHost !== undefined && { host: listenHost, isForOthers: true }) });
}

async function serveCards(io: Io, options: ServeOptions): Promise<void> {
  const ended = io.interrupted();
  const traces = openTraces(options);
  let served: Served = [undefined, undefined];
  try {
    served = cardsOf(io, options);
    const readers = await openReaders(io, options, served, traces.all);
    try {
      await announce(io, options, served, readers);
      await ended;
    } finally {
      await readers.close();
    }
  } finally {
    traces.close();
    for (const one of served) one?.close();
  }
}

const CARD_NAME: Readonly<Record<CardParty, string>> = {
  'UICC (31)': 'UICC',
  'storage support (2)': 'storage support',
};

async function announce(io: Io, options: ServeOptions, served: Served, { ports }: VpcdReaders): Promise<void> {
  const { uicc, support, connect, listen, listenHost = '127.0.0.1', protocol, json } = options;
  const isSample = uicc === undefined && support === undefined;
  const reader = listen === undefined ? { looksFor: connect.host, ports } : { listensOn: listenHost, ports };
  const cards = served.map((one, slot) => one && { slot, card: CARD_NAME[one.party], number: one.number });
  if (json) return sayJson(io, { serving: cards.filter((one) => one !== undefined), protocol, reader });
  const where = `${listen === undefined ? 'looked for on' : 'may dial'} ${listen === undefined ? connect.host : listenHost}`;
  await say(
    io,
    ...facts({
      ...Object.fromEntries(cards.map((one, slot) => [`slot ${slot}`, one ? `${one.card} ${one.number}` : 'empty'])),
      protocol: PROTOCOL[protocol] === 'both' ? 'T=0 or T=1' : PROTOCOL[protocol],
      reader: `${where}, ports ${ports.join(' and ')}`,
    }),
    ...(isSample ? ['', ...aboutSample()] : []),
    '',
    ...whatNext(served, ports, listen === undefined),
    'Ctrl-C takes the cards out.',
  );
}

const aboutSample = () => [
  `Sample cards, in memory: IMSI ${SAMPLE.imsi.digits}, IMEI ${SAMPLE.imei.withCheckDigit}. Their K ${toHex(SAMPLE.k)} and`,
  `OPc ${toHex(SAMPLE.opc)} are published (3GPP TS 35.208, test set 1) and protect nothing.`,
];

/** What a newcomer types next. */
function whatNext([uicc, support]: Served, [port]: readonly number[], isDialled: boolean): readonly string[] {
  const start = isDialled
    ? '  pcscd --foreground                      # as root, unless its service runs'
    : `  pcscd --foreground -c DIR               # as root; DIR holds a reader file with DEVICENAME 127.0.0.1:${port}`;
  const lines = ['Next, in another terminal (Debian: pcscd vsmartcard-vpcd opensc pcsc-tools):', start];
  lines.push('  opensc-tool -l                          # which readers and cards are there; pcsc_scan says more');
  if (uicc)
    lines.push(`  opensc-tool -r '${READER} 00' -s 00A40004022FE2 -s 00B000000A        # EF.ICCID: ${uicc.number}`);
  if (support)
    lines.push(`  opensc-tool -r '${READER} 01' -s 80CA006600        # what the storage support can (GPC 2.3.1 H.2)`);
  return lines;
}

/** One line for each change; a card that is taken out at the end needs none. */
async function tellState(
  io: Io,
  { json }: ServeOptions,
  slot: number,
  state: VpcdState,
  because: string,
): Promise<void> {
  if (state === 'pulled') return;
  await (json ? sayJson(io, { slot, state, because }) : say(io, plain(`slot ${slot}: ${state}: ${because}`)));
}
