// The connector (3) and the other doors of a handset: card slots, air, screen, as effects that an operating system yields; slots of a virtual reader.
// Standards: ISO/IEC 7816-3, ETSI TS 102 221 4-7 (cards), TS 102 223 6.4 (additional readers), vpcd (frankmorgner/vsmartcard); air frames are Assay's own.
// Must never: look into an APDU or a message, or keep anything of it.
export { airFrames, messagesOf } from './air.ts';
export {
  AIR_FRAME,
  type AirLink,
  AirLinkStream,
  airLinkFrame,
  connectAir,
  LONGEST_ANSWER,
  LONGEST_UPLINK,
} from './air-link.ts';
export { type CardDoor, type ForeignSlot, SlotError, SlotNameError } from './card-door.ts';
export { CardSlot, type SlotWatch } from './card-slot.ts';
export { type ModemLine, openModemLine } from './modem-line.ts';
export { ModemSlot, NAMELESS_ATR } from './modem-slot.ts';
export { PcscError, type PcscProtocol, type PcscService, type PcscUse } from './pcsc.ts';
export { openPcscService, type PcscPlace } from './pcsc-service.ts';
export { openPcscSlot, type PcscSlotOptions } from './pcsc-slot.ts';
export { type Answer, type AnswerNow, type Effect, type Procedure, run, runNow } from './procedure.ts';
export { type Surroundings, surroundingsNow } from './slot.ts';
export {
  VPCD_PORT,
  type VpcdRequest,
  vpcdAnswer,
  vpcdRequest,
} from './vpcd.ts';
export type { VpcdState } from './vpcd-connection.ts';
export { connectVpcd, type ListenVpcdOptions, listenVpcd, type VpcdOptions, type VpcdReaders } from './vpcd-readers.ts';
