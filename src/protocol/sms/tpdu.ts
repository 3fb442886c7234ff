import { type Format, format, octets, type Reader, type Writer } from '#base/codec/index.ts';
import { type SmsAddress, smsAddress } from './address.ts';
import { TIMESTAMP_LENGTH } from './timestamp.ts';
import { readUserData, type UserData, writeUserData } from './user-data.ts';

/** SMS-DELIVER (TS 23.040 9.2.2.1): a message from the service centre to the handset. */
export interface SmsDeliver {
  readonly type: 'SMS-DELIVER';
  /** More messages wait at the service centre. */
  readonly moreMessages: boolean;
  readonly loopPrevention: boolean;
  /** A status report goes back to the sender. */
  readonly statusReport: boolean;
  readonly replyPath: boolean;
  readonly originator: SmsAddress;
  readonly protocolIdentifier: number;
  readonly dataCoding: number;
  /** Seven octets, see `timeOf`. */
  readonly timestamp: Uint8Array;
  readonly userData: UserData;
}

/** SMS-SUBMIT (TS 23.040 9.2.2.2): a message from the handset to the service centre. */
export interface SmsSubmit {
  readonly type: 'SMS-SUBMIT';
  readonly rejectDuplicates: boolean;
  readonly statusReport: boolean;
  readonly replyPath: boolean;
  /** TP-MR, 0 to 255. */
  readonly reference: number;
  readonly destination: SmsAddress;
  readonly protocolIdentifier: number;
  readonly dataCoding: number;
  /** TP-VP as it stands: 1 octet relative, 7 octets absolute or enhanced. */
  readonly validity: { readonly format: 'none' } | { readonly format: Validity; readonly octets: Uint8Array };
  readonly userData: UserData;
}
type Validity = 'enhanced' | 'relative' | 'absolute';

/** What may follow in a report (TS 23.040 9.2.3.27): user data only together with its coding. */
interface ReportContent {
  readonly protocolIdentifier?: number;
  readonly content?: { readonly dataCoding: number; readonly userData: UserData };
}

/** SMS-DELIVER-REPORT (TS 23.040 9.2.2.1a): in RP-ACK, or with a failure cause in RP-ERROR. */
export interface SmsDeliverReport extends ReportContent {
  readonly type: 'SMS-DELIVER-REPORT';
  /** TP-FCS (9.2.3.22). Its presence makes this the report of an RP-ERROR. */
  readonly failureCause?: number;
}

/** SMS-SUBMIT-REPORT (TS 23.040 9.2.2.2a): in RP-ACK, or with a failure cause in RP-ERROR. */
export interface SmsSubmitReport extends ReportContent {
  readonly type: 'SMS-SUBMIT-REPORT';
  readonly failureCause?: number;
  readonly timestamp: Uint8Array;
}

/** SMS-STATUS-REPORT (TS 23.040 9.2.2.3): what became of a submitted message. */
export interface SmsStatusReport {
  readonly type: 'SMS-STATUS-REPORT';
  readonly moreMessages: boolean;
  readonly loopPrevention: boolean;
  /** The report is about an SMS-COMMAND, not an SMS-SUBMIT. */
  readonly ofCommand: boolean;
  readonly reference: number;
  readonly recipient: SmsAddress;
  readonly timestamp: Uint8Array;
  readonly discharge: Uint8Array;
  /** TP-ST (9.2.3.15): 00 to 1F is delivered. */
  readonly status: number;
}

/** Any TPDU that this room reads. SMS-COMMAND is not among them. */
export type SmsTpdu = SmsDeliver | SmsSubmit | SmsDeliverReport | SmsSubmitReport | SmsStatusReport;

/** What carries a TPDU, and from where: the two bits of its type mean different things by that (TS 23.040 9.2.3.1). */
export type Carrier =
  | 'RP-DATA from SC'
  | 'RP-DATA from MS'
  | 'RP-ACK from SC'
  | 'RP-ACK from MS'
  | 'RP-ERROR from SC'
  | 'RP-ERROR from MS';

/** TP-MTI, the low two bits of the first octet (TS 23.040 9.2.3.1). */
const TYPE_BITS = 0x03;
const MTI = { deliver: 0, deliverReport: 0, submit: 1, submitReport: 1, statusReport: 2 } as const;

/** Flags of the first octet; which of them a TPDU has differs by type (TS 23.040 9.2.3.2 to 9.2.3.26). */
const NO_MORE_MESSAGES = 0x04;
const REJECT_DUPLICATES = 0x04;
const LOOP_PREVENTION = 0x08;
const STATUS_REPORT = 0x20;
const HAS_HEADER = 0x40;
const REPLY_PATH = 0x80;
/** TP-VPF by its bits. */
const VALIDITY = ['none', 'enhanced', 'relative', 'absolute'] as const;

const stamp = octets(TIMESTAMP_LENGTH);
const flag = (isSet: boolean, bit: number): number => (isSet ? bit : 0);

function readFirst(reader: Reader, expected: number): number {
  reader.field = 'TP-MTI';
  const first = reader.u8();
  if ((first & TYPE_BITS) !== expected)
    throw reader.error(`expected message type ${expected}, got ${first & TYPE_BITS}`, reader.position - 1);
  return first;
}

function readStamp(reader: Reader, field: string): Uint8Array {
  reader.field = field;
  return stamp.read(reader);
}

function readOctet(reader: Reader, field: string): number {
  reader.field = field;
  return reader.u8();
}

/** SMS-DELIVER (TS 23.040 9.2.2.1). User data is a view of what was received. */
export const smsDeliver: Format<SmsDeliver> = format(
  (reader) => {
    const first = readFirst(reader, MTI.deliver);
    const originator = smsAddress.read(reader);
    const protocolIdentifier = readOctet(reader, 'TP-PID');
    const dataCoding = readOctet(reader, 'TP-DCS');
    return {
      type: 'SMS-DELIVER',
      moreMessages: (first & NO_MORE_MESSAGES) === 0,
      loopPrevention: (first & LOOP_PREVENTION) !== 0,
      statusReport: (first & STATUS_REPORT) !== 0,
      replyPath: (first & REPLY_PATH) !== 0,
      originator,
      protocolIdentifier,
      dataCoding,
      timestamp: readStamp(reader, 'TP-SCTS'),
      userData: readUserData(reader, dataCoding, (first & HAS_HEADER) !== 0),
    };
  },
  (writer, tpdu) => {
    writer.u8(
      MTI.deliver |
        flag(!tpdu.moreMessages, NO_MORE_MESSAGES) |
        flag(tpdu.loopPrevention, LOOP_PREVENTION) |
        flag(tpdu.statusReport, STATUS_REPORT) |
        flag(tpdu.userData.hasHeader, HAS_HEADER) |
        flag(tpdu.replyPath, REPLY_PATH),
    );
    smsAddress.write(writer, tpdu.originator);
    writer.uint(1, tpdu.protocolIdentifier);
    writer.uint(1, tpdu.dataCoding);
    stamp.write(writer, tpdu.timestamp);
    writeUserData(writer, tpdu.dataCoding, tpdu.userData);
  },
);

function readValidity(reader: Reader, first: number): SmsSubmit['validity'] {
  reader.field = 'TP-VP';
  const name = VALIDITY[(first >> 3) & 3] ?? 'none';
  return name === 'none'
    ? { format: name }
    : { format: name, octets: reader.take(name === 'relative' ? 1 : TIMESTAMP_LENGTH).slice() };
}

function writeValidity(writer: Writer, validity: SmsSubmit['validity']): void {
  if (validity.format === 'none') return;
  writer.field = 'TP-VP';
  const length = validity.format === 'relative' ? 1 : TIMESTAMP_LENGTH;
  if (validity.octets.length !== length)
    throw writer.error(`expected ${length} octets for the ${validity.format} format, got ${validity.octets.length}`);
  writer.put(validity.octets);
}

/** SMS-SUBMIT (TS 23.040 9.2.2.2). User data is a view of what was received. */
export const smsSubmit: Format<SmsSubmit> = format(
  (reader) => {
    const first = readFirst(reader, MTI.submit);
    const reference = readOctet(reader, 'TP-MR');
    const destination = smsAddress.read(reader);
    const protocolIdentifier = readOctet(reader, 'TP-PID');
    const dataCoding = readOctet(reader, 'TP-DCS');
    return {
      type: 'SMS-SUBMIT',
      rejectDuplicates: (first & REJECT_DUPLICATES) !== 0,
      statusReport: (first & STATUS_REPORT) !== 0,
      replyPath: (first & REPLY_PATH) !== 0,
      reference,
      destination,
      protocolIdentifier,
      dataCoding,
      validity: readValidity(reader, first),
      userData: readUserData(reader, dataCoding, (first & HAS_HEADER) !== 0),
    };
  },
  (writer, tpdu) => {
    writer.u8(
      MTI.submit |
        flag(tpdu.rejectDuplicates, REJECT_DUPLICATES) |
        (VALIDITY.indexOf(tpdu.validity.format) << 3) |
        flag(tpdu.statusReport, STATUS_REPORT) |
        flag(tpdu.userData.hasHeader, HAS_HEADER) |
        flag(tpdu.replyPath, REPLY_PATH),
    );
    writer.uint(1, tpdu.reference);
    smsAddress.write(writer, tpdu.destination);
    writer.uint(1, tpdu.protocolIdentifier);
    writer.uint(1, tpdu.dataCoding);
    writeValidity(writer, tpdu.validity);
    writeUserData(writer, tpdu.dataCoding, tpdu.userData);
  },
);

/** TP-PI (TS 23.040 9.2.3.27). */
const HAS_PID = 0x01;
const HAS_DCS = 0x02;
const HAS_UD = 0x04;
const MORE_INDICATORS = 0x80;

/** What the parameter indicator of a report names; DCS without user data and the reverse are read as they come. */
function readReportContent(reader: Reader, indicator: number, hasHeader: boolean): ReportContent {
  const protocolIdentifier = (indicator & HAS_PID) !== 0 ? readOctet(reader, 'TP-PID') : undefined;
  const dataCoding = (indicator & HAS_DCS) !== 0 ? readOctet(reader, 'TP-DCS') : 0;
  const content =
    (indicator & HAS_UD) !== 0 ? { dataCoding, userData: readUserData(reader, dataCoding, hasHeader) } : undefined;
  return { ...(protocolIdentifier !== undefined && { protocolIdentifier }), ...(content && { content }) };
}

function readIndicator(reader: Reader): number {
  const indicator = readOctet(reader, 'TP-PI');
  if ((indicator & MORE_INDICATORS) !== 0)
    throw reader.error('expected an indicator of one octet, got an extension', reader.position - 1);
  return indicator;
}

const indicatorOf = ({ protocolIdentifier, content }: ReportContent): number =>
  (protocolIdentifier === undefined ? 0 : HAS_PID) | (content === undefined ? 0 : HAS_DCS | HAS_UD);

function writeReportContent(writer: Writer, { protocolIdentifier, content }: ReportContent): void {
  if (protocolIdentifier !== undefined) writer.uint(1, protocolIdentifier);
  if (content === undefined) return;
  writer.uint(1, content.dataCoding);
  writeUserData(writer, content.dataCoding, content.userData);
}

function writeReportHead(writer: Writer, type: number, report: SmsDeliverReport | SmsSubmitReport): void {
  writer.u8(type | flag(report.content?.userData.hasHeader ?? false, HAS_HEADER));
  if (report.failureCause !== undefined) writer.uint(1, report.failureCause);
  writer.u8(indicatorOf(report));
}

/** SMS-DELIVER-REPORT (TS 23.040 9.2.2.1a); octets do not say whether a failure cause is there, the carrier does. */
function deliverReport(inError: boolean): Format<SmsDeliverReport> {
  return format(
    (reader) => {
      const first = readFirst(reader, MTI.deliverReport);
      const failureCause = inError ? readOctet(reader, 'TP-FCS') : undefined;
      const content = readReportContent(reader, readIndicator(reader), (first & HAS_HEADER) !== 0);
      return { type: 'SMS-DELIVER-REPORT', ...(failureCause !== undefined && { failureCause }), ...content };
    },
    (writer, report) => {
      writeReportHead(writer, MTI.deliverReport, report);
      writeReportContent(writer, report);
    },
  );
}

/** SMS-SUBMIT-REPORT (TS 23.040 9.2.2.2a). */
function submitReport(inError: boolean): Format<SmsSubmitReport> {
  return format(
    (reader) => {
      const first = readFirst(reader, MTI.submitReport);
      const failureCause = inError ? readOctet(reader, 'TP-FCS') : undefined;
      const indicator = readIndicator(reader);
      const timestamp = readStamp(reader, 'TP-SCTS');
      const content = readReportContent(reader, indicator, (first & HAS_HEADER) !== 0);
      return { type: 'SMS-SUBMIT-REPORT', ...(failureCause !== undefined && { failureCause }), timestamp, ...content };
    },
    (writer, report) => {
      writeReportHead(writer, MTI.submitReport, report);
      stamp.write(writer, report.timestamp);
      writeReportContent(writer, report);
    },
  );
}

/**
 * SMS-STATUS-REPORT (TS 23.040 9.2.2.3). Optional parameters behind the status are read over: nothing here uses them.
 */
const statusReport: Format<SmsStatusReport> = format(
  (reader) => {
    const first = readFirst(reader, MTI.statusReport);
    const value: SmsStatusReport = {
      type: 'SMS-STATUS-REPORT',
      moreMessages: (first & NO_MORE_MESSAGES) === 0,
      loopPrevention: (first & LOOP_PREVENTION) !== 0,
      ofCommand: (first & STATUS_REPORT) !== 0,
      reference: readOctet(reader, 'TP-MR'),
      recipient: smsAddress.read(reader),
      timestamp: readStamp(reader, 'TP-SCTS'),
      discharge: readStamp(reader, 'TP-DT'),
      status: readOctet(reader, 'TP-ST'),
    };
    reader.rest();
    return value;
  },
  (writer, report) => {
    writer.u8(
      MTI.statusReport |
        flag(!report.moreMessages, NO_MORE_MESSAGES) |
        flag(report.loopPrevention, LOOP_PREVENTION) |
        flag(report.ofCommand, STATUS_REPORT),
    );
    writer.uint(1, report.reference);
    smsAddress.write(writer, report.recipient);
    stamp.write(writer, report.timestamp);
    stamp.write(writer, report.discharge);
    writer.uint(1, report.status);
  },
);

const DELIVER_REPORT = { ack: deliverReport(false), error: deliverReport(true) };
const SUBMIT_REPORT = { ack: submitReport(false), error: submitReport(true) };

/**
 * The TPDU that this carrier brought. Throws CodecError when it does not follow TS 23.040 9.2.2, also for SMS-COMMAND.
 */
export function decodeTpdu(octetString: Uint8Array, carrier: Carrier): SmsTpdu {
  switch (carrier) {
    case 'RP-DATA from SC':
      return ((octetString[0] ?? 0) & TYPE_BITS) === MTI.statusReport
        ? statusReport.decode(octetString)
        : smsDeliver.decode(octetString);
    case 'RP-DATA from MS':
      return smsSubmit.decode(octetString);
    case 'RP-ACK from MS':
      return DELIVER_REPORT.ack.decode(octetString);
    case 'RP-ERROR from MS':
      return DELIVER_REPORT.error.decode(octetString);
    case 'RP-ACK from SC':
      return SUBMIT_REPORT.ack.decode(octetString);
    case 'RP-ERROR from SC':
      return SUBMIT_REPORT.error.decode(octetString);
  }
}

/** The octets of a TPDU. Throws CodecError when a value does not fit. */
export function encodeTpdu(tpdu: SmsTpdu): Uint8Array {
  switch (tpdu.type) {
    case 'SMS-DELIVER':
      return smsDeliver.encode(tpdu);
    case 'SMS-SUBMIT':
      return smsSubmit.encode(tpdu);
    case 'SMS-DELIVER-REPORT':
      return DELIVER_REPORT.ack.encode(tpdu);
    case 'SMS-SUBMIT-REPORT':
      return SUBMIT_REPORT.ack.encode(tpdu);
    case 'SMS-STATUS-REPORT':
      return statusReport.encode(tpdu);
  }
}
