// A profile package as operators give it to makers of eUICCs: profile elements in DER, read into plain data; templates of files by their identifiers.
// Standards: TCA (SIMalliance) eUICC Profile Package: Interoperable Format 2.3.1 to 3.3 (here: SAIP), ITU-T X.690 (DER).
// Must never: throw anything but CodecError with its position on hostile octets, or take an element it does not know for one it knows.
export {
  type AkaParameter,
  decodePackage,
  type FileAction,
  type FileElement,
  type FilesElement,
  type ManagementAction,
  type PinConfiguration,
  type ProfileElement,
  type ProfileHeader,
  type ProfilePackage,
  type RemoteFileManagement,
  type SecurityDomainElement,
} from './element.ts';
export type { FileControl, ProprietaryInformation } from './file-control.ts';
export { TEMPLATES, type TemplateDirectory, type TemplateFile, type TemplateRow } from './template.ts';
