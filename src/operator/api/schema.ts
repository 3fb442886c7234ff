import Type, { type TEnum, type TObject, type TProperties, type TSchema } from 'typebox';

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

/** A number of things. */
export const Count = Type.Integer({ minimum: 0 });
/** A text in an answer. */
export const Text = Type.String();
/** A moment. */
export const Time = Type.String({
  pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$',
  title: 'a time in UTC like 2026-11-24T12:00:00.000Z',
});
/** 15 digits as printed on the box. */
export const Imei15 = Type.String({ pattern: '^\\d{15}$', title: 'an IMEI with its check digit' });
/** An IMEI beside what somebody did with it, in an answer. */
export const ShownImei = Type.String({
  pattern: '^(\\d{15}|\\d{8}…\\d{3})$',
  title: 'an IMEI with its check digit, whole or masked',
  description: 'masked for a viewer: type and last digits',
});
/** 14 digits, as lists compare them. */
export const Imei14 = Type.String({ pattern: '^\\d{14}$', title: 'the 14 digits of an IMEI' });
/** An IMSI or MSISDN in an answer. */
export const Identity = Type.String({
  pattern: '^(\\d{3,15}|\\d{3,5}…\\d{0,3})$',
  title: 'digits, whole or masked',
  description:
    'whole when a role that may see it asks for it (such reads are in the audit log), else network and last three digits',
});
/** An ICCID. */
export const IccidText = Type.String({ pattern: '^\\d{18,20}$', title: 'an ICCID, 18 to 20 digits' });
/** Octets in hexadecimal. */
export const Hex = Type.String({ pattern: '^([0-9A-F]{2})*$', title: 'octets in hexadecimal' });

/** A TAC. */
export const TacText = Type.String({ pattern: '^\\d{8}$', title: 'a type allocation code, 8 digits' });

/** An IMEI as somebody gives it. */
export const GivenImei = Type.String({
  minLength: 1,
  maxLength: 64,
  description: '14 digits, 15 with check digit, 16 of an IMEISV; also behind `imei-` or `imeisv-`',
});
/** An IMSI as somebody gives it. */
export const GivenImsi = Type.String({ pattern: '^\\d{6,15}$', title: 'an IMSI, 6 to 15 digits' });
/** The first digits of IMSIs. */
export const ImsiPrefix = Type.String({
  pattern: '^\\d{3,14}$',
  title: 'the first 3 to 14 digits of IMSIs: a country, a network, or subscribers of it',
});
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
export const GivenTime = Type.String({
  pattern: '^20\\d\\d-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,3})?Z$',
  title: 'a time in UTC like 2026-11-24T12:00:00Z',
});

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
