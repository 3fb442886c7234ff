import { Iccid, Imei, Imsi, Msisdn } from '#base/identity/index.ts';
import type { Subscribers } from '#operator/subscriber/index.ts';

/** By what somebody, or a handset, is named. */
export const SUBJECT_IDENTITIES = ['imsi', 'msisdn', 'iccid', 'imei'] as const;
/** By what somebody, or a handset, is named. */
export type SubjectIdentity = (typeof SUBJECT_IDENTITIES)[number];

/** Whom data are about: `digits` as they are kept, an IMEI with 14 of them. */
export interface Subject {
  readonly identity: SubjectIdentity;
  readonly digits: string;
}

/** All by which data about one subject are found: a subscriber by three names, a handset by its IMEI. */
export interface SubjectKeys {
  readonly imsi?: string;
  readonly msisdn?: string;
  readonly iccid?: string;
  /** As the database has it: 14 digits as a number. */
  readonly imei?: number;
}

const PARSERS: Readonly<Record<SubjectIdentity, (text: string) => string>> = {
  imsi: (text) => Imsi.parse(text).digits,
  msisdn: (text) => Msisdn.parse(text).digits,
  iccid: (text) => Iccid.parse(text).digits,
  imei: (text) => Imei.parse(text).equipment,
};

/** A subject as somebody writes it. Throws IdentityError. */
export const subjectOf = (identity: SubjectIdentity, text: string): Subject => ({
  identity,
  digits: PARSERS[identity](text),
});

/** How a subject is named in what stays: enough to tell two apart, not to find one. */
export function maskedSubject({ identity, digits }: Subject): string {
  const [head, tail] = identity === 'imei' ? [8, 2] : [Math.min(7, digits.length - 4), 3];
  return `${identity} ${digits.slice(0, head)}…${digits.slice(-tail)}`;
}

/** The names of a subject that this operator knows. Of a UICC that was never issued, the one that was given. */
export function keysOf({ identity, digits }: Subject, subscribers: Subscribers): SubjectKeys {
  if (identity === 'imei') return { imei: Imei.parse(digits).number };
  const found =
    identity === 'imsi'
      ? subscribers.byImsi(Imsi.parse(digits))
      : identity === 'iccid'
        ? subscribers.byIccid(Iccid.parse(digits))
        : subscribers.byMsisdn(digits);
  if (found === undefined) return { [identity]: digits };
  return { imsi: found.imsi.digits, msisdn: found.msisdn.digits, iccid: found.iccid.digits };
}

/** The names as texts find them: an IMEI by its 14 digits. */
export const textsOf = ({ imsi, msisdn, iccid, imei }: SubjectKeys): readonly string[] =>
  [imsi, msisdn, iccid, imei === undefined ? undefined : String(imei).padStart(14, '0')].filter(
    (text) => text !== undefined,
  );
