import { closeSync, openSync, writeSync } from 'node:fs';
import { concat, NO_OCTETS } from '#base/codec/index.ts';
import { type Endpoint, ipv4Datagram } from './datagram.ts';
import { GSMTAP_PORT, gsmtapPackets, isOfSupport } from './gsmtap.ts';
import type { Trace, TraceProtocol, TraceRecord } from './record.ts';

// Block types and options of draft-ietf-opsawg-pcapng; numbers in a block are big endian, as the byte-order magic says.
const SECTION_HEADER = 0x0a0d0d0a;
const INTERFACE_DESCRIPTION = 1;
const ENHANCED_PACKET = 6;
const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
const OPTION_COMMENT = 1;
const OPTION_INTERFACE_NAME = 2;

// The two interfaces of the file, in the order they are described.
const SIM_INTERFACE = { number: 0, linkType: 228 /* LINKTYPE_IPV4 */, name: 'SIM' };
const PDU_INTERFACE = { number: 1, linkType: 252 /* LINKTYPE_WIRESHARK_UPPER_PDU */, name: 'network' };
// Tags before a packet of PDU_INTERFACE (Wireshark's exported_pdu_tlvs.h).
const TAG_DISSECTOR_NAME = 12;
const TAG_DIRECTION = 35;
const FROM_NETWORK = 0;
const TO_NETWORK = 1;

/**
 * The protocols that Wireshark reads from bare octets, with the name of its dissector. An answer to reset is one of them: its
 * GSMTAP dissector takes every SIM packet for an APDU.
 */
const DISSECTORS: { readonly [P in TraceProtocol]?: string } = { atr: 'iso7816.atr', sms: 'gsm_sms', smpp: 'smpp' };

function u16(value: number): Uint8Array {
  return Uint8Array.of(value >> 8, value & 0xff);
}

function u32(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff);
}

function padded(octets: Uint8Array): Uint8Array {
  return octets.length % 4 === 0 ? octets : concat(octets, new Uint8Array(4 - (octets.length % 4)));
}

/** Block type, total length, body, total length again: a reader can walk the file both ways. */
function block(type: number, ...body: readonly Uint8Array[]): Uint8Array {
  const content = concat(...body);
  const length = u32(content.length + 12);
  return concat(u32(type), length, content, length);
}

function textOption(code: number, text: string): Uint8Array {
  const value = new TextEncoder().encode(text);
  const endOfOptions = new Uint8Array(4);
  return concat(u16(code), u16(value.length), padded(value), endOfOptions);
}

function fileHeader(): Uint8Array {
  const unknownLength = new Uint8Array(8).fill(0xff);
  const version = concat(u16(1), u16(0));
  const blocks = [block(SECTION_HEADER, u32(BYTE_ORDER_MAGIC), version, unknownLength)];
  const noLimit = u32(0);
  for (const { linkType, name } of [SIM_INTERFACE, PDU_INTERFACE])
    blocks.push(block(INTERFACE_DESCRIPTION, u16(linkType), u16(0), noLimit, textOption(OPTION_INTERFACE_NAME, name)));
  return concat(...blocks);
}

function packetBlock(interfaceNumber: number, atMs: number, packet: Uint8Array, comment: string): Uint8Array {
  const microseconds = Math.round(atMs * 1000);
  const time = concat(u32(Math.floor(microseconds / 2 ** 32)), u32(microseconds % 2 ** 32));
  const length = u32(packet.length);
  const option = comment === '' ? NO_OCTETS : textOption(OPTION_COMMENT, comment);
  return block(ENHANCED_PACKET, u32(interfaceNumber), time, length, length, padded(packet), option);
}

/** What stands beside the packet in Wireshark: step, hop, name, clause and detail. */
function commentOf(record: TraceRecord): string {
  const { step, handset, from, to, name, clause, detail } = record;
  return [step, handset, `${from} -> ${to}`, name, clause, detail].filter((part) => part !== undefined).join(' | ');
}

/** An address of TEST-NET-1 (RFC 5737) whose last number is the reference numeral of figure 1, so that `ip.src == 192.0.2.31` is the UICC. */
const endpoint = (numeral: number): Endpoint => ({ address: Uint8Array.of(192, 0, 2, numeral), port: GSMTAP_PORT });
const OPERATING_SYSTEM = endpoint(4);
const UICC = endpoint(31);
const STORAGE_SUPPORT = endpoint(2);

/** The card of an APDU record: GSMTAP goes from the card's reader to whoever listens, command and response in one packet. */
const cardOf = (record: TraceRecord): Endpoint => (isOfSupport(record) ? STORAGE_SUPPORT : UICC);

/** Octets for a dissector of that name. The direction tells gsm_sms an SMS-SUBMIT from an SMS-DELIVER. */
function exportedPdu(dissector: string, record: TraceRecord): Uint8Array {
  const name = padded(new TextEncoder().encode(dissector));
  const isUp = record.to === 'SMSC' || (record.to === 'network' && record.from !== 'SMSC');
  const direction = isUp ? TO_NETWORK : FROM_NETWORK;
  const tags = concat(u16(TAG_DISSECTOR_NAME), u16(name.length), name, u16(TAG_DIRECTION), u16(4), u32(direction));
  const endOfTags = new Uint8Array(4);
  return concat(tags, endOfTags, record.octets);
}

/** The pcapng blocks of one record; none when Wireshark has no name for its octets. */
function blocksOf(record: TraceRecord): readonly Uint8Array[] {
  const comment = commentOf(record);
  const dissector = DISSECTORS[record.protocol];
  if (dissector !== undefined)
    return [packetBlock(PDU_INTERFACE.number, record.at, exportedPdu(dissector, record), comment)];
  const card = cardOf(record);
  return gsmtapPackets(record).map((packet) =>
    packetBlock(SIM_INTERFACE.number, record.at, ipv4Datagram(card, OPERATING_SYSTEM, packet), comment),
  );
}

/** These records as a whole pcapng file in memory: those that Wireshark can decode, as `pcapngFile` writes them. */
export function pcapngOctets(records: Iterable<TraceRecord>): Uint8Array {
  const blocks = [fileHeader()];
  for (const record of records) blocks.push(...blocksOf(record));
  return concat(...blocks);
}

/** A trace into a file; `close` gives the file back. */
export interface PcapngFile extends Trace {
  close(): void;
}

/**
 * Writes what Wireshark can decode (SIM traffic as GSMTAP, SMPP) into a new pcapng file that only its owner can read; an older
 * file of that name is replaced. Every record is whole in the file when `record` returns, so a killed process leaves a file
 * that reads to its last record. Throws what the file system says when the file cannot be made; when a later write fails
 * (disk full) the trace ends, `enabled` turns false, and the run goes on.
 */
export function pcapngFile(path: string): PcapngFile {
  const file = openSync(path, 'w', 0o600);
  let isOpen = true;
  const close = () => {
    if (isOpen) closeSync(file);
    isOpen = false;
  };
  writeSync(file, fileHeader());
  return {
    get enabled() {
      return isOpen;
    },
    record(record) {
      if (!isOpen) return;
      const blocks = blocksOf(record);
      if (blocks.length === 0) return;
      const octets = concat(...blocks);
      try {
        if (writeSync(file, octets) < octets.length) close();
      } catch {
        close();
      }
    },
    close,
  };
}
