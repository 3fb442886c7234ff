import { CodecError } from '#base/codec/index.ts';
import { acknowledgeShortMessage, refuseShortMessage, relayedIn, type Terminal } from '#handset/baseband/index.ts';
import type { Procedure } from '#handset/connector/index.ts';
import { responseData, statusWord } from '#protocol/apdu/index.ts';
import type { NasMessage } from '#protocol/nas/index.ts';
import {
  encodeTpdu,
  messageClassOf,
  octetUserData,
  PROTOCOL_IDENTIFIER,
  type SmsDeliver,
  smsDeliver,
} from '#protocol/sms/index.ts';
import { encodeEnvelope } from '#protocol/usat/index.ts';
import { envelope } from './uicc-access.ts';

/** Class 2: the message is for the UICC (TS 23.038 4). */
const FOR_UICC = 2;
const SW1_WARNINGS: ReadonlySet<number> = new Set([0x62, 0x63]);
const TOOLKIT_BUSY = 0x9300;
/** RP causes (TS 24.011 8.2.5.4): protocol error; memory capacity exceeded stands for a busy toolkit. */
const PROTOCOL_ERROR = 0x6f;
const MEMORY_EXCEEDED = 0x16;

/** What serving a short message needs of an operating system. */
export interface ShortMessageServer extends Terminal {
  command(command: Uint8Array): Procedure<Uint8Array>;
}

/**
 * Serves one short message from the network (TS 31.111 7.1.1): data for the UICC goes into ENVELOPE (SMS-PP DOWNLOAD), its answer into the
 * delivery report; anything else is shown. Other messages are not for a terminal that has no transaction: dropped.
 */
export function* serveShortMessage(system: ShortMessageServer, message: NasMessage): Procedure<void> {
  const relayed = relayedIn(message);
  if (relayed?.name !== 'dataDownlink') return;
  const { reference, originator, tpdu } = relayed;
  const delivered = readDeliver(tpdu);
  if (delivered === undefined) return yield* refuseShortMessage(system, reference, PROTOCOL_ERROR);
  if (!isDataDownload(delivered)) {
    yield { type: 'display', text: 'A short message has arrived.' };
    return yield* acknowledgeShortMessage(system, reference);
  }
  const response = yield* system.command(
    envelope(encodeEnvelope({ type: 'SMS-PP DOWNLOAD', address: originator, tpdu })),
  );
  const sw = statusWord(response);
  const isDone = sw >> 8 === 0x90 || sw >> 8 === 0x91 || SW1_WARNINGS.has(sw >> 8);
  if (!isDone)
    return yield* refuseShortMessage(system, reference, sw === TOOLKIT_BUSY ? MEMORY_EXCEEDED : PROTOCOL_ERROR);
  const data = responseData(response);
  yield* acknowledgeShortMessage(system, reference, data.length === 0 ? undefined : deliveryReport(delivered, data));
}

/** The SMS-DELIVER in these octets; undefined when there is none. */
export function readDeliver(tpdu: Uint8Array): SmsDeliver | undefined {
  try {
    return smsDeliver.decode(tpdu);
  } catch (error) {
    if (error instanceof CodecError) return undefined;
    throw error;
  }
}

/** SMS-DELIVER-REPORT with what the UICC answered (TS 31.111 7.1.1.2). */
function deliveryReport(delivered: SmsDeliver, data: Uint8Array): Uint8Array {
  const { protocolIdentifier, dataCoding } = delivered;
  return encodeTpdu({
    type: 'SMS-DELIVER-REPORT',
    protocolIdentifier,
    content: { dataCoding, userData: octetUserData(data) },
  });
}

/** Data for the UICC as TS 31.111 7.1.1.1 tells it from a message for the person. An operating system that wants to drop it asks the same. */
export function isDataDownload({ protocolIdentifier, dataCoding }: SmsDeliver): boolean {
  return protocolIdentifier === PROTOCOL_IDENTIFIER.usimDataDownload && messageClassOf(dataCoding) === FOR_UICC;
}
