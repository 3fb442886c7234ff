import type { TestContext } from 'node:test';
import { fromHex, toHex } from '#base/codec/index.ts';
import { digest, tableAes } from '#base/crypto/index.ts';
import { Msisdn } from '#base/identity/index.ts';
import { fixedClock, type NonVolatile, ramMemory, seededRandom } from '#base/port/index.ts';
import { cardMemory } from '#handset/card/index.ts';
import { imeiLock } from '#handset/uicc/imei-lock/index.ts';
import { personaliseUicc, type ToolkitPort, type UiccPersonalisation, uicc } from '#handset/uicc/index.ts';
import { openAudit } from '#operator/audit/index.ts';
import { openSubscribers, type Subscribers } from '#operator/subscriber/index.ts';
import { openDatabase, temporaryDirectory } from '#test/operator/databases.ts';
import { type CardDocument, orderOf, personalisationFrom } from './index.ts';

const MEMORY_OCTETS = 65_536;
export const NUMBERS = { serviceCentre: Msisdn.parse('1234567890'), operatorAddress: Msisdn.parse('27729') } as const;

/** An operator's subscribers; the same seed draws the same keys. */
export function subscribersOf(context: TestContext, seed = 'profile'): Subscribers {
  const [random, clock] = [seededRandom(seed), fixedClock(Date.UTC(2026, 10, 24))];
  const opened = openDatabase(context, { directory: temporaryDirectory(context), random });
  return openSubscribers({ ...opened, audit: openAudit({ ...opened, clock }), random, clock });
}

/** What a card of this profile is personalised with, its identities those of the profile. */
export function issuedBy(subscribers: Subscribers, profile: CardDocument): UiccPersonalisation {
  const { iccid, imsi, msisdn } = profile;
  if (iccid === undefined || imsi === undefined || msisdn === undefined) throw new Error('a profile with identities');
  const order = orderOf(profile, { iccid, imsi, msisdn, author: 'Ada', ...NUMBERS });
  return personalisationFrom(profile, subscribers.issueCard(order));
}

/** The block of memory of a card. */
export function mediumOf(personalisation: UiccPersonalisation): NonVolatile {
  const medium = ramMemory(MEMORY_OCTETS);
  personaliseUicc(cardMemory(medium), personalisation);
  return medium;
}

/** All its octets, short: their digest. */
export const octetsOf = (medium: NonVolatile): string => toHex(digest('sha256', medium.read(0, medium.size)));

/** A card on this medium with the IMEI lock, powered; its commands and responses in hexadecimal. */
export function cardOn(medium: NonVolatile): (command: string) => string {
  const card = uicc({
    memory: cardMemory(medium),
    random: seededRandom('card'),
    aes: tableAes,
    application: (port: ToolkitPort) => imeiLock(port, tableAes),
    fault: (error) => {
      throw error;
    },
  });
  card.reset();
  return (command) => toHex(card.transmit(fromHex(command.replaceAll(' ', ''))));
}
