import { fromHex, toHex } from '#base/codec/index.ts';
import { ACCESS, ACCESS_RECORD_LENGTH, ACCESS_RECORDS, accessRuleFormat } from './access-rule.ts';
import { applicationTemplate, languages } from './coding-general.ts';
import { iccid } from './coding-network.ts';
import { maximumPower } from './coding-telephony.ts';
import { coded, type DedicatedFile, type ElementaryFile, linear, transparent } from './elementary-file.ts';

const RECORDS_OF_DIR = 2;
const DIR_RECORD_LENGTH = 38;
const { alwaysAdm, alwaysNever, alwaysPin, fixed } = ACCESS;

/** EF.ARR under its number, identifier and short identifier: the same rules wherever it stands (TS 102 221 9.2.7). */
export const ruleFile = (number: number, identifier: number, shortIdentifier: number, clause: string): ElementaryFile =>
  linear(
    [number, 'EF.ARR', identifier, shortIdentifier],
    ACCESS_RECORD_LENGTH,
    ACCESS_RECORDS.length,
    fixed,
    ACCESS_RECORDS,
    coded(accessRuleFormat, '8001019000800102A406830101950108', [
      { modes: 1, instruction: undefined, condition: { kind: 'always' } },
      { modes: 2, instruction: undefined, condition: { kind: 'key', reference: 1 } },
    ]),
    clause,
  );

const applicationRecords = (applications: readonly DedicatedFile[]) =>
  applications.map(({ aid = new Uint8Array(0), label = '' }) => applicationTemplate.encode({ aid: toHex(aid), label }));

// number, name, identifier, short identifier; size; access; start value; coding with its example; clause of TS 102 221
/** EF.DIR of a card with these applications. */
export const applicationFile = (applications: readonly DedicatedFile[]): ElementaryFile =>
  linear(
    [1, 'EF.DIR', 0x2f00, 0x1e],
    DIR_RECORD_LENGTH,
    Math.max(RECORDS_OF_DIR, applications.length),
    alwaysAdm,
    applicationRecords(applications),
    coded(applicationTemplate, '61194F10A0000000871002FFFFFFFF890709000050055553696D31', {
      aid: 'A0000000871002FFFFFFFF8907090000',
      label: 'USim1',
    }),
    '13.1',
  );

const files = (applications: readonly DedicatedFile[]): readonly ElementaryFile[] => [
  applicationFile(applications),
  transparent(
    [2, 'EF.ICCID', 0x2fe2, 0x02],
    10,
    alwaysNever,
    (profile) => profile.iccid.toEf(),
    coded(iccid, '988812010000400310F0', '8988211000000430010'),
    '13.2',
  ),
  transparent([3, 'EF.PL', 0x2f05, 0x05], 2, alwaysPin, '', coded(languages, '656E', ['en']), '13.3'),
  ruleFile(4, 0x2f06, 0x06, '13.4'),
  transparent(
    [5, 'EF.UMPC', 0x2f08, 0x08],
    5,
    alwaysNever,
    '3C05020000',
    coded(maximumPower, '3C05020000', { milliamperes: 60, timeout: 5, flags: 2, reserved: 0 }),
    '13.5.2',
  ),
];

/** The master file of a card with these applications and directories. */
export const masterFile = (
  applications: readonly DedicatedFile[],
  directories: readonly DedicatedFile[],
): DedicatedFile => ({
  number: 1,
  name: 'MF',
  identifier: 0x3f00,
  rules: 0x2f06,
  access: ACCESS.directory,
  files: files(applications),
  directories: [...applications, ...directories],
});

/** An AID of 3GPP: its RID, an application code, and what TS 101 220 annex E leaves to the issuer. */
export const aidOf3gpp = (code: number): Uint8Array =>
  fromHex(`A000000087${code.toString(16).padStart(4, '0')}FFFFFFFF8907090000`);
