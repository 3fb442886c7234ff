// CLA: TS 102 221 10.1.1 with ISO/IEC 7816-4 5.4.1. First interindustry 0X (channels 0-3), further interindustry 4X/6X
// (channels 4-19); the same with b8 set for commands of the card's application (8X, CX, EX), as ETSI and GlobalPlatform use them.

const FURTHER = 0x40;
const FIRST_FURTHER_CHANNEL = 4;
/** Highest logical channel that CLA can carry. */
export const HIGHEST_LOGICAL_CHANNEL = 19;

/** The logical channel, 0 to 19, that a CLA addresses. */
export function logicalChannel(cla: number): number {
  return (cla & FURTHER) === 0 ? cla & 0x03 : (cla & 0x0f) + FIRST_FURTHER_CHANNEL;
}

/** `cla` (of channel 0: 00, 80, 84 …) moved to a logical channel; secure messaging stays secure messaging. */
export function onChannel(cla: number, channel: number): number {
  if (channel < FIRST_FURTHER_CHANNEL) return (cla & 0xfc) | channel;
  return (cla & 0x80) | FURTHER | (isSecureMessaging(cla) ? 0x20 : 0) | (channel - FIRST_FURTHER_CHANNEL);
}

/** True when CLA says that the command is secured (04, 08, 0C on channels 0-3; 20 on channels 4-19). */
export function isSecureMessaging(cla: number): boolean {
  return (cla & FURTHER) === 0 ? (cla & 0x0c) !== 0 : (cla & 0x20) !== 0;
}

/** True when CLA belongs to the card's own commands (b8 set: ETSI 8X, GlobalPlatform 80/84). */
export function isProprietary(cla: number): boolean {
  return (cla & 0x80) !== 0;
}

/**
 * CLA as a GlobalPlatform C-MAC covers it: channel 0, GlobalPlatform secure messaging (04) set (GPC Amendment D 6.2.4).
 */
export function classForMac(cla: number): number {
  return (cla & 0x80) | 0x04;
}
