import { concat, fromHex } from '#base/codec/index.ts';
import { nodeAes } from '#base/crypto/index.ts';
import type { Imei } from '#base/identity/index.ts';
import type { CardPersonalisation } from '#operator/subscriber/index.ts';
import {
  type Acknowledgement,
  type Answer,
  acknowledgement,
  answer,
  IMEI_LOCK_TAR,
  type LockState,
  OTA_KEY_SET,
  type Report,
  report,
} from '#protocol/imei-lock/index.ts';
import {
  NO_PROOF,
  type OtaKeys,
  openCommand,
  type PorStatus,
  PROOF_BY_SUBMIT,
  packetToSegments,
  securedCommand,
  securedPacketOf,
  securedResponse,
} from '#protocol/ota/index.ts';
import { ofOctets, splitUserData } from '#protocol/sms/index.ts';

const keysOf = ({ kic, kid }: { kic: Uint8Array; kid: Uint8Array }): OtaKeys => ({
  cipher: nodeAes.key(kic),
  check: nodeAes.key(kid),
});

/** Number of commands and status word of a compact response (TS 102 226). */
const EXECUTED = fromHex('019000');

/** The OTA side of a UICC, for tests: its own counters and keys, nothing of the handset. */
export function testUicc(card: CardPersonalisation) {
  const keys = { answer: keysOf(card.otaKeys.answer), report: keysOf(card.otaKeys.report) };
  let counter = 0;
  let lastAnswer = 0;
  return {
    /** The user data of a report that proves `imei`, changed by `more`. */
    report(imei: Imei, more: Partial<Report> = {}, at = ++counter): Uint8Array {
      const content: Report = {
        version: 'one',
        direction: 'report',
        nonce: Uint8Array.of(1, 2, 3, 4, 5, 6, at >> 8, at & 0xff),
        result: 'proved',
        reason: 'none',
        trigger: 'boot',
        state: 'enabled',
        unanswered: 0,
        provedImei: imei.toOctets(),
        evidence: 'scp11a',
        support: fromHex('A1A2A3A4A5A6A7A8'),
        supportCounter: at,
        ...more,
      };
      return this.packet(report.encode(content), at);
    },
    /** Any data under the report keys. */
    packet(data: Uint8Array, at = ++counter): Uint8Array {
      const message = {
        tar: IMEI_LOCK_TAR,
        counter: at,
        counterMode: 'higher',
        keySet: OTA_KEY_SET.report,
        proof: NO_PROOF,
      } as const;
      const [only] = packetToSegments({ kind: 'command', packet: securedCommand(message, keys.report, data) }, 1);
      return only?.octets ?? new Uint8Array(0);
    },
    /** The answer inside user data; undefined when the UICC refuses it. */
    open(userData: Uint8Array): { readonly answer: Answer; readonly counter: number } | undefined {
      const found = securedPacketOf(splitUserData(ofOctets(userData, true)));
      return found?.kind === 'command' ? this.openPacket(found.packet) : undefined;
    },
    /** The answer in a whole packet, however many messages it came in; undefined when the UICC refuses it. */
    openPacket(packet: Uint8Array): { readonly answer: Answer; readonly counter: number } | undefined {
      const opened = openCommand(packet, {
        keys: (keySet) => (keySet === OTA_KEY_SET.answer ? keys.answer : undefined),
        minimumLevel: () => 0x16,
        counters: {
          last: () => lastAnswer,
          store: (_set, value) => {
            lastAnswer = value;
          },
        },
      });
      return opened.kind === 'accepted' ? { answer: answer.decode(opened.data), counter: opened.counter } : undefined;
    },
    /** The user data of a proof of receipt; `more`: what a UICC adds that was given new rules or roots. */
    proof(
      of: { readonly answer: Answer; readonly counter: number },
      state: LockState,
      status: PorStatus = 0,
      more: Pick<Acknowledgement, 'policy' | 'trustDigest'> = {},
    ): Uint8Array {
      const content = acknowledgement.encode({
        version: 'one',
        direction: 'acknowledgement',
        state,
        order: of.answer.order,
        ...more,
      });
      const message = { tar: IMEI_LOCK_TAR, counter: of.counter, proof: PROOF_BY_SUBMIT, status };
      const data = status === 0 ? concat(EXECUTED, content) : new Uint8Array(0);
      const [only] = packetToSegments({ kind: 'response', packet: securedResponse(message, keys.answer, data) }, 1);
      return only?.octets ?? new Uint8Array(0);
    },
  };
}
