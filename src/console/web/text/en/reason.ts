import type { Catalogue } from '../catalogue.ts';

/** Why the register decides as it does: one sentence for each code of the API. */
export const reason = {
  registerOff: 'The register is switched off.',
  trackOnly: 'The register only tracks: what would be prohibited is let in and noted.',
  blackList: 'The IMEI is on the black list.',
  greyList: 'The IMEI is on the grey list.',
  whiteList: 'The IMEI is on the white list.',
  blackRange: 'The IMEI is in a range on the black list.',
  greyRange: 'The IMEI is in a range on the grey list.',
  whiteRange: 'The IMEI is in a range on the white list.',
  spared: 'The list entry is about copies of this IMEI; this handset is the one that proves it.',
  allowedPair: 'This subscriber may use this handset whatever the lists say.',
  lockedHandset: 'The handset is locked to other subscribers.',
  lockedSubscriber: 'The subscriber is locked to other handsets.',
  lyingHandset: 'The storage support of this handset proves another IMEI than the one claimed.',
  proofExpected: 'The UICC proved another IMEI before: the SIM moved or the handset lies. Its report is awaited.',
  proofMissing: 'The UICC proved another IMEI before, and no report came in time.',
  refutedProof: 'The UICC refuted the IMEI of this handset.',
  notProven: 'The handset did not prove its IMEI.',
  revoked: 'The storage support of this handset is revoked.',
  pairingLocked: 'This UICC belongs to another handset and is locked to it.',
  clone: 'Another handset proves this IMEI; this one does not.',
  genuine: 'This handset proves the IMEI; others only claim it.',
  bogusImei: 'The number is no IMEI of a maker.',
  unallocatedTac: 'No maker was given the type allocation code of this IMEI.',
  commanded: 'A person of the operator ordered it.',
  proved: 'The UICC proved this IMEI.',
  notListed: 'Nothing is known against this IMEI.',
  imsiDefault:
    'Nothing is known against this IMEI; what such subscribers get by the first digits of their IMSI counts.',
} as const satisfies Catalogue;
