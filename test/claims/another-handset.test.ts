import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fromHex, toHex } from '#base/codec/index.ts';
import { Imei } from '#base/identity/index.ts';
import { cardMemory } from '#handset/card/index.ts';
import { LOCK_KEY, lastingState } from '#handset/uicc/imei-lock/index.ts';
import { encodeCommand } from '#protocol/apdu/index.ts';
import { encodeEnvelope, GENERAL_RESULT, type ProactiveCommand } from '#protocol/usat/index.ts';
import { POLICY, type Stage, setStage, type Uicc, type UiccChange } from '#test/story/stage.ts';
import { PROFILE } from './foreign-profiles.ts';
import { ForeignTerminal, type Quirks, type Result } from './foreign-terminal.ts';
import { pairingIn } from './seen.ts';

const IMEI = Imei.parse('49015420323751');
const DOCUMENT = readFileSync(new URL('../../docs/handsets.md', import.meta.url), 'utf8');

const SERVICE_CENTRE = fromHex('912143658709');

const isRelay = ({ type }: ProactiveCommand): boolean => type === 'PERFORM CARD APDU';
const reaches = ({ type }: ProactiveCommand): boolean => type === 'PERFORM CARD APDU' || type === 'POWER ON CARD';
const says = (general: number, ...additional: readonly number[]): Result => ({
  general,
  additional: Uint8Array.from(additional),
});
/** It answers so to what would reach the support, and does all else right. */
const answers = (...result: Parameters<typeof says>): Quirks => ({
  result: (command, right) => (reaches(command) ? says(...result) : right),
});
/** It answers so to what would report, and does all else right. */
function saysOfReports(...result: Parameters<typeof says>): Quirks {
  return { result: (command, right) => (command.type === 'SEND SHORT MESSAGE' ? says(...result) : right) };
}
/** It brings the R-APDU in another state. */
const brings = (change: (responseApdu: Uint8Array) => Uint8Array | undefined): Quirks => ({
  result(command, { responseApdu, ...others }) {
    const changed = responseApdu && change(responseApdu);
    return isRelay(command) && changed === undefined
      ? others
      : { ...others, ...(changed && { responseApdu: changed }) };
  },
});

/** Lengths in the long forms of TS 101 220 7.1.2, for every object of a response. */
function longLengths(usual: Uint8Array): Uint8Array {
  const octets: number[] = [];
  for (let at = 0; at < usual.length; ) {
    const isLong = usual[at + 1] === 0x81;
    const length = usual[isLong ? at + 2 : at + 1] as number;
    const from = at + (isLong ? 3 : 2);
    octets.push(usual[at] as number, 0x82, 0, length, ...usual.subarray(from, from + length));
    at = from + length;
  }
  return Uint8Array.from(octets);
}

/** The support loses its power once, at the second C-APDU; after POWER ON CARD it is there again. */
function losesPower(problem: number): () => Quirks {
  return () => {
    let apdus = 0;
    return {
      result: (command, right) =>
        isRelay(command) && ++apdus === 2 ? says(GENERAL_RESULT.multipleCardError, problem) : right,
    };
  };
}

/** The terminals of docs/handsets.md, by what they do. */
const TERMINALS: Readonly<Record<string, Quirks | (() => Quirks)>> = {
  'everything right': {},
  'sends no TERMINAL PROFILE': { profiles: [] },
  'profile without PERFORM CARD APDU': { profiles: [PROFILE.withoutRelay] },
  'profile of one octet': { profiles: [PROFILE.short] },
  'a real profile of today': { profiles: [PROFILE.real] },
  'profile of 218 octets': { profiles: [PROFILE.long] },
  'profile twice, the second complete': { profiles: [PROFILE.short, PROFILE.complete] },
  'profile twice, the same': { profiles: [PROFILE.complete, PROFILE.complete] },
  'profile without PROVIDE LOCAL INFORMATION': { profiles: [PROFILE.withoutImei] },
  'answers 30, beyond capabilities': answers(GENERAL_RESULT.beyondCapabilities),
  'answers 31, type not understood': answers(GENERAL_RESULT.typeNotUnderstood),
  'answers 32, data not understood': answers(GENERAL_RESULT.dataNotUnderstood),
  'answers 30 to POWER ON CARD alone': {
    result: (command, right) => (command.type === 'POWER ON CARD' ? says(GENERAL_RESULT.beyondCapabilities) : right),
  },
  'answers 30 to SEND SHORT MESSAGE alone': saysOfReports(GENERAL_RESULT.beyondCapabilities),
  'answers 20 04 to SEND SHORT MESSAGE, no service': saysOfReports(GENERAL_RESULT.terminalBusy, 0x04),
  'answers 38 01, reader removed': answers(GENERAL_RESULT.multipleCardError, 0x01),
  'answers 38 02, card removed': answers(GENERAL_RESULT.multipleCardError, 0x02),
  'answers 38 03, reader busy': answers(GENERAL_RESULT.multipleCardError, 0x03),
  'answers 38 04, card powered off': answers(GENERAL_RESULT.multipleCardError, 0x04),
  'answers 38 06, card mute': answers(GENERAL_RESULT.multipleCardError, 0x06),
  'answers 38 04 once, and powers the card on again': losesPower(0x04),
  'answers 38 06 once, and powers the card on again': losesPower(0x06),
  'answers 38 09, reader not valid': answers(GENERAL_RESULT.multipleCardError, 0x09),
  'answers 20 01, screen busy': answers(GENERAL_RESULT.terminalBusy, 0x01),
  'answers 22, refused by the person': answers(GENERAL_RESULT.userRefused),
  'answers 00 without an R-APDU': brings(() => undefined),
  'answers 00 with an R-APDU of one octet': brings((apdu) => apdu.slice(0, 1)),
  'answers 00 with an R-APDU cut by one': brings((apdu) => apdu.slice(0, -1)),
  'answers 01, partial comprehension': {
    result: (_, right) => ({ ...right, general: GENERAL_RESULT.partialComprehension }),
  },
  'codes lengths as 82 00 xx': { octets: longLengths },
  'names other device identities': { octets: (usual) => usual.with(7, 0x83).with(8, 0x82) },
  'answers for another command number': { octets: (usual) => usual.with(2, (usual[2] as number) ^ 0x40) },
  'answers what cannot be read': { octets: () => fromHex('8103') },
  'carries one C-APDU, then says card removed': {
    result: (command, right) =>
      isRelay(command) && command.type === 'PERFORM CARD APDU' && command.apdu[1] !== 0xa4
        ? says(GENERAL_RESULT.multipleCardError, 0x02)
        : right,
  },
  'fetches nothing': { fetchesNothing: true },
  'never sends TERMINAL RESPONSE': { octets: () => undefined },
};

function terminal(stage: Stage, quirks: Quirks, change: UiccChange = {}): { uicc: Uicc; handset: ForeignTerminal } {
  const uicc = stage.issue(change);
  const { card: support } = stage.factory(IMEI);
  const handset = new ForeignTerminal({ uicc: uicc.card, support, imei: IMEI }, quirks);
  handset.powerOn();
  return { uicc, handset };
}

/** The reason that the UICC reports, or keeps for its report; `-` when it could conclude nothing. */
function reasonIn({ medium }: Uicc): string {
  const stored = cardMemory(medium).get(LOCK_KEY.lasting);
  const lasting = stored && lastingState.decode(stored);
  return lasting?.outstanding?.facts.reason ?? '-';
}

/** The report goes to the operator, and its answer to the UICC. */
async function reportAndAnswer(stage: Stage, { given }: Uicc, handset: ForeignTerminal): Promise<void> {
  for (const tpdu of handset.sent.splice(0)) stage.post.ofNetwork.submit(given.imsi, tpdu, SERVICE_CENTRE);
  await stage.settle();
  for (const tpdu of stage.post.take(given.msisdn.digits)) {
    const data = encodeEnvelope({ type: 'SMS-PP DOWNLOAD', address: SERVICE_CENTRE, tpdu });
    handset.transmit(encodeCommand({ cla: 0x80, ins: 0xc2, p1: 0, p2: 0, data, le: 256 }));
  }
}

function challenge({ operator }: Stage, { given }: Uicc): { rand: Uint8Array; autn: Uint8Array } {
  return operator.subscribers.authenticationVector(given.imsi, 0) ?? assert.fail('a subscriber of this operator');
}

const ROWS = [
  ...DOCUMENT.matchAll(/^\| ([^|]+) \| ([a-zA-Z-]+) \| (served|refused) \| (served|refused) \| (served|refused) \|$/gm),
];

test('docs/handsets.md has a row for every terminal of the table, and no other', () => {
  assert.deepEqual(
    ROWS.map(([, name]) => name),
    Object.keys(TERMINALS),
  );
});

for (const [, name = '', reason, ...outcomes] of ROWS)
  test(`a terminal that: ${name}`, (context) => {
    const stage = setStage(context);
    for (const [index, terminalCannotProve] of (['permit', 'grace', 'block'] as const).entries()) {
      const found = TERMINALS[name] ?? assert.fail(name);
      const quirks = typeof found === 'function' ? found() : found;
      const { uicc, handset } = terminal(stage, quirks, { policy: { ...POLICY, terminalCannotProve } });
      assert.equal(reasonIn(uicc), reason, terminalCannotProve);
      assert.equal(handset.authenticate(challenge(stage, uicc)), outcomes[index], terminalCannotProve);
      // Files stay open whatever the toolkit does, and STATUS with an extended Le is no fault (facts/uicc.md 17).
      assert.match(handset.send('00A4080C022FE2'), /(9000|91..)$/);
      assert.match(handset.send('80F20000000168'), /(9000|91..)$/);
    }
  });

test('the report of a terminal that cannot prove reaches the operator, with its reason and the IMEI it claims', async (context) => {
  const stage = setStage(context);
  const { uicc, handset } = terminal(stage, { profiles: [PROFILE.withoutRelay] });
  await reportAndAnswer(stage, uicc, handset);
  const known = stage.operator.evidence.standing(uicc.given.imsi);
  assert.deepEqual([known?.result, known?.reason], ['notProven', 'profileTooSmall']);
  assert.equal(known?.claimedImei?.equipment, IMEI.equipment);
});

for (const [name, quirks] of [
  ['sends no TERMINAL PROFILE', { profiles: [] }],
  ['fetches nothing', { fetchesNothing: true }],
  ['never sends TERMINAL RESPONSE', { octets: () => undefined }],
] satisfies readonly (readonly [string, Quirks])[])
  test(`a terminal that ${name} is told to the operator by the next one that can`, async (context) => {
    const stage = setStage(context);
    const { uicc, handset } = terminal(stage, quirks);
    handset.authenticate(challenge(stage, uicc));
    const { card: support } = stage.factory(Imei.parse('35145120990033'));
    const next = new ForeignTerminal({ uicc: uicc.card, support, imei: Imei.parse('35145120990033') }, {});
    next.powerOn();
    await reportAndAnswer(stage, uicc, next);
    const { imsi } = uicc.given;
    const silent = () => stage.operator.evidence.findings(10).find(({ kind }) => kind === 'silentTerminal');
    assert.deepEqual([silent()?.imsi, silent()?.times], [imsi.digits, 1]);
    next.powerOn();
    await reportAndAnswer(stage, uicc, next);
    assert.equal(silent()?.times, 1, 'it is told once');
  });

test('the handset that proved its IMEI and now says it cannot is not believed; another one that cannot is served', (context) => {
  const stage = setStage(context);
  const { uicc } = terminal(stage, {});
  assert.ok(pairingIn(uicc));
  const lying = new ForeignTerminal({ uicc: uicc.card, support: undefined, imei: IMEI }, {});
  lying.powerOn();
  assert.equal(reasonIn(uicc), 'terminalContradicts');
  assert.equal(lying.authenticate(challenge(stage, uicc)), 'refused');
  const old = new ForeignTerminal({ uicc: uicc.card, support: undefined, imei: Imei.parse('35145120990033') }, {});
  old.powerOn();
  assert.equal(reasonIn(uicc), 'noCardReader');
  assert.equal(old.authenticate(challenge(stage, uicc)), 'served');
});

test('a busy terminal proves at a later poll, and polls every 30 s for hours cost nothing', (context) => {
  const stage = setStage(context);
  let isBusy = true;
  const { uicc, handset } = terminal(stage, {
    result: (command, right) => (isBusy && reaches(command) ? says(GENERAL_RESULT.terminalBusy) : right),
  });
  assert.equal(reasonIn(uicc), 'terminalBusy');
  isBusy = false;
  handset.send('80F2000C');
  assert.ok(pairingIn(uicc));
  const before = handset.performed.length;
  const memory = uicc.medium.read(0, uicc.medium.size);
  for (let poll = 0; poll < 1000; poll++) assert.equal(handset.send('80F2000C'), '9000');
  assert.equal(handset.performed.length, before);
  assert.deepEqual(uicc.medium.read(0, uicc.medium.size), memory);
});

const reports = ({ performed }: ForeignTerminal): number =>
  performed.filter((type) => type === 'SEND SHORT MESSAGE').length;

test('a report that is beyond the terminal is asked of it once in a power-on, and comes in the next, in whatever terminal', async (context) => {
  const stage = setStage(context);
  const { uicc, handset } = terminal(stage, saysOfReports(GENERAL_RESULT.beyondCapabilities));
  const use = () => {
    for (let poll = 0; poll < 100; poll++) handset.send('80F2000C');
    assert.equal(handset.authenticate(challenge(stage, uicc)), 'served');
    handset.send('80F2000C');
  };
  use();
  assert.equal(reports(handset), 1);
  handset.powerOn();
  use();
  assert.equal(reports(handset), 2);
  const { card: support } = stage.factory(Imei.parse('35145120990033'));
  const next = new ForeignTerminal({ uicc: uicc.card, support, imei: Imei.parse('35145120990033') }, {});
  next.powerOn();
  await reportAndAnswer(stage, uicc, next);
  assert.equal(stage.operator.evidence.standing(uicc.given.imsi)?.result, 'provedOther');
});

test('a terminal without service is asked for the report at wider and wider intervals, and again when the network authenticated the card', async (context) => {
  const stage = setStage(context);
  let hasService = false;
  const tried = new Set<string>();
  const { uicc, handset } = terminal(stage, {
    result(command, right) {
      if (command.type === 'SEND SHORT MESSAGE') tried.add(toHex(command.tpdu.slice(3)));
      return command.type === 'SEND SHORT MESSAGE' && !hasService ? says(GENERAL_RESULT.terminalBusy, 0x04) : right;
    },
  });
  for (let poll = 0; poll < 1000; poll++) handset.send('80F2000C');
  assert.equal(reports(handset), 7);
  const memory = uicc.medium.read(0, uicc.medium.size);
  for (let poll = 0; poll < 100; poll++) handset.send('80F2000C');
  assert.deepEqual(uicc.medium.read(0, uicc.medium.size), memory);
  hasService = true;
  assert.equal(handset.authenticate(challenge(stage, uicc)), 'served');
  handset.send('80F2000C');
  assert.equal(reports(handset), 8);
  assert.equal(tried.size, 1, 'one report, one counter: the operator sees no gap');
  await reportAndAnswer(stage, uicc, handset);
  assert.equal(stage.operator.evidence.standing(uicc.given.imsi)?.result, 'proved');
  assert.deepEqual(stage.operator.evidence.findings(10), []);
});

test('a reader that resets between any two commands, in the middle of a proof too, writes nothing, counts nothing, blocks nothing', async (context) => {
  const stage = setStage(context);
  const { uicc, handset } = terminal(stage, {});
  await reportAndAnswer(stage, uicc, handset);
  const memory = uicc.medium.read(0, uicc.medium.size);
  for (const command of [
    '00A40004023F0000',
    '00A40004022F0000',
    '00B2010426',
    '80F2000000',
    `8010000012${PROFILE_HEX}`,
  ]) {
    uicc.card.reset();
    uicc.card.transmit(fromHex(command));
  }
  // The proof has begun: fetched, and never answered.
  uicc.card.reset();
  const [sw1, length] = uicc.card.transmit(fromHex(`8010000012${PROFILE_HEX}`)) as unknown as [number, number];
  assert.equal(sw1, 0x91);
  uicc.card.transmit(Uint8Array.of(0x80, 0x12, 0, 0, length));
  uicc.card.reset();
  assert.deepEqual(uicc.medium.read(0, uicc.medium.size), memory);
});

const PROFILE_HEX = [...PROFILE.complete].map((octet) => octet.toString(16).padStart(2, '0')).join('');

test('FETCH with a wrong length is told the right one; ENVELOPE and STATUS in between change nothing', (context) => {
  const stage = setStage(context);
  const uicc = stage.issue();
  const { card: support } = stage.factory(IMEI);
  const between: Quirks = {
    octets(usual) {
      assert.deepEqual([...uicc.card.transmit(fromHex('80C2000009D607990104820282 8100'))].slice(-2), [0x90, 0x00]);
      assert.deepEqual([...uicc.card.transmit(fromHex('80F2000C'))], [0x90, 0x00]);
      return usual;
    },
  };
  const handset = new ForeignTerminal({ uicc: uicc.card, support, imei: IMEI }, between);
  handset.powerOn();
  assert.ok(pairingIn(uicc));
  assert.equal(handset.authenticate(challenge(stage, uicc)), 'served');
});
