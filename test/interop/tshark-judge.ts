// Wireshark's tshark as a judge of captures: what it decodes, and what it finds wrong.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

const hasTshark = spawnSync('tshark', ['--version']).status === 0;
/** Why tests by tshark are skipped, or false. On a build machine a missing judge is a failure, elsewhere a visible skip. */
export const missing = hasTshark || process.env['CI'] ? false : 'tshark is missing: install the package tshark';

const CHECKSUMS = ['-o', 'ip.check_checksum:TRUE', '-o', 'tcp.check_checksum:TRUE'];
/** Severity of expert information from which on it is looked at (Wireshark's epan/proto.h, PI_WARN). */
const WARNING = 0x0060_0000;
const GOOD = '1';

/** Expert information of severity warning or error that is right to be there: its text, and why. */
export interface Expected {
  readonly text: RegExp;
  readonly because: string;
}

/** What a capture is measured by. */
export interface Soundness {
  /** The protocol that every octet sent belongs to, by its name in `frame.protocols`. */
  readonly protocol: string;
  /** Only frames from this address: the others are hostile on purpose. */
  readonly from?: string;
  readonly expected?: readonly Expected[];
}

/** A capture in the hands of tshark. */
export interface Judge {
  /** The values of `fields` in each frame that fits `filter`: a field that is there several times has them joined by `|`. */
  rows(filter: string, ...fields: readonly string[]): readonly (readonly string[])[];
  /**
   * Asserts that every octet that was sent was decoded as the protocol, nothing is malformed, sequence numbers and checksums are right,
   * and no warning or error is there but the expected ones, all of which must be.
   */
  isSound(measure: Soundness): void;
}

/** Gives octets of a pcapng file to tshark, `decodeAs` being values of its option -d such as `tcp.port==7777,http2`. */
export function judge(context: TestContext, octets: Uint8Array, decodeAs: readonly string[]): Judge {
  const folder = mkdtempSync(join(tmpdir(), 'assay-tshark-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'run.pcapng');
  writeFileSync(path, octets);
  const always = ['-2', '-r', path, ...CHECKSUMS, ...decodeAs.flatMap((how) => ['-d', how])];
  const rows: Judge['rows'] = (filter, ...fields) => {
    const asked = ['-T', 'fields', '-E', 'aggregator=|', ...fields.flatMap((field) => ['-e', field])];
    const options = { encoding: 'utf8', stdio: 'pipe', maxBuffer: 1 << 26 } as const;
    const said = execFileSync('tshark', [...always, '-Y', filter, ...asked], options);
    return said
      .split('\n')
      .slice(0, -1)
      .map((line) => line.split('\t'));
  };
  return { rows, isSound: (measure) => assertSound(rows, measure) };
}

const CHECKED = [
  'frame.number',
  'frame.protocols',
  'tcp.len',
  'ip.checksum.status',
  'tcp.checksum.status',
  'tcp.analysis.flags',
  'tcp.reassembled_in',
  '_ws.malformed',
  '_ws.expert.severity',
  '_ws.expert.message',
] as const;

function assertSound(rows: Judge['rows'], { protocol, from, expected = [] }: Soundness): void {
  const frames = rows(from === undefined ? 'tcp' : `ip.src == ${from}`, ...CHECKED);
  const spoken = frames.filter(([, , length]) => length !== '0');
  assert.notEqual(spoken.length, 0, 'nothing was said');
  const faults: string[] = [];
  const found = new Set<Expected>();
  for (const frame of frames) {
    const [number, protocols = '', length, ip, tcp, analysis, whole, malformed, severities = '', messages = ''] = frame;
    const layers = protocols.split(':');
    // `data` is what a dissector gave up on; a piece of a message belongs to the frame where that is whole.
    const isDecoded = layers.includes(protocol) && !layers.includes('data');
    if (length !== '0' && whole === '' && !isDecoded) faults.push(`frame ${number} is ${protocols}`);
    if (ip !== GOOD || tcp !== GOOD) faults.push(`frame ${number}: a checksum is wrong`);
    if (analysis !== '') faults.push(`frame ${number}: sequence numbers are wrong`);
    if (malformed !== '') faults.push(`frame ${number}: malformed`);
    const texts = messages.split('|');
    for (const [i, severity] of severities.split('|').entries()) {
      const excuse = expected.find(({ text }) => text.test(texts[i] ?? ''));
      if (excuse !== undefined) found.add(excuse);
      else if (Number(severity) >= WARNING) faults.push(`frame ${number}: ${texts[i]}`);
    }
  }
  for (const one of expected)
    if (!found.has(one)) faults.push(`tshark does not say ${one.text} any more (${one.because}): take it off the list`);
  assert.deepEqual(faults, []);
}
