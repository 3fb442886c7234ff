// An operator and one real UICC, in one process, with everything that can go wrong on the way between them.
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { fromHex, toHex } from '#base/codec/index.ts';
import { tableAes } from '#base/crypto/index.ts';
import { Imei } from '#base/identity/index.ts';
import { ramMemory, seededRandom } from '#base/port/index.ts';
import { cardMemory } from '#handset/card/index.ts';
import { personaliseUicc, uicc } from '#handset/uicc/index.ts';
import { encodeCommand } from '#protocol/apdu/index.ts';
import { ISDN_PLAN, ofOctets, PROTOCOL_IDENTIFIER, smsDeliver, smsSubmit, timestampOf } from '#protocol/sms/index.ts';
import { encodeEnvelope } from '#protocol/usat/index.ts';
import { ForeignTerminal } from '#test/claims/foreign-terminal.ts';
import { START, temporaryDirectory, testOperator } from '#test/operator/operator.ts';
import { powerSource } from '#test/trust/power.ts';

const SERVICE_CENTRE = fromHex('912143658709');
const CLASS_2_8_BIT = 0xf6;
const HOUR = 3_600_000;
const UICC_MEMORY_SIZE = 65_536;
const PERSON = { author: 'Ada', reason: 'the keys are old' };

/** An operator that can be killed or be given another database, a real UICC whose power can end, and all that is on the way between them. */
export class OperatorAndUicc {
  readonly #context: TestContext;
  directory: string;
  readonly #power = powerSource();
  readonly #medium = ramMemory(UICC_MEMORY_SIZE);
  readonly #mostAttempts: number;
  #terminal: ForeignTerminal | undefined;
  #now = START;
  operator: ReturnType<typeof testOperator>;
  readonly card: ReturnType<ReturnType<typeof testOperator>['issue']>;
  readonly toCard: Uint8Array[] = [];
  readonly toOperator: Uint8Array[] = [];

  constructor(context: TestContext, mostAttempts = 1000) {
    this.#context = context;
    this.directory = temporaryDirectory(context);
    this.#mostAttempts = mostAttempts;
    this.operator = this.#open();
    this.card = this.operator.issue();
    personaliseUicc(cardMemory(this.#medium), this.card.card);
  }

  #open(): ReturnType<typeof testOperator> {
    const settings = { mostAttempts: this.#mostAttempts };
    return testOperator(this.#context, {
      ...{ directory: this.directory, at: this.#now++, settings },
      mayBeCopy: true,
    });
  }

  /** As after SIGKILL: what was in memory is gone, nothing is closed, another process goes on. */
  kill(): void {
    this.operator = this.#open();
    this.operator.gateway.outbox.resume();
  }

  /** Another data directory takes the place of the operator's own; made fit to work by `restore` alone. */
  async takeUp(directory: string): Promise<void> {
    await this.operator.operator.close();
    this.directory = directory;
    this.operator = this.#open();
  }

  async poll(): Promise<void> {
    this.operator.clock.advance(7 * HOUR);
    this.#now = this.operator.clock.now() + 1;
    await this.operator.poll();
    for (const { userData } of this.operator.sent.splice(0)) this.toCard.push(userData);
  }

  /** The oldest message reaches the card; with `octets`, its power ends after so many were written. */
  deliver(octets = Number.POSITIVE_INFINITY): void {
    const userData = this.toCard.shift();
    if (userData === undefined) return;
    const terminal = this.#terminal ?? this.#powerOn();
    const tpdu = smsDeliver.encode({
      ...{ type: 'SMS-DELIVER', moreMessages: false, loopPrevention: false, statusReport: false, replyPath: false },
      originator: { typeOfNumber: 'unknown', numberingPlan: ISDN_PLAN, value: '4321' },
      ...{ protocolIdentifier: PROTOCOL_IDENTIFIER.usimDataDownload, dataCoding: CLASS_2_8_BIT },
      timestamp: timestampOf(START),
      userData: ofOctets(userData, true),
    });
    const data = encodeEnvelope({ type: 'SMS-PP DOWNLOAD', address: SERVICE_CENTRE, tpdu });
    this.#power.endAfter(octets);
    terminal.transmit(encodeCommand({ cla: 0x80, ins: 0xc2, p1: 0, p2: 0, data, le: 256 }));
    this.#power.endAfter(Number.POSITIVE_INFINITY);
    for (const submitted of terminal.sent.splice(0)) this.toOperator.push(smsSubmit.decode(submitted).userData.octets);
    // Power that ended takes the terminal's session, and what the card had not sent, with it.
    if (octets !== Number.POSITIVE_INFINITY) this.#terminal = undefined;
  }

  #powerOn(): ForeignTerminal {
    const memory = cardMemory(this.#power.feed(this.#medium));
    const card = uicc({ memory, random: seededRandom('card'), aes: tableAes });
    const terminal = new ForeignTerminal({ uicc: card, support: undefined, imei: Imei.parse('35674108990011') }, {});
    terminal.powerOn();
    this.#terminal = terminal;
    return terminal;
  }

  async answer(): Promise<void> {
    const userData = this.toOperator.shift();
    if (userData !== undefined) await this.operator.receive(this.card, userData);
  }

  /** Rounds without a fault, until the order has ended. */
  async until(order: number): Promise<string> {
    for (let round = 0; round < 40; round++) {
      await this.poll();
      while (this.toCard.length > 0) this.deliver();
      while (this.toOperator.length > 0) await this.answer();
      const state = this.operator.gateway.outbox.byId(order)?.state ?? 'gone';
      if (state !== 'queued' && state !== 'built' && state !== 'sent') return state;
    }
    return 'open';
  }

  rotate(): number {
    const result = this.operator.gateway.rotateKeys({ iccid: this.card.iccid, ...PERSON });
    assert.ok(result.kind === 'queued', JSON.stringify(result));
    return result.order;
  }

  generations(): readonly (number | undefined)[] {
    return this.operator.subscribers.packetKeys.candidates(this.card.iccid).map((set) => set?.generation);
  }

  /** A script that reads: what the card answers under the keys that the operator has. */
  async read(): Promise<string> {
    const commands = [fromHex('80CA00E000')];
    const script = { iccid: this.card.iccid, tar: fromHex('000000'), commands, format: 'compact', ...PERSON } as const;
    const result = this.operator.gateway.script(script);
    assert.ok(result.kind === 'queued');
    const state = await this.until(result.order);
    return `${state} ${toHex(this.operator.gateway.outbox.byId(result.order)?.response ?? fromHex('')).slice(0, 6)}`;
  }
}
