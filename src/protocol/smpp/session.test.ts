import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  FIRST_STATE,
  messageOf,
  nextTick,
  type Pdu,
  type PduOf,
  SESSION_DEFAULTS,
  type SessionAction,
  type SessionEvent,
  type SessionSettings,
  type SessionState,
  STATUS,
  step,
} from './index.ts';

const body = {
  system_id: 'assay',
  password: 'secret',
  system_type: '',
  interface_version: 0x34,
  addr_ton: 0,
  addr_npi: 0,
  address_range: '',
};
const ESME: SessionSettings = {
  ...SESSION_DEFAULTS,
  role: 'ESME',
  bind: { command: 'bind_transceiver', body },
  window: 2,
  mostWaiting: 3,
  mostUnanswered: 2,
};
const SMSC: SessionSettings = { ...ESME, role: 'SMSC' };

/** A session driven by hand; `now` is its clock. */
class Hand {
  state: SessionState = FIRST_STATE;
  now = 1_000_000;
  readonly settings: SessionSettings;
  constructor(settings: SessionSettings) {
    this.settings = settings;
  }
  happen(event: SessionEvent): readonly SessionAction[] {
    const before = structuredClone(this.state);
    const { state, actions } = step(this.settings, this.state, event, this.now);
    assert.deepEqual(this.state, before, 'step is pure');
    this.state = state;
    return actions;
  }
  receive(pdu: Pdu): readonly SessionAction[] {
    return this.happen({ type: 'received', pdu });
  }
  submit(id: number): readonly SessionAction[] {
    const command = this.settings.role === 'ESME' ? 'submit_sm' : 'deliver_sm';
    return this.happen({ type: 'submit', id, command, message: messageOf({ destination_addr: `${id}` }) });
  }
  /** The tick falls due when nextTick says so, and not a moment earlier. */
  tick(milliseconds: number): readonly SessionAction[] {
    this.now += milliseconds;
    assert.ok(nextTick(this.settings, this.state) <= this.now, 'a tick is due');
    return this.happen({ type: 'tick' });
  }
  bound(): this {
    this.happen({ type: 'connected' });
    if (this.settings.role === 'ESME') this.receive(response('bind_transceiver_resp', this.state.sequence));
    else {
      const [action] = this.receive(bindRequest());
      assert.ok(action?.type === 'judge');
      this.happen({ ...action, type: 'judged', status: 0 });
    }
    assert.equal(this.state.phase, 'bound');
    return this;
  }
}

function response(command: 'bind_transceiver_resp', sequence: number, status = 0): Pdu {
  return { command, status, sequence, body: { system_id: 'smsc', optional_parameters: [] } };
}
function messageResponse(sequence: number, status = 0, message_id = 'A1'): Pdu {
  return { command: 'submit_sm_resp', status, sequence, body: { message_id, optional_parameters: [] } };
}
function bindRequest(command: PduOf<'bind_transceiver'>['command'] = 'bind_transceiver'): PduOf<'bind_transceiver'> {
  return { command, status: 0, sequence: 1, body };
}
function deliver(sequence: number): PduOf<'deliver_sm'> {
  return { command: 'deliver_sm', status: 0, sequence, body: messageOf({ source_addr: '49170' }) };
}
const simple = (command: 'unbind' | 'unbind_resp' | 'enquire_link' | 'enquire_link_resp', sequence: number): Pdu => ({
  command,
  status: 0,
  sequence,
  body: {},
});
const sent = (actions: readonly SessionAction[]) =>
  actions.flatMap((action) => (action.type === 'send' ? [action.pdu] : []));
const commands = (actions: readonly SessionAction[]) => sent(actions).map((pdu) => pdu.command);
const results = (actions: readonly SessionAction[]) =>
  actions.flatMap((action) => (action.type === 'result' ? [[action.id, action.result] as const] : []));
const types = (actions: readonly SessionAction[]) => actions.map((action) => action.type);

test('an ESME binds as soon as it is connected, and a refused bind is tried again after a pause', () => {
  const esme = new Hand(ESME);
  assert.deepEqual(commands(esme.happen({ type: 'connected' })), ['bind_transceiver']);
  const refused = esme.receive(response('bind_transceiver_resp', 1, STATUS.RINVPASWD));
  assert.deepEqual(types(refused), ['bind refused', 'disconnect']);
  assert.deepEqual(esme.happen({ type: 'disconnected' }), [{ type: 'connect', attempt: 1 }]);
  esme.happen({ type: 'connected' });
  assert.deepEqual(types(esme.tick(ESME.responseMs)), ['disconnect'], 'no bind response');
  assert.deepEqual(esme.happen({ type: 'disconnected' }), [{ type: 'connect', attempt: 2 }]);
  esme.bound();
  assert.equal(esme.state.attempts, 0);
});

test('no more messages are under way than the window holds, no more wait than allowed', () => {
  const esme = new Hand(ESME).bound();
  assert.deepEqual(commands([...esme.submit(1), ...esme.submit(2), ...esme.submit(3)]), ['submit_sm', 'submit_sm']);
  esme.submit(4);
  esme.submit(5);
  assert.deepEqual(results(esme.submit(6)), [[6, { outcome: 'not sent', because: 'too many wait' }]]);
  const answered = esme.receive(messageResponse(3));
  assert.deepEqual(results(answered), [[2, { outcome: 'accepted', messageId: 'A1' }]]);
  assert.equal((sent(answered)[0] as PduOf<'submit_sm'>).body.destination_addr, '3', 'the next in order');
});

test('what has no response in time is given back as unanswered, a late response is nobody’s', () => {
  const esme = new Hand(ESME).bound();
  esme.submit(1);
  const given = esme.tick(ESME.responseMs);
  assert.deepEqual(results(given), [[1, { outcome: 'unanswered', because: 'no response in time' }]]);
  assert.deepEqual(esme.receive(messageResponse(2)), []);
  esme.submit(2);
  assert.deepEqual(esme.receive({ ...deliver(3), command: 'submit_sm' }).length, 1);
  assert.deepEqual(
    esme.receive(simple('enquire_link_resp', 3)),
    [],
    'a response of another command is not its response',
  );
  assert.deepEqual(results(esme.receive(messageResponse(3, STATUS.RINVDSTADR))), [
    [2, { outcome: 'refused', status: STATUS.RINVDSTADR }],
  ]);
  esme.submit(3);
  const nack: Pdu = { command: 'generic_nack', status: STATUS.RINVCMDID, sequence: 4, body: {} };
  assert.deepEqual(results(esme.receive(nack)), [[3, { outcome: 'refused', status: STATUS.RINVCMDID }]]);
});

test('throttling: a growing pause for all, then the refused message goes first', () => {
  const esme = new Hand(ESME).bound();
  esme.submit(1);
  esme.submit(2);
  esme.submit(3);
  assert.deepEqual(esme.receive(messageResponse(2, STATUS.RTHROTTLED)), []);
  assert.deepEqual(esme.receive(messageResponse(3, STATUS.RMSGQFUL)), [], 'the same pause');
  assert.equal(nextTick(ESME, esme.state), esme.now + 1000);
  const again = sent(esme.tick(1000)) as PduOf<'submit_sm'>[];
  assert.deepEqual(new Set(again.map((pdu) => pdu.body.destination_addr)), new Set(['1', '2']));
  esme.receive(messageResponse(4, STATUS.RTHROTTLED));
  assert.equal(nextTick(ESME, esme.state), esme.now + 2000);
  assert.deepEqual(results(esme.receive(messageResponse(5))).length, 1);
  const [, ...rest] = [esme.tick(2000), esme.receive(messageResponse(6)), esme.receive(messageResponse(7))];
  assert.equal(results(rest.flat()).length, 2);
  assert.equal(esme.state.waiting.length, 0);
});

test('a message that is throttled again and again is refused in the end', () => {
  const esme = new Hand({ ...ESME, patienceMs: 1e9, enquireLinkMs: 1e9 }).bound();
  esme.submit(1);
  for (let tries = 0; tries < 8; tries++) {
    assert.deepEqual(esme.receive(messageResponse(esme.state.sequence, STATUS.RTHROTTLED)), []);
    assert.equal(sent(esme.tick(30_000)).length, 1);
  }
  const last = esme.receive(messageResponse(esme.state.sequence, STATUS.RTHROTTLED));
  assert.deepEqual(results(last), [[1, { outcome: 'refused', status: STATUS.RTHROTTLED }]]);
});

test('a lost connection gives back what was under way and keeps what waits, for as long as it has patience', () => {
  const esme = new Hand(ESME).bound();
  for (const id of [1, 2, 3]) esme.submit(id);
  const lost = esme.happen({ type: 'disconnected' });
  assert.deepEqual(types(lost), ['unbound', 'result', 'result', 'connect']);
  assert.deepEqual(results(lost)[0], [1, { outcome: 'unanswered', because: 'connection lost' }]);
  esme.submit(4);
  esme.bound();
  assert.equal(esme.state.waiting.length, 0);
  esme.happen({ type: 'disconnected' });
  esme.submit(5);
  const given = esme.tick(ESME.patienceMs);
  assert.deepEqual(results(given), [[5, { outcome: 'not sent', because: 'waited too long' }]]);
});

test('a silent peer is asked with enquire_link; one that does not answer is left', () => {
  const esme = new Hand(ESME).bound();
  assert.deepEqual(commands(esme.tick(ESME.enquireLinkMs)), ['enquire_link']);
  esme.receive(simple('enquire_link_resp', esme.state.sequence));
  assert.deepEqual(commands(esme.tick(ESME.enquireLinkMs)), ['enquire_link']);
  assert.deepEqual(types(esme.tick(ESME.responseMs)), ['disconnect']);
  assert.deepEqual(esme.receive(simple('enquire_link', 9)), [], 'nobody listens any more');
  assert.deepEqual(esme.tick(ESME.responseMs), [{ type: 'disconnect', isForced: true }]);
  assert.equal(nextTick(ESME, esme.state), Number.POSITIVE_INFINITY, 'nothing more to wait for');
});

test('enquire_link is answered before and after the bind', () => {
  const smsc = new Hand(SMSC);
  smsc.happen({ type: 'connected' });
  assert.deepEqual(sent(smsc.receive(simple('enquire_link', 77))), [simple('enquire_link_resp', 77)]);
});

test('an idle session is unbound, a connection that does not bind is cut', () => {
  const idle = new Hand({ ...SMSC, inactivityMs: 5000 }).bound();
  assert.deepEqual(commands(idle.tick(5000)), ['unbind']);
  assert.deepEqual(types(idle.receive(simple('unbind_resp', idle.state.sequence))), ['disconnect']);
  assert.deepEqual(types(idle.happen({ type: 'disconnected' })), ['unbound', 'closed']);
  const mute = new Hand(SMSC);
  mute.happen({ type: 'connected' });
  assert.deepEqual(types(mute.tick(SMSC.sessionInitMs)), ['disconnect']);
});

test('close: takes nothing new, waits for responses, unbinds, disconnects', () => {
  const esme = new Hand(ESME).bound();
  for (const id of [1, 2, 3]) esme.submit(id);
  assert.deepEqual(results(esme.happen({ type: 'close' })), [[3, { outcome: 'not sent', because: 'session closed' }]]);
  assert.deepEqual(results(esme.submit(4)), [[4, { outcome: 'not sent', because: 'session closed' }]]);
  esme.receive(messageResponse(2));
  assert.deepEqual(commands(esme.receive(messageResponse(3))), ['unbind']);
  assert.deepEqual(types(esme.receive(simple('unbind_resp', 4))), ['disconnect']);
  assert.deepEqual(types(esme.happen({ type: 'disconnected' })), ['unbound', 'closed']);
  assert.deepEqual(types(new Hand(ESME).happen({ type: 'close' })), ['closed'], 'before any connection');
});

test('a peer’s unbind is answered, then the connection ends', () => {
  const esme = new Hand(ESME).bound();
  assert.deepEqual(types(esme.receive(simple('unbind', 5))), ['send', 'disconnect']);
  assert.deepEqual(types(esme.happen({ type: 'disconnected' })), ['unbound', 'connect']);
});

test('a message is answered only when its handler has answered, on its own connection, and not more are taken than allowed', () => {
  const esme = new Hand(ESME).bound();
  const [take] = esme.receive(deliver(71));
  assert.ok(take?.type === 'take');
  esme.receive(deliver(72));
  const [full] = sent(esme.receive(deliver(73)));
  assert.deepEqual([full?.command, full?.status], ['deliver_sm_resp', STATUS.RX_T_APPN]);
  const [answer] = sent(esme.happen({ type: 'answer', taken: take.taken, status: 0, messageId: '' }));
  assert.deepEqual([answer?.command, answer?.sequence, answer?.status], ['deliver_sm_resp', 71, 0]);
  esme.happen({ type: 'disconnected' });
  esme.bound();
  assert.deepEqual(esme.happen({ type: 'answer', taken: take.taken, status: 0, messageId: '' }), []);
});

test('what a role or a bind does not allow is refused by name', () => {
  const statusOf = (actions: readonly SessionAction[]) => sent(actions).map((pdu) => [pdu.command, pdu.status]);
  const esme = new Hand(ESME).bound();
  assert.deepEqual(statusOf(esme.receive({ ...deliver(1), command: 'submit_sm' })), [
    ['generic_nack', STATUS.RINVCMDID],
  ]);
  assert.deepEqual(statusOf(esme.receive(bindRequest())), [['generic_nack', STATUS.RINVCMDID]]);
  const smsc = new Hand(SMSC);
  smsc.happen({ type: 'connected' });
  const submit: Pdu = { ...deliver(1), command: 'submit_sm' };
  assert.deepEqual(statusOf(smsc.receive(submit)), [['submit_sm_resp', STATUS.RINVBNDSTS]]);
  const [judge] = smsc.receive(bindRequest());
  assert.deepEqual(statusOf(smsc.receive(bindRequest())), [['bind_transceiver_resp', STATUS.RALYBND]]);
  assert.ok(judge?.type === 'judge');
  const refused = smsc.happen({ ...judge, type: 'judged', status: STATUS.RINVPASWD });
  assert.deepEqual(types(refused), ['send', 'disconnect']);

  const receiver = new Hand({ ...ESME, bind: { command: 'bind_receiver', body } });
  assert.deepEqual(results(receiver.submit(1)), [
    [1, { outcome: 'not sent', because: 'bound for the other direction' }],
  ]);
  const transmitting = new Hand(SMSC);
  transmitting.happen({ type: 'connected' });
  const [asked] = transmitting.receive({ ...bindRequest(), command: 'bind_transmitter' });
  assert.ok(asked?.type === 'judge');
  transmitting.happen({ ...asked, type: 'judged', status: 0 });
  assert.equal(results(transmitting.submit(1))[0]?.[1].outcome, 'not sent');
  assert.equal(types(transmitting.receive(submit))[0], 'take');
});

test('what cannot be read: generic_nack to requests, silence to responses, the end after an overlong length', () => {
  const esme = new Hand(ESME).bound();
  const nack = (sequence: number, status: number) => ({ command: 'generic_nack', status, sequence, body: {} });
  assert.deepEqual(sent(esme.happen({ type: 'unreadable', isRequest: true, sequence: 8, status: 3 })), [nack(8, 3)]);
  assert.deepEqual(esme.happen({ type: 'unreadable', isRequest: false, sequence: 8, status: 2 }), []);
  const overlong = esme.happen({ type: 'overlong' });
  assert.deepEqual(sent(overlong), [nack(0, STATUS.RINVCMDLEN)]);
  assert.deepEqual(types(overlong), ['send', 'disconnect']);
});

test('sequence numbers run from 1 to 7FFFFFFF and start again', () => {
  const esme = new Hand(ESME).bound();
  esme.state = { ...esme.state, sequence: 0x7fff_fffe };
  assert.deepEqual(
    sent([...esme.submit(1), ...esme.submit(2)]).map((pdu) => pdu.sequence),
    [0x7fff_ffff, 1],
  );
});

const anyEvent: fc.Arbitrary<SessionEvent | number> = fc.oneof(
  fc.constantFrom<SessionEvent>(
    { type: 'connected' },
    { type: 'disconnected' },
    { type: 'overlong' },
    { type: 'tick' },
  ),
  fc.integer({ min: 1, max: 40_000 }),
  fc
    .integer({ min: 1, max: 12 })
    .chain((sequence) =>
      fc.constantFrom<Pdu>(
        response('bind_transceiver_resp', sequence),
        messageResponse(sequence),
        messageResponse(sequence, STATUS.RTHROTTLED),
        simple('unbind', sequence),
        simple('unbind_resp', sequence),
        deliver(sequence),
      ),
    )
    .map((pdu): SessionEvent => ({ type: 'received', pdu })),
  fc.constant<SessionEvent>({ type: 'submit', id: 0, command: 'submit_sm', message: messageOf({}) }),
);

test('whatever happens, every submitted message ends in exactly one result, and the window holds', () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 60 }), (events) => {
      const esme = new Hand(ESME);
      const ended: number[] = [];
      let submitted = 0;
      const happen = (event: SessionEvent) => {
        for (const [id] of results(esme.happen(event))) ended.push(id);
        const underWay = [...esme.state.outstanding.values()].filter((entry) => 'outgoing' in entry).length;
        if (event.type === 'tick') assert.ok(nextTick(ESME, esme.state) > esme.now, 'a tick leaves nothing due');
        assert.ok(underWay <= ESME.window && esme.state.waiting.length <= ESME.mostWaiting + ESME.window);
      };
      for (const event of events) {
        if (typeof event === 'number') esme.now += event;
        else happen(event.type === 'submit' ? { ...event, id: ++submitted } : event);
      }
      happen({ type: 'close' });
      happen({ type: 'disconnected' });
      assert.deepEqual(
        ended.toSorted((a, b) => a - b),
        Array.from({ length: submitted }, (_, i) => i + 1),
      );
    }),
    { numRuns: 300 },
  );
});
