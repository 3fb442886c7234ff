import { sameOctets } from '#base/codec/index.ts';
import { type Answer, answerWith, refuse } from '#handset/card/index.ts';
import { type CommandApdu, SW } from '#protocol/apdu/index.ts';
import {
  APPLICATION_STATE,
  type InstallRequest,
  ISSUER_DOMAIN_ALIAS,
  installRequest,
  PRIVILEGE,
  SECURITY_DOMAIN_MODULE,
  SECURITY_DOMAIN_PACKAGE,
  securityDomainParameters,
} from '#protocol/card-management/index.ts';
import { IMEI_LOCK_AID } from '#protocol/imei-lock/index.ts';
import { growthOf, type ManagedCard } from './managed-card.ts';
import { domainEntry, entryKey } from './memory.ts';
import { type Domain, ISSUER, isLocked } from './registry.ts';
import type { Requester } from './requester.ts';

/** P1 of INSTALL (GPC 2.3.1 table 11-40). */
const FOR = {
  load: 0x02,
  install: 0x04,
  makeSelectable: 0x08,
  installAndMakeSelectable: 0x0c,
  extradition: 0x10,
  personalization: 0x20,
} as const;
/** No confirmation follows (GPC 2.3.1 table 11-52). */
export const NO_CONFIRMATION: Answer = answerWith(Uint8Array.of(0));
const RID_OCTETS = 5;
/**
 * Names that no one may take: of USIM, ISIM and other applications of 3GPP and ETSI. A domain under such a name would be found when a
 * handset selects its USIM by the beginning of its AID.
 */
const FOREIGN_RIDS: readonly Uint8Array[] = [
  Uint8Array.of(0xa0, 0x00, 0x00, 0x00, 0x87),
  Uint8Array.of(0xa0, 0x00, 0x00, 0x00, 0x09),
];
const SHORTEST_AID = 5;
const LONGEST_AID = 16;

/** INSTALL (GPC 2.3.1 11.5): security domains from the built-in package, extradition, personalization. Throws CodecError. */
export function install({ p1, p2, data }: CommandApdu, card: ManagedCard, requester: Requester): Answer {
  if (p2 !== 0) return refuse(SW.wrongParameters);
  switch (p1) {
    case FOR.install:
    case FOR.installAndMakeSelectable:
      return installDomain(installRequest.decode(data), p1 === FOR.installAndMakeSelectable, card, requester);
    case FOR.makeSelectable:
      return makeSelectable(installRequest.decode(data), card, requester);
    case FOR.extradition:
      return extradite(installRequest.decode(data), card, requester);
    case FOR.personalization:
      return personalise(installRequest.decode(data), card, requester);
    case FOR.load:
      // There is no runtime that loaded code could run on.
      return refuse(SW.functionNotSupported);
    default:
      return refuse(SW.wrongParameters);
  }
}

function installDomain(
  request: InstallRequest,
  isSelectable: boolean,
  card: ManagedCard,
  requester: Requester,
): Answer {
  const { registry, memory } = card;
  const { loadFile, module, application, privileges, parameters } = request;
  if (requester.domain !== ISSUER) return refuse(SW.conditionsOfUseNotSatisfied);
  if (!sameOctets(loadFile, SECURITY_DOMAIN_PACKAGE) || !sameOctets(module, SECURITY_DOMAIN_MODULE))
    return refuse(SW.referencedDataNotFound);
  securityDomainParameters.decode(parameters);
  const refusal = nameRefusal(application, card) ?? privilegesRefusal(privileges);
  if (refusal !== undefined) return refuse(refusal);
  const number = registry.freeNumber();
  if (number === undefined) return refuse(SW.notEnoughMemory);
  const entry = {
    aid: application,
    lifeCycle: isSelectable ? APPLICATION_STATE.selectable : APPLICATION_STATE.installed,
    privileges: Uint8Array.of(PRIVILEGE.securityDomain, 0, 0),
    parent: ISSUER,
  };
  if (!card.leaves(growthOf(memory, [[entryKey(number), domainEntry.encode(entry)]])))
    return refuse(SW.notEnoughMemory);
  registry.keep([{ ...entry, number }]);
  return NO_CONFIRMATION;
}

function nameRefusal(aid: Uint8Array, { registry }: ManagedCard): number | undefined {
  if (aid.length < SHORTEST_AID || aid.length > LONGEST_AID) return SW.wrongData;
  if (FOREIGN_RIDS.some((rid) => sameOctets(rid, aid.subarray(0, RID_OCTETS)))) return SW.wrongData;
  const taken = [ISSUER_DOMAIN_ALIAS, IMEI_LOCK_AID, SECURITY_DOMAIN_PACKAGE, SECURITY_DOMAIN_MODULE];
  const isTaken = registry.byAid(aid) !== undefined || taken.some((other) => sameOctets(other, aid));
  return isTaken ? SW.conditionsOfUseNotSatisfied : undefined;
}

/** One or three octets: a security domain, and no more: no delegated management, no DAP, no locking or ending of the card. */
function privilegesRefusal(privileges: Uint8Array): number | undefined {
  const [first, second = 0, third = 0] = privileges;
  const isRight = privileges.length === 1 || privileges.length === 3;
  return isRight && first === PRIVILEGE.securityDomain && second === 0 && third === 0 ? undefined : SW.wrongData;
}

/** A domain that a requester may change; otherwise why not. */
function targetOf(aid: Uint8Array, { registry }: ManagedCard, requester: Requester): Domain | number {
  if (sameOctets(aid, IMEI_LOCK_AID)) return SW.conditionsOfUseNotSatisfied;
  const target = registry.byAid(aid);
  if (target === undefined) return SW.referencedDataNotFound;
  const isIts = requester.domain === ISSUER || target.parent === requester.domain;
  return target.number !== ISSUER && isIts ? target : SW.conditionsOfUseNotSatisfied;
}

function makeSelectable({ application }: InstallRequest, card: ManagedCard, requester: Requester): Answer {
  const target = targetOf(application, card, requester);
  if (typeof target === 'number') return refuse(target);
  if (target.lifeCycle !== APPLICATION_STATE.installed) return refuse(SW.conditionsOfUseNotSatisfied);
  card.registry.keep([{ ...target, lifeCycle: APPLICATION_STATE.selectable }]);
  return NO_CONFIRMATION;
}

/** Gives a domain to another (GPC 2.3.1 9.4.1): never to itself or to one that belongs to it. */
function extradite({ loadFile, application }: InstallRequest, card: ManagedCard, requester: Requester): Answer {
  const { registry } = card;
  const target = targetOf(application, card, requester);
  if (typeof target === 'number') return refuse(target);
  const above = registry.byAid(loadFile);
  if (above === undefined) return refuse(SW.referencedDataNotFound);
  for (let domain: Domain | undefined = above; domain !== undefined; domain = parentOf(domain, card))
    if (domain.number === target.number || isLocked(domain)) return refuse(SW.conditionsOfUseNotSatisfied);
  registry.keep([{ ...target, parent: above.number }]);
  return NO_CONFIRMATION;
}

/** The domain above another; undefined for the issuer's. */
export function parentOf(domain: Domain, { registry }: Pick<ManagedCard, 'registry'>): Domain | undefined {
  return domain.number === ISSUER ? undefined : registry.at(domain.parent);
}

/** STORE DATA that follows is for this domain (GPC 2.3.1 7.3.3). */
function personalise({ application }: InstallRequest, card: ManagedCard, requester: Requester): Answer {
  const target = targetOf(application, card, requester);
  if (typeof target === 'number') return refuse(target);
  if (isLocked(target)) return refuse(SW.conditionsOfUseNotSatisfied);
  requester.conversation.personalising = target.number;
  requester.conversation.stored = undefined;
  return NO_CONFIRMATION;
}
