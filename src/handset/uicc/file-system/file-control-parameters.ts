import { berTlv, concat, NO_OCTETS } from '#base/codec/index.ts';

import { type ElementaryFile, STRUCTURE } from './elementary-file.ts';

/** Identifier and record of the EF.ARR that holds a file's rule (TS 102 221 11.1.1.4.7.2). */
export interface AccessReference {
  readonly file: number;
  readonly record: number;
}

/** What the FCP of a DF says (TS 102 221 11.1.1.3.2). */
export interface DirectoryParameters {
  readonly identifier: number;
  readonly aid?: Uint8Array;
  readonly access: AccessReference;
  /** Value of the proprietary object A5; only the MF has one. */
  readonly proprietary?: Uint8Array;
  /** Value of the PIN status template C6. */
  readonly pinStatus?: Uint8Array;
}

const TEMPLATE = 0x62;
/** Descriptor of a shareable DF, data coding octet 21. */
const DIRECTORY = Uint8Array.of(0x78, 0x21);
const DATA_CODING = 0x21;
/** Life cycle: operational, activated (TS 102 221 11.1.1.4.9). */
const ACTIVATED = berTlv(0x8a, Uint8Array.of(0x05));
const u16 = (value: number) => Uint8Array.of(value >> 8, value);

const accessReference = ({ file, record }: AccessReference) => berTlv(0x8b, u16(file), Uint8Array.of(record));

/** FCP template of the MF, a DF or an ADF. */
export function directoryFcp(directory: DirectoryParameters): Uint8Array {
  const { identifier, aid, access, proprietary, pinStatus } = directory;
  const objects = [berTlv(0x82, DIRECTORY), berTlv(0x83, u16(identifier))];
  if (aid) objects.push(berTlv(0x84, aid));
  if (proprietary) objects.push(berTlv(0xa5, proprietary));
  objects.push(ACTIVATED, accessReference(access));
  if (pinStatus) objects.push(berTlv(0xc6, pinStatus));
  return berTlv(TEMPLATE, ...objects);
}

/** FCP template of an EF, as it is while activated (TS 102 221 11.1.1.3.1). */
export function fileFcp(file: ElementaryFile, access: AccessReference): Uint8Array {
  const { identifier, shortIdentifier, structure, recordLength, records } = file;
  const descriptor =
    structure === STRUCTURE.transparent
      ? Uint8Array.of(structure, DATA_CODING)
      : concat(Uint8Array.of(structure, DATA_CODING), u16(recordLength), Uint8Array.of(records));
  return berTlv(
    TEMPLATE,
    berTlv(0x82, descriptor),
    berTlv(0x83, u16(identifier)),
    ACTIVATED,
    accessReference(access),
    berTlv(0x80, u16(recordLength * records)),
    // An empty object says that there is none; without the object the identifier would give one (11.1.1.4.8).
    berTlv(0x88, shortIdentifier === undefined ? NO_OCTETS : Uint8Array.of(shortIdentifier << 3)),
  );
}
