import { type Command, Option } from 'commander';
import type { Iccid, Imsi } from '#base/identity/index.ts';
import type { Operator } from '#operator/index.ts';
import { iccidArgument, imsiArgument } from './argument.ts';
import { wrongInput } from './failure.ts';
import type { Io } from './io.ts';

/** Which UICC a command is about. */
export interface UiccOptions {
  readonly iccid?: Iccid;
  readonly imsi?: Imsi;
}

const LOOK_MILLISECONDS = 200;

/** The two options that name a UICC. */
export function withUicc(command: Command): Command {
  return command
    .addOption(new Option('--iccid <iccid>', 'the UICC').argParser(iccidArgument))
    .addOption(new Option('--imsi <imsi>', 'or its subscriber').argParser(imsiArgument));
}

/** The UICC that the options name; anything but one that was issued is wrong input. */
export function uiccOf({ subscribers }: Operator, { iccid, imsi }: UiccOptions): Iccid {
  if ((iccid === undefined) === (imsi === undefined)) throw wrongInput('expected either --iccid or --imsi');
  const found = imsi === undefined ? iccid && subscribers.byIccid(iccid) : subscribers.byImsi(imsi);
  if (found === undefined) throw wrongInput(`no such subscriber: ${imsi ?? iccid}: 'assay subscribers' lists them`);
  return found.iccid;
}

/** The state of an order when it is settled, or when so many seconds are over. */
export async function outcomeOf(io: Io, { gateway }: Operator, id: number, seconds: number): Promise<string> {
  const until = io.clock.now() + seconds * 1000;
  for (;;) {
    const state = gateway.outbox.byId(id)?.state ?? 'gone';
    if (state === 'acknowledged' || state === 'failed' || state === 'superseded' || io.clock.now() >= until)
      return state;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MILLISECONDS));
  }
}
