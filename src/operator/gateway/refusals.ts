import { refusals } from '#base/sentence/index.ts';

/** Why an order is not given. */
export const GATEWAY_REFUSALS = refusals({
  noOrderReason: ['an author and a reason for the order', 'nothing', 'say who orders it, and why'],
  orderExpiryPassed: ['a time to come', 'one that has passed', 'choose a later one'],
  orderHasNoEnd: [
    'an order that lasts (permit, track, block, stopKeys)',
    '{order}',
    'leave the time out: this order is done once',
  ],
  uiccNotIssued: ['a UICC that was issued', 'another', 'issue it first'],
});
