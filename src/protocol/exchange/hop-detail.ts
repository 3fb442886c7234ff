import { sentences } from '#base/sentence/index.ts';

/** What is worth knowing about a hop of the laboratory beside its octets. */
export const HOP_DETAILS = sentences({
  vector: 'authentication vector',
  unknownSubscriber: 'unknown subscriber',
  inStep: 'in step again',
  autsRefused: 'AUTS refused',
  permitted: 'permitted',
  tracking: 'tracking',
  prohibited: 'prohibited',
  accepted: 'accepted',
  refused: 'refused, RP cause {cause}',
  noAnswer: 'no answer: {reason}',
  noMessage: 'octets that are no layer 3 message of this network: dropped',
  lost: 'lost by the laboratory',
  repeated: 'a copy, sent again by the laboratory',
});
