import {
  berTlvSet,
  CodecError,
  type Format,
  type Infer,
  octets,
  optional,
  Reader,
  required,
  rest,
  u8,
} from '#base/codec/index.ts';
import {
  contextNumber,
  contextTag,
  type DerObject,
  decoded,
  derObjects,
  integer,
  objectIdentifier,
  readDer,
  readOnly,
  refuse,
  sequenceOf,
  UNIVERSAL,
} from './der.ts';
import { type FileControl, fileControl } from './file-control.ts';
import { type FilesKind, TEMPLATE_FIELDS } from './template.ts';

/** Octets of a package: several times what a card holds. */
const LARGEST_PACKAGE = 1_048_576;
const MOST_ELEMENTS = 512;

const flag = rest(0, 0);

/** PEHeader (SAIP 8.1). */
const elementHeader = berTlvSet({ mandated: optional(0x80, flag), identification: required(0x81, integer) });

/** ServicesList (SAIP 8.2), by number of its tag. */
const SERVICES = [
  ...['contactless', 'usim', 'isim', 'csim', 'milenage', 'tuak128', 'cave', 'gba-usim', 'gba-isim', 'mbms', 'eap'],
  ...['javacard', 'multos', 'multiple-usim', 'multiple-isim', 'multiple-csim', 'tuak256', 'usim-test-algorithm'],
  ...['ber-tlv', 'dfLink', 'cat-tp', 'get-identity', 'profile-a-x25519', 'profile-b-p256', 'suciCalculatorApi'],
  ...['dns-resolution', 'scp11ac', 'scp11c-authorization-mechanism', 's16mode', 'eaka'],
] as const;
const serviceList: Format<readonly string[]> = readOnly((reader) =>
  derObjects(reader, 'eUICC-Mandatory-services', 64).map(({ tag }) => {
    const number = contextNumber(tag);
    return (number === undefined ? undefined : SERVICES[number]) ?? `service ${tag.toString(16)}`;
  }),
);

const profileHeader = berTlvSet({
  majorVersion: required(0x80, integer),
  minorVersion: required(0x81, integer),
  profileType: optional(0x82, rest(1, 400)),
  iccid: required(0x83, octets(10)),
  policy: optional(0x84, rest()),
  services: required(0xa5, serviceList),
  templates: required(0xa6, sequenceOf(objectIdentifier, UNIVERSAL.identifier, 64)),
  connectivity: optional(0x87, rest()),
  applications: optional(0xa8, rest()),
  internetOfThings: optional(0xa9, rest()),
});
/** ProfileHeader (SAIP 8.2). */
export type ProfileHeader = Infer<typeof profileHeader>;

/** One of the steps that make a file (SAIP 8.3.3). */
export type FileAction =
  | { readonly kind: 'doNotCreate' }
  | { readonly kind: 'descriptor'; readonly control: FileControl; readonly position: number }
  /** Octets that are passed over. */
  | { readonly kind: 'offset'; readonly offset: number; readonly position: number }
  | { readonly kind: 'content'; readonly content: Uint8Array; readonly position: number };

/** A file of a template, and what makes it. */
export interface FileElement {
  readonly name: string;
  readonly position: number;
  readonly actions: readonly FileAction[];
}

/** Steps of PE-GenericFileManagement (SAIP 8.3.5). */
export type ManagementAction =
  | { readonly kind: 'path'; readonly path: Uint8Array; readonly position: number }
  | { readonly kind: 'create'; readonly control: FileControl; readonly position: number }
  | Exclude<FileAction, { readonly kind: 'doNotCreate' | 'descriptor' }>;

const fileAction = (object: DerObject): FileAction => {
  const { position } = object;
  switch (object.tag) {
    case 0x80:
      decoded(object, flag);
      return { kind: 'doNotCreate' };
    case 0xa1:
      return { kind: 'descriptor', control: decoded(object, fileControl), position };
    case 0x82:
      return { kind: 'offset', offset: decoded(object, integer), position };
    case 0x83:
      return { kind: 'content', content: decoded(object, rest()), position };
    default:
      return refuse(
        object,
        'File',
        `expected doNotCreate, fileDescriptor, fillFileOffset or fillFileContent, got ${object.tag.toString(16)}`,
      );
  }
};

const managementAction = (object: DerObject): ManagementAction => {
  const { position } = object;
  switch (object.tag) {
    case 0x80:
      return { kind: 'path', path: decoded(object, rest(0, 8)), position };
    case 0x62:
      return { kind: 'create', control: decoded(object, fileControl), position };
    case UNIVERSAL.integer:
      return { kind: 'offset', offset: decoded(object, integer), position };
    case 0x81:
      return { kind: 'content', content: decoded(object, rest()), position };
    default:
      return refuse(
        object,
        'FileManagement',
        `expected filePath, createFCP, fillFileOffset or fillFileContent, got ${object.tag.toString(16)}`,
      );
  }
};

const fileManagement: Format<readonly ManagementAction[]> = readOnly((reader) =>
  derObjects(reader, 'fileManagementCMD').flatMap((command) => {
    if (command.tag !== UNIVERSAL.sequence) refuse(command, 'FileManagement', 'expected a SEQUENCE');
    return derObjects(command.value(), 'FileManagement').map(managementAction);
  }),
);

/** PINConfiguration (SAIP 8.4.2). */
const pinConfiguration = berTlvSet({
  reference: required(0x80, integer),
  value: required(0x81, octets(8)),
  unblockReference: optional(0x82, integer),
  attributes: optional(0x83, integer),
  attempts: optional(0x84, integer),
});
/** PINConfiguration (SAIP 8.4.2). */
export type PinConfiguration = Infer<typeof pinConfiguration>;
const pukConfiguration = berTlvSet({
  reference: required(0x80, integer),
  value: required(0x81, octets(8)),
  attempts: optional(0x82, integer),
});

const algorithm = berTlvSet({
  identifier: required(0x80, integer),
  options: required(0x81, u8),
  key: required(0x82, rest(1, 32)),
  code: required(0x83, rest(0, 32)),
  rotationConstants: optional(0x84, octets(5)),
  xoringConstants: optional(0x85, octets(80)),
  counterMaximum: optional(0x86, octets(3)),
  iterations: optional(0x87, integer),
});
/** PE-AKAParameter (SAIP 8.5). */
const akaParameter = berTlvSet({
  header: required(0xa0, elementHeader),
  configuration: required(
    0xa1,
    berTlvSet({
      mapping: optional(0xa0, berTlvSet({ options: required(0x80, u8), source: required(0x81, rest(5, 16)) })),
      algorithm: optional(0xa1, algorithm),
    }),
  ),
  sqnOptions: optional(0x82, u8),
  sqnDelta: optional(0x83, octets(6)),
  sqnAgeLimit: optional(0x84, octets(6)),
  sqnInitial: optional(0xa5, sequenceOf(octets(6), UNIVERSAL.octets, 32)),
});
/** PE-AKAParameter (SAIP 8.5). */
export type AkaParameter = Infer<typeof akaParameter>;

const keyComponent = berTlvSet({
  type: required(0x80, rest(1, 2)),
  data: required(0x86, rest(1, 512)),
  macLength: optional(0x87, integer),
});
const keyObject = berTlvSet({
  usage: required(0x95, rest(1, 2)),
  access: optional(0x96, u8),
  identifier: required(0x82, u8),
  version: required(0x83, u8),
  counter: optional(0x85, rest(0, 16)),
  components: required(0x30, sequenceOf(keyComponent, UNIVERSAL.sequence, 8)),
});
/** PE-SecurityDomain (SAIP 8.6). */
const securityDomain = berTlvSet({
  header: required(0xa0, elementHeader),
  instance: required(0xa1, rest()),
  keys: optional(0xa2, sequenceOf(keyObject, UNIVERSAL.sequence, 64)),
  personalisation: optional(0xa3, rest()),
  openPersonalisation: optional(0xa4, rest()),
  catTp: optional(0xa5, rest()),
});
/** PE-SecurityDomain (SAIP 8.6). */
export type SecurityDomainElement = Infer<typeof securityDomain>;

/** PE-RFM (SAIP 8.8). Two members have the tag A0: the header comes first. */
const remoteFiles: Format<RemoteFileManagement> = readOnly((reader) => {
  const parts = derObjects(reader, 'PE-RFM', 16);
  let at = 0;
  const next = <T>(tag: number, inner: Format<T>): T | undefined => {
    const object = parts[at];
    if (object?.tag !== tag) return undefined;
    at++;
    return decoded(object, inner);
  };
  const missing = (name: string): never => {
    throw new CodecError(name, parts[at]?.position ?? reader.end, 'expected, but missing');
  };
  const aid = rest(5, 16);
  const value = {
    header: next(0xa0, elementHeader) ?? missing('rfm-header'),
    instance: next(0x4f, aid) ?? missing('instanceAID'),
    securityDomain: next(0x4f, aid),
    tars: next(0xa0, sequenceOf(octets(3), UNIVERSAL.octets, 32)) ?? [],
    securityLevel: next(0x81, u8) ?? missing('minimumSecurityLevel'),
    access: next(UNIVERSAL.octets, rest(0, 32)) ?? missing('uiccAccessDomain'),
    administration: next(UNIVERSAL.octets, rest(0, 32)) ?? missing('uiccAdminAccessDomain'),
    application: next(UNIVERSAL.sequence, applicationAccess),
  };
  const left = parts[at];
  if (left !== undefined) refuse(left, 'PE-RFM', 'expected the end, got another member');
  return value;
});
const applicationAccess = berTlvSet({
  aid: required(0x80, rest(5, 16)),
  access: required(0x81, rest(0, 32)),
  administration: required(0x82, rest(0, 32)),
});
/** PE-RFM (SAIP 8.8). */
export interface RemoteFileManagement {
  readonly header: Infer<typeof elementHeader>;
  readonly instance: Uint8Array;
  readonly securityDomain: Uint8Array | undefined;
  readonly tars: readonly Uint8Array[];
  readonly securityLevel: number;
  readonly access: Uint8Array;
  readonly administration: Uint8Array;
  readonly application: Infer<typeof applicationAccess> | undefined;
}

const pinCodes = berTlvSet({
  header: required(0xa0, elementHeader),
  codes: required(
    0xa1,
    berTlvSet({
      pins: optional(0xa0, sequenceOf(pinConfiguration, UNIVERSAL.sequence, 26)),
      path: optional(0x81, rest(0, 8)),
    }),
  ),
});
const pukCodes = berTlvSet({
  header: required(0xa0, elementHeader),
  codes: required(0xa1, sequenceOf(pukConfiguration, UNIVERSAL.sequence, 16)),
});
const genericFileManagement = berTlvSet({
  header: required(0xa0, elementHeader),
  actions: required(0xa1, fileManagement),
});

/** A profile element that makes files of a template. */
export interface FilesElement {
  readonly kind: 'files';
  readonly files: FilesKind;
  readonly template: string;
  readonly members: readonly FileElement[];
}

/** What a profile element says. */
export type ProfileElement = { readonly position: number; readonly isMandated: boolean; readonly name: string } & (
  | FilesElement
  | { readonly kind: 'management'; readonly actions: readonly ManagementAction[] }
  /** `sharedWith`: path of the directory whose PINs these are, in place of PINs. */
  | { readonly kind: 'pins'; readonly pins: readonly PinConfiguration[]; readonly sharedWith?: Uint8Array }
  | { readonly kind: 'puks'; readonly puks: readonly Infer<typeof pukConfiguration>[] }
  | { readonly kind: 'aka'; readonly aka: AkaParameter }
  | { readonly kind: 'securityDomain'; readonly domain: SecurityDomainElement }
  | { readonly kind: 'remoteFiles'; readonly remote: RemoteFileManagement }
  | { readonly kind: 'end' }
  /** It is known by name at most; what it says is not read. */
  | { readonly kind: 'other' }
);

/** A profile package: its header and elements in order. */
export interface ProfilePackage {
  readonly header: ProfileHeader;
  readonly elements: readonly ProfileElement[];
}

/** Names of ProfileElement (SAIP 8.1) by the number of their tag. */
const ELEMENTS = [
  ...[
    'header',
    'genericFileManagement',
    'pinCodes',
    'pukCodes',
    'akaParameter',
    'cdmaParameter',
    'securityDomain',
    'rfm',
  ],
  ...[
    'application',
    'nonStandard',
    'end',
    'rfu1',
    'rfu2',
    'rfu3',
    'rfu4',
    'rfu5',
    'mf',
    'cd',
    'telecom',
    'usim',
    'opt-usim',
  ],
  ...[
    'isim',
    'opt-isim',
    'phonebook',
    'gsm-access',
    'csim',
    'opt-csim',
    'eap',
    'df-5gs',
    'df-saip',
    'df-snpn',
    'df-5gprose',
  ],
  ...['iot', 'opt-iot'],
] as const;

type Head = Pick<ProfileElement, 'position' | 'isMandated' | 'name'>;
type Body = { readonly header: Infer<typeof elementHeader> };

/** The header alone: of elements whose content is not read. */
function headOf(object: DerObject, name: string): Head {
  const reader = object.value();
  const first = reader.remaining > 0 ? readDer(reader, name) : undefined;
  const header = first?.tag === 0xa0 ? decoded(first, elementHeader) : undefined;
  return { position: object.position, isMandated: header?.mandated !== undefined, name };
}

function filesOf(object: DerObject, files: FilesKind): FilesElement {
  const fields = TEMPLATE_FIELDS[files] ?? [];
  const members: FileElement[] = [];
  let template: string | undefined;
  let last = -1;
  for (const part of derObjects(object.value(), files)) {
    const number = contextNumber(part.tag);
    if (number === undefined || number <= last) refuse(part, files, 'expected members in their order');
    last = number;
    const name = fields[number - 2];
    if (number === 0) continue;
    if (number === 1) template = decoded(part, objectIdentifier);
    else if (name === undefined || part.tag !== contextTag(number, true))
      refuse(part, files, `expected a file of this element, got member ${number}`);
    else members.push({ name, position: part.position, actions: derObjects(part.value(), name).map(fileAction) });
  }
  if (template === undefined) refuse(object, files, 'expected a templateID, got none');
  return { kind: 'files', files, template, members };
}

function elementOf(object: DerObject): ProfileElement {
  const number = contextNumber(object.tag);
  const name = (number === undefined ? undefined : ELEMENTS[number]) ?? `element ${object.tag.toString(16)}`;
  const { position } = object;
  const head = ({ header }: Body): Head => ({ position, isMandated: header.mandated !== undefined, name });
  switch (name) {
    case 'genericFileManagement': {
      const found = decoded(object, genericFileManagement);
      return { ...head(found), kind: 'management', actions: found.actions };
    }
    case 'pinCodes': {
      const found = decoded(object, pinCodes);
      const { pins = [], path } = found.codes;
      return { ...head(found), kind: 'pins', pins, ...(path && { sharedWith: path }) };
    }
    case 'pukCodes': {
      const found = decoded(object, pukCodes);
      return { ...head(found), kind: 'puks', puks: found.codes };
    }
    case 'akaParameter': {
      const aka = decoded(object, akaParameter);
      return { ...head(aka), kind: 'aka', aka };
    }
    case 'securityDomain': {
      const domain = decoded(object, securityDomain);
      return { ...head(domain), kind: 'securityDomain', domain };
    }
    case 'rfm': {
      const remote = decoded(object, remoteFiles);
      return { ...head(remote), kind: 'remoteFiles', remote };
    }
    case 'end':
      return { ...headOf(object, name), kind: 'end' };
    default:
      return Object.hasOwn(TEMPLATE_FIELDS, name)
        ? { ...headOf(object, name), ...filesOf(object, name as FilesKind) }
        : { ...headOf(object, name), kind: 'other' };
  }
}

/** Reads a profile package. Throws CodecError with the position of what is wrong. */
export function decodePackage(package_: Uint8Array): ProfilePackage {
  if (package_.length > LARGEST_PACKAGE)
    throw new CodecError('profile package', 0, `expected at most ${LARGEST_PACKAGE} octets, got ${package_.length}`);
  const [first, ...others] = derObjects(new Reader(package_), 'ProfileElement', MOST_ELEMENTS);
  if (first?.tag !== contextTag(0, true))
    throw new CodecError('profile package', 0, 'expected a ProfileHeader (A0), got something else: DER, not text?');
  const header = decoded(first, profileHeader);
  const elements = others.map(elementOf);
  if (elements.at(-1)?.kind !== 'end')
    throw new CodecError('profile package', package_.length, 'expected PE-End as the last element, got none');
  return { header, elements };
}
