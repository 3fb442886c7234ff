import type { Imei } from '#base/identity/index.ts';
import type { Procedure } from '#handset/connector/index.ts';
import { type Flash, OperatingSystem } from '#handset/operating-system/index.ts';
import type { ProactiveCommand, TerminalResponse } from '#protocol/usat/index.ts';

type Result = Omit<TerminalResponse, 'details'>;

/** Changes the last octet of every short message that the UICC sends: of a secured packet it cannot change more to its liking. */
export class ChangesReports extends OperatingSystem {
  protected override perform(command: ProactiveCommand): Procedure<Result> {
    if (command.type !== 'SEND SHORT MESSAGE') return super.perform(command);
    const tpdu = command.tpdu.slice();
    tpdu[tpdu.length - 1] = (tpdu.at(-1) ?? 0) ^ 1;
    return super.perform({ ...command, tpdu });
  }
}

/** Honest until it is turned: from then on it claims the IMEI of another handset to the UICC too. */
export class Turncoat extends OperatingSystem {
  readonly #other: Imei;
  isTurned = false;

  constructor(flash: Flash, other: Imei) {
    super(flash);
    this.#other = other;
  }

  protected override *perform(command: ProactiveCommand): Procedure<Result> {
    const result = yield* super.perform(command);
    const isAsked = command.type === 'PROVIDE LOCAL INFORMATION' && command.information === 'imei';
    return this.isTurned && isAsked ? { ...result, imei: this.#other.toOctets() } : result;
  }
}
