import { Imei } from '#base/identity/index.ts';

/** Equipment as a PEI names it (TS 29.571 5.3.2, Pei). */
export interface Equipment {
  /** Undefined for a MAC address, an EUI-64 and every form we do not know: never an IMEI, whatever its digits. */
  readonly imei: Imei | undefined;
  /** Two digits of an IMEISV. */
  readonly softwareVersion: string | undefined;
}

const DIGITS = /^[0-9]+$/;
const IMEI = { prefix: 'imei-', digits: 15 } as const;
const IMEISV = { prefix: 'imeisv-', digits: 16 } as const;
const EQUIPMENT_DIGITS = 14;
const OPAQUE: Equipment = { imei: undefined, softwareVersion: undefined };

/**
 * The equipment of a PEI; undefined for an `imei-` without 15 digits and an `imeisv-` without 16. The pattern of every identity ends in
 * `|.+`, so every other text of at least one character is a PEI, if one we cannot look up.
 */
export function parsePei(pei: string): Equipment | undefined {
  if (pei.length === 0) return undefined;
  const form = pei.startsWith(IMEI.prefix) ? IMEI : pei.startsWith(IMEISV.prefix) ? IMEISV : undefined;
  if (form === undefined) return OPAQUE;
  const digits = pei.slice(form.prefix.length);
  if (digits.length !== form.digits || !DIGITS.test(digits)) return undefined;
  return {
    imei: Imei.parse(digits),
    softwareVersion: form === IMEISV ? digits.slice(EQUIPMENT_DIGITS) : undefined,
  };
}
