import { fromHex } from '#base/codec/index.ts';
import { ACCESS, ACCESS_RECORD_LENGTH, ACCESS_RECORDS } from './access-rule.ts';
import { type DedicatedFile, type ElementaryFile, filled, linear, transparent } from './elementary-file.ts';
import { ADF_USIM, USIM_AID } from './ts-31-102.ts';

const RECORDS_OF_DIR = 2;
const DIR_RECORD_LENGTH = 38;

/** Application template of the USIM (TS 102 221 13.1): AID and label "USim1". */
const usimEntry = () => {
  const record = filled(DIR_RECORD_LENGTH, '61194F10');
  record.set(USIM_AID, 4);
  record.set(fromHex('50055553696D31'), 20);
  return record;
};

// number, name, identifier, short identifier; size; access; start value; clause of TS 102 221
const FILES: readonly ElementaryFile[] = [
  linear([1, 'EF.DIR', 0x2f00, 0x1e], DIR_RECORD_LENGTH, RECORDS_OF_DIR, ACCESS.alwaysAdm, [usimEntry()], '13.1'),
  transparent([2, 'EF.ICCID', 0x2fe2, 0x02], 10, ACCESS.alwaysNever, ({ iccid }) => iccid.toEf(), '13.2'),
  transparent([3, 'EF.PL', 0x2f05, 0x05], 2, ACCESS.alwaysPin, '', '13.3'),
  linear(
    [4, 'EF.ARR', 0x2f06, 0x06],
    ACCESS_RECORD_LENGTH,
    ACCESS_RECORDS.length,
    ACCESS.alwaysNever,
    ACCESS_RECORDS,
    '13.4',
  ),
  transparent([5, 'EF.UMPC', 0x2f08, 0x08], 5, ACCESS.alwaysNever, '3C05020000', '13.5.2'),
];

/** The master file with everything below it. */
export const MASTER_FILE: DedicatedFile = {
  name: 'MF',
  identifier: 0x3f00,
  files: FILES,
  directories: [ADF_USIM],
};
