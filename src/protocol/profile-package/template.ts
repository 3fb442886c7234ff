/** An EF of a template: what it is where the package says nothing else (SAIP annex A). */
export interface TemplateFile {
  readonly kind: 'file';
  readonly name: string;
  readonly identifier: number | undefined;
  readonly structure: 'transparent' | 'linear' | 'cyclic' | 'berTlv';
  /** Octets of the file or of a record; undefined: the package has to say it. */
  readonly size: number | undefined;
  readonly records: number | undefined;
  /** Record of the EF.ARR. */
  readonly rule: number;
  readonly shortIdentifier: number | undefined;
  /** Content in hexadecimal; with * the last octet again and again. */
  readonly fill: string;
}
/** A DF or ADF of a template. */
export interface TemplateDirectory {
  readonly kind: 'directory';
  readonly name: string;
  readonly identifier: number | undefined;
}
/** A file or directory of a template. */
export type TemplateRow = TemplateFile | TemplateDirectory;

const STRUCTURES = { T: 'transparent', L: 'linear', C: 'cyclic', B: 'berTlv' } as const;
const ORDINARY_RULE = { directory: 14 } as const;

/** Rows: name, identifier, structure with size and records, record of EF.ARR, short identifier, content; - where there is none. */
function rows(text: string): readonly TemplateRow[] {
  return text
    .trim()
    .split('\n')
    .map((line) => {
      const [name = '', fid = '-', shape = '', rule = '-', sfi = '-', fill = 'FF*'] = line.trim().split(/\s+/);
      const identifier = fid === '-' ? undefined : Number.parseInt(fid, 16);
      if (shape === 'D') return { kind: 'directory', name, identifier };
      const [size, records] = shape.slice(1).split('x').map(Number);
      return {
        kind: 'file',
        name,
        identifier,
        structure: STRUCTURES[shape.charAt(0) as keyof typeof STRUCTURES],
        size: size === 0 ? undefined : size,
        records,
        rule: rule === '-' ? ORDINARY_RULE.directory : Number(rule),
        shortIdentifier: sfi === '-' ? undefined : Number.parseInt(sfi, 16),
        fill,
      };
    });
}

/** Of a phone book, below DF.TELECOM or a USIM. */
const PHONE_BOOK = `
  df-phonebook 5F3A D
  ef-pbr 4F30 L0 2
  ef-ext1 - L13 5 - 00FF*
  ef-aas - L0 5
  ef-gas - L0 5
  ef-psc 4F22 T4 5 - 00*
  ef-cc 4F23 T2 5 - 00*
  ef-puid 4F24 T2 5 - 00*
  ef-iap - L0 5
  ef-adn - L0 5
  ef-pbc - L2 5 - 00*
  ef-anr - L0 5
  ef-puri - L0 5
  ef-email - L0 5
  ef-sne - L0 5
  ef-uid - L2 5 - 00*
  ef-grp - L0 5 - 00*
  ef-ccp1 - L0 5
`;

const FIVE_G = `
  df-df-5gs 5FC0 D
  ef-5gs3gpploci 4F01 T20 5 01 FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000001
  ef-5gsn3gpploci 4F02 T20 5 02 FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000001
  ef-5gs3gppnsc 4F03 L57x1 5 03
  ef-5gsn3gppnsc 4F04 L57x1 5 04
  ef-5gauthkeys 4F05 T110 5 05
  ef-uac-aic 4F06 T4 2 06
  ef-suci-calc-info 4F07 T0 2 07
  ef-opl5g 4F08 L10 10 08
  ef-supinai 4F09 T0 2 09
  ef-routing-indicator 4F0A T4 2 0A F0FFFFFF
  ef-ursp 4F0B B0 2
  ef-tn3gppsnn 4F0C T1 2 0C 00
  ef-cag 4F0D T0 2 0D
  ef-sor-cmci 4F0E B0 2
  ef-dri 4F0F T7 2 0F
  ef-5gsedrx 4F10 T2 2 10
  ef-5gnswo-conf 4F11 T1 2 11
  ef-mchpplmn 4F15 T1 2 15
  ef-kausf-derivation 4F16 T1 2 16
`;

/** Files by profile element, in the order of the members that describe them (SAIP annex A; sizes of the newest version). */
const TABLES = {
  mf: `
    mf 3F00 D
    ef-pl 2F05 T2 1 05
    ef-iccid 2FE2 T10 11 02
    ef-dir 2F00 L0 10 1E
    ef-arr 2F06 L0 10 06
    ef-umpc 2F08 T5 10 08
  `,
  cd: `
    df-cd 7F11 D
    ef-launchpad 6F01 T0 2
    ef-icon - T0 2
  `,
  telecom: `
    df-telecom 7F10 D
    ef-arr 6F06 L0 10
    ef-rma 6F53 L0 3
    ef-sume 6F54 T22 3
    ef-ice-dn 6FE0 L24x50 9
    ef-ice-ff 6FE1 L0 9
    ef-psismsc 6FE5 L0 5
    df-graphics 5F50 D
    ef-img 4F20 L0 2 - 00FF*
    ef-iidf - T0 2
    ef-ice-graphics 4F21 B0 9
    ef-launch-scws 4F01 T0 10
    ef-icon - T0 10
    ${PHONE_BOOK.trim()}
    df-multimedia 5F3B D
    ef-mml 4F47 B0 5
    ef-mmdf 4F48 B0 5
    df-mmss 5F3C D
    ef-mlpl 4F20 T0 2 01
    ef-mspl 4F21 T0 2 02
    ef-mmssmode 4F22 T1 2 03
    df-mcs 5F3D D
    ef-mst 4F01 T0 2 01
    ef-mcs-config 4F02 B0 2 02
    df-v2x 5F3E D
    ef-vst 4F01 T0 2 01
    ef-v2x-config 4F02 B0 2 02
    ef-v2xp-pc5 4F03 T0 2
    ef-v2xp-Uu 4F04 T0 2
  `,
  usim: `
    adf-usim - D
    ef-imsi 6F07 T9 2 07
    ef-arr 6F06 L0 10 17
    ef-keys 6F08 T33 5 08 07FF*
    ef-keysPS 6F09 T33 5 09 07FF*
    ef-hpplmn 6F31 T1 2 12 0A
    ef-ust 6F38 T17 2 04 00*
    ef-fdn 6F3B L26x20 8
    ef-sms 6F3C L176x10 5 - 00FF*
    ef-smsp 6F42 L38x1 5
    ef-smss 6F43 T2 5
    ef-spn 6F46 T17 10
    ef-est 6F56 T1 8 05
    ef-start-hfn 6F5B T6 5 0F F00000F00000
    ef-threshold 6F5C T3 2 10
    ef-psloci 6F73 T14 5 0C FFFFFFFFFFFFFFFFFFFF0000FF01
    ef-acc 6F78 T2 2 06
    ef-fplmn 6F7B T12 5 0D
    ef-loci 6F7E T11 5 0B FFFFFFFFFFFFFF0000FF01
    ef-ad 6FAD T4 10 03 00000002
    ef-ecc 6FB7 L4x1 10 01
    ef-netpar 6FC4 T128 5
    ef-epsloci 6FE3 T18 5 1E FFFFFFFFFFFFFFFFFFFFFFFFFFFFFF000001
    ef-epsnsc 6FE4 L80x1 5 18
  `,
  'opt-usim': `
    ef-li 6F05 T6 1 02
    ef-acmax 6F37 T3 5 - 000000
    ef-acm 6F39 C3x1 7 - 000000
    ef-gid1 6F3E T8 2
    ef-gid2 6F3F T8 2
    ef-msisdn 6F40 L24x1 2
    ef-puct 6F41 T5 5 - FFFFFF0000
    ef-cbmi 6F45 T10 5
    ef-cbmid 6F48 T10 2 0E
    ef-sdn 6F49 L24x10 2
    ef-ext2 6F4B L13x10 8 - 00FF*
    ef-ext3 6F4C L13x10 2 - 00FF*
    ef-cbmir 6F50 T20 5
    ef-plmnwact 6F60 T40 5 0A (FFFFFF0000)
    ef-oplmnwact 6F61 T40 2 11 (FFFFFF0000)
    ef-hplmnwact 6F62 T5 2 13 (FFFFFF0000)
    ef-dck 6F2C T16 5
    ef-cnl 6F32 T30 2
    ef-smsr 6F47 L30x10 5 - 00FF*
    ef-bdn 6F4D L25x10 8
    ef-ext5 6F4E L13x10 5 - 00FF*
    ef-ccp2 6F4F L15x5 5 16
    ef-ext4 6F55 L13x10 8 - 00FF*
    ef-acl 6F57 T101 8 - 00FF*
    ef-cmi 6F58 L11x10 2
    ef-ici 6F80 C38x20 5 14
    ef-oci 6F81 C37x20 5 15
    ef-ict 6F82 C3x1 7 - 000000
    ef-oct 6F83 C3x1 7 - 000000
    ef-vgcs 6FB1 T20 2
    ef-vgcss 6FB2 T7 5
    ef-vbs 6FB3 T20 2
    ef-vbss 6FB4 T7 5
    ef-emlpp 6FB5 T2 2
    ef-aaem 6FB6 T1 5 - 00
    ef-hiddenkey 6FC3 T4 5
    ef-pnn 6FC5 L16x10 10 19
    ef-opl 6FC6 L8x5 10 1A
    ef-mbdn 6FC7 L24x3 5
    ef-ext6 6FC8 L13x10 5 - 00FF*
    ef-mbi 6FC9 L5x10 5
    ef-mwis 6FCA L6x10 5 - 00*
    ef-cfis 6FCB L16x10 5 - 0100FF*
    ef-ext7 6FCC L13x10 5 - 00FF*
    ef-spdi 6FCD T17 2 1B
    ef-mmsn 6FCE L6x10 5 - 000000FF*
    ef-ext8 6FCF L13x10 5 - 00FF*
    ef-mmsicp 6FD0 T100 2
    ef-mmsup 6FD1 L0 5
    ef-mmsucp 6FD2 T100 5
    ef-nia 6FD3 L11x5 2
    ef-vgcsca 6FD4 T0 2 - 00*
    ef-vbsca 6FD5 T0 2 - 00*
    ef-gbabp 6FD6 T0 5
    ef-msk 6FD7 L0 2
    ef-muk 6FD8 L0 2
    ef-ehplmn 6FD9 T15 2 1D
    ef-gbanl 6FDA L0 2
    ef-ehplmnpi 6FDB T1 2 - 00
    ef-lrplmnsi 6FDC T1 2 - 00
    ef-nafkca 6FDD L0 2
    ef-spni 6FDE T0 10 - 00FF*
    ef-pnni 6FDF L0 10 - 00FF*
    ef-ncp-ip 6FE2 L0 2
    ef-ufc 6FE6 T30 10 - 801E60C01E900080040000000000000000F0000000004000000000000080
    ef-nasconfig 6FE8 T18 2
    ef-uicciari 6FE7 L0 2
    ef-pws 6FEC T0 10
    ef-fdnuri 6FED L0 8
    ef-bdnuri 6FEE L0 8
    ef-sdnuri 6FEF L0 2
    ef-ial 6FF0 L0 3
    ef-ips 6FF1 C4 10
    ef-ipd 6FF2 L0 3
    ef-epdgid 6FF3 T0 2
    ef-epdgselection 6FF4 T0 2
    ef-epdgidem 6FF5 T0 2
    ef-epdgselectionem 6FF6 T0 2
    ef-frompreferred 6FF7 T1 2 - 00
    ef-imsconfigdata 6FF8 B0 2
    ef-3gpppsdataoff 6FF9 T4 2
    ef-3gpppsdataoffservicelist 6FFA L0 2
    ef-xcapconfigdata 6FFC B0 2
    ef-earfcnlist 6FFD T0 10
    ef-mudmidconfigdata 6FFE B0 2
    ef-eaka 6F01 T0 2
  `,
  isim: `
    adf-isim - D
    ef-impi 6F02 T0 2 02
    ef-impu 6F04 L0x1 2 04
    ef-domain 6F03 T0 2 05
    ef-ist 6F07 T14 2 07 00*
    ef-ad 6FAD T3 10 03 000000
    ef-arr 6F06 L0 10 06
  `,
  'opt-isim': `
    ef-pcscf 6F09 L0x1 2
    ef-sms 6F3C L176x10 5 - 00FF*
    ef-smsp 6F42 L38x1 5
    ef-smss 6F43 T2 5
    ef-smsr 6F47 L30x10 5 - 00FF*
    ef-gbabp 6FD5 T0 5
    ef-gbanl 6FD7 L0 2
    ef-nafkca 6FDD L0 2
    ef-uicciari 6FE7 L0 2
    ef-frompreferred 6FF7 T1 2 - 00
    ef-imsconfigdata 6FF8 B0 2
    ef-xcapconfigdata 6FFC B0 2
    ef-webrtcuri 6FFA L0 2
    ef-mudmidconfigdata 6FFE B0 2
  `,
  phonebook: PHONE_BOOK,
  'gsm-access': `
    df-gsm-access 5F3B D
    ef-kc 4F20 T9 5 01 FFFFFFFFFFFFFFFF07
    ef-kcgprs 4F52 T9 5 02 FFFFFFFFFFFFFFFF07
    ef-cpbcch 4F63 T10 5
    ef-invscan 4F64 T1 2 - 00
  `,
  'df-5gs': FIVE_G,
  'df-saip': `
    df-df-saip 5FD0 D
    ef-suci-calc-info-usim 4F01 T0 3
  `,
} as const;

/** Profile elements that make files here. */
export type FilesKind = keyof typeof TABLES;

/** Prefix of all template identifiers: TCA's, eUICC profile, templates. */
const PREFIX = '2.23.143.1.2.';

/** Templates by profile element: the beginning of their identifier, whether files that the package leaves out are made all the same, and their rows. */
export const TEMPLATES: Readonly<
  Record<
    FilesKind,
    { readonly identifier: string; readonly isByDefault: boolean; readonly rows: readonly TemplateRow[] }
  >
> = {
  mf: { identifier: `${PREFIX}1`, isByDefault: true, rows: rows(TABLES.mf) },
  cd: { identifier: `${PREFIX}2`, isByDefault: false, rows: rows(TABLES.cd) },
  telecom: { identifier: `${PREFIX}3`, isByDefault: false, rows: rows(TABLES.telecom) },
  usim: { identifier: `${PREFIX}4`, isByDefault: true, rows: rows(TABLES.usim) },
  'opt-usim': { identifier: `${PREFIX}5`, isByDefault: false, rows: rows(TABLES['opt-usim']) },
  phonebook: { identifier: `${PREFIX}6`, isByDefault: false, rows: rows(TABLES.phonebook) },
  'gsm-access': { identifier: `${PREFIX}7`, isByDefault: false, rows: rows(TABLES['gsm-access']) },
  isim: { identifier: `${PREFIX}8`, isByDefault: true, rows: rows(TABLES.isim) },
  'opt-isim': { identifier: `${PREFIX}9`, isByDefault: false, rows: rows(TABLES['opt-isim']) },
  'df-5gs': { identifier: `${PREFIX}13`, isByDefault: false, rows: rows(TABLES['df-5gs']) },
  'df-saip': { identifier: `${PREFIX}14`, isByDefault: false, rows: rows(TABLES['df-saip']) },
};

const namesOf = (kind: FilesKind) => TEMPLATES[kind].rows.map(({ name }) => name);
/** Names of the members of a profile element that makes files, behind header and templateID. */
export const TEMPLATE_FIELDS: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  (Object.keys(TEMPLATES) as FilesKind[]).map((kind) => [kind, namesOf(kind)]),
);
