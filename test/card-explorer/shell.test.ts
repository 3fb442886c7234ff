// The shell on a card, line by line, on our sample UICC: what a person types and reads.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromHex } from '#base/codec/index.ts';
import { fixedClock, seededRandom } from '#base/port/index.ts';
import { CardSession, CardShell } from '#handset/card-explorer/index.ts';
import { SAMPLE, sampleCards } from '#lab/workshop/index.ts';

const sample = () => sampleCards({ random: seededRandom('shell'), clock: fixedClock(Date.UTC(2026, 10, 24)) }).uicc;

/** A shell on a sample card, and what it said to a line. */
async function shellOn(secrets: string[] = []) {
  const session = new CardSession(sample());
  await session.reset();
  await session.applications();
  const said: string[] = [];
  const shell = new CardShell({
    session,
    random: seededRandom('host'),
    async say(...lines) {
      said.push(...lines);
    },
    secret: async () => secrets.shift(),
  });
  const ask = async (line: string) => {
    const result = await shell.run(line);
    return { result, text: said.splice(0).join('\n') };
  };
  const done = async (line: string) => {
    const { result, text } = await ask(line);
    assert.equal(result, 'done', `${line}: ${text}`);
    return text;
  };
  return { shell, session, ask, done };
}

test('files by name; contents as octets and decoded; the prompt says where one is', async () => {
  const { shell, done } = await shellOn();
  assert.match(
    await done('select EF.ICCID'),
    /^MF\/EF\.ICCID \(2FE2\): transparent, 10 octets, SFI 02, activated, clause 13\.2$/,
  );
  assert.equal(await done('read_binary_decoded'), `"${SAMPLE.iccid.digits}"`);
  await done('select usim/imsi');
  assert.equal(shell.prompt, 'assay (ADF.USIM/EF.IMSI)> ');
  assert.equal(await done('read_binary'), '080910100000000010');
  assert.equal(await done('read_binary 1 2'), '0910');
  assert.match(await done('select'), /^MF\/ADF\.USIM\/EF\.IMSI/);
  await done('select ../EF.DIR');
  assert.match(await done('read_records_decoded'), /"label":"USim1"/);
  assert.match(await done('read_record 2'), /^F{64}\nF{12}$/);
  assert.match(await done('dir'), /2FE2 {2}EF\.ICCID\n/);
});

test('what was written decoded is read decoded; another shape, another length and no file are said', async () => {
  const { ask, done } = await shellOn();
  await done('select usim/EF.LI');
  await done('update_binary_decoded ["en","fr"]');
  assert.deepEqual(JSON.parse(await done('read_binary_decoded')), ['en', 'fr']);
  assert.equal(await done('read_binary'), '656E6672FFFF');
  for (const [line, words] of [
    ['update_binary_decoded {"a":1}', /expected the shape of \["en"/],
    ['update_binary_decoded [en', /expected JSON/],
    ['update_binary xyz', /expected octets in hexadecimal/],
    ['read_record 0', /expected a number from 1 to 254\nusage: read_record NUMBER/],
    ['select EF.NONE', /no file is called so here/],
    ['nonsense', /no such command; 'help'/],
  ] as const) {
    const { result, text } = await ask(line);
    assert.equal(result, 'wrong', line);
    assert.match(text, words);
  }
  await done('select MF');
  assert.match((await ask('read_binary')).text, /no EF is selected/);
});

test('refusals in words with their clause; a file deactivated and activated', async () => {
  const { ask, done } = await shellOn();
  await done('select EF.DIR');
  const refused = await ask('update_record 1 00');
  assert.equal(refused.result, 'refused');
  assert.match(refused.text, /^6982 security status .*\(TS 102 221 10\.2\.1\.7\)$/);
  assert.match((await ask('select 6FFE')).text, /^6A82 file not found/);
  await done('select usim/EF.LI');
  assert.match((await ask('deactivate_file')).text, /^6982/);
  await done('select usim/EF.SMS');
  assert.match((await ask('search_record 01')).text, /^6282|records/);
});

test('PINs: asked for, counted, changed; lines that may have one are not kept', async () => {
  const { shell, ask, done } = await shellOn(['0000', '0000', '1234', '12345', 'abc']);
  await done('select usim');
  await done('enable_chv');
  assert.equal(await done('tries'), '3 tries left');
  assert.match(await done('status'), /PIN1 +asked/);
  await done('reset');
  await done('select usim/imsi');
  assert.match((await ask('read_binary')).text, /^6982/);
  assert.match((await ask('verify_chv 1 9999')).text, /^63C2 .*2 tries left/);
  assert.equal(await done('tries'), '2 tries left');
  await done('verify_chv');
  assert.equal(await done('read_binary'), '080910100000000010');
  assert.match((await ask('change_chv 1 0000')).result, /done/);
  assert.match((await ask('verify_chv')).text, /^63C2/);
  assert.match((await ask('verify_chv')).text, /expected 4 to 8 digits/);
  assert.match((await ask('verify_chv')).text, /nobody is there to be asked/);
  for (const line of ['verify_chv 1 1234', ' apdu 0020000108…', 'change_chv', 'verify_adm adm1 1', '1234', 'help 1234'])
    assert.ok(!shell.mayBeKept(line), line);
  assert.ok(shell.mayBeKept('select MF'));
});

test('AUTHENTICATE of TS 35.208 test set 1, logical channels, an APDU as it is', async () => {
  const { shell, ask, done } = await shellOn();
  await done('select usim');
  const proved = await done('authenticate 23553CBE9637A89D218AE64DAE47BF35 55F328B43577B9B94A9FFAC354DFAFB3');
  assert.match(proved, /^RES {2}A54211D5E3BA50BF\nCK {3}B40BA9A3C58B2A05BBF0D987B21BF8CB\nIK /);
  const again = await ask('authenticate 23553CBE9637A89D218AE64DAE47BF35 55F328B43577B9B94A9FFAC354DFAFB3');
  assert.match(again.text, /synchronisation failure.*\nAUTS [0-9A-F]{28}/);
  assert.match(await done('open_channel'), /channel 1/);
  assert.equal(shell.prompt, 'assay:1 (MF)> ');
  await done('select usim/EF.AD');
  await done('close_channel');
  assert.equal(shell.prompt, 'assay (ADF.USIM)> ');
  await done('select MF');
  assert.match((await ask('close_channel')).text, /basic channel stays open/);
  assert.match(await done('apdu 00A4 0004 022FE2 00'), / {2}62 8202.*\n9000 normal end/);
});

test('tree shows what is there; an export is a script that the card takes back', async () => {
  const { session, ask, done } = await shellOn();
  assert.match(await done('tree'), /^MF\n {2}EF\.DIR {2}2F00 {2}linear 2 x 38\n/);
  await done('select usim/DF.GSM-ACCESS');
  const script = await done('export');
  assert.match(script, /select \/ADF\.USIM\/DF\.GSM-ACCESS\/EF\.Kc\nupdate_binary F/);
  for (const line of script.split('\n')) assert.notEqual((await ask(line)).result, 'wrong', line);
  assert.equal(session.channel, 0);
});

test('completion: commands, files by name and identifier, paths, applications; help', async () => {
  const { shell, done, ask } = await shellOn();
  assert.deepEqual(shell.complete('read_r')[0], [
    'read_record ',
    'read_record_decoded ',
    'read_records ',
    'read_records_decoded ',
  ]);
  assert.deepEqual(shell.complete('select EF.IC'), [['EF.ICCID'], 'EF.IC']);
  assert.deepEqual(shell.complete('select 2fe')[0], ['2FE2']);
  assert.deepEqual(shell.complete('select ADF.USIM/EF.IM')[0], ['ADF.USIM/EF.IMSI', 'ADF.USIM/EF.IMSConfigData']);
  assert.deepEqual(shell.complete('select usi')[0], ['ADF.USIM']);
  assert.deepEqual(shell.complete('select EF.ICCID x')[0], []);
  await done('select ADF.USIM/DF.5GS');
  assert.ok(shell.complete('select ADF.')[0].includes('ADF.USIM'));
  assert.deepEqual(shell.complete('read_binary 1')[0], []);
  assert.match(await done('help'), /verify_chv .*\n/);
  assert.match(await done('help apdu'), /^apdu HEX/);
  assert.equal((await ask('help none')).result, 'wrong');
  assert.equal((await ask('quit')).result, 'quit');
  assert.equal((await ask('# a comment')).result, 'done');
});

test('property: any line ends with a word for it, and throws nothing', async () => {
  const { shell, session } = await shellOn();
  const names = [
    'select',
    'read_binary',
    'read_record',
    'update_binary',
    'update_binary_decoded',
    'apdu',
    'authenticate',
    'verify_chv',
    'help',
  ];
  const line = fc.tuple(
    fc.constantFrom(...names),
    fc.oneof(fc.string(), fc.json(), fc.constantFrom('00', '7FFF', '..', 'imsi')),
  );
  await fc.assert(
    fc.asyncProperty(line, async ([name, rest]) => {
      const result = await shell.run(`${name} ${rest}`);
      assert.ok(['done', 'refused', 'wrong'].includes(result));
      assert.ok(shell.complete(`${name} ${rest}`)[0].length >= 0);
    }),
    { numRuns: 300 },
  );
  assert.ok(session.channel >= 0);
  assert.equal((await session.sendRaw(fromHex('80F2000C'))).statusWord >> 8 !== 0, true);
});

test('BER-TLV files: tags, data objects in blocks, one deleted; what is no tag is said', async () => {
  const { ask, done } = await shellOn();
  await done('select /DF.TELECOM/DF.MULTIMEDIA/EF.MMDF');
  assert.equal(await done('retrieve_tags'), 'no data objects');
  const long = 'AB'.repeat(600);
  await done(`set_data 80 ${long}`);
  await done('set_data 5F2D 656E');
  assert.equal(await done('retrieve_tags'), 'tags 80, 5F2D');
  assert.equal((await done('retrieve_data 80')).replaceAll('\n', ''), `80820258${long}`);
  assert.equal(await done('retrieve_data 0x5F2D'), '5F2D02656E');
  await done('del_data 80');
  assert.equal(await done('retrieve_tags'), 'tags 5F2D');
  assert.equal((await ask('retrieve_data 80')).result, 'refused');
  assert.equal((await ask('del_data 80')).result, 'refused');
  for (const line of ['set_data 1F 00', 'set_data 80', 'retrieve_data', 'retrieve_data 8081'])
    assert.equal((await ask(line)).result, 'wrong', line);
  await done('select MF');
  assert.equal((await ask('retrieve_tags')).result, 'wrong');
});

test('a security domain: data objects by name, the registry under SCP03, keys asked for and not kept', async () => {
  const key = '404142434445464748494A4B4C4D4E4F';
  const { shell, ask, done } = await shellOn([key, key, key]);
  assert.equal(await done('select A000000151000000'), 'A000000151000000: an application that says nothing of files');
  assert.match(await done('get_data key_information'), /^key version 30, identifier 01: AES, 16 octets$/m);
  assert.match(await done('get_data 66'), /^ {2}66 73/m);
  assert.equal((await ask('get_data nonsense')).result, 'wrong');
  assert.equal((await ask('get_status')).result, 'refused', 'the registry is for key holders');
  assert.match(await done('establish_scp03 30 33'), /^SCP03, level 33/);
  assert.match(await done('get_status isd'), /^A000000151000000 {2}SECURED/);
  assert.match(await done('get_status files_and_modules'), /^A0000001515350 {2}LOADED.*\n {2}module A000000151535041$/);
  // A refusal is never protected: it ends a session that demands protected answers.
  assert.equal((await ask('get_data ff21')).result, 'done');
  assert.equal((await ask('get_data 1234')).result, 'refused');
  assert.equal((await ask('get_status')).result, 'refused');
  const wrong = '00'.repeat(16);
  assert.match(
    (await ask(`establish_scp03 30 3 ${wrong} ${wrong} ${wrong}`)).text,
    /^no secure channel: wrongCryptogram/,
  );
  assert.match(await done(`establish_scp03 0 3 ${key} ${key} ${key}`), /^SCP03, level 03/);
  assert.equal((await ask('get_data 1234')).result, 'refused');
  assert.match(await done('get_status'), /^F0/, 'with no R-MAC a refusal ends nothing');
  await done('release_scp');
  assert.equal((await ask('get_status')).result, 'refused');
  assert.equal(shell.mayBeKept(`establish_scp03 30 3 ${key} ${key} ${key}`), false);
  for (const line of [
    'establish_scp03 99',
    'establish_scp03 30 4',
    'establish_scp03 30 3 00',
    'get_status all',
    'store_data',
  ])
    assert.equal((await ask(line)).result, 'wrong', line);
});

test('keys put under SCP03: added or in place of others, never printed; life cycles, with words for what cannot be taken back', async () => {
  const key = '404142434445464748494A4B4C4D4E4F';
  const [next, other] = ['11', '22'].map((octet) => octet.repeat(16)) as [string, string];
  const asked = [next, next, next, next, next, next, other, other, other, next];
  const { shell, ask, done } = await shellOn(asked);
  await done('select A000000151000000');
  assert.match((await ask('put_key 31')).text, /establish_scp03 first/);
  await done(`establish_scp03 30 3 ${key} ${key} ${key}`);
  const added = await done('put_key 31');
  assert.match(added, /^key version 31 is on the card: check values (?:[0-9A-F]{6} ?){3}$/);
  assert.doesNotMatch(added, new RegExp(next));
  assert.match((await ask('put_key 32')).text, /the same key once more, got another/);
  assert.equal(
    (await ask(`put_key 31 ${key} ${key} ${key}`)).result,
    'refused',
    'a version that is there is replaced by name',
  );
  await done(`establish_scp03 31 3 ${next} ${next} ${next}`);
  await done(`put_key 32 replace 31 ${other} ${other} ${other}`);
  assert.match((await ask(`establish_scp03 31 3 ${next} ${next} ${next}`)).text, /^no secure channel/);
  await done(`establish_scp03 32 3 ${other} ${other} ${other}`);
  assert.equal(shell.mayBeKept('put_key 33'), false);
  await done('set_status card CARD_LOCKED');
  assert.match(await done('get_status isd'), /CARD_LOCKED/);
  for (const line of ['set_status card SECURED', 'set_status card TERMINATED', 'set_status card TERMINATED ever'])
    assert.match((await ask(line)).text, /cannot be taken back: end the line with the words 'for ever'/);
  await done('set_status card SECURED for ever');
  assert.match(await done('get_status isd'), /SECURED/);
  for (const line of [
    'set_status',
    'set_status card locked',
    'set_status A0000001515350 TERMINATED for ever',
    'put_key',
    'put_key 99',
  ])
    assert.equal((await ask(line)).result, 'wrong', line);
  assert.equal((await ask('set_status F0F1F2F3F4F5 locked')).result, 'refused');
  await done('set_status card TERMINATED for ever');
  assert.equal((await ask('select MF')).result, 'refused');
});

test('names of data objects and parts of the registry are completed', async () => {
  const { shell } = await shellOn();
  assert.deepEqual(shell.complete('get_data key'), [['key_information'], 'key']);
  assert.deepEqual(shell.complete('get_status files'), [['files', 'files_and_modules'], 'files']);
  assert.deepEqual(shell.complete('retrieve')[0], ['retrieve_data ', 'retrieve_tags ']);
});
