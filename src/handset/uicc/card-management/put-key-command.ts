import { type Answer, answerWith, type Changes, refuse } from '#handset/card/index.ts';
import { type CommandApdu, SW } from '#protocol/apdu/index.ts';
import { APPLICATION_STATE } from '#protocol/card-management/index.ts';
import { OTA_KEY_SET } from '#protocol/imei-lock/index.ts';
import { putKeyAnswer, receivePutKey } from '#protocol/secure-channel/index.ts';
import { purposeOf, withoutKeySet } from './key-sets.ts';
import { growthOf, type ManagedCard } from './managed-card.ts';
import { type Domain, ISSUER } from './registry.ts';
import type { Requester } from './requester.ts';

/** Key versions that are the IMEI lock's: they came with the card and stay. */
const LOCK_VERSIONS: readonly number[] = Object.values(OTA_KEY_SET);

/** True for a version that a domain may have: the packets' 01 to 0F, the sessions' 30 to 3F, but for the lock's. */
export const mayHold = (version: number): boolean =>
  purposeOf(version) !== undefined && !LOCK_VERSIONS.includes(version);

/**
 * PUT KEY (GPC 2.3.1 11.8): three AES keys of a version for sessions (30 to 3F) or for packets (01 to 0F), added or in place of others;
 * their counters begin anew, but for the same keys again.
 */
export function putKeys(command: CommandApdu, card: ManagedCard, domain: Domain, { dek }: Requester): Answer {
  const { memory, aes, registry } = card;
  if (dek === undefined) return refuse(SW.conditionsOfUseNotSatisfied);
  const received = receivePutKey(aes, dek, command);
  if (typeof received === 'number') return refuse(received);
  const { oldVersion, keys } = received;
  const { version } = keys;
  const refusal = versionRefusal(domain, oldVersion, version);
  if (refusal !== undefined) return refuse(refusal);
  const changes: Changes = [
    ...(oldVersion !== 0 && oldVersion !== version ? withoutKeySet(domain.number, oldVersion) : []),
    ...domain.keys.replacing(oldVersion, version, { first: keys.enc, second: keys.mac, dek: keys.dek }),
  ];
  if (!card.leaves(growthOf(memory, changes))) return refuse(SW.notEnoughMemory);
  registry.keep([{ ...domain, lifeCycle: afterKeys(domain) }], changes);
  domain.keys.forget(oldVersion);
  domain.keys.forget(version);
  return answerWith(putKeyAnswer(aes, keys));
}

function versionRefusal(domain: Domain, oldVersion: number, version: number): number | undefined {
  if (!mayHold(version)) return SW.wrongData;
  const isNew = oldVersion !== version;
  if (isNew && domain.keys.has(version)) return SW.conditionsOfUseNotSatisfied;
  if (oldVersion === 0) return undefined;
  if (!mayHold(oldVersion) || !domain.keys.has(oldVersion)) return SW.referencedDataNotFound;
  // A set for packets in place of the last one for sessions would close the domain for ever.
  return purposeOf(oldVersion) === purposeOf(version) ? undefined : SW.wrongData;
}

/** A domain with keys of its own for sessions no longer uses those above it (GPC 2.3.1 7.2). */
const afterKeys = ({ number, lifeCycle }: Domain): number =>
  number === ISSUER ? lifeCycle : lifeCycle | APPLICATION_STATE.personalized;
