import { bitNumber, bits, type Infer, rest, struct, u8, u16 } from '#base/codec/index.ts';

/** Serial number of a message (TS 23.041 9.4.1.2.1). */
const serialNumber = bits(2, {
  geographicScope: bitNumber(14, 2),
  messageCode: bitNumber(4, 10),
  updateNumber: bitNumber(0, 4),
});

/** One page of a cell broadcast message (TS 23.041 9.4.1.2): 6 octets and at most 82 of content. */
export const cellBroadcastPage = struct({
  serialNumber,
  messageIdentifier: u16,
  dataCoding: u8,
  /** Number of this page, and how many there are (0: unknown). */
  position: bits(1, { page: bitNumber(4, 4), pages: bitNumber(0, 4) }),
  content: rest(0, 82),
});
/** One page of a cell broadcast message. */
export type CellBroadcastPage = Infer<typeof cellBroadcastPage>;
