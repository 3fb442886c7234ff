import type { NasMessageName } from '#protocol/nas/index.ts';

/** The standards' name and clause of each message, for a trace. */
export const MESSAGE_NAME: Readonly<Record<NasMessageName, readonly [name: string, clause: string]>> = {
  locationUpdatingRequest: ['LOCATION UPDATING REQUEST', 'TS 24.008 9.2.15'],
  locationUpdatingAccept: ['LOCATION UPDATING ACCEPT', 'TS 24.008 9.2.13'],
  locationUpdatingReject: ['LOCATION UPDATING REJECT', 'TS 24.008 9.2.14'],
  imsiDetachIndication: ['IMSI DETACH INDICATION', 'TS 24.008 9.2.12'],
  authenticationRequest: ['AUTHENTICATION REQUEST', 'TS 24.008 9.2.2'],
  authenticationResponse: ['AUTHENTICATION RESPONSE', 'TS 24.008 9.2.3'],
  authenticationFailure: ['AUTHENTICATION FAILURE', 'TS 24.008 9.2.3a'],
  authenticationReject: ['AUTHENTICATION REJECT', 'TS 24.008 9.2.1'],
  identityRequest: ['IDENTITY REQUEST', 'TS 24.008 9.2.10'],
  identityResponse: ['IDENTITY RESPONSE', 'TS 24.008 9.2.11'],
  cmServiceRequest: ['CM SERVICE REQUEST', 'TS 24.008 9.2.9'],
  cmServiceAccept: ['CM SERVICE ACCEPT', 'TS 24.008 9.2.5'],
  cmServiceReject: ['CM SERVICE REJECT', 'TS 24.008 9.2.6'],
  setup: ['SETUP', 'TS 24.008 9.3.23'],
  emergencySetup: ['EMERGENCY SETUP', 'TS 24.008 9.3.8'],
  callProceeding: ['CALL PROCEEDING', 'TS 24.008 9.3.3'],
  connect: ['CONNECT', 'TS 24.008 9.3.5'],
  connectAcknowledge: ['CONNECT ACKNOWLEDGE', 'TS 24.008 9.3.6'],
  release: ['RELEASE', 'TS 24.008 9.3.18'],
  releaseComplete: ['RELEASE COMPLETE', 'TS 24.008 9.3.19'],
  cpDataUplink: ['CP-DATA', 'TS 24.011 7.2.1'],
  cpDataDownlink: ['CP-DATA', 'TS 24.011 7.2.1'],
  cpAck: ['CP-ACK', 'TS 24.011 7.2.2'],
  cpAckDownlink: ['CP-ACK', 'TS 24.011 7.2.2'],
};

const REJECT_CAUSES: Readonly<Record<number, string>> = {
  2: 'IMSI unknown in HLR',
  3: 'illegal MS',
  4: 'IMSI unknown in VLR',
  5: 'IMEI not accepted',
  6: 'illegal ME',
  17: 'network failure',
  20: 'MAC failure',
  21: 'synch failure',
  32: 'service option not supported',
  96: 'invalid mandatory information',
};

/** A reject cause in words (TS 24.008 10.5.3.6). */
export function rejectCauseName(cause: number): string {
  return `cause ${cause}, ${REJECT_CAUSES[cause] ?? 'other'}`;
}
