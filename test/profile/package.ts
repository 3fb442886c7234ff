import { berTlv, concat, fromHex } from '#base/codec/index.ts';

// A profile package made by the ASN.1 of SAIP 3.3 for tests: the numbers of tags are those of AUTOMATIC TAGS, written out.

/** Octets of hexadecimal with spaces. */
const h = (text: string) => fromHex(text.replaceAll(' ', ''));
const header = (identification: number, isMandated = true) =>
  berTlv(0xa0, ...(isMandated ? [h('8000')] : []), h(`8102${identification.toString(16).padStart(4, '0')}`));
const template = (arcs: string) => h(`81 ${(arcs.length / 2 + 5).toString(16).padStart(2, '0')} 67 810F 0102 ${arcs}`);

/** Fcp of an EF, a DF, an ADF. */
export const fcp = (text: string): Uint8Array => berTlv(0xa1, h(text));
export const content = (text: string): Uint8Array => berTlv(0x83, h(text));
export const offset = (octets: number): Uint8Array => berTlv(0x82, Uint8Array.of(octets));
/** A file as member [number] of an element. */
export const file = (number: number, ...actions: readonly Uint8Array[]): Uint8Array =>
  berTlv(number < 31 ? 0xa0 | number : 0xbf00 | number, ...actions);
/** Profile element [number]. */
export const element = (number: number, ...members: readonly Uint8Array[]): Uint8Array =>
  berTlv(number < 31 ? 0xa0 | number : 0xbf00 | number, ...members);
const sequence = (...members: readonly Uint8Array[]) => berTlv(0x30, ...members);

export const K = '465B5CE8B199B49FAA5F0A2EE238A6BC';
export const OPC = 'CD63CB71954A9F4E48A5994E37A02BAF';
export const ARR = [
  '8001019000800102A406830101950108',
  '8001019000800102A40683010A950108',
  '8001019000',
  '800101A406830101950108800102A40683010A950108',
  '800103A406830101950108',
];

const arr = (number: number, identifier: string) =>
  file(
    number,
    fcp(`8204 42210020 8002 00A0 8B03 ${identifier}03`),
    ...ARR.flatMap((record) => [content(record), offset(32 - record.length / 2)]).slice(0, -1),
  );

/** ProfileHeader, with services that are mandatory by the number of their tag. */
export const profileHeader = (...services: readonly number[]): Uint8Array =>
  element(
    0,
    h('800103 810103 8207 41737361792031 830A 98881201000000004020'),
    berTlv(0xa5, ...services.map((service) => Uint8Array.of(0x80 | service, 0))),
    berTlv(0xa6, h('0606 67810F010201')),
  );

export const MF: Uint8Array = element(
  16,
  header(1),
  template('01'),
  file(2, fcp('8B03 2F0602 C603 01810A')),
  file(3, fcp('8202 4121 8B03 2F0601')),
  file(4, fcp('8202 4121 8B03 2F0603 8801 10'), content('98881201000000004020')),
  file(
    5,
    fcp('8204 42210026 8001 4C 8B03 2F0602'),
    content('61194F10A0000000871002FFFFFFFF890709000050055553696D31'),
    offset(11),
    content('61194F10A0000000871004FFFFFFFF890709000050054953696D31'),
  ),
  arr(6, '2F06'),
);
export const PUKS: Uint8Array = element(
  3,
  header(2),
  berTlv(0xa1, sequence(h('800101 8108 3131313131313131')), sequence(h('80020081 8108 3232323232323232'))),
);
const pin = (text: string) => sequence(h(text));
export const PINS: Uint8Array = element(
  2,
  header(3),
  berTlv(
    0xa1,
    berTlv(
      0xa0,
      pin('800101 8108 31323334FFFFFFFF 820101 830107'),
      pin('80010A 8108 4142434445464748 830103'),
      pin('80010B 8108 4242434445464748 830103'),
    ),
  ),
);
export const LOCAL_PINS: Uint8Array = element(
  2,
  header(6),
  berTlv(0xa1, berTlv(0xa0, pin('80020081 8108 35363738FFFFFFFF 82020081'))),
);
/** A USIM; EF.UST offers SMS, SMSP, SPN, MSISDN (which is not there yet), GSM access, EPS. */
export const USIM: Uint8Array = element(
  19,
  header(4),
  template('04'),
  file(2, fcp('8302 7FD0 8410 A0000000871002FFFFFFFF8907090000 8B03 2F0602 C603 01810A')),
  file(3, fcp('8B03 6F0604'), content('080910100000000040')),
  arr(4, '6F06'),
  file(8, fcp('8B03 6F0604'), content('000A142C21000000000010')),
  file(9, h('8000')),
  file(10, fcp('8002 0370 8B03 6F0605')),
  file(13, fcp('8B03 6F0602'), content('0141737361792031')),
  file(14, content('00')),
  file(18, content('0001')),
  file(22, content('11F2FF00')),
);
export const OPTIONAL: Uint8Array = element(
  20,
  header(5),
  template('05'),
  file(7, fcp('8B03 6F0602'), offset(10), content('069199790000F4')),
  file(16, fcp('8001 0F A505 C103 00F1FF')),
);
export const GSM_ACCESS: Uint8Array = element(24, header(9), template('07'), file(2, fcp('8B01 02')), file(3), file(4));
export const ISIM: Uint8Array = element(
  21,
  header(7),
  template('08'),
  file(2, fcp('8302 7FB0 8410 A0000000871004FFFFFFFF8907090000')),
  file(3, fcp('8001 20'), content('8003616263')),
  file(4, fcp('8204 42210020 8001 20'), content('8003646566')),
  file(5, fcp('8001 20'), content('8003676869')),
  file(6, content('00')),
  arr(8, '6F06'),
);
const milenage = `800101 810101 8210 ${K} 8310 ${OPC}`;
/** PE-AKAParameter, by default Milenage with TS 35.208 test set 1. */
export const aka = (algorithm = milenage, more = ''): Uint8Array =>
  element(4, header(8), berTlv(0xa1, berTlv(0xa1, h(algorithm))), h(more));
/** An operator's own directory below the MF, and a link below it to EF.SMS of the USIM. */
export const MANAGEMENT: Uint8Array = element(
  1,
  header(10),
  berTlv(
    0xa1,
    sequence(h('8000'), berTlv(0x62, h('8202 7821 8302 7F66 8B03 2F0602 C602 0181'))),
    sequence(
      berTlv(0x80, h('7F66')),
      berTlv(0x62, h('8204 42210004 8302 6F01 8001 0C 8B03 2F0601 8801 08')),
      h('8102 0102 020102 8102 0304'),
      berTlv(0x62, h('8204 422100B0 8302 6F02 8B03 2F0605 8800 C704 7FD06F3C')),
    ),
  ),
);
/** DF.GSM below the MF as an operator makes it: what the USIM has is linked, the rest is its own (TS 51.011 10.3). */
export const DF_GSM: Uint8Array = element(
  1,
  header(20),
  berTlv(
    0xa1,
    sequence(h('8000'), berTlv(0x62, h('8202 7821 8302 7F20 8B03 2F0602 C602 0181'))),
    sequence(
      berTlv(0x80, h('7F20')),
      berTlv(0x62, h('8204 42210009 8302 6F07 8B03 2F0604 8800 C704 7FD06F07')),
      berTlv(0x62, h('8204 41210009 8302 6F20 8B03 2F0605 8800 C706 7FD05F3B4F20')),
      berTlv(0x62, h('8202 4121 8302 6FAE 8001 01 8B03 2F0602 8800')),
      h('8101 03'),
      berTlv(0x62, h('8202 4121 8302 6F38 8001 0E 8B03 2F0604 8800')),
      h('810E FF30FF0F0000C00003000000F000'),
    ),
  ),
);
/** A directory that shows all of DF 7F66. */
export const LINKED_DIRECTORY: Uint8Array = element(
  1,
  header(21),
  berTlv(0xa1, sequence(h('8000'), berTlv(0x62, h('8202 7821 8302 7F67 8B03 2F0602 C602 0181 C702 7F66')))),
);
/** Codes behind the ISIM: a second PIN of its own, with the unblock code of PIN1. */
export const ISIM_PINS: Uint8Array = element(
  2,
  header(22),
  berTlv(0xa1, berTlv(0xa0, pin('80020081 8108 39393939FFFFFFFF 820101'))),
);
/** The ISIM has the local PINs of the USIM. */
export const ISIM_SHARED_PINS: Uint8Array = element(2, header(22), berTlv(0xa1, berTlv(0x81, h('7FD0'))));
/** PIN of a second application, disabled; ADM3 and ADM7 without the ADM keys between; a PIN that this card tries otherwise. */
export const FURTHER_PINS: Uint8Array = element(
  2,
  header(23),
  berTlv(
    0xa1,
    berTlv(
      0xa0,
      pin('800102 8108 35353535FFFFFFFF 820101 830106'),
      pin('80010D 8108 4444444444444444 830103'),
      pin('8002008B 8108 4545454545454545'),
    ),
  ),
);
const key = (version: string, identifier: number, data: string) =>
  sequence(h(`950118 82010${identifier} 8301${version}`), sequence(sequence(h(`800188 8610 ${data.repeat(16)}`))));
export const DOMAIN: Uint8Array = element(
  6,
  header(11),
  berTlv(0xa1, h('4F05A000000151')),
  berTlv(0xa2, ...['30', '03'].flatMap((version) => [1, 2, 3].map((id) => key(version, id, `${version[0]}${id}`)))),
);
export const RFM: Uint8Array = element(
  7,
  header(12),
  h('4F06A00000055901 A005 0403B00010 810116 040100 0401FF'),
  sequence(h('800CA0000000871002FFFFFFFF89 810100 8201FF')),
);
/** PE-End. */
export const END: Uint8Array = element(10, header(99));
/** An element that nobody here knows. */
export const unknown = (number: number, isMandated: boolean): Uint8Array =>
  element(number, header(50, isMandated), h('8100'));

/** The whole package, with elements before its end. */
export const packageOf = (...more: readonly Uint8Array[]): Uint8Array =>
  concat(
    profileHeader(1, 2, 4),
    MF,
    PUKS,
    PINS,
    USIM,
    LOCAL_PINS,
    OPTIONAL,
    GSM_ACCESS,
    aka(),
    ISIM,
    MANAGEMENT,
    DOMAIN,
    RFM,
    ...more,
    END,
  );
