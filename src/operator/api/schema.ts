import Type, { type TEnum, type TObject, type TProperties, type TSchema } from 'typebox';
import type { Said } from '#base/sentence/index.ts';
import { PROGRAM_AUTHORS } from '#operator/audit/index.ts';
import { form } from './form.ts';

/** An object with these members and no others. */
export function closed<P extends TProperties>(properties: P, description?: string): TObject<P> {
  return Type.Object(properties, { additionalProperties: false, ...(description !== undefined && { description }) });
}

/** One of these names. */
export const names = <const N extends string>(list: readonly N[], description?: string): TEnum<N[]> =>
  Type.Enum<N[]>([...list], { type: 'string', ...(description !== undefined && { description }) });

/** A list in an answer. */
export const list = <S extends TSchema>(items: S) => Type.Array(items);

/** Which sentence was said, one of these, and what stands in it: a program shows it in a language of its own. */
export const SaidAs = <const C extends string>(codes: readonly C[]) =>
  closed(
    { code: names(codes), values: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()])) },
    'the sentence beside it, by its code and the values in it',
  );

/** What was said, as it is answered. */
export const saidView = <C extends string>({ code, values }: Said<C>) => ({ code, values: { ...values } });

/** A number of things. */
export const Count = Type.Integer({ minimum: 0 });
/** A text in an answer. */
export const Text = Type.String();
/** Who did it. */
export const Author = Type.String({
  description: `a person's name, or a part of the operator that nobody can sign as: ${PROGRAM_AUTHORS.codes.join(', ')}`,
});
/** A moment. */
export const Time = form('formExactTime', '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$');
/** 15 digits as printed on the box. */
export const Imei15 = form('formImei15', '^\\d{15}$');
/** An IMEI beside what somebody did with it, in an answer. */
export const ShownImei = form('formShownImei', '^(\\d{15}|\\d{8}…\\d{3})$', {
  description: 'masked for a viewer: type and last digits',
});
/** 14 digits, as lists compare them. */
export const Imei14 = form('formImei14', '^\\d{14}$');
/** An IMSI or MSISDN in an answer. */
export const Identity = form('formIdentity', '^(\\d{3,15}|\\d{3,5}…\\d{0,3})$', {
  description:
    'whole when a role that may see it asks for it (such reads are in the audit log), else network and last three digits',
});
/** An ICCID. */
export const IccidText = form('formIccid', '^\\d{18,20}$');
/** Octets in hexadecimal. */
export const Hex = form('formHex', '^([0-9A-F]{2})*$');

/** A TAC. */
export const TacText = form('formTac', '^\\d{8}$');

/** An IMEI as somebody gives it. */
export const GivenImei = Type.String({
  minLength: 1,
  maxLength: 64,
  description: '14 digits, 15 with check digit, 16 of an IMEISV; also behind `imei-` or `imeisv-`',
});
/** An IMSI as somebody gives it. */
export const GivenImsi = form('formImsi', '^\\d{6,15}$');
/** The first digits of IMSIs. */
export const ImsiPrefix = form('formImsiPrefix', '^\\d{3,14}$');
/** Why a change is made. */
export const Reason = Type.String({ minLength: 1, maxLength: 200, description: 'Why; for the audit log.' });
/** Case or complaint number. */
export const CaseReference = Type.String({ maxLength: 200, description: 'Case or complaint number.' });
/** Words of a person. */
export const Note = Type.String({ maxLength: 200 });
/** Whose entries these are. */
export const Source = Type.String({
  minLength: 1,
  maxLength: 200,
  description: 'Whose entries these are; default `operator`.',
});
/** A moment as somebody gives it. */
export const GivenTime = form('formTime', '^20\\d\\d-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,3})?Z$');

/** Rows of one answer at most. */
export const MOST_ROWS = 1000;
/** Rows of an answer unless another number is asked for. */
export const STANDARD_ROWS = 100;
/** How many rows. */
export const Limit = Type.Integer({
  minimum: 1,
  description: `Rows at most; default ${STANDARD_ROWS}, more than ${MOST_ROWS} count as ${MOST_ROWS}.`,
});

/** Rows asked for, within what one answer carries. */
export const rowsOf = (limit: number | undefined): number => Math.min(limit ?? STANDARD_ROWS, MOST_ROWS);
