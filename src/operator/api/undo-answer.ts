import Type from 'typebox';
import type { UndoEffect } from '#operator/register/index.ts';
import type { Identities } from './identities.ts';
import { closed, Identity, list, Text, Time } from './schema.ts';
import { optionalTime } from './view.ts';

const number = (description: string) => Type.Integer({ minimum: 0, description });

/** What taking an import back does, in numbers of entries. */
export const UNDO_NUMBERS = {
  leaving: number('entries that it added, and that go'),
  returning: number('entries that it removed, and that come back'),
  restored: number('entries that it changed, and that become what they were'),
  rules: number('ranges and pair rules that go or come back'),
  prohibiting: number('among what comes back: entries of the black list, and locks'),
  subscribersHit: number(
    'own subscribers in use whose handset comes back onto the black list; by single IMEIs, not by ranges and locks that come back',
  ),
  subscribersFreed: number('own subscribers in use whose handset leaves the black list; by single IMEIs'),
} as const;

/** What taking an import back does. */
export const UndoEffectOf = closed({
  ...UNDO_NUMBERS,
  hitHandsets: list(closed({ imei: Text, imsi: Identity, lastSeenAt: Type.Optional(Time) }, 'the first of them')),
});

/** The same as it is shown. */
export const undoEffectView = ({ hitHandsets, ...numbers }: UndoEffect, identities: Identities) => ({
  ...numbers,
  hitHandsets: hitHandsets.map(({ imei, imsi, lastSeenAt }) => ({
    imei: identities.imei(imei),
    imsi: identities.show(imsi),
    lastSeenAt: optionalTime(lastSeenAt),
  })),
});
