import type { Catalogue } from '../catalogue.ts';

/** Screen 1: the overview. */
export const overview = {
  title: 'Overview',
  uiccs: { one: 'UICC issued', other: 'UICCs issued' },
  proved: 'Proved',
  claimed: 'Claimed only',
  refuted: 'Refuted',
  ordersWaiting: 'Orders under way',
  ordersFailed: 'Orders failed',
  lists: 'Lists',
  list: 'List',
  entries: 'Entries',
  expired: 'Of these expired',
  black: 'Prohibited',
  grey: 'Tracking',
  white: 'Permitted',
  trouble: 'The gateway is in trouble: {problem}',
} as const satisfies Catalogue;
