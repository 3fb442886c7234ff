import { Imei, Imsi } from '#base/identity/index.ts';
import { type Equipment, parsePei } from './pei.ts';

/** The query of GET equipment-status (TS 29.511 6.1.3.2.3.1). */
export interface EquipmentQuery extends Equipment {
  /** From supi, when that is an IMSI. */
  readonly imsi: Imsi | undefined;
  /** supi or gpsi came twice or in no form TS 29.571 knows: not used, the answer comes from the pei alone. */
  readonly isSubscriberMalformed: boolean;
}

/** Why no equipment can be read from a query: causes of TS 29.500 table 5.2.7.2-1, and text for `invalidParams`. */
export interface QueryRefusal {
  readonly cause: 'MANDATORY_QUERY_PARAM_MISSING' | 'MANDATORY_QUERY_PARAM_INCORRECT' | 'INVALID_QUERY_PARAM';
  readonly reason: string;
}

/** Parameters in one query, at most. */
const MOST_PARAMETERS = 16;
const NO_PEI: QueryRefusal = {
  cause: 'MANDATORY_QUERY_PARAM_MISSING',
  reason: 'expected pei=…, got none; name the equipment',
};
const TWO_PEIS: QueryRefusal = {
  cause: 'MANDATORY_QUERY_PARAM_INCORRECT',
  reason: 'expected one pei, got several; ask about one at a time',
};
const BAD_PEI: QueryRefusal = {
  cause: 'MANDATORY_QUERY_PARAM_INCORRECT',
  reason:
    'expected imei- and 15 digits, imeisv- and 16 digits, or another form of TS 29.571 5.3.2, percent-encoded in UTF-8',
};
const TOO_MANY: QueryRefusal = {
  cause: 'INVALID_QUERY_PARAM',
  reason: `expected at most ${MOST_PARAMETERS} parameters, got more; send pei, supi, gpsi and supported-features only`,
};

/** Text without its percent-encoding (RFC 3986 2.1); undefined when that is broken or not UTF-8. A plus sign stays one. */
function percentDecoded(text: string): string | undefined {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** IMSI of a Supi (`^(imsi-[0-9]{5,15}|nai-.+|gci-.+|gli-.+|.+)$`); undefined for the others. One of 5 digits is no IMSI (TS 23.003 2.2). */
function imsiOf(supi: string): Imsi | undefined {
  return /^imsi-[0-9]{6,15}$/.test(supi) ? Imsi.parse(supi.slice(5)) : undefined;
}

const isSupi = (supi: string): boolean =>
  supi.startsWith('imsi-') ? /^imsi-[0-9]{5,15}$/.test(supi) : supi.length > 0;

function isGpsi(gpsi: string): boolean {
  if (gpsi.startsWith('msisdn-')) return /^msisdn-[0-9]{5,15}$/.test(gpsi);
  if (gpsi.startsWith('extid-')) return /^extid-[^@]+@[^@]+$/.test(gpsi);
  return gpsi.length > 0;
}

type Parameters = ReadonlyMap<string, readonly (string | undefined)[]>;

function parametersOf(query: string): Parameters | undefined {
  const found = new Map<string, (string | undefined)[]>();
  const parts = query.split('&', MOST_PARAMETERS + 1);
  if (parts.length > MOST_PARAMETERS) return undefined;
  for (const part of parts) {
    const at = part.indexOf('=');
    const name = percentDecoded(at < 0 ? part : part.slice(0, at));
    if (name === undefined) continue; // A name that is no text is not one of ours.
    const values = found.get(name);
    const value = at < 0 ? '' : percentDecoded(part.slice(at + 1));
    if (values === undefined) found.set(name, [value]);
    else values.push(value);
  }
  return found;
}

/** The one value of an optional parameter; undefined when it is absent, comes twice or cannot be decoded. */
function only(values: readonly (string | undefined)[] | undefined): string | undefined {
  return values?.length === 1 ? values[0] : undefined;
}

/**
 * Reads a query, without its question mark. Parameters that are not of this API are ignored, and so is `supported-features`: no feature
 * of TS 29.511 has a number.
 */
export function readQuery(query: string): EquipmentQuery | QueryRefusal {
  const parameters = parametersOf(query);
  if (parameters === undefined) return TOO_MANY;
  const peis = parameters.get('pei');
  if (peis === undefined) return NO_PEI;
  if (peis.length > 1) return TWO_PEIS;
  const pei = peis[0];
  const equipment = pei === undefined ? undefined : parsePei(pei);
  if (equipment === undefined) return BAD_PEI;
  const [supis, gpsis] = [parameters.get('supi'), parameters.get('gpsi')];
  const [supi, gpsi] = [only(supis), only(gpsis)];
  const isBadSupi = supis !== undefined && (supi === undefined || !isSupi(supi));
  const isBadGpsi = gpsis !== undefined && (gpsi === undefined || !isGpsi(gpsi));
  return {
    imei: equipment.imei,
    softwareVersion: equipment.softwareVersion,
    imsi: supi === undefined ? undefined : imsiOf(supi),
    isSubscriberMalformed: isBadSupi || isBadGpsi,
  };
}

/** Where the digits that start at `from` end. */
function digitsEnd(text: string, from: number): number {
  let at = from;
  for (let code = text.charCodeAt(at); code >= 0x30 && code <= 0x39; code = text.charCodeAt(at)) at++;
  return at;
}

/**
 * What `readQuery` gives for the query that starts at `from` in `path`, for the two forms nearly every AMF sends: `pei=` with an IMEI or
 * IMEISV, alone or followed by `&supi=imsi-…`. Undefined for any other, well-formed or not: then ask `readQuery`. It allocates nothing
 * but its answer; a property test holds the two together.
 */
export function readCommonQuery(path: string, from: number): EquipmentQuery | undefined {
  const isSv = path.startsWith('pei=imeisv-', from);
  if (!isSv && !path.startsWith('pei=imei-', from)) return undefined;
  const start = from + (isSv ? 11 : 9);
  const end = start + (isSv ? 16 : 15);
  if (digitsEnd(path, start) !== end) return undefined;
  let imsi: Imsi | undefined;
  if (end !== path.length) {
    if (!path.startsWith('&supi=imsi-', end)) return undefined;
    const digits = path.length - (end + 11);
    if (digits < 6 || digits > 15 || digitsEnd(path, end + 11) !== path.length) return undefined;
    imsi = Imsi.parse(path.slice(end + 11));
  }
  return {
    imei: Imei.parse(path.slice(start, end)),
    softwareVersion: isSv ? path.slice(end - 2, end) : undefined,
    imsi,
    isSubscriberMalformed: false,
  };
}
