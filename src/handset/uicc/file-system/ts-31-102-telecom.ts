import { u16, u32 } from '#base/codec/index.ts';
import { ACCESS } from './access-rule.ts';
import { alpha, hexRest, untilFiller } from './coding-general.ts';
import * as tel from './coding-telephony.ts';
import { berTlvFile, coded, type DedicatedFile, type ElementaryFile, linear, transparent } from './elementary-file.ts';
import { ENTRY, ENTRY_LENGTH, EXTENSION, EXTENSION_LENGTH, NUMBER, NUMBER_OCTETS } from './examples.ts';

const { pinPin, pinAdm, pinPinManaged } = ACCESS;
/** Entries of the phone book of the whole card. */
const ENTRIES = 100;
const NAME_LENGTH = 14;
const MAIL_LENGTH = 40;
const GROUP_OCTETS = 10;

/** EF.PBR (TS 31.102 4.4.2.1): ADN, PBC, GRP, ANR, SNE, EMAIL, UID entry by entry; EXT1, AAS, GAS shared. */
const REFERENCE =
  'A823C0034F3A01C5034F0902C6034F2603C4034F1104C3034F1905CA034F5006C9034F2107AA0FC2034F4A08C7034F4B09C8034F4C0A';

// number, name, identifier, short identifier; size; access; start value; coding with its example; clause of TS 31.102
const PHONE_BOOK: readonly ElementaryFile[] = [
  linear(
    [92, 'EF.PBR', 0x4f30, 0],
    64,
    1,
    pinAdm,
    REFERENCE,
    coded(tel.phoneBook, 'A805C0034F3A01AA05C2034F4A08', {
      parallel: [{ tag: 0xc0, file: '4F3A01' }],
      shared: [{ tag: 0xc2, file: '4F4A08' }],
    }),
    '4.4.2.1',
  ),
  linear([71, 'EF.ADN', 0x4f3a, 0x01], ENTRY_LENGTH, ENTRIES, pinPinManaged, '', ENTRY, '4.4.2.3'),
  linear([72, 'EF.EXT1', 0x4f4a, 0x08], EXTENSION_LENGTH, 10, pinPin, '', EXTENSION, '4.4.2.4'),
  linear([73, 'EF.UID', 0x4f21, 0x07], 2, ENTRIES, pinPin, '0000', coded(u16, '0102', 0x0102), '4.4.2.12.1'),
  linear(
    [74, 'EF.PBC', 0x4f09, 0x02],
    2,
    ENTRIES,
    pinPin,
    '0000',
    coded(tel.entryControl, '0100', { control: 1, hidden: 0 }),
    '4.4.2.5',
  ),
  linear(
    [75, 'EF.ANR', 0x4f11, 0x04],
    15,
    ENTRIES,
    pinPin,
    '',
    coded(tel.additionalNumber, `01${NUMBER_OCTETS}FFFF`, {
      group: 1,
      number: NUMBER,
      configuration: 0xff,
      extension: 0xff,
    }),
    '4.4.2.9',
  ),
  linear([76, 'EF.EMAIL', 0x4f50, 0x06], MAIL_LENGTH, ENTRIES, pinPin, '', coded(alpha, '6161', 'aa'), '4.4.2.13'),
  linear([77, 'EF.SNE', 0x4f19, 0x05], NAME_LENGTH, ENTRIES, pinPin, '', coded(alpha, '4164', 'Ad'), '4.4.2.8'),
  linear(
    [78, 'EF.GRP', 0x4f26, 0x03],
    GROUP_OCTETS,
    ENTRIES,
    pinPin,
    '00'.repeat(GROUP_OCTETS),
    coded(tel.groups, '0102', [1, 2]),
    '4.4.2.6',
  ),
  linear([79, 'EF.GAS', 0x4f4c, 0x0a], NAME_LENGTH, 10, pinPin, '', coded(alpha, '80041F0438', 'Пи'), '4.4.2.7'),
  linear([80, 'EF.AAS', 0x4f4b, 0x09], NAME_LENGTH, 10, pinPin, '', coded(alpha, '574F524B', 'WORK'), '4.4.2.10'),
  transparent([152, 'EF.PSC', 0x4f22, 0], 4, pinPin, '00000000', coded(u32, '00000102', 0x0102), '4.4.2.12.2'),
  transparent([153, 'EF.CC', 0x4f23, 0], 2, pinPin, '0000', coded(u16, '0102', 0x0102), '4.4.2.12.3'),
  transparent([154, 'EF.PUID', 0x4f24, 0], 2, pinPin, '0000', coded(u16, '0102', 0x0102), '4.4.2.12.4'),
];

/** The phone book of the whole card (TS 31.102 4.6.2). */
export const DF_PHONE_BOOK: DedicatedFile = {
  number: 6,
  name: 'DF.PHONEBOOK',
  identifier: 0x5f3a,
  access: ACCESS.directory,
  files: PHONE_BOOK,
  directories: [],
};

const data = coded(untilFiller(hexRest), '8003010203', '8003010203');

/** Multimedia messages (TS 31.102 4.6.3): BER-TLV EFs. */
export const DF_MULTIMEDIA: DedicatedFile = {
  number: 7,
  name: 'DF.MULTIMEDIA',
  identifier: 0x5f3b,
  access: ACCESS.directory,
  files: [
    berTlvFile([151, 'EF.MML', 0x4f47, 0x01], 512, pinPin, '', data, '4.6.3.1', 67),
    berTlvFile([155, 'EF.MMDF', 0x4f48, 0x02], 4096, pinPin, '', data, '4.6.3.2', 67),
  ],
  directories: [],
};
