// The storage support (2): a secure element that holds the IMEI (21) and keys (22), write-once, and proves them to a UICC.
// Standards: GPC 2.3.1 (commands, life cycle), GPC Amendment D (SCP03), Amendment F (SCP11a), TS 24.008 10.5.1.4 (IMEI octets).
// Must never: say anything of the IMEI outside a channel of level 33, repeat a counter, or write an item twice.
export type { SupportParts } from './applet.ts';
export {
  type Factory,
  FactoryError,
  type MakerRoot,
  makerRoot,
  type Prober,
  provision,
  rootPoint,
  type SupportFacts,
  type SupportOrder,
  terminate,
  trustAnchorOf,
  verifySupport,
} from './factory.ts';
export { personalisedMemory } from './personalised-memory.ts';
export type { Authority, FactoryKeys, PairingKeys } from './records.ts';
export { blankSupport, SUPPORT_MEMORY_SIZE, storageSupport } from './support-card.ts';
