import type { Duration } from './element.ts';
import type { TextString } from './text-string.ts';

/** What PROVIDE LOCAL INFORMATION asks for: its qualifier (TS 102 223 8.6). */
export const LOCAL_INFORMATION = {
  location: 0x00,
  imei: 0x01,
  networkMeasurement: 0x02,
  dateTime: 0x03,
  language: 0x04,
  timingAdvance: 0x05,
  accessTechnology: 0x06,
  imeiSv: 0x08,
  searchMode: 0x09,
  batteryState: 0x0a,
} as const;
/** What PROVIDE LOCAL INFORMATION asks for. */
export type LocalInformation = keyof typeof LOCAL_INFORMATION;

/** What REFRESH makes the terminal do: its qualifier (TS 102 223 8.6). */
export const REFRESH_MODE = {
  initialisationAndFullFileChange: 0x00,
  fileChange: 0x01,
  initialisationAndFileChange: 0x02,
  initialisation: 0x03,
  uiccReset: 0x04,
  applicationReset: 0x05,
  sessionReset: 0x06,
} as const;
/** What REFRESH makes the terminal do. */
export type RefreshMode = keyof typeof REFRESH_MODE;

/** Files of a REFRESH (TS 102 223 8.18): how many, and their paths one after another, each from 3F00 or 7FFF on. */
export interface FileList {
  readonly count: number;
  readonly paths: Uint8Array;
}

/**
 * A proactive command (TS 102 223 6.6). `number` is the command number 1 to 254, `reader` an additional card reader 0
 * to 7. Octet strings may be views of the octets given to `decodeProactiveCommand`.
 */
export type ProactiveCommand = { readonly number: number } & (
  | { readonly type: 'PERFORM CARD APDU'; readonly reader: number; readonly apdu: Uint8Array }
  | { readonly type: 'POWER ON CARD'; readonly reader: number }
  | { readonly type: 'POWER OFF CARD'; readonly reader: number }
  | { readonly type: 'GET READER STATUS'; readonly ask: 'status' }
  | { readonly type: 'GET READER STATUS'; readonly ask: 'identifier'; readonly reader: number }
  | { readonly type: 'PROVIDE LOCAL INFORMATION'; readonly information: LocalInformation }
  | {
      readonly type: 'DISPLAY TEXT';
      readonly priority: 'normal' | 'high';
      readonly cleared: 'afterDelay' | 'byUser';
      readonly text: TextString;
      readonly immediateResponse: boolean;
      readonly duration?: Duration;
    }
  | {
      readonly type: 'SEND SHORT MESSAGE';
      /** The terminal packs the text of the TPDU to 7 bit; false for secured packets. */
      readonly packing: boolean;
      readonly alphaIdentifier?: Uint8Array;
      /** TON/NPI and swapped digits of the service centre (TS 102 223 8.1); absent: the terminal's own. */
      readonly address?: Uint8Array;
      /** The SMS-SUBMIT. */
      readonly tpdu: Uint8Array;
    }
  /**
   * Calls the address (TON/NPI and swapped digits) when the user is not on a call (TS 102 223 6.4.13, qualifier 00).
   */
  | { readonly type: 'SET UP CALL'; readonly alphaIdentifier?: Uint8Array; readonly address: Uint8Array }
  | { readonly type: 'SET UP EVENT LIST'; readonly events: readonly number[] }
  | { readonly type: 'POLL INTERVAL'; readonly interval: Duration }
  | { readonly type: 'POLLING OFF' }
  | { readonly type: 'MORE TIME' }
  | { readonly type: 'TIMER MANAGEMENT'; readonly action: 'start'; readonly timer: number; readonly seconds: number }
  | { readonly type: 'TIMER MANAGEMENT'; readonly action: 'deactivate' | 'getValue'; readonly timer: number }
  | {
      readonly type: 'REFRESH';
      readonly mode: RefreshMode;
      readonly files?: FileList;
      readonly aid?: Uint8Array;
    }
  | { readonly type: 'RUN AT COMMAND'; readonly alphaIdentifier?: Uint8Array; readonly atCommand: Uint8Array }
  | {
      readonly type: 'PLAY TONE';
      readonly alphaIdentifier?: Uint8Array;
      readonly tone?: number;
      readonly duration?: Duration;
      readonly qualifier: number;
    }
  /**
   * A command this room does not know: its octets after the device identities as they stand. The terminal answers 31.
   */
  | {
      readonly type: 'UNKNOWN';
      readonly code: number;
      readonly qualifier: number;
      readonly destination: number;
      readonly objects: Uint8Array;
    }
);
