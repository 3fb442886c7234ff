import Type, { type TString, type TStringOptions } from 'typebox';
import { type Said, sentences } from '#base/sentence/index.ts';

/** Forms that a text must have, in words: a pattern is told to nobody. */
export const FORMS = sentences({
  formTime: 'a time in UTC like 2026-11-24T12:00:00Z',
  formExactTime: 'a time in UTC like 2026-11-24T12:00:00.000Z',
  formImei15: 'an IMEI with its check digit',
  formShownImei: 'an IMEI with its check digit, whole or masked',
  formImei14: 'the 14 digits of an IMEI',
  formImeiBeginning: 'the first 1 to 14 digits of IMEIs',
  formIdentity: 'digits, whole or masked',
  formIccid: 'an ICCID, 18 to 20 digits',
  formTac: 'a type allocation code, 8 digits',
  formImsi: 'an IMSI, 6 to 15 digits',
  formImsiPrefix: 'the first 3 to 14 digits of IMSIs: a country, a network, or subscribers of it',
  formDevice: 'an ICCID (18 to 20 digits) or an IMEI (14 to 16)',
  formHex: 'octets in hexadecimal',
  formTar: 'a TAR: 3 octets in hexadecimal',
  formCommand: 'a C-APDU in hexadecimal: CLA INS P1 P2, then Lc and data, then Le',
  formSerial: 'the serial number of a certificate: 1 to 16 octets in hexadecimal',
  formCaIdentifier: 'a CA identifier: 1 to 16 octets in hexadecimal',
  formPoint: 'a point on P-256: 65 octets in hexadecimal',
  formFingerprint: 'a fingerprint: 32 octets in hexadecimal',
  formSha256: 'a SHA-256: 64 hexadecimal digits in upper case',
  formChain: 'the chain value of that head',
  formPerson: 'a name of a user or token, without spaces around it',
  formPlace: 'the `next` of the page before',
  formHandsetName: 'the name of a handset: 1 to 24 letters, digits, spaces, dots and hyphens',
  formDialled: 'a number, 1 to 20 digits',
});

/** The code of a form. */
export type FormCode = (typeof FORMS.codes)[number];

/** A text of this form: `pattern` is what is checked, the words of the form are its title. */
export const form = (code: FormCode, pattern: string, options: TStringOptions = {}): TString =>
  Type.String({ ...options, pattern, title: FORMS.words({ code, values: {} }) });

const BY_TITLE = new Map(FORMS.codes.map((code) => [FORMS.words({ code, values: {} }), code]));

/** The form whose words are this title. */
export function formOf(title: unknown): Said<FormCode> | undefined {
  const code = BY_TITLE.get(String(title));
  return code && FORMS.say(code);
}
