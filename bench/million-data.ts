import { Iccid, Imei, Imsi, Msisdn } from '#base/identity/index.ts';
import { blob, integer, type Parameter, text } from '#operator/database/index.ts';
import type { Operator } from '#operator/index.ts';

/** A type allocation code that no maker has. */
const TAC = 888_801;
const PER_TAC = 1_000_000;
const NOW = Date.UTC(2026, 10, 24);
const HOUR = 3_600_000;
/** Every tenth UICC has an alarm, and was seen with a handset that others use too. */
const TENTH = 10;
const SHARED = 1000;

/** The names of UICC number `at` and of its handset. */
export function namesOf(at: number) {
  const [iccid, imsi, msisdn] = [
    Iccid.issue(`8988211${String(at).padStart(11, '0')}`),
    `00101${digits(at)}`,
    `888${digits(at)}`,
  ];
  return { iccid: iccid.digits, imsi, msisdn, imei: TAC * PER_TAC + at };
}

const digits = (at: number) => String(at).padStart(10, '0');

/** What an operator has who issued so many UICCs: each with a handset, a report and an order, entries of a black list, alarms, events and a log. */
export function fill(operator: Operator, many: number): void {
  const { database, subscribers, audit } = operator;
  const { iccid, imsi, msisdn } = namesOf(0);
  subscribers.issueCard({
    ...{ iccid: Iccid.parse(iccid), imsi: Imsi.parse(imsi), msisdn: Msisdn.parse(msisdn), author: 'bench' },
    ...{ serviceCentre: Msisdn.parse('99900'), operatorAddress: Msisdn.parse('4321') },
  });
  const { secrets, policy } = database
    .query('SELECT wrapped_secrets AS secrets, policy FROM uicc', { secrets: blob, policy: text })
    .only();
  const rows = { ...ROWS, uicc: uiccRow(secrets, policy) };
  for (const [table, rowOf] of Object.entries(rows)) database.copyIn(table, Object.keys(rowOf(1)), rowsOf(many, rowOf));
  database.transaction(() => {
    for (let at = 1; at < many / TENTH; at++)
      audit.append({
        ...{ kind: 'list', author: `person ${at % 7}`, subject: Imei.fromNumber(namesOf(at).imei).equipment },
        detail: { change: 'added', reason: 'bench' },
      });
  });
  database
    .command('UPDATE event_counter SET last = ?')
    .run(database.query('SELECT max(sequence) AS last FROM operator_event', { last: integer }).only().last);
}

type RowOf = (at: number) => Readonly<Record<string, Parameter>>;

function* rowsOf(many: number, rowOf: RowOf): Generator<readonly Parameter[]> {
  for (let at = 1; at < many; at++) yield Object.values(rowOf(at));
}

const seenAt = (at: number) => NOW - (at % 1000) * HOUR;
const supportOf = (at: number) => new Uint8Array([0, 0, 0, 0, at >> 24, at >> 16, at >> 8, at]);
const OCTETS = new Uint8Array(71);

const uiccRow =
  (secrets: Uint8Array, policy: string): RowOf =>
  (at) => {
    const { iccid, imsi, msisdn } = namesOf(at);
    return {
      ...{
        iccid,
        imsi,
        msisdn,
        mnc_length: 2,
        service_centre: '99900',
        operator_address: '4321',
        algorithm: 'milenage',
      },
      ...{ wrapped_secrets: secrets, policy, issued_at: NOW, managed: 1 },
    };
  };

/** Rows as an exchange of the laboratory leaves them, by table. */
const ROWS: Readonly<Record<string, RowOf>> = {
  report(at) {
    const { iccid, imsi, imei } = namesOf(at);
    return {
      ...{ at: seenAt(at), iccid, imsi, counter: 1, level: 'attested', result: 'proved', reason: 'none', imei },
      ...{ support: supportOf(at), octets: OCTETS },
    };
  },
  uicc_state(at) {
    const { iccid, imsi, imei } = namesOf(at);
    const isBlocked = at % SHARED === 0;
    return {
      ...{ iccid, imsi, last_report_at: seenAt(at), level: 'attested', result: 'proved', reason: 'none' },
      ...{ lock_state: isBlocked ? 'blockedByOperator' : 'enabled', proved_imei: imei, proved_at: seenAt(at) },
      ...{ proved_level: 'attested', support: supportOf(at), support_counter: 2, claimed_imei: imei, unanswered: 0 },
      ...{ standing_order: isBlocked ? 'block' : 'permit', standing_reason: isBlocked ? 'blackList' : 'proved' },
    };
  },
  pairing(at) {
    const { iccid, imsi, imei } = namesOf(at);
    return { iccid, imsi, support: supportOf(at), imei, from_at: seenAt(at) };
  },
  observation(at) {
    const { imsi, imei } = namesOf(at);
    const isShared = at % TENTH === 0;
    const seen = { imei: isShared ? namesOf(at % SHARED).imei : imei, imsi, first_at: seenAt(at), last_at: seenAt(at) };
    return { ...seen, times: 1, claimed_at: seenAt(at), level: isShared ? 'claimed' : 'attested' };
  },
  imei_claimants: (at) => ({ imei: namesOf(at).imei, subscribers: 2 + (at % TENTH) }),
  subscriber_equipment(at) {
    const { imsi, imei } = namesOf(at);
    return { imsi, imei, claimed_imei: imei, proved_imei: imei, changed_at: seenAt(at) };
  },
  outbox(at) {
    return {
      ...{ at: seenAt(at), iccid: namesOf(at).iccid, orders: 'permit', standing: 1, author: 'register' },
      ...{
        reason: 'The UICC proved this IMEI.',
        case_reference: '',
        payload: OCTETS,
        state: 'acknowledged',
        counter: 1,
      },
      ...{
        packet: OCTETS,
        attempts: 1,
        next_at: seenAt(at),
        done_at: seenAt(at),
        outcome: 'the lock is enabled',
        report: at,
      },
    };
  },
  finding(at) {
    const { imsi, imei } = namesOf(at);
    const text = `The handset told the network IMEI ${imei}; its storage support proves another.`;
    const kind = FINDINGS[at % FINDINGS.length];
    return { kind, key: imsi, first_at: seenAt(at), last_at: seenAt(at), times: 1, imsi, imei, text };
  },
  operator_event(at) {
    const { imsi, imei } = namesOf(at);
    const detail = `{"by":"proof","level":"attested","from":${imei + 1}}`;
    return { sequence: at, at: seenAt(at), kind: 'imeiChanged', order_key: `imsi ${imsi}`, imsi, imei, detail };
  },
  list_entry(at) {
    return {
      ...{
        imei: namesOf(at).imei,
        list: 'black',
        source: at % ((SHARED * SHARED) / 4) === 0 ? 'police' : 'regulator',
        reason: 'stolen',
      },
      ...{ note: '', case_reference: at % SHARED === 0 ? 'K-1' : '', author: 'bench', added_at: NOW },
    };
  },
  tac: (at) => ({ tac: TAC * 10 + at, maker: `Maker ${at % 900}`, model: `Model ${at}` }),
};
const FINDINGS = ['lyingHandset', 'movedHandset', 'reportGap'];
