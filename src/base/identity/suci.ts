import { constant, type Format, format, type Infer, rest, struct, swappedBcd, u8 } from '#base/codec/index.ts';

/** The operator of a SUPI, in clear in its SUCI: mobile country code of 3 digits, mobile network code of 2 or 3. */
export interface HomeNetwork {
  readonly mcc: string;
  readonly mnc: string;
}

const FILLER = 'F';
const MCC = /^\d{3}$/;
const MNC = /^\d{2,3}$/;

/** MCC2 MCC1 | MNC3 MCC3 | MNC2 MNC1, MNC3 being F with two digits (TS 24.501 figure 9.11.3.4.3). */
const homeNetwork: Format<HomeNetwork> = format(
  (reader) => {
    const at = reader.position;
    let nibbles = '';
    for (const octet of reader.copy(3)) nibbles += (octet & 0xf).toString(16) + (octet >> 4).toString(16);
    const mcc = nibbles.slice(0, 3);
    const third = nibbles.slice(3, 4).toUpperCase();
    const mnc = nibbles.slice(4) + (third === FILLER ? '' : third);
    if (!MCC.test(mcc) || !MNC.test(mnc)) throw reader.error('expected digits of a home network', at);
    return { mcc, mnc };
  },
  (writer, { mcc, mnc }) => {
    if (!MCC.test(mcc) || !MNC.test(mnc))
      throw writer.error('expected a country code of 3 digits, a network code of 2 or 3');
    const nibbles = mcc + (mnc[2] ?? FILLER) + mnc.slice(0, 2);
    for (let i = 0; i < nibbles.length; i += 2) writer.u8(Number.parseInt(`${nibbles[i + 1]}${nibbles[i]}`, 16));
  },
);

/**
 * The SUCI of an IMSI as the mobile identity of 5GS holds it from octet 4 on (TS 24.501 9.11.3.4, TS 23.003 2.2B). Protection scheme: 0
 * null, 1 and 2 profiles A and B (TS 33.501 C.1), 12 to 15 the operator's own. Key identifier: which key of the home network, 0 without.
 */
export const suci = struct({
  /** SUPI format IMSI, type of identity SUCI. */
  kind: constant(Uint8Array.of(0x01)),
  homeNetwork,
  routingIndicator: swappedBcd(2),
  protectionScheme: u8,
  keyIdentifier: u8,
  schemeOutput: rest(1, 3000),
});
/** The SUCI of an IMSI. */
export type Suci = Infer<typeof suci>;
