import { Reader } from '#base/codec/index.ts';
import { MOBILITY_MANAGEMENT, type NasMessage, TYPE_BITS } from './message.ts';
import { type MobileIdentity, mobileIdentity } from './mobile-identity.ts';

// The six messages of every attach, read and written directly in their usual form; they equal their declaration in message.ts. Whatever is
// unusual is undefined here and goes through the declaration, which refuses it or not.

/** Message types (TS 24.008 table 9.2.1). */
const TYPE = {
  locationUpdatingAccept: 0x02,
  locationUpdatingRequest: 0x08,
  authenticationRequest: 0x12,
  authenticationResponse: 0x14,
  identityRequest: 0x18,
  identityResponse: 0x19,
} as const;
/** Elements with a tag: AUTN in AUTHENTICATION REQUEST, the extension of RES in AUTHENTICATION RESPONSE (9.2.2, 9.2.3). */
const TAG_AUTN = 0x20;
const TAG_EXTENSION = 0x21;
const LOCATION_AREA = 5;
const KEY = 16;
const SHORT_RES = 4;
const LONGEST_EXTENSION = 12;

/** A message of an attach in its usual form; otherwise undefined. Throws CodecError for an identity that is none. */
export function readAttachMessage(octets: Uint8Array): NasMessage | undefined {
  if (octets.length < 3 || octets[0] !== MOBILITY_MANAGEMENT) return undefined;
  switch ((octets[1] as number) & TYPE_BITS) {
    case TYPE.locationUpdatingRequest:
      return readLocationUpdatingRequest(octets);
    case TYPE.authenticationRequest:
      return readAuthenticationRequest(octets);
    case TYPE.authenticationResponse:
      return readAuthenticationResponse(octets);
    case TYPE.identityRequest:
      return octets.length === 3 ? { name: 'identityRequest', identityType: octets[2] as number } : undefined;
    case TYPE.identityResponse: {
      const identity = identityAt(octets, 2);
      return identity && { name: 'identityResponse', identity };
    }
    case TYPE.locationUpdatingAccept:
      if (octets.length !== 2 + LOCATION_AREA) return undefined;
      return { name: 'locationUpdatingAccept', locationArea: octets.slice(2) };
    default:
      return undefined;
  }
}

/** The identity behind its length at `at`, when it ends the message. */
function identityAt(octets: Uint8Array, at: number): MobileIdentity | undefined {
  if (at + 1 + (octets[at] ?? 0) !== octets.length) return undefined;
  const reader = new Reader(octets, at + 1);
  reader.field = 'identity';
  return mobileIdentity.read(reader);
}

function readLocationUpdatingRequest(octets: Uint8Array): NasMessage | undefined {
  const identity = identityAt(octets, 4 + LOCATION_AREA);
  if (identity === undefined) return undefined;
  return {
    name: 'locationUpdatingRequest',
    typeAndKeySequence: octets[2] as number,
    locationArea: octets.slice(3, 3 + LOCATION_AREA),
    classmark: octets[3 + LOCATION_AREA] as number,
    identity,
  };
}

function readAuthenticationRequest(octets: Uint8Array): NasMessage | undefined {
  const autn = 3 + KEY + 2;
  if (octets.length !== autn + KEY || octets[autn - 2] !== TAG_AUTN || octets[autn - 1] !== KEY) return undefined;
  return {
    name: 'authenticationRequest',
    keySequence: octets[2] as number,
    rand: octets.slice(3, 3 + KEY),
    autn: octets.slice(autn),
  };
}

function readAuthenticationResponse(octets: Uint8Array): NasMessage | undefined {
  const end = 2 + SHORT_RES;
  if (octets.length < end) return undefined;
  const res = octets.slice(2, end);
  if (octets.length === end) return { name: 'authenticationResponse', res };
  const length = octets[end + 1] ?? 0;
  const isUsual = octets[end] === TAG_EXTENSION && length > 0 && length <= LONGEST_EXTENSION;
  if (!isUsual || octets.length !== end + 2 + length) return undefined;
  return { name: 'authenticationResponse', res, extension: octets.slice(end + 2) };
}

/** The octets of a message of an attach whose elements fit; otherwise undefined. */
export function writeAttachMessage(message: NasMessage): Uint8Array | undefined {
  switch (message.name) {
    case 'locationUpdatingRequest':
      return writeLocationUpdatingRequest(message);
    case 'authenticationRequest':
      return writeAuthenticationRequest(message);
    case 'authenticationResponse':
      return writeAuthenticationResponse(message);
    case 'identityRequest': {
      if (!isOctet(message.identityType)) return undefined;
      const octets = headed(TYPE.identityRequest, 3);
      octets[2] = message.identityType;
      return octets;
    }
    case 'identityResponse': {
      const identity = mobileIdentity.encode(message.identity);
      const octets = headed(TYPE.identityResponse, 3 + identity.length);
      octets[2] = identity.length;
      octets.set(identity, 3);
      return octets;
    }
    case 'locationUpdatingAccept': {
      if (message.locationArea.length !== LOCATION_AREA) return undefined;
      const octets = headed(TYPE.locationUpdatingAccept, 2 + LOCATION_AREA);
      octets.set(message.locationArea, 2);
      return octets;
    }
    default:
      return undefined;
  }
}

type Of<N extends NasMessage['name']> = Extract<NasMessage, { readonly name: N }>;

const isOctet = (value: number) => (value & 0xff) === value;

/** `length` octets of a message, its header written. */
function headed(type: number, length: number): Uint8Array {
  const octets = new Uint8Array(length);
  octets[0] = MOBILITY_MANAGEMENT;
  octets[1] = type;
  return octets;
}

function writeLocationUpdatingRequest(message: Of<'locationUpdatingRequest'>): Uint8Array | undefined {
  const { typeAndKeySequence, locationArea, classmark } = message;
  if (!isOctet(typeAndKeySequence) || !isOctet(classmark) || locationArea.length !== LOCATION_AREA) return undefined;
  const identity = mobileIdentity.encode(message.identity);
  const at = 3 + LOCATION_AREA;
  const octets = headed(TYPE.locationUpdatingRequest, at + 2 + identity.length);
  octets[2] = typeAndKeySequence;
  octets.set(locationArea, 3);
  octets[at] = classmark;
  octets[at + 1] = identity.length;
  octets.set(identity, at + 2);
  return octets;
}

function writeAuthenticationRequest(message: Of<'authenticationRequest'>): Uint8Array | undefined {
  const { keySequence, rand, autn } = message;
  if (!isOctet(keySequence) || rand.length !== KEY || autn.length !== KEY) return undefined;
  const at = 3 + KEY;
  const octets = headed(TYPE.authenticationRequest, at + 2 + KEY);
  octets[2] = keySequence;
  octets.set(rand, 3);
  octets[at] = TAG_AUTN;
  octets[at + 1] = KEY;
  octets.set(autn, at + 2);
  return octets;
}

function writeAuthenticationResponse(message: Of<'authenticationResponse'>): Uint8Array | undefined {
  const { res, extension } = message;
  const more = extension?.length ?? 0;
  const isUsual = extension === undefined || (more > 0 && more <= LONGEST_EXTENSION);
  if (res.length !== SHORT_RES || !isUsual) return undefined;
  const end = 2 + SHORT_RES;
  const octets = headed(TYPE.authenticationResponse, extension === undefined ? end : end + 2 + more);
  octets.set(res, 2);
  if (extension === undefined) return octets;
  octets[end] = TAG_EXTENSION;
  octets[end + 1] = more;
  octets.set(extension, end + 2);
  return octets;
}
