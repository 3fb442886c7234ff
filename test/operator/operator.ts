import type { TestContext } from 'node:test';
import { Iccid, Imei, Imsi, Msisdn } from '#base/identity/index.ts';
import { seededRandom } from '#base/port/index.ts';
import type { EventSettings } from '#operator/event/index.ts';
import type { GatewaySettings, OutgoingShortMessage } from '#operator/gateway/index.ts';
import { openOperator } from '#operator/index.ts';
import type { CardOrder } from '#operator/subscriber/index.ts';
import { manualScheduler, type SubmitResult } from '#protocol/smpp/index.ts';
import { databaseOf, temporaryDirectory } from './databases.ts';
import { testUicc } from './uicc.ts';

export const START = Date.UTC(2026, 10, 24, 12);
export const MINUTE = 60_000;
export const DAY = 24 * 60 * MINUTE;

export { temporaryDirectory };

/** IMEI number `serial` of a type that no maker has. */
export const testImei = (serial: number): Imei => Imei.parse(`00888801${String(serial).padStart(6, '0')}`);

/** The order for UICC number `number`. */
export const cardOrder = (number: number, more: Partial<CardOrder> = {}): CardOrder => ({
  iccid: Iccid.issue(`8988211${String(number).padStart(11, '0')}`),
  imsi: Imsi.parse(`00101${String(number).padStart(10, '0')}`),
  msisdn: Msisdn.parse(`999${String(number).padStart(9, '0')}`),
  serviceCentre: Msisdn.parse('99900'),
  operatorAddress: Msisdn.parse('4321'),
  author: 'Ada',
  ...more,
});

/** An operator over a directory with an SMSC that keeps what it is given and says `answers.shift()`, or accepts. */
export function testOperator(
  context: TestContext,
  {
    directory = temporaryDirectory(context),
    settings = {},
    events = {},
    at = START,
    mayBeCopy = false,
  }: {
    directory?: string;
    settings?: Partial<GatewaySettings>;
    events?: Partial<EventSettings>;
    at?: number;
    mayBeCopy?: boolean;
  } = {},
) {
  const clock = manualScheduler(at);
  const sent: OutgoingShortMessage[] = [];
  const answers: SubmitResult[] = [];
  const operator = openOperator({
    dataDirectory: directory,
    ...databaseOf(context, directory),
    ...{ busyMilliseconds: 5, mayBeCopy },
    clock,
    scheduler: clock,
    random: seededRandom(`operator ${directory} ${at}`),
    centre: {
      async submit(message) {
        sent.push(message);
        return answers.shift() ?? { outcome: 'accepted', messageId: String(sent.length) };
      },
    },
    events,
    // As cheap as it can be: what passwords cost is tested apart.
    passwordCost: { logCost: 4, blockSize: 8, parallelism: 1 },
    gateway: { contact: '12345', rateLimit: { burst: 1000, refillMilliseconds: 1 }, ...settings },
  });
  context.after(() => operator.close());
  let issued = 0;
  return {
    ...operator,
    operator,
    directory,
    clock,
    sent,
    answers,
    /** Issues the next UICC and gives its card side. */
    issue(more: Partial<CardOrder> = {}) {
      const card = operator.subscribers.issueCard(cardOrder(++issued, more));
      return { card, ...card, uicc: testUicc(card) };
    },
    /** Delivers a message from a UICC, and waits for what is sent because of it. */
    async receive({ card }: { card: { readonly msisdn: Msisdn } }, userData: Uint8Array) {
      const inbound = operator.gateway.receive(card.msisdn.digits, userData);
      await operator.gateway.settled();
      return inbound;
    },
    /** One round of the gateway, to its end. */
    async poll() {
      operator.gateway.poll();
      await operator.gateway.settled();
    },
  };
}
