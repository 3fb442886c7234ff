import { type Command, Option } from 'commander';
import type { Iccid, Imei } from '#base/identity/index.ts';
import { type Trace, teeTrace } from '#base/trace/index.ts';
import type { CallResult } from '#handset/baseband/index.ts';
import { connectAir } from '#handset/connector/index.ts';
import { type BootResult, PERFORMED_FEATURES, VARIANTS, type VariantName } from '#handset/operating-system/index.ts';
import { LabHandset } from '#lab/handset/index.ts';
import { LADDER_HEADING, ladderTrace } from '#lab/ladder/index.ts';
import { tellsTheStory } from '#protocol/exchange/index.ts';
import { terminalProfile } from '#protocol/usat/index.ts';
import {
  diallingArgument,
  type HostPort,
  hostPortArgument,
  iccidArgument,
  imeiArgument,
  numberArgument,
  supportArgument,
} from './argument.ts';
import {
  type CardPlace,
  type OpenCard,
  openPlace,
  PLACES,
  type PlaceOptions,
  placeArgument,
  powered,
  withPlaceOptions,
} from './card-place.ts';
import { workshopOf } from './data-directory.ts';
import { EXIT, wrongInput } from './failure.ts';
import type { Io } from './io.ts';
import { type CommonOptions, group, leaf } from './leaf.ts';
import { plain, say, sayJson } from './print.ts';
import { SlotTroubles } from './slot-troubles.ts';
import { openTraces, type TraceOptions, withTraceOptions } from './trace-options.ts';

interface RunOptions extends CommonOptions, TraceOptions, PlaceOptions {
  readonly uicc: CardPlace<Iccid>;
  readonly support?: CardPlace<string>;
  readonly imei: Imei;
  readonly os: VariantName;
  readonly otherImei?: Imei;
  readonly elsewhere?: string;
  readonly trigger: 'boot' | 'call';
  readonly call: string;
  readonly emergency: boolean;
  readonly stay: number;
  readonly air: HostPort;
  readonly verbose: boolean;
}

/** What a run came to. */
interface RunResult {
  readonly service: boolean;
  readonly boot: BootResult;
  readonly call: CallResult | undefined;
  readonly emergencyCall: CallResult | undefined;
  readonly shown: readonly string[];
  /** Why cards in readers and modems did not answer. */
  readonly troubles: readonly string[];
}

const SUPPORT_READER = 1;
const ELSEWHERE_READER = 7;
const EMERGENCY = '112';
const POLL_MILLISECONDS = 200;

/** `assay handset`: a handset (1) in a process of its own. */
export function handsetCommand(io: Io): Command {
  const variants = Object.keys(VARIANTS);
  const run = leaf(
    io,
    'run',
    "switch a handset on against 'assay operator serve'; status 0 with service, 1 when blocked or rejected",
    [
      'assay handset run --uicc 8988211000000000201 --support 4153534159000001 --imei 35674108990011',
      'assay handset run --uicc 8988211000000000201 --support 4153534159000001 --imei 35674108990011 --os forges-imei --other-imei 35332510990022',
      'assay handset run --uicc 8988211000000000201 --imei 35674108990011 --trigger call --call 0301234567 --pcapng boot.pcapng',
      "assay handset run --uicc 'pcsc:Virtual PCD 00 00' --support 'pcsc:Virtual PCD 00 01' --imei 35674108990007",
    ],
  )
    .requiredOption(
      '--uicc <iccid>',
      `the UICC in the connector: one of ours, or ${PLACES}`,
      placeArgument(iccidArgument),
    )
    .option(
      '--support <identity>',
      'the storage support in the handset, written likewise; left out: an old handset without one',
      placeArgument(supportArgument),
    )
    .requiredOption('--imei <imei>', 'the IMEI in the flash, which the operating system believes', imeiArgument)
    .addOption(
      new Option(
        '--os <variant>',
        `operating system: ${variants.map((name) => `${name} (${VARIANTS[name as VariantName].does})`).join('; ')}`,
      )
        .choices(variants)
        .default('honest'),
    )
    .option('--other-imei <imei>', 'IMEI that a fraudulent operating system lies with', imeiArgument)
    .option('--elsewhere <identity>', "another handset's storage support, for relays-elsewhere", supportArgument)
    .addOption(
      new Option('--trigger <trigger>', 'boot: switch on; call: and make a call')
        .choices(['boot', 'call'])
        .default('boot'),
    )
    .option('--call <number>', 'number to call', diallingArgument, '0301234567')
    .option('--emergency', 'make an emergency call at the end', false)
    .option('--stay <seconds>', 'how long to stay on and poll, for reports and answers', numberArgument(0, 86_400), 2)
    .option('--air <host:port>', 'the network', hostPortArgument, { host: '127.0.0.1', port: 4700 })
    .option('--verbose', 'show every hop', false);
  const traced = withTraceOptions(withPlaceOptions(run)).action((options: RunOptions) => runHandset(io, options));
  return group('handset', 'handsets, honest and fraudulent', [traced]);
}

/** The traces that were asked for and the ladder on the screen, as one, and how to end them. */
function tracesOf(io: Io, options: RunOptions): { readonly all: Trace; close(): void } {
  const { all, close } = openTraces(options);
  if (options.json) return { all, close };
  const style = { since: io.clock.now(), isColoured: io.isColoured };
  const wants = options.verbose ? () => true : tellsTheStory;
  return {
    all: teeTrace(
      ladderTrace((line) => void say(io, line), style, wants),
      all,
    ),
    close,
  };
}

/** The cards of a handset, open. */
interface HandsetCards {
  readonly uicc: OpenCard;
  readonly readers: ReadonlyMap<number, OpenCard>;
  close(): Promise<void>;
}

async function cardsOf(io: Io, options: RunOptions): Promise<HandsetCards> {
  const { uicc, support, elsewhere } = options;
  const workshop = workshopOf(io, options);
  const open: OpenCard[] = [];
  const close = async () => {
    for (const card of open) await card.close();
  };
  const opened = async (card: Promise<OpenCard>) => {
    open.push(await card);
    return card;
  };
  const ownSupport = (identity: string) => workshop.openSupport(identity);
  try {
    const card = await opened(openPlace(io, uicc, options, (iccid) => workshop.openUicc(iccid)));
    const readers = new Map<number, OpenCard>();
    if (support !== undefined) readers.set(SUPPORT_READER, await opened(openPlace(io, support, options, ownSupport)));
    if (elsewhere !== undefined)
      readers.set(
        ELSEWHERE_READER,
        await opened(openPlace(io, { kind: 'own', number: elsewhere }, options, ownSupport)),
      );
    return { uicc: card, readers, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function runHandset(io: Io, options: RunOptions): Promise<void> {
  const { os, otherImei, json } = options;
  if (VARIANTS[os].needsOtherImei && otherImei === undefined)
    throw wrongInput(`--os ${os}: expected --other-imei, the IMEI it lies with`);
  const ended = io.interrupted().then(() => 'interrupted' as const);
  const cards = await cardsOf(io, options);
  const { all, close } = tracesOf(io, options);
  try {
    const link = await connectAir(options.air.host, options.air.port);
    try {
      if (!json) await say(io, LADDER_HEADING);
      const troubles = new SlotTroubles();
      const inReader = ([reader, card]: readonly [number, OpenCard]) =>
        [reader, troubles.watched(`storage support in reader ${reader}`, card)] as const;
      const handset = new LabHandset({
        ...{ name: 'handset', os, radio: link, clock: io.clock, trace: all },
        uicc: troubles.watched('UICC', cards.uicc),
        readers: new Map([...cards.readers].map(inReader)),
        flash: { imei: options.imei, terminalProfile: terminalProfile(PERFORMED_FEATURES) },
        ...(otherImei && { otherImei }),
      });
      const result = await Promise.race([use(handset, cards, options, troubles), ended]);
      if (result !== 'interrupted') await conclude(io, result, json);
      await handset.powerOff();
    } finally {
      await link.close();
    }
  } finally {
    close();
    await cards.close();
  }
}

/** Switches on, stays for reports and answers, calls. Service is what the handset has after all that. */
async function use(
  handset: LabHandset,
  cards: HandsetCards,
  options: RunOptions,
  troubles: SlotTroubles,
): Promise<RunResult> {
  const { stay, trigger, call: number, emergency } = options;
  const powerOn = async () => {
    for (const card of [cards.uicc, ...cards.readers.values()]) if (card.slot !== undefined) await powered(card);
    return handset.powerOn();
  };
  let boot = await powerOn();
  for (let left = stay * 1000; left > 0; left -= POLL_MILLISECONDS) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MILLISECONDS));
    if (boot.kind === 'booted') await handset.poll();
  }
  // A UICC that told the person something may have been told to block: the next power-on shows it.
  if (handset.shown.length > 0) boot = await powerOn();
  const call = trigger === 'call' ? await handset.call(number) : undefined;
  const emergencyCall = emergency ? await handset.call(EMERGENCY) : undefined;
  const service = handset.isAttached && (call === undefined || call.kind === 'connected');
  return { service, boot, call, emergencyCall, shown: handset.shown, troubles: troubles.said };
}

function bootWords(boot: BootResult): string {
  if (boot.kind === 'noUsim') return 'no USIM';
  const { network } = boot;
  if (network.kind === 'accepted') return 'attached';
  if (network.kind === 'rejected') return `rejected by the network with cause ${network.cause}`;
  return network.kind === 'uiccRefused'
    ? `AUTHENTICATE refused by the UICC with ${network.statusWord.toString(16)}`
    : 'no answer from the network';
}

async function conclude(io: Io, result: RunResult, json: boolean): Promise<void> {
  const { boot, call, emergencyCall, service, shown, troubles } = result;
  const networkResult = boot.kind === 'booted' ? boot.network : undefined;
  const locationFree = networkResult?.kind === 'accepted' ? { kind: 'accepted' } : networkResult;
  if (json)
    await sayJson(io, { service, boot: boot.kind, network: locationFree, call, emergencyCall, shown, troubles });
  else {
    await say(
      io,
      '',
      `${service ? 'Service' : 'No service'}: ${bootWords(boot)}${call ? `, call ${call.kind}` : ''}${emergencyCall ? `, emergency call ${emergencyCall.kind}` : ''}`,
      ...troubles.map(plain),
    );
  }
  io.exitCode = service ? EXIT.ok : EXIT.no;
}
