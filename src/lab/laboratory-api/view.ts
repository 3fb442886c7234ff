import Type, { type Static } from 'typebox';
import { toHex } from '#base/codec/index.ts';
import { VARIANTS, type VariantName } from '#handset/operating-system/index.ts';
import type { HandsetState, KeptMessage, Laboratory } from '#lab/laboratory/index.ts';
import { Count, closed, Hex, names, Text, Time } from '#operator/api/index.ts';

const time = (at: number) => new Date(at).toISOString();

/** Names of the operating systems. */
export const OS_NAMES = Object.keys(VARIANTS) as readonly VariantName[];
/** The operating systems as a schema. */
export const OsName = names(OS_NAMES);
/** Which network. */
export const WhereName = names(['home', 'abroad'], 'abroad: a network that asks no register');
/** Which way a short message goes. */
export const Direction = names(['toOperator', 'toHandset']);
const Imei15 = Type.String({ pattern: '^\\d{15}$', title: 'an IMEI with its check digit' });
const UiccView = closed({ iccid: Text, imsi: Text, msisdn: Text });

/** A handset, as it is answered. Its numbers are made up, and therefore whole. */
export const HandsetView = closed({
  name: Text,
  story: Text,
  where: WhereName,
  isOn: Type.Boolean(),
  service: names(['off', 'registered', 'emergencyOnly']),
  busyWith: Type.Optional(Text),
  os: OsName,
  otherImei: Type.Optional({ ...Imei15, description: 'the IMEI a fraudulent operating system would lie with' }),
  claimedImei: Type.Optional({ ...Imei15, description: 'what its operating system tells whoever asks' }),
  uicc: Type.Optional(UiccView),
  support: Type.Optional(closed({ identity: Text, imei: Imei15 })),
  proved: Type.Optional(
    closed({ imei: Type.Optional(Imei15), level: Text, lockState: Text }, 'what the operator knows of its UICC'),
  ),
  isListed: Type.Boolean({ description: 'its IMEI is on the black list' }),
  isMade: Type.Boolean({ description: 'somebody made it here; the others are of the cast' }),
  shown: Type.Optional({ ...Text, description: 'what its person was shown last' }),
  exchange: Type.Optional({ ...Count, description: 'its newest exchange' }),
});

/** A handset as its schema says. */
export function handsetView(state: HandsetState, { loopback: { operator } }: Laboratory): Static<typeof HandsetView> {
  const { uicc, support, otherImei, claimedImei, busyWith, exchange, flash, shown, ...rest } = state;
  const standing = uicc && operator.evidence.standing(uicc.imsi);
  const listed = operator.register.lists.about(support?.imei ?? flash);
  const { name, story, where, isOn, service, os, isMade } = rest;
  const last = shown.at(-1);
  return {
    ...{ name, story, where, isOn, service, os, isMade },
    ...(busyWith !== undefined && { busyWith }),
    ...(otherImei && { otherImei: otherImei.withCheckDigit }),
    ...(claimedImei && { claimedImei: claimedImei.withCheckDigit }),
    ...(uicc && { uicc: { iccid: uicc.iccid.digits, imsi: uicc.imsi.digits, msisdn: uicc.msisdn.digits } }),
    ...(support && { support: { identity: support.identity, imei: support.imei.withCheckDigit } }),
    ...(standing && {
      proved: {
        ...(standing.provedImei && { imei: standing.provedImei.withCheckDigit }),
        ...{ level: standing.level, lockState: standing.lockState },
      },
    }),
    isListed: listed.some((entry) => entry.list === 'black'),
    ...(last !== undefined && { shown: last }),
    ...(exchange !== undefined && { exchange }),
  };
}

/** A short message that was seen, as it is answered. */
export const MessageView = closed({
  ...{ number: Count, at: Time, handset: Text, direction: Direction },
  isDropped: Type.Boolean(),
  replayOf: Type.Optional(Count),
  octets: Hex,
});

/** A short message as its schema says. */
export const messageView = ({ at, octets, replayOf, ...rest }: KeptMessage): Static<typeof MessageView> => ({
  ...{ number: rest.number, handset: rest.handset, direction: rest.direction, isDropped: rest.isDropped },
  ...{ at: time(at), octets: toHex(octets) },
  ...(replayOf !== undefined && { replayOf }),
});
