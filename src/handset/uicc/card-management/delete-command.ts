import { sameOctets } from '#base/codec/index.ts';
import { type Answer, refuse } from '#handset/card/index.ts';
import { type CommandApdu, SW } from '#protocol/apdu/index.ts';
import { deleteTarget, SECURITY_DOMAIN_PACKAGE } from '#protocol/card-management/index.ts';
import { IMEI_LOCK_AID } from '#protocol/imei-lock/index.ts';
import { NO_CONFIRMATION } from './install-command.ts';
import { purposeOf, withoutKeySet } from './key-sets.ts';
import type { ManagedCard } from './managed-card.ts';
import { mayHold } from './put-key-command.ts';
import { type Domain, ISSUER } from './registry.ts';
import type { Requester } from './requester.ts';

const AND_RELATED = 0x80;

/** DELETE (GPC 2.3.1 11.2) of a security domain with its keys and data, or of a key version. Throws CodecError. */
export function deleteObject(
  { p1, p2, data }: CommandApdu,
  card: ManagedCard,
  domain: Domain,
  requester: Requester,
): Answer {
  if (p1 !== 0 || (p2 & ~AND_RELATED) !== 0) return refuse(SW.wrongParameters);
  const { aid, keyIdentifier, keyVersion } = deleteTarget.decode(data);
  if (aid !== undefined)
    return keyIdentifier === undefined && keyVersion === undefined
      ? deleteDomain(aid, card, requester)
      : refuse(SW.wrongData);
  // Keys of one version serve together: one of them alone cannot go.
  if (keyVersion === undefined || keyIdentifier !== undefined) return refuse(SW.wrongData);
  return deleteKeys(keyVersion, card, domain);
}

function deleteDomain(aid: Uint8Array, card: ManagedCard, requester: Requester): Answer {
  const { registry } = card;
  const isBuiltIn = sameOctets(aid, SECURITY_DOMAIN_PACKAGE) || sameOctets(aid, IMEI_LOCK_AID);
  if (isBuiltIn) return refuse(SW.conditionsOfUseNotSatisfied);
  const target = registry.byAid(aid);
  if (target === undefined) return refuse(SW.referencedDataNotFound);
  const isIts = requester.domain === ISSUER || target.parent === requester.domain;
  const isFree = registry.belongingTo(target.number).length === 0 && !card.isSelected(target.number);
  if (target.number === ISSUER || !isIts || !isFree) return refuse(SW.conditionsOfUseNotSatisfied);
  registry.remove(target.number);
  return NO_CONFIRMATION;
}

function deleteKeys(version: number, { registry }: ManagedCard, domain: Domain): Answer {
  if (!mayHold(version) || !domain.keys.has(version)) return refuse(SW.referencedDataNotFound);
  const isLast = purposeOf(version) === 'channel' && domain.keys.channelVersions().length === 1;
  // Without keys for sessions the issuer's domain could never be opened again; another falls back to the one above.
  if (isLast && domain.number === ISSUER) return refuse(SW.conditionsOfUseNotSatisfied);
  registry.keep([domain], withoutKeySet(domain.number, version));
  domain.keys.forget(version);
  return NO_CONFIRMATION;
}
