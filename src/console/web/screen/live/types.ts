import type { AnswerOf } from '../../api/client.ts';

/** Who kept what is looked at: a laboratory that runs, or the operator for itself. */
export type Place = 'laboratory' | 'operator';
/** A handset of the laboratory. */
export type Handset = AnswerOf<'GET /api/v1/laboratory/handsets'>['handsets'][number];
/** What a handset did, from one act of its person to the next. */
export type Exchange = AnswerOf<'GET /api/v1/laboratory/exchanges'>['exchanges'][number];
/** One hop in the ladder. */
export type Hop = AnswerOf<'GET /api/v1/laboratory/exchanges/{exchange}/hops'>['hops'][number];
/** One hop with its octets. */
export type DescribedHop = AnswerOf<'GET /api/v1/laboratory/hops/{hop}'>;
/** An octet string of a hop. */
export type Sheet = DescribedHop['sheets'][number];
/** A stretch of a sheet. */
export interface Range {
  readonly sheet: string;
  readonly from: number;
  readonly to: number;
}
