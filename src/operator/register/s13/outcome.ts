import { Imei, Imsi } from '#base/identity/index.ts';
import type { MeIdentityCheck, MeIdentityOutcome, PeerOptions, S13Peer } from '#protocol/diameter/index.ts';
import type { EquipmentStatus } from '../decision.ts';
import type { EquipmentAnswer, EquipmentCheck, EquipmentQuestion } from '../front.ts';

/**
 * What an IMEI that the register does not know is answered with: DIAMETER_ERROR_EQUIPMENT_UNKNOWN (TS 29.272 7.4.3.4), which leaves it to
 * the MME (some let nobody in then), or a status.
 */
export type UnknownAs = '5422' | EquipmentStatus;

/** A peer that may connect, and what it is told about unknown equipment. */
export interface S13PeerOptions extends PeerOptions {
  /**
   * Counts also for what this host asks through a relay. A host that is only known through one is listed with no address:
   * `addresses: []`.
   */
  readonly unknownAs?: UnknownAs;
}

// TS 29.272 7.3.51
const OF_STATUS: Readonly<Record<EquipmentStatus, MeIdentityOutcome>> = {
  permitted: 'whitelisted',
  tracking: 'greylisted',
  prohibited: 'blacklisted',
};

const IMEISV_DIGITS = 16;

/** The question that a request is. Its digits have been checked, so the identities are right. */
export function questionOf({ imei, softwareVersion, imsi, originHost }: MeIdentityCheck): EquipmentQuestion {
  return {
    front: 's13',
    imei: Imei.parse(imei),
    // A peer that puts a whole IMEISV into the AVP IMEI has named the version there.
    softwareVersion: softwareVersion ?? (imei.length === IMEISV_DIGITS ? imei.slice(-2) : undefined),
    imsi: imsi === undefined ? undefined : Imsi.parse(imsi),
    peer: originHost,
  };
}

/** What an answer of the register is on S13. */
export function outcomeOf(answer: EquipmentAnswer, unknownAs: UnknownAs): MeIdentityOutcome {
  if (answer.kind === 'status') return OF_STATUS[answer.equipmentStatus];
  if (answer.kind === 'unavailable') return 'too busy';
  return unknownAs === '5422' ? 'equipment unknown' : OF_STATUS[unknownAs];
}

/** Answers ME-Identity-Checks by a register. A check that throws is answered UNABLE_TO_COMPLY (5012) and told to `onFault`. */
export function meIdentityCheck(
  check: EquipmentCheck,
  peers: readonly S13PeerOptions[],
  unknownAs: UnknownAs,
  onFault: (error: unknown) => void,
): (request: MeIdentityCheck, peer: S13Peer) => MeIdentityOutcome {
  const ofHost = new Map<string, UnknownAs>();
  for (const peer of peers) if (peer.unknownAs !== undefined) ofHost.set(peer.originHost.toLowerCase(), peer.unknownAs);
  return (request, peer) => {
    try {
      const answer = check(questionOf(request));
      if (answer.kind === 'status') return OF_STATUS[answer.equipmentStatus];
      const asked = ofHost.get(request.originHost.toLowerCase()) ?? ofHost.get(peer.originHost.toLowerCase());
      return outcomeOf(answer, asked ?? unknownAs);
    } catch (error) {
      onFault(error);
      return 'unable to comply';
    }
  };
}
