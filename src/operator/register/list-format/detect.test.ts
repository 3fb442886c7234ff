import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { refusalWords } from '../file-problem.ts';
import { detectFormat, FORMAT_GUESSES, type ListFormat } from './index.ts';
import { octetsOf } from './list-format.fixture.ts';

const IMEI = '37006845010211';
const IMSI = '001010000000001';

for (const [file, expected] of [
  ['\ufeffIMEI;Reporting_Date;Status\r\n', 'dirbs-stolen'],
  ['imei,reporting_date,status,change_type\n', 'dirbs-stolen'],
  ['imei,block_date,reasons\n', 'dirbs-black-list'],
  ['imei\n', 'dirbs-barred'],
  ['imei,change_type\n', 'dirbs-barred'],
  ['TAC,change_type\n', 'dirbs-barred-tac'],
  ['imei,imsi,msisdn\n', 'dirbs-exceptions'],
  ['imei,imsi,change_type\n', 'dirbs-pairing'],
  ['imei,imsi,msisdn,block_date,reasons,amnesty_granted\n', 'dirbs-notifications'],
  ['imei,brand,reason\n', 'csv'],
  [`\n${IMEI},20190826,blacklist,add\n`, 'dirbs-stolen'],
  [`${IMEI},,pending\n`, 'dirbs-stolen'],
  [`${IMEI},add\n`, 'dirbs-barred'],
  [`${IMEI},${IMSI}\n`, 'dirbs-exceptions'],
  [`${IMEI},Samsung\n`, 'csv'],
  ['imei-370068450102115', 'csv'],
  ['37006845\n', 'dirbs-barred-tac'],
  ['37006845,add\n', 'dirbs-barred-tac'],
  ['_id,pei,supi,status\n', 'open5gs-csv'],
  ['[ {"_id":{"$oid":"1"},"pei":"imei-1"}]', 'open5gs'],
  ['{"supi":null,"pei":"imei-1"}\n', 'open5gs'],
  ['[{"imei":"1","imsi":"","regex_mode":0', 'pyhss'],
  ['eir_id,imei,imsi,regex_mode,match_response_code\n', 'pyhss-csv'],
] as const satisfies readonly (readonly [string, ListFormat])[])
  test(`a file that begins ${JSON.stringify(file.slice(0, 40))} is ${expected}`, () => {
    const found = detectFormat(octetsOf(file));
    assert.ok('format' in found, JSON.stringify(found));
    assert.equal(found.format, expected);
    assert.ok(FORMAT_GUESSES.words(found.why).length > 10);
  });

for (const [what, octets, problem] of [
  ['nothing', octetsOf('  \n'), /got an empty file/],
  ['a ZIP archive', Uint8Array.of(0x50, 0x4b, 3, 4, 20), /ZIP archive .* unpack it/],
  ['UTF-16', Uint8Array.of(0xff, 0xfe, 0x69, 0), /UTF-16 text: save it as "CSV UTF-8"/],
  ['octets 00', octetsOf('imei\0'), /octets 00/],
  ['XML', octetsOf('<?xml?>'), /XML or HTML/],
  ['other JSON', octetsOf('[{"name":"Ada"}]'), /got "name"/],
  ['JSON without a record', octetsOf('[]'), /got no record/],
  ['other columns', octetsOf('name,colour\n'), /got the columns 1 'name', 2 'colour'; say which column is which/],
  ['columns without IMEI', octetsOf('imsi,msisdn\n'), /got the columns 1 'imsi', 2 'msisdn'/],
  ['allocated TACs', octetsOf('TAC|Manufacturer|Model_Name\n'), /list of allocated TACs/],
  ["an operator's dump", octetsOf('date,imei,imsi,msisdn\n'), /choose 'csv' to list the IMEIs/],
  ['two IMEI columns', octetsOf('imei,IMEI\n'), /expected one column 'imei', got 2/],
  ['a broken quote', octetsOf('"imei\n'), /closing quote/],
] as const)
  test(`a file of ${what} is refused with what to do`, () => {
    const found = detectFormat(octets);
    assert.match('said' in found ? refusalWords(found) : JSON.stringify(found), problem);
  });

test('property: no octets make it fail', () => {
  const unit = fc.constantFrom(
    '{',
    '[',
    '"',
    'imei',
    'tac',
    'imsi',
    ',',
    '\n',
    '\0',
    'pei',
    ':',
    '37006845010211',
    'é',
    ';',
    '}',
  );
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array(), fc.string({ unit }).map(octetsOf)), (octets) => {
      const found = detectFormat(octets);
      assert.ok('format' in found || refusalWords(found).length > 0);
    }),
    { numRuns: 1000 },
  );
});
