import { CodecError, Reader } from '#base/codec/index.ts';
import {
  type ElementName,
  type ElementValue,
  element,
  elementOf,
  type GsupElement,
  type GsupMessage,
  gsupMessage,
  rawElementOf,
} from './gsup-message.ts';

/** The messages of the Check-IMEI procedure (OsmoHLR user manual, chapter GSUP): the low two bits are request, error, result. */
export const CHECK_IMEI = { request: 0x30, error: 0x31, result: 0x32 } as const;

/** The GMM cause (TS 24.008 10.5.5.14) of a request whose IMEI cannot be read. */
export const CAUSE = { invalidMandatoryInformation: 0x60 } as const;

/** A Check-IMEI request as far as it can be read. */
export interface CheckImei {
  /** The whole message, for the answer. */
  readonly request: GsupMessage;
  /** The digits of the IMSI; undefined when they cannot be read. */
  readonly imsi: string | undefined;
  /** The digits sent as IMEI, of whatever number; undefined when the element is missing, is no digits, or any element is there twice. */
  readonly imei: string | undefined;
}

/** The value, or undefined where octets are no such thing. */
function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof CodecError) return undefined;
    throw error;
  }
}

/**
 * Reads a Check-IMEI request (type octet first). Of a message whose elements run over its end only the first one is read, which must be the
 * IMSI. Undefined when there is no IMSI element: then no answer could be matched to the question.
 */
export function readCheckImei(octets: Uint8Array): CheckImei | undefined {
  const request = readable(() => gsupMessage.decode(octets)) ?? readable(() => firstElementOnly(octets));
  if (request === undefined || rawElementOf(request, 'imsi') === undefined) return undefined;
  // Of an element that is there twice two readers would take different ones: then there is no IMEI that all agree on.
  const isOnce = new Set(request.elements.map(({ tag }) => tag)).size === request.elements.length;
  return {
    request,
    imsi: readable(() => elementOf(request, 'imsi')),
    imei: isOnce ? readable(() => elementOf(request, 'imei')) : undefined,
  };
}

function firstElementOnly(octets: Uint8Array): GsupMessage {
  const reader = new Reader(octets);
  const type = reader.u8();
  const tag = reader.u8();
  return { type, elements: [{ tag, value: reader.copy(reader.u8()) }] };
}

/** The digits of the IMSI in a Check-IMEI answer, error or result; undefined for any other or malformed message. */
export function checkImeiImsi(octets: Uint8Array): string | undefined {
  if (octets[0] !== CHECK_IMEI.error && octets[0] !== CHECK_IMEI.result) return undefined;
  return readable(() => elementOf(gsupMessage.decode(octets), 'imsi'));
}

/**
 * An answer as libosmocore makes it: IMSI and message class are copied, the session ends if there was one, and the answer goes to the source
 * name of the request.
 */
function answerTo(request: GsupMessage, type: number, content: GsupElement): Uint8Array {
  const raw = (name: ElementName) => rawElementOf(request, name);
  const sessionId = raw('sessionId');
  const source = raw('sourceName');
  const elements: readonly (GsupElement | undefined)[] = [
    raw('imsi'),
    content,
    sessionId,
    sessionId && element('sessionState', 'end'),
    raw('messageClass'),
    source && element('destinationName', source.value),
  ];
  return gsupMessage.encode({ type, elements: elements.filter((one) => one !== undefined) });
}

/** The encoded result for a request. A NACK makes the MSC reject the location update as Illegal ME. */
export function checkImeiResult(request: GsupMessage, result: ElementValue<'imeiResult'>): Uint8Array {
  return answerTo(request, CHECK_IMEI.result, element('imeiResult', result));
}

/** The encoded error for a request, `cause` being one of CAUSE. The MSC treats it as it treats a NACK. */
export function checkImeiError(request: GsupMessage, cause: number): Uint8Array {
  return answerTo(request, CHECK_IMEI.error, element('cause', cause));
}

/** The request with the 14 digits that identify the equipment as IMEI, all else as it was: osmo-hlr refuses every other number of digits. */
export function withEquipmentDigits(request: GsupMessage, digits: string): Uint8Array {
  const imei = element('imei', digits);
  const elements = request.elements.map((one) => (one.tag === imei.tag ? imei : one));
  return gsupMessage.encode({ type: request.type, elements });
}
