import { NO_OCTETS, toHex } from '#base/codec/index.ts';
import type { Imei } from '#base/identity/index.ts';
import { cardMemory } from '#handset/card/index.ts';
import type { BootResult } from '#handset/operating-system/index.ts';
import { LOCK_KEY, type Pairing, pairing } from '#handset/uicc/imei-lock/index.ts';
import type { LabHandsetNow as Handset } from '#lab/handset/index.ts';
import type { Card } from '#protocol/apdu/index.ts';
import { encodeCommand, responseData, statusWord } from '#protocol/apdu/index.ts';
import { STORAGE_SUPPORT_AID, SUPPORT_DATA } from '#protocol/imei-lock/index.ts';
import type { Stage, Uicc } from '#test/story/stage.ts';

/** How a power-on ended, in one word: `accepted`, `rejected 6`, `refused 6985`, `noNetwork`, `noUsim`. */
export function ended(boot: BootResult): string {
  if (boot.kind === 'noUsim') return boot.kind;
  const { network } = boot;
  if (network.kind === 'rejected') return `rejected ${network.cause}`;
  if (network.kind === 'uiccRefused') return `refused ${network.statusWord.toString(16)}`;
  return network.kind;
}

/** What the UICC says to a genuine AUTHENTICATE of its home network, whether or not a network is near: `response` or `refused`. */
export function authenticates({ operator }: Stage, handset: Handset, { given }: Uicc): string {
  const vector = operator.subscribers.authenticationVector(given.imsi, 0);
  if (vector === undefined) throw new Error('the operator does not know this UICC');
  return handset.authenticate(vector).kind;
}

/** The storage support that a UICC remembers, and the keys they share; undefined before a proof. */
export function pairingIn({ medium }: Uicc): Pairing | undefined {
  const stored = cardMemory(medium).get(LOCK_KEY.pairing);
  return stored && pairing.decode(stored);
}

/** What a card says to anybody who asks for its IMEI without more ado: status word and data. */
export function askedPlainly(card: Card): readonly [statusWord: number, data: Uint8Array] {
  card.reset();
  card.transmit(encodeCommand({ cla: 0x00, ins: 0xa4, p1: 0x04, p2: 0x00, data: STORAGE_SUPPORT_AID, le: 256 }));
  const [p1, p2] = [SUPPORT_DATA.imei >> 8, SUPPORT_DATA.imei & 0xff];
  const response = card.transmit(encodeCommand({ cla: 0x80, ins: 0xca, p1, p2, data: NO_OCTETS, le: 256 }));
  return [statusWord(response), responseData(response)];
}

/** True when the octets of an IMEI stand somewhere in these. */
export function shows(octets: Uint8Array, imei: Imei): boolean {
  return toHex(octets).includes(toHex(imei.toOctets()));
}

/** Every octet that the operating system carried between the UICC and the storage support, both ways. */
export function carried({ trace }: Stage): readonly Uint8Array[] {
  const hops = trace.records.filter(({ to, name }) => to === 'storage support (2)' || name.includes('CARD APDU'));
  return hops.flatMap(({ octets, response }) => [octets, response ?? NO_OCTETS]);
}

/** The operator's last order for a UICC and what became of it: `block acknowledged`. */
export function lastOrder({ operator }: Stage, { given }: Uicc): string {
  const order = operator.gateway.outbox.newest(1, given.iccid.digits)[0];
  return order === undefined ? 'none' : `${order.order} ${order.state}`;
}
