import { sameOctets } from '#base/codec/index.ts';
import { type Answer, OK, refuse } from '#handset/card/index.ts';
import { type CommandApdu, SW } from '#protocol/apdu/index.ts';
import { APPLICATION_STATE, CARD_LIFE_CYCLE, PRIVILEGE } from '#protocol/card-management/index.ts';
import { IMEI_LOCK_AID } from '#protocol/imei-lock/index.ts';
import { type ManagedCard, mayChange } from './managed-card.ts';
import { type Domain, ISSUER, isLocked } from './registry.ts';
import type { Requester } from './requester.ts';

/** P1 of SET STATUS (GPC 2.3.1 table 11-86). */
const STATUS_OF = { card: 0x80, application: 0x40, domainAndIts: 0x60 } as const;
/** Ways of the card's life cycle; any of them may end in TERMINATED (GPC 2.3.1 figure 5-1). */
const CARD_STEPS: Readonly<Record<number, readonly number[]>> = {
  [CARD_LIFE_CYCLE.ready]: [CARD_LIFE_CYCLE.initialized, CARD_LIFE_CYCLE.secured],
  [CARD_LIFE_CYCLE.initialized]: [CARD_LIFE_CYCLE.secured],
  [CARD_LIFE_CYCLE.secured]: [CARD_LIFE_CYCLE.locked],
  [CARD_LIFE_CYCLE.locked]: [CARD_LIFE_CYCLE.secured],
};
const { locked, personalized } = APPLICATION_STATE;

/** SET STATUS (GPC 2.3.1 11.10). */
export function setStatus({ p1, p2, data }: CommandApdu, card: ManagedCard, requester: Requester): Answer {
  if (p1 === STATUS_OF.card) return setCardStatus(p2, card, requester);
  if (p1 !== STATUS_OF.application && p1 !== STATUS_OF.domainAndIts) return refuse(SW.wrongParameters);
  // The lock obeys the orders of its own protocol alone: whoever could lock it could switch it off.
  if (sameOctets(data, IMEI_LOCK_AID)) return refuse(SW.conditionsOfUseNotSatisfied);
  const { registry } = card;
  const target = registry.byAid(data);
  if (target === undefined) return refuse(SW.referencedDataNotFound);
  if (target.number === ISSUER || !mayChange(target, requester)) return refuse(SW.conditionsOfUseNotSatisfied);
  const lifeCycle = nextState(target, p2);
  if (lifeCycle === undefined) return refuse(SW.conditionsOfUseNotSatisfied);
  const its = p1 === STATUS_OF.domainAndIts ? registry.belongingTo(target.number) : [];
  const changed = its.map((domain) => ({ ...domain, lifeCycle: nextState(domain, p2) ?? domain.lifeCycle }));
  registry.keep([{ ...target, lifeCycle }, ...changed]);
  return OK;
}

/** Lock (b8), unlock to what it was, or PERSONALIZED for good. */
function nextState(domain: Domain, p2: number): number | undefined {
  if ((p2 & locked) !== 0) return domain.lifeCycle | locked;
  if (isLocked(domain)) return domain.lifeCycle & ~locked;
  return p2 === personalized ? personalized : undefined;
}

/** The whole card: forwards, locked and back, and TERMINATED, from which nothing leads. */
function setCardStatus(state: number, { lifeCycle, registry }: ManagedCard, { domain }: Requester): Answer {
  const privileges = registry.at(domain)?.privileges[0] ?? 0;
  const isEnd = state === CARD_LIFE_CYCLE.terminated;
  const needed = isEnd ? PRIVILEGE.cardTerminate : PRIVILEGE.cardLock;
  if ((privileges & needed) === 0) return refuse(SW.conditionsOfUseNotSatisfied);
  if (!isEnd && CARD_STEPS[lifeCycle.state]?.includes(state) !== true) return refuse(SW.conditionsOfUseNotSatisfied);
  lifeCycle.keep(state);
  return OK;
}
