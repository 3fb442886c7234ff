import { isIP } from 'node:net';
import { InvalidArgumentError } from 'commander';
import { CodecError, fromHex } from '#base/codec/index.ts';
import { Iccid, IdentityError, type Imei, ImeiSv, Imsi, Msisdn } from '#base/identity/index.ts';
import { type EquipmentNumber, equipmentNumber, listImei, problemWords } from '#operator/register/index.ts';

/** Where something listens. */
export interface HostPort {
  readonly host: string;
  readonly port: number;
}

/** A parser of a command line's text; what it refuses is wrong usage. */
function reading<T>(parse: (text: string) => T): (text: string) => T {
  return (text) => {
    try {
      return parse(text);
    } catch (error) {
      if (error instanceof IdentityError || error instanceof CodecError) throw new InvalidArgumentError(error.message);
      throw error;
    }
  };
}

/** An IMEI as a person writes it: 14 digits, 15 with a right check digit (or 0), 16 with a software version; spaces and hyphens may be in it. */
export function imeiArgument(text: string): Imei {
  const found = listImei(text);
  if ('problem' in found) throw new InvalidArgumentError(problemWords(found));
  return found.imei;
}
/** An equipment number in any spelling that a network, a list or a label has. */
export function equipmentArgument(text: string): EquipmentNumber {
  const found = equipmentNumber(text);
  if (found === undefined)
    throw new InvalidArgumentError('expected 14 to 16 digits, or 11 to 13 that lost leading zeros');
  return found;
}
/** An IMEISV: 16 digits. */
export const imeiSvArgument: (text: string) => ImeiSv = reading(ImeiSv.parse);
/** An IMSI: 6 to 15 digits. */
export const imsiArgument: (text: string) => Imsi = reading(Imsi.parse);
/** An ICCID: 18 to 20 digits. */
export const iccidArgument: (text: string) => Iccid = reading(Iccid.parse);
/** A number in international form. */
export const msisdnArgument: (text: string) => Msisdn = reading(Msisdn.parse);

/** An identity of a storage support: 16 hexadecimal digits; comes back in upper case. */
export function supportArgument(text: string): string {
  if (!/^[0-9a-f]{16}$/i.test(text))
    throw new InvalidArgumentError(`expected 16 hexadecimal digits, got ${text.length} characters`);
  return text.toUpperCase();
}

/** Octets in hexadecimal, so many. */
export function hexArgument(length: number): (text: string) => Uint8Array {
  return (text) => {
    if (!new RegExp(`^[0-9a-f]{${2 * length}}$`, 'i').test(text))
      throw new InvalidArgumentError(`expected ${2 * length} hexadecimal digits, got ${text.length} characters`);
    return fromHex(text);
  };
}

/** A serial number of a certificate: 1 to 16 octets in hexadecimal. */
export function serialArgument(text: string): Uint8Array {
  if (!/^([0-9a-f]{2}){1,16}$/i.test(text))
    throw new InvalidArgumentError(
      `expected 2 to 32 hexadecimal digits, two for each octet, got ${text.length} characters`,
    );
  return fromHex(text);
}

/** A CA identifier: 1 to 16 octets in hexadecimal, as a serial number is. */
export const caIdentifierArgument: (text: string) => Uint8Array = serialArgument;

/** A whole number from `least` to `most`. */
export function numberArgument(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d{1,15}$/.test(text) || value < least || value > most)
      throw new InvalidArgumentError(`expected a whole number from ${least} to ${most}`);
    return value;
  };
}
/** A port to listen on; 0 takes a free one. */
export const portArgument: (text: string) => number = numberArgument(0, 65_535);

/** HOST:PORT, or [HOST]:PORT for an IPv6 address. */
export function hostPortArgument(text: string): HostPort {
  const found = /^(?:\[(?<six>[0-9a-f:.]+)\]|(?<host>[^:\s]+)):(?<port>\d{1,5})$/i.exec(text)?.groups;
  const host = found?.['six'] ?? found?.['host'];
  const port = Number(found?.['port']);
  if (host === undefined || port < 1 || port > 65_535)
    throw new InvalidArgumentError('expected HOST:PORT, as in 127.0.0.1:4700');
  return { host, port };
}

/** HOST or HOST:PORT; without a port, `usual`. */
export function hostArgument(usual: number): (text: string) => HostPort {
  return (text) => (/^[^:\s[\]]+$/.test(text) ? { host: text, port: usual } : hostPortArgument(text));
}

/** A day YYYY-MM-DD or YYYYMMDD as the end of that day in UTC, in milliseconds since 1970. */
export function dayArgument(text: string): number {
  const parts = /^(\d{4})-?(\d\d)-?(\d\d)$/.exec(text);
  const [year, month, day] = [Number(parts?.[1]), Number(parts?.[2]), Number(parts?.[3])];
  const end = new Date(Date.UTC(year, month - 1, day, 24));
  const isDay = new Date(end.getTime() - 1).getUTCDate() === day;
  if (parts === null || month < 1 || month > 12 || !isDay)
    throw new InvalidArgumentError('expected a day YYYY-MM-DD of the calendar');
  return end.getTime();
}

/** Digits that can be dialled. */
export function diallingArgument(text: string): string {
  if (!/^[0-9*#]{1,20}$/.test(text)) throw new InvalidArgumentError('expected 1 to 20 of 0-9 * #');
  return text;
}

const LONGEST_HOST = 253;
/** A name has a letter in it: numbers alone are an address in another spelling. */
const HOST_NAME = /^(?=.*[a-z])[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i;

/** What is wrong with an address to listen on; undefined when nothing is. */
export const hostTrouble = (host: string): string | undefined =>
  isIP(host) !== 0 || (HOST_NAME.test(host) && host.length <= LONGEST_HOST)
    ? undefined
    : 'expected an address of this machine, as in 127.0.0.1, ::1, or 0.0.0.0 for all of them';
