import assert from 'node:assert/strict';
import { fromHex, toHex } from '#base/codec/index.ts';
import { Iccid, Imsi, Msisdn } from '#base/identity/index.ts';
import { type NonVolatile, ramMemory, seededRandom } from '#base/port/index.ts';
import { cardMemory } from '#handset/card/index.ts';
import type { Card } from '#protocol/apdu/index.ts';
import { personaliseUicc, type UiccParts, type UiccPersonalisation, USUAL_POLICY, uicc } from './index.ts';

export const MEMORY_OCTETS = 16384;
export const ADM = fromHex('0102030405060708');

/** Milenage with TS 35.208 test set 1, PIN1 disabled. */
export const RECORD: UiccPersonalisation = {
  iccid: Iccid.parse('8949001000000000019'),
  imsi: Imsi.parse('001010000000001'),
  msisdn: Msisdn.parse('4917000000001'),
  mncLength: 2,
  algorithm: {
    kind: 'milenage',
    k: fromHex('465b5ce8b199b49faa5f0a2ee238a6bc'),
    opc: fromHex('cd63cb71954a9f4e48a5994e37a02baf'),
  },
  serviceCentre: Msisdn.parse('4917099999'),
  operatorAddress: Msisdn.parse('7070'),
  otaKeys: {
    answer: { kic: fromHex('a0'.repeat(16)), kid: fromHex('a1'.repeat(16)) },
    report: { kic: fromHex('b0'.repeat(16)), kid: fromHex('b1'.repeat(16)) },
  },
  adm: ADM,
  makerRoots: [],
  policy: USUAL_POLICY,
};

export const RAND = '23553CBE9637A89D218AE64DAE47BF35';
export const AUTN = '55F328B43577B9B94A9FFAC354DFAFB3';
export const AUTHENTICATE = `008800812210${RAND}10${AUTN}00`;
export const SELECT_USIM = '00A4040410A0000000871002FFFFFFFF890709000000';

/** A block of memory that holds a personalised card. */
export function personalisedMedium(record: UiccPersonalisation = RECORD): NonVolatile {
  const medium = ramMemory(MEMORY_OCTETS);
  personaliseUicc(cardMemory(medium), record);
  return medium;
}

/** A card under test: commands and responses in hexadecimal; every fault inside ends the test. */
export interface Subject {
  readonly card: Card;
  readonly send: (command: string) => string;
  readonly expect: (...pairs: readonly (readonly [command: string, response: string])[]) => void;
}

/** A card of this medium, reset. */
export function subjectOn(medium: NonVolatile, parts: Partial<UiccParts> = {}): Subject {
  const card = uicc({
    memory: cardMemory(medium),
    random: seededRandom('uicc'),
    fault: (error) => {
      throw error;
    },
    ...parts,
  });
  card.reset();
  const send = (command: string) => toHex(card.transmit(fromHex(command)));
  return {
    card,
    send,
    expect: (...pairs) => {
      for (const [command, response] of pairs)
        assert.equal(send(command), response.replaceAll(' ', '').toUpperCase(), command);
    },
  };
}

/** A fresh card, reset. */
export const subject = (change: Partial<UiccPersonalisation> = {}, parts: Partial<UiccParts> = {}): Subject =>
  subjectOn(personalisedMedium({ ...RECORD, ...change }), parts);

/** ENVELOPE and other commands with their data as hexadecimal. */
export const withData = (header: string, data: Uint8Array): string =>
  `${header}${data.length.toString(16).padStart(2, '0')}${toHex(data)}`;

/** A copy of a medium whose power fails after so many octets. */
export function failing(source: NonVolatile, octetsLeft: number): { medium: NonVolatile; survivor: NonVolatile } {
  const survivor = ramMemory(MEMORY_OCTETS);
  survivor.write(0, source.read(0, MEMORY_OCTETS));
  let left = octetsLeft;
  const medium: NonVolatile = {
    size: MEMORY_OCTETS,
    read: (offset, length) => survivor.read(offset, length),
    write(offset, octets) {
      survivor.write(offset, octets.subarray(0, left));
      const isCut = octets.length > left;
      left = Math.max(0, left - octets.length);
      if (isCut) throw new Error('power lost');
    },
    flush: () => {},
  };
  return { medium, survivor };
}
