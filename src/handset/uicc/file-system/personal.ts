import { concat, fromHex, NO_OCTETS, swappedBcd } from '#base/codec/index.ts';
import { suciCalculation } from '#base/identity/index.ts';
import { diallingNumber, internationalAddress } from '#protocol/sms/index.ts';
import type { UiccProfile } from '../profile.ts';
import { serviceTable } from './coding-general.ts';
import { network } from './coding-network.ts';
import { filled } from './elementary-file.ts';

// Start values that a card's own profile gives: what makes one card different from the next of its kind.

/** UTRAN, E-UTRAN, NG-RAN and GSM (TS 31.102 4.2.5). */
const ALL_TECHNOLOGIES = fromHex('C880');
const SMSP_INDICATORS = 0xe5;
/** Octets of the alpha identifiers of EF.MSISDN and EF.SMSP. */
export const ALPHA = { msisdn: 14, smsp: 24 } as const;

/** The home network (TS 24.008 10.5.1.13). */
const homeNetwork = ({ imsi, mncLength }: UiccProfile): Uint8Array =>
  network.encode(imsi.digits.slice(0, 3 + mncLength));

/** Networks in a list with technologies, and a list without any. */
export const NETWORKS = 8;
export const NO_NETWORKS: string = 'FFFFFF0000'.repeat(NETWORKS);

/** EF.HPLMNwAcT: the home network with all technologies (TS 31.102 4.2.54). */
export const homeNetworkWithTechnology = (profile: UiccProfile): Uint8Array =>
  concat(homeNetwork(profile), ALL_TECHNOLOGIES, fromHex('FFFFFF0000'.repeat(NETWORKS - 1)));

/** EF.EHPLMN: the home network itself (TS 31.102 4.2.84). */
export const equivalentHomeNetworks = (profile: UiccProfile): Uint8Array => homeNetwork(profile);

/** The null-scheme, by the terminal. */
const USUAL_SUCI: NonNullable<UiccProfile['suci']> = {
  by: 'terminal',
  calculation: { schemes: [{ scheme: 0, keyIndex: 0 }], keys: [] },
  routingIndicator: '0',
};

/** What is needed to calculate a SUCI stands with him who does it: the other finds nothing (TS 31.102 4.4.11.8). */
export const concealment =
  (who: 'terminal' | 'usim') =>
  ({ suci = USUAL_SUCI }: UiccProfile): Uint8Array =>
    suci.by === who ? suciCalculation.encode(suci.calculation) : NO_OCTETS;

/** EF.Routing_Indicator: digits, and two octets for later use (TS 31.102 4.4.11.11). */
export const routingIndicator = ({ suci = USUAL_SUCI }: UiccProfile): Uint8Array =>
  concat(swappedBcd(2).encode(suci.routingIndicator), filled(2));

/** Calculation of the SUCI by the USIM (TS 31.102 4.2.8). */
const SERVICE_SUCI_BY_USIM = 125;
/** EF.UST of a card that offers these services: one more where the USIM calculates the SUCI. */
export const usimServices =
  (services: readonly number[], octets: number) =>
  ({ suci }: UiccProfile): Uint8Array =>
    serviceTable(octets).encode(suci?.by === 'usim' ? [...services, SERVICE_SUCI_BY_USIM] : services);

/** One access class, 0 to 9, by the last digit of the IMSI (TS 22.011 4.2). */
export function accessClass({ imsi }: UiccProfile): Uint8Array {
  const bits = 1 << Number(imsi.digits.at(-1));
  return Uint8Array.of(bits >> 8, bits);
}

/** Number with its length, in `length` octets filled with FF (TS 31.102 4.2.26, 4.2.27). */
function numberField(digits: string, length: number): Uint8Array {
  const number = diallingNumber.encode(internationalAddress(digits));
  const field = filled(length);
  field[0] = number.length;
  field.set(number, 1);
  return field;
}

/** EF.MSISDN. */
export const subscriberNumber = ({ msisdn }: UiccProfile): Uint8Array =>
  concat(filled(ALPHA.msisdn), numberField(msisdn.digits, 12), filled(2));

/** EF.SMSP: only service centre, coding and validity are given: PID FF, DCS 00, validity A8 (two days). */
export const shortMessageParameters = ({ serviceCentre }: UiccProfile): Uint8Array =>
  concat(
    filled(ALPHA.smsp),
    Uint8Array.of(SMSP_INDICATORS),
    filled(12),
    numberField(serviceCentre.digits, 12),
    fromHex('FF00A8'),
  );
