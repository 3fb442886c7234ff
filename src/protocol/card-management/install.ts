import {
  berTlvSet,
  constant,
  type Format,
  fromHex,
  type Infer,
  lengthPrefixed,
  octets,
  optional,
  optionalAtEnd,
  rest,
  struct,
  u8,
} from '#base/codec/index.ts';

const LONGEST_FIELD = 127;
const field: Format<Uint8Array> = lengthPrefixed(u8, rest(0, LONGEST_FIELD));

/**
 * Data of INSTALL (GPC 2.3.1 tables 11-41 to 11-46): the same six fields, whatever P1 asks for; what does not apply is empty. For install:
 * load file, module, application; for extradition: the new security domain stands in the first.
 */
export const installRequest = struct({
  loadFile: field,
  module: field,
  application: field,
  privileges: field,
  parameters: field,
  token: optionalAtEnd(field),
});
/** Data of INSTALL. */
export type InstallRequest = Infer<typeof installRequest>;

/** SCP03 with i = 70 is what a security domain here speaks; who asks for another cannot have one. */
const scp03: Format<undefined> = constant(fromHex('0370'));
const domainOptions = berTlvSet({
  secureChannel: optional(0x81, scp03),
  /** Whether extradition to it, from it, and deletion is taken (GPC Amendment C 4.1.3.2): noted by nobody here. */
  acceptExtraditionHere: optional(0x82, rest(0, 2)),
  acceptExtraditionAway: optional(0x83, rest(0, 2)),
  acceptDeletion: optional(0x87, rest(0, 2)),
});

/** Install parameters of a security domain (GPC 2.3.1 table 11-49): C9 and what stands in it. */
export const securityDomainParameters = berTlvSet({ options: optional(0xc9, domainOptions) });
/** Install parameters of a security domain. */
export type SecurityDomainParameters = Infer<typeof securityDomainParameters>;

/** Data of DELETE (GPC 2.3.1 tables 11-21, 11-22): an application or load file by AID, or keys by version. */
export const deleteTarget = berTlvSet({
  aid: optional(0x4f, rest(5, 16)),
  keyIdentifier: optional(0xd0, octets(1)),
  keyVersion: optional(0xd2, u8),
});
/** Data of DELETE. */
export type DeleteTarget = Infer<typeof deleteTarget>;
