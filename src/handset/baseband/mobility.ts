import type { Imsi } from '#base/identity/index.ts';
import type { Procedure } from '#handset/connector/index.ts';
import { CM_SERVICE, type NasMessage, type NasMessageOf, NORMAL_CLEARING, SPEECH } from '#protocol/nas/index.ts';
import type { Terminal } from './terminal.ts';
import { exchange, type Heard, transact } from './transaction.ts';

/** Mobile station classmark 1: revision 99, RF power class 4 (TS 24.008 10.5.1.5). */
const CLASSMARK_1 = 0x53;
/** Mobile station classmark 2 of the same mobile (TS 24.008 10.5.1.6). */
const CLASSMARK_2 = Uint8Array.of(0x53, 0x19, 0x81);
/** Key sequence number "no key is available" and updating type "IMSI attach" (TS 24.008 10.5.1.2, 10.5.3.5). */
const IMSI_ATTACH = 0x72;
const NO_KEY = 0x70;

/** What came of a procedure with the network. */
export type NetworkResult =
  | { readonly kind: 'accepted'; readonly locationArea: Uint8Array }
  | { readonly kind: 'rejected'; readonly cause: number }
  /** The UICC would not run AUTHENTICATE: the network was never answered. */
  | { readonly kind: 'uiccRefused'; readonly statusWord: number }
  | { readonly kind: 'noNetwork' };

function find<N extends NasMessage['name']>(heard: Heard, name: N): NasMessageOf<N> | undefined {
  return heard.messages.find((message): message is NasMessageOf<N> => message.name === name);
}

/** IMSI attach: LOCATION UPDATING REQUEST with all that the network asks on the way (TS 24.008 4.4.3). */
export function* locationUpdate(terminal: Terminal, imsi: Imsi, locationArea: Uint8Array): Procedure<NetworkResult> {
  const heard = yield* transact(terminal, {
    name: 'locationUpdatingRequest',
    typeAndKeySequence: IMSI_ATTACH,
    locationArea,
    classmark: CLASSMARK_1,
    identity: { type: 'imsi', imsi },
  });
  if (heard.refusedBy !== undefined) return { kind: 'uiccRefused', statusWord: heard.refusedBy };
  const accepted = find(heard, 'locationUpdatingAccept');
  if (accepted) return { kind: 'accepted', locationArea: accepted.locationArea };
  const rejected = find(heard, 'locationUpdatingReject');
  if (rejected) return { kind: 'rejected', cause: rejected.cause };
  // AUTHENTICATION REJECT names no cause; the mobile acts as on "illegal MS" (TS 24.008 4.3.2.5).
  return find(heard, 'authenticationReject') ? { kind: 'rejected', cause: 0x03 } : { kind: 'noNetwork' };
}

/** What came of a call. */
export type CallResult =
  | { readonly kind: 'connected' }
  | { readonly kind: 'rejected'; readonly cause?: number }
  | { readonly kind: 'uiccRefused'; readonly statusWord: number }
  /** Call control of the UICC did not allow it (TS 31.111 7.3.1). */
  | { readonly kind: 'notAllowed' }
  | { readonly kind: 'noNetwork' };

function* callWith(
  terminal: Terminal,
  service: number,
  identity: NasMessageOf<'cmServiceRequest'>['identity'],
  setup: NasMessage,
): Procedure<CallResult> {
  const asked = yield* transact(terminal, {
    name: 'cmServiceRequest',
    service: NO_KEY | service,
    classmark: CLASSMARK_2,
    identity,
  });
  if (asked.refusedBy !== undefined) return { kind: 'uiccRefused', statusWord: asked.refusedBy };
  const refused = find(asked, 'cmServiceReject');
  if (refused) return { kind: 'rejected', cause: refused.cause };
  if (!find(asked, 'cmServiceAccept')) return { kind: 'noNetwork' };
  const answered = yield* transact(terminal, setup);
  if (!find(answered, 'connect')) return { kind: 'rejected' };
  yield* exchange({ name: 'connectAcknowledge' });
  yield* exchange({ name: 'release', cause: NORMAL_CLEARING });
  return { kind: 'connected' };
}

/** A call to a number (TON/NPI and swapped digits), made and cleared again (TS 24.008 5.2.1). */
export function call(terminal: Terminal, imsi: Imsi, called: Uint8Array): Procedure<CallResult> {
  return callWith(terminal, CM_SERVICE.call, { type: 'imsi', imsi }, { name: 'setup', bearer: SPEECH, called });
}

/**
 * An emergency call: with whatever identity there is, without attach, and whatever the UICC or the register says (TS 22.016 clause 5,
 * TS 24.008 4.5.1.5, 5.2.1.1).
 */
export function emergencyCall(
  terminal: Terminal,
  identity: NasMessageOf<'cmServiceRequest'>['identity'],
): Procedure<CallResult> {
  return callWith(terminal, CM_SERVICE.emergencyCall, identity, { name: 'emergencySetup', bearer: SPEECH });
}

/** IMSI detach: nothing is answered (TS 24.008 4.3.4). */
export function* detach(imsi: Imsi): Procedure<void> {
  yield* exchange({ name: 'imsiDetachIndication', classmark: CLASSMARK_1, identity: { type: 'imsi', imsi } });
}

/** Asks for the short message service before a TPDU may go up. True when the network accepts. */
export function* shortMessageService(terminal: Terminal, imsi: Imsi): Procedure<boolean> {
  const asked = yield* transact(terminal, {
    name: 'cmServiceRequest',
    service: NO_KEY | CM_SERVICE.shortMessage,
    classmark: CLASSMARK_2,
    identity: { type: 'imsi', imsi },
  });
  return find(asked, 'cmServiceAccept') !== undefined;
}
