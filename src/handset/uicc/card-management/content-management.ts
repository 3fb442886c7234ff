import { CodecError } from '#base/codec/index.ts';
import { type Answer, CardMemoryFull, type CommandRow, commandTable, refuse } from '#handset/card/index.ts';
import { type CommandApdu, SW } from '#protocol/apdu/index.ts';
import { CARD_LIFE_CYCLE } from '#protocol/card-management/index.ts';
import { deleteObject } from './delete-command.ts';
import { install } from './install-command.ts';
import type { ManagedCard } from './managed-card.ts';
import { putKeys } from './put-key-command.ts';
import { type Domain, isLocked } from './registry.ts';
import type { Requester } from './requester.ts';
import { setStatus } from './set-status.ts';
import { getStatus } from './status-command.ts';

/** A command in its context: the card, the domain that acts, who asks. */
interface Context {
  readonly card: ManagedCard;
  readonly domain: Domain;
  readonly requester: Requester;
}
type Row = CommandRow<Context, Answer>;

const row = (name: string, ins: number, data: Row['data'], serve: Row['serve']): Row => ({
  name,
  ins,
  class: 'proprietary',
  data,
  serve,
});

const GET_DATA: Row = {
  name: 'GET DATA',
  ins: 0xca,
  class: 'both',
  data: 'any',
  serve: (command, { card, domain }) => card.data.get(command, domain, true),
};

const serve = commandTable<Context, Answer>(
  [
    GET_DATA,
    row('GET STATUS', 0xf2, 'some', (command, { card, requester }) => getStatus(command, card, requester)),
    row('SET STATUS', 0xf0, 'any', (command, { card, requester }) => setStatus(command, card, requester)),
    row('PUT KEY', 0xd8, 'some', (command, { card, domain, requester }) => putKeys(command, card, domain, requester)),
    row('STORE DATA', 0xe2, 'some', storeData),
    row('INSTALL', 0xe6, 'some', (command, { card, requester }) => install(command, card, requester)),
    row('DELETE', 0xe4, 'some', (command, { card, domain, requester }) =>
      deleteObject(command, card, domain, requester),
    ),
    // No INSTALL for load ever comes before it.
    row('LOAD', 0xe8, 'any', () => refuse(SW.conditionsOfUseNotSatisfied)),
  ],
  refuse,
);

/** Instructions that need an authenticated requester. */
export const GUARDED_INSTRUCTIONS: ReadonlySet<number> = new Set([0xf2, 0xf0, 0xd8, 0xe2, 0xe6, 0xe4, 0xe8]);
/** What is served while the card is locked (GPC 2.3.1 5.1.1.4): what is needed to see it and to unlock it. */
const WHILE_LOCKED: ReadonlySet<number> = new Set([0xca, 0xf2, 0xf0]);

/** STORE DATA goes to the domain that INSTALL for personalization named, up to its last block; otherwise to the one that acts. */
function storeData(command: CommandApdu, { card, domain, requester }: Context): Answer {
  const { conversation } = requester;
  const { personalising } = conversation;
  const target = personalising === undefined ? domain : card.registry.at(personalising);
  if (target === undefined) return refuse(SW.conditionsOfUseNotSatisfied);
  const answer = card.data.store(command, target, requester);
  if (answer.isLast === true) conversation.personalising = undefined;
  return answer;
}

/**
 * Answers a command of card content management (GPC 2.3.1 11) from a requester that is authenticated, whatever its octets. Each changes
 * the card in one commit or not at all. There is no runtime for loaded code: INSTALL for load is 6A81, LOAD 6985. Delegated management,
 * tokens and receipts are not offered.
 */
export function manageContent(command: CommandApdu, card: ManagedCard, requester: Requester): Answer {
  const domain = card.registry.at(requester.domain);
  // A session may be open on one channel while another locks its domain.
  if (domain === undefined || isLocked(domain)) return refuse(SW.conditionsOfUseNotSatisfied);
  const isCardLocked = card.lifeCycle.state === CARD_LIFE_CYCLE.locked;
  if (isCardLocked && !WHILE_LOCKED.has(command.ins)) return refuse(SW.conditionsOfUseNotSatisfied);
  try {
    return serve(command, { card, domain, requester });
  } catch (error) {
    if (error instanceof CodecError) return refuse(SW.wrongData);
    if (error instanceof CardMemoryFull) return refuse(SW.notEnoughMemory);
    throw error;
  }
}
