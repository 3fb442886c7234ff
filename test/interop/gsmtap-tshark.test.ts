// Wireshark as the judge of our traces: every packet we write must be decoded by name, none malformed.
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { fromHex } from '#base/codec/index.ts';
import { seededRandom, systemClock } from '#base/port/index.ts';
import { GSMTAP_PORT, gsmtapUdp, pcapngFile, type Trace, type TraceRecord } from '#base/trace/index.ts';
import { CardSlot } from '#handset/connector/index.ts';
import { type CardParty, exchangeRecord, resetRecord } from '#lab/ladder/index.ts';
import { sampleCards } from '#lab/workshop/index.ts';
import type { Card, ProtocolOffer } from '#protocol/apdu/index.ts';
import { messageOf, pdu } from '#protocol/smpp/index.ts';

const hasTshark = spawnSync('tshark', ['--version']).status === 0;
// On a build machine a missing judge is a failure, elsewhere a visible skip.
const missing = hasTshark || process.env['CI'] ? false : 'tshark is missing: install the package tshark';
const CHECKSUMS = ['-o', 'ip.check_checksum:TRUE', '-o', 'udp.check_checksum:TRUE'];

function tshark(path: string, ...options: readonly string[]): string {
  return execFileSync('tshark', ['-r', path, ...CHECKSUMS, ...options], { encoding: 'utf8', stdio: 'pipe' });
}

const record = (more: Pick<TraceRecord, 'octets' | 'name'> & Partial<TraceRecord>): TraceRecord => ({
  at: 1_790_000_000_123,
  from: 'operating system (4)',
  to: 'UICC (31)',
  protocol: 'apdu',
  step: 101,
  ...more,
});
const apdu = (name: string, command: string, response: string) =>
  record({ name, octets: fromHex(command), response: fromHex(response) });

const RAND = '101112131415161718191A1B1C1D1E1F';
const SMS_PP = 'D12D 82028381 0609911122334455667 7F8 8B1C04049121437F16891010000000000D53686F7274204D657373616765';
const EXCHANGES = [
  apdu('SELECT', '00A40004 02 3F00 00', '62098202782183023F00 8A0105 9000'),
  apdu('SELECT', '00A40004 02 2FE2', '611C'),
  apdu('GET RESPONSE', '00C00000 07', '620582027821 8A 9000'),
  apdu('TERMINAL PROFILE', '80100000 1E FFFFFFFF7F9D00DFFF00001FE2000000C36B000700004000500000000008', '9114'),
  apdu('FETCH', '80120000 14', 'D012 8103013000 82028111 A207 A0A40000023F00 9000'),
  apdu('TERMINAL RESPONSE', '80140000 10 8103013000 82028281 830100 2302 9000', '9000'),
  apdu('ENVELOPE', `80C20000 2F ${SMS_PP} 00`, '027100000A 9000'),
  apdu('AUTHENTICATE', `00880081 22 10${RAND} 10${RAND} 00`, `DB08 0011223344556677 10${RAND} 10${RAND} 9000`),
  apdu('AUTHENTICATE', `00880081 22 10${RAND} 10${RAND} 00`, '6985'),
];
const SUBMIT_SM = messageOf({
  source_addr: '1700',
  dest_addr_ton: 1,
  dest_addr_npi: 1,
  destination_addr: '4917000000001',
  esm_class: 0x40,
  protocol_id: 0x7f,
  data_coding: 0xf6,
  short_message: fromHex('0270000002ABCD'),
  optional_parameters: [{ tag: 0x0204, value: fromHex('0005') }],
});
const OTHERS = [
  record({ name: 'ATR', protocol: 'atr', octets: fromHex('3B9F96801FC78031A073BE21136743200718000001A5') }),
  record({ name: 'enquire_link', protocol: 'smpp', octets: fromHex('00000010000000150000000000000001') }),
  record({
    name: 'submit_sm',
    protocol: 'smpp',
    octets: pdu.encode({ command: 'submit_sm', status: 0, sequence: 7, body: SUBMIT_SM }),
  }),
  record({ name: 'SMS-DELIVER', protocol: 'sms', octets: fromHex('4405912143F57FF662115291050200 03 027000') }),
  record({
    name: 'SMS-DELIVER',
    protocol: 'sms',
    from: 'SMSC',
    to: 'network',
    octets: fromHex(
      '4405807227F97FF6621142409273004D 027000 0048151639121 2BFFF31'.replaceAll(' ', '') + '00'.repeat(64),
    ),
  }),
  record({ name: 'SMS-SUBMIT', protocol: 'sms', to: 'SMSC', octets: fromHex('4117 05912143F5 00F6 03 027100') }),
];

/** The names Wireshark gives, in the order of EXCHANGES as T=0 shows them, then of OTHERS. */
const DECODED = [
  'SELECT File MF',
  'GET RESPONSE',
  'SELECT File EF.ICCID',
  'GET RESPONSE',
  'TERMINAL PROFILE',
  'FETCH Proactive Command PERFORM CARD APDU',
  'TERMINAL RESPONSE PERFORM CARD APDU',
  'ENVELOPE GSM/3GPP/3GPP2 - SMS-PP Download',
  'GET RESPONSE',
  'AUTHENTICATE',
  'GET RESPONSE',
  'AUTHENTICATE : Command not allowed: Conditions of use not satisfied',
  'ATR',
  'SMPP',
  'Submit_sm',
  'GSM SMS',
  'GSM SMS',
  'GSM SMS',
];

test('tshark reads our pcapng: every packet by name, no malformed one, every checksum right', { skip: missing }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'assay-tshark-'));
  try {
    const path = join(folder, 'run.pcapng');
    const trace = pcapngFile(path);
    for (const one of [...EXCHANGES, ...OTHERS]) trace.record(one);
    // Read while the trace is open: what a killed process would have left.
    const lines = tshark(path).trimEnd().split('\n');
    assert.equal(lines.length, DECODED.length);
    for (const [i, name] of DECODED.entries()) assert.ok(lines[i]?.includes(name), `${name} in: ${lines[i]}`);
    assert.equal(tshark(path, '-Y', '_ws.malformed'), '');
    assert.equal(tshark(path, '-Y', 'ip.checksum.status == 0 || udp.checksum.status == 0'), '');
    const fields = ['destination_addr', 'protocol_id', 'sm_length', 'user_message_reference'];
    const judged = tshark(
      path,
      '-Y',
      'smpp.sm_length',
      '-T',
      'fields',
      ...fields.flatMap((name) => ['-e', `smpp.${name}`]),
    );
    assert.equal(judged.trim(), '4917000000001\t0x7f\t7\t0x0005');
    assert.match(tshark(path, '-V', '-c', '1'), /101 \| operating system \(4\) -> UICC \(31\) \| SELECT/);
    trace.close();
  } finally {
    rmSync(folder, { recursive: true });
  }
});

const LIVE = '127.0.0.79';
/** Only root may capture here. */
const cannotCapture = missing || process.getuid?.() === 0 || process.env['CI'] ? missing : 'capturing needs root';

/** What tshark captures on loopback for our address while `act` runs, in a file. */
async function captured(folder: string, act: () => Promise<void>): Promise<string> {
  const path = join(folder, 'live.pcapng');
  const filter = `udp port ${GSMTAP_PORT} and dst host ${LIVE}`;
  const program = spawn('tshark', ['-i', 'lo', '-f', filter, '-w', path], { stdio: ['ignore', 'ignore', 'pipe'] });
  const over = once(program, 'exit');
  let said = '';
  for await (const chunk of program.stderr) {
    said += chunk;
    if (said.includes('Capturing on')) break;
  }
  // "Capturing on" is said a little before it is so.
  await pause(1_000);
  await act();
  await pause(500);
  program.kill('SIGINT');
  await over;
  return path;
}

/** A card in a slot whose traffic goes into the trace, as `assay card serve` has it. */
function tracedSlot(party: CardParty, card: Card, offer: ProtocolOffer, trace: Trace): CardSlot {
  return new CardSlot(card, offer, {
    reset: (atr) => trace.record({ at: 0, ...resetRecord(party, atr) }),
    exchange: (command, response) => trace.record({ at: 0, ...exchangeRecord(party, command, response) }),
  });
}

/** What is sent to each card, and what Wireshark calls it; extended lengths are shown as T=0 carries them. */
const LIVE_UICC: readonly (readonly [string, string])[] = [
  ['00A40004022FE2', 'SELECT File EF.ICCID'],
  ['00C0000019', 'GET RESPONSE'],
  ['00B000000A', 'READ BINARY'],
  ['00A4040407A0000000871002', 'SELECT Application'],
  [`008800812210${'23553CBE9637A89D218AE64DAE47BF35'}10${'55F328B43577B9B94A9FFAC354DFAFB3'}`, 'AUTHENTICATE'],
  ['0020000108', 'VERIFY'],
];
const LIVE_SUPPORT: readonly (readonly [string, string])[] = [
  ['00A4040008F041535341590201', 'SELECT Application'],
  ['00CABF21000006A604830211010000', 'GET DATA'],
];

test('tshark on loopback reads our live GSMTAP: two cards told apart by their address, none malformed', {
  skip: cannotCapture,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'assay-gsmtap-'));
  try {
    const path = await captured(folder, async () => {
      const trace = gsmtapUdp(LIVE);
      const { uicc, support } = sampleCards({ random: seededRandom('gsmtap'), clock: systemClock });
      for (const offer of ['T=0', 'T=1'] as const) {
        const [one, other] = [
          tracedSlot('UICC (31)', uicc, offer, trace),
          tracedSlot('storage support (2)', support, offer, trace),
        ];
        one.powerOn();
        other.powerOn();
        for (const [command] of LIVE_UICC) one.transmit(fromHex(command));
        for (const [command] of LIVE_SUPPORT) other.transmit(fromHex(command));
        await pause(50);
      }
      trace.close();
    });
    assert.equal(tshark(path, '-Y', '_ws.malformed'), '');
    for (const [source, traffic] of [
      ['127.0.0.31', LIVE_UICC],
      ['127.0.0.2', LIVE_SUPPORT],
    ] as const) {
      const lines = tshark(path, '-Y', `ip.src == ${source} && gsm_sim`).trimEnd().split('\n');
      for (const [, name] of traffic)
        assert.ok(lines.filter((line) => line.includes(name)).length >= 2, `${name} in: ${lines.join('\n')}`);
      assert.ok(lines.length >= 2 * (traffic.length + 1), 'and the answers to reset');
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
