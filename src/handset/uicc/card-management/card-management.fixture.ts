import assert from 'node:assert/strict';
import { concat, fromHex, toHex } from '#base/codec/index.ts';
import { tableAes } from '#base/crypto/index.ts';
import { type NonVolatile, ramMemory, seededRandom } from '#base/port/index.ts';
import { cardMemory } from '#handset/card/index.ts';
import {
  type Card,
  decodeCommand,
  encodeCommand,
  logicalChannel,
  onChannel,
  statusWord,
} from '#protocol/apdu/index.ts';
import { ISSUER_DOMAIN_AID } from '#protocol/card-management/index.ts';
import {
  type HostSession,
  putKey,
  Scp03Host,
  type SecurityLevel,
  type StaticKeyOctets,
  staticKeys,
} from '#protocol/secure-channel/index.ts';
import { personaliseUicc, type UiccParts, type UiccPersonalisation, uicc } from '../index.ts';
import { RECORD } from '../uicc.fixture.ts';
import type { ManagementPersonalisation } from './personalisation.ts';

// A managed UICC and an off-card tool for the tests of this room; no part of the product.

const key = (octet: string) => fromHex(octet.repeat(16));
/** SCP03 keys of the issuer security domain. */
export const ISSUER_KEYS: StaticKeyOctets = { version: 0x30, enc: key('c0'), mac: key('c1'), dek: key('c2') };
/** Keys of its packets: KIc, KID, KIK. */
export const PACKET_KEYS = { version: 0x03, first: key('d0'), second: key('d1'), dek: key('d2') } as const;
export const MANAGEMENT: ManagementPersonalisation = {
  keySets: [
    { version: ISSUER_KEYS.version, first: ISSUER_KEYS.enc, second: ISSUER_KEYS.mac, dek: ISSUER_KEYS.dek },
    PACKET_KEYS,
  ],
};
export const OTHER_KEYS: StaticKeyOctets = { version: 0x31, enc: key('e0'), mac: key('e1'), dek: key('e2') };
export const SUPPLEMENTARY = 'A00000015153504100000000B1B2B301';
export const SELECT_ISSUER = '00A4040008A00000015100000000';

const MEMORY_OCTETS = 32_768;

/** A block of memory that holds a managed card. */
export function managedMedium(
  change: Partial<ManagementPersonalisation> = {},
  record: Partial<UiccPersonalisation> = {},
): NonVolatile {
  const medium = ramMemory(MEMORY_OCTETS);
  personaliseUicc(cardMemory(medium), { ...RECORD, ...record, management: { ...MANAGEMENT, ...change } });
  return medium;
}

/** A managed card, reset; every fault inside ends the test. */
export function managedCard(medium: NonVolatile = managedMedium(), parts: Partial<UiccParts> = {}): Tool {
  const card = uicc({
    memory: cardMemory(medium),
    random: seededRandom('managed'),
    fault: (error) => {
      throw error;
    },
    ...parts,
  });
  card.reset();
  return new Tool(card);
}

/** LV fields of INSTALL. */
export const fields = (...values: readonly string[]): string =>
  values.map((value) => (value.length / 2).toString(16).padStart(2, '0') + value).join('');

/** INSTALL for install and make selectable of a security domain. */
export const installDomain = (aid: string, p1 = '0C', privileges = '80', parameters = 'C900'): string => {
  const data = fields('A0000001515350', 'A000000151535041', aid, privileges, parameters, '');
  return `80E6${p1}00${(data.length / 2).toString(16).padStart(2, '0')}${data}00`;
};

/** What GlobalPlatformPro, gpshell and their like do: commands in hexadecimal, under SCP03 once it is open. */
export class Tool {
  readonly card: Card;
  readonly #channel: number;
  #session: HostSession | undefined;

  constructor(card: Card, channel = 0) {
    this.card = card;
    this.#channel = channel;
  }

  /** One command outside a session, with GET RESPONSE where the card asks for it. */
  send(command: string): string {
    return toHex(this.#exchange(fromHex(command)));
  }

  expect(...pairs: readonly (readonly [command: string, response: string])[]): void {
    for (const [command, response] of pairs)
      assert.equal(this.send(command), response.replaceAll(' ', '').toUpperCase(), command);
  }

  #exchange(plain: Uint8Array): Uint8Array {
    // A C-MAC does not cover the logical channel.
    const [cla = 0, ...rest] = plain;
    const command = Uint8Array.of(this.#channel === 0 ? cla : onChannel(cla, this.#channel), ...rest);
    const getResponse = onChannel(0x00, logicalChannel(command[0] as number));
    let response = this.card.transmit(command);
    const parts: Uint8Array[] = [];
    while (response.at(-2) === 0x61) {
      parts.push(response.subarray(0, -2));
      response = this.card.transmit(Uint8Array.of(getResponse, 0xc0, 0, 0, response.at(-1) as number));
    }
    return concat(...parts, response);
  }

  /**
   * Opens SCP03 with the domain that is selected, at the level at which a refusal does not end the host's session; the status word of the
   * refusal, or 9000.
   */
  open(keys: StaticKeyOctets = ISSUER_KEYS, securityLevel: SecurityLevel = 0x03, aid = ISSUER_DOMAIN_AID): number {
    this.#session = undefined;
    const host = new Scp03Host({
      aes: tableAes,
      keys: staticKeys(tableAes, keys),
      random: seededRandom('host'),
      securityLevel,
      challengeLength: 8,
      application: aid,
    });
    const challenge = this.#exchange(host.start());
    const authenticate = host.receive(challenge);
    if (authenticate.kind !== 'send') return statusWord(challenge);
    const response = this.#exchange(authenticate.command);
    const opened = host.receive(response);
    if (opened.kind === 'open') this.#session = opened.session;
    return statusWord(response);
  }

  /** One command in the session; its answer is proved when the level has an R-MAC. */
  secure(command: string): string {
    assert.ok(this.#session !== undefined, 'expected an open session');
    const response = this.#exchange(this.#session.wrap(decodeCommand(fromHex(command))));
    const answer = this.#session.unwrap(response);
    if (answer.kind === 'notProven') {
      this.#session = undefined;
      return toHex(response);
    }
    return toHex(concat(answer.data, Uint8Array.of(answer.statusWord >> 8, answer.statusWord)));
  }

  expectSecure(...pairs: readonly (readonly [command: string, response: string])[]): void {
    for (const [command, response] of pairs)
      assert.equal(this.secure(command), response.replaceAll(' ', '').toUpperCase(), command);
  }

  /** The octets of the next command in the session, for who wants to change them. */
  wrapped(command: string): Uint8Array {
    assert.ok(this.#session !== undefined, 'expected an open session');
    return this.#session.wrap(decodeCommand(fromHex(command)));
  }

  /** PUT KEY of a whole set. */
  putKeys(keys: StaticKeyOctets, oldVersion = 0): string {
    const dek = this.#session?.dek;
    assert.ok(dek !== undefined, 'expected an open session');
    return this.secure(toHex(encodeCommand(putKey(tableAes, dek, oldVersion, keys, seededRandom('filler')))));
  }
}
