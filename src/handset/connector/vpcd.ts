import { enumeration, type Format, format, lengthPrefixed, map, rest, u8, u16 } from '#base/codec/index.ts';

/** Port of the first slot of a virtual reader; the second has the next one. */
export const VPCD_PORT = 35_963;
/** Longest message either way, in octets. */
export const LONGEST_VPCD_MESSAGE = 0xffff;

/** A message of one octet from the reader. Power and reset have no answer; an ATR has one, and serves as the question whether a card is there. */
const control = enumeration(u8, { powerOff: 0x00, powerOn: 0x01, reset: 0x02, atr: 0x04 });

/** What a virtual reader says to a card: a control message, or a C-APDU as the reader's client gave it. */
export type VpcdRequest =
  | { readonly type: 'powerOff' | 'powerOn' | 'reset' | 'atr' }
  | { readonly type: 'command'; readonly command: Uint8Array };

const controlRequest = map(
  control,
  (type): VpcdRequest => ({ type }),
  ({ type }, writer) => {
    if (type === 'command') throw writer.error('expected a control message, got a command');
    return type;
  },
);
const commandOctets = rest(2, LONGEST_VPCD_MESSAGE);

/** What stands behind the length of a reader's message: one octet is a control message, more are a C-APDU. */
export const vpcdRequestBody: Format<VpcdRequest> = format(
  (reader): VpcdRequest =>
    reader.remaining === 1 ? controlRequest.read(reader) : { type: 'command', command: commandOctets.read(reader) },
  (writer, request) => {
    if (request.type === 'command') commandOctets.write(writer, request.command);
    else controlRequest.write(writer, request);
  },
);

/** A message of a virtual reader (vpcd of frankmorgner/vsmartcard) to a card: two octets of length, then what it says. */
export const vpcdRequest: Format<VpcdRequest> = lengthPrefixed(u16, vpcdRequestBody);

/** A card's answer: two octets of length, then an ATR or an R-APDU. */
export const vpcdAnswer: Format<Uint8Array> = lengthPrefixed(u16, rest(1, LONGEST_VPCD_MESSAGE));
