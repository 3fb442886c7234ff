import { Iccid, Imsi } from '#base/identity/index.ts';
import type { Subscribers } from '#operator/subscriber/index.ts';
import { parsed } from './given.ts';
import { ProblemError } from './problem.ts';
import { RESOURCE, VALUE } from './refusals.ts';

/** The UICC that a body names by its ICCID or its subscriber, one of the two. Throws ProblemError. */
export function iccidOf(
  subscribers: Subscribers,
  { iccid, imsi }: { readonly iccid?: string; readonly imsi?: string },
): Iccid {
  if ((iccid === undefined) === (imsi === undefined))
    throw new ProblemError('invalid-value', {
      ...VALUE.say(iccid === undefined ? 'noUiccNamed' : 'uiccNamedTwice'),
      at: '/iccid',
    });
  if (iccid !== undefined) return parsed(Iccid.parse, iccid, '/iccid');
  const found = subscribers.byImsi(parsed(Imsi.parse, imsi ?? '', '/imsi'));
  if (found !== undefined) return found.iccid;
  throw new ProblemError('conflict', { ...RESOURCE.say('imsiUnknown'), at: '/imsi' });
}
