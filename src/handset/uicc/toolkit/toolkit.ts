import { CodecError } from '#base/codec/index.ts';
import { type CommandApdu, LONGEST_RESPONSE_DATA, responseApdu, SW } from '#protocol/apdu/index.ts';
import { callControlAnswer, decodeEnvelope, type Envelope } from '#protocol/usat/index.ts';
import type { ToolkitApplication } from '../application.ts';
import type { ProactiveQueue } from './proactive-queue.ts';

const sw = (statusWord: number) => responseApdu(statusWord);
const OK = sw(SW.ok);
const TOOLKIT_BUSY = sw(SW.toolkitBusy);
/** 91XX alone, by XX. */
const PENDING: readonly Uint8Array[] = Array.from({ length: 256 }, (_, length) => sw(SW.proactivePending | length));
const FETCH = 0x12;
/** Longest TERMINAL PROFILE that is kept; what stands behind is of no use here. */
const LONGEST_PROFILE = 64;
const NOT_ALLOWED = callControlAnswer.encode({ decision: 'notAllowed', change: { addresses: [] } });
/** Emergency numbers without any card (TS 22.101 10.1) that terminals give their way; those of EF.ECC come beside them. */
const EMERGENCY_NUMBERS: ReadonlySet<string> = new Set(['112', '911']);

/** What the toolkit needs of the card around it. */
export interface ToolkitParts {
  readonly queue: ProactiveQueue;
  readonly application: ToolkitApplication | undefined;
  /** SMS-PP data download of one TPDU; what is answered at once. */
  download(tpdu: Uint8Array): Uint8Array;
  /** Emergency numbers of EF.ECC, as digits. */
  emergencyNumbers(): readonly string[];
}

/** The UICC's half of the toolkit: TERMINAL PROFILE, FETCH, TERMINAL RESPONSE, ENVELOPE, and 91XX (TS 102 221 7.4, 11.2). */
export class Toolkit {
  readonly #parts: ToolkitParts;
  #profile: Uint8Array | undefined;

  constructor(parts: ToolkitParts) {
    this.#parts = parts;
  }

  /** The TERMINAL PROFILE of this power-on; undefined before it. */
  get profile(): Uint8Array | undefined {
    return this.#profile;
  }

  /** Power-on: no profile, no session. */
  reset(): void {
    this.#profile = undefined;
    this.#parts.queue.clear();
  }

  /** The R-APDU with 91XX in place of 9000 when a command waits, the terminal has sent its profile, and none is being performed. */
  announce(response: Uint8Array): Uint8Array {
    if (this.#profile === undefined) return response;
    const { pending } = this.#parts.queue;
    const end = response.length;
    if (pending === 0 || response[end - 2] !== 0x90 || response[end - 1] !== 0x00) return response;
    const sw2 = pending & 0xff;
    if (end === 2) return PENDING[sw2] as Uint8Array;
    const announcing = response.slice();
    announcing[end - 2] = SW.proactivePending >> 8;
    announcing[end - 1] = sw2;
    return announcing;
  }

  /** TERMINAL PROFILE (TS 102 221 11.2.1). Another one in the same power-on replaces the first: the terminal's toolkit began anew. */
  terminalProfile({ p1, p2, data }: CommandApdu): Uint8Array {
    if (p1 !== 0 || p2 !== 0) return sw(SW.wrongParameters);
    if (this.#profile !== undefined) this.#parts.queue.abandon();
    this.#profile = data.slice(0, LONGEST_PROFILE);
    this.#parts.application?.profileDownloaded();
    return OK;
  }

  /** The terminal of before a suspension goes on: its profile is known (TS 102 221 11.1.22). */
  resume(profile: Uint8Array): void {
    this.#profile = profile;
    this.#parts.application?.profileDownloaded();
  }

  /** Octets of the command that FETCH would bring; 0 when it would bring none. */
  get pending(): number {
    return this.#profile === undefined ? 0 : this.#parts.queue.pending;
  }

  /** FETCH (TS 102 221 11.2.3). A wrong length is told, and the command still waits. */
  fetch({ p1, p2, le = LONGEST_RESPONSE_DATA }: CommandApdu): Uint8Array {
    if (p1 !== 0 || p2 !== 0) return sw(SW.wrongParameters);
    const { queue } = this.#parts;
    const { pending } = this;
    if (pending === 0) return sw(SW.conditionsOfUseNotSatisfied);
    if (le < pending) return sw(SW.wrongLe | (pending & 0xff));
    return queue.fetch() ?? sw(SW.conditionsOfUseNotSatisfied);
  }

  /** The response to a command was not taken: what FETCH would have brought still waits. */
  undelivered({ ins }: CommandApdu): void {
    if (ins === FETCH) this.#parts.queue.takeBack();
  }

  /** TERMINAL RESPONSE (TS 102 221 11.2.4). */
  terminalResponse({ p1, p2, data }: CommandApdu): Uint8Array {
    if (p1 !== 0 || p2 !== 0) return sw(SW.wrongParameters);
    switch (this.#parts.queue.respond(data)) {
      case 'taken':
        return OK;
      case 'notUnderstood':
        return sw(SW.wrongData);
      case 'noCommand':
        return sw(SW.conditionsOfUseNotSatisfied);
    }
  }

  /** ENVELOPE (TS 102 221 11.2.2), also while a proactive command is being performed. */
  envelope({ p1, p2, data }: CommandApdu): Uint8Array {
    if (p1 !== 0 || p2 !== 0) return sw(SW.wrongParameters);
    let envelope: Envelope;
    try {
      envelope = decodeEnvelope(data);
    } catch (error) {
      if (error instanceof CodecError) return sw(SW.wrongData);
      throw error;
    }
    switch (envelope.type) {
      case 'CALL CONTROL':
        return this.#callControl(envelope.address);
      case 'MO SHORT MESSAGE CONTROL':
        // No data means "allowed".
        return OK;
      default:
        // What these may bring is sent by a proactive command: the terminal has to perform those that wait first.
        return this.#parts.queue.room === 0 ? TOOLKIT_BUSY : this.#told(envelope);
    }
  }

  #told(envelope: Envelope): Uint8Array {
    switch (envelope.type) {
      case 'SMS-PP DOWNLOAD':
        return responseApdu(SW.ok, this.#parts.download(envelope.tpdu));
      default:
        this.#parts.application?.told?.(envelope);
        return OK;
    }
  }

  /** Call control (TS 31.111 7.3.1). Emergency calls and what is no call go on without being asked about (TS 22.016 clause 5). */
  #callControl(address: Uint8Array | undefined): Uint8Array {
    const { application } = this.#parts;
    if (application === undefined || address === undefined || this.#isEmergency(address)) return OK;
    return application.callControl(address.slice()) === 'allowed' ? OK : responseApdu(SW.ok, NOT_ALLOWED);
  }

  #isEmergency(address: Uint8Array): boolean {
    const digits = digitsOf(address.subarray(1));
    return EMERGENCY_NUMBERS.has(digits) || this.#parts.emergencyNumbers().includes(digits);
  }
}

/** Swapped digits up to the first filler. */
export function digitsOf(octets: Uint8Array): string {
  let digits = '';
  for (const octet of octets)
    for (const nibble of [octet & 15, octet >> 4]) {
      if (nibble > 9) return digits;
      digits += nibble;
    }
  return digits;
}
