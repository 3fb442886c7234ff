import assert from 'node:assert/strict';
import { fromHex, NO_OCTETS, toHex } from '#base/codec/index.ts';
import { nodeAes } from '#base/crypto/index.ts';
import { type OtaKeys, packetToSegments, type SecuredPacket, securedPacketOf } from '#protocol/ota/index.ts';
import {
  internationalAddress,
  NO_OPEN_MESSAGES,
  type ReassemblyOutcome,
  reassemble,
  type SmsSubmit,
  smsDeliver,
  smsSubmit,
  type UserData,
} from '#protocol/sms/index.ts';
import { decodeProactiveCommand, encodeEnvelope } from '#protocol/usat/index.ts';
import { withData } from './uicc.fixture.ts';

/** Keys of packets, as the operator has them. */
export const keysOf = ({ kic, kid }: { readonly kic: Uint8Array; readonly kid: Uint8Array }): OtaKeys => ({
  cipher: nodeAes.key(kic),
  check: nodeAes.key(kid),
});

/** ENVELOPE (SMS-PP DOWNLOAD) of one message. */
export function deliver(userData: UserData, protocolIdentifier = 0x7f): string {
  const tpdu = smsDeliver.encode({
    type: 'SMS-DELIVER',
    moreMessages: false,
    loopPrevention: false,
    statusReport: false,
    replyPath: false,
    originator: internationalAddress('12345'),
    protocolIdentifier,
    dataCoding: 0xf6,
    timestamp: fromHex('62115291050200'),
    userData,
  });
  return `${withData('80C20000', encodeEnvelope({ type: 'SMS-PP DOWNLOAD', address: fromHex('912143F5'), tpdu }))}00`;
}

/** ENVELOPEs of a packet, one for each segment. */
export const envelopes = (packet: SecuredPacket): readonly string[] =>
  packetToSegments(packet, 7).map((segment) => deliver(segment));

/** Fetches every SEND SHORT MESSAGE that waits and answers each; the SMS-SUBMITs. */
export function submits(card: { send(command: string): string }, ...said: readonly string[]): readonly SmsSubmit[] {
  const sent: SmsSubmit[] = [];
  for (let last = card.send('80F2010C'); last.startsWith('91'); ) {
    const fetched = decodeProactiveCommand(fromHex(card.send(`80120000${last.slice(2)}`).slice(0, -4)));
    assert.equal(fetched.type, 'SEND SHORT MESSAGE');
    if (fetched.type !== 'SEND SHORT MESSAGE') break;
    assert.equal(toHex(fetched.address ?? NO_OCTETS), '919471909999');
    sent.push(smsSubmit.decode(fetched.tpdu));
    const number = fetched.number.toString(16).padStart(2, '0');
    const result = said.length === 0 ? '00' : said.join('');
    const response = `8103${number}13008202828183${length(result)}${result}`;
    last = card.send(`80140000${length(response)}${response}`);
  }
  return sent;
}

const length = (octets: string) => (octets.length / 2).toString(16).padStart(2, '0');

/** The packet in these messages. */
export function packetOf(sent: readonly SmsSubmit[]): SecuredPacket | undefined {
  let state = NO_OPEN_MESSAGES;
  let outcome: ReassemblyOutcome | undefined;
  for (const { userData } of sent) ({ state, outcome } = reassemble(state, { sender: 'card', nowMs: 0, userData }));
  return outcome?.kind === 'complete' ? securedPacketOf(outcome) : undefined;
}
