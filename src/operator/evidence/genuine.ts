import { toHex } from '#base/codec/index.ts';
import type { EvidenceLevel } from './level.ts';

/** A UICC that proves an IMEI now. */
export interface Prover {
  readonly imsi: string;
  readonly provedAt: number | undefined;
  readonly provedLevel: EvidenceLevel | undefined;
  readonly support: Uint8Array | undefined;
}

/** Why a handset is named genuine, or why none is. */
export type GenuineBecause =
  | { readonly code: 'nobodyProves' }
  | { readonly code: 'severalSupports'; readonly supports: readonly string[] }
  | {
      readonly code: 'proved' | 'provedToSeveral';
      readonly support: string;
      readonly level: EvidenceLevel | undefined;
      readonly provedAt: number | undefined;
      /** UICCs that it proved the IMEI to. */
      readonly uiccs: number;
    };

/** Which of several handsets with one IMEI is genuine, and why; `imsi` undefined: nobody can be named. */
export interface Genuine {
  readonly imsi: string | undefined;
  readonly because: GenuineBecause;
  /** For people. */
  readonly argument: string;
}

/**
 * Names the newest proof, when all proofs are of one storage support: a handset whose SIM was changed is still one handset. Who only claims
 * the IMEI is never named, however long or often.
 */
export function genuineOf(provers: readonly Prover[]): Genuine {
  const supports = [...new Set(provers.map(({ support }) => (support === undefined ? 'unnamed' : toHex(support))))];
  const newest = provers.toSorted((a, b) => (b.provedAt ?? 0) - (a.provedAt ?? 0))[0];
  if (newest === undefined)
    return {
      imsi: undefined,
      because: { code: 'nobodyProves' },
      argument: 'No handset proves this IMEI: which one is genuine is not known.',
    };
  if (supports.length > 1)
    return {
      imsi: undefined,
      because: { code: 'severalSupports', supports },
      argument: `Storage supports ${supports.join(' and ')} both prove this IMEI: nobody is named genuine; ask their maker.`,
    };
  const keys = newest.provedLevel === 'attested-static' ? 'static keys' : 'session keys';
  const on = newest.provedAt === undefined ? '' : ` on ${new Date(newest.provedAt).toISOString()}`;
  const moved =
    provers.length === 1
      ? ''
      : ` It proved it to ${provers.length} UICCs, this one last: one handset whose SIM was changed.`;
  return {
    imsi: newest.imsi,
    because: {
      code: provers.length === 1 ? 'proved' : 'provedToSeveral',
      ...{ support: supports[0] ?? '', level: newest.provedLevel, provedAt: newest.provedAt, uiccs: provers.length },
    },
    argument: `Its storage support ${supports[0]} proved the IMEI with ${keys}${on}; the others only claim it.${moved}`,
  };
}
