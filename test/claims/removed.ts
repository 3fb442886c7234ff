import { fromHex, NO_OCTETS } from '#base/codec/index.ts';
import { tableAes } from '#base/crypto/index.ts';
import type { Imei } from '#base/identity/index.ts';
import { imeiLock } from '#handset/uicc/imei-lock/index.ts';
import type { ToolkitApplication, ToolkitPort } from '#handset/uicc/index.ts';
import { type Card, decodeCommand, responseApdu, SW } from '#protocol/apdu/index.ts';
import { IMEI_LOCK_TAR, imeiProof, type Report, report, SUPPORT_DATA } from '#protocol/imei-lock/index.ts';
import { DATA_CODING, diallingNumber, internationalAddress, octetUserData, smsSubmit } from '#protocol/sms/index.ts';

// What a claim is made of, taken away one thing at a time: a claim's test must then see its property fail.

/** Makes an application of a UICC's toolkit. */
export type MakeApplication = (port: ToolkitPort) => ToolkitApplication;

/** The IMEI lock as it is delivered. */
export const lock: MakeApplication = (port) => imeiLock(port, tableAes);

/** Without blocking (claims 7, 10, 11): the lock proves and reports as ever, and nobody listens to it. */
export const heedlessModule: MakeApplication = (port) => {
  const inner = lock(port);
  return {
    tar: inner.tar,
    vitalRecords: [],
    poweredOn: () => inner.poweredOn(),
    profileDownloaded: () => inner.profileDownloaded(),
    callControl: () => 'allowed',
    authenticateRequested: () => undefined,
    authenticated: () => inner.authenticated(),
    secured: (data) => inner.secured(data),
    statusPolled: () => inner.statusPolled(),
  };
};

/** Without authentication (claims 1, 5, 8): a module that asks the operating system for the IMEI and believes what it hears. */
export const believingModule: MakeApplication = (port) => {
  let unsent: Uint8Array | undefined;
  const send = () => {
    const data = unsent;
    unsent = undefined;
    if (data !== undefined)
      port.report(data, (end) => {
        if (end !== 'sent') unsent = data;
      });
  };
  return {
    tar: IMEI_LOCK_TAR,
    vitalRecords: [],
    poweredOn: () => {},
    profileDownloaded() {
      port.issue({ type: 'PROVIDE LOCAL INFORMATION', information: 'imei' }, (response) => {
        unsent = report.encode(believed(response?.imei ?? new Uint8Array(8)));
        send();
      });
    },
    callControl: () => 'allowed',
    authenticateRequested: () => undefined,
    authenticated: () => {},
    secured: () => NO_OCTETS,
    statusPolled: send,
  };
};

const believed = (provedImei: Uint8Array): Report => ({
  version: 'one',
  direction: 'report',
  nonce: fromHex('0102030405060708'),
  result: 'proved',
  reason: 'none',
  trigger: 'boot',
  state: 'enabled',
  unanswered: 0,
  provedImei,
});

/** Without the report (claims 2, 9): the lock proves and decides, and tells the operator nothing. */
export const mutedModule: MakeApplication = (port) =>
  lock({
    ...port,
    report: (_data, ended) => {
      ended('sent');
      return true;
    },
  });

/** Without the secure channel over the air (claims 2, 9): the report goes out as it is, in a short message to `operator`. */
export const plainSpeakingModule =
  (operator: string): MakeApplication =>
  (port) =>
    lock({
      ...port,
      report(data, ended) {
        const tpdu = smsSubmit.encode({
          type: 'SMS-SUBMIT',
          rejectDuplicates: false,
          statusReport: false,
          replyPath: false,
          reference: 1,
          destination: { typeOfNumber: 'unknown', numberingPlan: 1, value: operator },
          protocolIdentifier: 0,
          dataCoding: DATA_CODING.classTwo8Bit,
          validity: { format: 'none' },
          userData: octetUserData(data),
        });
        const address = diallingNumber.encode(internationalAddress('1234567890'));
        return port.issue({ type: 'SEND SHORT MESSAGE', packing: false, address, tpdu }, (response) =>
          ended(response?.general === 0 ? 'sent' : 'notNow'),
        );
      },
    });

/** The same module, and beside it what it came to hold: every report, also one that found no way out. */
export const overheard =
  (reports: Report[], make: MakeApplication = lock): MakeApplication =>
  (port) =>
    make({
      ...port,
      report(data, ended) {
        reports.push(report.decode(data));
        return port.report(data, ended);
      },
    });

/** Without keys and without authentication (claims 1, 5, 6, 8): a PROM that tells its IMEI to anybody, as the patent finds it. */
export function prom(imei: Imei): Card {
  const proof = imeiProof.encode({ imei: imei.toOctets(), counter: 1 });
  return {
    reset: () => fromHex('3B00'),
    powerOff: () => {},
    transmit(octets) {
      const { ins, p1, p2 } = decodeCommand(octets);
      const isImei = ins === 0xca && ((p1 << 8) | p2) === SUPPORT_DATA.imei;
      return isImei ? responseApdu(SW.ok, proof) : responseApdu(ins === 0xa4 ? SW.ok : SW.instructionNotSupported);
    },
  };
}
