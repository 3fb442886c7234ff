import { CodecError, sameOctets } from '#base/codec/index.ts';
import { CM_SERVICE, type NasMessage, nasMessage } from '#protocol/nas/index.ts';

const HEADER_OCTETS = 2;
/** A message's second octet without the send sequence number of the handset (TS 24.007 11.2.3.2.3). */
const TYPE_BITS = 0x3f;
const SERVICE_BITS = 0x0f;

const EMERGENCY_REQUEST: NasMessage = {
  name: 'cmServiceRequest',
  service: CM_SERVICE.emergencyCall,
  classmark: new Uint8Array(3),
  identity: { type: 'none' },
};
const EMERGENCY_SETUP: NasMessage = { name: 'emergencySetup' };
const REQUEST_HEADER = nasMessage.encode(EMERGENCY_REQUEST).subarray(0, HEADER_OCTETS);
const SETUP_HEADER = nasMessage.encode(EMERGENCY_SETUP).subarray(0, HEADER_OCTETS);

/**
 * The message in octets from the air; undefined when there is none. A call for help is one however badly its elements are coded:
 * of such a message the header is enough (TS 24.008 8.5 lets a network go on without a wrong element).
 */
export function uplinkMessage(octets: Uint8Array): NasMessage | undefined {
  try {
    return nasMessage.decode(octets);
  } catch (error) {
    if (!(error instanceof CodecError)) throw error;
    return emergencyIn(octets);
  }
}

function emergencyIn(octets: Uint8Array): NasMessage | undefined {
  if (octets.length < HEADER_OCTETS) return undefined;
  const header = Uint8Array.of(octets[0] as number, (octets[1] as number) & TYPE_BITS);
  if (sameOctets(header, SETUP_HEADER)) return EMERGENCY_SETUP;
  const service = (octets[HEADER_OCTETS] ?? 0) & SERVICE_BITS;
  return sameOctets(header, REQUEST_HEADER) && service === CM_SERVICE.emergencyCall ? EMERGENCY_REQUEST : undefined;
}
