import { fromHex } from '#base/codec/index.ts';
import { terminalProfile } from '#protocol/usat/index.ts';

const USUAL = ['profileDownload', 'smsPpDownload', 'smsPpDataDownload', 'displayText', 'sendShortMessage'] as const;
const ALL = [...USUAL, 'provideLocalInformation', 'powerOnCard', 'performCardApdu'] as const;

/** TERMINAL PROFILEs of other handsets. */
export const PROFILE = {
  /** All that a proof needs. */
  complete: terminalProfile(ALL),
  withoutRelay: terminalProfile([...USUAL, 'provideLocalInformation']),
  withoutImei: terminalProfile([...USUAL, 'powerOnCard', 'performCardApdu']),
  /** One octet: a profile may be short (TS 102 223 5.2). */
  short: fromHex('11'),
  /** Longer than any standard of today. */
  long: Uint8Array.of(...terminalProfile(ALL), ...new Uint8Array(200).fill(0xff)),
  /** What onomondo/onomondo-uicc was used with. */
  real: fromHex('FFFFFFFF7F9D00DFFF00001FE2000000C36B000700004000500000000008'),
} as const;
