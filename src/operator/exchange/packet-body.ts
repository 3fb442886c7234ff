import { CodecError, sameOctets } from '#base/codec/index.ts';
import type { Iccid } from '#base/identity/index.ts';
import type { Subscribers } from '#operator/subscriber/index.ts';
import { IMEI_LOCK_TAR } from '#protocol/imei-lock/index.ts';
import {
  COMMAND_HEADER_LENGTH,
  decodeCommandHeader,
  type OtaKeys,
  openResponse,
  PROOF_BY_SUBMIT,
  readCommand,
} from '#protocol/ota/index.ts';

const ZEROS = new Uint8Array(16);
/** Octets of a response packet before its counter: RPL, RHL and TAR (TS 102 225 5.2). */
const RESPONSE_HEADER_LENGTH = 6;

/** What `read` gives; undefined when the packet is not what it wants. */
function tried<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof CodecError) return undefined;
    throw error;
  }
}

/** The plain body from CNTR on, when the packet's checksum says that it was sealed with these keys. */
const commandBody = (packet: Uint8Array, keys: OtaKeys): Uint8Array | undefined =>
  tried(() => readCommand(packet, keys)) && keys.cipher.cbcDecrypt(ZEROS, packet.slice(COMMAND_HEADER_LENGTH));

/**
 * The plain body of a packet to or from the IMEI lock of a UICC, from CNTR on, opened by the operator's own keys; undefined when it is not
 * of this UICC, or to another application: what a script of remote management brings may be made of keys.
 */
export function packetBody(
  subscribers: Pick<Subscribers, 'otaKeys'>,
  iccid: Iccid,
  packet: Uint8Array,
  kind: 'command' | 'response',
): Uint8Array | undefined {
  if (kind === 'response') {
    const keys = subscribers.otaKeys(iccid, 'answer');
    const opened = tried(() => openResponse(packet, { tar: IMEI_LOCK_TAR, proof: PROOF_BY_SUBMIT }, keys));
    return opened?.kind === 'authentic'
      ? keys.cipher.cbcDecrypt(ZEROS, packet.slice(RESPONSE_HEADER_LENGTH))
      : undefined;
  }
  const tar = tried(() => decodeCommandHeader(packet))?.tar;
  if (tar === undefined || !sameOctets(tar, IMEI_LOCK_TAR)) return undefined;
  return (
    commandBody(packet, subscribers.otaKeys(iccid, 'answer')) ??
    commandBody(packet, subscribers.otaKeys(iccid, 'report'))
  );
}

/** The same of a packet to the remote management of a UICC: for a laboratory, whose keys are made up. */
export function managementPacketBody(
  { packetKeys }: Pick<Subscribers, 'packetKeys'>,
  iccid: Iccid,
  packet: Uint8Array,
): Uint8Array | undefined {
  for (const set of packetKeys.candidates(iccid)) {
    const body = set && commandBody(packet, set.keys);
    if (body !== undefined) return body;
  }
  return undefined;
}
