import type { Laboratory } from '#lab/laboratory/index.ts';
import { type EventStreams, exchangeOperationsOf, type Operation } from '#operator/api/index.ts';
import { HandsetName } from './operation.ts';

/** Exchanges of the laboratory. Its numbers are made up, and its octets are for everybody who may look. */
export const exchangeOperations = ({ exchanges, opened }: Laboratory, streams: EventStreams): readonly Operation[] =>
  exchangeOperationsOf(
    {
      ...{ tag: 'laboratory', permission: 'laboratory.read', path: '/api/v1/laboratory', name: 'Laboratory' },
      about:
        'Plain texts are there because the laboratory’s own cards opened them; no key leaves a card, and no real card is asked.',
      ...{ handset: HandsetName, isPersonal: false },
      log: () => ({ log: exchanges, most: exchanges.most }),
      shown: () => ({ opened }),
      given: () => {},
    },
    streams,
  );
