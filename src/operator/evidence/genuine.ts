import { toHex } from '#base/codec/index.ts';
import { FINDING_SENTENCES, type FindingSaid } from './finding-sentences.ts';
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
  /** The argument in sentences, and the same in English. */
  readonly said: readonly FindingSaid[];
  readonly argument: string;
}

/**
 * Names the newest proof, when all proofs are of one storage support: a handset whose SIM was changed is still one handset. Who only claims
 * the IMEI is never named, however long or often.
 */
export function genuineOf(provers: readonly Prover[]): Genuine {
  const found = judged(provers);
  return { ...found, argument: FINDING_SENTENCES.words(found.said) };
}

const { say } = FINDING_SENTENCES;

function judged(provers: readonly Prover[]): Omit<Genuine, 'argument'> {
  const supports = [...new Set(provers.map(({ support }) => (support === undefined ? 'unnamed' : toHex(support))))];
  const [support = ''] = supports;
  const newest = provers.toSorted((a, b) => (b.provedAt ?? 0) - (a.provedAt ?? 0))[0];
  if (newest === undefined) return { imsi: undefined, because: { code: 'nobodyProves' }, said: [say('nobodyProves')] };
  if (supports.length > 1)
    return {
      imsi: undefined,
      because: { code: 'severalSupports', supports },
      said: [say('severalProve', { supports: supports.join(', ') })],
    };
  const uiccs = provers.length;
  const { provedAt, provedLevel: level } = newest;
  return {
    imsi: newest.imsi,
    because: { code: uiccs === 1 ? 'proved' : 'provedToSeveral', support, level, provedAt, uiccs },
    said: [proofSaid(support, newest), ...(uiccs === 1 ? [] : [say('provedToSeveral', { uiccs })])],
  };
}

function proofSaid(support: string, { provedAt, provedLevel }: Prover): FindingSaid {
  if (provedAt === undefined) return say('provedOnce', { support });
  const at = new Date(provedAt).toISOString();
  return say(provedLevel === 'attested-static' ? 'provedStatic' : 'provedSession', { support, at });
}
