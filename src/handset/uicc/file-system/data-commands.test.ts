import assert from 'node:assert/strict';
import { test } from 'node:test';
import { personalisedMedium, SELECT_USIM, type Subject, subject, subjectOn } from '../uicc.fixture.ts';

/** EF.MMDF of DF.MULTIMEDIA: BER-TLV, at most 4096 octets, read and updated by PIN1. */
const SELECT_FILE = '00A4080C067F105F3B4F48';
const octet = (value: number) => value.toString(16).padStart(2, '0').toUpperCase();

function opened(card: Subject = subject()): Subject {
  card.expect([SELECT_FILE, '9000']);
  return card;
}

test('SET DATA stores an object, replaces it, removes it by its tag; RETRIEVE DATA gives it', () => {
  const card = opened();
  card.expect(
    ['80CB0080018000', '6A88'],
    ['80DB0080058003010203', '9000'],
    ['80DB0080069F21030405 06'.replace(' ', ''), '9000'],
    ['80CB0080018000', '80030102039000'],
    ['80CB0080029F2100', '9F21030405069000'],
    ['80DB008003800107', '9000'],
    ['80CB0080018000', '8001079000'],
    ['80DB0080018000'.slice(0, 12), '9000'],
    ['80CB0080018000', '6A88'],
    ['80DB00800180', '6A88'],
    ['80CB0080029F2100', '9F21030405069000'],
    ['80DB0080028000', '9000'],
    ['80CB0080018000', '80009000'],
    // The tag of a tag list: the tags of all objects (TS 102 221 11.3.1).
    ['80CB0080015C00', '5C039F21809000'],
    ['80CB008003800107', '6A80'],
    ['80CB00800081', '6700'],
  );
});

test('a long object goes and comes in blocks: 63F1 while more is expected, 62F1 while more follows (TS 102 221 11.3)', () => {
  const card = opened();
  const value = Array.from({ length: 600 }, (_, i) => octet(i & 0xff)).join('');
  const object = `80820258${value}`;
  const blocks = [object.slice(0, 400), object.slice(400, 900), object.slice(900)];
  for (const [i, block] of blocks.entries())
    card.expect([`80DB00${i === 0 ? '80' : '00'}${octet(block.length / 2)}${block}`, i === 2 ? '9000' : '63F1']);
  let got = '';
  let response = card.send('80CB0080018000');
  for (; response.endsWith('62F1'); response = card.send('80CB000000')) got += response.slice(0, -4);
  assert.equal(got + response.slice(0, -4), object);
  assert.ok(response.endsWith('9000'));
  // The last block again, then nothing of another command in between.
  card.expect(['80CB004000', response]);
  card.send('80CB0080018000');
  card.expect(['80F2000C', '9000'], ['80CB000000', '6985'], ['80DB000001AA', '6985']);
});

test('an object that is broken off leaves the old one; too large ones and headers that are none are refused', () => {
  const card = opened();
  card.expect(
    ['80DB0080038001AA', '9000'],
    ['80DB00800480820200', '63F1'],
    ['80F2000C', '9000'],
    ['80DB000001AA', '6985'],
    ['80CB0080018000', '8001AA9000'],
    ['80DB008004 80821000'.replace(' ', ''), '6A84'],
    ['80DB008002 8084'.replace(' ', ''), '6A80'],
    ['80DB008003 800180'.replace(' ', ''), '9000'],
    ['80DB008004 80018000'.replace(' ', ''), '6A80'],
    ['80CB01800180', '6A86'],
    ['80CB00600180', '6A86'],
  );
});

test('BER-TLV files are no transparent ones, and access is asked for', () => {
  const card = subject({ pin: '4711' });
  card.expect(
    [SELECT_FILE, '9000'],
    ['80CB0080018000', '6982'],
    ['80DB0080028000', '6982'],
    ['00B0000000', '6981'],
    ['00B2010400', '6981'],
  );
  card.send(SELECT_USIM);
  card.expect(['00A4000C026FAD', '9000'], ['80CB0080018000', '6981']);
  opened(subject()).expect(['80CB0082018000', '6A88']);
});

test('objects are there after the next power-on', () => {
  const medium = personalisedMedium();
  opened(subjectOn(medium)).expect(['80DB0080058003010203', '9000']);
  opened(subjectOn(medium)).expect(['80CB0080018000', '80030102039000']);
});
