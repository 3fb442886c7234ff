import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fixedClock } from '#base/port/index.ts';
import type { EquipmentAnswer, EquipmentQuestion } from '../front.ts';
import type { SbiAnswer } from './answer.ts';
import { type EquipmentStatusOptions, type Exchange, equipmentStatusService } from './equipment-status.ts';
import { readCommonQuery, readQuery } from './query.ts';
import type { SbiHeaders } from './sbi-header.ts';

const NOW = Date.UTC(2026, 10, 23, 21, 36, 38, 185);
const RESOURCE = '/n5g-eir-eic/v1/equipment-status';
const IMEISV = 'imeisv-8665070400405301';
// Open5GS' AMF, word for word.
const AMF: SbiHeaders = {
  accept: 'application/json,application/problem+json',
  '3gpp-sbi-sender-timestamp': 'Mon, 23 Nov 2026 21:36:38.185 GMT',
  '3gpp-sbi-max-rsp-time': '10000',
  'user-agent': 'AMF',
};
const PERMITTED: EquipmentAnswer = { kind: 'status', equipmentStatus: 'permitted' };

/** A service that notes its questions, and a GET to it. */
function start(more: Partial<EquipmentStatusOptions> = {}, said: EquipmentAnswer = PERMITTED) {
  const questions: EquipmentQuestion[] = [];
  const check = (question: EquipmentQuestion) => {
    questions.push(question);
    return said;
  };
  const service = equipmentStatusService({ check, clock: fixedClock(NOW), ...more });
  const get = (path: string, headers: SbiHeaders = AMF, method = 'GET') =>
    service.answer({ method, path, headers, peer: '192.0.2.9' });
  return { service, questions, get };
}

const json = ({ body }: SbiAnswer): Record<string, unknown> => JSON.parse(Buffer.from(body).toString());
const causeOf = (answer: SbiAnswer) => `${answer.status} ${json(answer)['cause'] ?? ''}`.trim();

test('the question of a real AMF: IMEISV and IMSI, and the answer for each status', () => {
  for (const [equipmentStatus, status] of [
    ['permitted', 'WHITELISTED'],
    ['tracking', 'GREYLISTED'],
    ['prohibited', 'BLACKLISTED'],
  ] as const) {
    const { get, questions, service } = start({}, { kind: 'status', equipmentStatus });
    const answer = get(`${RESOURCE}?pei=${IMEISV}&supi=imsi-999700000021309`);
    assert.equal(answer.status, 200);
    assert.deepEqual(json(answer), { status });
    assert.deepEqual(answer.headers, {
      'content-type': 'application/json',
      'content-length': String(answer.body.length),
    });
    const [question] = questions;
    assert.equal(question?.imei?.equipment, '86650704004053');
    assert.equal(question?.softwareVersion, '01');
    assert.equal(question?.imsi?.digits, '999700000021309');
    assert.deepEqual([question?.front, question?.peer], ['n5g-eir', '192.0.2.9']);
    assert.deepEqual([...service.counters], [[status, 1]]);
  }
});

test('unknown equipment is a 404 with its cause, or a status by policy', () => {
  const answer = start({}, { kind: 'unknown' }).get(`${RESOURCE}?pei=${IMEISV}`);
  assert.equal(causeOf(answer), '404 ERROR_EQUIPMENT_UNKNOWN');
  assert.equal(answer.headers['content-type'], 'application/problem+json');
  const greyed = start({ whenUnknown: 'tracking' }, { kind: 'unknown' }).get(`${RESOURCE}?pei=${IMEISV}`);
  assert.deepEqual([greyed.status, json(greyed)], [200, { status: 'GREYLISTED' }]);
});

test('a register that cannot answer says when to come back; one that fails says so', () => {
  for (const [retryAfterSeconds, expected] of [
    [7, '7'],
    [0, '1'],
    [0.2, '1'],
    [1e9, '3600'],
  ] as const) {
    const answer = start({}, { kind: 'unavailable', retryAfterSeconds }).get(`${RESOURCE}?pei=${IMEISV}`);
    assert.equal(causeOf(answer), '503 NF_CONGESTION');
    assert.equal(answer.headers['retry-after'], expected);
  }
  const broken = equipmentStatusService({
    check: () => {
      throw new Error('disk');
    },
    clock: fixedClock(NOW),
  });
  const answer = broken.answer({ method: 'GET', path: `${RESOURCE}?pei=${IMEISV}`, headers: {}, peer: 'x' });
  assert.equal(causeOf(answer), '500 SYSTEM_FAILURE');
  assert.doesNotMatch(Buffer.from(answer.body).toString(), /disk/);
});

// [pei as on the wire, the 14 digits asked about or undefined, software version]
const PEIS: readonly (readonly [string, string | undefined, string | undefined])[] = [
  ['imei-353420091234503', '35342009123450', undefined],
  ['imei-353420091234500', '35342009123450', undefined], // spare digit
  ['imei-353420091234501', '35342009123450', undefined], // wrong check digit: a network does not judge it
  ['imeisv-3534200912345099', '35342009123450', '99'],
  ['imeisv-9999999999999999', '99999999999999', '99'], // more than a double holds
  ['imei-000000000000000', '00000000000000', undefined],
  ['imei%2D353420091234503', '35342009123450', undefined],
  ['%69mei-35342009123450%33', '35342009123450', undefined],
  ['mac-00-11-22-AA-bb-FF', undefined, undefined],
  ['mac-00-11-22-AA-bb-FF-untrusted', undefined, undefined],
  ['eui-00-11-22-33-44-55-66-77', undefined, undefined],
  ['353420091234503', undefined, undefined],
  ['IMEI-353420091234503', undefined, undefined],
  ['35342009123450', undefined, undefined], // a MEID may be decimal
  ['A1000012345678', undefined, undefined],
  ['mac-00', undefined, undefined],
  ['a=b', undefined, undefined],
  ['%F0%9F%93%B1', undefined, undefined],
  ['a+b%20c%26d', undefined, undefined],
];

for (const [pei, equipment, softwareVersion] of PEIS)
  test(`pei=${pei} is asked as ${equipment ?? 'no IMEI'}`, () => {
    const { get, questions } = start();
    assert.equal(get(`${RESOURCE}?pei=${pei}`).status, 200);
    assert.equal(questions[0]?.imei?.equipment, equipment);
    assert.equal(questions[0]?.softwareVersion, softwareVersion);
  });

// [path after the resource, the answer]
const BAD_QUERIES: readonly (readonly [string, string])[] = [
  ['', 'MANDATORY_QUERY_PARAM_MISSING'],
  ['?', 'MANDATORY_QUERY_PARAM_MISSING'],
  ['?supi=imsi-999700000021309', 'MANDATORY_QUERY_PARAM_MISSING'],
  ['?PEI=imei-353420091234503', 'MANDATORY_QUERY_PARAM_MISSING'],
  ['?%=1&%ff=2', 'MANDATORY_QUERY_PARAM_MISSING'],
  ['?pei', 'MANDATORY_QUERY_PARAM_INCORRECT'],
  ['?pei=', 'MANDATORY_QUERY_PARAM_INCORRECT'],
  ['?pei=imei-', 'MANDATORY_QUERY_PARAM_INCORRECT'],
  ['?pei=imei-35342009123450', 'MANDATORY_QUERY_PARAM_INCORRECT'],
  ['?pei=imei-3534200912345033', 'MANDATORY_QUERY_PARAM_INCORRECT'],
  ['?pei=imei-35342009123450A', 'MANDATORY_QUERY_PARAM_INCORRECT'],
  ['?pei=imei-35342009123450%D9%A3', 'MANDATORY_QUERY_PARAM_INCORRECT'], // an Arabic digit
  ['?pei=imeisv-353420091234503', 'MANDATORY_QUERY_PARAM_INCORRECT'],
  ['?pei=imeisv-35342009123450011', 'MANDATORY_QUERY_PARAM_INCORRECT'],
  ['?pei=%', 'MANDATORY_QUERY_PARAM_INCORRECT'],
  ['?pei=%C0%AF', 'MANDATORY_QUERY_PARAM_INCORRECT'],
  ['?pei=imei-353420091234503&pei=imei-353420091234503', 'MANDATORY_QUERY_PARAM_INCORRECT'],
  ['?pei=imei-353420091234503&%70ei=imei-111111111111111', 'MANDATORY_QUERY_PARAM_INCORRECT'],
  [`?pei=imei-353420091234503${'&a'.repeat(16)}`, 'INVALID_QUERY_PARAM'],
];

for (const [query, cause] of BAD_QUERIES)
  test(`'${query.slice(0, 60)}' is a 400 ${cause}`, () => {
    const { get, questions } = start();
    const answer = get(RESOURCE + query);
    assert.equal(causeOf(answer), `400 ${cause}`);
    if (cause !== 'INVALID_QUERY_PARAM') {
      const [{ param, reason } = { param: '', reason: '' }] = json(answer)['invalidParams'] as {
        param: string;
        reason: string;
      }[];
      assert.equal(param, 'query pei');
      assert.match(reason, /^expected /);
    }
    assert.equal(questions.length, 0);
  });

test('a malformed supi or gpsi does not cost the answer; it is counted', () => {
  for (const [more, imsi, isCounted] of [
    ['&supi=imsi-12345', undefined, false],
    ['&supi=imsi-123456', '123456', false],
    ['&supi=nai-user%40example.org&supported-features=zz', undefined, false],
    ['&gpsi=msisdn-4917000000001&supi=imsi-262011234567890', '262011234567890', false],
    ['&gpsi=extid-a%40b.example', undefined, false],
    ['&gpsi=anything', undefined, false],
    ['&supi=', undefined, true],
    ['&supi=imsi-1234', undefined, true],
    ['&supi=imsi-1234567890123456', undefined, true],
    ['&supi=imsi-262011234567890&supi=imsi-262011234567890', undefined, true],
    ['&supi=%ff', undefined, true],
    ['&gpsi=msisdn-1', undefined, true],
    ['&gpsi=extid-a', undefined, true],
  ] as const) {
    const { get, questions, service } = start();
    assert.equal(get(`${RESOURCE}?pei=${IMEISV}${more}`).status, 200, more);
    assert.equal(questions[0]?.imsi?.digits, imsi, more);
    assert.equal(service.counters.get('malformed subscriber'), isCounted ? 1 : undefined, more);
  }
});

test('paths: only the resource of this service, under the prefix', () => {
  const query = `?pei=${IMEISV}`;
  for (const [path, expected] of [
    [`/eir%2Done${RESOURCE.replace('v1', '%76%31')}${query}`, '200'],
    [`/eir-one${RESOURCE}${query}`, '200'],
    [RESOURCE + query, '404 RESOURCE_URI_STRUCTURE_NOT_FOUND'],
    [`/eir-one${RESOURCE}/${query}`, '404 RESOURCE_URI_STRUCTURE_NOT_FOUND'],
    [`/eir-one${RESOURCE}es${query}`, '404 RESOURCE_URI_STRUCTURE_NOT_FOUND'],
    ['/eir-one/n5g-eir-eic/v1', '404 RESOURCE_URI_STRUCTURE_NOT_FOUND'],
    ['/eir-one/n5g-eir-eic/v1?pei=1', '404 RESOURCE_URI_STRUCTURE_NOT_FOUND'],
    ['/eir-one', '404 RESOURCE_URI_STRUCTURE_NOT_FOUND'],
    ['/eir-one/n5g-eir-eic/v2/equipment-status', '400 INVALID_API'],
    ['/eir-one/nudm-sdm/v1/x', '400 INVALID_API'],
    ['/eir-one/', '400 INVALID_API'],
    ['', '404 RESOURCE_URI_STRUCTURE_NOT_FOUND'],
    ['*', '404 RESOURCE_URI_STRUCTURE_NOT_FOUND'],
    [`/eir-one/../eir-one${RESOURCE}${query}`, '400 INVALID_API'],
    [`/eir-one${RESOURCE}%3Fpei=${IMEISV}`, '404 RESOURCE_URI_STRUCTURE_NOT_FOUND'],
    [`/eir-one${RESOURCE}?pei=${'9'.repeat(1000)}`, '414 INCORRECT_URI_LENGTH'],
  ] as const)
    assert.equal(causeOf(start({ prefix: '/eir-one' }).get(path)), expected, path);
  for (const prefix of ['eir', '/eir/', '/', '/a?b', '//'])
    assert.throws(() => start({ prefix }), /expected a prefix/, prefix);
});

test('other methods: 405, what is allowed, and no body for HEAD', () => {
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'get', '']) {
    const answer = start().get(`${RESOURCE}?pei=${IMEISV}`, AMF, method);
    assert.deepEqual([answer.status, answer.headers['allow']], [405, 'GET'], method);
  }
  const head = start().get(`${RESOURCE}?pei=${IMEISV}`, AMF, 'HEAD');
  assert.deepEqual([head.status, head.headers['allow'], head.body.length], [405, 'GET', 0]);
});

test('accept: application/json must be admitted', () => {
  for (const [accept, status] of [
    [undefined, 200],
    ['application/json', 200],
    ['*/*', 200],
    ['Application/*;q=0.1', 200],
    ['text/html, application/json ; q=0.5', 200],
    ['application/problem+json', 406],
    ['application/json;q=0', 406],
    ['application/json;q=0, */*', 406], // the more specific range decides
    ['*/*;q=0, application/json', 200],
    ['text/html', 406],
    ['', 406],
  ] as const) {
    const { get } = start();
    for (const time of [1, 2]) // the second time from memory
      assert.equal(get(`${RESOURCE}?pei=${IMEISV}`, { accept }).status, status, `${accept}, time ${time}`);
  }
});

test('whoever stopped waiting is not answered; a clock that is far off is not believed', () => {
  const at = (milliseconds: number) => {
    const [day, date, month, year, time] = new Date(NOW + milliseconds).toUTCString().split(' ');
    const ms = String(new Date(NOW + milliseconds).getUTCMilliseconds()).padStart(3, '0');
    return `${day} ${date} ${month} ${year} ${time}.${ms} GMT`;
  };
  const ask = (sent: string, waits: string, more: Partial<EquipmentStatusOptions> = {}) =>
    causeOf(
      start(more).get(`${RESOURCE}?pei=${IMEISV}`, {
        '3gpp-sbi-sender-timestamp': sent,
        '3gpp-sbi-max-rsp-time': waits,
      }),
    );
  assert.equal(ask(at(0), '1'), '200');
  assert.equal(ask(at(-11_000), '10000'), '200'); // within the tolerance of 1 s
  assert.equal(ask(at(-11_001), '10000'), '504 TIMED_OUT_REQUEST');
  assert.equal(ask(at(-11_001), '10000', { whenTooLate: 'answer' }), '200');
  assert.equal(ask(at(-300_001), '10000'), '200');
  assert.equal(ask(at(60_000), '0'), '200'); // from the future
  for (const bad of [
    '',
    'now',
    at(-60_000).toLowerCase(),
    at(-60_000).replace('GMT', 'UTC'),
    'Mon, 31 Feb 2026 21:36:38.185 GMT',
  ])
    assert.equal(ask(bad, '1'), '200', bad);
  for (const bad of ['', '-1', '1e3', '100000', ' 1']) assert.equal(ask(at(-60_000), bad), '200', bad);
});

test('under load the less important go first, and hear when to come back', () => {
  const ask = (priority: string | undefined, refusedFrom: number) => {
    const { get, questions } = start({ shedding: () => ({ refusedFrom, retryAfterSeconds: 3 }) });
    const headers = priority === undefined ? {} : { '3gpp-sbi-message-priority': priority };
    const answer = get(`${RESOURCE}?pei=${IMEISV}`, headers);
    assert.equal(questions.length, answer.status === 200 ? 1 : 0);
    assert.equal(answer.headers['retry-after'], answer.status === 200 ? undefined : '3');
    return causeOf(answer);
  };
  assert.equal(ask('31', 32), '200');
  assert.equal(ask('31', 31), '503 NF_CONGESTION');
  assert.equal(ask('30', 31), '200');
  assert.equal(ask(undefined, 25), '200'); // 24 by default
  assert.equal(ask(undefined, 24), '503 NF_CONGESTION');
  assert.equal(ask('0', 1), '200');
  for (const bad of ['32', '-1', '', '00', '1.5']) assert.equal(ask(bad, 24), '503 NF_CONGESTION', bad);
});

test('a peer over its limit gets 429 before any work, a drained register points elsewhere', () => {
  const limited = start({ mustWait: (peer) => (peer === '192.0.2.9' ? 0.4 : 0) });
  const answer = limited.get(`${RESOURCE}?pei=${IMEISV}`);
  assert.deepEqual([causeOf(answer), answer.headers['retry-after']], ['429 NF_CONGESTION_RISK', '1']);
  assert.equal(limited.questions.length, 0);
  const moved = start({ prefix: '/a', redirect: () => 'https://eir2.example:7777/b' }).get(
    `/a${RESOURCE}?pei=${IMEISV}`,
  );
  assert.deepEqual(
    [moved.status, moved.headers['location']],
    [307, `https://eir2.example:7777/b${RESOURCE}?pei=${IMEISV}`],
  );
  assert.equal(start({ redirect: () => undefined }).get(`${RESOURCE}?pei=${IMEISV}`).status, 200);
});

test('tokens: missing, invalid, for something else, good', () => {
  const ask = (authorise: EquipmentStatusOptions['authorise']) => {
    const { get, questions } = start({ ...(authorise && { authorise }) });
    return { answer: get(`${RESOURCE}?pei=${IMEISV}`, { authorization: 'Bearer x' }), questions };
  };
  const missing = ask(() => ({ kind: 'missing' })).answer;
  assert.deepEqual([missing.status, missing.headers['www-authenticate']], [401, 'Bearer realm="n5g-eir-eic"']);
  const invalid = ask(() => ({ kind: 'invalid', because: 'too old' })).answer;
  assert.deepEqual([invalid.status, json(invalid)['detail']], [401, 'too old']);
  assert.equal(invalid.headers['www-authenticate'], 'Bearer realm="n5g-eir-eic", error="invalid_token"');
  const scope = ask(() => ({ kind: 'insufficient scope' })).answer;
  assert.equal(scope.status, 403);
  assert.match(scope.headers['www-authenticate'] ?? '', /error="insufficient_scope", scope="n5g-eir-eic"$/);
  const good = ask((authorization) => ({ kind: 'accepted', subject: `amf by ${authorization}` }));
  assert.deepEqual([good.answer.status, good.questions[0]?.peer], [200, 'amf by Bearer x']);
});

test('every exchange is told, with what the peer says it is and whom it is about', () => {
  const told: Exchange[] = [];
  const { get } = start({ onExchange: (exchange) => told.push(exchange) });
  const info = 'imsi-999700000021309; imei-866507040040534';
  get(`${RESOURCE}?pei=${IMEISV}`, { 'user-agent': 'AMF-12 x', '3gpp-sbi-correlation-info': info });
  get('/x', { 'user-agent': 'curl/8', '3gpp-sbi-correlation-info': 'nonsense' });
  get('/x', { 'user-agent': ['AMF', 'SMF'], '3gpp-sbi-correlation-info': 'imsi-1;'.repeat(17) });
  assert.deepEqual(
    told.map(({ answer, nfType, peer }) => [answer.outcome, nfType, peer]),
    [
      ['WHITELISTED', 'AMF', '192.0.2.9'],
      ['INVALID_API', 'other', '192.0.2.9'],
      ['INVALID_API', 'other', '192.0.2.9'],
    ],
  );
  assert.deepEqual(
    told.map(({ correlation }) => correlation),
    [
      [
        { type: 'imsi', value: '999700000021309' },
        { type: 'imei', value: '866507040040534' },
      ],
      [],
      [],
    ],
  );
});

const digits = (minimum: number, maximum: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: minimum, maxLength: maximum });
const common = fc
  .tuple(
    fc.oneof(
      digits(15, 15).map((text) => `pei=imei-${text}`),
      digits(16, 16).map((text) => `pei=imeisv-${text}`),
    ),
    fc.oneof(
      fc.constant(''),
      digits(5, 16).map((text) => `&supi=imsi-${text}`),
    ),
  )
  .map((parts) => parts.join(''));
/** A common query of which some characters are replaced, left out or put in. */
const nearlyCommon = fc
  .tuple(
    common,
    fc.nat(60),
    fc.nat(2),
    fc.oneof(fc.constantFrom(...'0&=%a-', '\u0663', '&pei=imei-353420091234503'), fc.string({ maxLength: 3 })),
  )
  .map(([text, at, removed, put]) => text.slice(0, at) + put + text.slice(at + removed));

test('the quick reader of queries says what the general one says, or nothing', () => {
  let quick = 0;
  fc.assert(
    fc.property(fc.oneof(common, nearlyCommon), fc.string({ maxLength: 5 }), (query, before) => {
      const read = readCommonQuery(before + query, before.length);
      if (read === undefined) return;
      quick++;
      assert.deepEqual(read, readQuery(query));
    }),
    { numRuns: 3000 },
  );
  assert.ok(quick > 1000, `only ${quick} queries were common`);
});

test('nothing that can be sent makes it throw', () => {
  const { service } = start({ onExchange: () => {} });
  const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), nearlyCommon);
  const names = fc.constantFrom(
    'accept',
    '3gpp-sbi-message-priority',
    '3gpp-sbi-sender-timestamp',
    '3gpp-sbi-max-rsp-time',
    'user-agent',
    '3gpp-sbi-correlation-info',
    'authorization',
  );
  const headers = fc.dictionary(names, fc.oneof(text, fc.array(text)));
  fc.assert(
    fc.property(text, headers, fc.boolean(), fc.constantFrom('GET', 'HEAD', 'X'), (rest, fields, isBelow, method) => {
      const path = isBelow ? `${RESOURCE}?${rest}` : rest;
      const answer = service.answer({ method, path, headers: fields, peer: 'x' });
      assert.ok(answer.status >= 200 && answer.status < 500, String(answer.status));
      assert.equal(
        Number(answer.headers['content-length']),
        method === 'HEAD' && answer.status === 405 ? Number(answer.headers['content-length']) : answer.body.length,
      );
    }),
    { numRuns: 1000 },
  );
});
