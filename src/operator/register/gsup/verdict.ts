import { IdentityError, Imei, Imsi } from '#base/identity/index.ts';
import {
  CAUSE,
  type CheckImei,
  checkImeiError,
  checkImeiResult,
  readCheckImei,
  withEquipmentDigits,
} from '#protocol/gsup/index.ts';
import type { EquipmentAnswer, EquipmentCheck } from '../front.ts';

/** How the operator wants Check-IMEI answered. */
export interface CheckImeiPolicy {
  readonly check: EquipmentCheck;
  /** The answer for an IMEI the register does not know. */
  readonly unknown: 'ACK' | 'NACK';
  /** What was answered ACK goes to the HLR as well, so that it keeps the IMEI (`store-imei` of osmo-hlr). */
  readonly alsoStore: boolean;
}

/** How a Check-IMEI request ended here. `unavailable` and `unreadable` are left to the HLR. */
export type Outcome = 'ACK' | 'NACK' | 'error' | 'unavailable' | 'unreadable';

/** What is to be done with a Check-IMEI request: GSUP messages, type octet first. */
export interface Verdict {
  readonly outcome: Outcome;
  /** Digits by which the HLR's answer is known again. */
  readonly imsi: string | undefined;
  /** The answer; undefined when the HLR gives it. */
  readonly toClient: Uint8Array | undefined;
  /** What the HLR gets, if anything. */
  readonly toHlr: Uint8Array | undefined;
}

/** The value, or undefined where digits are no such identity. */
function identity<T>(parse: (text: string) => T, digits: string | undefined): T | undefined {
  if (digits === undefined) return undefined;
  try {
    return parse(digits);
  } catch (error) {
    if (error instanceof IdentityError) return undefined;
    throw error;
  }
}

const IMEISV_DIGITS = 16;
const EQUIPMENT_DIGITS = 14;

function ask(asked: CheckImei, digits: string, imei: Imei, peer: string, check: EquipmentCheck): EquipmentAnswer {
  const softwareVersion = digits.length === IMEISV_DIGITS ? digits.slice(EQUIPMENT_DIGITS) : undefined;
  return check({ front: 'gsup', imei, softwareVersion, imsi: identity(Imsi.parse, asked.imsi), peer });
}

/**
 * Decides about a Check-IMEI request. Permitted and tracking are ACK, prohibited is NACK, what is no IMEI is an error of cause 60. What the
 * register cannot decide goes to the HLR, and never is an 'unknown'; so does a request without an IMSI, which nobody can answer.
 */
export function judge(message: Uint8Array, peer: string, policy: CheckImeiPolicy): Verdict {
  const asked = readCheckImei(message);
  if (asked === undefined) return { outcome: 'unreadable', imsi: undefined, toClient: undefined, toHlr: message };
  const { request, imsi, imei: digits } = asked;
  const imei = identity(Imei.parse, digits);
  if (digits === undefined || imei === undefined) {
    const toClient = checkImeiError(request, CAUSE.invalidMandatoryInformation);
    return { outcome: 'error', imsi, toClient, toHlr: undefined };
  }
  // osmo-hlr refuses 15 and 16 digits, and the MSC would reject the subscriber for that.
  const forHlr = () => (digits.length === EQUIPMENT_DIGITS ? message : withEquipmentDigits(request, imei.equipment));
  const answer = ask(asked, digits, imei, peer, policy.check);
  if (answer.kind === 'unavailable') return { outcome: 'unavailable', imsi, toClient: undefined, toHlr: forHlr() };
  const known = answer.kind === 'status' && (answer.equipmentStatus === 'prohibited' ? 'NACK' : 'ACK');
  const result = known || policy.unknown;
  const isStored = policy.alsoStore && result === 'ACK' && imsi !== undefined;
  return {
    outcome: result,
    imsi,
    toClient: checkImeiResult(request, result),
    toHlr: isStored ? forHlr() : undefined,
  };
}
