import { sentences } from '#base/sentence/index.ts';

/** Why an erasure leaves something, for whoever asks for one. */
export const REMAINS_REASONS = sentences({
  aboutHandset: 'the entry is about the handset, whoever has it; an entry is taken away by itself',
  subscriptionLives: 'the subscription lives: the network, the card and the operator need the record until it is ended',
  cardNeedsKeys: 'whoever loses the keys of a card loses the card',
  orderStands: 'what a person ordered of the UICC stands until it expires or is taken back',
  cardWasTold: 'it says what the card was told not to believe, and the card cannot be asked',
  orderUnderWay: 'orders under way are delivered first',
  ruleStands: 'the rule stands until it is taken away by itself',
  givenToOthers: 'the line was given to other operators, and the next list has to tell what changed',
  goneInSeconds: 'work under way, gone within seconds',
  chainHolds:
    'who did what and when stays with the subject of the entry, as the chain of the log holds it; its details are erased',
  olderCopies: 'copies made before are older than the erasure; they end with their own time',
});

/** Why an erasure leaves something. */
export type RemainsReason = (typeof REMAINS_REASONS.codes)[number];
