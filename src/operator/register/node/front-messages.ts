import type { Front } from '../front.ts';
import type { AnswerCounts } from './answering.ts';
import type { SeenPair } from './claim-filter.ts';
import type { FrontAddress, FrontCounts, FrontSettings } from './fronts.ts';
import type { ImageChange, ImageParts } from './image.ts';

/** From the register to a thread of fronts. */
export type ToFronts =
  /** First of all, once: what to answer by, and where to listen. */
  | { readonly kind: 'begin'; readonly settings: FrontSettings; readonly parts: ImageParts }
  | { readonly kind: 'change'; readonly change: ImageChange }
  /** The pairs were taken: more may come. */
  | { readonly kind: 'taken' }
  /** Say so when all changes before this were taken. */
  | { readonly kind: 'settle' }
  | { readonly kind: 'drain' };

/** From a thread of fronts to the register. */
export type FromFronts =
  | { readonly kind: 'listening'; readonly addresses: readonly FrontAddress[] }
  | { readonly kind: 'failed'; readonly problem: string }
  | { readonly kind: 'seen'; readonly pairs: readonly SeenPair[] }
  | { readonly kind: 'counts'; readonly counts: FrontStatus }
  | { readonly kind: 'news'; readonly text: string }
  | { readonly kind: 'settled' }
  | { readonly kind: 'drained' };

/** How the fronts of a thread do. */
export interface FrontStatus {
  readonly answers: Readonly<Partial<Record<Front, AnswerCounts>>>;
  readonly fronts: Readonly<Partial<Record<Front, FrontCounts>>>;
  readonly dropped: number;
}
