import type { Imei } from '#base/identity/index.ts';
import { ForgesImei } from './fraudulent/forges-imei.ts';
import { LiesToNetwork } from './fraudulent/lies-to-network.ts';
import { RelaysElsewhere } from './fraudulent/relays-elsewhere.ts';
import { ReordersApdus } from './fraudulent/reorders-apdus.ts';
import { SkipsProof } from './fraudulent/skips-proof.ts';
import { SuppressesAnswer } from './fraudulent/suppresses-answer.ts';
import { SuppressesReport } from './fraudulent/suppresses-report.ts';
import { type Flash, OperatingSystem } from './operating-system.ts';

interface Variant {
  /** One line for people: what it does otherwise. */
  readonly does: string;
  /** It needs the IMEI of another handset to lie with. */
  readonly needsOtherImei: boolean;
  readonly make: (flash: Flash, other: Imei) => OperatingSystem;
}

/** The operating systems of the lab by the names that commands take, with the threat each one is (facts/threats.md). */
export const VARIANTS = {
  honest: { does: 'does what the standards ask', needsOtherImei: false, make: (flash) => new OperatingSystem(flash) },
  'forges-imei': {
    does: 'forges the IMEI in the relay (T01)',
    needsOtherImei: true,
    make: (flash, other) => new ForgesImei(flash, other),
  },
  'lies-to-network': {
    does: 'tells the network another IMEI (T02)',
    needsOtherImei: true,
    make: (flash, other) => new LiesToNetwork(flash, other),
  },
  'skips-proof': {
    does: 'never reaches the storage support (T03)',
    needsOtherImei: false,
    make: (flash) => new SkipsProof(flash),
  },
  'reorders-apdus': {
    does: 'repeats and reorders APDUs (T04)',
    needsOtherImei: false,
    make: (flash) => new ReordersApdus(flash),
  },
  'suppresses-report': {
    does: 'drops the report to the operator (T15)',
    needsOtherImei: false,
    make: (flash) => new SuppressesReport(flash),
  },
  'suppresses-answer': {
    does: 'drops the answer of the operator (T16)',
    needsOtherImei: false,
    make: (flash) => new SuppressesAnswer(flash),
  },
  'relays-elsewhere': {
    does: "relays to another genuine handset's storage support (T19)",
    needsOtherImei: true,
    make: (flash, other) => new RelaysElsewhere(flash, other),
  },
} as const satisfies Readonly<Record<string, Variant>>;

/** Name of an operating system of the lab. */
export type VariantName = keyof typeof VARIANTS;

/** TERMINAL PROFILE of these operating systems: what `ToolkitTerminal` performs, and nothing else (TS 102 223 5.2). */
export const PERFORMED_FEATURES = [
  'profileDownload',
  'smsPpDownload',
  'smsPpDataDownload',
  'callControl',
  'displayText',
  'moreTime',
  'pollInterval',
  'pollingOff',
  'refresh',
  'sendShortMessage',
  'setUpCall',
  'provideLocalInformation',
  'setUpEventList',
  'powerOnCard',
  'powerOffCard',
  'performCardApdu',
  'imeiSv',
] as const;
