// The profile of a card as a document that people write and tools keep: read into what personalises a UICC, and written again from a card.
// Standards: the files are those of ETSI TS 102 221, 3GPP TS 31.102, TS 31.103 and TS 51.011 by their names; the document is Assay's own (docs/profile.md).
// Must never: guess at a member it does not know, or put a secret into a message.
export { type CardDocument, documentFrom, orderOf, personalisationFrom } from './document.ts';
export { EXAMPLE_PROFILE } from './example.ts';
export type { Finding } from './package-files.ts';
export { type ImportedProfile, importPackage } from './package-import.ts';
export { ProfileError } from './reading.ts';
export { profileOf, withoutSecrets } from './writing.ts';
