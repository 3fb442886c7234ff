import {
  bitNames,
  bitNumber,
  bits,
  CodecError,
  enumeration,
  type Format,
  format,
  type Infer,
  rest,
  struct,
  u8,
  u16,
} from '#base/codec/index.ts';

/** Types of bearer (TS 31.111 8.52). */
export const BEARER_TYPE = { circuitSwitched: 0x01, gprs: 0x02, default: 0x03, eUtran: 0x0b, ngRan: 0x0c } as const;

/**
 * Bearer description (TS 31.111 8.52): a BEARER_TYPE and its parameters as they stand; for GPRS precedence, delay, reliability, peak, mean,
 * PDP type; for E-UTRAN and NG-RAN the quality of service and, last, the PDP or PDU session type.
 */
export const bearerDescription = struct({ type: u8, parameters: rest(0, 100) });
/** Bearer description. */
export type BearerDescription = Infer<typeof bearerDescription>;

/** UICC/terminal interface transport level (TS 102 223 8.59): protocol and port; `tcpServer` is the terminal in server mode. */
export const transportLevel = struct({
  protocol: enumeration(u8, {
    udpRemote: 0x01,
    tcpRemote: 0x02,
    tcpServer: 0x03,
    udpLocal: 0x04,
    tcpLocal: 0x05,
    direct: 0x06,
  }),
  port: u16,
});
/** UICC/terminal interface transport level. */
export type TransportLevel = Infer<typeof transportLevel>;

/** An IP address; none is a dynamic one. */
export type OtherAddress =
  | { readonly type: 'ipv4' | 'ipv6'; readonly octets: Uint8Array }
  | { readonly type: 'dynamic' };

const ADDRESS_TYPE = enumeration(u8, { ipv4: 0x21, ipv6: 0x57 });
const ADDRESS_LENGTH = { ipv4: 4, ipv6: 16 } as const;

/** Other address (TS 102 223 8.58): nothing, or type and address. */
export const otherAddress: Format<OtherAddress> = format(
  (reader) => {
    if (reader.remaining === 0) return { type: 'dynamic' };
    const type = ADDRESS_TYPE.read(reader);
    return { type, octets: reader.copy(ADDRESS_LENGTH[type]) };
  },
  (writer, address) => {
    if (address.type === 'dynamic') return;
    const length = ADDRESS_LENGTH[address.type];
    if (address.octets.length !== length)
      throw new CodecError('other address', 0, `expected ${length} octets, got ${address.octets.length}`);
    ADDRESS_TYPE.write(writer, address.type);
    writer.put(address.octets);
  },
);

/**
 * Channel status (TS 102 223 8.56): number of the channel, its link (in server mode `listening`), and what else happened: 00 nothing, 05
 * link dropped.
 */
export const channelStatus = bits(2, {
  channel: bitNumber(8, 3),
  link: bitNames(14, 2, { none: 0, listening: 1, established: 2 }),
  information: bitNumber(0, 8),
});
/** Channel status. */
export type ChannelStatus = Infer<typeof channelStatus>;
