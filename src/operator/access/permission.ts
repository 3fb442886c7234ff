/** Whom a token or a user stands for. A `machine` is a system of the network, and has tokens only; the others are people. */
export const ROLES = ['viewer', 'analyst', 'approver', 'administrator', 'machine'] as const;
/** Whom a token stands for. */
export type Role = (typeof ROLES)[number];

const PEOPLE = ['viewer', 'analyst', 'approver', 'administrator'] as const;
const DECIDING = ['analyst', 'approver', 'administrator'] as const;

/** Who may do what: the only place where it is said. */
const TABLE = {
  /** How the operator is doing, in numbers. */
  'status.read': ROLES,
  'metrics.read': ROLES,
  /** What the register answers about an IMEI, and why. */
  'equipment.check': ROLES,
  /** The same in the network's name: the claim is kept as evidence. */
  'equipment.claim': ['machine', 'administrator'],
  'lists.read': ROLES,
  'lists.change': DECIDING,
  /** To say yes or no to what another person proposed. */
  'approvals.decide': ['approver', 'administrator'],
  'imports.read': ROLES,
  'imports.upload': ['analyst', 'approver', 'administrator', 'machine'],
  /** To let one file change more than the standard limits, or one entry be about more than a type of handset. */
  'limits.raise': ['approver', 'administrator'],
  'imports.undo': ['approver', 'administrator'],
  'evidence.read': PEOPLE,
  'subscribers.read': PEOPLE,
  /** IMEIs whole beside what somebody did with them; without it only the type and the last digits. */
  'imeis.whole': ['analyst', 'approver', 'administrator', 'machine'],
  /** IMSI and MSISDN whole; without it only network and last digits. */
  'identities.whole': DECIDING,
  /** Changed IMEIs and duplicates as they were noticed. */
  'events.read': ROLES,
  'webhooks.read': PEOPLE,
  /** To tell another receiver, or one no more; and to see where webhooks lead in full. */
  'webhooks.change': ['administrator'],
  /** To acknowledge, give to somebody, close or open an alarm. */
  'alarms.decide': DECIDING,
  'commands.read': PEOPLE,
  'commands.give': DECIDING,
  /** New rules for the locks of many UICCs at once. */
  'policies.change': ['approver', 'administrator'],
  /** Remote management of UICCs: a script can change a card for ever, and end it. */
  'scripts.send': ['administrator'],
  'audit.read': ROLES,
  'audit.verify': DECIDING,
  'settings.read': PEOPLE,
  'settings.change': ['administrator'],
  /** All that is kept about a subscriber or handset, given out; and to propose that it is erased. */
  'privacy.export': ['administrator'],
  'privacy.erase': ['administrator'],
  'tokens.read': ['administrator'],
  'tokens.change': ['administrator'],
  'users.read': ['administrator'],
  'users.change': ['administrator'],
  /** What the operator and a UICC said to each other, hop by hop; the octets of it are for who sees whole identities, and are recorded. */
  'exchanges.read': PEOPLE,
  /** What handsets of a laboratory did, octet by octet. */
  'laboratory.read': PEOPLE,
  /** To make handsets of a laboratory do something, and to be their operator's person. */
  'laboratory.drive': DECIDING,
} as const satisfies Readonly<Record<string, readonly Role[]>>;

/** Something a request needs to be allowed to do. */
export type Permission = keyof typeof TABLE;

/** Every permission, in the order of the table. */
export const PERMISSIONS = Object.keys(TABLE) as readonly Permission[];

/** True when this role may do it. */
export const mayUse = (role: Role, permission: Permission): boolean =>
  (TABLE[permission] as readonly Role[]).includes(role);

/** All that a role may do. */
export const permissionsOf = (role: Role): readonly Permission[] =>
  PERMISSIONS.filter((permission) => mayUse(role, permission));
