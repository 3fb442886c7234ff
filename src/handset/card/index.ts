// What every card here is made of: journalled memory, applets, logical channels, chaining, the transport with GET RESPONSE.
// Standards: ISO/IEC 7816-4 5.3, 11; ETSI TS 102 221 7.3, 11.1; GPC 2.3.1 11.9; RFC 5297.
// Must never: throw on a command, keep a change that is half written, or let an applet's fault show more than 6F00.
export { type Answer, answerWith, OK, refuse } from './answer.ts';
export { type CommandRow, type CommandTable, commandTable } from './command-table.ts';
export { type ImageSealParts, imageSeal, NEWEST_STATE_OCTETS } from './image-seal.ts';
export {
  type CardMemory,
  CardMemoryError,
  CardMemoryFull,
  type Changes,
  cardMemory,
  isUnsealed,
  recordsOn,
  sealImage,
} from './memory.ts';
export { type Applet, type CardParts, cardRuntime } from './runtime.ts';
export type { MemoryState, NewestState, TransactionSeal } from './transaction-seal.ts';
