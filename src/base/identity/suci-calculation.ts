import { type Format, format, listOf, rest, struct, tagged, u8 } from '#base/codec/index.ts';

/** A scheme that the home network allows: its number, and which key of the list it uses, from 1; 0 for the null-scheme. */
export interface AllowedScheme {
  readonly scheme: number;
  readonly keyIndex: number;
}

/** A public key of the home network: the number by which a SUCI names it, and its octets (32 of profile A, 33 or 65 of profile B). */
export interface HomeNetworkKey {
  readonly identifier: number;
  readonly key: Uint8Array;
}

/** How a SUCI is calculated: schemes, the most wanted first, and keys. */
export interface SuciCalculation {
  readonly schemes: readonly AllowedScheme[];
  readonly keys: readonly HomeNetworkKey[];
}

const KEYS = 0xa1;
const MOST = 16;
const schemeList = tagged(0xa0, listOf(struct({ scheme: u8, keyIndex: u8 }), MOST));
const keyList = tagged(KEYS, listOf(struct({ identifier: tagged(0x80, u8), key: tagged(0x81, rest(1, 255)) }), MOST));

/** EF.SUCI_Calc_Info (TS 31.102 4.4.11.8) without the filler that may follow. */
export const suciCalculation: Format<SuciCalculation> = format(
  (reader) => ({ schemes: schemeList.read(reader), keys: reader.peek() === KEYS ? keyList.read(reader) : [] }),
  (writer, { schemes, keys }) => {
    schemeList.write(writer, schemes);
    if (keys.length > 0) keyList.write(writer, keys);
  },
);
