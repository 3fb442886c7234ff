import type { Reason, ReasonCode } from '#operator/register/index.ts';

/** Characters of the text in an answer: so many that nonce, digest, date and text fit one short message (98 octets, facts/ota.md 4.1). */
export const LONGEST_PERSON_TEXT = 59;

/** What the person at the handset reads, in few words. Reasons that block and are not here read as "Service is blocked." */
const SHORT: Readonly<Partial<Record<ReasonCode, string>>> = {
  blackList: 'This handset is reported.',
  lyingHandset: 'This handset shows a false IMEI.',
  refutedProof: 'This handset shows a false IMEI.',
  clone: 'This IMEI is of another handset.',
  pairingLocked: 'This SIM is for another device.',
  proofMissing: 'The IMEI was not proved.',
  revoked: 'This handset is not trusted.',
};

/** The reason, its case and how to object, as far as the room goes: the case is left out before the contact. */
export function personText(reason: Reason, contact: string): string {
  const what = SHORT[reason.code] ?? 'Service is blocked.';
  const about = reason.caseReference === undefined ? '' : ` Case ${reason.caseReference}.`;
  const objection = contact === '' ? '' : ` Objections: ${contact}`;
  const fitting = [what + about + objection, what + objection, what].find((text) => text.length <= LONGEST_PERSON_TEXT);
  return fitting ?? what.slice(0, LONGEST_PERSON_TEXT);
}

/**
 * The octets of a text in an answer: characters that the GSM default alphabet (TS 23.038 6.2.1) and ASCII code alike. Accents are taken
 * off, other characters become '?'; cut to fit.
 */
export function textOctets(text: string): Uint8Array | undefined {
  const plain = text.normalize('NFD').replaceAll(/\p{M}/gu, '').slice(0, LONGEST_PERSON_TEXT);
  if (plain === '') return undefined;
  return Uint8Array.from(plain, (character) =>
    /^[A-Za-z0-9 !"#%&'()*+,\-./:;<=>?]$/.test(character) ? character.charCodeAt(0) : 0x3f,
  );
}
