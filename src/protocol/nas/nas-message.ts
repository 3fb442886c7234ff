import type { Format } from '#base/codec/index.ts';
import { readAttachMessage, writeAttachMessage } from './attach-message.ts';
import { declaredNasMessage, type NasMessage } from './message.ts';

/** A layer 3 message: `05 18 02` is IDENTITY REQUEST for the IMEI. Trailing or unknown elements are a CodecError. */
export const nasMessage: Format<NasMessage> = {
  ...declaredNasMessage,
  decode: (octets) => readAttachMessage(octets) ?? declaredNasMessage.decode(octets),
  encode: (message) => writeAttachMessage(message) ?? declaredNasMessage.encode(message),
};
