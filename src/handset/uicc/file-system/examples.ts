import { callForwarding, dialledNumber, extension, shortMessage } from './coding-telephony.ts';
import { type Coding, coded } from './elementary-file.ts';

// Examples that several tables share. Numbers as pySim's card files have them.

/** A number, and its octets with their length. */
export const NUMBER = { typeOfNumber: 'international', numberingPlan: 1, value: '4917279119183' } as const;
export const NUMBER_OCTETS = '0891947172199181F3FFFFFF';
const FREE = 0xff;

/** Octets of a phone book record of 14 octets of name. */
export const ENTRY_LENGTH = 28;
/** A record of EF.ADN and its like: name, number, no further records. */
export const ENTRY: Coding = coded(dialledNumber(ENTRY_LENGTH), `456967656E65${'FF'.repeat(8)}${NUMBER_OCTETS}FFFF`, {
  name: 'Eigene',
  number: NUMBER,
  configuration: FREE,
  extension: FREE,
});
/** Octets of an extension record. */
export const EXTENSION_LENGTH = 13;
/** An extension record: more digits of a number. */
export const EXTENSION: Coding = coded(extension, '0203214365FFFFFFFFFFFFFFFF', {
  type: 2,
  data: '03214365FFFFFFFFFFFFFF',
  next: FREE,
});
/** A short message that was read. */
export const MESSAGE: Coding = coded(
  shortMessage,
  '0107911326040000F0040B911346610089F60000208062917314080CC8F71D14969741F977FD07',
  {
    status: 'read',
    message: '07911326040000F0040B911346610089F60000208062917314080CC8F71D14969741F977FD07',
  },
);
/** Forwarding of voice calls. */
export const FORWARDING: Coding = coded(callForwarding, `0101${NUMBER_OCTETS}FFFF`, {
  profile: 1,
  active: 1,
  number: NUMBER,
  configuration: FREE,
  extension: FREE,
});
