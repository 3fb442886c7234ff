import { Imei, Imsi } from '#base/identity/index.ts';
import type { PairBounds } from '../pair-rules.ts';
import type { PlainPairRule } from './image.ts';

/** A pair rule from the plain data that went to another thread; its words stay behind. */
export const ruleOfPlain = ({ kind, first, last, firstImsi, lastImsi }: PlainPairRule): PairBounds => ({
  kind,
  note: '',
  first: Imei.parse(first),
  last: Imei.parse(last),
  firstImsi: Imsi.parse(firstImsi),
  lastImsi: Imsi.parse(lastImsi),
});
