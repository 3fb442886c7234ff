import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { concat, fromHex, NO_OCTETS, toHex } from '#base/codec/index.ts';
import { nodeAes, tableAes } from '#base/crypto/index.ts';
import { seededRandom } from '#base/port/index.ts';
import { encodeCommand } from '#protocol/apdu/index.ts';
import {
  type CommandMessage,
  type OtaKeys,
  openResponse,
  POR_STATUS,
  PROOF_BY_DELIVER_REPORT,
  type RemoteFormat,
  type RemoteResponse,
  readRemoteResponse,
  securedCommand,
  writeRemoteScript,
} from '#protocol/ota/index.ts';
import { putKey, type StaticKeyOctets } from '#protocol/secure-channel/index.ts';
import { terminalProfile } from '#protocol/usat/index.ts';
import { loadVectors } from '#test/vectors.ts';
import { recordingApplication, TAR } from '../application.fixture.ts';
import { envelopes, keysOf, packetOf, submits } from '../ota.fixture.ts';
import { ADM, RECORD, SELECT_USIM, withData } from '../uicc.fixture.ts';
import {
  installDomain,
  managedCard,
  managedMedium,
  OTHER_KEYS,
  PACKET_KEYS,
  SELECT_ISSUER,
  SUPPLEMENTARY,
  type Tool,
} from './card-management.fixture.ts';
import { USUAL_REMOTE_FILES } from './personalisation.ts';

const [RAM, RFM_SHARED, RFM_USIM] = [fromHex('000000'), fromHex('B00000'), fromHex('B00001')];
const KEYS: OtaKeys = { cipher: nodeAes.key(PACKET_KEYS.first), check: nodeAes.key(PACKET_KEYS.second) };
const ANSWER = keysOf(RECORD.otaKeys.answer);

/** The operator: counters, packets, proofs. */
class Remote {
  readonly tool: Tool;
  #counter = 0;

  constructor(tool: Tool) {
    this.tool = tool;
    tool.send(withData('80100000', terminalProfile(['profileDownload'])));
  }

  /** Sends a packet; its status and the data of its proof of receipt, undefined for silence. */
  packet(
    tar: Uint8Array,
    data: Uint8Array,
    change: Partial<CommandMessage> = {},
    keys = KEYS,
  ): { readonly status: number; readonly data: Uint8Array } | undefined {
    const message: CommandMessage = {
      ...{ tar, counter: ++this.#counter, counterMode: 'higher', keySet: PACKET_KEYS.version },
      ...{ proof: PROOF_BY_DELIVER_REPORT, ...change },
    };
    let response = '';
    for (const envelope of envelopes({ kind: 'command', packet: securedCommand(message, keys, data) }))
      response = this.tool.send(envelope);
    if (response === '9000') return undefined;
    // What is too long for SMS-DELIVER-REPORT comes in messages of its own.
    const packet = response.startsWith('91')
      ? (packetOf(submits(this.tool))?.packet ?? NO_OCTETS)
      : fromHex(response).slice(3, -2);
    const proof = openResponse(packet, { tar, proof: message.proof }, keys);
    assert.ok(proof.kind === 'authentic', response);
    assert.equal(proof.counter, message.counter);
    return proof;
  }

  script(tar: Uint8Array, format: RemoteFormat, ...commands: readonly string[]): RemoteResponse {
    const proof = this.packet(tar, writeRemoteScript(format, commands.map(fromHex)));
    assert.equal(proof?.status, POR_STATUS.ok);
    return readRemoteResponse(proof?.data ?? NO_OCTETS);
  }

  /** R-APDUs of a script in the expanded format. */
  results(tar: Uint8Array, ...commands: readonly string[]): readonly string[] {
    const response = this.script(tar, 'definite', ...commands);
    return response.format === 'compact' ? [] : response.responses.map(toHex);
  }
}
const remote = (tool = managedCard()) => new Remote(tool);
const last = (response: RemoteResponse) => (response.format === 'compact' ? toHex(response.last) : undefined);

test('RFM in the compact format: files of the USIM are written and read back, the answer is the last command of all', () => {
  const operator = remote();
  const written = operator.script(RFM_USIM, 'compact', '00A40004026F46', '00D6000006004173736179');
  assert.deepEqual([written.executed, last(written)], [2, '9000']);
  const read = operator.script(RFM_USIM, 'compact', '00A40004026F46', '00B0000006');
  assert.deepEqual([read.executed, last(read)], [2, '0041737361799000']);
  operator.tool.send(SELECT_USIM);
  operator.tool.expect(['00A4000C026F46', '9000'], ['00B0000006', '0041737361799000']);
  // SELECT without GET RESPONSE says how much there would be.
  const selected = operator.script(RFM_SHARED, 'compact', '00A40004023F00');
  assert.match(last(selected) ?? '', /^61[0-9A-F]{2}$/);
  const fcp = operator.script(RFM_SHARED, 'compact', '00A40004022FE2', '00C0000000');
  assert.match(last(fcp) ?? '', /^62.*83022FE2.*9000$/);
});

test('RFM in the expanded formats: an answer for each command, of definite and of indefinite length', () => {
  const operator = remote();
  const commands = ['00A40004022FE200', '00B000000A', '00A4000C026F07'];
  const definite = operator.script(RFM_SHARED, 'definite', ...commands);
  assert.equal(definite.executed, 3);
  const indefinite = operator.script(RFM_SHARED, 'indefinite', ...commands);
  assert.ok(definite.format === 'definite' && indefinite.format === 'indefinite');
  assert.deepEqual(indefinite.responses, definite.responses);
  const [fcp, iccid, missing] = definite.responses.map(toHex);
  assert.match(fcp ?? '', /^62.*9000$/);
  assert.deepEqual([iccid, missing], ['989400010000000010F99000', '6A82']);
});

test('a script stops at the first failure; warnings do not stop it; what is not remote management is refused', () => {
  const operator = remote();
  assert.deepEqual(operator.results(RFM_USIM, '00A4000C026F07', '00B0000009', '00A4000C02FFFF', '00B0000009'), [
    '9000',
    '0809101000000000109000',
    '6A82',
  ]);
  for (const [command, refusal] of [
    ['00A4040C07A0000000871002', '6A81'],
    ['0088008122', '6D00'],
    ['80100000011F', '6D00'],
    ['01B0000009', '6E00'],
    ['A0A40000023F00', '6E00'],
    ['00B0', '6700'],
  ] as const)
    assert.deepEqual(operator.results(RFM_USIM, command), [refusal], command);
});

test('what a TAR may do is what the profile grants: nothing, PIN1, or ADM1; its selection is its own', () => {
  const files = (granted: string, tar: string) => ({
    ...{ tar: fromHex(tar), minimumLevel: 'level16' as const, application: fromHex('A0000000871002') },
    granted: fromHex(granted),
  });
  const remoteFiles = [files('', 'B00001'), files('01', 'B00002'), files('010A', 'B00003')];
  const medium = managedMedium({ remoteFiles });
  const tool = managedCard(medium);
  tool.send(SELECT_USIM);
  tool.send('00A4000C026F46');
  const operator = remote(tool);
  const tries = (tar: string) => operator.results(fromHex(tar), '00A4000C026F7E', '00D6000001FF').at(-1);
  assert.equal(tries('B00001'), '6982');
  assert.equal(tries('B00002'), '9000');
  const admin = (tar: string) => operator.results(fromHex(tar), '00A4000C026F07', '00D600000108').at(-1);
  assert.deepEqual([admin('B00002'), admin('B00003')], ['6982', '9000']);
  // The terminal's own selection is where it was, and its rights are what they were.
  tool.expect(['00B0000001', '009000'], ['00A4000C026F07', '9000'], ['00D600000108', '6982']);
});

test('PINs over the air: tries are counted, what is verified counts for the script alone, a blocked PIN is unblocked', () => {
  const medium = managedMedium({ remoteFiles: USUAL_REMOTE_FILES.map((files) => ({ ...files, granted: NO_OCTETS })) });
  const tool = managedCard(medium);
  tool.send(SELECT_USIM);
  const operator = remote(tool);
  const write = ['00A4000C026F07', '00D600000108'];
  const verify = `0020000A08${toHex(ADM)}`;
  assert.deepEqual(operator.results(RFM_USIM, ...write).at(-1), '6982');
  assert.deepEqual(operator.results(RFM_USIM, '0020000A08FFFFFFFFFFFFFFFF', verify), ['63C9']);
  assert.deepEqual(operator.results(RFM_USIM, verify, ...write), ['9000', '9000', '9000']);
  // Neither the terminal nor the next script has it.
  tool.expect(['00A4000C026F07', '9000'], ['00D600000108', '6982'], ['0020000A', '63CA']);
  assert.deepEqual(operator.results(RFM_USIM, ...write).at(-1), '6982');
  // What the terminal has verified it keeps, whatever a script gets wrong.
  tool.expect([verify, '9000']);
  assert.deepEqual(operator.results(RFM_USIM, '0020000A08FFFFFFFFFFFFFFFF'), ['63C9']);
  tool.expect(['00D600000108', '9000'], ['0020000A', '63C9']);
});

test('files are made, resized, written and taken away over the air (TS 102 222)', () => {
  const operator = remote();
  const create = '00E000001862168202412183026F998A01058B036F0604800200048800';
  const [made, ...later] = operator.results(
    RFM_USIM,
    create,
    '00D6000002AABB',
    '00B0000004',
    '00E40000026F99',
    '00A4000C026F99',
  );
  assert.deepEqual([made, ...later], ['9000', '9000', 'AABBFFFF9000', '9000', '6A82']);
  assert.deepEqual(operator.results(RFM_USIM, '00E60000'), ['6D00']);
});

test('the files of the ISIM under their TAR; those of a SIM by the commands of class A0', () => {
  const operator = remote();
  // This card has no ISIM.
  assert.equal(operator.packet(fromHex('B00002'), fromHex('00A4000C026F02'))?.status, POR_STATUS.tarUnknown);
  const withIsim = remote(managedCard(managedMedium({}, { ims: {} })));
  assert.match(withIsim.results(fromHex('B00002'), '00A4000C026F02', '00B0000002').join(), /^9000,.*9000$/);
  const sim = fromHex('B00010');
  assert.deepEqual(operator.results(sim, '00A4000C023F00'), ['6E00']);
  const written = operator.script(sim, 'compact', 'A0A40000027F20', 'A0A40000026F46', 'A0D600000200AA');
  assert.deepEqual([written.executed, last(written)], [3, '9000']);
  const read = operator.script(sim, 'compact', 'A0A40000027F20', 'A0A40000026F46', 'A0B0000002');
  assert.deepEqual([read.executed, last(read)], [3, '00AA9000']);
  const whole = operator.script(sim, 'compact', 'A0A40000027F20', 'A0A40000026F46', 'A0B0000000');
  assert.match(last(whole) ?? '', /^00AA(FF)+9000$/, 'P3 00 is all there is (TS 102 226 5.1)');
  const selected = operator.script(sim, 'compact', 'A0A40000027F20', 'A0A40000026F46', 'A0C000000F');
  assert.match(last(selected) ?? '', /^0000.{4}6F46.*9000$/);
  const missing = operator.script(sim, 'compact', 'A0A40000026FFF', 'A0B0000002');
  assert.deepEqual([missing.executed, last(missing)], [1, '9404']);
  for (const command of ['A08800001000112233445566778899AABBCCDDEEFF', 'A0F2000016', 'A012000001'])
    assert.deepEqual(operator.results(sim, command), ['6D00'], command);
});

test('every TAR has its key sets and its level; what is below, or not whose, executes nothing', () => {
  const strict = USUAL_REMOTE_FILES.map((files) => ({ ...files, minimumLevel: 'level1E' as const }));
  const heard = recordingApplication();
  const tool = managedCard(managedMedium({ remoteFiles: strict }), { application: heard.make });
  const operator = remote(tool);
  const write = writeRemoteScript('compact', [fromHex('00A4000C026F46'), fromHex('00D600000155')]);
  assert.equal(operator.packet(RFM_USIM, write)?.status, POR_STATUS.insufficientSecurityLevel);
  assert.equal(operator.packet(RFM_USIM, write, { counterMode: 'exactlyOneHigher' })?.status, POR_STATUS.counterHigh);
  assert.equal(operator.packet(fromHex('B00099'), write)?.status, POR_STATUS.tarUnknown);
  // The lock's keys open the lock alone, the issuer's everything else alone; a key set that nobody has is silence.
  assert.equal(operator.packet(RFM_USIM, write, { keySet: 1 }, ANSWER)?.status, POR_STATUS.tarUnknown);
  assert.equal(operator.packet(RAM, write, { keySet: 1 }, ANSWER)?.status, POR_STATUS.tarUnknown);
  assert.equal(operator.packet(TAR, write)?.status, POR_STATUS.tarUnknown);
  for (const keySet of [2, 4, 15]) assert.equal(operator.packet(RAM, write, { keySet }), undefined);
  assert.ok(!heard.heard.some((event) => event.startsWith('secured')));
  assert.equal(operator.packet(TAR, write, { keySet: 1 }, ANSWER)?.status, POR_STATUS.ok);
  tool.send(SELECT_USIM);
  tool.expect(['00A4000C026F46', '9000'], ['00B0000001', '009000']);
});

test('a packet is executed once, also after power off; counters of key sets are apart', () => {
  const medium = managedMedium();
  const operator = remote(managedCard(medium));
  const script = writeRemoteScript('compact', [fromHex('80CA004200')]);
  assert.equal(operator.packet(RAM, script, { counter: 7 })?.status, POR_STATUS.ok);
  const later = remote(managedCard(medium));
  assert.equal(later.packet(RAM, script, { counter: 7 })?.status, POR_STATUS.counterLow);
  assert.equal(later.packet(RFM_USIM, script, { counter: 6 })?.status, POR_STATUS.counterLow);
  assert.equal(later.packet(RAM, script, { counter: 8 })?.status, POR_STATUS.ok);
});

test('RAM: the commands of a session, in a script', () => {
  const operator = remote();
  const [keys, status, resources] = operator.results(RAM, '80CA00E000', '80F28002024F0000', '80CAFF2100');
  assert.match(keys ?? '', /^E024.*9000$/);
  assert.equal(status, 'E3134F08A0000001510000009F70010FC5039C00009000');
  assert.match(resources ?? '', /^FF210C8101018203[0-9A-F]{6}830200009000$/);
  assert.deepEqual(operator.results(RAM, installDomain(SUPPLEMENTARY), '80E60200010000', '80CA004200'), [
    '009000',
    '6A81',
  ]);
  assert.deepEqual(operator.results(RAM, '80E2900003420199', '80CA004200'), ['9000', '4201999000']);
  // The compact answer that a published exchange has: number, 9000, the key information.
  const compact = operator.script(RAM, 'compact', '80CA00E000');
  assert.match(toHex(concat(Uint8Array.of(compact.executed), fromHex(last(compact) ?? ''))), /^01E024C0.*9000$/);
  assert.deepEqual(operator.results(RAM, '00A4000C023F00'), ['6D00']);
});

test('RAM to a domain by the TAR in its AID, under keys of its own, put over the air; its proof comes under the keys it came with', () => {
  const operator = remote();
  const session = selectedSession(operator.tool);
  assert.equal(session.secure(installDomain(SUPPLEMENTARY)), '009000');
  session.send(`00A4040010${SUPPLEMENTARY}00`);
  assert.equal(session.open(undefined, 0x03, fromHex(SUPPLEMENTARY)), 0x9000);
  const first: StaticKeyOctets = { ...OTHER_KEYS, version: 0x05 };
  assert.match(session.putKeys(first), /9000$/);
  const tar = fromHex('B1B2B3');
  const keys: OtaKeys = { cipher: nodeAes.key(first.enc), check: nodeAes.key(first.mac) };
  const put = encodeCommand(
    putKey(tableAes, tableAes.key(first.dek), 5, { ...PACKET_OCTETS, version: 0x05 }, seededRandom('filler')),
  );
  const script = writeRemoteScript('definite', [put]);
  assert.equal(operator.packet(tar, script)?.status, undefined);
  const proof = operator.packet(tar, script, { keySet: 5 }, keys);
  assert.match(toHex(proof?.data ?? NO_OCTETS), /^AB.*9000$/);
  assert.equal(operator.packet(tar, script, { keySet: 5 }, keys), undefined);
  const newKeys: OtaKeys = { cipher: nodeAes.key(PACKET_OCTETS.enc), check: nodeAes.key(PACKET_OCTETS.mac) };
  const status = writeRemoteScript('definite', [fromHex('80F28002024F0000')]);
  const answer = operator.packet(tar, status, { keySet: 5, counter: 1 }, newKeys);
  assert.equal(toHex(answer?.data ?? NO_OCTETS), 'AB07800101 2302 6A88'.replaceAll(' ', ''));
});

const PACKET_OCTETS: StaticKeyOctets = {
  version: 0x05,
  enc: fromHex('aa'.repeat(16)),
  mac: fromHex('ab'.repeat(16)),
  dek: fromHex('ac'.repeat(16)),
};

function selectedSession(tool: Tool): Tool {
  tool.send(SELECT_ISSUER);
  assert.equal(tool.open(), 0x9000);
  return tool;
}

test('a locked card is managed still, its files are not; the IMEI lock hears its orders', () => {
  const heard = recordingApplication();
  const operator = remote(managedCard(managedMedium(), { application: heard.make }));
  assert.deepEqual(operator.results(RAM, '80F0807F00'), ['9000']);
  const script = writeRemoteScript('compact', [fromHex('00A4000C023F00')]);
  assert.equal(operator.packet(RFM_SHARED, script)?.status, POR_STATUS.tarUnknown);
  assert.equal(operator.packet(TAR, script, { keySet: 1 }, ANSWER)?.status, POR_STATUS.ok);
  assert.deepEqual(operator.results(RAM, installDomain(SUPPLEMENTARY)), ['6985']);
  assert.deepEqual(operator.results(RAM, '80F0800F00'), ['9000']);
  assert.equal(operator.packet(RFM_SHARED, script)?.status, POR_STATUS.ok);
});

test('templates that are broken: what stands before the fault is executed, the fault is told', () => {
  const operator = remote();
  const answer = (script: string) => toHex(operator.packet(RAM, fromHex(script))?.data ?? NO_OCTETS);
  assert.equal(answer('AA 07 2205 80CA004200'), `AB0D 800101 2308 420489490010 9000`.replaceAll(' ', ''));
  assert.equal(answer('AA 09 2205 80CA004200 5500'), 'AB10 800101 2308 4204894900109000 900101'.replaceAll(' ', ''));
  assert.equal(answer('AA 09 2205 80CA004200 2209'), 'AB10 800101 2308 4204894900109000 900102'.replaceAll(' ', ''));
  assert.equal(answer('AA 08 2205 80CA004200 22'), 'AB10 800101 2308 4204894900109000 900103'.replaceAll(' ', ''));
  assert.equal(answer('AA 05 2205 80CA004200'), 'AB06 800100 900102'.replaceAll(' ', ''));
  assert.equal(answer('AE 80 2205 80CA004200 0000'), 'AF80 2308 4204894900109000 0000'.replaceAll(' ', ''));
  assert.equal(answer('AE 80 2205 80CA004200'), 'AF80 2308 4204894900109000 900103 0000'.replaceAll(' ', ''));
  assert.equal(answer('AE 03 220100'), 'AF80 900102 0000'.replaceAll(' ', ''));
  assert.equal(answer('AA 0A 830101 2205 80CA004200'), 'AB06 800100 830102'.replaceAll(' ', ''));
  assert.equal(answer('AA 0A 810101 2205 80CA004200'), 'AB06 800100 810101'.replaceAll(' ', ''));
  assert.equal(answer('AA 0A 820101 2205 80CA004200'), 'AB0D 800101 2308 4204894900109000'.replaceAll(' ', ''));
  assert.equal(answer('80CA0042'), '006700');
  assert.equal(answer('80CA00420080'), '016700');
});

test('answers that are too long are cut off with 62F1, and nothing follows', () => {
  const operator = remote();
  const commands = Array.from({ length: 40 }, () => '80F21002024F0000');
  const results = operator.results(RAM, ...commands);
  assert.ok(results.length > 10 && results.length < 40);
  assert.match(results.at(-1) ?? '', /62F1$/);
  assert.ok(results.join('').length <= 2048);
});

test('property: whatever commands an authentic script holds, the card faults nowhere, answers, and can be managed afterwards', () => {
  const octet = fc.nat(255);
  const instruction = fc.constantFrom(
    ...fromHex('A4B0B2D6DCA232CBDB0444E0E4D42024262 82CC0E6E8F2F0D8E2CA'.replaceAll(' ', '')),
  );
  const content = fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 40 }),
    fc
      .constantFrom(
        '3F00',
        '6F07',
        '7F10',
        '6F3C',
        '2F00',
        '62168202412183026F998A01058B036F0604800200048800',
        '4F00',
        'D20103',
      )
      .map(fromHex),
  );
  const one = fc
    .tuple(fc.constantFrom(0x00, 0x80, 0xa0), instruction, octet, octet, content, fc.boolean())
    .map(([cla, ins, p1, p2, data, hasLe]) =>
      Uint8Array.of(cla, ins, p1 & 0x8f, p2, data.length, ...data, ...(hasLe ? [0] : [])),
    );
  const tar = fc.constantFrom(RAM, RFM_SHARED, RFM_USIM, fromHex('B00010'));
  const format = fc.constantFrom<RemoteFormat>('compact', 'definite', 'indefinite');
  const scripts = fc.array(fc.tuple(tar, format, fc.array(one, { minLength: 1, maxLength: 6 })), { maxLength: 12 });
  fc.assert(
    fc.property(scripts, (given) => {
      const operator = remote();
      for (const [target, written, commands] of given) {
        // Not what ends the card, and not what takes the operator's keys.
        const sent = commands.filter(({ 1: ins, 2: p1 }) => !(ins === 0xf0 && p1 === 0x80) && ins !== 0xe4);
        const proof = operator.packet(target, writeRemoteScript(written, sent));
        assert.ok(proof !== undefined && proof.status === POR_STATUS.ok);
        readRemoteResponse(proof.data);
      }
      assert.match(operator.results(RAM, '80F28002024F0000').join(), /^E3.*9000$/);
    }),
    { numRuns: 150, seed: 11 },
  );
});

test('payloads of published packets are read as the scripts they are', () => {
  const compact = loadVectors('ota-commands').filter(({ tar }) => tar.startsWith('b000') || tar === '000000');
  assert.ok(compact.length > 15);
  const ofSim = 'a0a40000023f00a0a40000027f10a0a40000026f3ca0b2010405';
  assert.ok(compact.filter(({ secured_data: data }) => data === ofSim).length > 10);
  const operator = remote();
  for (const { secured_data: data, tar, id } of compact) {
    const proof = operator.packet(fromHex(tar), fromHex(data));
    assert.equal(proof?.status, POR_STATUS.ok, id);
    const response = readRemoteResponse(proof?.data ?? NO_OCTETS);
    assert.equal(response.format, 'compact', id);
    // All four are executed; the record is longer than was asked for.
    if (data === ofSim) assert.deepEqual([response.executed, last(response)], [4, '67B0'], id);
  }
});

test('the terminal hears by REFRESH which files a script changed; a busy one hears it again', () => {
  const operator = remote();
  const { tool } = operator;
  const update = (...files: readonly string[]) =>
    operator.script(RFM_USIM, 'compact', ...files.flatMap((file) => [`00A4000402${file}`, '00D600000100']));
  const fetched = () => {
    const [sw1, length = 0] = fromHex(tool.send('80F2000C'));
    return sw1 === 0x91 ? tool.send(`80120000${length.toString(16).padStart(2, '0')}`) : 'none';
  };
  const answered = (refresh: string, ...result: readonly number[]) => {
    const head = fromHex(`${refresh.slice(4, 14)}82028281`);
    tool.expect([withData('80140000', concat(head, Uint8Array.of(0x83, result.length, ...result))), '9000']);
  };
  update('6F46');
  assert.equal(fetched(), 'none', 'a terminal that announces no REFRESH');
  tool.send(withData('80100000', terminalProfile(['profileDownload', 'refresh'])));
  update('6F46', '6F31', '6F46');
  const refresh = fetched();
  assert.match(refresh, /82028182920902(7FFF6F467FFF6F31|7FFF6F317FFF6F46)AF10A0000000871002/);
  answered(refresh, 0x20, 0x01);
  const again = fetched();
  assert.equal(again.slice(14), refresh.slice(14));
  answered(again, 0x00);
  assert.equal(fetched(), 'none');
  operator.script(RFM_USIM, 'compact', '00A40004026F46', '00B0000001');
  assert.equal(fetched(), 'none', 'nothing was changed');
});
